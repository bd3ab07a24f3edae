#include "runtime/stack.h"

#include <sys/mman.h>
#include <unistd.h>

#if !defined(MAP_STACK)
#define MAP_STACK 0
#endif
#if !defined(MAP_NORESERVE)
#define MAP_NORESERVE 0
#endif

namespace genkit::internal {
namespace {

// Wider than a page: a function whose locals fill more than one could step over a narrow guard. Address space only.
constexpr std::size_t kGuard = std::size_t{64} * 1024;
constexpr std::size_t kKept = std::size_t{8} * 1024;

std::size_t round_to_pages(std::size_t size) noexcept {
  static const std::size_t page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  return (size + page - 1) / page * page;
}

}  // namespace

std::optional<Stack> Stack::map(std::size_t size) noexcept {
  size = round_to_pages(size);
  void* memory = mmap(nullptr, kGuard + size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
  if (memory == MAP_FAILED) return std::nullopt;
  char* bottom = static_cast<char*>(memory) + kGuard;
  if (mprotect(bottom, size, PROT_READ | PROT_WRITE) != 0) {
    munmap(memory, kGuard + size);
    return std::nullopt;
  }
  return Stack(bottom, size);
}

void Stack::unmap() const noexcept {
  munmap(bottom_ - kGuard, kGuard + size_);
}

void Stack::trim() const noexcept {
  madvise(bottom_, size_ - round_to_pages(kKept), MADV_DONTNEED);
}

}  // namespace genkit::internal
