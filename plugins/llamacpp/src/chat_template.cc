#include "chat_template.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include <llama.h>

#include <genkit/base/error.h>

namespace genkit::llama {
namespace {

// The template is rendered with marks in place of the contents, which are put in afterwards, so that no text of a user is ever
// in a string that control tokens are looked for in. A mark is a number between two characters that Unicode leaves to private
// use, inside of two vertical tabs: a template that trims its messages removes the tabs and thereby tells us to trim as well.
constexpr std::string_view kOpen = "\xEE\x80\x80";
constexpr std::string_view kClose = "\xEE\x80\x81";
constexpr char kEdge = '\v';

std::string mark(std::size_t index) {
  return std::string(1, kEdge).append(kOpen).append(std::to_string(index)).append(kClose) + kEdge;
}

/// A mark found in a rendered template.
struct FoundMark {
  std::size_t begin;
  std::size_t end;
  std::size_t index;
  bool trim_front;
  bool trim_back;
};

std::optional<FoundMark> find_mark(std::string_view text, std::size_t from) {
  FoundMark found{};
  found.begin = text.find(kOpen, from);
  if (found.begin == std::string_view::npos) return std::nullopt;
  const char* digits = text.data() + found.begin + kOpen.size();
  const auto parsed = std::from_chars(digits, text.data() + text.size(), found.index);
  found.end = static_cast<std::size_t>(parsed.ptr - text.data()) + kClose.size();
  found.trim_front = found.begin == from || text[found.begin - 1] != kEdge;
  found.trim_back = found.end >= text.size() || text[found.end] != kEdge;
  if (!found.trim_front) --found.begin;
  if (!found.trim_back) ++found.end;
  return found;
}

std::string_view trimmed(std::string_view text, bool front, bool back) {
  constexpr std::string_view kSpace = " \t\n\r\f\v";
  if (front) text.remove_prefix(std::min(text.find_first_not_of(kSpace), text.size()));
  if (back) text.remove_suffix(text.size() - (text.find_last_not_of(kSpace) + 1));
  return text;
}

void append(std::vector<PromptPiece>& pieces, std::string_view text, bool from_template) {
  if (!text.empty()) pieces.push_back({std::string(text), from_template});
}

}  // namespace

ChatTemplate::ChatTemplate(std::string text) : text_(std::move(text)) {
  const ChatMessage probe{"user", "x"};
  if (!text_.empty() && !render_text({&probe, 1}).empty()) return;
  const std::string shown = text_.size() > 60 ? text_.substr(0, 60) + "…" : text_;
  throw Error(Status::kInvalidArgument, "llama.cpp does not know the chat template \"" + shown +
                                            "\"; name a built-in one that the model understands in LlamaCppModel::chat_template, "
                                            "for example \"chatml\" or \"llama3\"");
}

std::string ChatTemplate::render_text(std::span<const ChatMessage> messages) const {
  std::vector<llama_chat_message> chat;
  chat.reserve(messages.size());
  for (const ChatMessage& message : messages) chat.push_back({message.role.c_str(), message.content.c_str()});

  std::string out(1024, '\0');
  for (;;) {
    const std::int32_t length = llama_chat_apply_template(text_.c_str(), chat.data(), chat.size(), true, out.data(),
                                                          static_cast<std::int32_t>(out.size()));
    if (length <= 0) return {};
    const bool complete = static_cast<std::size_t>(length) <= out.size();
    out.resize(static_cast<std::size_t>(length));
    if (complete) return out;
  }
}

std::vector<PromptPiece> ChatTemplate::render(std::span<const ChatMessage> messages) const {
  std::vector<ChatMessage> marked;
  marked.reserve(messages.size());
  for (std::size_t i = 0; i < messages.size(); ++i) marked.push_back({messages[i].role, mark(i)});
  const std::string text = render_text(marked);

  std::vector<PromptPiece> pieces;
  std::size_t at = 0;
  while (const auto found = find_mark(text, at)) {
    append(pieces, std::string_view(text).substr(at, found->begin - at), true);
    const std::string_view content = messages[found->index].content;
    append(pieces, trimmed(content, found->trim_front, found->trim_back), false);
    at = found->end;
  }
  append(pieces, std::string_view(text).substr(at), true);
  return pieces;
}

}  // namespace genkit::llama
