#ifndef GENKIT_SRC_TESTING_JSON_DIFFERENCE_H_
#define GENKIT_SRC_TESTING_JSON_DIFFERENCE_H_

#include <cstddef>
#include <optional>
#include <string>

#include <genkit/base/json.h>

namespace genkit::internal {

/// The text of a value with the members of objects sorted: equal for values that mean the same.
std::string canonical_text(const Json& value);

/// In what two values differ.
struct JsonDifference {
  std::size_t places = 0;  ///< how many; 0 for values that mean the same
  // The first of them:
  std::string pointer = {};        ///< where, as a JSON pointer
  std::optional<Json> left = {};   ///< nothing where only the right value has something
  std::optional<Json> right = {};  ///< nothing where only the left value has something
  std::size_t common = 0;          ///< for texts: how many bytes are the same at their beginning
};

JsonDifference json_difference(const Json& left, const Json& right);

/// The two sides of a difference as a person reads them: `recorded "Rome", asked "Paris"`, long texts cut to where they differ.
std::string describe_sides(const JsonDifference& difference, const std::string& left_name, const std::string& right_name);

}  // namespace genkit::internal

#endif  // GENKIT_SRC_TESTING_JSON_DIFFERENCE_H_
