#include "ai/output/json_extractor.h"

#include <algorithm>

namespace genkit::internal {
namespace {

// Prose can hold many brackets that begin no value, and each is tried: what is read more than once may be four times the text.
constexpr std::size_t kMostReadAgain = 4;
constexpr std::size_t kFreeReadAgain = 64 * 1024;

// References can multiply: what a schema says beyond so many subschemas is not looked at.
constexpr int kMostSubschemas = 200;

RootTypes type_of(const Json& value) {
  switch (value.kind()) {
    case boost::json::kind::object:
      return kRootObject;
    case boost::json::kind::array:
      return kRootArray;
    case boost::json::kind::string:
      return kRootString;
    case boost::json::kind::bool_:
      return kRootBoolean;
    case boost::json::kind::null:
      return kRootNull;
    default:
      return kRootNumber;
  }
}

RootTypes type_named(const Json& name) {
  if (name == "object") return kRootObject;
  if (name == "array") return kRootArray;
  if (name == "string") return kRootString;
  if (name == "number" || name == "integer") return kRootNumber;
  if (name == "boolean") return kRootBoolean;
  return name == "null" ? kRootNull : RootTypes{kRootAny};
}

template <class Function>
RootTypes union_of(const Json& array, const Function& types_of) {
  const JsonArray* items = array.if_array();
  if (items == nullptr || items->empty()) return kRootAny;
  RootTypes types = 0;
  for (const Json& item : *items) types |= types_of(item);
  return types;
}

/// What a local reference ("#/definitions/node") names; nullptr when it is another one.
const Json* find_reference(const Json& root, const Json& reference) {
  const auto* text = reference.if_string();
  if (text == nullptr || text->empty() || (*text)[0] != '#') return nullptr;
  boost::json::error_code error;
  const Json* found = root.find_pointer(std::string_view(*text).substr(1), error);
  return error ? nullptr : found;
}

RootTypes root_types_at(const Json& root, const Json& schema, int& subschemas) {
  RootTypes types = kRootAny;
  const JsonObject* members = schema.if_object();
  if (members == nullptr || ++subschemas > kMostSubschemas) return types;
  const auto branches = [&](const Json& branch) { return root_types_at(root, branch, subschemas); };
  if (const Json* reference = members->if_contains("$ref")) {
    const Json* target = find_reference(root, *reference);
    return target != nullptr ? branches(*target) : types;
  }
  if (const Json* type = members->if_contains("type"))
    types &= type->is_array() ? union_of(*type, type_named) : type_named(*type);
  if (const Json* values = members->if_contains("enum")) types &= union_of(*values, type_of);
  if (const Json* value = members->if_contains("const")) types &= type_of(*value);
  for (const char* keyword : {"anyOf", "oneOf"}) {
    if (const Json* alternatives = members->if_contains(keyword)) types &= union_of(*alternatives, branches);
  }
  if (const Json* all = members->if_contains("allOf"); all != nullptr && all->is_array()) {
    for (const Json& part : all->get_array()) types &= branches(part);
  }
  return types;
}

bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

void replay_scalar(JsonListener& listener, const Json& value, std::size_t begin, std::size_t end) {
  listener.restart();
  listener.begin({}, value, begin);
  listener.end(value, end);
}

}  // namespace

RootTypes root_types(const Json& schema) {
  int subschemas = 0;
  return root_types_at(schema, schema, subschemas);
}

JsonExtractor::JsonExtractor(std::shared_ptr<const SchemaValidator> validator, JsonListener* listener, JsonMemory* memory)
    : validator_(std::move(validator)), listener_(listener), memory_(memory), stream_(nullptr, JsonMemory::storage_of(memory)) {
  if (validator_ == nullptr) return;
  types_ = root_types(validator_->schema());
  types_are_known_ = types_ != kRootAny;
}

const Json* JsonExtractor::value() const noexcept {
  const bool is_there = mode_ == Mode::kFound || (mode_ == Mode::kReading && is_visible_ && stream_.has_value());
  return is_there ? &stream_.value() : nullptr;
}

std::size_t JsonExtractor::completed_items() const noexcept {
  return value() != nullptr ? stream_.completed_items() : 0;
}

JsonExtractor::Problem JsonExtractor::problem() const noexcept {
  if (mode_ == Mode::kReading && is_visible_) return Problem::kTruncated;
  if (has_misfit_) return Problem::kMisfit;
  if (failure_) return Problem::kUnparsable;
  return mode_ == Mode::kReading ? Problem::kTruncated : Problem::kMissing;
}

void JsonExtractor::advance(std::string_view text) {
  run(text);
}

void JsonExtractor::run(std::string_view text) {
  while (at_ < text.size() && mode_ != Mode::kFound) {
    if (mode_ == Mode::kSearching) search(text);
    if (mode_ == Mode::kReading) read(text);
    if (mode_ == Mode::kSkipping) skip(text);
  }
}

void JsonExtractor::finish(std::string_view text) {
  run(text);
  if (mode_ == Mode::kReading) {
    stream_.finish();
    if (stream_.state() == JsonStream::State::kDone) accept_or_pass();
    if (stream_.state() == JsonStream::State::kFailed) abandon();
    run(text);
  }
  const bool is_empty_handed = mode_ == Mode::kSearching && !has_misfit_ && !failure_;
  if (is_empty_handed && !types_are_known_) read_bare_value(text);
}

/// Without a schema only objects and arrays are looked for, as any word could be a value. A text that is nothing but a value is
/// one.
void JsonExtractor::read_bare_value(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return;
  stream_.set_listener(nullptr);
  restart(begin);
  const std::size_t end = begin + stream_.feed(text.substr(begin));
  stream_.finish();
  if (stream_.state() != JsonStream::State::kDone || text.find_first_not_of(" \t\r\n", end) != std::string_view::npos) return;
  begin_ = begin;
  accept_or_pass();
}

bool JsonExtractor::begins_value(std::string_view text, std::size_t at) const {
  const char c = text[at];
  if (c == '{' || c == '[') return true;
  if (!types_are_known_) return false;
  const bool inside_word = at > 0 && is_alphanumeric(text[at - 1]);
  switch (c) {
    case '"':
      return (types_ & kRootString) != 0;
    case 't':
    case 'f':
      return (types_ & kRootBoolean) != 0 && !inside_word;
    case 'n':
      return (types_ & kRootNull) != 0 && !inside_word;
    default:
      return (types_ & kRootNumber) != 0 && !inside_word && ((c >= '0' && c <= '9') || c == '-');
  }
}

void JsonExtractor::search(std::string_view text) {
  while (at_ < text.size() && !begins_value(text, at_)) ++at_;
  if (at_ == text.size()) return;
  begin_ = at_;
  mode_ = Mode::kReading;
  const char c = text[at_];
  // A word of prose may begin as true, false or null do: those show when they are complete.
  is_visible_ = c == '{'               ? (types_ & kRootObject) != 0
                : c == '['             ? (types_ & kRootArray) != 0
                : c >= 'a' && c <= 'z' ? false
                                       : true;
  stream_.set_listener(is_visible_ ? listener_ : nullptr);
  restart(begin_);
}

void JsonExtractor::read(std::string_view text) {
  at_ += stream_.feed(text.substr(at_));
  if (stream_.state() == JsonStream::State::kDone) accept_or_pass();
  if (stream_.state() == JsonStream::State::kFailed) abandon();
}

void JsonExtractor::accept_or_pass() {
  std::vector<ValidationIssue> issues;
  if (validator_ == nullptr || validator_->validate(stream_.value(), &issues)) {
    mode_ = Mode::kFound;
    if (!is_visible_ && listener_ != nullptr && !stream_.value().is_structured()) {
      replay_scalar(*listener_, stream_.value(), begin_, at_);
    }
    return;
  }
  if (!has_misfit_) {
    has_misfit_ = true;
    misfit_ = stream_.release();
    issues_ = std::move(issues);
  }
  forget();
}

/// What was read is not the value.
void JsonExtractor::forget() {
  mode_ = Mode::kSearching;
  restart(at_);
}

void JsonExtractor::restart(std::size_t offset) {
  stream_.restart(offset);
  if (memory_ != nullptr) memory_->release();
}

void JsonExtractor::abandon() {
  const bool is_broken = stream_.completed_values() > 0;
  // Brackets in prose are no broken values: what is wrong with them matters only when there is no other.
  if (!failure_ || (is_broken && !failure_is_broken_value_)) {
    failure_ = stream_.failure();
    failure_is_broken_value_ = is_broken;
  }
  skip_depth_ = stream_.depth();
  forget();
  if (is_broken && skip_depth_ > 0) {
    mode_ = Mode::kSkipping;
    skip_string_ = skip_escape_ = false;
    return;
  }
  const std::size_t size = at_ - begin_;
  // Of what was read so far, not of all that is there: the same for any split of the text.
  if (read_again_ + size <= kMostReadAgain * at_ + kFreeReadAgain) {
    read_again_ += size;
    at_ = begin_ + 1;
  } else {
    at_ = std::max(at_, begin_ + 1);
  }
}

/// Goes to the end of a value that is broken, as far as its brackets tell where that is.
void JsonExtractor::skip(std::string_view text) {
  for (; at_ < text.size(); ++at_) {
    const char c = text[at_];
    if (skip_escape_) {
      skip_escape_ = false;
    } else if (c == '\\') {
      skip_escape_ = skip_string_;
    } else if (c == '"') {
      skip_string_ = !skip_string_;
    } else if (skip_string_) {
      continue;
    } else if (c == '{' || c == '[') {
      ++skip_depth_;
    } else if ((c == '}' || c == ']') && --skip_depth_ == 0) {
      ++at_;
      mode_ = Mode::kSearching;
      return;
    }
  }
}

}  // namespace genkit::internal
