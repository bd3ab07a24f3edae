#include <set>
#include <utility>

#include <genkit/plugins/llamacpp.h>

#include "models.h"

namespace genkit {
namespace {

class LlamaCpp final : public Plugin {
 public:
  explicit LlamaCpp(LlamaCppOptions options) : options_(std::move(options)) {
    check_names(options_.models, "models");
    check_names(options_.embedders, "embedders");
    // Costs nothing yet: a model is loaded by its first request. Wrong options are found now.
    for (const LlamaCppModel& model : options_.models) {
      engines_.push_back(std::make_shared<llama::Engine>(llama::engine_options(model, options_.logger)));
    }
    for (const LlamaCppEmbedder& embedder : options_.embedders) {
      embedders_.push_back(std::make_shared<llama::Embedder>(llama::engine_options(embedder, options_.logger)));
    }
  }

  std::string_view name() const override { return "llamacpp"; }

  std::vector<Action> init() override {
    std::vector<Action> actions;
    for (std::size_t i = 0; i < engines_.size(); ++i) actions.push_back(llama::model_action(options_.models[i], engines_[i]));
    for (std::size_t i = 0; i < embedders_.size(); ++i) {
      actions.push_back(llama::embedder_action(options_.embedders[i], embedders_[i]));
    }
    return actions;
  }

  std::vector<ActionInfo> list_actions() override {
    std::vector<ActionInfo> infos;
    for (const LlamaCppModel& model : options_.models) infos.push_back(model_info(model.name, llama::model_options(model)));
    for (std::size_t i = 0; i < embedders_.size(); ++i) {
      infos.push_back(llama::embedder_action(options_.embedders[i], embedders_[i]).info());
    }
    return infos;
  }

 private:
  template <class Entry>
  static void check_names(const std::vector<Entry>& entries, const std::string& list) {
    std::set<std::string> names;
    for (const Entry& entry : entries) {
      if (entry.name.empty()) throw Error(Status::kInvalidArgument, "llamacpp: one of the " + list + " has no name");
      if (!names.insert(entry.name).second) {
        throw Error(Status::kInvalidArgument, "llamacpp: two of the " + list + " are named \"" + entry.name + "\"");
      }
    }
  }

  const LlamaCppOptions options_;
  std::vector<std::shared_ptr<llama::Engine>> engines_;
  std::vector<std::shared_ptr<llama::Embedder>> embedders_;
};

}  // namespace

std::shared_ptr<Plugin> llamacpp(LlamaCppOptions options) {
  return std::make_shared<LlamaCpp>(std::move(options));
}

}  // namespace genkit
