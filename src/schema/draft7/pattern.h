#ifndef GENKIT_SRC_SCHEMA_DRAFT7_PATTERN_H_
#define GENKIT_SRC_SCHEMA_DRAFT7_PATTERN_H_

#include <memory>
#include <string>
#include <string_view>

namespace re2 {
class RE2;
}

namespace genkit::internal {

/// An ECMA-262 regular expression in the syntax of RE2.
struct TranslatedPattern {
  enum class Outcome {
    kTranslated,
    kInvalid,      ///< no regular expression of ECMA-262 (with the flag u, as ajv uses it)
    kUnsupported,  ///< one that needs backtracking
  };
  Outcome outcome = Outcome::kTranslated;
  std::string text;    ///< what RE2 understands
  std::string reason;  ///< why there is none
};

TranslatedPattern translate_pattern(std::string_view ecma);

/// A compiled pattern: matches anywhere in a text, in time linear in its length. Thread-safe.
class Pattern {
 public:
  /// Throws INVALID_ARGUMENT that names the pattern and the reason.
  explicit Pattern(std::string_view ecma);
  ~Pattern();
  Pattern(const Pattern&) = delete;
  Pattern& operator=(const Pattern&) = delete;

  bool matches(std::string_view text) const;
  /// As it was written.
  const std::string& text() const { return text_; }

 private:
  std::string text_;
  std::unique_ptr<const re2::RE2> compiled_;
};

/// Whether `text` is a regular expression of ECMA-262, supported or not.
bool is_regex(std::string_view text);

}  // namespace genkit::internal

#endif  // GENKIT_SRC_SCHEMA_DRAFT7_PATTERN_H_
