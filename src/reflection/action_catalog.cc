#include "reflection/action_catalog.h"

namespace genkit::internal {

namespace {

/// An array directly in metadata may hold neither null nor another array, which becomes its text.
void append_metadata_array(std::string& out, const JsonArray& array) {
  out += '[';
  bool first = true;
  for (const Json& item : array) {
    if (item.is_null()) continue;
    if (!std::exchange(first, false)) out += ',';
    if (item.is_array()) {
      append_json_string(out, to_text(item));
    } else {
      append_text(out, item);
    }
  }
  out += ']';
}

void append_metadata(std::string& out, const JsonObject& metadata) {
  out += '{';
  bool first = true;
  for (const auto& [name, value] : metadata) {
    if (value.is_null()) continue;
    if (!std::exchange(first, false)) out += ',';
    append_json_string(out, name);
    out += ':';
    if (value.is_array()) {
      append_metadata_array(out, value.get_array());
    } else {
      append_text(out, value);
    }
  }
  out += '}';
}

}  // namespace

void ActionListWriter::append_schema(const std::shared_ptr<const Json>& schema) {
  const auto [found, is_new] = schemas_.try_emplace(schema.get(), out_.size(), 0);
  auto& [begin, size] = found->second;
  if (is_new) {
    append_text(out_, *schema);
    size = out_.size() - begin;
  } else {
    out_.append(out_, begin, size);
  }
}

void ActionListWriter::add(const ActionInfo& info) {
  if (!std::exchange(first_, false)) out_ += ',';
  const std::size_t key_begin = out_.size();
  append_json_string(out_, info.key);
  const std::size_t key_size = out_.size() - key_begin;
  out_ += ":{\"key\":";
  out_.append(out_, key_begin, key_size);
  out_ += ",\"name\":";
  append_json_string(out_, info.name);
  if (!info.description.empty()) {
    out_ += ",\"description\":";
    append_json_string(out_, info.description);
  }
  if (info.metadata.is_object()) {
    out_ += ",\"metadata\":";
    append_metadata(out_, info.metadata.get_object());
  }
  if (info.input_schema && !info.input_schema->is_null()) {
    out_ += ",\"inputSchema\":";
    append_schema(info.input_schema);
  }
  if (info.output_schema && !info.output_schema->is_null()) {
    out_ += ",\"outputSchema\":";
    append_schema(info.output_schema);
  }
  out_ += '}';
}

std::shared_ptr<const std::string> ActionCatalog::registered() {
  // Read before the actions: what is added meanwhile is written too, and written once more the next time.
  const std::uint64_t version = registry_->version();
  {
    const std::lock_guard lock(mutex_);
    if (text_ && version_ == version) return text_;
  }

  std::string text = "{";
  ActionListWriter writer(text);
  registry_->visit_registered([&](const ActionInfo& info) { writer.add(info); });
  text += '}';
  auto shared = std::make_shared<const std::string>(std::move(text));
  const std::lock_guard lock(mutex_);
  version_ = version;
  text_ = shared;
  return shared;
}

std::shared_ptr<const std::string> ActionCatalog::text() {
  // In this order: what is registered in between is listed twice rather than not at all.
  std::string offered;
  ActionListWriter writer(offered);
  for (const ActionInfo& info : registry_->list_offered()) writer.add(info);
  const std::shared_ptr<const std::string> registered = this->registered();
  if (offered.empty()) return registered;

  std::string all;
  all.reserve(registered->size() + offered.size() + 1);
  all.append(*registered, 0, registered->size() - 1);
  if (all.size() > 1) all += ',';
  all.append(offered).append("}");
  return std::make_shared<const std::string>(std::move(all));
}

}  // namespace genkit::internal
