#ifndef GENKIT_AI_PART_H_
#define GENKIT_AI_PART_H_

#include <concepts>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <genkit/base/boxed.h>
#include <genkit/schema/schema.h>

namespace genkit {

/// An image, a sound, a video or a file: an https URL, or the data itself as "data:image/png;base64,…".
struct Media {
  std::string url = {};
  std::optional<std::string> content_type = {};
  ExtraMembers extra = {};
};

/// A model asks for a tool to be run.
struct ToolRequest {
  std::string name = {};
  std::optional<std::string> ref = {};  ///< tells several requests of one turn apart
  std::optional<Json> input = {};
  std::optional<bool> partial = {};  ///< true while it is still being streamed
  ExtraMembers extra = {};
};

/// What a tool answered.
struct ToolResponse {
  std::string name = {};
  std::optional<std::string> ref = {};
  std::optional<Json> output = {};
  std::optional<Json> content = {};  ///< parts beside the output, an array
  ExtraMembers extra = {};
};

struct ResourceReference {
  std::string uri = {};
  ExtraMembers extra = {};
};

/// One piece of a message. Exactly one of the first eight members is there (none in a part that is still pending).
struct Part {
  std::optional<std::string> text = {};
  Boxed<Media> media = {};
  Boxed<ToolRequest> tool_request = {};
  Boxed<ToolResponse> tool_response = {};
  Boxed<Json> data = {};
  Boxed<Json> custom = {};
  Boxed<std::string> reasoning = {};
  Boxed<ResourceReference> resource = {};
  Boxed<Json> metadata = {};  ///< an object
  /// What a provider sent that the library does not know: it is carried along.
  ExtraMembers extra = {};
};

/// Parts for messages and prompts.
Part text(std::string text);
Part media(std::string url, std::string content_type = {});
Part data(Json value);

/// What a prompt is made of: text, one part or several.
class Content {
 public:
  Content() = default;
  template <class Text>
    requires std::convertible_to<const Text&, std::string_view>
  Content(const Text& text) {
    parts_.push_back(genkit::text(std::string(std::string_view(text))));
  }
  Content(Part part) { parts_.push_back(std::move(part)); }
  Content(std::initializer_list<Part> parts) : parts_(parts) {}
  Content(std::vector<Part> parts) : parts_(std::move(parts)) {}

  bool empty() const noexcept { return parts_.empty(); }
  const std::vector<Part>& parts() const& noexcept { return parts_; }
  std::vector<Part>&& parts() && noexcept { return std::move(parts_); }

 private:
  std::vector<Part> parts_;
};

/// All text of `parts`, joined without separator.
std::string text_of(const std::vector<Part>& parts);

constexpr auto describe(Type<Media>) {
  return fields().camel_case_keys();
}
constexpr auto describe(Type<ToolRequest>) {
  return fields().camel_case_keys();
}
constexpr auto describe(Type<ToolResponse>) {
  return fields().camel_case_keys();
}
constexpr auto describe(Type<ResourceReference>) {
  return fields().camel_case_keys();
}
constexpr auto describe(Type<Part>) {
  return fields().camel_case_keys();
}

}  // namespace genkit

#endif  // GENKIT_AI_PART_H_
