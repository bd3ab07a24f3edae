#include "schema/draft7/pattern.h"

#include <re2/re2.h>

#include <genkit/base/error.h>
#include <genkit/base/json.h>

namespace genkit::internal {
namespace {

[[noreturn]] void refuse_pattern(std::string_view ecma, const std::string& reason) {
  std::string message = "pattern ";
  append_json_string(message, ecma);
  throw Error(Status::kInvalidArgument, message + " " + reason);
}

}  // namespace

Pattern::Pattern(std::string_view ecma) : text_(ecma) {
  TranslatedPattern translated = translate_pattern(ecma);
  using Outcome = TranslatedPattern::Outcome;
  if (translated.outcome == Outcome::kInvalid) refuse_pattern(ecma, "is no regular expression: " + translated.reason);
  if (translated.outcome == Outcome::kUnsupported) refuse_pattern(ecma, "is not supported: " + translated.reason);

  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_never_capture(true);
  auto compiled = std::make_unique<re2::RE2>(translated.text, options);
  if (!compiled->ok()) refuse_pattern(ecma, "is not supported: " + compiled->error());
  compiled_ = std::move(compiled);
}

Pattern::~Pattern() = default;

bool Pattern::matches(std::string_view text) const {
  return re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *compiled_);
}

}  // namespace genkit::internal
