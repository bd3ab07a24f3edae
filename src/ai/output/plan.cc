#include "ai/output/plan.h"

#include <cmath>

#include <genkit/ai/response_stream.h>
#include <genkit/core/registry.h>

#include "ai/generate_request.h"
#include "ai/output/instructions.h"
#include "ai/output/output_reader.h"
#include "ai/output/watch.h"

namespace genkit::internal {

struct OutputPlan::State {
  std::shared_ptr<const OutputForm> form = make_form(nullptr, "", nullptr);
  Choice choice = Choice::kNone;
  std::string refusal = {};       ///< why the choice is kRefused
  std::string instructions = {};  ///< what goes into the messages
  OutputConfig config = {};
  int repairs = 0;
  bool stop_when_invalid = false;
};

namespace {

constexpr int kMostRepairs = 10;

[[noreturn]] void refuse(std::string_view name, std::string_view expected, const Json& value) {
  throw Error(Status::kInvalidArgument,
              "generate: output." + std::string(name) + " must be " + std::string(expected) + ", got " + to_text(value));
}

bool is_given(const std::optional<Json>& member) {
  return member && !member->is_null();
}

std::string text_of(const char* name, const std::optional<Json>& member) {
  if (!is_given(member)) return {};
  if (!member->is_string()) refuse(name, "a string", *member);
  return std::string(member->get_string());
}

std::optional<bool> boolean_of(const char* name, const std::optional<Json>& member) {
  if (!is_given(member)) return std::nullopt;
  if (!member->is_bool()) refuse(name, "true or false", *member);
  return member->get_bool();
}

int count_of(const char* name, const std::optional<Json>& member) {
  if (!is_given(member)) return 0;
  const double number = member->is_number() ? member->to_number<double>() : -1;
  if (!(number >= 0 && number <= kMostRepairs) || number != std::floor(number)) refuse(name, "a count from 0 to 10", *member);
  return static_cast<int>(number);
}

SharedJson requested_schema(const OutputRequest& output) {
  SharedJson schema = output.json_schema;
  const Json* other = output.extra.members.if_contains("schema");  // what some callers name it
  if (schema.is_null() && other != nullptr) schema = *other;
  if (!schema.is_null() && !schema->is_object() && !schema->is_bool()) refuse("jsonSchema", "a JSON Schema", schema);
  return schema;
}

const Json* supports_of(const ActionInfo& model) {
  const Json* info = find_member(model.metadata, "model");
  return info != nullptr ? find_member(*info, "supports") : nullptr;
}

bool model_constrains(const Json* supports, bool has_tools) {
  const Json* constrained = supports != nullptr ? find_member(*supports, "constrained") : nullptr;
  return constrained != nullptr && constrained->is_string() && constrains(constrained->get_string(), has_tools);
}

/// Models that say what they give and give no text (images, sound) cannot give a structure.
bool gives_text(const Json* supports) {
  const Json* output = supports != nullptr ? find_member(*supports, "output") : nullptr;
  if (output == nullptr || !output->is_array() || output->get_array().empty()) return true;
  for (const Json& kind : output->get_array()) {
    if (kind == "text" || kind == "json") return true;
  }
  return false;
}

const char* name_of(OutputPlan::Choice choice) {
  switch (choice) {
    case OutputPlan::Choice::kNative:
      return "native";
    case OutputPlan::Choice::kSimulated:
      return "simulated";
    case OutputPlan::Choice::kRefused:
      return "refused";
    case OutputPlan::Choice::kNone:
      break;
  }
  return "none";
}

std::string choose_instructions(const OutputForm& form, const std::optional<Json>& wish) {
  if (is_given(wish) && wish->is_string()) return std::string(wish->get_string());
  if (is_given(wish) && !wish->is_bool()) refuse("instructions", "true, false or a text", *wish);
  const bool wanted = is_given(wish) ? wish->get_bool() : form.options.default_instructions;
  return wanted ? form.handler.instructions : std::string();
}

OutputConfig make_config(const OutputForm& form, const OutputRequest& output) {
  OutputConfig config;
  config.format = form.options.name;
  if (!form.schema.is_null()) config.schema = form.schema.get();
  config.constrained = boolean_of("constrained", output.constrained);
  if (!config.constrained) config.constrained = form.options.constrained;
  config.content_type = text_of("contentType", output.content_type);
  if (config.content_type->empty()) config.content_type = form.options.content_type;
  if (config.content_type->empty()) config.content_type.reset();
  return config;
}

}  // namespace

OutputPlan::OutputPlan() {
  static const auto text = std::make_shared<const State>();
  state_ = text;
}

OutputPlan OutputPlan::make(Registry& registry, const std::optional<OutputRequest>& output, const ActionInfo& model,
                            bool has_tools) {
  if (!output) return OutputPlan();
  auto state = std::make_shared<State>();
  state->form = make_form(&registry, text_of("format", output->format), requested_schema(*output));
  state->repairs = count_of("repairs", output->repairs);
  state->stop_when_invalid = boolean_of("stopWhenInvalid", output->stop_when_invalid).value_or(false);
  if (!state->form->is_asked_for) return OutputPlan(std::move(state));

  state->instructions = choose_instructions(*state->form, output->instructions);
  state->config = make_config(*state->form, *output);
  const Json* supports = supports_of(model);
  if (state->form->kind != FormatKind::kText && !gives_text(supports)) {
    state->choice = Choice::kRefused;
    state->refusal = "model \"" + model.name + "\" gives " + to_text(supports->get_object().at("output")) +
                     " and no text: it cannot answer in the form \"" + state->form->options.name + "\"";
  } else if (state->config.constrained.value_or(false) && state->config.schema) {
    state->choice = model_constrains(supports, has_tools) ? Choice::kNative : Choice::kSimulated;
  }
  return OutputPlan(std::move(state));
}

OutputPlan OutputPlan::of_response(Registry* registry, const ModelResponse& response) {
  if (!response.request || !response.request->output) return OutputPlan();
  const OutputConfig& config = *response.request->output;
  if (!config.format && !config.schema) return OutputPlan();
  auto state = std::make_shared<State>();
  state->form = make_form(registry, config.format.value_or(""), config.schema.value_or(nullptr));
  return OutputPlan(std::move(state));
}

OutputPlan::Choice OutputPlan::choice() const noexcept {
  return state_->choice;
}

void OutputPlan::describe(Span& span) const {
  if (!state_->form->is_asked_for) return;
  span.set_attribute("genkit:metadata:output:format", state_->form->options.name);
  if (!state_->form->schema.is_null()) span.set_attribute("genkit:metadata:output:constraint", std::string(name_of(choice())));
  if (!state_->instructions.empty()) span.set_attribute("genkit:metadata:output:instructions", true);
}

void OutputPlan::apply(ModelRequest& request) const {
  if (state_->choice == Choice::kRefused) {
    throw Error(Status::kFailedPrecondition, state_->refusal, {{"reason", "refused"}});
  }
  request.output = state_->config;
  if (!state_->form->is_asked_for) return;
  if (!state_->instructions.empty()) {
    inject_instructions(request.messages, state_->instructions);
  } else {
    remove_old_instructions(request.messages);
  }
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

void OutputPlan::check_output(const ModelResponse& response, AnswerReader* reader) const {
  // Without a schema there is nothing that an answer must be: its value is looked at when somebody asks for it.
  if (state_->form->validator == nullptr) return;
  if (reader != nullptr && reader->has_read(*state_->form, response)) return;
  JsonMemory memory;  // of a value that nobody keeps
  read_output(*state_->form, response, &memory);
}

Json OutputPlan::parse(const ModelResponse& response) const {
  return read_output(*state_->form, response);
}

int OutputPlan::repairs() const noexcept {
  return state_->repairs;
}

Message OutputPlan::repair_message(const Error& error) {
  std::string text = "This answer cannot be used";
  const Json* issues = find_member(error.details(), "errors");
  if (issues != nullptr && issues->is_array()) {
    text += ", because it does not fit the schema:\n";
    for (const Json& issue : issues->get_array()) {
      const auto& at = issue.get_object();
      text += "\n- " + std::string(at.at("path").as_string()) + ": " + std::string(at.at("message").as_string());
    }
    text += "\n";
  } else {
    text += ": " + error.message() + ".\n";
  }
  text += "\nAnswer again, with the corrected and complete value and nothing else.";
  return Message::user(text);
}

std::unique_ptr<OutputWatch> OutputPlan::watch() const {
  return state_->stop_when_invalid ? make_watch(state_->form) : nullptr;
}

}  // namespace genkit::internal
