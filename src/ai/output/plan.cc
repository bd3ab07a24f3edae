#include "ai/output/plan.h"

namespace genkit::internal {

struct OutputPlan::State {
  int repairs = 0;
};

OutputPlan::OutputPlan() : state_(std::make_shared<const State>()) {}

OutputPlan OutputPlan::make(Registry&, const std::optional<Json>&, const ActionInfo&, bool) {
  return OutputPlan();
}

OutputPlan OutputPlan::of_response(Registry*, const ModelResponse&) {
  return OutputPlan();
}

OutputPlan::Choice OutputPlan::choice() const noexcept {
  return Choice::kNone;
}

void OutputPlan::describe(Span&) const {}

void OutputPlan::apply(ModelRequest& request) const {
  request.output.emplace();
}

void OutputPlan::check_message(const ModelResponse& response) const {
  if (response.finish_reason == FinishReason::kBlocked) {
    const std::string& why = response.finish_message.value_or("");
    throw Error(Status::kFailedPrecondition, why.empty() ? "Generation blocked." : "Generation blocked: " + why,
                {{"reason", "blocked"}, {"text", response.text()}, {"response", to_json(response)}});
  }
  if (!response.message) {
    throw Error(Status::kFailedPrecondition,
                "Model did not generate a message. Finish reason: " + to_text(to_json(response.finish_reason)) + ": " +
                    response.finish_message.value_or("no reason given"),
                {{"response", to_json(response)}});
  }
}

void OutputPlan::check_output(const ModelResponse&) const {}

Json OutputPlan::parse(const ModelResponse& response) const {
  return Json(response.text());
}

int OutputPlan::repairs() const noexcept {
  return state_->repairs;
}

Message OutputPlan::repair_message(const Error& error) {
  return Message::user(error.message());
}

std::unique_ptr<OutputWatch> OutputPlan::watch() const {
  return nullptr;
}

}  // namespace genkit::internal
