#include "model.h"

#include <cassert>
#include <mutex>

#include <genkit/base/error.h>

namespace genkit::llama {
namespace {

void initialise_backends() {
  static std::once_flag once;
  std::call_once(once, [] {
    llama_backend_init();
    // A llama.cpp whose backends are libraries of their own has none yet.
    if (ggml_backend_reg_count() == 0) ggml_backend_load_all();
  });
}

bool go_on_loading(float, void* data) {
  return !(*static_cast<const std::function<bool()>*>(data))();
}

}  // namespace

Model::Model(const ModelSource& source, const std::function<bool()>& cancelled)
    : name_(source.name), summary_(check_gguf_file(source.name, source.file)) {
  const std::string subject = "model \"" + name_ + "\": file \"" + source.file.string() + "\": ";
  if (!summary_.has_tokenizer) throw Error(Status::kInvalidArgument, subject + "it has no vocabulary; it is no language model");

  initialise_backends();
  llama_model_params params = llama_model_default_params();
  params.n_gpu_layers = source.gpu_layers;
  params.progress_callback = go_on_loading;
  params.progress_callback_user_data = const_cast<std::function<bool()>*>(&cancelled);
  model_.reset(llama_model_load_from_file(source.file.c_str(), params));
  if (!model_ && cancelled()) throw Error(Status::kCancelled, subject + "loading was cancelled");
  if (!model_) {
    throw Error(Status::kInvalidArgument, subject + "llama.cpp cannot load it (architecture \"" + summary_.architecture +
                                              "\"); its log, written to ours, says why");
  }
  vocabulary_ = std::make_unique<Vocabulary>(llama_model_get_vocab(model_.get()));
}

std::string Model::chat_template() const {
  const char* text = llama_model_chat_template(model_.get(), nullptr);
  return text == nullptr ? std::string() : std::string(text);
}

std::unique_ptr<llama_context, LlamaDeleter> make_context(const Model& model, const llama_context_params& params) {
  std::unique_ptr<llama_context, LlamaDeleter> context(llama_init_from_model(model.get(), params));
  if (!context) {
    throw Error(Status::kResourceExhausted, "model \"" + model.name() + "\": llama.cpp cannot make a context of " +
                                                std::to_string(params.n_ctx) + " tokens; choose a smaller context_size");
  }
  return context;
}

int Batch::add(Token token, int position, int sequence, bool output) noexcept {
  assert(room() > 0);
  const int index = batch_.n_tokens++;
  batch_.token[index] = token;
  batch_.pos[index] = position;
  batch_.n_seq_id[index] = 1;
  batch_.seq_id[index][0] = sequence;
  batch_.logits[index] = output ? 1 : 0;
  return index;
}

}  // namespace genkit::llama
