#ifndef GENKIT_SRC_PROMPT_FRONT_MATTER_H_
#define GENKIT_SRC_PROMPT_FRONT_MATTER_H_

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include <genkit/base/error.h>
#include <genkit/base/json.h>

namespace genkit {
struct ParsedPrompt;
}

namespace genkit::internal {

/// A prompt file cut into its front matter (the YAML between two `---` lines) and its template.
struct PromptParts {
  bool has_front_matter = false;
  /// Whether the text begins with a `---` that no other one follows: then all of it is the template.
  bool is_unclosed = false;
  std::string_view front_matter;
  std::size_t front_matter_line = 1;
  /// Without white space around it when there is front matter.
  std::string_view body;
  std::size_t body_line = 1;
};

PromptParts split_prompt(std::string_view source);

/// Parses one YAML document as the 1.2 core schema has it into JSON. Throws `Error` INVALID_ARGUMENT that names `name`, line
/// (counted from `first_line`) and column: for what is no YAML, for repeated and complex keys, nesting beyond 64 levels and
/// aliases that expand to too much.
Json parse_yaml_document(std::string_view text, std::string_view name, std::size_t first_line);
/// The same for front matter, which is an object or null.
Json parse_front_matter(std::string_view text, std::string_view name, std::size_t first_line);

/// What `parse_yaml_document` gives for text that is simple enough, much faster; nothing for all other text.
std::optional<Json> parse_simple_yaml(std::string_view text);

/// What a scalar without quotes means in the core schema.
Json plain_yaml_scalar(std::string_view text);

/// The line of the value that a JSON pointer leads to, as near as the text has it.
std::size_t find_yaml_line(std::string_view text, std::string_view pointer, std::size_t first_line);

/// The lines of the keys of the outermost mapping.
std::map<std::string, std::size_t> yaml_key_lines(std::string_view text, std::size_t first_line);

/// Throws `error` with the name of the file and, as far as it is known, the line below which `pointer` stands in the front
/// matter.
[[noreturn]] void fail_in_front_matter(const ParsedPrompt& prompt, const std::string& pointer, const Error& error);

}  // namespace genkit::internal

#endif  // GENKIT_SRC_PROMPT_FRONT_MATTER_H_
