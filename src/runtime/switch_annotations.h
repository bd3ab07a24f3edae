#ifndef GENKIT_SRC_RUNTIME_SWITCH_ANNOTATIONS_H_
#define GENKIT_SRC_RUNTIME_SWITCH_ANNOTATIONS_H_

#include <cstddef>

#if defined(__SANITIZE_ADDRESS__)
#define GENKIT_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define GENKIT_ASAN 1
#endif
#endif
#if defined(__SANITIZE_THREAD__)
#define GENKIT_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define GENKIT_TSAN 1
#endif
#endif

#if defined(GENKIT_ASAN)
#include <sanitizer/common_interface_defs.h>
#include <sanitizer/lsan_interface.h>
#endif

namespace genkit::internal {

/// Tells AddressSanitizer which stack runs; empty without it. (ThreadSanitizer builds run no fibers, see
/// `RuntimeOptions::threads`.)
class SwitchAnnotations {
 public:
  /// `memory`: all that is mapped for the fiber; `size`: the part from `bottom` that is its stack.
  void create([[maybe_unused]] void* bottom, [[maybe_unused]] std::size_t size, [[maybe_unused]] std::size_t memory) noexcept {
#if defined(GENKIT_ASAN)
    bottom_ = bottom;
    size_ = size;
    memory_ = memory;
    // What only a waiting fiber refers to is not leaked.
    __lsan_register_root_region(bottom, memory);
#endif
  }
  void destroy() noexcept {
#if defined(GENKIT_ASAN)
    __lsan_unregister_root_region(bottom_, memory_);
#endif
  }

  /// By the worker, around the switch to the fiber.
  void before_enter() noexcept {
#if defined(GENKIT_ASAN)
    __sanitizer_start_switch_fiber(&worker_fake_stack_, bottom_, size_);
#endif
  }
  void after_return() noexcept {
#if defined(GENKIT_ASAN)
    __sanitizer_finish_switch_fiber(worker_fake_stack_, nullptr, nullptr);
#endif
  }

  /// By the fiber, around the switch to the worker. `last`: it will not come back.
  void before_leave([[maybe_unused]] bool last) noexcept {
#if defined(GENKIT_ASAN)
    __sanitizer_start_switch_fiber(last ? nullptr : &fake_stack_, worker_bottom_, worker_size_);
#endif
  }
  void after_enter() noexcept {
#if defined(GENKIT_ASAN)
    __sanitizer_finish_switch_fiber(fake_stack_, &worker_bottom_, &worker_size_);
#endif
  }

 private:
#if defined(GENKIT_ASAN)
  void* bottom_ = nullptr;
  std::size_t size_ = 0;
  std::size_t memory_ = 0;
  void* fake_stack_ = nullptr;
  void* worker_fake_stack_ = nullptr;
  const void* worker_bottom_ = nullptr;
  std::size_t worker_size_ = 0;
#endif
};

}  // namespace genkit::internal

#endif  // GENKIT_SRC_RUNTIME_SWITCH_ANNOTATIONS_H_
