#include <genkit/ai/response.h>

#include <mutex>

#include <genkit/core/registry.h>

#include "ai/output/plan.h"

namespace genkit {
namespace {

std::vector<Part> parts_where(const std::optional<Message>& message, bool (*wanted)(const Part&)) {
  std::vector<Part> parts;
  if (!message) return parts;
  for (const Part& part : message->content) {
    if (wanted(part)) parts.push_back(part);
  }
  return parts;
}

}  // namespace

/// The value of the answer, once it is known.
class Response::Output {
 public:
  explicit Output(std::shared_ptr<const Json> value) : value_(std::move(value)) {}

  std::shared_ptr<const Json> get() const {
    const std::lock_guard lock(mutex_);
    return value_;
  }
  /// Of several that were made at the same time the first one stays.
  const Json& keep(std::shared_ptr<const Json> value) {
    const std::lock_guard lock(mutex_);
    if (value_ == nullptr) value_ = std::move(value);
    return *value_;
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const Json> value_;
};

Response::Response(ModelResponse response, std::shared_ptr<Registry> registry, std::shared_ptr<const Json> value)
    : response_(std::move(response)), registry_(std::move(registry)), output_(std::make_shared<Output>(std::move(value))) {}

std::string Response::reasoning() const {
  std::string text;
  if (!response_.message) return text;
  for (const Part& part : response_.message->content) {
    if (part.reasoning) text += *part.reasoning;
  }
  return text;
}

std::optional<Media> Response::media() const {
  if (!response_.message) return std::nullopt;
  for (const Part& part : response_.message->content) {
    if (part.media) return part.media;
  }
  return std::nullopt;
}

const Json& Response::output() const& {
  if (output_ == nullptr) {
    throw Error(Status::kFailedPrecondition, "a response is used after it was moved away: keep what output() returned before");
  }
  if (const std::shared_ptr<const Json> known = output_->get()) return *known;
  Json value = internal::OutputPlan::of_response(registry_.get(), response_).parse(response_);
  return output_->keep(std::make_shared<const Json>(std::move(value)));
}

const Message& Response::message() const {
  if (response_.message) return *response_.message;
  throw Error(Status::kFailedPrecondition, "the response has no message; finish reason: " + to_text(to_json(finish_reason())));
}

std::vector<Message> Response::messages() const {
  std::vector<Message> messages;
  if (response_.request) messages = response_.request->messages;
  if (response_.message) messages.push_back(*response_.message);
  return messages;
}

std::vector<Part> Response::tool_requests() const {
  return parts_where(response_.message, [](const Part& part) { return part.tool_request.has_value(); });
}

std::vector<Part> Response::interrupts() const {
  return parts_where(response_.message, [](const Part& part) {
    return part.tool_request && part.metadata && find_member(*part.metadata, "interrupt") != nullptr;
  });
}

const ModelRequest& Response::request() const {
  if (response_.request) return *response_.request;
  throw Error(Status::kFailedPrecondition, "the response does not hold the request that led to it");
}

}  // namespace genkit
