#ifndef GENKIT_SRC_TESTING_REDACTION_H_
#define GENKIT_SRC_TESTING_REDACTION_H_

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <genkit/base/json.h>

namespace genkit::internal {

/// Replaces what must not be written down by "[redacted]".
class Redaction {
 public:
  Redaction(const std::vector<std::string>& members, std::vector<std::string> secrets);

  /// Replaces the texts of the secret members at any depth.
  void redact_members(Json& value) const;
  /// Replaces the secret texts wherever they are.
  void redact_texts(Json& value) const;

 private:
  std::set<std::string> members_;  // in the form of `folded`
  std::vector<std::string> secrets_;
};

}  // namespace genkit::internal

#endif  // GENKIT_SRC_TESTING_REDACTION_H_
