#include "schema/draft7/documents.h"

#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

#include <genkit/base/error.h>

#include "base/json_pointer.h"
#include "schema/draft7/metaschema.h"
#include "schema/draft7/uri.h"

namespace genkit::internal {
namespace {

constexpr std::string_view kMetaschemaUri = "http://json-schema.org/draft-07/schema";

// Base URIs are inherited and extended; without a bound, a schema could make them quadratic in its size.
constexpr std::size_t kLongestUri = 8192;

std::string_view without_fragment(std::string_view uri) {
  return uri.substr(0, uri.find('#'));
}

std::string_view fragment_of(std::string_view uri) {
  std::size_t hash = uri.find('#');
  return hash == std::string_view::npos ? std::string_view() : uri.substr(hash + 1);
}

/// One reference token of a JSON pointer; nothing when a ~ is no escape.
std::optional<std::string> unescape_step(std::string_view step) {
  std::string name;
  for (std::size_t i = 0; i < step.size(); ++i) {
    if (step[i] != '~') {
      name += step[i];
      continue;
    }
    if (++i == step.size() || (step[i] != '0' && step[i] != '1')) return std::nullopt;
    name += step[i] == '0' ? '~' : '/';
  }
  return name;
}

const Json* child_at(const Json& json, const std::string& name) {
  if (const JsonObject* object = json.if_object()) return object->if_contains(name);
  const JsonArray* array = json.if_array();
  if (array == nullptr || name.empty() || (name.size() > 1 && name.front() == '0')) return nullptr;
  std::size_t index = 0;
  auto [end, code] = std::from_chars(name.data(), name.data() + name.size(), index);
  if (code != std::errc() || end != name.data() + name.size() || index >= array->size()) return nullptr;
  return &(*array)[index];
}

std::string quote_json(std::string_view text) {
  std::string quoted;
  append_json_string(quoted, text);
  return quoted;
}

}  // namespace

std::string to_pointer(const PointerStep* last) {
  std::vector<const PointerStep*> steps;
  for (; last != nullptr; last = last->before) steps.push_back(last);
  std::string pointer = "#";
  for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
    if ((*step)->is_pointer) {
      pointer += (*step)->name;
      continue;
    }
    pointer += '/';
    if ((*step)->index) {
      pointer += std::to_string(*(*step)->index);
    } else {
      append_pointer_step(pointer, (*step)->name);
    }
  }
  return pointer;
}

void refuse_schema(const PointerStep* where, std::string_view what) {
  throw Error(Status::kInvalidArgument, "JSON schema at " + quote_json(to_pointer(where)) + ": " + std::string(what));
}

SchemaDocuments::SchemaDocuments(const Json& root) {
  bases_.emplace_back();
  root_ = enter(root, &bases_.back(), nullptr);
  add_document(root_);
  by_uri_.emplace(*root_.base, root_);
  if (root_.base != &bases_.front()) by_uri_.emplace("", root_);
}

const PointerStep* SchemaDocuments::step(const PointerStep* before, std::string_view name) {
  return &steps_.emplace_back(PointerStep{.before = before, .name = name, .index = {}, .is_pointer = false});
}

SchemaLocation SchemaDocuments::below(const SchemaLocation& parent, const Json& json, std::string_view keyword) {
  return enter(json, parent.base, step(parent.where, keyword));
}

SchemaLocation SchemaDocuments::below(const SchemaLocation& parent, const Json& json, std::string_view keyword,
                                      std::string_view member) {
  return enter(json, parent.base, step(step(parent.where, keyword), member));
}

SchemaLocation SchemaDocuments::below(const SchemaLocation& parent, const Json& json, std::string_view keyword,
                                      std::size_t index) {
  const PointerStep* before = step(parent.where, keyword);
  return enter(json, parent.base, &steps_.emplace_back(PointerStep{before, {}, index, false}));
}

SchemaLocation SchemaDocuments::enter(const Json& json, const std::string* outer_base, const PointerStep* where) {
  SchemaLocation location{&json, outer_base, where};
  const Json* id = find_member(json, "$id");
  // What stands beside a $ref is ignored in draft-07.
  if (id == nullptr || !id->is_string() || find_member(json, "$ref") != nullptr) return location;
  std::string uri = resolve_uri(*outer_base, without_fragment(id->get_string()));
  if (uri.size() > kLongestUri) refuse_schema(step(where, "$id"), "is longer than 8192 bytes");
  if (uri != *outer_base) location.base = &bases_.emplace_back(std::move(uri));
  return location;
}

void SchemaDocuments::add_document(const SchemaLocation& root) {
  std::vector<SchemaLocation> open = {root};
  while (!open.empty()) {
    SchemaLocation location = open.back();
    open.pop_back();
    add_id(location);
    for_each_subschema(location, [&](const SchemaLocation& sub) { open.push_back(sub); });
  }
}

void SchemaDocuments::add_id(const SchemaLocation& location) {
  const Json* id = find_member(*location.json, "$id");
  if (id == nullptr || find_member(*location.json, "$ref") != nullptr) return;
  if (!id->is_string()) refuse_schema(step(location.where, "$id"), "must be a string");

  auto add = [&](std::string uri) {
    auto [entry, added] = by_uri_.emplace(std::move(uri), location);
    if (added || entry->second.json == location.json || *entry->second.json == *location.json) return;
    refuse_schema(step(location.where, "$id"), quote_json(entry->first) + " is also the $id of another schema");
  };
  std::string_view text = id->get_string();
  std::string_view anchor = fragment_of(text);
  if (!without_fragment(text).empty()) add(*location.base);
  if (!anchor.empty() && anchor.front() != '/') add(*location.base + "#" + std::string(anchor));
}

const SchemaLocation* SchemaDocuments::find(const std::string& uri) {
  auto entry = by_uri_.find(uri);
  if (entry == by_uri_.end() && !has_metaschema_ && without_fragment(uri) == kMetaschemaUri) {
    has_metaschema_ = true;
    add_document(enter(draft7_metaschema(), &bases_.front(), nullptr));
    entry = by_uri_.find(uri);
  }
  return entry == by_uri_.end() ? nullptr : &entry->second;
}

SchemaLocation SchemaDocuments::resolve(const SchemaLocation& from, std::string_view reference) {
  std::string uri = resolve_uri(*from.base, reference);
  std::string_view fragment = fragment_of(reference);
  const SchemaLocation* document = find(std::string(without_fragment(uri)));
  if (document == nullptr) {
    refuse_schema(step(from.where, "$ref"), quote_json(reference) +
                                                " is not in this schema, and remote schemas are not fetched; put it "
                                                "under \"definitions\" and refer to \"#/definitions/...\"");
  }
  if (fragment.empty()) return *document;
  if (fragment.front() != '/') {
    if (const SchemaLocation* anchor = find(uri)) return *anchor;
  } else if (std::optional<std::string> pointer = decode_percent(fragment)) {
    if (auto target = follow_pointer(*document, fragment, *pointer)) return *target;
  }
  refuse_schema(step(from.where, "$ref"), quote_json(reference) + " names nothing in the schema");
}

std::optional<SchemaLocation> SchemaDocuments::follow_pointer(SchemaLocation location, std::string_view fragment,
                                                              std::string_view pointer) {
  const PointerStep* where = &steps_.emplace_back(PointerStep{location.where, fragment, {}, true});
  while (!pointer.empty()) {
    pointer.remove_prefix(1);
    std::size_t end = std::min(pointer.find('/'), pointer.size());
    std::optional<std::string> name = unescape_step(pointer.substr(0, end));
    const Json* child = name ? child_at(*location.json, *name) : nullptr;
    if (child == nullptr) return std::nullopt;
    location = enter(*child, location.base, where);
    pointer.remove_prefix(end);
  }
  return location;
}

}  // namespace genkit::internal
