#ifndef GENKIT_SRC_SCHEMA_TEMPORARY_H_
#define GENKIT_SRC_SCHEMA_TEMPORARY_H_

#include <new>

#include <genkit/schema/type_info.h>

namespace genkit::internal {

/// One default-constructed object of a type that is known only here.
class Temporary {
 public:
  explicit Temporary(const TypeInfo& type)
      : type_(type), storage_(::operator new(type.size(), std::align_val_t(type.alignment()))) {
    try {
      type_.default_construct(storage_);
    } catch (...) {
      release();
      throw;
    }
  }
  Temporary(const Temporary&) = delete;
  Temporary& operator=(const Temporary&) = delete;
  ~Temporary() {
    type_.destroy(storage_);
    release();
  }

  void* get() const noexcept { return storage_; }

 private:
  void release() noexcept { ::operator delete(storage_, std::align_val_t(type_.alignment())); }

  const TypeInfo& type_;
  void* storage_;
};

}  // namespace genkit::internal

#endif  // GENKIT_SRC_SCHEMA_TEMPORARY_H_
