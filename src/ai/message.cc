#include <genkit/ai/message.h>
#include <genkit/ai/model_types.h>

namespace genkit {
namespace {

Message make_message(Role role, Content content) {
  Message message;
  message.role = role;
  message.content = std::move(content).parts();
  return message;
}

}  // namespace

Message Message::system(Content content) {
  return make_message(Role::kSystem, std::move(content));
}
Message Message::user(Content content) {
  return make_message(Role::kUser, std::move(content));
}
Message Message::model(Content content) {
  return make_message(Role::kModel, std::move(content));
}

Document Document::of_text(std::string text, Json metadata) {
  Document document;
  document.content.push_back(genkit::text(std::move(text)));
  if (!metadata.is_null()) document.metadata = std::move(metadata);
  return document;
}

std::string ModelRequest::last_text() const {
  return messages.empty() ? std::string() : messages.back().text();
}

ModelResponse ModelResponse::of_text(std::string text) {
  ModelResponse response;
  response.message = Message::model(genkit::text(std::move(text)));
  response.finish_reason = FinishReason::kStop;
  return response;
}

std::string ModelResponse::text() const {
  return message ? message->text() : std::string();
}

ModelResponseChunk ModelResponseChunk::of_text(std::string text) {
  ModelResponseChunk chunk;
  chunk.content.emplace_back().text = std::move(text);
  return chunk;
}

}  // namespace genkit
