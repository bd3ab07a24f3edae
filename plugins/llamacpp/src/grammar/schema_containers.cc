#include "grammar/schema_grammar_impl.h"

#include <algorithm>
#include <set>

#include "grammar/pattern.h"

namespace genkit::llama {
namespace {

constexpr std::size_t kMostMembers = 512;

}  // namespace

std::pair<int, int> SchemaGrammar::Impl::array_bounds(const JsonObject& keywords) const {
  const int min = integer_of(keywords, "minItems", 0);
  int max = integer_of(keywords, "maxItems", std::max(min, options_.max_items));
  if (max > GbnfBuilder::kMostRepetitions / 2) {
    if (min > GbnfBuilder::kMostRepetitions / 2) throw Refusal("asks for at least " + std::to_string(min) + " elements");
    max = std::max(min, GbnfBuilder::kMostRepetitions / 2);
  }
  return {min, max};
}

Sequence SchemaGrammar::Impl::list(std::string_view open, const Sequence& item, int min, int max, std::string_view close,
                                   std::string_view hint) {
  Sequence result = literal(open);
  if (max > 0) {
    Sequence more = comma();
    append(more, item);
    Sequence items = item;
    append(items, builder_.repeat("more-" + std::string(hint), more, std::max(0, min - 1), max - 1));
    append(result, min > 0 ? items : builder_.repeat(hint, items, 0, 1));
  }
  append(result, literal(close));
  return result;
}

SchemaGrammar::Impl::Result SchemaGrammar::Impl::convert_array(const JsonObject& keywords, const Place& place,
                                                               std::string_view hint) {
  const auto [min, max] = array_bounds(keywords);
  if (min > max) return std::nullopt;
  const Json* items = keywords.if_contains("items");
  if (items != nullptr && items->is_array()) return convert_tuple(keywords, place, min, max);

  Result item = items == nullptr ? Result(any_value(options_.max_free_depth - 1)) : convert(*items, place.in("items"), "item");
  if (!item && min > 0) return std::nullopt;
  return rule(hint, list("[", item ? *item : Sequence(), min, item ? max : 0, "]", "items"));
}

Sequence SchemaGrammar::Impl::rule(std::string_view hint, Sequence sequence) {
  return {Symbol{.kind = Symbol::Kind::kRule, .rule = builder_.add_rule(hint, {std::move(sequence)})}};
}

SchemaGrammar::Impl::Result SchemaGrammar::Impl::convert_tuple(const JsonObject& keywords, const Place& place, int min, int max) {
  const JsonArray& items = keywords.at("items").as_array();
  const Json* rest = keywords.if_contains("additionalItems");
  std::vector<Sequence> elements;
  bool open = true;
  for (std::size_t i = 0; i < items.size() && static_cast<int>(i) < max; ++i) {
    Result element = convert(items[i], place.in("items").in(std::to_string(i)), "item-" + std::to_string(i));
    open = open && element.has_value();
    if (!open) break;
    elements.push_back(*std::move(element));
  }
  const int count = static_cast<int>(elements.size());
  Sequence tail;
  // Without a rule for more elements, there are no more.
  const bool wants_more = min > count || (rest != nullptr && says_something(*rest));
  Result more;
  if (open && wants_more && count < max) {
    more = rest == nullptr ? Result(any_value(options_.max_free_depth - 1)) : convert(*rest, place.in("additionalItems"), "item");
  }
  if (!more && min > count) return std::nullopt;
  if (more) {
    Sequence another = count > 0 ? comma() : Sequence();
    append(another, *more);
    if (count == 0) return rule("tuple", list("[", *more, min, max, "]", "items"));
    tail = builder_.repeat("more-items", another, std::max(0, min - count), max - count);
  }
  for (int i = count - 1; i >= 0; --i) {
    Sequence here = i > 0 ? comma() : Sequence();
    append(here, elements[static_cast<std::size_t>(i)]);
    append(here, tail);
    tail = i >= min ? builder_.repeat("rest", here, 0, 1) : here;
  }
  Sequence result = literal("[");
  append(result, tail);
  append(result, literal("]"));
  return rule("tuple", std::move(result));
}

/// Writes the members of an object: those that may be left out in any combination, with the commas in the right places.
class SchemaGrammar::Impl::MemberWriter {
 public:
  MemberWriter(Impl& grammar, const Members& members)
      : grammar_(grammar), members_(members), counted_(std::max(1, members.max != INT_MAX ? members.max : members.min)) {
    required_behind_.resize(members.listed.size() + 1, 0);
    for (std::size_t i = members.listed.size(); i-- > 0;) {
      required_behind_[i] = required_behind_[i + 1] + (members.listed[i].required ? 1 : 0);
    }
  }

  Result write() {
    if (counted_ > 64 && counted_ > static_cast<int>(members_.listed.size()) + grammar_.options_.max_members) {
      counted_ = static_cast<int>(members_.listed.size()) + grammar_.options_.max_members + 1;
    }
    if (static_cast<std::size_t>(counted_) * members_.listed.size() > 10'000) throw Refusal("counts too many members");
    return from(0, 0);
  }

 private:
  /// What may come from the member `index` on, after `count` members.
  Result from(std::size_t index, int count) {
    if (index == members_.listed.size()) return others(count);
    if (count + required_behind_[index] > members_.max) return std::nullopt;
    const auto [known, is_new] = known_.try_emplace({index, count});
    if (!is_new) return known->second;
    const Member& member = members_.listed[index];
    Result with;
    if (count < members_.max) with = from(index + 1, std::min(count + 1, counted_));
    if (with) {
      Sequence head = count > 0 ? grammar_.comma() : Sequence();
      append(head, member.text);
      append(head, *with);
      with = std::move(head);
    }
    Result result = with;
    if (!member.required) {
      const Result without = from(index + 1, count);
      std::vector<Sequence> alternatives;
      if (with) alternatives.push_back(*with);
      if (without) alternatives.push_back(*without);
      result = std::nullopt;
      if (!alternatives.empty()) result = grammar_.builder_.choice("rest", std::move(alternatives));
    }
    return known_[{index, count}] = result;
  }

  Result others(int count) {
    const int min = std::max(0, members_.min - count);
    const int room =
        members_.max == INT_MAX ? grammar_.options_.max_members : std::min(grammar_.options_.max_members, members_.max - count);
    const int max = std::max(min, room);
    if (members_.others.empty() || max == 0) return min == 0 ? Result(Sequence()) : std::nullopt;
    if (members_.max != INT_MAX && count + min > members_.max) return std::nullopt;
    if (max > GbnfBuilder::kMostRepetitions / 2) throw Refusal("asks for too many members");
    const Sequence other = grammar_.builder_.choice("member", members_.others);
    Sequence more = grammar_.comma();
    append(more, other);
    if (count > 0) return grammar_.builder_.repeat("more", more, min, max);
    Sequence all = other;
    append(all, grammar_.builder_.repeat("more", more, std::max(0, min - 1), max - 1));
    return min > 0 ? all : grammar_.builder_.repeat("members", all, 0, 1);
  }

  Impl& grammar_;
  const Members& members_;
  int counted_;  ///< more members than this make no difference
  std::vector<int> required_behind_;
  std::map<std::pair<std::size_t, int>, Result> known_;
};

SchemaGrammar::Impl::Result SchemaGrammar::Impl::convert_object(const JsonObject& keywords, const Place& place,
                                                                std::string_view hint) {
  Members members{.min = integer_of(keywords, "minProperties", 0), .max = integer_of(keywords, "maxProperties", INT_MAX)};
  if (!list_members(keywords, place, members)) return std::nullopt;
  list_others(keywords, place, members);

  int required = 0;
  for (const Member& member : members.listed) required += member.required ? 1 : 0;
  // Keys that are repeated count once.
  if (members.min > std::max(1, required) && !members.others.empty()) note_checked(place.in("minProperties").pointer);
  MemberWriter writer(*this, members);
  Result body = writer.write();
  if (!body) return std::nullopt;
  Sequence result = literal("{");
  append(result, *body);
  append(result, literal("}"));
  return rule(hint, std::move(result));
}

bool SchemaGrammar::Impl::list_members(const JsonObject& keywords, const Place& place, Members& members) {
  std::vector<std::string> required;
  if (const Json* names = keywords.if_contains("required")) required = texts_of(*names);
  const Json* properties = keywords.if_contains("properties");
  std::set<std::string> listed;
  if (properties != nullptr) {
    for (const auto& member : properties->as_object()) {
      const std::string name(member.key());
      const bool needed = std::find(required.begin(), required.end(), name) != required.end();
      listed.insert(name);
      Result value = convert_member(name, member.value(), keywords, place);
      if (!value && needed) return false;
      if (value) members.listed.push_back({key_and(name, *value), needed, name});
    }
  }
  for (const std::string& name : required) {
    if (!listed.insert(name).second) continue;
    const Json* rule = matching_pattern(keywords, name) ? nullptr : keywords.if_contains("additionalProperties");
    Result value = convert_member(name, rule == nullptr ? Json(JsonObject()) : *rule, keywords, place);
    if (!value) return false;
    members.listed.push_back({key_and(name, *value), true, name});
  }
  if (members.listed.size() > kMostMembers) throw Refusal("has more than " + std::to_string(kMostMembers) + " members");
  return true;
}

Sequence SchemaGrammar::Impl::key_and(const std::string& name, const Sequence& value) {
  std::string key;
  append_json_string(key, name);
  return member_of(literal(key), value);
}

bool SchemaGrammar::Impl::matching_pattern(const JsonObject& keywords, const std::string& name) {
  const Json* patterns = keywords.if_contains("patternProperties");
  return patterns != nullptr && std::any_of(patterns->as_object().begin(), patterns->as_object().end(),
                                            [&](const auto& entry) { return pattern_automaton(entry.key()).accepts(name); });
}

SchemaGrammar::Impl::Result SchemaGrammar::Impl::convert_member(const std::string& name, const Json& schema,
                                                                const JsonObject& keywords, const Place& place) {
  const Place there = place.in("properties").in(name);
  JsonArray all{schema};
  if (const Json* patterns = keywords.if_contains("patternProperties")) {
    for (const auto& entry : patterns->as_object()) {
      if (pattern_automaton(entry.key()).accepts(name)) all.push_back(entry.value());
    }
  }
  if (const Json* names = keywords.if_contains("propertyNames"); names != nullptr && !name_fits(*names, name, place))
    return std::nullopt;
  if (all.size() == 1) return convert(schema, there, name);
  return convert(JsonObject{{"allOf", all}}, there, name);
}

bool SchemaGrammar::Impl::name_fits(const Json& names, const std::string& name, const Place& place) {
  try {
    return SchemaValidator::compile(names)->validate(Json(name));
  } catch (const Error&) {
    note_checked(place.in("propertyNames").pointer);
    return true;
  }
}

void SchemaGrammar::Impl::list_others(const JsonObject& keywords, const Place& place, Members& members) {
  const Json* properties = keywords.if_contains("properties");
  const Json* patterns = keywords.if_contains("patternProperties");
  const Json* rule = keywords.if_contains("additionalProperties");
  const bool lists_none =
      members.listed.empty() && (properties == nullptr || properties->as_object().empty()) && patterns == nullptr;
  const bool wants_others = rule == nullptr ? lists_none : *rule != Json(false) && (lists_none || says_something(*rule));
  const bool needs_others = members.min > static_cast<int>(members.listed.size()) && (rule == nullptr || *rule != Json(false));

  std::optional<Automaton> keys = key_automaton(keywords, place);
  if (properties != nullptr || !members.listed.empty()) {
    std::vector<std::string> taken;
    for (const Member& member : members.listed) taken.push_back(member.name);
    if (properties != nullptr) {
      for (const auto& member : properties->as_object()) taken.emplace_back(member.key());
    }
    if (!taken.empty()) keys = (keys ? *keys : Automaton::all(CharSet::any())).without(Automaton::of_texts(taken));
  }
  std::vector<Automaton> patterned;
  if (patterns != nullptr) {
    for (const auto& entry : patterns->as_object()) patterned.push_back(pattern_automaton(entry.key()));
  }
  for (std::size_t i = 0; i < patterned.size(); ++i) {
    Automaton mine = keys ? patterned[i].intersect(*keys) : patterned[i];
    for (std::size_t k = 0; k < patterned.size(); ++k) {
      if (k != i) mine = mine.without(patterned[k]);
    }
    const auto& entry = *(patterns->as_object().begin() + static_cast<std::ptrdiff_t>(i));
    add_other(members, mine, entry.value(), place.in("patternProperties").in(entry.key()));
  }
  if (!wants_others && !needs_others) return;
  for (const Automaton& pattern : patterned) keys = (keys ? *keys : Automaton::all(CharSet::any())).without(pattern);
  const Json anything = JsonObject();
  const Json& value = rule == nullptr ? anything : *rule;
  add_other(members, keys, value, place.in("additionalProperties"));
}

void SchemaGrammar::Impl::add_other(Members& members, const std::optional<Automaton>& keys, const Json& schema,
                                    const Place& place) {
  Result key = keys ? quoted_automaton("key", *keys, 0, std::nullopt, options_.max_pattern_length) : Result(any_key());
  const bool is_any = !says_something(schema);
  Result value = is_any ? Result(any_value(options_.max_free_depth - 1)) : convert(schema, place, "member");
  if (key && value) members.others.push_back(member_of(*key, *value));
}

std::optional<Automaton> SchemaGrammar::Impl::key_automaton(const JsonObject& keywords, const Place& place) {
  const Json* names = keywords.if_contains("propertyNames");
  if (names == nullptr || !says_something(*names)) return std::nullopt;
  const Place there = place.in("propertyNames");
  const Flat flat = flatten(*names, there);
  if (flat.impossible) return Automaton();
  if (!flat.unions.empty()) fail(there, "alternatives for the names of members are not supported");
  if (const Json* values = flat.keywords.if_contains("enum")) {
    std::vector<std::string> texts;
    for (const Json& value : values->as_array()) {
      if (value.is_string()) texts.emplace_back(value.get_string());
    }
    return Automaton::of_texts(texts);
  }
  auto texts = string_automaton(flat.keywords);
  const int min = integer_of(flat.keywords, "minLength", 0);
  const int max = integer_of(flat.keywords, "maxLength", std::max(min, options_.max_pattern_length));
  if (!texts) texts = Automaton::all(CharSet::any());
  if (min == 0 && !flat.keywords.contains("maxLength")) return texts;
  const int bound = std::min(max, std::max(min, options_.max_pattern_length));
  return texts->with_length(static_cast<std::size_t>(min), static_cast<std::size_t>(std::max(0, bound)));
}

}  // namespace genkit::llama
