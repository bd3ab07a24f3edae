#include <genkit/schema/type_info.h>

#include <genkit/schema/type_kinds.h>

#include "base/json_sink.h"
#include "schema/constraints.h"
#include "schema/draft7/budget.h"
#include "schema/issues.h"
#include "schema/schema_builder.h"

namespace genkit::internal {

const std::shared_ptr<const Json>& TypeInfo::schema_holder() const {
  const auto* holder = schema_.load(std::memory_order_acquire);
  if (holder != nullptr) return *holder;
  auto made = std::make_unique<const std::shared_ptr<const Json>>(std::make_shared<const Json>(SchemaBuilder::build(*this)));
  if (schema_.compare_exchange_strong(holder, made.get(), std::memory_order_acq_rel)) return *made.release();
  return *holder;  // another thread was faster
}

void TypeInfo::append_text(const void* object, std::string& out) const {
  JsonSink sink(out);
  append_at(object, sink, 0);
  sink.flush();
}

bool TypeInfo::decode(const Json& json, void* object, std::vector<TypeIssue>& issues) const {
  constexpr std::int64_t kFreeAttempts = 20'000;
  StepBudget budget(json, kFreeAttempts * std::int64_t{Issues::kStepsPerAttempt});
  Issues collector(issues, budget);
  return decode_at(json, object, Place(), collector);
}

bool TypeInfo::check(const void* object, std::vector<TypeIssue>& issues) const {
  Issues collector(issues);
  return check_at(object, Place(), collector);
}

void TypeInfo::copy_construct(void* storage, const void* from) const {
  if (life_.copyable) {
    life_.run(LifeOp::kCopyConstruct, storage, const_cast<void*>(from));
    return;
  }
  default_construct(storage);
  try {
    copy_at(from, storage);
  } catch (...) {
    destroy(storage);
    throw;
  }
}

void TypeInfo::copy_at(const void* from, void* to) const {
  life_.run(LifeOp::kCopyAssign, to, const_cast<void*>(from));
}

bool TypeInfo::check_at(const void*, const Place&, Issues&) const {
  return true;
}

ConstraintView TypeInfo::constraint_view(const void*) const {
  return {};
}

const TypeInfo* TypeInfo::child(std::size_t) const {
  return nullptr;
}

void TypeInfo::fill_clear(void*) const {}

FillTarget TypeInfo::fill_member(void*, std::string_view, std::size_t) const {
  return {};
}

FillTarget TypeInfo::fill_item(void*, std::size_t) const {
  return {};
}

void TypeInfo::fill_add(void*, const Json&) const {}

void TypeInfo::fill_end(void*, const Json&) const {}

bool TypeInfo::is_absent(const void*) const {
  return false;
}

}  // namespace genkit::internal
