#ifndef GENKIT_AI_MESSAGE_H_
#define GENKIT_AI_MESSAGE_H_

#include <optional>
#include <string>
#include <vector>

#include <genkit/ai/part.h>

namespace genkit {

enum class Role { kSystem, kUser, kModel, kTool };
constexpr auto describe(Type<Role>) {
  return enum_values(value<Role::kSystem>("system"), value<Role::kUser>("user"), value<Role::kModel>("model"),
                     value<Role::kTool>("tool"));
}

/// One turn of a conversation.
struct Message {
  Role role = Role::kUser;
  std::vector<Part> content = {};
  Boxed<Json> metadata = {};  ///< an object
  ExtraMembers extra = {};

  static Message system(Content content);
  static Message user(Content content);
  static Message model(Content content);

  /// All text of the message.
  std::string text() const { return text_of(content); }
};
constexpr auto describe(Type<Message>) {
  return fields(field<&Message::role>().required()).camel_case_keys();
}

/// A text with media and metadata, as retrievers find and embedders read it.
struct Document {
  std::vector<Part> content = {};
  Boxed<Json> metadata = {};  ///< an object
  ExtraMembers extra = {};

  static Document of_text(std::string text, Json metadata = nullptr);
  std::string text() const { return text_of(content); }
};
constexpr auto describe(Type<Document>) {
  return fields().camel_case_keys();
}

}  // namespace genkit

#endif  // GENKIT_AI_MESSAGE_H_
