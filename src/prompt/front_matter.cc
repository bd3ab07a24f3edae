#include "prompt/front_matter.h"

#include <algorithm>

#include "prompt/source.h"

namespace genkit::internal {
namespace {

std::size_t count_lines(std::string_view text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

/// The offset behind the line break at or after `from`, npos when there is none. A line ends with \n, \r\n or \r.
std::size_t after_line(std::string_view text, std::size_t from) {
  const std::size_t end = text.find_first_of("\r\n", from);
  if (end == std::string_view::npos) return end;
  return text.substr(end, 2) == "\r\n" ? end + 2 : end + 1;
}

/// True when the line at `from` is `---` and nothing else.
bool is_fence(std::string_view text, std::size_t from) {
  if (text.substr(from, 3) != "---") return false;
  const std::size_t end = std::min(text.find_first_of("\r\n", from), text.size());
  return trim_space(text.substr(from + 3, end - from - 3)).empty();
}

/// Where the `---` is that opens the front matter: after comments and empty lines. npos when there is none.
std::size_t find_opening(std::string_view source) {
  std::size_t line = source.substr(0, 3) == "\xef\xbb\xbf" ? 3 : 0;
  while (line != std::string_view::npos && line < source.size()) {
    if (is_fence(source, line)) return line;
    const std::size_t end = std::min(source.find_first_of("\r\n", line), source.size());
    const std::string_view text = source.substr(line, end - line);
    if (!text.starts_with('#') && text.find_first_not_of(" \t") != std::string_view::npos) return std::string_view::npos;
    line = after_line(source, line);
  }
  return std::string_view::npos;
}

}  // namespace

PromptParts split_prompt(std::string_view source) {
  PromptParts parts;
  parts.body = source;
  const std::size_t opening = find_opening(source);
  if (opening == std::string_view::npos) return parts;
  const std::size_t begin = after_line(source, opening);
  for (std::size_t line = begin; line != std::string_view::npos && line < source.size(); line = after_line(source, line)) {
    if (!is_fence(source, line)) continue;
    parts.has_front_matter = true;
    parts.front_matter = source.substr(begin, line - begin);
    parts.front_matter_line = 1 + count_lines(source.substr(0, begin));
    const std::size_t after = std::min(after_line(source, line), source.size());
    parts.body = trim_space(source.substr(after));
    const auto body_begin = static_cast<std::size_t>(parts.body.data() - source.data());
    parts.body_line = 1 + count_lines(source.substr(0, parts.body.empty() ? after : body_begin));
    return parts;
  }
  parts.is_unclosed = true;
  return parts;
}

}  // namespace genkit::internal
