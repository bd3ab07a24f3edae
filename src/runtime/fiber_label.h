#ifndef GENKIT_SRC_RUNTIME_FIBER_LABEL_H_
#define GENKIT_SRC_RUNTIME_FIBER_LABEL_H_

#include <array>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace genkit::internal {

/// A short name that the fiber writes and the watchdog reads while the fiber runs.
class FiberLabel {
 public:
  using Words = std::array<std::uint64_t, 6>;

  Words words() const noexcept {
    Words words;
    for (std::size_t i = 0; i < words.size(); ++i) words[i] = words_[i].load(std::memory_order_relaxed);
    return words;
  }
  void set(const Words& words) noexcept {
    for (std::size_t i = 0; i < words.size(); ++i) words_[i].store(words[i], std::memory_order_relaxed);
  }
  void set(std::string_view text) noexcept {
    Words words{};
    std::memcpy(words.data(), text.data(), text.size() < sizeof words ? text.size() : sizeof words);
    set(words);
  }
  /// A mixture of two names when the fiber writes meanwhile: good enough for one that has not switched for a long time.
  std::string text() const {
    const Words words = this->words();
    const char* characters = reinterpret_cast<const char*>(words.data());
    return std::string(characters, strnlen(characters, sizeof words));
  }

 private:
  std::array<std::atomic<std::uint64_t>, Words().size()> words_{};
};

/// Names what the calling fiber does until the end of the scope: the text by which the watchdog reports it. Names the action that
/// runs; only the first 48 bytes count. Does nothing on a plain thread.
class ScopedFiberLabel {
 public:
  explicit ScopedFiberLabel(std::string_view text) noexcept;
  ~ScopedFiberLabel();
  ScopedFiberLabel(const ScopedFiberLabel&) = delete;
  ScopedFiberLabel& operator=(const ScopedFiberLabel&) = delete;

 private:
  FiberLabel* const label_;
  FiberLabel::Words previous_;
};

}  // namespace genkit::internal

#endif  // GENKIT_SRC_RUNTIME_FIBER_LABEL_H_
