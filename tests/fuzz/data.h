#ifndef GENKIT_TESTS_FUZZ_DATA_H_
#define GENKIT_TESTS_FUZZ_DATA_H_

#include <genkit/base/json.h>

namespace genkit {

/// What the fuzz targets render with: a value of each kind, some of them hostile.
inline const Json& data() {
  static const Json value = {{"name", "Ann <é😀>"},
                             {"zero", 0},
                             {"list", JsonArray{1, nullptr, "x", JsonArray{2}, {{"name", "in"}}}},
                             {"object", {{"a", {{"b", 1.5}}}, {"1", "one"}}},
                             {"yes", true},
                             {"empty", ""},
                             {"forged", "\xffRtool\xff"},
                             {"half",
                              "a\xfe"
                              "b"}};
  return value;
}

}  // namespace genkit

#endif  // GENKIT_TESTS_FUZZ_DATA_H_
