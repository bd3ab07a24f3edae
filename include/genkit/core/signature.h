#ifndef GENKIT_CORE_SIGNATURE_H_
#define GENKIT_CORE_SIGNATURE_H_

#include <cstddef>
#include <functional>
#include <tuple>
#include <type_traits>

namespace genkit::internal {

template <class R, class... A>
struct SignatureOf {
  using Result = R;
  using Arguments = std::tuple<std::remove_cvref_t<A>...>;
  static constexpr std::size_t kArity = sizeof...(A);
  static constexpr bool kKnown = true;
};

/// Result and parameter types of a function, function pointer or object with one plain `operator()`.
template <class F, class = void>
struct Signature {
  static constexpr bool kKnown = false;
};
template <class F>
struct Signature<F, std::void_t<decltype(&F::operator())>> : Signature<decltype(&F::operator())> {};
template <class R, class... A>
struct Signature<R (*)(A...), void> : SignatureOf<R, A...> {};
template <class R, class... A>
struct Signature<R (*)(A...) noexcept, void> : SignatureOf<R, A...> {};
template <class R, class C, class... A>
struct Signature<R (C::*)(A...), void> : SignatureOf<R, A...> {};
template <class R, class C, class... A>
struct Signature<R (C::*)(A...) const, void> : SignatureOf<R, A...> {};
template <class R, class C, class... A>
struct Signature<R (C::*)(A...) noexcept, void> : SignatureOf<R, A...> {};
template <class R, class C, class... A>
struct Signature<R (C::*)(A...) const noexcept, void> : SignatureOf<R, A...> {};

/// What an action's function takes: input, or its context, or both, or nothing. `Kind<T>::value` says whether T is a context.
template <class F, template <class> class IsContext>
struct ActionSignature {
  using Function = Signature<std::decay_t<F>>;
  static_assert(
      Function::kKnown,
      "genkit: the function of an action must have one fixed signature: name its parameter types, 'auto' is not enough");

  template <std::size_t I, class = void>
  struct Argument {
    using type = void;
  };
  template <std::size_t I>
  struct Argument<I, std::enable_if_t<(I < Function::kArity)>> {
    using type = std::tuple_element_t<I, typename Function::Arguments>;
  };
  using First = typename Argument<0>::type;
  using Second = typename Argument<1>::type;

  static constexpr bool kContextFirst = IsContext<First>::value;
  static constexpr bool kContextSecond = IsContext<Second>::value;
  static_assert(Function::kArity <= 2 && (Function::kArity < 2 || (kContextSecond && !kContextFirst)),
                "genkit: the function of an action takes (), (input), (context&) or (input, context&)");

  using Input = std::conditional_t<kContextFirst, void, First>;
  using ContextType = std::conditional_t<kContextFirst, First, std::conditional_t<kContextSecond, Second, void>>;
  using Output = std::remove_cvref_t<typename Function::Result>;
};

template <class Context>
struct ChunkOf {
  using type = typename Context::ChunkType;
};
template <>
struct ChunkOf<void> {
  using type = void;
};

}  // namespace genkit::internal

#endif  // GENKIT_CORE_SIGNATURE_H_
