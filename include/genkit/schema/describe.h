#ifndef GENKIT_SCHEMA_DESCRIBE_H_
#define GENKIT_SCHEMA_DESCRIBE_H_

namespace genkit {

/// Names a type to functions that are found by argument-dependent lookup: `constexpr auto describe(genkit::Type<JokeRequest>)`.
template <class T>
struct Type {
  using type = T;
};

}  // namespace genkit

#endif  // GENKIT_SCHEMA_DESCRIBE_H_
