#include <genkit/core/value.h>

#include <new>

namespace genkit::internal {

Json ValueRef::to_json() const {
  Json json;
  if (type != nullptr) type->encode(object, json);
  return json;
}

void ValueRef::append_text(std::string& out) const {
  if (type != nullptr) {
    type->append_text(object, out);
  } else {
    out += "null";
  }
}

Value::Value(const TypeInfo& type, void* move_from) : type_(&type) {
  storage_ = ::operator new(type.size(), std::align_val_t(type.alignment()));
  try {
    if (move_from != nullptr) {
      type.move_construct(storage_, move_from);
    } else {
      type.default_construct(storage_);
    }
  } catch (...) {
    ::operator delete(storage_, std::align_val_t(type.alignment()));
    throw;
  }
}

Value Value::copy_of(ValueRef ref) {
  Value value;
  if (ref.type == nullptr) return value;
  value.storage_ = ::operator new(ref.type->size(), std::align_val_t(ref.type->alignment()));
  try {
    ref.type->copy_construct(value.storage_, ref.object);
  } catch (...) {
    ::operator delete(value.storage_, std::align_val_t(ref.type->alignment()));
    value.storage_ = nullptr;
    throw;
  }
  value.type_ = ref.type;
  return value;
}

Value Value::take_from(ValueRef ref) {
  return ref.expiring && ref.type != nullptr ? Value(*ref.type, const_cast<void*>(ref.object)) : copy_of(ref);
}

void Value::reset() noexcept {
  if (storage_ == nullptr) return;
  type_->destroy(storage_);
  ::operator delete(storage_, std::align_val_t(type_->alignment()));
  storage_ = nullptr;
  type_ = nullptr;
}

}  // namespace genkit::internal
