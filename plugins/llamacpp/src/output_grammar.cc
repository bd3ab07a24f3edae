#include "output_grammar.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include <genkit/base/error.h>

#include "tool_calling.h"

namespace genkit::llama {
namespace {

/// Says whose schema it is.
template <class Work>
auto about(std::string_view model, const std::string& what, const Work& work) -> decltype(work()) {
  try {
    return work();
  } catch (const Error& error) {
    throw Error(error.status(), "model \"" + std::string(model) + "\": " + what + ": " + error.message(), error.details());
  } catch (const Refusal& refusal) {
    throw Error(Status::kInvalidArgument, "model \"" + std::string(model) + "\": " + what +
                                              ": the schema cannot be made into a grammar: it " + refusal.what());
  }
}

bool is_constrained(const ModelRequest& request) {
  if (!request.output || !request.output->constrained.value_or(false)) return false;
  const OutputConfig& output = *request.output;
  const bool has_schema = output.schema && !output.schema->is_null();
  return output.format != "text" && (has_schema || output.format == "json" || output.content_type == "application/json");
}

/// The values of an enumeration, which are written without quotes; nothing where quotes are needed.
std::optional<std::vector<std::string>> bare_values(const Json& schema) {
  const Json* values = find_member(schema, "enum");
  if (values == nullptr || !values->is_array()) return std::nullopt;
  std::vector<std::string> texts;
  for (const Json& value : values->get_array()) {
    if (!value.is_string() || value.get_string().empty()) return std::nullopt;
    texts.emplace_back(value.get_string());
  }
  return texts;
}

class OutputGrammarBuilder {
 public:
  OutputGrammarBuilder(std::string_view model, const ModelRequest& request) : model_(model), request_(request) {}

  Grammar build() {
    if (chooses_tool(request_)) {
      Sequence root = literal(kToolChoiceHead);
      append(root, builder_.choice("choice", choices()));
      return about(model_, "tools", [&] { return Grammar{builder_.build(root), std::move(checked_)}; });
    }
    if (!is_constrained(request_)) return {};
    return about(model_, "output.schema", [&] {
      const Sequence root = output();
      return Grammar{builder_.build(root), std::move(checked_)};
    });
  }

 private:
  std::vector<Sequence> choices() {
    std::vector<Sequence> result;
    for (const ToolDefinition& tool : *request_.tools) {
      if (request_.tool_choice != ToolChoice::kRequired && has_answered(tool.name)) continue;
      result.push_back(about(model_, "tool \"" + tool.name + "\": inputSchema", [&] { return call(tool); }));
    }
    if (request_.tool_choice != ToolChoice::kRequired) {
      Sequence none = literal(no_tool_head(*request_.tools).substr(kToolChoiceHead.size()));
      append(none, about(model_, "output.schema", [&] { return is_constrained(request_) ? output() : builder_.free_text(); }));
      result.push_back(std::move(none));
    }
    return result;
  }

  /// Small models would call a tool whose result is there again and again.
  bool has_answered(std::string_view tool) const {
    for (auto message = request_.messages.rbegin(); message != request_.messages.rend(); ++message) {
      if (message->role == Role::kUser) return false;
      for (const Part& part : message->content) {
        if (part.tool_response && part.tool_response->name == tool) return true;
      }
    }
    return false;
  }

  Sequence call(const ToolDefinition& tool) {
    Sequence result = literal(tool.name);
    append(result, literal(kToolInputHead));
    const bool takes_input = tool.input_schema && !tool.input_schema->is_null();
    // In the form in which calls are written later on, when they are a part of the conversation: their tokens are reused.
    append(result, takes_input ? SchemaGrammar(builder_, *tool.input_schema, {.spaces = false}).value(tool.name) : literal("{}"));
    append(result, literal("}"));
    return result;
  }

  Sequence output() {
    static const Json kAnything = JsonObject();
    const OutputConfig& config = *request_.output;
    const Json& schema = config.schema && !config.schema->is_null() ? *config.schema : kAnything;
    if (config.format == "enum") {
      if (const auto values = bare_values(schema)) return *builder_.plain("value", Automaton::of_texts(*values));
    }
    SchemaGrammar grammar(builder_, schema);
    Sequence result = config.format == "jsonl" ? lines(grammar) : grammar.value();
    checked_ = grammar.checked();
    return result;
  }

  Sequence lines(SchemaGrammar& grammar) {
    const SchemaGrammar::Elements elements = grammar.elements();
    Sequence more = literal("\n");
    append(more, elements.element);
    Sequence all = elements.element;
    append(all, builder_.repeat("line", more, std::max(0, elements.min - 1), elements.max - 1));
    return elements.min > 0 ? all : builder_.repeat("lines", all, 0, 1);
  }

  const std::string_view model_;
  const ModelRequest& request_;
  GbnfBuilder builder_;
  std::vector<std::string> checked_;
};

}  // namespace

bool chooses_tool(const ModelRequest& request) {
  return request.tools && !request.tools->empty() && request.tool_choice != ToolChoice::kNone;
}

Grammar output_grammar(std::string_view model, const ModelRequest& request) {
  return OutputGrammarBuilder(model, request).build();
}

}  // namespace genkit::llama
