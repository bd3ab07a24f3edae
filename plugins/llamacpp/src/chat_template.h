#ifndef GENKIT_LLAMACPP_CHAT_TEMPLATE_H_
#define GENKIT_LLAMACPP_CHAT_TEMPLATE_H_

#include <span>
#include <string>
#include <vector>

namespace genkit::llama {

/// One message of a conversation, as chat templates know it.
struct ChatMessage {
  std::string role;  ///< "system", "user" or "assistant"
  std::string content;
};

/// A stretch of a prompt, by origin: only the template's own text may hold control tokens.
struct PromptPiece {
  std::string text;
  bool from_template = true;

  bool operator==(const PromptPiece&) const = default;
};

/// The frame that a model was trained to see its conversations in.
class ChatTemplate {
 public:
  /// The Jinja text from a model file, or the name of a template that llama.cpp has built in ("chatml", "llama3", …). Throws
  /// INVALID_ARGUMENT when llama.cpp does not know it.
  explicit ChatTemplate(std::string text);

  /// The prompt that makes the model write the next message. Adds no message of its own: there is no default system prompt.
  std::vector<PromptPiece> render(std::span<const ChatMessage> messages) const;

 private:
  std::string render_text(std::span<const ChatMessage> messages) const;

  std::string text_;
};

}  // namespace genkit::llama

#endif  // GENKIT_LLAMACPP_CHAT_TEMPLATE_H_
