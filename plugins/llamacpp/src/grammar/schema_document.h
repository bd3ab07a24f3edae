#ifndef GENKIT_LLAMACPP_GRAMMAR_SCHEMA_DOCUMENT_H_
#define GENKIT_LLAMACPP_GRAMMAR_SCHEMA_DOCUMENT_H_

#include <map>
#include <string>
#include <string_view>

#include <genkit/base/json.h>

namespace genkit::llama {

/// A schema and the places in it that references lead to.
class SchemaDocument {
 public:
  struct Target {
    const Json* schema = nullptr;
    std::string pointer = {};
    bool recursive = false;  ///< it contains a way back to itself
  };

  /// `root` must outlive this. Throws `Refusal` for more than can be looked through in a moment.
  explicit SchemaDocument(const Json& root);

  const Json& root() const noexcept { return root_; }
  /// Where "#/definitions/Tree" leads; the reference of another schema is refused.
  const Target& find(std::string_view reference) const;

 private:
  void collect(const Json& value);
  void find_circles();
  Target resolve(std::string_view reference) const;

  const Json& root_;
  std::map<std::string, Target, std::less<>> targets_;
};

/// `pointer` with one more step.
std::string pointer_step(const std::string& pointer, std::string_view name);

}  // namespace genkit::llama

#endif  // GENKIT_LLAMACPP_GRAMMAR_SCHEMA_DOCUMENT_H_
