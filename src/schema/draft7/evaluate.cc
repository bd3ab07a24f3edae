#include "schema/draft7/evaluate.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <genkit/base/error.h>

#include "base/utf8.h"
#include "schema/draft7/budget.h"
#include "schema/draft7/numbers.h"

namespace genkit::internal {
namespace {

// Bounds the recursion. Twice the depth that the parser accepts, since a schema may take two levels for one of the value: at most
// 100 KB of stack when optimised.
constexpr int kMostLevels = 520;
// The frames of unoptimised and instrumented builds are several times as large; there this bound comes first. Fibers have 256
// KiB.
constexpr std::ptrdiff_t kMostStack = 176 * 1024;

constexpr std::size_t kMostIssues = 100;

/// The way from the root of the value to the place that is checked, as a list that lives on the stack.
struct ValuePath {
  const ValuePath* before = nullptr;
  std::string_view name;
  std::size_t index = 0;
  bool is_index = false;
};

/// "/a/b" of ajv with dots for slashes, as the other languages show it.
std::string path_text(const ValuePath* path) {
  std::vector<const ValuePath*> steps;
  for (; path != nullptr; path = path->before) steps.push_back(path);
  if (steps.empty()) return "(root)";
  std::string text;
  for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
    if (!text.empty()) text += '.';
    if ((*step)->is_index) {
      text += std::to_string((*step)->index);
    } else {
      text += (*step)->name;
    }
  }
  return text;
}

TypeMask type_of(const Json& value) {
  switch (value.kind()) {
    case boost::json::kind::null:
      return kNullType;
    case boost::json::kind::bool_:
      return kBooleanType;
    case boost::json::kind::int64:
    case boost::json::kind::uint64:
      return kIntegerType;
    case boost::json::kind::double_:
      return kFractionType;
    case boost::json::kind::string:
      return kStringType;
    case boost::json::kind::array:
      return kArrayType;
    case boost::json::kind::object:
      return kObjectType;
  }
  return 0;
}

/// Whether a double, which type_of takes for a fraction, has one of the types: 1.0 is an integer, and NaN is no number.
bool double_has_type(double value, TypeMask types) {
  if (types == kEveryType) return true;
  if (!std::isfinite(value)) return false;
  return (types & kFractionType) != 0 || ((types & kIntegerType) != 0 && is_integral(value));
}

bool has_type(const Json& value, TypeMask types) {
  TypeMask type = type_of(value);
  if (type == kFractionType) return double_has_type(value.get_double(), types);
  return (type & types) != 0;
}

std::string quote_name(std::string_view name) {
  return "'" + std::string(name) + "'";
}

std::string show_values(const ValueSet& set) {
  std::string text;
  constexpr std::size_t kLongest = 200;
  for (const Json* value : set.values()) {
    if (!text.empty()) text += ", ";
    append_text(text, *value);
    if (text.size() > kLongest) return {};
  }
  return text;
}

/// Checks a value against a program. With kCollect it goes on after a mismatch and writes down each; without, it stops at the
/// first and keeps no paths.
template <bool kCollect>
class Evaluator {
 public:
  Evaluator(StepBudget& budget, std::vector<ValidationIssue>* issues) : budget_(budget), issues_(issues) {}

  [[gnu::always_inline]] bool check(const SchemaNode& node, const Json& value, const ValuePath* path) {
    if (!has_type(value, node.types)) {
      budget_.spend(1);
      return fail(path, [&] { return "must be " + type_names(node.types); });
    }
    return !node.has_rules || check_rules(node, value, path);
  }

 private:
  bool check_rules(const SchemaNode& node, const Json& value, const ValuePath* path) {
    budget_.spend(1);
    if (node.is_false) return fail(path, [] { return std::string("boolean schema is false"); });
    bool ok = true;
    switch (value.kind()) {
      case boost::json::kind::int64:
      case boost::json::kind::uint64:
      case boost::json::kind::double_:
        if (node.number) ok = check_number(*node.number, value, path);
        break;
      case boost::json::kind::string:
        if (node.string) ok = check_string(*node.string, value.get_string(), path);
        break;
      case boost::json::kind::array:
        if (node.array) ok = check_array(*node.array, value.get_array(), path);
        break;
      case boost::json::kind::object:
        if (node.object) ok = check_object(*node.object, value, path);
        break;
      default:
        break;
    }
    if (!ok && !kCollect) return false;
    if (node.general) ok &= check_general(*node.general, value, path);
    return ok;
  }

  /// One more level of recursion for as long as it lives.
  class Level {
   public:
    explicit Level(Evaluator* evaluator) : evaluator_(evaluator) {
      const char* here = static_cast<const char*>(__builtin_frame_address(0));
      if (++evaluator_->depth_ > kMostLevels || evaluator_->stack_ - here > kMostStack) refuse_depth();
    }
    ~Level() { --evaluator_->depth_; }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;

   private:
    Evaluator* evaluator_;
  };

  [[noreturn]] static void refuse_depth() {
    throw Error(Status::kResourceExhausted, "JSON value is nested deeper than its schema can be followed: " +
                                                std::to_string(kMostLevels) + " levels of checks, fewer in debug builds");
  }

  // The attributes keep the recursion's frames few and small in every build: fibers' stacks have to hold them.
  //
  template <class Message>
  [[gnu::noinline]] bool fail(const ValuePath* path, const Message& message) {
    if constexpr (kCollect) {
      if (issues_->size() < kMostIssues) issues_->push_back({path_text(path), message()});
    }
    return false;
  }

  /// Whether there is no use in looking for more mismatches.
  bool full() const {
    if constexpr (kCollect) return issues_->size() >= kMostIssues;
    return true;
  }

  // ---- numbers

  [[gnu::noinline]] bool check_number(const NumberRules& rules, const Json& value, const ValuePath* path) {
    bool ok = true;
    auto limit = [&](const Json* bound, bool holds, std::string_view sign) {
      if (holds) return;
      ok = fail(path, [&] { return "must be " + std::string(sign) + " " + to_text(*bound); });
    };
    if (rules.minimum) limit(rules.minimum, compare_numbers(value, *rules.minimum) >= 0, ">=");
    if (rules.maximum) limit(rules.maximum, compare_numbers(value, *rules.maximum) <= 0, "<=");
    if (rules.exclusive_minimum) limit(rules.exclusive_minimum, compare_numbers(value, *rules.exclusive_minimum) > 0, ">");
    if (rules.exclusive_maximum) limit(rules.exclusive_maximum, compare_numbers(value, *rules.exclusive_maximum) < 0, "<");
    if (rules.multiple_of) limit(rules.multiple_of, is_multiple(value, *rules.multiple_of), "multiple of");
    if (rules.format != nullptr && !rules.format->matches_number(value)) {
      ok = fail(path, [&] { return "must match format \"" + rules.format_name + "\""; });
    }
    return ok;
  }

  // ---- strings

  [[gnu::noinline]] bool check_string(const StringRules& rules, std::string_view text, const ValuePath* path) {
    budget_.spend_text(text.size());
    bool ok = true;
    // There are at least a quarter as many characters as bytes: mostly nothing has to be counted.
    if (text.size() / 4 < rules.min_length || text.size() > rules.max_length) {
      std::uint64_t length = utf8_length(text);
      if (length < rules.min_length) {
        ok = fail(path, [&] { return "must NOT have fewer than " + std::to_string(rules.min_length) + " characters"; });
      } else if (length > rules.max_length) {
        ok = fail(path, [&] { return "must NOT have more than " + std::to_string(rules.max_length) + " characters"; });
      }
      if (!ok && !kCollect) return false;
    }
    if (rules.pattern != nullptr && !rules.pattern->matches(text)) {
      ok = fail(path, [&] { return "must match pattern \"" + rules.pattern->text() + "\""; });
      if (!kCollect) return false;
    }
    if (rules.format != nullptr && !rules.format->matches_text(text)) {
      ok = fail(path, [&] { return "must match format \"" + rules.format_name + "\""; });
    }
    return ok;
  }

  // ---- arrays

  bool check_array(const ArrayRules& rules, const JsonArray& array, const ValuePath* path) {
    Level level(this);
    bool ok = true;
    if (array.size() < rules.min_items) {
      ok = fail(path, [&] { return "must NOT have fewer than " + std::to_string(rules.min_items) + " items"; });
    } else if (array.size() > rules.max_items) {
      ok = fail(path, [&] { return "must NOT have more than " + std::to_string(rules.max_items) + " items"; });
    }
    if (!ok && !kCollect) return false;

    budget_.spend(array.size());
    for (std::size_t i = 0; i < array.size(); ++i) {
      const SchemaNode* node = i < rules.tuple.size() ? rules.tuple[i] : rules.rest;
      if (node == nullptr) break;  // nothing is said of the elements after the tuple
      if (node == rules.rest && node->is_false && !rules.tuple.empty()) {
        ok = fail(path, [&] { return "must NOT have more than " + std::to_string(rules.tuple.size()) + " items"; });
        break;
      }
      if (check_element(*node, array[i], i, path)) continue;
      ok = false;
      if (full()) return false;
    }
    if (rules.unique) ok &= check_unique(array, path);
    if (rules.contains != nullptr && (ok || kCollect)) ok &= check_contains(*rules.contains, array, path);
    return ok;
  }

  [[gnu::always_inline]] bool check_element(const SchemaNode& node, const Json& element, std::size_t index,
                                            const ValuePath* path) {
    if constexpr (kCollect) {
      ValuePath here{.before = path, .name = {}, .index = index, .is_index = true};
      return check(node, element, &here);
    }
    return check(node, element, path);
  }

  [[gnu::noinline]] bool check_unique(const JsonArray& array, const ValuePath* path) {
    DuplicatePair pair{};
    if (!find_duplicate(array, budget_, &pair)) return true;
    return fail(path, [&] {
      return "must NOT have duplicate items (items ## " + std::to_string(pair.second) + " and " + std::to_string(pair.first) +
             " are identical)";
    });
  }

  [[gnu::noinline]] bool check_contains(const SchemaNode& node, const JsonArray& array, const ValuePath* path) {
    if (std::any_of(array.begin(), array.end(), [&](const Json& element) { return quietly_matches(node, element); })) return true;
    return fail(path, [] { return std::string("must contain at least 1 valid item(s)"); });
  }

  // ---- objects

  bool check_object(const ObjectRules& rules, const Json& value, const ValuePath* path) {
    Level level(this);
    const JsonObject& object = value.get_object();
    budget_.spend(object.size());
    bool ok = true;
    if (object.size() < rules.min_properties) {
      ok = fail(path, [&] { return "must NOT have fewer than " + std::to_string(rules.min_properties) + " properties"; });
    } else if (object.size() > rules.max_properties) {
      ok = fail(path, [&] { return "must NOT have more than " + std::to_string(rules.max_properties) + " properties"; });
    }
    if (!ok && !kCollect) return false;

    std::size_t required_seen = 0;
    std::size_t hint = 0;
    for (const auto& member : object) {
      std::size_t position = rules.find_property(member.key(), hint);
      bool known = position < rules.properties.size();
      if (known) {
        hint = position + 1;
        required_seen += rules.properties[position].required ? 1 : 0;
      }
      if (check_member(rules, known ? rules.properties[position].node : nullptr, member, path)) continue;
      ok = false;
      if (full()) return false;
    }
    if (required_seen < rules.required_count) ok = report_missing(rules, object, path);
    if (rules.names != nullptr && (ok || kCollect)) ok &= check_names(*rules.names, object, path);
    if (!rules.dependencies.empty() && (ok || kCollect)) ok &= check_dependencies(rules, value, path);
    return ok;
  }

  [[gnu::always_inline]] bool check_member(const ObjectRules& rules, const SchemaNode* declared,
                                           const boost::json::key_value_pair& member, const ValuePath* path) {
    bool ok = true;
    bool evaluated = declared != nullptr;
    if (declared != nullptr) ok = check_property(*declared, member, path);
    for (const PatternRule& rule : rules.patterns) {
      if (!ok && !kCollect) return false;
      budget_.spend_text(member.key().size());
      if (!rule.pattern->matches(member.key())) continue;
      evaluated = true;
      ok &= check_property(*rule.node, member, path);
    }
    if (evaluated || rules.additional == nullptr) return ok;
    if (rules.additional->is_false) {
      return fail(path, [&] { return "must NOT have additional properties: " + quote_name(member.key()); });
    }
    return check_property(*rules.additional, member, path);
  }

  [[gnu::always_inline]] bool check_property(const SchemaNode& node, const boost::json::key_value_pair& member,
                                             const ValuePath* path) {
    if constexpr (kCollect) {
      ValuePath here{.before = path, .name = member.key(), .index = 0, .is_index = false};
      return check(node, member.value(), &here);
    }
    return check(node, member.value(), path);
  }

  [[gnu::noinline]] bool report_missing(const ObjectRules& rules, const JsonObject& object, const ValuePath* path) {
    if constexpr (kCollect) {
      for (const PropertyRule& property : rules.properties) {
        if (!property.required || object.contains(property.name)) continue;
        fail(path, [&] { return "must have required property " + quote_name(property.name); });
      }
    }
    return false;
  }

  [[gnu::noinline]] bool check_names(const SchemaNode& node, const JsonObject& object, const ValuePath* path) {
    bool ok = true;
    for (const auto& member : object) {
      if (quietly_matches(node, Json(member.key()))) continue;
      ok = fail(path, [&] { return "property name must be valid: " + quote_name(member.key()); });
      if (full()) return false;
    }
    return ok;
  }

  [[gnu::noinline]] bool check_dependencies(const ObjectRules& rules, const Json& value, const ValuePath* path) {
    const JsonObject& object = value.get_object();
    bool ok = true;
    for (const DependencyRule& rule : rules.dependencies) {
      if (!object.contains(rule.property)) continue;
      budget_.spend(1 + rule.required.size());
      for (const std::string& name : rule.required) {
        if (object.contains(name)) continue;
        ok = fail(path, [&] { return "must have property " + name + " when property " + rule.property + " is present"; });
      }
      if (rule.node != nullptr && !check(*rule.node, value, path)) ok = false;
      if (!ok && full()) return false;
    }
    return ok;
  }

  // ---- any type

  bool check_general(const GeneralRules& rules, const Json& value, const ValuePath* path) {
    Level level(this);
    budget_.spend(rules.all_of.size() + rules.any_of.size() + rules.one_of.size());
    bool ok = check_values(rules, value, path);
    for (const SchemaNode* node : rules.all_of) {
      if (!ok && !kCollect) return false;
      ok &= check(*node, value, path);
    }
    if (!rules.any_of.empty() && (ok || kCollect)) ok &= check_any_of(rules.any_of, value, path);
    if (!rules.one_of.empty() && (ok || kCollect)) ok &= check_one_of(rules.one_of, value, path);
    if (rules.none_of != nullptr && (ok || kCollect) && quietly_matches(*rules.none_of, value)) {
      ok = fail(path, [] { return std::string("must NOT be valid"); });
    }
    if (rules.condition != nullptr && (ok || kCollect)) ok &= check_condition(rules, value, path);
    return ok;
  }

  [[gnu::noinline]] bool check_values(const GeneralRules& rules, const Json& value, const ValuePath* path) {
    bool ok = true;
    if (rules.values && !rules.values->contains(value, budget_)) {
      ok = fail(path, [&] {
        std::string allowed = show_values(*rules.values);
        return "must be equal to one of the allowed values" + (allowed.empty() ? allowed : ": " + allowed);
      });
    }
    if (rules.constant && !rules.constant->contains(value, budget_)) {
      ok = fail(path, [&] {
        std::string allowed = show_values(*rules.constant);
        return "must be equal to constant" + (allowed.empty() ? allowed : ": " + allowed);
      });
    }
    return ok;
  }

  bool check_any_of(const std::vector<const SchemaNode*>& nodes, const Json& value, const ValuePath* path) {
    for (const SchemaNode* node : nodes) {
      if (quietly_matches(*node, value)) return true;
    }
    report_branches(nodes, value, path);
    return fail(path, [] { return std::string("must match a schema in anyOf"); });
  }

  bool check_one_of(const std::vector<const SchemaNode*>& nodes, const Json& value, const ValuePath* path) {
    std::size_t matched = 0;
    for (const SchemaNode* node : nodes) {
      if (quietly_matches(*node, value) && ++matched == 2) break;
    }
    if (matched == 1) return true;
    if (matched == 0) report_branches(nodes, value, path);
    return fail(path, [] { return std::string("must match exactly one schema in oneOf"); });
  }

  [[gnu::noinline]] bool check_condition(const GeneralRules& rules, const Json& value, const ValuePath* path) {
    bool holds = quietly_matches(*rules.condition, value);
    const SchemaNode* node = holds ? rules.consequence : rules.alternative;
    if (node == nullptr || check(*node, value, path)) return true;
    return fail(path, [&] { return std::string(holds ? "must match \"then\" schema" : "must match \"else\" schema"); });
  }

  /// Why each of the branches does not match.
  [[gnu::noinline]] void report_branches(const std::vector<const SchemaNode*>& nodes, const Json& value, const ValuePath* path) {
    if constexpr (kCollect) {
      for (const SchemaNode* node : nodes) {
        if (full()) return;
        check(*node, value, path);
      }
    }
  }

  /// A mismatch of the parts of anyOf, oneOf, not, if, contains and propertyNames is not yet an issue.
  [[gnu::always_inline]] bool quietly_matches(const SchemaNode& node, const Json& value) {
    if constexpr (!kCollect) return check(node, value, nullptr);
    Evaluator<false> evaluator(budget_, nullptr);
    evaluator.depth_ = depth_;
    evaluator.stack_ = stack_;
    return evaluator.check(node, value, nullptr);
  }

  template <bool>
  friend class Evaluator;

  StepBudget& budget_;
  std::vector<ValidationIssue>* issues_;
  int depth_ = 0;
  const char* stack_ = static_cast<const char*>(__builtin_frame_address(0));  // where the recursion began
};

}  // namespace

bool matches(const SchemaProgram& program, const Json& value) {
  return matches(*program.root, value);
}

bool matches(const SchemaNode& node, const Json& value) {
  StepBudget budget(value);
  return Evaluator<false>(budget, nullptr).check(node, value, nullptr);
}

std::vector<ValidationIssue> collect_issues(const SchemaProgram& program, const Json& value) {
  StepBudget budget(value);
  std::vector<ValidationIssue> issues;
  try {
    Evaluator<true>(budget, &issues).check(*program.root, value, nullptr);
  } catch (const Error& error) {
    // Not to know all reasons is no reason to fail: that there are some is known.
    if (error.status() != Status::kResourceExhausted) throw;
    if (issues.empty()) issues.push_back({path_text(nullptr), "must match the schema"});
  }
  return issues;
}

}  // namespace genkit::internal
