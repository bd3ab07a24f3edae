#include <cmath>

#include "prompt/renderer.h"

namespace genkit {
namespace {

const Json& null_json() {
  static const Json* null = new Json(nullptr);
  return *null;
}

std::string_view kind_of(const Json& value) {
  switch (value.kind()) {
    case boost::json::kind::null:
      return "nothing";
    case boost::json::kind::bool_:
      return "a boolean";
    case boost::json::kind::string:
      return "text";
    case boost::json::kind::array:
      return "an array";
    case boost::json::kind::object:
      return "an object";
    default:
      return "a number";
  }
}

}  // namespace

std::string_view HelperCall::name() const {
  return frame_.name;
}

std::size_t HelperCall::size() const {
  return frame_.size;
}

const Json& HelperCall::operator[](std::size_t index) const {
  return is_undefined(index) ? null_json() : frame_.renderer.as_json(frame_.arguments[index]);
}

bool HelperCall::is_undefined(std::size_t index) const {
  return index >= frame_.size || frame_.arguments[index].is_undefined();
}

std::string_view HelperCall::text(std::size_t index) const {
  return is_undefined(index) ? std::string_view() : frame_.renderer.as_text(frame_.arguments[index]);
}

bool HelperCall::same(std::size_t left, std::size_t right) const {
  const auto value = [this](std::size_t index) {
    return index < frame_.size ? frame_.arguments[index] : internal::TemplateValue();
  };
  return internal::strictly_equal(value(left), value(right));
}

const Json* HelperCall::hash(std::string_view key) const {
  for (std::size_t i = frame_.hash_size; i > 0; --i) {
    const internal::HashEntry& entry = frame_.hash[i - 1];
    if (entry.key == key) return entry.value.is_undefined() ? nullptr : &frame_.renderer.as_json(entry.value);
  }
  return nullptr;
}

std::vector<std::string_view> HelperCall::hash_keys() const {
  std::vector<std::string_view> keys;
  for (std::size_t i = frame_.hash_size; i > 0; --i) keys.push_back(frame_.hash[i - 1].key);
  return keys;
}

const Json& HelperCall::context() const {
  return frame_.renderer.as_json(internal::helper_context(frame_.where.context));
}

const Json* HelperCall::data(std::string_view name) const {
  const internal::TemplateValue value = internal::data_variable(frame_.where.data, name);
  return value.is_undefined() ? nullptr : &frame_.renderer.as_json(value);
}

bool HelperCall::is_block() const {
  return frame_.node != nullptr;
}

std::string HelperCall::fn() const {
  if (!is_block()) return {};
  return frame_.renderer.render_block(frame_.where, frame_.node->body, internal::helper_context(frame_.where.context), {});
}

std::string HelperCall::fn(const Json& context, const HelperBlock& block) const {
  return is_block() ? frame_.renderer.render_block(frame_.where, frame_.node->body, internal::TemplateValue(context), block)
                    : std::string();
}

std::string HelperCall::inverse() const {
  if (!is_block()) return {};
  return frame_.renderer.render_block(frame_.where, frame_.node->inverse, internal::helper_context(frame_.where.context), {});
}

std::string HelperCall::inverse(const Json& context) const {
  return is_block() ? frame_.renderer.render_block(frame_.where, frame_.node->inverse, internal::TemplateValue(context), {})
                    : std::string();
}

void HelperCall::fail(std::string_view reason) const {
  throw Error(Status::kInvalidArgument, std::string(reason));
}

namespace internal {

std::string_view helper_text(const HelperCall& call, std::size_t index) {
  return call.text(index);
}

double helper_number(const HelperCall& call, std::size_t index) {
  const Json& value = call[index];
  if (!value.is_number()) {
    call.fail("argument " + std::to_string(index + 1) + " must be a number, not " + std::string(kind_of(value)));
  }
  return value.to_number<double>();
}

long long helper_integer(const HelperCall& call, std::size_t index) {
  const double number = helper_number(call, index);
  if (const Json& value = call[index]; value.is_int64()) return value.get_int64();
  if (number != std::trunc(number) || std::abs(number) >= 9223372036854775808.0) {
    call.fail("argument " + std::to_string(index + 1) + " must be a whole number of 64 bits, not " +
              std::string(call.text(index)));
  }
  return static_cast<long long>(number);
}

bool helper_bool(const HelperCall& call, std::size_t index) {
  return is_truthy(TemplateValue(call[index]));
}

void check_helper_arity(const HelperCall& call, std::size_t least, std::size_t most) {
  if (call.size() >= least && call.size() <= most) return;
  std::string expected = std::to_string(least);
  if (most != least) expected += " to " + std::to_string(most);
  call.fail("takes " + expected + (most == 1 ? " argument, not " : " arguments, not ") + std::to_string(call.size()));
}

}  // namespace internal
}  // namespace genkit
