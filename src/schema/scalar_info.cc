#include <cmath>
#include <limits>

#include <genkit/schema/reflect.h>

#include "base/json_sink.h"
#include "schema/constraints.h"
#include "schema/issues.h"
#include "schema/memory.h"

namespace genkit::internal {
namespace {

using View = ConstraintView;

std::uint64_t largest(std::size_t size, bool is_signed) {
  return std::numeric_limits<std::uint64_t>::max() >> (64 - size * 8 + (is_signed ? 1 : 0));
}
std::int64_t smallest(std::size_t size, bool is_signed) {
  return is_signed ? -static_cast<std::int64_t>(largest(size, true)) - 1 : 0;
}

}  // namespace

// --- null

void NullInfo::encode_at(const void*, Json& json, int) const {
  json = nullptr;
}
void NullInfo::append_at(const void*, JsonSink& sink, int) const {
  sink.put("null");
}
bool NullInfo::decode_at(const Json& json, void*, const Place& place, Issues& issues) const {
  return json.is_null() || issues.add_unexpected(place, "null", json);
}
void NullInfo::write_schema(SchemaBuilder&, JsonObject& schema) const {
  schema["type"] = "null";
}
bool NullInfo::is_empty(const void*) const {
  return true;
}
bool NullInfo::is_absent(const void*) const {
  return true;
}
std::string NullInfo::name() const {
  return "null";
}

// --- bool

void BoolInfo::encode_at(const void* object, Json& json, int) const {
  json = load<bool>(object);
}
void BoolInfo::append_at(const void* object, JsonSink& sink, int) const {
  sink.put(load<bool>(object) ? "true" : "false");
}
bool BoolInfo::decode_at(const Json& json, void* object, const Place& place, Issues& issues) const {
  const bool* value = json.if_bool();
  if (value == nullptr) return issues.add_unexpected(place, "boolean", json);
  store(object, *value);
  return true;
}
void BoolInfo::write_schema(SchemaBuilder&, JsonObject& schema) const {
  schema["type"] = "boolean";
}
bool BoolInfo::is_empty(const void* object) const {
  return !load<bool>(object);
}
std::string BoolInfo::name() const {
  return "boolean";
}

// --- integers

void IntegerInfo::encode_at(const void* object, Json& json, int) const {
  if (is_signed_) {
    json = load_signed(object, size());
    return;
  }
  const std::uint64_t value = load_unsigned(object, size());
  // As the parser reads it: unsigned only where it must be.
  if (value <= largest(8, true)) {
    json = static_cast<std::int64_t>(value);
  } else {
    json = value;
  }
}
void IntegerInfo::append_at(const void* object, JsonSink& sink, int) const {
  if (is_signed_) {
    put_integer(sink, load_signed(object, size()));
  } else {
    put_integer(sink, load_unsigned(object, size()));
  }
}
bool IntegerInfo::decode_at(const Json& json, void* object, const Place& place, Issues& issues) const {
  const std::uint64_t max = largest(size(), is_signed_);
  const std::int64_t min = smallest(size(), is_signed_);
  std::uint64_t bits = 0;
  bool too_low = false;
  bool too_high = false;
  if (const std::int64_t* integer = json.if_int64()) {
    too_low = *integer < min;
    too_high = *integer > 0 && static_cast<std::uint64_t>(*integer) > max;
    bits = static_cast<std::uint64_t>(*integer);
  } else if (const std::uint64_t* natural = json.if_uint64()) {
    too_high = *natural > max;
    bits = *natural;
  } else if (const double* real = json.if_double(); real != nullptr && std::isfinite(*real) && *real == std::trunc(*real)) {
    constexpr double kTwo64 = 18446744073709551616.0;
    constexpr double kTwo63 = 9223372036854775808.0;
    too_low = *real < static_cast<double>(min);
    too_high = *real >= kTwo64 || (*real > 0 && static_cast<std::uint64_t>(*real) > max);
    if (!too_low && !too_high) {
      bits = *real < kTwo63 ? static_cast<std::uint64_t>(static_cast<std::int64_t>(*real)) : static_cast<std::uint64_t>(*real);
    }
  } else {
    return issues.add_unexpected(place, "integer", json);
  }
  if (too_low) return issues.add(place, "must be >= " + std::to_string(min) + ", got " + brief_text(json));
  if (too_high) return issues.add(place, "must be <= " + std::to_string(max) + ", got " + brief_text(json));
  store_bits(object, size(), bits);
  return true;
}
void IntegerInfo::write_schema(SchemaBuilder&, JsonObject& schema) const {
  schema["type"] = "integer";
  // The limits of int and larger types say nothing to a model or a person; that a number is natural, or a byte, does.
  if (!is_signed_ || size() < 4) schema["minimum"] = smallest(size(), is_signed_);
  if (size() < 4) schema["maximum"] = largest(size(), is_signed_);
}
bool IntegerInfo::is_empty(const void* object) const {
  return load_unsigned(object, size()) == 0;
}
std::string IntegerInfo::name() const {
  return "integer";
}
ConstraintView IntegerInfo::constraint_view(const void* object) const {
  View view;
  view.kind = is_signed_ ? View::Kind::kInt : View::Kind::kUint;
  if (is_signed_) {
    view.integer = load_signed(object, size());
  } else {
    view.natural = load_unsigned(object, size());
  }
  return view;
}

// --- floating point

namespace {
double load_real(const void* object, std::size_t size) {
  return size == sizeof(float) ? load<float>(object) : load<double>(object);
}
}  // namespace

void RealInfo::encode_at(const void* object, Json& json, int) const {
  json = load_real(object, size());
}
void RealInfo::append_at(const void* object, JsonSink& sink, int) const {
  put_double(sink, load_real(object, size()));
}
bool RealInfo::decode_at(const Json& json, void* object, const Place& place, Issues& issues) const {
  double value = 0;
  if (const double* real = json.if_double()) {
    value = *real;
  } else if (const std::int64_t* integer = json.if_int64()) {
    value = static_cast<double>(*integer);
  } else if (const std::uint64_t* natural = json.if_uint64()) {
    value = static_cast<double>(*natural);
  } else {
    return issues.add_unexpected(place, "number", json);
  }
  if (size() == sizeof(double)) {
    store(object, value);
    return true;
  }
  if (std::isfinite(value) && std::abs(value) > std::numeric_limits<float>::max()) {
    return issues.add(place, "must fit into a 32-bit float, got " + brief_text(json));
  }
  store(object, static_cast<float>(value));
  return true;
}
void RealInfo::write_schema(SchemaBuilder&, JsonObject& schema) const {
  schema["type"] = "number";
}
bool RealInfo::is_empty(const void* object) const {
  return load_real(object, size()) == 0;
}
std::string RealInfo::name() const {
  return "number";
}
ConstraintView RealInfo::constraint_view(const void* object) const {
  View view;
  view.kind = View::Kind::kReal;
  view.real = load_real(object, size());
  return view;
}

// --- strings

void StringInfo::fill_clear(void* object) const {
  static_cast<std::string*>(object)->clear();
}
void StringInfo::encode_at(const void* object, Json& json, int) const {
  json.emplace_string() = *static_cast<const std::string*>(object);
}
void StringInfo::append_at(const void* object, JsonSink& sink, int) const {
  put_string(sink, *static_cast<const std::string*>(object));
}
bool StringInfo::decode_at(const Json& json, void* object, const Place& place, Issues& issues) const {
  const boost::json::string* text = json.if_string();
  if (text == nullptr) return issues.add_unexpected(place, "string", json);
  static_cast<std::string*>(object)->assign(text->data(), text->size());
  return true;
}
void StringInfo::write_schema(SchemaBuilder&, JsonObject& schema) const {
  schema["type"] = "string";
}
bool StringInfo::is_empty(const void* object) const {
  return static_cast<const std::string*>(object)->empty();
}
std::string StringInfo::name() const {
  return "string";
}
ConstraintView StringInfo::constraint_view(const void* object) const {
  View view;
  view.kind = View::Kind::kText;
  view.text = *static_cast<const std::string*>(object);
  return view;
}

// --- types that are text in JSON

void TextInfo::encode_at(const void* object, Json& json, int) const {
  std::string text;
  append_(object, text);
  json = text;
}
void TextInfo::append_at(const void* object, JsonSink& sink, int) const {
  std::string text;
  append_(object, text);
  put_string(sink, text);
}
bool TextInfo::decode_at(const Json& json, void* object, const Place& place, Issues& issues) const {
  const boost::json::string* text = json.if_string();
  if (text == nullptr) return issues.add_unexpected(place, "string", json);
  const char* complaint = parse_(*text, object);
  return complaint == nullptr || issues.add(place, std::string(complaint) + ", got " + brief_text(json));
}
void TextInfo::write_schema(SchemaBuilder&, JsonObject& schema) const {
  schema["type"] = "string";
  if (pattern_.empty()) {
    schema["format"] = format_;
  } else {
    schema["pattern"] = pattern_;
  }
}
bool TextInfo::is_empty(const void*) const {
  return false;
}
std::string TextInfo::name() const {
  return std::string(format_);
}

// --- the library's own instances

const NullInfo Descriptor<std::nullptr_t>::value(kCopyableLife<std::nullptr_t>);
const NullInfo Descriptor<std::monostate>::value(kCopyableLife<std::monostate>);
const BoolInfo Descriptor<bool>::value(kCopyableLife<bool>);
const IntegerInfo Descriptor<signed char>::value(kCopyableLife<signed char>, true);
const IntegerInfo Descriptor<unsigned char>::value(kCopyableLife<unsigned char>, false);
const IntegerInfo Descriptor<short>::value(kCopyableLife<short>, true);
const IntegerInfo Descriptor<unsigned short>::value(kCopyableLife<unsigned short>, false);
const IntegerInfo Descriptor<int>::value(kCopyableLife<int>, true);
const IntegerInfo Descriptor<unsigned>::value(kCopyableLife<unsigned>, false);
const IntegerInfo Descriptor<long>::value(kCopyableLife<long>, true);
const IntegerInfo Descriptor<unsigned long>::value(kCopyableLife<unsigned long>, false);
const IntegerInfo Descriptor<long long>::value(kCopyableLife<long long>, true);
const IntegerInfo Descriptor<unsigned long long>::value(kCopyableLife<unsigned long long>, false);
const RealInfo Descriptor<float>::value(kCopyableLife<float>);
const RealInfo Descriptor<double>::value(kCopyableLife<double>);
const StringInfo Descriptor<std::string>::value(kCopyableLife<std::string>);

}  // namespace genkit::internal
