#ifndef GENKIT_LLAMACPP_STOP_MATCHER_H_
#define GENKIT_LLAMACPP_STOP_MATCHER_H_

#include <string>
#include <string_view>
#include <vector>

namespace genkit::llama {

/// Cuts a stream of text at the first stop sequence. Text that may yet turn out to be the beginning of one is held back, so
/// that no part of a stop sequence ever gets out.
class StopMatcher {
 public:
  /// Empty sequences are ignored.
  explicit StopMatcher(std::vector<std::string> stops);

  /// Appends to `out` what surely belongs to the text. True when a stop sequence was completed: the text ends there.
  bool push(std::string_view text, std::string& out);
  /// The text ended without a stop sequence: releases what was held back.
  void finish(std::string& out);

 private:
  std::vector<std::string> stops_;
  std::string held_;
};

}  // namespace genkit::llama

#endif  // GENKIT_LLAMACPP_STOP_MATCHER_H_
