#ifndef GENKIT_CORE_TYPED_ACTION_H_
#define GENKIT_CORE_TYPED_ACTION_H_

#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include <genkit/core/action.h>
#include <genkit/core/signature.h>
#include <genkit/core/stream.h>

namespace genkit {

namespace internal {

/// Stands for the input of an action that takes none.
struct NoInput {};

template <class T>
const TypeInfo* type_info_or_null() {
  if constexpr (std::is_void_v<T>) {
    return nullptr;
  } else {
    return &type_info<T>();
  }
}

/// Wraps a typed function: converts its input, calls it with a context object made from the call, boxes its output.
template <class Shape, class F>
ActionBody make_body(F function) {
  using Input = typename Shape::Input;
  using Output = typename Shape::Output;
  return [function = std::make_shared<F>(std::move(function))](ValueRef input, ActionCall& call) -> Value {
    const auto invoke = [&](auto&... arguments) -> Value {
      if constexpr (!std::is_invocable_v<F&, decltype(arguments)...>) {
        static_assert(kNever<F>, "genkit: an action takes its input by value or const reference, of a type that can be copied");
        return {};
      } else if constexpr (std::is_void_v<Output>) {
        (*function)(arguments...);
        return {};
      } else {
        return Value::of<Output>((*function)(arguments...));
      }
    };
    const auto with_input = [&](auto&... context) -> Value {
      if constexpr (std::is_void_v<Input>) {
        return invoke(context...);
      } else {
        std::optional<Input> storage;
        const Input& value = view_as<Input>(input, storage);
        return invoke(value, context...);
      }
    };
    if constexpr (std::is_void_v<typename Shape::ContextType>) {
      return with_input();
    } else {
      typename Shape::ContextType context(call);
      return with_input(context);
    }
  };
}

}  // namespace internal

/// An action with C++ types: call it like the function that it was made from. Copies refer to the same action.
template <class In, class Out, class ChunkType = void>
class TypedAction {
 public:
  using Input = std::conditional_t<std::is_void_v<In>, internal::NoInput, In>;
  using Output = Out;
  using Stream = ActionStream<Out, std::conditional_t<std::is_void_v<ChunkType>, Json, ChunkType>>;

  explicit TypedAction(genkit::Action action) : action_(std::move(action)) {}

  /// Runs on the calling fiber or thread. Throws `Error`: INVALID_ARGUMENT for input that breaks a described limit, CANCELLED,
  /// DEADLINE_EXCEEDED, or what the function throws.
  Out operator()(const Input& input, const CallOptions& options = {}) const
    requires(!std::is_void_v<In>)
  {
    return result(action_.run(internal::ValueRef::of(input), options, nullptr));
  }
  Out operator()(const CallOptions& options = {}) const
    requires std::is_void_v<In>
  {
    return result(action_.run({}, options, nullptr));
  }

  /// Runs beside the caller, see `ActionStream`.
  Stream stream(Input input, CallOptions options = {}) const
    requires(!std::is_void_v<In>)
  {
    return Stream([action = action_, input = std::move(input), options = std::move(options)](const internal::ChunkSink& sink) {
      return action.run(internal::ValueRef::of(input), options, &sink);
    });
  }
  Stream stream(CallOptions options = {}) const
    requires std::is_void_v<In>
  {
    return Stream([action = action_, options = std::move(options)](const internal::ChunkSink& sink) {
      return action.run({}, options, &sink);
    });
  }

  const std::string& name() const noexcept { return action_.name(); }
  const genkit::Action& action() const noexcept { return action_; }
  operator const genkit::Action&() const noexcept { return action_; }

 private:
  static Out result(internal::Value value) {
    if constexpr (!std::is_void_v<Out>) return value.template take<Out>();
  }

  genkit::Action action_;
};

}  // namespace genkit

#endif  // GENKIT_CORE_TYPED_ACTION_H_
