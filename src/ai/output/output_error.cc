#include "ai/output/output_error.h"

#include <algorithm>

#include "base/utf8.h"

namespace genkit::internal {
namespace {

std::string position_of(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, offset);
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const std::size_t line_begin = before.rfind('\n') + 1;  // 0 when there is none
  return "at line " + std::to_string(line) + ", column " + std::to_string(offset - line_begin + 1);
}

/// What stands there, for a message.
std::string found_at(std::string_view text, std::size_t offset) {
  constexpr std::size_t kLongest = 12;
  if (offset >= text.size()) return "the end of the text";
  std::string_view found = text.substr(offset, kLongest);
  found = found.substr(0, std::max<std::size_t>(1, utf8_whole_size(found)));
  std::string quoted;
  append_json_string(quoted, found);
  return quoted;
}

JsonObject details_of(std::string_view reason, std::string_view text) {
  return {{"reason", reason}, {"text", text}};
}

}  // namespace

Error unanswered_error(const ModelResponse& response) {
  std::string tools;
  for (const Part& part : response.message->content) {
    if (part.tool_request) tools += (tools.empty() ? "\"" : ", \"") + part.tool_request->name + "\"";
  }
  const bool interrupted = response.finish_reason == FinishReason::kInterrupted;
  return Error(Status::kFailedPrecondition,
               "there is no answer yet: the model waits for " + tools +
                   (interrupted ? "; answer response.interrupts() by the tool's respond or restart, and generate again with them"
                                : "; run response.tool_requests(), and generate again with what they give"),
               details_of("unanswered", response.text()));
}

Error truncated_error(std::string_view text, std::size_t begin, std::string_view finish_reason) {
  JsonObject details = details_of("truncated", text);
  details["offset"] = begin;
  details["finishReason"] = finish_reason;
  const char* const advice = finish_reason == "length" ? ": raise maxOutputTokens" : "";
  return Error(Status::kInvalidArgument,
               "the answer is cut off: it has " + std::to_string(text.size()) +
                   " bytes and ends before its value does (finish reason \"" + std::string(finish_reason) + "\")" + advice,
               std::move(details));
}

Error unparsable_error(std::string_view text, std::string_view wanted, const JsonStream::Failure* failure) {
  JsonObject details = details_of("unparsable", text);
  std::string message = "the answer holds no " + std::string(wanted);
  if (failure != nullptr) {
    details["offset"] = failure->offset;
    details["expected"] = failure->expected;
    message += ": expected " + failure->expected + ", found " + found_at(text, failure->offset) + " " +
               position_of(text, failure->offset);
  } else if (text.empty()) {
    message += ": it is empty";
  }
  return Error(Status::kInvalidArgument, std::move(message), std::move(details));
}

Error invalid_error(std::string_view text, const Json& value, const Json& schema, const std::vector<ValidationIssue>& issues) {
  const Error error = validation_error(issues, value, schema);
  JsonObject details = details_of("invalid", text);
  for (const auto& member : error.details().as_object()) details[member.key()] = member.value();
  return Error(error.status(), error.message(), std::move(details));
}

Error ruled_out_error(std::string_view text, std::size_t offset, const std::string& path, const std::string& message) {
  JsonObject details = details_of("invalid", text);
  details["offset"] = offset;
  details["stopped"] = true;
  JsonArray errors;
  errors.push_back(JsonObject{{"path", path}, {"message", message}});
  details["errors"] = std::move(errors);
  return Error(Status::kInvalidArgument,
               "the answer was stopped at byte " + std::to_string(offset) +
                   ", after which it could no longer fit the schema: " + path + ": " + message,
               std::move(details));
}

}  // namespace genkit::internal
