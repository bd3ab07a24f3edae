#include <algorithm>

#include "prompt/renderer.h"

namespace genkit::internal {
namespace {

const Json& null_context() {
  static const Json* context = new Json(boost::json::object_kind);
  return *context;
}

std::string_view call_name(const CompiledTemplate& compiled, const Call& call) {
  if (call.helper != kNone) return compiled.helper_names[call.helper];
  const Range parts = compiled.paths[call.path].parts;
  return parts.empty() ? "this" : compiled.names[parts.end - 1];
}

/// `value.a.b`: what cannot have members stays as it is.
TemplateValue follow(const CompiledTemplate& compiled, TemplateValue value, Index begin, Index end,
                     bool (*ends)(const TemplateValue&)) {
  for (Index i = begin; i < end && !ends(value); ++i) value = lookup_property(value, compiled.names[i]);
  return value;
}

bool is_nullish(const TemplateValue& value) {
  return value.is_nullish();
}
bool is_falsy(const TemplateValue& value) {
  return !is_truthy(value);
}

LogLevel log_level(const TemplateValue& level) {
  constexpr std::string_view kNames[] = {"debug", "info", "warn", "error"};
  double number = 1;
  std::string_view name;
  if (level.as_text(name)) {
    const auto found = std::find(std::begin(kNames), std::end(kNames), name);
    if (found != std::end(kNames)) number = static_cast<double>(found - std::begin(kNames));
  } else {
    level.as_number(number);
  }
  if (number < 1) return LogLevel::kDebug;
  return number < 2 ? LogLevel::kInfo : number < 3 ? LogLevel::kWarning : LogLevel::kError;
}

}  // namespace

TemplateValue helper_context(const TemplateValue& context) {
  return context.is_nullish() ? TemplateValue(null_context()) : context;
}

bool is_null_context(const TemplateValue& context) {
  return context.kind() == TemplateValue::Kind::kJson && &context.json() == &null_context();
}

TemplateValue data_variable(const DataFrame* data, std::string_view name) {
  for (; data; data = data->parent) {
    switch (data->kind) {
      case DataFrame::Kind::kMembers:
        if (const Json* member = data->members->if_contains(name)) return TemplateValue(*member);
        break;
      case DataFrame::Kind::kNamed:
        if (name == data->named->name) return data->named->value();
        break;
      case DataFrame::Kind::kRoot:
        if (name == "root") return data->value;
        break;
      case DataFrame::Kind::kLoop:
        if (name == "key") return data->value;
        if (name == "index") return TemplateValue(static_cast<double>(data->index));
        if (name == "first") return TemplateValue(data->index == 0);
        if (name == "last") return TemplateValue(data->last);
        break;
      case DataFrame::Kind::kPartialBlock:
        if (name == "partial-block") return data->block ? TemplateValue::block() : TemplateValue();
        break;
    }
  }
  return {};
}

TemplateValue any_path_value(const CompiledTemplate& compiled, const Path& path, const Surroundings& where) {
  const Range parts = path.parts;
  if (path.is_data && !parts.empty()) {
    const DataFrame* data = where.data;
    for (Index i = 0; i < path.depth && data; ++i) data = data->parent;
    return follow(compiled, data_variable(data, compiled.names[parts.begin]), parts.begin + 1, parts.end, is_falsy);
  }
  if (path.parameter_level != kNone) {
    const Parameters* parameters = where.parameters;
    for (Index i = 0; i < path.parameter_level && parameters; ++i) parameters = parameters->parent;
    const bool given = parameters && path.parameter < parameters->size;
    return follow(compiled, given ? parameters->values[path.parameter] : TemplateValue(), parts.begin + 1, parts.end, is_nullish);
  }
  if (path.depth == 0) return follow(compiled, where.context, parts.begin, parts.end, is_nullish);
  const Depth* depth = where.depth;
  for (Index i = 0; i < path.depth && depth; ++i) depth = depth->parent;
  return follow(compiled, depth ? depth->context : TemplateValue(), parts.begin, parts.end, is_nullish);
}

TemplateValue Renderer::evaluate(const Expression& expression, const Surroundings& where) {
  const CompiledTemplate& compiled = *where.activation->compiled;
  switch (expression.kind) {
    case Expression::Kind::kUndefined:
      return {};
    case Expression::Kind::kLiteral:
      return TemplateValue(compiled.literals[expression.index]);
    case Expression::Kind::kPath:
      return path_value(compiled, compiled.paths[expression.index], where);
    case Expression::Kind::kCall:
      return call_value(compiled.calls[expression.index], where);
  }
  return {};
}

TemplateValue Renderer::argument(const Call& call, std::size_t index, const Surroundings& where) {
  return evaluate(where.activation->compiled->params[call.params.begin + index], where);
}

TemplateValue Renderer::call_value(const Call& call, const Surroundings& where) {
  const CompiledTemplate& compiled = *where.activation->compiled;
  if (call.mode == Call::Mode::kValue) return path_value(compiled, compiled.paths[call.path], where);
  if (call.builtin != Builtin::kNone) return builtin_value(call, where);
  if (const Helper* helper = find_helper(compiled, call)) return invoke(*helper, call, where, nullptr);
  if (call.mode == Call::Mode::kHelper) return missing_helper(call, where, nullptr);
  const TemplateValue value = path_value(compiled, compiled.paths[call.path], where);
  return value.is_nullish() ? missing_helper(call, where, nullptr) : value;
}

TemplateValue Renderer::builtin_value(const Call& call, const Surroundings& where) {
  const CompiledTemplate& compiled = *where.activation->compiled;
  if (call.builtin == Builtin::kLog) {
    log(call, where);
    return {};
  }
  if (call.builtin != Builtin::kLookup) {
    const std::string name(call_name(compiled, call));
    compiled.fail(call, "\"" + name + "\" needs a block: {{#" + name + " …}}…{{/" + name + "}}");
  }
  expect_arguments(call, where, 2);
  const TemplateValue object = argument(call, 0, where);
  const TemplateValue key = argument(call, 1, where);
  if (!is_truthy(object)) return object;
  if (key.is_undefined()) return lookup_property(object, "undefined");
  if (key.is_null()) return lookup_property(object, "null");
  return lookup_property(object, as_text(key));
}

void Renderer::log(const Call& call, const Surroundings& where) {
  TemplateValue level = call.hash.empty() ? TemplateValue() : hash_value(call, "level", where);
  if (level.is_nullish()) level = data_variable(where.data, "level");
  std::string message;
  for (std::size_t i = 0; i < call.params.size(); ++i) {
    const TemplateValue value = argument(call, i, where);
    if (i > 0) message += ' ';
    std::string_view text;
    if (value.as_text(text)) {
      message += text;
    } else {
      append_text(message, as_json(value));
    }
  }
  snapshot_->logger->log(log_level(level), message);
}

/// In reverse order, as Handlebars.js has them: it shows when a partial prints all members of its context.
const HashEntry* Renderer::hash_entries(const Call& call, const Surroundings& where) {
  if (call.hash.empty()) return nullptr;
  const CompiledTemplate& compiled = *where.activation->compiled;
  auto* entries = arena_.make_array<HashEntry>(call.hash.size());
  for (Index i = 0; i < call.hash.size(); ++i) {
    const HashPair& pair = compiled.hash[call.hash.begin + i];
    entries[call.hash.size() - 1 - i] = {pair.key, evaluate(pair.value, where)};
  }
  return entries;
}

TemplateValue Renderer::hash_value(const Call& call, std::string_view key, const Surroundings& where) {
  const CompiledTemplate& compiled = *where.activation->compiled;
  for (Index i = call.hash.begin; i < call.hash.end; ++i) {
    if (compiled.hash[i].key == key) return evaluate(compiled.hash[i].value, where);
  }
  return {};
}

const Helper* Renderer::find_helper(const CompiledTemplate& compiled, const Call& call) const {
  if (call.helper == kNone) return nullptr;
  if (compiled.helpers == snapshot_->helpers) return compiled.resolved_helpers[call.helper];
  return find_hook(compiled.helper_names[call.helper]);
}

const Helper* Renderer::find_hook(std::string_view name) const {
  const auto found = snapshot_->helpers->find(name);
  return found == snapshot_->helpers->end() ? nullptr : &found->second;
}

/// A call of something that is no helper. Without arguments it is a value that is not there.
TemplateValue Renderer::missing_helper(const Call& call, const Surroundings& where, const Node* node) {
  const CompiledTemplate& compiled = *where.activation->compiled;
  const std::string name(call_name(compiled, call));
  if (call.mode == Call::Mode::kHelper && is_truthy(path_value(compiled, compiled.paths[call.path], where))) {
    compiled.fail(call, "\"" + name + "\" is a value, not a helper: it takes no arguments");
  }
  if (const Helper* hook = find_hook("helperMissing")) return invoke(*hook, call, where, node);
  if (call.params.empty()) {
    hash_entries(call, where);  // what is wrong in there is an error all the same
    return {};
  }
  compiled.fail(call, "missing helper \"" + name + "\"; define it with define_helper");
}

/// Goes on with the exception at hand, which says then which helper it was, and where.
void Renderer::helper_failed(const HelperFrame& frame, const Call& call) {
  const CompiledTemplate& compiled = *frame.where.activation->compiled;
  const std::string what = "helper \"" + std::string(frame.name) + "\": ";
  try {
    throw;
  } catch (const Error& error) {
    if (find_member(error.details(), "template")) throw;  // says already where it happened
    compiled.fail(call, what + error.message(), error.status(), std::current_exception());
  } catch (const std::exception& error) {
    compiled.fail(call, what + error.what(), Status::kInternal, std::current_exception());
  }
}

HelperFrame Renderer::helper_frame(const Call& call, const Surroundings& where, const Node* node,
                                   const TemplateValue* only_argument) {
  const std::size_t size = only_argument ? 1 : call.params.size();
  auto* arguments = arena_.make_array<TemplateValue>(size);
  for (std::size_t i = 0; i < size; ++i) arguments[i] = only_argument ? *only_argument : argument(call, i, where);
  const HashEntry* hash = hash_entries(call, where);
  return {*this, where, call_name(*where.activation->compiled, call), arguments, size, hash, call.hash.size(), node};
}

/// Appends what a helper that prints has to say to `out`.
void Renderer::print(const Helper& helper, const Call& call, const Surroundings& where, const Node* node, std::string& out) {
  HelperFrame frame = helper_frame(call, where, node);
  try {
    helper.print(HelperCall(frame), out);
  } catch (const std::exception&) {
    helper_failed(frame, call);
  }
}

TemplateValue Renderer::printed_value(const Helper& helper, const Call& call, const Surroundings& where, const Node* node) {
  std::string printed;
  print(helper, call, where, node, printed);
  TemplateValue value(values_.push(Json(printed)));
  value.set_safe();
  return value;
}

HelperResult Renderer::run_helper(const Helper& helper, HelperFrame& frame, const Call& call) {
  try {
    return helper.function(HelperCall(frame));
  } catch (const std::exception&) {
    helper_failed(frame, call);
  }
}

/// The value that a helper gives. Helpers may render their blocks, which may call helpers: the frames of these functions stand on
/// the stack as often as that goes on.
TemplateValue Renderer::invoke(const Helper& helper, const Call& call, const Surroundings& where, const Node* node,
                               const TemplateValue* only_argument) {
  if (helper.print != nullptr) return printed_value(helper, call, where, node);
  HelperFrame frame = helper_frame(call, where, node, only_argument);
  const std::size_t held_marks = held_marks_.size();
  HelperResult result = run_helper(helper, frame, call);
  if (reserved_ != '\0') admit(result, *where.activation->compiled, call, node);
  held_marks_.resize(held_marks);
  if (result.undefined) return {};
  TemplateValue value(values_.push(std::move(result.value)));
  if (result.safe) value.set_safe();
  return value;
}

/// Lets through the marks that a helper may print: those that its block made.
void Renderer::admit(HelperResult& result, const CompiledTemplate& compiled, const Call& call, const Node* node) const {
  if (!result.value.is_string()) {
    result.safe = false;
  } else if (node) {
    result.value = release_marks(compiled, call, result.value.get_string());
    result.safe = true;
  } else if (result.safe) {
    check_reserved(compiled, call, result.value.get_string());
  }
}

void Renderer::expect_arguments(const Call& call, const Surroundings& where, std::size_t count) const {
  if (call.params.size() == count) return;
  const CompiledTemplate& compiled = *where.activation->compiled;
  compiled.fail(call, "\"" + std::string(call_name(compiled, call)) + "\" takes " + std::to_string(count) +
                          (count == 1 ? " argument, not " : " arguments, not ") + std::to_string(call.params.size()));
}

const Json& Renderer::as_json(const TemplateValue& value) {
  if (value.kind() == TemplateValue::Kind::kJson) return value.json();
  // A few partials that pass their context on twice make an object of thousands of objects.
  constexpr std::size_t kStepsForEach = 64;
  const std::size_t limit = main_.options.limits.steps;
  steps_ += kStepsForEach * count_values(value, (limit - std::min(steps_, limit)) / kStepsForEach + 1);
  if (steps_ > limit) exhausted();
  return values_.push(to_json(value));
}

std::string_view Renderer::as_text(const TemplateValue& value) {
  std::string_view text;
  if (value.as_text(text)) return text;
  std::string scratch;
  return std::string_view(values_.push(Json(display_text(value, scratch))).get_string());
}

}  // namespace genkit::internal
