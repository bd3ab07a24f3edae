#include "ai/output/watch.h"

#include <algorithm>
#include <string>

#include "ai/output/json_extractor.h"
#include "ai/output/json_lines.h"
#include "ai/output/output_error.h"
#include "schema/schema_watch.h"

namespace genkit::internal {
namespace {

std::optional<Error> refusal_error(const SchemaWatch& watch, std::string_view text) {
  const SchemaWatch::Refusal* refusal = watch.refusal();
  if (refusal == nullptr) return std::nullopt;
  return ruled_out_error(text, refusal->offset, refusal->path, refusal->message);
}

class JsonWatch final : public OutputWatch {
 public:
  explicit JsonWatch(std::shared_ptr<const OutputForm> form)
      : form_(std::move(form)), watch_(form_->validator), extractor_(form_->validator, &watch_) {}

  std::optional<Error> feed(std::string_view text) override {
    text_ += text;
    extractor_.advance(text_);
    return refusal_error(watch_, text_);
  }

 private:
  std::shared_ptr<const OutputForm> form_;
  SchemaWatch watch_;
  JsonExtractor extractor_;
  std::string text_;
};

class LinesWatch final : public OutputWatch {
 public:
  explicit LinesWatch(std::shared_ptr<const OutputForm> form)
      : form_(std::move(form)), watch_(form_->validator), lines_(&watch_) {}

  std::optional<Error> feed(std::string_view text) override {
    text_ += text;
    lines_.advance(text_);
    if (const auto& failure = lines_.failure()) return unparsable_error(text_, "line of JSON", &*failure);
    return refusal_error(watch_, text_);
  }

 private:
  std::shared_ptr<const OutputForm> form_;
  SchemaWatch watch_;
  JsonLines lines_;
  std::string text_;
};

bool is_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

std::string without_quotes(std::string_view text) {
  std::string bare;
  std::copy_if(text.begin(), text.end(), std::back_inserter(bare), [](char c) { return c != '"' && c != '\''; });
  return bare;
}

class EnumWatch final : public OutputWatch {
 public:
  explicit EnumWatch(const JsonArray& values) {
    for (const Json& value : values) {
      if (value.is_string()) values_.push_back(without_quotes(value.get_string()));
    }
  }

  std::optional<Error> feed(std::string_view text) override {
    for (const char c : text) {
      text_ += c;
      if (c == '"' || c == '\'' || (bare_.empty() && is_space(c))) continue;
      bare_ += c;
      // In a code fence the value comes on a line of its own.
      if (bare_[0] != '`' && !can_be_value()) {
        return ruled_out_error(text_, text_.size() - 1, "(root)", "must be equal to one of the allowed values");
      }
    }
    return std::nullopt;
  }

 private:
  bool can_be_value() const {
    std::string_view whole = bare_;
    while (!whole.empty() && is_space(whole.back())) whole.remove_suffix(1);
    return std::any_of(values_.begin(), values_.end(),
                       [&](const std::string& value) { return value.starts_with(bare_) || value == whole; });
  }

  std::vector<std::string> values_;
  std::string text_;
  std::string bare_;
};

}  // namespace

std::unique_ptr<OutputWatch> make_watch(std::shared_ptr<const OutputForm> form) {
  if (form->validator == nullptr) return nullptr;
  switch (form->kind) {
    case FormatKind::kJson:
    case FormatKind::kArray:
      return std::make_unique<JsonWatch>(std::move(form));
    case FormatKind::kJsonl:
      return std::make_unique<LinesWatch>(std::move(form));
    case FormatKind::kEnum: {
      const Json* values = find_member(form->schema, "enum");
      if (values == nullptr || !values->is_array()) return nullptr;
      return std::make_unique<EnumWatch>(values->get_array());
    }
    default:
      return nullptr;
  }
}

}  // namespace genkit::internal
