#ifndef GENKIT_AI_FORMAT_H_
#define GENKIT_AI_FORMAT_H_

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include <genkit/ai/message.h>

namespace genkit {

class Registry;

/// A form of output of your own: what is known of it without a schema.
struct FormatOptions {
  std::string name = {};
  /// Media type of the answer, such as "text/csv".
  std::string content_type = {};
  /// Whether models that can shall hold their output to the schema as JSON; left out of requests when empty.
  std::optional<bool> constrained = {};
  /// Whether the instructions go into every request, or only when a call asks for them.
  bool default_instructions = true;
};

/// The text of an answer that is still being written.
struct ChunkText {
  std::string_view added;        ///< by the newest chunk
  std::string_view previous;     ///< by those before, in the same turn
  std::string_view accumulated;  ///< by all of them
};

/// What a format does with one schema. Functions may be called from several threads at once.
struct FormatHandler {
  /// Tells the model which form its answer shall have; empty: nothing is said.
  std::string instructions = {};
  /// The value of a whole answer. Throws for an answer that has none. Required.
  std::function<Json(const Message& message)> parse_message = {};
  /// The value of a chunk, null when it has none. Without it chunks have no output.
  std::function<Json(const ChunkText& text)> parse_chunk = {};
};

/// Called once per generation with the schema of the output; null when there is none. Throws INVALID_ARGUMENT for one that the
/// format cannot take.
using FormatFactory = std::function<FormatHandler(const Json& schema)>;

namespace internal {

/// Registers a format; one named like a format of the library replaces that. Throws INVALID_ARGUMENT without a name or factory.
void define_format(Registry& registry, FormatOptions options, FormatFactory factory);

}  // namespace internal

}  // namespace genkit

#endif  // GENKIT_AI_FORMAT_H_
