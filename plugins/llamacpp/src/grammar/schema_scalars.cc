#include "grammar/schema_grammar_impl.h"

#include <algorithm>

#include "grammar/formats.h"
#include "grammar/number_automaton.h"
#include "grammar/pattern.h"

namespace genkit::llama {
namespace {

bool is_number_format(std::string_view format) {
  return format == "int32" || format == "int64" || format == "float" || format == "double";
}

}  // namespace

SchemaGrammar::Impl::Result SchemaGrammar::Impl::convert_string(const JsonObject& keywords, std::string_view hint) {
  const int min = integer_of(keywords, "minLength", 0);
  const int bound = integer_of(keywords, "maxLength", std::max(min, options_.max_string_length));
  const int max = std::min(bound, GbnfBuilder::kMostRepetitions);
  if (min > max) {
    if (min <= bound) throw Refusal("asks for strings of at least " + std::to_string(min) + " characters");
    return std::nullopt;
  }
  const auto texts = string_automaton(keywords);
  if (!texts) {
    if (min == 0 && max == options_.max_string_length) return shared("string", [&] { return quoted("string", 0, max); });
    return quoted("text", min, max);
  }
  return quoted_automaton(hint, *texts, min, keywords.contains("maxLength") ? std::optional(max) : std::nullopt, max);
}

Sequence SchemaGrammar::Impl::quoted(std::string_view hint, int min, int max) {
  return {Symbol{.kind = Symbol::Kind::kRule, .rule = builder_.add_rule(hint, {builder_.any_string(min, max)})}};
}

SchemaGrammar::Impl::Result SchemaGrammar::Impl::quoted_automaton(std::string_view hint, const Automaton& texts, int min,
                                                                  std::optional<int> max, int free_length) {
  Automaton writable = texts.over(CharSet::writable());
  if (min > 0 || max) {
    const int bound = max ? *max : std::max(min, options_.max_pattern_length);
    writable = writable.with_length(static_cast<std::size_t>(min), static_cast<std::size_t>(bound));
  } else if (!ends_by_itself(writable)) {
    const auto bound = std::max<std::size_t>(writable.shortest(), static_cast<std::size_t>(options_.max_pattern_length));
    writable = writable.with_length(0, bound);
  }
  return builder_.json_string(hint, writable, std::min(free_length, options_.max_string_length));
}

bool SchemaGrammar::Impl::ends_by_itself(const Automaton& texts) {
  std::vector<Automaton::State> states = texts.states();
  for (std::size_t i = 0; i < states.size(); ++i) {
    if (texts.is_free(static_cast<int>(i), CharSet::writable())) states[i].edges.clear();
  }
  return Automaton(std::move(states)).longest().has_value();
}

std::optional<Automaton> SchemaGrammar::Impl::string_automaton(const JsonObject& keywords) const {
  std::optional<Automaton> all;
  const auto take = [&all](const Automaton& texts) { all = all ? all->intersect(texts) : texts; };
  if (const Json* patterns = keywords.if_contains("pattern")) {
    for (const std::string& pattern : texts_of(*patterns)) take(pattern_automaton(pattern));
  }
  if (const Json* formats = keywords.if_contains("format")) {
    for (const std::string& format : texts_of(*formats)) {
      if (!is_number_format(format)) take(format_automaton(format));
    }
  }
  return all;
}

SchemaGrammar::Impl::Result SchemaGrammar::Impl::convert_number(bool integer, const JsonObject& keywords, std::string_view hint) {
  const auto bound = [&keywords](const char* name, bool exclusive) -> std::optional<NumberBound> {
    const Json* value = keywords.if_contains(name);
    if (value == nullptr) return std::nullopt;
    return NumberBound{.value = to_text(*value), .exclusive = exclusive};
  };
  std::optional<std::string> step;
  if (const Json* value = keywords.if_contains("multipleOf")) step = to_text(*value);
  const std::vector<std::string> formats =
      keywords.contains("format") ? texts_of(keywords.at("format")) : std::vector<std::string>();
  const auto has_format = [&formats](const char* name) {
    return std::find(formats.begin(), formats.end(), name) != formats.end();
  };
  integer = integer || has_format("int32") || has_format("int64");

  std::optional<Automaton> numbers;
  const auto take = [&](std::optional<NumberBound> min, std::optional<NumberBound> max) {
    if (!min && !max && !step) return;
    const Automaton range = number_automaton({.integer = integer, .min = min, .max = max, .multiple_of = step});
    numbers = numbers ? numbers->intersect(range) : range;
  };
  take(bound("minimum", false), bound("maximum", false));
  if (keywords.contains("exclusiveMinimum") || keywords.contains("exclusiveMaximum")) {
    take(bound("exclusiveMinimum", true), bound("exclusiveMaximum", true));
  }
  if (has_format("int32")) take(NumberBound{.value = "-2147483648"}, NumberBound{.value = "2147483647"});
  if (numbers) return builder_.plain(hint, *numbers);
  return integer ? shared("integer", [&] { return any_integer(); }) : shared("number", [&] { return any_number(); });
}

Sequence SchemaGrammar::Impl::digits(int min, int max) {
  return {Symbol{.kind = Symbol::Kind::kChars, .chars = CharSet::of('0', '9'), .min = min, .max = max}};
}

Sequence SchemaGrammar::Impl::any_integer() {
  Sequence other = optional_minus();
  append(other, first_digit());
  append(other, digits(0, 14));
  return builder_.choice("integer", {literal("0"), other});
}

Sequence SchemaGrammar::Impl::any_number() {
  Sequence whole = first_digit();
  append(whole, digits(0, 8));
  Sequence fraction = literal(".");
  append(fraction, digits(1, 6));
  Sequence number = optional_minus();
  append(number, builder_.choice("whole", {literal("0"), whole}));
  append(number, builder_.repeat("fraction", fraction, 0, 1));
  return {Symbol{.kind = Symbol::Kind::kRule, .rule = builder_.add_rule("number", {number})}};
}

Sequence SchemaGrammar::Impl::space() const {
  if (!options_.spaces) return {};
  return {Symbol{.kind = Symbol::Kind::kText, .text = " ", .min = 0, .max = 1}};
}

Sequence SchemaGrammar::Impl::comma() const {
  Sequence result = literal(",");
  append(result, space());
  return result;
}

Sequence SchemaGrammar::Impl::any_value(int depth) {
  const std::string name = "any-" + std::to_string(depth);
  return shared(name.c_str(), [&] {
    std::vector<Sequence> alternatives = {*convert_string({}, "string"), *convert_number(false, {}, "number"), literal("true"),
                                          literal("false"), literal("null")};
    if (depth > 0) {
      alternatives.push_back(list("[", any_value(depth - 1), 0, options_.max_items, "]", "items"));
      alternatives.push_back(list("{", member_of(any_key(), any_value(depth - 1)), 0, options_.max_members, "}", "members"));
    }
    return builder_.choice(name, std::move(alternatives));
  });
}

Sequence SchemaGrammar::Impl::any_key() {
  return shared("key", [&] { return quoted("key", 1, std::min(options_.max_pattern_length, options_.max_string_length)); });
}

Sequence SchemaGrammar::Impl::member_of(const Sequence& key, const Sequence& value) {
  Sequence result = key;
  append(result, literal(":"));
  append(result, space());
  append(result, value);
  return result;
}

}  // namespace genkit::llama
