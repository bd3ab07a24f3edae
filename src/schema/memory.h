#ifndef GENKIT_SRC_SCHEMA_MEMORY_H_
#define GENKIT_SRC_SCHEMA_MEMORY_H_

#include <cstddef>
#include <cstdint>
#include <cstring>

/// Reading and writing scalars of which only the size is known, without regard to the name of their type.
namespace genkit::internal {

template <class T>
T load(const void* object) {
  T value;
  std::memcpy(&value, object, sizeof value);
  return value;
}
template <class T>
void store(void* object, T value) {
  std::memcpy(object, &value, sizeof value);
}

/// An integer of any size as 64 bits.
inline std::int64_t load_signed(const void* object, std::size_t size) {
  switch (size) {
    case 1:
      return load<std::int8_t>(object);
    case 2:
      return load<std::int16_t>(object);
    case 4:
      return load<std::int32_t>(object);
    default:
      return load<std::int64_t>(object);
  }
}
inline std::uint64_t load_unsigned(const void* object, std::size_t size) {
  switch (size) {
    case 1:
      return load<std::uint8_t>(object);
    case 2:
      return load<std::uint16_t>(object);
    case 4:
      return load<std::uint32_t>(object);
    default:
      return load<std::uint64_t>(object);
  }
}
inline void store_bits(void* object, std::size_t size, std::uint64_t bits) {
  switch (size) {
    case 1:
      return store(object, static_cast<std::uint8_t>(bits));
    case 2:
      return store(object, static_cast<std::uint16_t>(bits));
    case 4:
      return store(object, static_cast<std::uint32_t>(bits));
    default:
      return store(object, bits);
  }
}

}  // namespace genkit::internal

#endif  // GENKIT_SRC_SCHEMA_MEMORY_H_
