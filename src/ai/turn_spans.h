#ifndef GENKIT_SRC_AI_TURN_SPANS_H_
#define GENKIT_SRC_AI_TURN_SPANS_H_

#include <exception>
#include <memory>
#include <string>
#include <vector>

#include <genkit/core/registry.h>

namespace genkit::internal {

/// The spans of the turns of a generation, each inside the one before, as the other languages nest them. The innermost is
/// current.
class TurnSpans {
 public:
  TurnSpans() = default;
  ~TurnSpans();
  TurnSpans(const TurnSpans&) = delete;
  TurnSpans& operator=(const TurnSpans&) = delete;

  void open(Registry& registry, const std::string& name, ValueRef input);
  Span& current() const { return *levels_.back()->span; }
  /// Ends all with the same output: the answer of an inner turn is that of the outer ones.
  void close(ValueRef output);
  /// Ends all as failed. Returns the id of the trace.
  std::string fail(std::exception_ptr exception);

 private:
  struct Level {
    explicit Level(std::shared_ptr<Span> span);
    std::shared_ptr<Span> span;
    ScopedContext scope;
  };

  std::vector<std::unique_ptr<Level>> levels_;
};

}  // namespace genkit::internal

#endif  // GENKIT_SRC_AI_TURN_SPANS_H_
