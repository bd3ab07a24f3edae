#ifndef GENKIT_SRC_SCHEMA_DRAFT7_FORMAT_H_
#define GENKIT_SRC_SCHEMA_DRAFT7_FORMAT_H_

#include <string_view>

#include <genkit/base/json.h>

namespace genkit::internal {

/// A check that goes with a value of `format`; exactly one of the two is set.
struct Format {
  bool (*matches_text)(std::string_view text) = nullptr;
  bool (*matches_number)(const Json& number) = nullptr;
};

/// The check of a format of ajv-formats, or nullptr: the format is then an annotation.
const Format* find_format(std::string_view name) noexcept;

}  // namespace genkit::internal

#endif  // GENKIT_SRC_SCHEMA_DRAFT7_FORMAT_H_
