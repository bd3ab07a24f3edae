#ifndef GENKIT_SCHEMA_SCHEMA_H_
#define GENKIT_SCHEMA_SCHEMA_H_

#include <genkit/base/json.h>
#include <genkit/schema/describe.h>
#include <genkit/schema/reflect.h>
#include <genkit/schema/reflect_chrono.h>
#include <genkit/schema/type_info.h>

namespace genkit {

/// The JSON Schema (draft-07) of a C++ type: a plain struct is an object whose properties are its fields in declaration order.
template <class T>
const Json& schema_of() {
  return internal::type_info<T>().schema();
}

/// Converts JSON to a C++ value. Throws INVALID_ARGUMENT that lists every path at which the JSON does not fit:
/// `ingredients[1].quantity: expected number, got "lots"`; `details()` holds {"errors": [{"path", "message"}]}.
template <class T>
T from_json(const Json& json) {
  T value{};
  internal::decode_or_throw(internal::type_info<T>(), json, &value);
  return value;
}

/// Converts a C++ value to JSON. An empty optional is left out.
template <class T>
Json to_json(const T& value) {
  Json json;
  internal::type_info<T>().encode(&value, json);
  return json;
}

}  // namespace genkit

#endif  // GENKIT_SCHEMA_SCHEMA_H_
