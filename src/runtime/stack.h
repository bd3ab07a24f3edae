#ifndef GENKIT_SRC_RUNTIME_STACK_H_
#define GENKIT_SRC_RUNTIME_STACK_H_

#include <cstddef>
#include <optional>

namespace genkit::internal {

/// Memory for a fiber's stack, above a guard zone that no access survives.
class Stack {
 public:
  /// Nothing when the system has no more.
  static std::optional<Stack> map(std::size_t size) noexcept;
  void unmap() const noexcept;

  char* top() const noexcept { return bottom_ + size_; }
  char* bottom() const noexcept { return bottom_; }
  std::size_t size() const noexcept { return size_; }

  /// Gives the pages back that lie below the topmost two.
  void trim() const noexcept;

 private:
  Stack(char* bottom, std::size_t size) noexcept : bottom_(bottom), size_(size) {}

  char* bottom_;
  std::size_t size_;
};

}  // namespace genkit::internal

#endif  // GENKIT_SRC_RUNTIME_STACK_H_
