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

// Weak, so that a program that is compiled with AddressSanitizer may be linked with a library that is not.
extern "C" {
[[gnu::weak]] void __sanitizer_start_switch_fiber(void** fake_stack, const void* bottom, std::size_t size);
[[gnu::weak]] void __sanitizer_finish_switch_fiber(void* fake_stack, const void** old_bottom, std::size_t* old_size);
[[gnu::weak]] void __lsan_register_root_region(const void* begin, std::size_t size);
[[gnu::weak]] void __lsan_unregister_root_region(const void* begin, std::size_t size);
}

namespace genkit::internal {

/// Tells AddressSanitizer, when the program has it, which stack runs. (ThreadSanitizer builds run no fibers, see
/// `RuntimeOptions::threads`.)
class SwitchAnnotations {
 public:
  /// `memory`: all that is mapped for the fiber; `size`: the part from `bottom` that is its stack.
  void create(void* bottom, std::size_t size, std::size_t memory) noexcept {
    bottom_ = bottom;
    size_ = size;
    memory_ = memory;
    // What only a waiting fiber refers to is not leaked.
    if (__lsan_register_root_region != nullptr) __lsan_register_root_region(bottom, memory);
  }
  void destroy() noexcept {
    if (__lsan_unregister_root_region != nullptr) __lsan_unregister_root_region(bottom_, memory_);
  }

  /// By the worker, around the switch to the fiber.
  void before_enter() noexcept {
    if (__sanitizer_start_switch_fiber != nullptr) __sanitizer_start_switch_fiber(&worker_fake_stack_, bottom_, size_);
  }
  void after_return() noexcept {
    if (__sanitizer_finish_switch_fiber != nullptr) __sanitizer_finish_switch_fiber(worker_fake_stack_, nullptr, nullptr);
  }

  /// By the fiber, around the switch to the worker. `last`: it will not come back.
  void before_leave(bool last) noexcept {
    if (__sanitizer_start_switch_fiber == nullptr) return;
    __sanitizer_start_switch_fiber(last ? nullptr : &fake_stack_, worker_bottom_, worker_size_);
  }
  void after_enter() noexcept {
    if (__sanitizer_finish_switch_fiber != nullptr) __sanitizer_finish_switch_fiber(fake_stack_, &worker_bottom_, &worker_size_);
  }

 private:
  void* bottom_ = nullptr;
  std::size_t size_ = 0;
  std::size_t memory_ = 0;
  void* fake_stack_ = nullptr;
  void* worker_fake_stack_ = nullptr;
  const void* worker_bottom_ = nullptr;
  std::size_t worker_size_ = 0;
};

}  // namespace genkit::internal

#endif  // GENKIT_SRC_RUNTIME_SWITCH_ANNOTATIONS_H_
