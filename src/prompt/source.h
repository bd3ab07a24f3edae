#ifndef GENKIT_SRC_PROMPT_SOURCE_H_
#define GENKIT_SRC_PROMPT_SOURCE_H_

#include <cstddef>
#include <string>
#include <string_view>

#include <genkit/base/error.h>

namespace genkit::internal {

/// The text of a template or a prompt file, for errors that point into it.
class Source {
 public:
  Source(std::string name, std::string text, std::size_t first_line)
      : name_(std::move(name)), text_(std::move(text)), first_line_(first_line) {}

  const std::string& name() const { return name_; }
  std::string_view text() const { return text_; }

  /// Throws an error of the form `template "name", line 2, column 7: message`, followed by the line and a mark below the column.
  [[noreturn]] void fail(std::size_t offset, std::string_view message, Status status = Status::kInvalidArgument,
                         std::exception_ptr cause = nullptr) const;

 private:
  std::string name_;
  std::string text_;
  std::size_t first_line_;
};

/// The offset of the first byte that is not part of valid UTF-8, or npos.
std::size_t find_invalid_utf8(std::string_view text);

/// The bytes of the white space character (as JavaScript's \s has it) that `text` starts with; 0 when it starts with another.
std::size_t leading_space(std::string_view text);
/// The same at the end of `text`.
std::size_t trailing_space(std::string_view text);
/// `text` without white space at both ends.
std::string_view trim_space(std::string_view text);

}  // namespace genkit::internal

#endif  // GENKIT_SRC_PROMPT_SOURCE_H_
