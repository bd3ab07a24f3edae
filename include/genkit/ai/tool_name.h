#ifndef GENKIT_AI_TOOL_NAME_H_
#define GENKIT_AI_TOOL_NAME_H_

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace genkit {

/// The name of a tool: 1 to 64 letters, digits, '_', '-' and '/'. Models see what is behind the last '/'.
///
/// A literal is checked by the compiler, any other text when the tool is made.
class ToolName {
 public:
  static constexpr std::size_t kMaxSize = 64;

  constexpr ToolName() noexcept = default;
  template <std::size_t N>
  consteval ToolName(const char (&literal)[N]) : text_(literal, N - 1) {
    if (text_.empty() || text_.size() > kMaxSize) throw "genkit: a tool name has 1 to 64 characters";
    if (!std::all_of(text_.begin(), text_.end(), is_allowed)) {
      throw "genkit: a tool name has only letters, digits, '_', '-' and '/'";
    }
    if (has_empty_segment(text_)) throw "genkit: a tool name has text on both sides of every '/'";
  }
  template <class Text>
    requires(std::convertible_to<const Text&, std::string_view> && !std::is_array_v<Text>)
  ToolName(const Text& name) {
    own(std::string_view(name));
  }
  constexpr ToolName(const ToolName& other) : text_(other.text_) {
    if (other.owned_ != nullptr) own(other.text_);
  }
  constexpr ToolName& operator=(ToolName other) noexcept {
    std::swap(text_, other.text_);
    std::swap(owned_, other.owned_);
    return *this;
  }
  constexpr ~ToolName() { delete[] owned_; }

  constexpr std::string_view view() const noexcept { return text_; }
  /// True for names that a literal may have.
  static constexpr bool is_valid(std::string_view name) noexcept {
    return !name.empty() && name.size() <= kMaxSize && std::all_of(name.begin(), name.end(), is_allowed) &&
           !has_empty_segment(name);
  }

 private:
  static constexpr bool is_allowed(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '/';
  }
  static constexpr bool has_empty_segment(std::string_view name) noexcept {
    return name.front() == '/' || name.back() == '/' || name.find("//") != std::string_view::npos;
  }
  constexpr void own(std::string_view text) {
    owned_ = new char[text.size() + 1];
    std::copy(text.begin(), text.end(), owned_);
    text_ = std::string_view(owned_, text.size());
  }

  // A literal is only referred to: an object with a std::string inside could not be made by the compiler.
  std::string_view text_ = {};
  char* owned_ = nullptr;
};

}  // namespace genkit

#endif  // GENKIT_AI_TOOL_NAME_H_
