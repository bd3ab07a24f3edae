#ifndef GENKIT_LLAMACPP_MODEL_H_
#define GENKIT_LLAMACPP_MODEL_H_

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include <llama.h>

#include "gguf_file.h"
#include "vocabulary.h"

namespace genkit::llama {

/// Which file, and how errors call it.
struct ModelSource {
  std::string name = {};
  std::filesystem::path file = {};
  int gpu_layers = -1;
};

/// Frees what llama.cpp made.
struct LlamaDeleter {
  void operator()(llama_model* model) const { llama_model_free(model); }
  void operator()(llama_context* context) const { llama_free(context); }
};

/// The weights and the vocabulary of a model file.
class Model {
 public:
  /// Takes from tenths of a second to minutes; ends early, with CANCELLED, once `cancelled()` says true. Throws what
  /// `check_gguf_file` throws, and INVALID_ARGUMENT with llama.cpp's own words for a file that it cannot use.
  Model(const ModelSource& source, const std::function<bool()>& cancelled);

  llama_model* get() const noexcept { return model_.get(); }
  const std::string& name() const noexcept { return name_; }
  const GgufSummary& summary() const noexcept { return summary_; }
  const Vocabulary& vocabulary() const noexcept { return *vocabulary_; }
  /// The chat template of the file, empty when it has none.
  std::string chat_template() const;

 private:
  std::string name_;
  GgufSummary summary_;
  std::unique_ptr<llama_model, LlamaDeleter> model_;
  std::unique_ptr<Vocabulary> vocabulary_;
};

/// Makes a context for `model`; throws RESOURCE_EXHAUSTED when there is not enough memory.
std::unique_ptr<llama_context, LlamaDeleter> make_context(const Model& model, const llama_context_params& params);

/// A batch of tokens for llama.cpp with room for `capacity`.
class Batch {
 public:
  explicit Batch(int capacity) : batch_(llama_batch_init(capacity, 0, 1)), capacity_(capacity) {}
  ~Batch() { llama_batch_free(batch_); }
  Batch(const Batch&) = delete;
  Batch& operator=(const Batch&) = delete;

  int size() const noexcept { return batch_.n_tokens; }
  int room() const noexcept { return capacity_ - batch_.n_tokens; }
  void clear() noexcept { batch_.n_tokens = 0; }
  /// Returns the index under which the outputs of the token are found. There must be room: llama.cpp ends the process otherwise.
  int add(Token token, int position, int sequence, bool output) noexcept;
  const llama_batch& get() const noexcept { return batch_; }

 private:
  llama_batch batch_;
  int capacity_;
};

}  // namespace genkit::llama

#endif  // GENKIT_LLAMACPP_MODEL_H_
