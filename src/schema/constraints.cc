#include "schema/constraints.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include <re2/re2.h>

#include <genkit/schema/type_kinds.h>

#include "base/utf8.h"
#include "schema/issues.h"

namespace genkit::internal {
namespace {

using View = ConstraintView;
using Option = DescribeOption;

struct Keyword {
  OptionTag tag;
  const char* name;
};

/// In the order in which schemas show them.
constexpr Keyword kKeywords[] = {
    {OptionTag::kMinimum, "minimum"},
    {OptionTag::kMaximum, "maximum"},
    {OptionTag::kExclusiveMinimum, "exclusiveMinimum"},
    {OptionTag::kExclusiveMaximum, "exclusiveMaximum"},
    {OptionTag::kMultipleOf, "multipleOf"},
    {OptionTag::kMinLength, "minLength"},
    {OptionTag::kMaxLength, "maxLength"},
    {OptionTag::kPattern, "pattern"},
    {OptionTag::kMinItems, "minItems"},
    {OptionTag::kMaxItems, "maxItems"},
    {OptionTag::kUniqueItems, "uniqueItems"},
    {OptionTag::kConstant, "const"},
};

const char* keyword_of(OptionTag tag) {
  for (const Keyword& keyword : kKeywords) {
    if (keyword.tag == tag) return keyword.name;
  }
  return nullptr;
}

template <class N>
int compare_numbers(N a, N b) {
  return a < b ? -1 : a > b ? 1 : 0;
}

/// Of numbers of any kind: integers exactly, others as doubles.
int compare(const View& view, const Option& limit) {
  if (view.kind == View::Kind::kInt && limit.kind == Option::Kind::kInt) return compare_numbers(view.integer, limit.integer);
  if (view.kind == View::Kind::kUint && limit.kind == Option::Kind::kUint) return compare_numbers(view.natural, limit.natural);
  if (view.kind == View::Kind::kInt && limit.kind == Option::Kind::kUint) {
    return view.integer < 0 ? -1 : compare_numbers(static_cast<std::uint64_t>(view.integer), limit.natural);
  }
  if (view.kind == View::Kind::kUint && limit.kind == Option::Kind::kInt) {
    return limit.integer < 0 ? 1 : compare_numbers(view.natural, static_cast<std::uint64_t>(limit.integer));
  }
  double value = view.kind == View::Kind::kInt    ? static_cast<double>(view.integer)
                 : view.kind == View::Kind::kUint ? static_cast<double>(view.natural)
                                                  : view.real;
  double bound = limit.kind == Option::Kind::kInt    ? static_cast<double>(limit.integer)
                 : limit.kind == Option::Kind::kUint ? static_cast<double>(limit.natural)
                                                     : limit.real;
  return compare_numbers(value, bound);
}

bool is_multiple(const View& view, const Option& step) {
  if (step.kind == Option::Kind::kInt && step.integer > 0) {
    if (view.kind == View::Kind::kInt) return view.integer % step.integer == 0;
    if (view.kind == View::Kind::kUint) return view.natural % static_cast<std::uint64_t>(step.integer) == 0;
  }
  double value = view.kind == View::Kind::kInt    ? static_cast<double>(view.integer)
                 : view.kind == View::Kind::kUint ? static_cast<double>(view.natural)
                                                  : view.real;
  double divisor = step.kind == Option::Kind::kInt    ? static_cast<double>(step.integer)
                   : step.kind == Option::Kind::kUint ? static_cast<double>(step.natural)
                                                      : step.real;
  double quotient = value / divisor;
  return std::isfinite(quotient) && quotient == std::trunc(quotient);
}

bool is_number(const View& view) {
  return view.kind == View::Kind::kInt || view.kind == View::Kind::kUint || view.kind == View::Kind::kReal;
}

bool satisfies(OptionTag tag, const Option& limit, const View& view) {
  switch (tag) {
    case OptionTag::kMinimum:
      return !is_number(view) || compare(view, limit) >= 0;
    case OptionTag::kMaximum:
      return !is_number(view) || compare(view, limit) <= 0;
    case OptionTag::kExclusiveMinimum:
      return !is_number(view) || compare(view, limit) > 0;
    case OptionTag::kExclusiveMaximum:
      return !is_number(view) || compare(view, limit) < 0;
    case OptionTag::kMultipleOf:
      return !is_number(view) || is_multiple(view, limit);
    case OptionTag::kMinLength:
      return view.kind != View::Kind::kText || utf8_length(view.text) >= limit.natural;
    case OptionTag::kMaxLength:
      return view.kind != View::Kind::kText || utf8_length(view.text) <= limit.natural;
    case OptionTag::kMinItems:
      return view.kind != View::Kind::kItems || view.natural >= limit.natural;
    case OptionTag::kMaxItems:
      return view.kind != View::Kind::kItems || view.natural <= limit.natural;
    default:
      return true;
  }
}

/// The texts are those of ajv.
std::string complaint(OptionTag tag, const Json& limit) {
  const std::string value = to_text(limit);
  switch (tag) {
    case OptionTag::kMinimum:
      return "must be >= " + value;
    case OptionTag::kMaximum:
      return "must be <= " + value;
    case OptionTag::kExclusiveMinimum:
      return "must be > " + value;
    case OptionTag::kExclusiveMaximum:
      return "must be < " + value;
    case OptionTag::kMultipleOf:
      return "must be multiple of " + value;
    case OptionTag::kMinLength:
      return "must NOT have fewer than " + value + " characters";
    case OptionTag::kMaxLength:
      return "must NOT have more than " + value + " characters";
    case OptionTag::kMinItems:
      return "must NOT have fewer than " + value + " items";
    case OptionTag::kMaxItems:
      return "must NOT have more than " + value + " items";
    case OptionTag::kPattern:
      return "must match pattern " + value;
    default:
      return "must be equal to constant " + value;
  }
}

}  // namespace

bool is_constraint(OptionTag tag) noexcept {
  return keyword_of(tag) != nullptr;
}

Json option_value(const DescribeOption& option, const TypeInfo& type) {
  switch (option.kind) {
    case Option::Kind::kNull:
      return nullptr;
    case Option::Kind::kBool:
      return option.boolean;
    case Option::Kind::kUint:
      return option.natural;
    case Option::Kind::kDouble:
      return option.real;
    case Option::Kind::kString:
      return Json(std::string_view(option.text, option.length));
    case Option::Kind::kInt:
      break;
  }
  if (!option.is_enum) return option.integer;
  const TypeInfo* inner = &type;
  while (inner->is_optional()) inner = inner->child(0);
  const auto* enumeration = dynamic_cast<const EnumInfo*>(inner);
  const std::string* label = enumeration == nullptr ? nullptr : enumeration->label_of(option.integer);
  if (label == nullptr) {
    throw Error(Status::kInvalidArgument,
                "the description of a field names a value that enum " + inner->name() + " does not have");
  }
  return Json(*label);
}

Constraints::Constraints(const FieldOptions& options, const TypeInfo& type, const std::string& name) : type_(type) {
  for (const Keyword& keyword : kKeywords) {
    for (std::size_t i = 0; i < options.count; ++i) {
      const Option& option = options.options[i];
      if (option.tag != keyword.tag) continue;
      limits_.push_back({option.tag, option, option_value(option, type)});
      if (option.tag != OptionTag::kPattern) continue;
      const std::string_view expression(option.text, option.length);
      re2::RE2::Options re2_options;
      re2_options.set_log_errors(false);
      pattern_ = std::make_unique<const re2::RE2>(re2::StringPiece(expression.data(), expression.size()), re2_options);
      if (!pattern_->ok()) {
        throw Error(Status::kInvalidArgument, "the pattern " + to_text(limits_.back().value) + " of " + name +
                                                  " is not one that RE2 takes: " + pattern_->error());
      }
    }
  }
}

Constraints::~Constraints() = default;

bool Constraints::check(const void* object, const Place& place, Issues& issues) const {
  if (type_.is_absent(object)) return true;
  const ConstraintView view = type_.constraint_view(object);
  bool ok = true;
  for (const Limit& limit : limits_) ok &= check_limit(limit, view, object, place, issues);
  return ok;
}

bool Constraints::has_constant() const noexcept {
  return std::any_of(limits_.begin(), limits_.end(), [](const Limit& limit) { return limit.tag == OptionTag::kConstant; });
}

bool Constraints::check_limit(const Limit& limit, const ConstraintView& view, const void* object, const Place& place,
                              Issues& issues) const {
  bool ok = true;
  if (limit.tag == OptionTag::kUniqueItems) {
    return check_unique(object, place, issues);
  } else if (limit.tag == OptionTag::kConstant) {
    Json json;
    type_.encode(object, json);
    ok = json == limit.value;
  } else if (limit.tag == OptionTag::kPattern) {
    ok =
        view.kind != View::Kind::kText || re2::RE2::PartialMatch(re2::StringPiece(view.text.data(), view.text.size()), *pattern_);
  } else {
    ok = satisfies(limit.tag, limit.option, view);
  }
  return ok || issues.add(place, complaint(limit.tag, limit.value));
}

bool Constraints::check_unique(const void* object, const Place& place, Issues& issues) const {
  Json json;
  type_.encode(object, json);
  if (!json.is_array()) return true;
  std::map<std::string, std::size_t> seen;
  std::size_t index = 0;
  for (const Json& element : json.get_array()) {
    const auto [known, is_new] = seen.emplace(to_text(element), index);
    if (!is_new) {
      return issues.add(place, "must NOT have duplicate items (items ## " + std::to_string(known->second) + " and " +
                                   std::to_string(index) + " are identical)");
    }
    ++index;
  }
  return true;
}

void Constraints::write_schema(JsonObject& schema) const {
  for (const Limit& limit : limits_) schema[keyword_of(limit.tag)] = limit.value;
}

}  // namespace genkit::internal
