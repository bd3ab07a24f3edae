#include "stream.h"

#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <utility>

#include <genkit/runtime/channel.h>
#include <genkit/runtime/context.h>

namespace genkit::llama {
namespace {

/// Between a model's thread, which must never wait, and a fiber. Needs no bound of its own: an answer is at most as long as the
/// context of the model.
template <class Result>
class Mailbox {
 public:
  struct Mail {
    std::string text;
    std::optional<Result> result;
  };

  void add(std::string_view text) {
    const std::lock_guard lock(mutex_);
    text_ += text;
    arrived_.notify_one();
  }
  void close(Result result) {
    const std::lock_guard lock(mutex_);
    result_ = std::move(result);
    arrived_.notify_one();
  }
  /// Waits for something new. Throws when the calling context ends.
  Mail take() {
    std::unique_lock lock(mutex_);
    while (text_.empty() && !result_) arrived_.wait(lock);
    return {std::exchange(text_, {}), std::exchange(result_, {})};
  }

 private:
  std::mutex mutex_;
  internal::WaitQueue arrived_;
  std::string text_;
  std::optional<Result> result_;
};

/// Ends a computation when its caller is cancelled, and when its caller leaves for any other reason before the end.
template <class Handle>
class CancelOnExit {
 public:
  explicit CancelOnExit(Handle handle)
      : handle_(std::move(handle)), registration_(Context::current().on_cancel([handle = handle_] { handle.cancel(); })) {}
  ~CancelOnExit() {
    if (!ended_) handle_.cancel();
  }
  CancelOnExit(const CancelOnExit&) = delete;
  CancelOnExit& operator=(const CancelOnExit&) = delete;

  void ended() noexcept { ended_ = true; }

 private:
  Handle handle_;
  CancelRegistration registration_;
  bool ended_ = false;
};

}  // namespace

Answer generate(Engine& engine, std::vector<ChatMessage> messages, GenerationParams params,
                const std::function<void(std::string)>& on_text) {
  Context::current().check();
  const auto mailbox = std::make_shared<Mailbox<GenerationResult>>();
  CancelOnExit guard(engine.submit({.messages = std::move(messages),
                                    .params = std::move(params),
                                    .on_text = [mailbox](std::string_view text) { mailbox->add(text); },
                                    .on_done = [mailbox](const GenerationResult& result) { mailbox->close(result); }}));
  Answer answer;
  for (;;) {
    auto mail = mailbox->take();
    answer.text += mail.text;
    if (on_text && !mail.text.empty()) on_text(std::move(mail.text));
    if (!mail.result) continue;

    guard.ended();
    if (mail.result->error) throw *mail.result->error;
    if (mail.result->finish == FinishReason::kAborted) Context::current().check();
    answer.result = std::move(*mail.result);
    return answer;
  }
}

std::vector<std::vector<float>> embed(Embedder& embedder, std::vector<std::string> texts) {
  Context::current().check();
  const auto mailbox = std::make_shared<Mailbox<EmbeddingResult>>();
  CancelOnExit guard(embedder.submit(
      {.texts = std::move(texts), .on_done = [mailbox](EmbeddingResult result) { mailbox->close(std::move(result)); }}));

  EmbeddingResult result = *mailbox->take().result;
  guard.ended();
  if (result.error) throw *result.error;
  return std::move(result.embeddings);
}

}  // namespace genkit::llama
