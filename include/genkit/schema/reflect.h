#ifndef GENKIT_SCHEMA_REFLECT_H_
#define GENKIT_SCHEMA_REFLECT_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include <genkit/base/boxed.h>
#include <genkit/base/shared_json.h>
#include <genkit/schema/describe.h>
#include <genkit/schema/reflect_bind.h>
#include <genkit/schema/type_info.h>
#include <genkit/schema/type_kinds.h>

/// From C++ types to descriptors. These templates only fill in tables; they are constants of the program, made by no code.
///
/// A struct is described when it is an aggregate of at most 64 members without base classes, can be default-constructed, and
/// its members can be described. Members are required, except
///  - optional<>, Boxed, unique_ptr and shared_ptr;
///  - those whose initialiser in the struct gives them another value than 0, false, "", [] or {}: the schema shows it as their
///    "default", and they keep it when JSON leaves them out;
///  - those whose description says `optional()`, `omit_empty()` or `default_value(…)`.
/// Unknown members are refused, unless the description says `allow_unknown()` or a member is `ExtraMembers`.
///
/// Enumerators are found from kFirstEnumValue to kLastEnumValue; other enums need `describe` with `enum_values`.
namespace genkit::internal {

inline constexpr std::int64_t kFirstEnumValue = -16;
inline constexpr std::int64_t kLastEnumValue = 127;

template <class T>
struct Descriptor;

/// Tells that `static_assert` has already said what is wrong, so that nothing else is reported.
template <class T>
inline constexpr bool kNever = false;
/// True for the responses and streams of models, which people return by mistake.
template <class T>
inline constexpr bool kIsAnswer = false;

template <class T>
void run_object_life(LifeOp op, void* to, void* from) {
  switch (op) {
    case LifeOp::kDefaultConstruct:
      ::new (to) T{};
      break;
    case LifeOp::kMoveConstruct:
      ::new (to) T(std::move(*static_cast<T*>(from)));
      break;
    case LifeOp::kDestroy:
      static_cast<T*>(to)->~T();
      break;
    case LifeOp::kCopyConstruct:
    case LifeOp::kCopyAssign:
      break;
  }
}
template <class T>
void run_life(LifeOp op, void* to, void* from) {
  if constexpr (std::is_array_v<T>) {
    using Element = std::remove_extent_t<T>;
    for (std::size_t i = 0; i < std::extent_v<T>; ++i) {
      run_life<Element>(op, static_cast<Element*>(to) + i, from == nullptr ? nullptr : static_cast<Element*>(from) + i);
    }
  } else {
    run_object_life<T>(op, to, from);
  }
}
template <class T>
void run_copyable_life(LifeOp op, void* to, void* from) {
  if (op == LifeOp::kCopyConstruct) {
    ::new (to) T(*static_cast<const T*>(from));
  } else if (op == LifeOp::kCopyAssign) {
    *static_cast<T*>(to) = *static_cast<const T*>(from);
  } else {
    run_life<T>(op, to, from);
  }
}
/// Structs and containers are copied through their descriptors, which also know what to do with a unique_ptr inside.
template <class T>
inline constexpr TypeLife kLife{sizeof(T), alignof(T), false, &run_life<T>};
template <class T>
inline constexpr TypeLife kCopyableLife{sizeof(T), alignof(T), true, &run_copyable_life<T>};

template <class T>
consteval const char* print_type() {
  return __PRETTY_FUNCTION__;
}

template <class T>
concept HasDescription = requires { describe(Type<T>{}); };

// --- Scalars. The usual ones are compiled in the library.

#define GENKIT_INTERNAL_LIBRARY_TYPE(T, Info) \
  template <>                                 \
  struct Descriptor<T> {                      \
    static const Info value;                  \
  }

GENKIT_INTERNAL_LIBRARY_TYPE(std::nullptr_t, NullInfo);
GENKIT_INTERNAL_LIBRARY_TYPE(std::monostate, NullInfo);
GENKIT_INTERNAL_LIBRARY_TYPE(bool, BoolInfo);
GENKIT_INTERNAL_LIBRARY_TYPE(signed char, IntegerInfo);
GENKIT_INTERNAL_LIBRARY_TYPE(unsigned char, IntegerInfo);
GENKIT_INTERNAL_LIBRARY_TYPE(short, IntegerInfo);
GENKIT_INTERNAL_LIBRARY_TYPE(unsigned short, IntegerInfo);
GENKIT_INTERNAL_LIBRARY_TYPE(int, IntegerInfo);
GENKIT_INTERNAL_LIBRARY_TYPE(unsigned, IntegerInfo);
GENKIT_INTERNAL_LIBRARY_TYPE(long, IntegerInfo);
GENKIT_INTERNAL_LIBRARY_TYPE(unsigned long, IntegerInfo);
GENKIT_INTERNAL_LIBRARY_TYPE(long long, IntegerInfo);
GENKIT_INTERNAL_LIBRARY_TYPE(unsigned long long, IntegerInfo);
GENKIT_INTERNAL_LIBRARY_TYPE(float, RealInfo);
GENKIT_INTERNAL_LIBRARY_TYPE(double, RealInfo);
GENKIT_INTERNAL_LIBRARY_TYPE(std::string, StringInfo);
GENKIT_INTERNAL_LIBRARY_TYPE(Json, JsonInfo);
GENKIT_INTERNAL_LIBRARY_TYPE(JsonObject, JsonObjectInfo);
GENKIT_INTERNAL_LIBRARY_TYPE(JsonArray, JsonArrayInfo);
GENKIT_INTERNAL_LIBRARY_TYPE(ExtraMembers, JsonObjectInfo);
GENKIT_INTERNAL_LIBRARY_TYPE(SharedJson, SharedJsonInfo);

// --- Enums.

template <class E, auto... V>
consteval const char* print_values() {
  return __PRETTY_FUNCTION__;
}

// clang up to 19 makes an error of this in the middle of a concept; what is out of range has no name, which is looked at anyway.
#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunknown-warning-option"
#pragma clang diagnostic ignored "-Wenum-constexpr-conversion"
#endif

template <class E, E V>
struct EnumValue {};

/// Whether V can be a value of E at all: matters for enums without a fixed underlying type.
template <class E, std::int64_t V>
concept EnumHolds = requires { EnumValue<E, static_cast<E>(V)>{}; };

template <class E>
consteval std::int64_t first_enum_value() {
  using U = std::underlying_type_t<E>;
  if constexpr (!std::is_signed_v<U> || !EnumHolds<E, kFirstEnumValue>) {
    return 0;
  } else {
    return kFirstEnumValue;
  }
}

template <class E>
consteval std::int64_t last_enum_value() {
  if constexpr (std::is_same_v<std::underlying_type_t<E>, bool>) {
    return 1;
  } else if constexpr (EnumHolds<E, 127>) {
    return 127;
  } else if constexpr (EnumHolds<E, 31>) {
    return EnumHolds<E, 63> ? 63 : 31;
  } else if constexpr (EnumHolds<E, 7>) {
    return EnumHolds<E, 15> ? 15 : 7;
  } else {
    return EnumHolds<E, 3> ? 3 : 1;
  }
}

template <class E, std::int64_t First, std::size_t... I>
consteval const char* print_enum(std::index_sequence<I...>) {
  return print_values<E, static_cast<E>(First + static_cast<std::int64_t>(I))...>();
}

#if defined(__clang__)
#pragma clang diagnostic pop
#endif

/// Whether any of the printed values has a name: "ns::Color::kRed" has, "(ns::Color)5" has not.
consteval bool prints_a_name(const char* printed) {
  std::string_view text(printed);
  text.remove_prefix(text.find("V = ") + 5);
  char first = 0;   // of the identifier or number that is being read
  char before = 0;  // what stands before it
  char last = ' ';
  for (char c : text) {
    const bool is_word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    if (c == ',' || c == '}' || c == '>') {
      if (first != 0 && (first < '0' || first > '9') && (before == ':' || before == ' ')) return true;
      first = 0;
    } else if (!is_word) {
      first = 0;
    } else if (first == 0) {
      first = c;
      before = last;
    }
    last = c;
  }
  return false;
}

template <class E>
struct EnumTable {
  static constexpr std::int64_t kFirst = first_enum_value<E>();
  static constexpr std::size_t kCount = static_cast<std::size_t>(last_enum_value<E>() - kFirst + 1);
  static constexpr const char* kPrinted = print_enum<E, kFirst>(std::make_index_sequence<kCount>());
  static_assert(
      prints_a_name(kPrinted),
      "genkit: this enum has no enumerators from -16 to 127; list them with genkit::enum_values in a describe function");
  static constexpr EnumInfo::Table value{
      print_type<E>(), kPrinted, kFirst, kCount, nullptr, {}, std::is_signed_v<std::underlying_type_t<E>>};
};
template <HasDescription E>
struct EnumTable<E> {
  static constexpr auto kDescription = describe(Type<E>{});
  static constexpr EnumInfo::Table value{print_type<E>(),
                                         nullptr,
                                         0,
                                         kDescription.kCount,
                                         kDescription.labels.data(),
                                         kDescription.text,
                                         std::is_signed_v<std::underlying_type_t<E>>};
};

template <class E>
  requires std::is_enum_v<E>
struct Descriptor<E> {
  static const EnumInfo value;
};
template <class E>
  requires std::is_enum_v<E>
constinit const EnumInfo Descriptor<E>::value(kCopyableLife<E>, EnumTable<E>::value);

// --- What may be null.

template <class P, class T>
void* access_optional(OptionalInfo::Op op, void* object) {
  P& optional = *static_cast<P*>(object);
  switch (op) {
    case OptionalInfo::Op::kGet:
      return optional ? std::addressof(*optional) : nullptr;
    case OptionalInfo::Op::kReset:
      optional.reset();
      return nullptr;
    case OptionalInfo::Op::kEmplace:
      break;
  }
  if constexpr (requires { optional.emplace(); }) {
    return std::addressof(optional.emplace());
  } else {
    optional = P(new T{});
    return optional.get();
  }
}

template <class P, class T>
struct OptionalDescriptor {
  static const OptionalInfo value;
};
template <class P, class T>
constinit const OptionalInfo OptionalDescriptor<P, T>::value(kLife<P>, Descriptor<T>::value, &access_optional<P, T>,
                                                             std::is_same_v<P, Boxed<T>>);

template <class T>
struct Descriptor<std::optional<T>> : OptionalDescriptor<std::optional<T>, T> {};
template <class T>
struct Descriptor<Boxed<T>> : OptionalDescriptor<Boxed<T>, T> {};
template <class T>
struct Descriptor<std::unique_ptr<T>> : OptionalDescriptor<std::unique_ptr<T>, T> {};
template <class T>
struct Descriptor<std::shared_ptr<T>> : OptionalDescriptor<std::shared_ptr<T>, T> {};

// --- Elements side by side.

template <class T, class A>
ArrayInfo::Slice access_vector(void* object, std::size_t new_size) {
  auto& vector = *static_cast<std::vector<T, A>*>(object);
  if (new_size != ArrayInfo::kGet) vector.resize(new_size);
  return {vector.data(), vector.size()};
}
template <class T, std::size_t N>
ArrayInfo::Slice access_array(void* object, std::size_t) {
  return {object, N};
}

template <class T, class A>
struct Descriptor<std::vector<T, A>> {
  static const ArrayInfo value;
};
template <class T, class A>
constinit const ArrayInfo Descriptor<std::vector<T, A>>::value(kLife<std::vector<T, A>>, Descriptor<T>::value,
                                                               &access_vector<T, A>, false, 0);
template <class T, std::size_t N>
struct Descriptor<std::array<T, N>> {
  static const ArrayInfo value;
};
template <class T, std::size_t N>
constinit const ArrayInfo Descriptor<std::array<T, N>>::value(kLife<std::array<T, N>>, Descriptor<T>::value, &access_array<T, N>,
                                                              true, N);
template <class T, std::size_t N>
struct Descriptor<T[N]> {
  static_assert(!std::is_same_v<T, char>, "genkit: a char array cannot be described; use std::string");
  using Element = std::conditional_t<std::is_same_v<T, char>, Json, T>;
  static const ArrayInfo value;
};
template <class T, std::size_t N>
constinit const ArrayInfo Descriptor<T[N]>::value(kLife<T[N]>, Descriptor<Element>::value, &access_array<T, N>, true, N);

// --- Sets, lists and maps, whoever wrote them.

template <class C>
concept MapLike = std::is_class_v<C> && requires(C& map, typename C::key_type key) {
  typename C::mapped_type;
  map.try_emplace(std::move(key));
  map.clear();
  map.begin()->second;
};
template <class C>
concept SetLike = std::is_class_v<C> && !MapLike<C> && requires(C& set, typename C::value_type element) {
  typename C::key_type;
  set.insert(std::move(element));
  set.clear();
  set.begin();
};
template <class C>
concept ListLike = std::is_class_v<C> && !SetLike<C> && requires(C& list, typename C::value_type element) {
  list.push_back(std::move(element));
  list.clear();
  list.begin();
};

template <class C>
std::size_t container_size(const void* object) {
  return static_cast<const C*>(object)->size();
}
template <class C>
void container_clear(void* object) {
  static_cast<C*>(object)->clear();
}

template <class C>
void visit_collection(const void* object, CollectionInfo::Visitor visitor, void* context) {
  for (const typename C::value_type& element : *static_cast<const C*>(object)) visitor(context, &element);
}
template <class C>
bool add_to_collection(void* object, void* element) {
  C& collection = *static_cast<C*>(object);
  auto& value = *static_cast<typename C::value_type*>(element);
  if constexpr (ListLike<C>) {
    collection.push_back(std::move(value));
    return true;
  } else {
    std::size_t before = collection.size();
    collection.insert(std::move(value));
    return collection.size() > before;
  }
}
template <class C>
inline constexpr CollectionInfo::Table kCollectionTable{&container_size<C>, &visit_collection<C>, &container_clear<C>,
                                                        &add_to_collection<C>, SetLike<C>};

template <class C>
  requires(SetLike<C> || ListLike<C>)
struct Descriptor<C> {
  static const CollectionInfo value;
};
template <class C>
  requires(SetLike<C> || ListLike<C>)
constinit const CollectionInfo Descriptor<C>::value(kLife<C>, Descriptor<typename C::value_type>::value, kCollectionTable<C>);

/// vector<bool> has no bools in memory.
template <class A>
struct Descriptor<std::vector<bool, A>> {
  static const CollectionInfo value;
};
template <class A>
constinit const CollectionInfo Descriptor<std::vector<bool, A>>::value(kLife<std::vector<bool, A>>, Descriptor<bool>::value,
                                                                       kCollectionTable<std::vector<bool, A>>);

template <class C>
void visit_map(const void* object, MapInfo::Visitor visitor, void* context) {
  for (const auto& entry : *static_cast<const C*>(object)) visitor(context, std::string_view(entry.first), &entry.second);
}
template <class C>
void* insert_into_map(void* object, std::string_view key) {
  return &static_cast<C*>(object)->try_emplace(typename C::key_type(key)).first->second;
}
template <class C>
inline constexpr MapInfo::Table kMapTable{&container_size<C>, &visit_map<C>, &container_clear<C>, &insert_into_map<C>};

template <MapLike C>
struct Descriptor<C> {
  static_assert(std::is_same_v<typename C::key_type, std::string>,
                "genkit: a map can be described only when its keys are std::string, as those of JSON are");
  static const MapInfo value;
};
template <MapLike C>
constinit const MapInfo Descriptor<C>::value(kLife<C>, Descriptor<typename C::mapped_type>::value, kMapTable<C>);

// --- Several types.

template <class... T>
inline constexpr const TypeInfo* kTypePointers[sizeof...(T)] = {&Descriptor<T>::value...};
template <>
inline constexpr const TypeInfo* const* kTypePointers<> = nullptr;

template <class T, class... E>
struct TupleDescriptor {
  static_assert(sizeof...(E) <= TupleInfo::kCapacity, "genkit: a tuple can be described up to 16 elements");
  static const TupleInfo value;
};
template <class T>
void tuple_addresses(const void* object, const void** out) {
  std::apply([out](const auto&... element) { store_addresses(out, element...); }, *static_cast<const T*>(object));
}
template <class T, class... E>
constinit const TupleInfo TupleDescriptor<T, E...>::value(kLife<T>, kTypePointers<E...>, sizeof...(E), &tuple_addresses<T>);

template <class A, class B>
struct Descriptor<std::pair<A, B>> : TupleDescriptor<std::pair<A, B>, A, B> {};
template <class... E>
struct Descriptor<std::tuple<E...>> : TupleDescriptor<std::tuple<E...>, E...> {};

template <class V, std::size_t I>
void emplace_alternative(V& variant) {
  variant.template emplace<I>();
}
template <class V, std::size_t... I>
void emplace_any(V& variant, std::size_t index, std::index_sequence<I...>) {
  constexpr void (*kEmplacers[])(V&) = {&emplace_alternative<V, I>...};
  kEmplacers[index](variant);
}
template <class V>
VariantInfo::Held access_variant(void* object, std::size_t emplace) {
  V& variant = *static_cast<V*>(object);
  if (emplace != VariantInfo::kGet) emplace_any(variant, emplace, std::make_index_sequence<std::variant_size_v<V>>());
  void* value = std::visit([](auto& held) -> void* { return &held; }, variant);
  return {value, variant.index()};
}
template <class... T>
struct Descriptor<std::variant<T...>> {
  static const VariantInfo value;
};
template <class... T>
constinit const VariantInfo Descriptor<std::variant<T...>>::value(kLife<std::variant<T...>>, kTypePointers<T...>, sizeof...(T),
                                                                  &access_variant<std::variant<T...>>);

// --- Structs and classes.

/// Sees the private members of classes that use GENKIT_DESCRIBE.
struct ClassAccess {
  template <class T>
  static consteval bool describes() {
    if constexpr (requires { typename T::GenkitDescribedClass; }) {
      return std::is_same_v<typename T::GenkitDescribedClass, T>;
    } else {
      return false;
    }
  }
  template <class T>
  static consteval const char* names() {
    return T::genkit_member_names();
  }
  template <class T, class Visitor>
  static constexpr auto visit(T& object, const Visitor& visitor) {
    return object.genkit_visit_members(visitor);
  }
};

struct TypesVisitor {
  template <class... M>
  TypeList<M...>* operator()(M&...) const;
};
struct AddressVisitor {
  const void** out;
  template <class... M>
  void operator()(const M&... members) const {
    store_addresses(out, members...);
  }
};

/// Converts to any base class of T, by which bases are found.
template <class T>
struct AnyBaseOf {
  template <class B>
    requires(std::is_base_of_v<B, T> && !std::is_same_v<B, T>)
  operator B() const;
};

template <class T, std::size_t Low, std::size_t High>
consteval std::size_t find_member_count() {
  if constexpr (Low == High) {
    return Low;
  } else {
    constexpr std::size_t kMiddle = (Low + High + 1) / 2;
    if constexpr (Binder<kMiddle>::template fits<T>) {
      return find_member_count<T, kMiddle, High>();
    } else {
      return find_member_count<T, Low, kMiddle - 1>();
    }
  }
}
/// Small structs are common: doubling from 1 finds their count with few and short questions to the compiler.
template <class T, std::size_t Bound = 4>
consteval std::size_t member_count() {
  if constexpr (Bound <= ObjectInfo::kCapacity && Binder<Bound>::template fits<T>) {
    return member_count<T, Bound * 2>();
  } else {
    constexpr std::size_t kHigh = Bound <= ObjectInfo::kCapacity ? Bound - 1 : ObjectInfo::kCapacity;
    return find_member_count<T, (Bound == 4 ? 0 : Bound / 2), kHigh>();
  }
}

template <class T>
struct AggregateShape {
  static constexpr std::size_t kCount = member_count<T>();
  static constexpr auto kBound = Binder<kCount>::template bind<T>();
  static constexpr const char* kNames = kBound.names;
  static constexpr bool kNamesAreListed = false;
  template <class... M>
  static TypeList<M...>* list(const Bound<TypeList<M...>>&);
  using Types = std::remove_pointer_t<decltype(list(kBound))>;
  static void addresses(void* object, const void** out) { Binder<kCount>::template addresses<T>(*static_cast<T*>(object), out); }
};

template <class T>
struct ClassShape {
  using Types = std::remove_pointer_t<decltype(ClassAccess::visit(std::declval<T&>(), TypesVisitor{}))>;
  static constexpr const char* kNames = ClassAccess::names<T>();
  static constexpr bool kNamesAreListed = true;
  static void addresses(void* object, const void** out) { ClassAccess::visit(*static_cast<T*>(object), AddressVisitor{out}); }
};

template <class T>
struct ObjectDescription {
  static constexpr const FieldOptions* kFields = nullptr;
  static constexpr std::size_t kFieldCount = 0;
  static constexpr const TypeOptions* kOptions = nullptr;
};
template <HasDescription T>
struct ObjectDescription<T> {
  static constexpr auto kDescription = describe(Type<T>{});
  using Class = typename decltype(kDescription)::Class;
  static_assert(std::is_void_v<Class> || std::is_same_v<Class, T>, "genkit: describe mentions members of another struct");
  static constexpr const FieldOptions* kFields = kDescription.members.data();
  static constexpr std::size_t kFieldCount = kDescription.kCount;
  static constexpr const TypeOptions* kOptions = &kDescription.type;
};

template <class T, class Shape, class Types = typename Shape::Types>
struct ObjectTable;
template <class T, class Shape, class... M>
struct ObjectTable<T, Shape, TypeList<M...>> {
  static_assert(sizeof...(M) <= ObjectInfo::kCapacity, "genkit: a class can be described up to 64 members");
  static constexpr ObjectInfo::Table value{print_type<T>(),
                                           Shape::kNames,
                                           Shape::kNamesAreListed,
                                           sizeof...(M),
                                           kTypePointers<M...>,
                                           &Shape::addresses,
                                           ObjectDescription<T>::kFields,
                                           ObjectDescription<T>::kFieldCount,
                                           ObjectDescription<T>::kOptions};
};

/// Says in one line why T cannot be described; false then.
template <class T>
consteval bool can_be_described() {
  if constexpr (std::is_const_v<T> || std::is_volatile_v<T>) {
    static_assert(kNever<T>, "genkit: a const or volatile member cannot be described, as it cannot be decoded");
    return false;
  } else if constexpr (std::is_reference_v<T>) {
    static_assert(kNever<T>, "genkit: a reference cannot be described; hold the value itself");
    return false;
  } else if constexpr (std::is_function_v<std::remove_pointer_t<T>> || std::is_member_pointer_v<T>) {
    static_assert(kNever<T>, "genkit: a function cannot be described, JSON has no functions");
    return false;
  } else if constexpr (std::is_pointer_v<T>) {
    static_assert(kNever<T>, "genkit: a raw pointer cannot be described; use std::optional, std::unique_ptr or std::shared_ptr");
    return false;
  } else if constexpr (std::is_union_v<T>) {
    static_assert(kNever<T>, "genkit: a union cannot be described; use std::variant");
    return false;
  } else if constexpr (std::is_same_v<T, std::string_view>) {
    static_assert(kNever<T>, "genkit: a string_view cannot be described, as it owns nothing; use std::string");
    return false;
  } else if constexpr (std::is_arithmetic_v<T>) {
    static_assert(kNever<T>, "genkit: this arithmetic type cannot be described; use std::string for text, double for numbers");
    return false;
  } else if constexpr (!std::is_class_v<T>) {
    static_assert(kNever<T>, "genkit: this type cannot be described: it is neither a value that JSON has nor a struct");
    return false;
  } else if constexpr (ClassAccess::describes<T>()) {
    static_assert(std::is_default_constructible_v<T>, "genkit: a class with GENKIT_DESCRIBE needs a default constructor");
    return std::is_default_constructible_v<T>;
  } else if constexpr (kIsAnswer<T>) {
    static_assert(kNever<T>, "genkit: a response or stream is no value: return what it holds, its text() or output()");
    return false;
  } else if constexpr (!std::is_aggregate_v<T>) {
    static_assert(kNever<T>,
                  "genkit: this class cannot be described: it has private members, constructors or virtual functions; "
                  "put GENKIT_DESCRIBE(Class, members...) into it");
    return false;
  } else if constexpr (!std::is_default_constructible_v<T>) {
    static_assert(kNever<T>,
                  "genkit: this struct cannot be described: it cannot be default-constructed, perhaps for a reference "
                  "or a const member");
    return false;
  } else if constexpr (requires { T{AnyBaseOf<T>{}}; }) {
    static_assert(kNever<T>,
                  "genkit: a struct with a base class cannot be described; make the base a member, or put "
                  "GENKIT_DESCRIBE(Class, members...) into the struct");
    return false;
  } else if constexpr (Binder<ObjectInfo::kCapacity>::template fits<T> && Binder<ObjectInfo::kCapacity + 1>::template fits<T>) {
    static_assert(kNever<T>, "genkit: a struct can be described up to 64 members; group some of them into a struct of their own");
    return false;
  } else {
    return true;
  }
}

template <class T>
struct ShapeOf {
  using type = AggregateShape<T>;
};
template <class T>
  requires(ClassAccess::describes<T>())
struct ShapeOf<T> {
  using type = ClassShape<T>;
};

template <class T, bool = can_be_described<T>()>
struct ObjectDescriptor {
  static const ObjectInfo value;
};
template <class T, bool B>
constinit const ObjectInfo ObjectDescriptor<T, B>::value(kLife<T>, ObjectTable<T, typename ShapeOf<T>::type>::value);

/// Stands in for what cannot be described, so that the compiler says it once.
template <class T>
struct ObjectDescriptor<T, false> : Descriptor<Json> {};

template <class T>
struct Descriptor : ObjectDescriptor<T> {};

template <class T>
const TypeInfo& type_info() {
  return Descriptor<T>::value;
}

}  // namespace genkit::internal

#endif  // GENKIT_SCHEMA_REFLECT_H_
