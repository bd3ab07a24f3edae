#ifndef GENKIT_LLAMACPP_GRAMMAR_SCHEMA_GRAMMAR_H_
#define GENKIT_LLAMACPP_GRAMMAR_SCHEMA_GRAMMAR_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <genkit/base/json.h>

#include "grammar/gbnf.h"

namespace genkit::llama {

/// How far an answer may go where its schema leaves it open. A schema that asks for more gets more.
struct SchemaGrammarOptions {
  int max_string_length = 1000;  ///< characters of a string
  int max_pattern_length = 100;  ///< of a string with a pattern or of a key, which cost a rule for each character
  int max_items = 32;            ///< of an array
  int max_members = 16;          ///< of an object, beside those that its schema lists
  int max_recursion = 5;         ///< how often a schema may contain itself
  int max_free_depth = 3;        ///< of a value of which the schema says nothing
  bool spaces = true;            ///< a space may come after each "," and ":", nowhere else
};

/// Translates one JSON Schema (draft-07) into rules of a grammar, so that all texts of the grammar are values of the schema.
///
/// The grammar may leave out some of the values: members that the schema does not list (unless it says how they look, or lists
/// none), unusual ways to write a format, more digits than doubles hold, what is longer than the options allow. Members come in
/// the order in which the schema lists them. What a grammar cannot say is in `checked()`, to be checked when the text is complete
/// (`uniqueItems`, `not`, `if`, `contains`, `dependencies`, `oneOf` of alternatives that may overlap), or it is refused.
class SchemaGrammar {
 public:
  /// Throws INVALID_ARGUMENT for what is no schema, naming the JSON pointer. `schema` must outlive this.
  SchemaGrammar(GbnfBuilder& builder, const Json& schema, const SchemaGrammarOptions& options = {});
  ~SchemaGrammar();
  SchemaGrammar(const SchemaGrammar&) = delete;
  SchemaGrammar& operator=(const SchemaGrammar&) = delete;

  /// The rules for a value. Throws INVALID_ARGUMENT that names the JSON pointer of what cannot be expressed; `details()` holds it
  /// as "pointer".
  Sequence value(std::string_view hint = "value");
  /// For the elements of the array that the schema describes, and how many there may be.
  struct Elements {
    Sequence element;
    int min = 0;
    int max = 0;
  };
  Elements elements();

  /// JSON pointers of the keywords that the grammar does not guarantee.
  const std::vector<std::string>& checked() const noexcept;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// A grammar for llama.cpp, and what it does not guarantee.
struct Grammar {
  std::string gbnf = {};
  std::vector<std::string> checked = {};
};

/// The grammar of the JSON texts of `schema`. Throws INVALID_ARGUMENT.
Grammar schema_grammar(const Json& schema, const SchemaGrammarOptions& options = {});

}  // namespace genkit::llama

#endif  // GENKIT_LLAMACPP_GRAMMAR_SCHEMA_GRAMMAR_H_
