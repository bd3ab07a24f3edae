#ifndef GENKIT_RUNTIME_CONTEXT_H_
#define GENKIT_RUNTIME_CONTEXT_H_

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <genkit/base/error.h>
#include <genkit/base/json.h>

namespace genkit {

namespace internal {
struct ContextNode;
struct CancelEntry;
class CancelState;
}  // namespace internal

/// Keeps a callback registered with a `Context`; destroying it unregisters. The destructor waits for a callback that is just
/// running on another thread, so what the callback refers to may go away right after it.
class CancelRegistration {
 public:
  CancelRegistration() = default;
  CancelRegistration(CancelRegistration&&) noexcept;
  CancelRegistration& operator=(CancelRegistration&&) noexcept;
  ~CancelRegistration();

 private:
  friend class Context;
  explicit CancelRegistration(std::shared_ptr<internal::CancelEntry> entry) noexcept;
  std::shared_ptr<internal::CancelEntry> entry_;
};

/// What travels with a piece of work, from caller to callee and into everything that it starts: who asks (`user`), until when
/// (`deadline`), whether it is still wanted (`cancelled`), and the trace span that it belongs to. Immutable and cheap to copy.
///
/// Every fiber has its own current context; `async` hands it on. Threads made by other means start with an empty one:
/// carry it over with `ScopedContext`.
class Context {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  /// Empty: nobody asks, no deadline, never cancelled.
  Context() noexcept;
  /// The context of the calling fiber or thread.
  static Context current() noexcept;

  /// True when the work was cancelled, or its deadline has passed. Long computations ask from time to time.
  bool cancelled() const noexcept;
  /// Throws CANCELLED or DEADLINE_EXCEEDED when `cancelled()`.
  void check() const;
  /// Why it was cancelled: kCancelled or kDeadlineExceeded; kOk when it was not.
  Status cancel_status() const noexcept;
  /// The earliest deadline of this context and all around it.
  std::optional<TimePoint> deadline() const noexcept;
  /// What the caller passed as `.context`, authentication for example; null when nobody passed anything.
  const Json& user() const noexcept;

  /// Copies with one thing changed. A deadline never moves later than the one that is there.
  Context with_user(Json user) const;
  Context with_deadline(TimePoint deadline) const;
  Context with_timeout(std::chrono::nanoseconds timeout) const;

  /// Calls `callback` once when this context is cancelled or its deadline passes; at once, in this call, when that has already
  /// happened. The callback runs on the cancelling thread or the timer's: it must be quick, must not wait and must not throw.
  [[nodiscard]] CancelRegistration on_cancel(std::function<void()> callback) const;

 private:
  friend struct internal::ContextNode;
  friend class CancelSource;
  friend class ScopedContext;
  explicit Context(std::shared_ptr<const internal::ContextNode> node) noexcept;
  std::shared_ptr<const internal::ContextNode> node_;
};

/// Makes a context that can be cancelled on its own, below `parent`: cancelling the parent cancels it too.
class CancelSource {
 public:
  explicit CancelSource(const Context& parent = Context::current());

  const Context& context() const noexcept { return context_; }
  /// Cancels `context()` and everything below. The first call counts. Any thread.
  void cancel(Status status = Status::kCancelled, std::string reason = {}) const noexcept;

 private:
  Context context_;
};

/// Makes `context` the current one of the calling fiber or thread until the end of the scope.
class ScopedContext {
 public:
  explicit ScopedContext(Context context) noexcept;
  ~ScopedContext();
  ScopedContext(const ScopedContext&) = delete;
  ScopedContext& operator=(const ScopedContext&) = delete;

 private:
  std::shared_ptr<const internal::ContextNode> previous_;
};

}  // namespace genkit

#endif  // GENKIT_RUNTIME_CONTEXT_H_
