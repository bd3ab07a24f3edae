#ifndef GENKIT_LLAMACPP_GGUF_FILE_H_
#define GENKIT_LLAMACPP_GGUF_FILE_H_

#include <cstdint>
#include <filesystem>
#include <istream>
#include <optional>
#include <string>
#include <string_view>

namespace genkit::llama {

/// What a model file says about itself.
struct GgufSummary {
  std::string architecture;
  std::uint64_t context_length = 0;  ///< the longest text that the model was trained on
  bool has_tokenizer = false;
  /// How token embeddings become one for the text (llama_pooling_type); nothing when the file does not say.
  std::optional<std::uint64_t> pooling = {};
};

/// Reads the header of a model file and checks it, so that llama.cpp, which ends the process on much of what can be wrong with
/// one, only sees files that it can read. Throws NOT_FOUND, PERMISSION_DENIED or INVALID_ARGUMENT; the message names `model` and
/// the file.
GgufSummary check_gguf_file(std::string_view model, const std::filesystem::path& file);

/// The same for the bytes of a file of which only the header needs to be there. Messages have no prefix.
GgufSummary check_gguf(std::istream& in, std::uint64_t file_size);

}  // namespace genkit::llama

#endif  // GENKIT_LLAMACPP_GGUF_FILE_H_
