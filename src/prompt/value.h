#ifndef GENKIT_SRC_PROMPT_VALUE_H_
#define GENKIT_SRC_PROMPT_VALUE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <genkit/base/json.h>

namespace genkit::internal {

struct Overlay;

/// A value while a template is rendered, as JavaScript would see it. It refers to JSON that lives elsewhere, so that passing
/// values around copies nothing.
class TemplateValue {
 public:
  enum class Kind : std::uint8_t {
    kUndefined,
    kJson,
    kNumber,
    kBool,
    kText,
    kOverlay,
    kBlock,  ///< @partial-block, which can be asked for but not printed
  };

  TemplateValue() = default;
  explicit TemplateValue(const Json& json) : kind_(Kind::kJson), json_(&json) {}
  explicit TemplateValue(double number) : kind_(Kind::kNumber), number_(number) {}
  explicit TemplateValue(bool boolean) : kind_(Kind::kBool), boolean_(boolean) {}
  explicit TemplateValue(std::string_view text)
      : kind_(Kind::kText), size_(static_cast<std::uint32_t>(text.size())), text_(text.data()) {}
  explicit TemplateValue(const Overlay& overlay) : kind_(Kind::kOverlay), overlay_(&overlay) {}
  static TemplateValue block() {
    TemplateValue value;
    value.kind_ = Kind::kBlock;
    return value;
  }

  Kind kind() const { return kind_; }
  const Json& json() const { return *json_; }
  double number() const { return number_; }
  bool boolean() const { return boolean_; }
  std::string_view text() const { return {text_, size_}; }
  const Overlay& overlay() const { return *overlay_; }

  /// Text that is printed without HTML escapes.
  bool safe() const { return safe_; }
  void set_safe() { safe_ = true; }

  bool is_undefined() const { return kind_ == Kind::kUndefined; }
  bool is_null() const { return kind_ == Kind::kJson && json_->is_null(); }
  bool is_nullish() const { return is_undefined() || is_null(); }
  /// The array, or nullptr.
  const JsonArray* array() const { return kind_ == Kind::kJson ? json_->if_array() : nullptr; }
  /// The text of any kind of string; `ok` says whether it is one.
  bool as_text(std::string_view& out) const {
    if (kind_ == Kind::kJson && json_->is_string()) {
      out = std::string_view(json_->get_string());
      return true;
    }
    if (kind_ == Kind::kText) out = text();
    return kind_ == Kind::kText;
  }
  /// The same for numbers.
  bool as_number(double& out) const;
  bool as_bool(bool& out) const;

 private:
  Kind kind_ = Kind::kUndefined;
  bool safe_ = false;
  std::uint32_t size_ = 0;
  union {
    const Json* json_ = nullptr;
    double number_;
    bool boolean_;
    const char* text_;
    const Overlay* overlay_;
  };
};

struct HashEntry {
  std::string_view key;
  TemplateValue value;
};

/// An object made of another one with members added or replaced: `{{> partial base key=value}}`, without a copy of `base`.
struct Overlay {
  TemplateValue base;
  const JsonObject* members = nullptr;
  const HashEntry* entries = nullptr;
  std::size_t size = 0;
};

bool is_truthy(const TemplateValue& value);
/// What `{{#if}}` takes for false, apart from zero: undefined, null, false, NaN, "" and [].
bool is_empty(const TemplateValue& value);
/// JavaScript's `===` and `==`.
bool strictly_equal(const TemplateValue& left, const TemplateValue& right);
bool loosely_equal(const TemplateValue& left, const TemplateValue& right);

/// `value[name]`, without anything that a prototype would lend: members of objects, elements and length of arrays and strings.
TemplateValue lookup_property(const TemplateValue& value, std::string_view name);

/// Appends what JavaScript makes of `'' + value`, and nothing for undefined and null.
void append_display(std::string& out, const TemplateValue& value);
/// What `append_display` would append, when that needs no new text; otherwise `scratch` is filled and referred to.
std::string_view display_text(const TemplateValue& value, std::string& scratch);
/// How many values `to_json` would make, or at least `most`.
std::size_t count_values(const TemplateValue& value, std::size_t most);
/// A copy as JSON; undefined becomes null.
Json to_json(const TemplateValue& value);

}  // namespace genkit::internal

#endif  // GENKIT_SRC_PROMPT_VALUE_H_
