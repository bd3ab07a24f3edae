#include <genkit/ai/generate.h>

namespace genkit {

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

const Message& Response::message() const {
  if (response_.message) return *response_.message;
  throw Error(Status::kFailedPrecondition,
              "the response has no message; finish reason: " + to_text(to_json(response_.finish_reason)));
}

std::vector<Message> Response::messages() const {
  std::vector<Message> messages;
  if (response_.request) messages = response_.request->messages;
  if (response_.message) messages.push_back(*response_.message);
  return messages;
}

}  // namespace genkit
