#include "prompt/value.h"

#include <charconv>
#include <cmath>
#include <limits>
#include <vector>

#include <genkit/base/error.h>

namespace genkit::internal {
namespace {

// Arrays inside of arrays that are printed; parsed JSON never comes close.
constexpr int kMaxDisplayDepth = 512;

void append_number(std::string& out, double number) {
  if (std::isnan(number)) {
    out += "NaN";
  } else if (std::isinf(number)) {
    out += number > 0 ? "Infinity" : "-Infinity";
  } else {
    append_json_number(out, number);
  }
}

template <class Integer>
void append_integer(std::string& out, Integer number) {
  char buffer[24];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, number).ptr;
  out.append(buffer, end);
}

void append_display(std::string& out, const Json& json, int depth) {
  switch (json.kind()) {
    case boost::json::kind::null:
      return;
    case boost::json::kind::bool_:
      out += json.get_bool() ? "true" : "false";
      return;
    case boost::json::kind::int64:
      return append_integer(out, json.get_int64());
    case boost::json::kind::uint64:
      return append_integer(out, json.get_uint64());
    case boost::json::kind::double_:
      return append_number(out, json.get_double());
    case boost::json::kind::string:
      out += std::string_view(json.get_string());
      return;
    case boost::json::kind::object:
      out += "[object Object]";
      return;
    case boost::json::kind::array:
      break;
  }
  if (depth == kMaxDisplayDepth) throw Error(Status::kInvalidArgument, "an array is nested too deeply to be printed");
  bool first = true;
  for (const Json& element : json.get_array()) {
    if (!first) out += ',';
    first = false;
    append_display(out, element, depth + 1);
  }
}

/// The index that `name` is, in the only spelling that JavaScript takes for one.
bool parse_index(std::string_view name, std::size_t& index) {
  if (name.empty() || name.size() > 10 || (name.size() > 1 && name[0] == '0')) return false;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), index);
  return error == std::errc() && end == name.data() + name.size();
}

/// Calls `visit(begin, size, units)` for each character of UTF-8 text, with the number of UTF-16 units that it takes.
template <class Visit>
void for_each_character(std::string_view text, Visit visit) {
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    std::size_t size = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (size > text.size() - i) size = text.size() - i;
    if (!visit(i, size, size == 4 ? 2 : 1)) return;
    i += size;
  }
}

TemplateValue text_property(std::string_view text, std::string_view name) {
  if (name == "length") {
    std::size_t units = 0;
    for_each_character(text, [&](std::size_t, std::size_t, int width) {
      units += static_cast<std::size_t>(width);
      return true;
    });
    return TemplateValue(static_cast<double>(units));
  }
  std::size_t index = 0;
  if (!parse_index(name, index)) return {};
  TemplateValue found;
  std::size_t unit = 0;
  for_each_character(text, [&](std::size_t begin, std::size_t size, int width) {
    if (index < unit + static_cast<std::size_t>(width)) {
      // Half of a surrogate pair has no UTF-8 form.
      found = width == 2 ? TemplateValue(std::string_view("\xef\xbf\xbd")) : TemplateValue(text.substr(begin, size));
      return false;
    }
    unit += static_cast<std::size_t>(width);
    return true;
  });
  return found;
}

bool is_object_like(const TemplateValue& value) {
  if (value.kind() == TemplateValue::Kind::kOverlay) return true;
  return value.kind() == TemplateValue::Kind::kJson && (value.json().is_object() || value.json().is_array());
}

/// JavaScript's Number(text).
double text_to_number(std::string_view text) {
  constexpr std::string_view kSpace = " \t\n\r\v\f";
  const auto first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return 0;
  text = text.substr(first, text.find_last_not_of(kSpace) - first + 1);
  if (text == "Infinity" || text == "+Infinity") return std::numeric_limits<double>::infinity();
  if (text == "-Infinity") return -std::numeric_limits<double>::infinity();
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
  // from_chars knows words that JavaScript does not.
  if (text.find_first_not_of("0123456789.eE+-") != std::string_view::npos) return std::numeric_limits<double>::quiet_NaN();
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (end != text.data() + text.size() || error == std::errc::invalid_argument) return std::numeric_limits<double>::quiet_NaN();
  return number;
}

double primitive_to_number(const TemplateValue& value) {
  std::string_view text;
  double number = 0;
  bool boolean = false;
  if (value.as_number(number)) return number;
  if (value.as_bool(boolean)) return boolean ? 1 : 0;
  if (value.as_text(text)) return text_to_number(text);
  return std::numeric_limits<double>::quiet_NaN();
}

bool primitives_loosely_equal(const TemplateValue& left, const TemplateValue& right) {
  std::string_view a;
  std::string_view b;
  if (left.as_text(a) && right.as_text(b)) return a == b;
  return primitive_to_number(left) == primitive_to_number(right);
}

/// `object == primitive`, where an array counts as its elements joined by commas.
bool object_loosely_equals(const TemplateValue& object, const TemplateValue& primitive) {
  std::string_view text;
  const bool is_text = primitive.as_text(text);
  const JsonArray* array = object.array();
  // More than one element means a comma, which no number has; and more text than there is needs no comparison.
  if (array && array->size() > 1 && (!is_text || array->size() > text.size() + 1)) return false;
  std::string joined;
  append_display(joined, object);
  return primitives_loosely_equal(TemplateValue(std::string_view(joined)), primitive);
}

std::size_t count_values(const Json& json, std::size_t most) {
  std::size_t count = 1;
  if (const JsonArray* array = json.if_array()) {
    for (auto element = array->begin(); element != array->end() && count < most; ++element) {
      count += count_values(*element, most - count);
    }
  } else if (const JsonObject* object = json.if_object()) {
    for (auto member = object->begin(); member != object->end() && count < most; ++member) {
      count += count_values(member->value(), most - count);
    }
  }
  return count;
}

/// As `if_contains`, which asks memcmp about every name.
const Json* find_in(const JsonObject& object, std::string_view name) {
  constexpr std::size_t kFew = 16;
  if (object.size() > kFew || name.empty()) return object.if_contains(name);
  for (const auto& member : object) {
    const std::string_view key = member.key();
    if (key.size() == name.size() && key.front() == name.front() && key == name) return &member.value();
  }
  return nullptr;
}

/// Iterative, because a partial that calls itself with arguments makes long chains.
Json overlay_to_json(const Overlay& top) {
  std::vector<const Overlay*> chain = {&top};
  while (chain.back()->base.kind() == TemplateValue::Kind::kOverlay) chain.push_back(&chain.back()->base.overlay());

  JsonObject object;
  Json base = to_json(chain.back()->base);
  if (base.is_object()) {
    object = std::move(base.get_object());
  } else if (base.is_array()) {
    std::size_t index = 0;
    for (Json& element : base.get_array()) object[std::to_string(index++)] = std::move(element);
  }
  for (auto overlay = chain.rbegin(); overlay != chain.rend(); ++overlay) {
    if ((*overlay)->members) {
      for (const auto& member : *(*overlay)->members) object[member.key()] = member.value();
    }
    for (std::size_t i = 0; i < (*overlay)->size; ++i) object[(*overlay)->entries[i].key] = to_json((*overlay)->entries[i].value);
  }
  return object;
}

}  // namespace

bool TemplateValue::as_number(double& out) const {
  if (kind_ == Kind::kNumber) {
    out = number_;
    return true;
  }
  if (kind_ != Kind::kJson || !json_->is_number()) return false;
  out = json_->is_double()  ? json_->get_double()
        : json_->is_int64() ? static_cast<double>(json_->get_int64())
                            : static_cast<double>(json_->get_uint64());
  return true;
}

bool TemplateValue::as_bool(bool& out) const {
  if (kind_ == Kind::kBool) {
    out = boolean_;
    return true;
  }
  if (kind_ != Kind::kJson || !json_->is_bool()) return false;
  out = json_->get_bool();
  return true;
}

bool is_truthy(const TemplateValue& value) {
  std::string_view text;
  double number = 0;
  bool boolean = false;
  if (value.is_nullish()) return false;
  if (value.as_text(text)) return !text.empty();
  if (value.as_number(number)) return number != 0 && !std::isnan(number);
  if (value.as_bool(boolean)) return boolean;
  return true;
}

bool is_empty(const TemplateValue& value) {
  double number = 0;
  if (value.as_number(number)) return std::isnan(number);
  if (!is_truthy(value)) return true;
  const JsonArray* array = value.array();
  return array && array->empty();
}

bool strictly_equal(const TemplateValue& left, const TemplateValue& right) {
  if (left.is_undefined() || right.is_undefined()) return left.is_undefined() && right.is_undefined();
  if (left.is_null() || right.is_null()) return left.is_null() && right.is_null();
  std::string_view text[2];
  double number[2];
  bool boolean[2];
  if (left.as_text(text[0])) return right.as_text(text[1]) && text[0] == text[1];
  if (left.as_number(number[0])) return right.as_number(number[1]) && number[0] == number[1];
  if (left.as_bool(boolean[0])) return right.as_bool(boolean[1]) && boolean[0] == boolean[1];
  if (left.kind() != right.kind()) return false;
  if (left.kind() == TemplateValue::Kind::kOverlay) return &left.overlay() == &right.overlay();
  return left.kind() == TemplateValue::Kind::kJson && &left.json() == &right.json();
}

bool loosely_equal(const TemplateValue& left, const TemplateValue& right) {
  if (left.is_nullish() || right.is_nullish()) return left.is_nullish() && right.is_nullish();
  const bool left_object = is_object_like(left);
  const bool right_object = is_object_like(right);
  if (left_object && right_object) return strictly_equal(left, right);
  if (left.kind() == TemplateValue::Kind::kBlock || right.kind() == TemplateValue::Kind::kBlock) return false;
  if (left_object) return object_loosely_equals(left, right);
  if (right_object) return object_loosely_equals(right, left);
  return primitives_loosely_equal(left, right);
}

TemplateValue lookup_property(const TemplateValue& value, std::string_view name) {
  const TemplateValue* target = &value;
  std::string_view text;
  for (;;) {
    if (target->kind() == TemplateValue::Kind::kJson && target->json().is_object()) {
      const Json* member = find_in(target->json().get_object(), name);
      return member ? TemplateValue(*member) : TemplateValue();
    }
    if (target->kind() != TemplateValue::Kind::kOverlay) break;
    const Overlay& overlay = target->overlay();
    // The last one is the one written first, and the first of repeated keys wins.
    for (std::size_t i = overlay.size; i > 0; --i) {
      if (overlay.entries[i - 1].key == name) return overlay.entries[i - 1].value;
    }
    if (overlay.members) {
      if (const Json* member = find_in(*overlay.members, name)) return TemplateValue(*member);
    }
    target = &overlay.base;
    // Spreading a value into an object keeps its elements but not their number.
    if (name == "length" && (target->array() || target->as_text(text))) return {};
  }
  if (target->as_text(text)) return text_property(text, name);
  if (const JsonArray* array = target->array()) {
    if (name == "length") return TemplateValue(static_cast<double>(array->size()));
    std::size_t index = 0;
    return parse_index(name, index) && index < array->size() ? TemplateValue((*array)[index]) : TemplateValue();
  }
  return {};
}

void append_display(std::string& out, const TemplateValue& value) {
  switch (value.kind()) {
    case TemplateValue::Kind::kUndefined:
      return;
    case TemplateValue::Kind::kJson:
      return append_display(out, value.json(), 0);
    case TemplateValue::Kind::kNumber:
      return append_number(out, value.number());
    case TemplateValue::Kind::kBool:
      out += value.boolean() ? "true" : "false";
      return;
    case TemplateValue::Kind::kText:
      out += value.text();
      return;
    case TemplateValue::Kind::kOverlay:
      out += "[object Object]";
      return;
    case TemplateValue::Kind::kBlock:
      return;
  }
}

std::string_view display_text(const TemplateValue& value, std::string& scratch) {
  std::string_view text;
  if (value.as_text(text)) return text;
  scratch.clear();
  append_display(scratch, value);
  return scratch;
}

std::size_t count_values(const TemplateValue& value, std::size_t most) {
  std::size_t count = 0;
  const TemplateValue* target = &value;
  for (; target->kind() == TemplateValue::Kind::kOverlay && count < most; target = &target->overlay().base) {
    const Overlay& overlay = target->overlay();
    ++count;
    if (overlay.members) {
      for (auto member = overlay.members->begin(); member != overlay.members->end() && count < most; ++member) {
        count += count_values(member->value(), most - count);
      }
    }
    for (std::size_t i = 0; i < overlay.size && count < most; ++i) count += count_values(overlay.entries[i].value, most - count);
  }
  if (count >= most) return count;
  return count + (target->kind() == TemplateValue::Kind::kJson ? count_values(target->json(), most - count) : 1);
}

Json to_json(const TemplateValue& value) {
  switch (value.kind()) {
    case TemplateValue::Kind::kUndefined:
      return nullptr;
    case TemplateValue::Kind::kJson:
      return value.json();
    case TemplateValue::Kind::kNumber: {
      const double number = value.number();
      if (number == std::trunc(number) && std::abs(number) < 9007199254740992.0) return static_cast<std::int64_t>(number);
      return number;
    }
    case TemplateValue::Kind::kBool:
      return value.boolean();
    case TemplateValue::Kind::kText:
      return Json(value.text());
    case TemplateValue::Kind::kBlock:
      return JsonObject();
    case TemplateValue::Kind::kOverlay:
      return overlay_to_json(value.overlay());
  }
  return nullptr;
}

}  // namespace genkit::internal
