#ifndef GENKIT_AI_MODEL_H_
#define GENKIT_AI_MODEL_H_

#include <atomic>
#include <concepts>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <genkit/ai/model_types.h>
#include <genkit/core/action.h>
#include <genkit/schema/dialect.h>

namespace genkit {

struct ModelOptions {
  /// Shown to people; the name when empty.
  std::string label = {};
  ModelSupports supports = {};
  std::vector<std::string> versions = {};
  /// JSON Schema of `request.config`; null: the common options. `schema_of<MyConfig>()` makes one.
  Json config_schema = {};
  /// The JSON Schema that the model's API understands, for models that call `lower_schema`. Tools and prompts whose schemas it
  /// cannot express are then refused when they are defined, if the model is by then.
  std::optional<SchemaDialect> dialect = {};
  std::string stage = {};  ///< "featured", "stable", "unstable", "legacy", "deprecated", or empty
};

/// What a running model can do besides computing its answer.
class ModelContext {
 public:
  explicit ModelContext(internal::ActionCall& call) noexcept : call_(call) {}
  ModelContext(const ModelContext&) = delete;
  ModelContext& operator=(const ModelContext&) = delete;

  /// True when somebody listens to chunks.
  bool streaming() const noexcept { return call_.streaming(); }
  /// Sends a piece of the answer. Waits while the listener is behind; throws CANCELLED when it is gone. Several fibers of the
  /// model may send: their chunks reach the listener one after the other. All must have ended when the model's function returns.
  void send(const Chunk& chunk) { call_.send(internal::ValueRef::of(chunk)); }
  void send(Chunk&& chunk) {
    call_.send(internal::ValueRef::expiring_of(chunk));
    chunk.content.clear();
  }
  /// The same for a piece of text; cheaper than a chunk that is made for it.
  void send(std::string_view text);
  Registry& registry() const { return call_.registry(); }

 private:
  internal::ActionCall& call_;
  Chunk text_chunk_;  // its memory is used for one text after the other
  std::atomic<bool> text_chunk_is_used_ = false;
};

using ModelFunction = std::function<ModelResponse(const ModelRequest& request, ModelContext& context)>;

/// Makes a model without registering it: for plugins, which return their actions. The response gets its latency, and the span
/// the `gen_ai.*` attributes.
Action model(std::string name, ModelOptions options, ModelFunction function);

/// The listing entry of a model that a plugin could make: for `Plugin::list_actions`.
ActionInfo model_info(std::string name, const ModelOptions& options);

/// Which model to use: its name ("llamacpp/smollm2"), optionally with a configuration that per-call options are merged over.
struct ModelReference {
  ModelReference() = default;
  template <class Name>
    requires std::convertible_to<const Name&, std::string_view>
  ModelReference(const Name& name) : name(std::string_view(name)) {}
  ModelReference(std::string name, Json config) : name(std::move(name)), config(std::move(config)) {}
  ModelReference(const Action& action) : name(action.name()) {}

  std::string name = {};
  Json config = {};
};

}  // namespace genkit

#endif  // GENKIT_AI_MODEL_H_
