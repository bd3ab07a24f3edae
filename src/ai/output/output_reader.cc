#include "ai/output/output_reader.h"

#include <algorithm>
#include <iterator>

#include "ai/output/json_extractor.h"
#include "ai/output/json_lines.h"
#include "ai/output/output_error.h"

namespace genkit::internal {
namespace {

constexpr std::string_view kSpace = " \t\r\n\v\f";

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(kSpace);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

std::string finish_reason_of(const ModelResponse& response) {
  return std::string(to_json(response.finish_reason).as_string());
}

void check(const OutputForm& form, std::string_view text, const Json& value) {
  if (form.validator == nullptr) return;
  std::vector<ValidationIssue> issues;
  if (!form.validator->validate(value, &issues)) throw invalid_error(text, value, form.schema, issues);
}

Json read_json(const OutputForm& form, const ModelResponse& response, const std::string& text, JsonMemory* memory) {
  JsonExtractor extractor(form.validator, nullptr, memory);
  extractor.finish(text);
  if (extractor.found()) return extractor.release();
  const bool was_cut = response.finish_reason == FinishReason::kLength;
  switch (extractor.problem()) {
    case JsonExtractor::Problem::kMisfit:
      throw invalid_error(text, extractor.misfit(), form.schema, extractor.issues());
    case JsonExtractor::Problem::kTruncated:
      throw truncated_error(text, extractor.begin_offset(), finish_reason_of(response));
    case JsonExtractor::Problem::kMissing:
    case JsonExtractor::Problem::kUnparsable:
      break;
  }
  if (was_cut) throw truncated_error(text, 0, finish_reason_of(response));
  throw unparsable_error(text, form.kind == FormatKind::kArray ? "JSON array" : "JSON value",
                         extractor.failure() ? &*extractor.failure() : nullptr);
}

Json read_enum_answer(const OutputForm& form, const ModelResponse& response, const std::string& text) {
  Json value(read_enum(text, form.schema));
  std::vector<ValidationIssue> issues;
  if (form.validator == nullptr || form.validator->validate(value, &issues)) return value;
  if (response.finish_reason == FinishReason::kLength) throw truncated_error(text, 0, finish_reason_of(response));
  throw invalid_error(text, value, form.schema, issues);
}

Json read_lines(const OutputForm& form, const ModelResponse& response, const std::string& text, JsonMemory* memory) {
  JsonLines lines(nullptr, memory);
  lines.advance(text);
  if (lines.failure()) throw unparsable_error(text, "line of JSON", &*lines.failure());
  if (const auto begin = lines.open_offset()) throw truncated_error(text, *begin, finish_reason_of(response));
  check(form, text, lines.value());
  return lines.release();
}

/// What asks for tools is no answer, whatever the model says beside.
bool is_unanswered(const ModelResponse& response, std::string_view text) {
  const std::vector<Part>& parts = response.message->content;
  return (text.empty() || response.finish_reason == FinishReason::kInterrupted) &&
         std::any_of(parts.begin(), parts.end(), [](const Part& part) { return part.tool_request.has_value(); });
}

/// Answers without text may bring their value as data.
const Json* data_of(const Message& message) {
  for (const Part& part : message.content) {
    if (part.text && !part.text->empty()) return nullptr;
  }
  for (const Part& part : message.content) {
    if (part.data) return &*part.data;
  }
  return nullptr;
}

}  // namespace

std::string read_enum(std::string_view text, const Json& schema) {
  const Json* values = find_member(schema, "enum");
  const auto is_value = [&](std::string_view candidate) {
    return values != nullptr && values->is_array() &&
           std::any_of(values->get_array().begin(), values->get_array().end(),
                       [&](const Json& value) { return value.is_string() && value.get_string() == candidate; });
  };
  text = trimmed(text);
  if (is_value(text)) return std::string(text);
  std::string bare;
  std::copy_if(text.begin(), text.end(), std::back_inserter(bare), [](char c) { return c != '"' && c != '\''; });
  bare = trimmed(bare);
  if (values == nullptr || is_value(bare)) return bare;
  if (text.starts_with("```") && text.ends_with("```") && text.size() > 6) {
    const std::size_t line = text.find('\n');
    if (line != std::string_view::npos && line < text.size() - 3) {
      return read_enum(text.substr(line + 1, text.size() - 3 - line - 1), schema);
    }
  }
  // A value that has quotes in itself, in quotes.
  if (text.size() >= 2 && (text.front() == '"' || text.front() == '\'') && text.back() == text.front()) {
    const std::string_view inner = text.substr(1, text.size() - 2);
    if (is_value(inner)) return std::string(inner);
  }
  return bare;
}

Json read_output(const OutputForm& form, const ModelResponse& response, JsonMemory* memory) {
  if (!response.message) throw unparsable_error({}, "value", nullptr);
  if (form.kind == FormatKind::kCustom) {
    Json value = form.handler.parse_message(*response.message);
    check(form, response.text(), value);
    return value;
  }
  const std::string text = response.text();
  if (const Json* data = data_of(*response.message)) {
    check(form, text, *data);
    return *data;
  }
  if (form.kind != FormatKind::kText && is_unanswered(response, text)) throw unanswered_error(response);
  switch (form.kind) {
    case FormatKind::kJson:
    case FormatKind::kArray:
      return read_json(form, response, text, memory);
    case FormatKind::kEnum:
      return read_enum_answer(form, response, text);
    case FormatKind::kJsonl:
      return read_lines(form, response, text, memory);
    default:
      return Json(text);
  }
}

}  // namespace genkit::internal
