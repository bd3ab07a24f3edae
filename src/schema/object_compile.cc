#include <algorithm>
#include <array>

#include <genkit/schema/reflect.h>

#include "schema/issues.h"
#include "schema/object_info.h"
#include "schema/printed_names.h"
#include "schema/schema_builder.h"
#include "schema/temporary.h"

namespace genkit::internal {
namespace {

/// The value as JSON; nothing for values that JSON cannot hold, such as an enum's zero when no enumerator is zero.
std::optional<Json> try_encode(const TypeInfo& type, const void* object) {
  try {
    Json json;
    type.encode(object, json);
    return json;
  } catch (const Error&) {
    return std::nullopt;
  }
}

/// What an initialiser in the struct made of a member; nothing when that is the value the type has anyway.
std::optional<Json> initial_value(const TypeInfo& type, const void* member) {
  std::optional<Json> given = try_encode(type, member);
  if (!given) return std::nullopt;
  const Temporary plain(type);
  const std::optional<Json> usual = try_encode(type, plain.get());
  if (usual && to_text(*usual) == to_text(*given)) return std::nullopt;
  return given;
}

bool has_constraint(const FieldOptions& options) {
  return std::any_of(options.options.begin(), options.options.begin() + options.count,
                     [](const DescribeOption& option) { return is_constraint(option.tag); });
}

std::string_view text_of(const DescribeOption& option) {
  return {option.text, option.length};
}

}  // namespace

/// Turns the tables of the compiler into what the algorithms need; once for each type, when it is first used.
class ObjectInfo::Compiler {
 public:
  explicit Compiler(const ObjectInfo& info)
      : info_(info), table_(info.table_), sample_(info), made_(std::make_unique<Compiled>()) {}

  std::unique_ptr<Compiled> run() {
    read_type_options();
    const std::vector<std::string> names =
        table_.names_are_listed ? listed_member_names(table_.names) : printed_member_names(table_.names, table_.count);
    std::array<const void*, kCapacity> addresses;
    table_.addresses(sample_.get(), addresses.data());
    for (std::size_t i = 0; i < table_.count; ++i) add_member(names.at(i), *table_.types[i], addresses[i]);

    made_->has_constraints = any_type_inside(info_, [](const TypeInfo& type) { return type.has_own_constraints(); });
    return std::move(made_);
  }

 private:
  void read_type_options() {
    if (table_.options == nullptr) return;
    for (std::size_t i = 0; i < table_.options->count; ++i) {
      const DescribeOption& option = table_.options->options[i];
      if (option.tag == OptionTag::kTitle) made_->title = text_of(option);
      if (option.tag == OptionTag::kDescription) made_->description = text_of(option);
      if (option.tag == OptionTag::kAllowUnknown) made_->open = true;
      if (option.tag == OptionTag::kCamelCaseKeys) camel_case_ = true;
    }
  }

  void add_member(const std::string& name, const TypeInfo& type, const void* address) {
    const auto offset = static_cast<std::size_t>(static_cast<const char*>(address) - static_cast<const char*>(sample_.get()));
    if (&type == &Descriptor<ExtraMembers>::value) {
      made_->extra_offset = offset;
      made_->open = true;
      return;
    }
    Member member;
    member.offset = offset;
    member.type = &type;
    member.key = camel_case_ ? camel_case(name) : name;
    member.default_value = initial_value(type, address);
    member.required = !type.is_optional() && !member.default_value;
    if (const FieldOptions* options = options_of(address)) describe_member(member, *options);
    finish_member(std::move(member));
  }

  const FieldOptions* options_of(const void* address) const {
    for (std::size_t i = 0; i < table_.field_count; ++i) {
      if (table_.fields[i].address(sample_.get()) == address) return &table_.fields[i];
    }
    return nullptr;
  }

  void describe_member(Member& member, const FieldOptions& options) {
    for (std::size_t i = 0; i < options.count; ++i) apply(member, options.options[i]);
    if (has_constraint(options)) {
      member.constraints = std::make_unique<const Constraints>(options, *member.type, info_.name() + "." + member.key);
    }
  }

  void apply(Member& member, const DescribeOption& option) {
    switch (option.tag) {
      case OptionTag::kDescription:
        member.description = text_of(option);
        break;
      case OptionTag::kKey:
        member.key = text_of(option);
        break;
      case OptionTag::kFormat:
        member.format = text_of(option);
        break;
      case OptionTag::kDefault:
        member.default_value = option_value(option, *member.type);
        member.default_is_described = true;
        member.required = false;
        break;
      case OptionTag::kConstant:
        // A constant tells alternatives apart, so it has to be there.
        made_->has_constants = true;
        member.required = true;
        member.default_value.reset();
        break;
      case OptionTag::kExample:
        member.examples.push_back(option_value(option, *member.type));
        break;
      case OptionTag::kOptional:
        member.required = false;
        break;
      case OptionTag::kRequired:
        member.required = true;
        member.default_value.reset();
        break;
      case OptionTag::kOmitEmpty:
        member.required = false;
        member.omit_empty = true;
        break;
      default:
        break;  // limits, which Constraints reads
    }
  }

  void finish_member(Member member) {
    for (const Member& other : made_->members) {
      if (other.key == member.key) {
        throw Error(Status::kInvalidArgument, "two members of " + info_.name() + " have the JSON key \"" + member.key + "\"");
      }
    }
    member.prefix = ",";
    append_json_string(member.prefix, member.key);
    member.prefix += ':';
    member.may_be_absent = !member.required;
    member.is_boxed = !member.required && !member.omit_empty && member.type->is_optional() &&
                      static_cast<const OptionalInfo*>(member.type)->is_pointer();
    member.check_inside = any_type_inside(*member.type, [](const TypeInfo& inside) { return inside.has_own_constraints(); });
    made_->members.push_back(std::move(member));
  }

  const ObjectInfo& info_;
  const Table& table_;
  Temporary sample_;  // offsets and initialisers are read from it
  std::unique_ptr<Compiled> made_;
  bool camel_case_ = false;
};

const ObjectInfo::Compiled& ObjectInfo::compile() const {
  const Compiled* known = nullptr;
  std::unique_ptr<Compiled> made = Compiler(*this).run();
  if (compiled_.compare_exchange_strong(known, made.get(), std::memory_order_acq_rel)) return *made.release();
  return *known;  // another thread was faster
}

bool ObjectInfo::has_own_constraints() const {
  return std::any_of(table_.fields, table_.fields + table_.field_count, has_constraint);
}

bool ObjectInfo::has_constraints() const {
  return compiled().has_constraints;
}

std::string ObjectInfo::name() const {
  return printed_type_name(table_.type_name);
}

}  // namespace genkit::internal
