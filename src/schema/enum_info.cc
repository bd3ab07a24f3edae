#include <string>
#include <vector>

#include <genkit/schema/type_kinds.h>

#include "base/json_sink.h"
#include "schema/issues.h"
#include "schema/memory.h"
#include "schema/printed_names.h"

namespace genkit::internal {

struct EnumInfo::Compiled {
  struct Entry {
    std::int64_t value;
    std::string label;
  };
  std::vector<Entry> entries;
};

const EnumInfo::Compiled& EnumInfo::compiled() const {
  const Compiled* known = compiled_.load(std::memory_order_acquire);
  if (known != nullptr) return *known;

  auto made = std::make_unique<Compiled>();
  if (table_.labels != nullptr) {
    for (std::size_t i = 0; i < table_.count; ++i) {
      made->entries.push_back({table_.labels[i].value, std::string(table_.labels[i].label)});
    }
  } else {
    std::vector<std::string> names = printed_value_names(table_.names);
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (!names[i].empty()) made->entries.push_back({table_.first + static_cast<std::int64_t>(i), std::move(names[i])});
    }
  }
  if (compiled_.compare_exchange_strong(known, made.get(), std::memory_order_acq_rel)) return *made.release();
  return *known;  // another thread was faster
}

namespace {

std::int64_t load_enum(const void* object, std::size_t size, bool is_signed) {
  return is_signed ? load_signed(object, size) : static_cast<std::int64_t>(load_unsigned(object, size));
}

}  // namespace

const std::string* EnumInfo::label_of(std::int64_t value) const {
  for (const Compiled::Entry& entry : compiled().entries) {
    if (entry.value == value) return &entry.label;
  }
  return nullptr;
}

const std::string& EnumInfo::label_in(const void* object) const {
  const std::int64_t value = load_enum(object, size(), table_.is_signed);
  if (const std::string* label = label_of(value)) return *label;
  throw Error(Status::kInvalidArgument, "enum " + name() + " has no name for the value " + std::to_string(value) +
                                            "; list its values with genkit::enum_values in a describe function");
}

void EnumInfo::encode_at(const void* object, Json& json, int) const {
  json = label_in(object);
}

void EnumInfo::append_at(const void* object, JsonSink& sink, int) const {
  put_string(sink, label_in(object));
}

bool EnumInfo::decode_at(const Json& json, void* object, const Place& place, Issues& issues) const {
  const boost::json::string* text = json.if_string();
  if (text == nullptr) return issues.add_unexpected(place, "string", json);
  for (const Compiled::Entry& entry : compiled().entries) {
    if (std::string_view(*text) != entry.label) continue;
    store_bits(object, size(), static_cast<std::uint64_t>(entry.value));
    return true;
  }
  if (issues.full()) return false;
  constexpr std::size_t kShown = 20;
  std::string message = "must be equal to one of the allowed values (";
  for (std::size_t i = 0; i < compiled().entries.size() && i < kShown; ++i) {
    if (i > 0) message += ", ";
    append_json_string(message, compiled().entries[i].label);
  }
  if (compiled().entries.size() > kShown) message += ", …";
  return issues.add(place, message + "), got " + brief_text(json));
}

void EnumInfo::write_schema(SchemaBuilder&, JsonObject& schema) const {
  schema["type"] = "string";
  JsonArray values;
  for (const Compiled::Entry& entry : compiled().entries) values.emplace_back(entry.label);
  schema["enum"] = std::move(values);
  if (!table_.description.empty()) schema["description"] = table_.description;
}

bool EnumInfo::is_empty(const void* object) const {
  return load_enum(object, size(), table_.is_signed) == 0;
}

std::string EnumInfo::name() const {
  return printed_type_name(table_.type_name);
}

}  // namespace genkit::internal
