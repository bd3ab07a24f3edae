#ifndef GENKIT_CORE_STEP_H_
#define GENKIT_CORE_STEP_H_

#include <exception>
#include <memory>
#include <string_view>
#include <type_traits>
#include <utility>

#include <genkit/core/value.h>
#include <genkit/runtime/context.h>
#include <genkit/schema/describable.h>
#include <genkit/trace/span.h>

namespace genkit {

namespace internal {

/// The span of a step, current until the end of the scope. Without a surrounding action there is nothing to trace, and it does
/// nothing.
class StepScope {
 public:
  explicit StepScope(std::string_view name, std::string_view type = "flowStep");
  ~StepScope();

  void set_input(ValueRef input);
  /// Calls `function` and records its result, if it is of a type that can be shown, or its failure.
  template <class F>
  auto run(F&& function) -> std::invoke_result_t<F&> {
    using Result = std::invoke_result_t<F&>;
    try {
      if constexpr (std::is_void_v<Result>) {
        function();
        succeed({});
      } else {
        Result result = function();
        if constexpr (is_describable_v<std::remove_cvref_t<Result>>) {
          succeed(ValueRef::of(result));
        } else {
          succeed({});
        }
        return result;
      }
    } catch (...) {
      fail(std::current_exception());
      throw;
    }
  }

 private:
  void succeed(ValueRef output);
  void fail(std::exception_ptr error);

  std::shared_ptr<Span> span_;
  ScopedContext context_;
};

}  // namespace internal

/// Runs `function()` as a traced step of the surrounding flow, under its name in the Developer UI, and returns its result.
/// Outside of any action it just calls the function.
template <class F>
auto run(std::string_view name, F&& function) -> std::invoke_result_t<F&> {
  internal::StepScope step(name);
  return step.run(function);
}

/// The same for a function of one argument, which the trace shows as the step's input.
template <class In, class F>
auto run(std::string_view name, const In& input, F&& function) -> std::invoke_result_t<F&, const In&> {
  internal::StepScope step(name);
  step.set_input(internal::ValueRef::of(input));
  return step.run([&]() -> decltype(auto) { return function(input); });
}

}  // namespace genkit

#endif  // GENKIT_CORE_STEP_H_
