#ifndef GENKIT_SRC_SCHEMA_SCHEMA_WATCH_H_
#define GENKIT_SRC_SCHEMA_SCHEMA_WATCH_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <genkit/schema/validator.h>

#include "base/json_stream.h"
#include "schema/draft7/program.h"

namespace genkit::internal {

/// Checks a value against a schema while it arrives, and tells at which byte it is certain that no continuation fits. It never
/// refuses what could still fit (when no member is given twice): what cannot be decided before the end, such as `not`, `if` and
/// how many branches of a `oneOf` match, is left to the validator.
class SchemaWatch final : public JsonListener {
 public:
  explicit SchemaWatch(std::shared_ptr<const SchemaValidator> validator);

  /// Why nothing fits any more.
  struct Refusal {
    std::size_t offset = 0;  ///< of the first byte that rules the schema out
    std::string path;        ///< "ingredients.1.quantity", or "(root)"
    std::string message;
  };
  /// nullptr as long as the value can become valid. A refusal stays, even when another value begins.
  const Refusal* refusal() const noexcept { return is_refused_ ? &refusal_ : nullptr; }

  void restart() override;
  void begin(const Step& step, const Json& value, std::size_t offset) override;
  void grow(const Json& value, std::string_view added, std::size_t offset) override;
  void change(const Json&) override {}
  void end(const Json& value, std::size_t offset) override;

 private:
  static constexpr std::uint32_t kNone = UINT32_MAX;

  /// A subschema that the value has to fit for the demand above to be met.
  struct Demand {
    const SchemaNode* node;
    std::uint32_t owner = kNone;  ///< the demand of the same value that this one is a part of
    std::uint32_t group = kNone;  ///< the alternatives (anyOf, oneOf) among which it is one
    std::uint32_t outer = kNone;  ///< the demand of the value around
    bool is_dead = false;
  };
  struct Group {
    std::uint32_t owner;
    std::size_t alive;
  };
  /// An open value.
  struct Frame {
    std::vector<Demand> demands;
    std::vector<Group> groups;
    std::string step;
    std::uint64_t code_points = 0;
  };

  void expand(Frame& frame, const SchemaNode& node, const Json& value, Demand demand, int depth);
  void expand_member(Frame& frame, std::uint32_t outer, const ObjectRules& rules, const Step& step, const Json& value);
  void expand_item(Frame& frame, std::uint32_t outer, const ArrayRules& rules, const Step& step, const Json& value);
  void check_text(std::uint32_t demand, std::string_view text, std::size_t added, std::size_t offset, std::size_t too_long_at);
  void check_object(std::uint32_t demand, const ObjectRules& rules, const JsonObject& object);
  void check_array(std::uint32_t demand, const ArrayRules& rules, const Json& array);
  bool is_live(std::size_t level, std::uint32_t demand) const;
  void kill(std::size_t level, std::uint32_t demand, const std::string& message);
  std::string path() const;

  std::shared_ptr<const SchemaValidator> validator_;
  std::vector<Frame> frames_;
  std::size_t offset_ = 0;
  bool is_refused_ = false;
  Refusal refusal_;
};

}  // namespace genkit::internal

#endif  // GENKIT_SRC_SCHEMA_SCHEMA_WATCH_H_
