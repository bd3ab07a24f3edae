#ifndef GENKIT_LLAMACPP_GRAMMAR_SCHEMA_GRAMMAR_IMPL_H_
#define GENKIT_LLAMACPP_GRAMMAR_SCHEMA_GRAMMAR_IMPL_H_

#include <climits>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <genkit/base/error.h>
#include <genkit/schema/validator.h>

#include "grammar/schema_document.h"
#include "grammar/schema_grammar.h"

namespace genkit::llama {

/// A schema without references and allOf.
struct Flat {
  struct Union {
    const JsonArray* branches = nullptr;
    std::string pointer = {};
    bool exclusive = false;  ///< oneOf
  };
  JsonObject keywords = {};
  std::vector<Union> unions = {};
  int depth = 0;  ///< how often schemas that contain themselves were entered on the way
  bool impossible = false;
};

/// A place in a schema.
struct Place {
  std::string pointer = {};
  int depth = 0;
  int nesting = 0;

  Place in(std::string_view name) const { return {pointer_step(pointer, name), depth, nesting + 1}; }
};

/// The value of a keyword, cut off where numbers of that size make no difference.
int integer_of(const JsonObject& keywords, std::string_view name, int absent);
/// One text, or all of an array.
std::vector<std::string> texts_of(const Json& value);
/// False for the schemas that allow everything.
bool says_something(const Json& schema);

/// The translation itself. Its parts: schema_grammar.cc (schemas and their combinations), schema_scalars.cc,
/// schema_containers.cc.
class SchemaGrammar::Impl {
 public:
  Impl(GbnfBuilder& builder, const Json& schema, const SchemaGrammarOptions& options)
      : builder_(builder), options_(options), validator_(SchemaValidator::compile(schema)), document_(make_document(schema)) {}

  Sequence value(std::string_view hint);

  Elements elements();

  const std::vector<std::string>& checked() const noexcept { return checked_; }

 private:
  using Result = std::optional<Sequence>;
  [[noreturn]] static void fail(const Place& place, const std::string& problem);

  /// Says where something was refused.
  template <class Work>
  static auto guarded(const Place& place, const Work& work) -> decltype(work()) {
    try {
      return work();
    } catch (const Refusal& refusal) {
      fail(place, refusal.what());
    }
  }

  static SchemaDocument make_document(const Json& schema);
  void note_checked(const std::string& pointer);
  void take_step(const Place& place);

  // Schemas.

  /// Nothing when no value fits.
  Result convert(const Json& schema, const Place& place, std::string_view hint);
  Flat flatten(const Json& schema, const Place& place);
  Flat follow(std::string_view reference, const Place& place);
  void take_keyword(Flat& flat, std::string_view name, const Json& value, const Place& place);
  static void merge(Flat& flat, Flat&& other);
  Result convert_flat(const Flat& flat, const Place& place, std::string_view hint);
  Result convert_union(const Flat& flat, const Place& place, std::string_view hint);
  bool are_disjoint(const std::vector<Flat>& flats);
  bool are_disjoint(const Flat& a, const Flat& b);

  /// True when each object of `a` has a member that makes it none of `b`.
  bool differ_in_a_member(const JsonObject& a, const JsonObject& b);
  Result convert_enum(const JsonObject& keywords, const Place& place, std::string_view hint);
  Result convert_type(std::string_view type, const JsonObject& keywords, const Place& place, std::string_view hint);

  // Scalars.

  Result convert_string(const JsonObject& keywords, std::string_view hint);
  Sequence quoted(std::string_view hint, int min, int max);

  /// `max`: nothing when the schema does not say.
  Result quoted_automaton(std::string_view hint, const Automaton& texts, int min, std::optional<int> max, int free_length);

  /// True when nothing goes on without end but what may be anything.
  static bool ends_by_itself(const Automaton& texts);
  std::optional<Automaton> string_automaton(const JsonObject& keywords) const;
  Result convert_number(bool integer, const JsonObject& keywords, std::string_view hint);
  Sequence digits(int min, int max);
  Sequence optional_minus() { return {Symbol{.kind = Symbol::Kind::kText, .text = "-", .min = 0, .max = 1}}; }
  Sequence first_digit() { return {Symbol{.kind = Symbol::Kind::kChars, .chars = CharSet::of('1', '9')}}; }

  Sequence any_integer();
  Sequence any_number();

  /// What `make` makes, once.
  template <class Make>
  Sequence shared(const char* name, const Make& make) {
    const auto known = shared_.find(name);
    if (known != shared_.end()) return known->second;
    return shared_.emplace(name, make()).first->second;
  }

  Sequence space() const;
  Sequence comma() const;

  /// A value of which the schema says nothing, in which `depth` arrays and objects may be nested.
  Sequence any_value(int depth);
  Sequence any_key();
  Sequence member_of(const Sequence& key, const Sequence& value);

  // Arrays.

  std::pair<int, int> array_bounds(const JsonObject& keywords) const;
  Sequence list(std::string_view open, const Sequence& item, int min, int max, std::string_view close, std::string_view hint);
  Result convert_array(const JsonObject& keywords, const Place& place, std::string_view hint);
  Sequence rule(std::string_view hint, Sequence sequence);
  Result convert_tuple(const JsonObject& keywords, const Place& place, int min, int max);

  // Objects.

  struct Member {
    Sequence text;  ///< key and value
    bool required = false;
    std::string name = {};
  };
  struct Members {
    std::vector<Member> listed = {};
    std::vector<Sequence> others = {};  ///< key and value of what may come in addition
    int min = 0;
    int max = INT_MAX;
  };

  Result convert_object(const JsonObject& keywords, const Place& place, std::string_view hint);

  /// False when a member that has to be there cannot be.
  bool list_members(const JsonObject& keywords, const Place& place, Members& members);
  Sequence key_and(const std::string& name, const Sequence& value);
  static bool matching_pattern(const JsonObject& keywords, const std::string& name);
  Result convert_member(const std::string& name, const Json& schema, const JsonObject& keywords, const Place& place);
  bool name_fits(const Json& names, const std::string& name, const Place& place);
  void list_others(const JsonObject& keywords, const Place& place, Members& members);
  void add_other(Members& members, const std::optional<Automaton>& keys, const Json& schema, const Place& place);

  /// The keys that propertyNames allows; nothing when it does not say.
  std::optional<Automaton> key_automaton(const JsonObject& keywords, const Place& place);

  class MemberWriter;

  GbnfBuilder& builder_;
  const SchemaGrammarOptions options_;
  const std::shared_ptr<const SchemaValidator> validator_;
  const SchemaDocument document_;
  std::map<std::string, Result> known_;
  std::map<std::string, Sequence, std::less<>> shared_;
  std::vector<std::string> checked_;
  bool comparing_ = false;  ///< schemas are looked at, not translated
  std::size_t steps_ = 0;
  std::size_t key_bytes_ = 0;
};

}  // namespace genkit::llama

#endif  // GENKIT_LLAMACPP_GRAMMAR_SCHEMA_GRAMMAR_IMPL_H_
