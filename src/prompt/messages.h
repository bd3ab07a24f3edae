#ifndef GENKIT_SRC_PROMPT_MESSAGES_H_
#define GENKIT_SRC_PROMPT_MESSAGES_H_

#include <cstddef>
#include <string_view>
#include <vector>

#include <genkit/ai/message.h>
#include <genkit/prompt/template.h>

namespace genkit::internal {

/// What marks begin and end with: a byte that UTF-8 never has, and that input is searched for, so that none can forge a mark.
constexpr char kMark = '\xff';

/// Defines `role`, `history`, `media`, `section`, `json`, `ifEquals` and `unlessEquals`. What the first four print are marks that
/// `to_messages` finds again.
void define_prompt_helpers(TemplateEnvironment& environment);

/// The messages that a template makes, and where the conversation so far, the history, belongs among them. `Messages` is
/// std::vector<Message>, or a JsonArray of messages in wire form.
template <class Messages>
struct RenderedMessages {
  Messages messages = {};
  /// Positions in `messages` before which the history stands, ascending.
  std::vector<std::size_t> history_places = {};
  /// Whether the template says these places; the messages of the history are then marked as such.
  bool is_history_asked_for = false;
};

/// Cuts rendered text into messages at the marks.
template <class Messages>
RenderedMessages<Messages> to_messages(std::string_view rendered);

/// All messages in their order.
template <class Messages>
Messages with_history(RenderedMessages<Messages> rendered, Messages history);

}  // namespace genkit::internal

#endif  // GENKIT_SRC_PROMPT_MESSAGES_H_
