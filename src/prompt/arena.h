#ifndef GENKIT_SRC_PROMPT_ARENA_H_
#define GENKIT_SRC_PROMPT_ARENA_H_

#include <algorithm>
#include <cstddef>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>
#include <vector>

namespace genkit::internal {

/// Memory for small objects that die in the reverse order of their birth, all at once: `release(mark())`. Addresses stay valid,
/// destructors do not run. The first kilobytes are part of the object, so most renderings take nothing from the heap.
class Arena {
 public:
  struct Mark {
    std::size_t chunk = 0;
    std::byte* next = nullptr;
  };

  Arena() : next_(inline_), end_(inline_ + kInlineSize) {}
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  Mark mark() const { return {chunk_, next_}; }
  void release(Mark mark) {
    next_ = mark.next;
    if (chunk_ == mark.chunk) return;
    chunk_ = mark.chunk;
    end_ = chunk_ == 0 ? inline_ + kInlineSize : chunks_[chunk_ - 1].end();
  }

  template <class T, class... Args>
  T* make(Args&&... args) {
    static_assert(std::is_trivially_destructible_v<T>);
    return new (allocate(sizeof(T))) T{std::forward<Args>(args)...};
  }

  template <class T>
  T* make_array(std::size_t count) {
    static_assert(std::is_trivially_destructible_v<T>);
    T* first = static_cast<T*>(allocate(sizeof(T) * count));
    std::uninitialized_default_construct_n(first, count);
    return first;
  }

 private:
  static constexpr std::size_t kInlineSize = 4096;
  static constexpr std::size_t kChunkSize = 16384;

  struct Chunk {
    std::unique_ptr<std::byte[]> memory;
    std::size_t size;
    std::byte* end() const { return memory.get() + size; }
  };

  void* allocate(std::size_t size) {
    constexpr std::size_t kAlign = alignof(std::max_align_t);
    size = (size + kAlign - 1) / kAlign * kAlign;
    if (size > static_cast<std::size_t>(end_ - next_)) next_chunk(size);
    return std::exchange(next_, next_ + size);
  }

  /// Chunk 0 is the inline one; chunks stay when they are released.
  [[gnu::noinline]] void next_chunk(std::size_t least) {
    if (chunk_ == chunks_.size()) {
      const std::size_t size = std::max(least, kChunkSize);
      chunks_.push_back({std::make_unique<std::byte[]>(size), size});
    } else if (chunks_[chunk_].size < least) {
      chunks_[chunk_] = {std::make_unique<std::byte[]>(least), least};
    }
    next_ = chunks_[chunk_].memory.get();
    end_ = chunks_[chunk_].end();
    ++chunk_;
  }

  alignas(std::max_align_t) std::byte inline_[kInlineSize];
  std::vector<Chunk> chunks_;
  std::size_t chunk_ = 0;
  std::byte* next_;
  std::byte* end_;
};

/// Values with destructors, kept like those of an arena: pushed, referred to, and popped together. The first ones are part of the
/// object.
template <class T>
class StableStack {
 public:
  StableStack() = default;
  StableStack(const StableStack&) = delete;
  StableStack& operator=(const StableStack&) = delete;
  ~StableStack() { pop_to(0); }

  std::size_t size() const { return size_; }

  T& push(T value) {
    if (size_ / kBlock > blocks_.size()) blocks_.push_back(std::make_unique<Block>());
    T* added = new (place(size_)) T(std::move(value));
    ++size_;
    return *added;
  }

  void pop_to(std::size_t size) {
    for (; size_ > size; --size_) std::launder(static_cast<T*>(place(size_ - 1)))->~T();
  }

 private:
  static constexpr std::size_t kBlock = 16;
  struct Block {
    void* at(std::size_t i) { return memory + i * sizeof(T); }
    alignas(T) std::byte memory[kBlock * sizeof(T)];
  };

  void* place(std::size_t i) { return (i < kBlock ? first_ : *blocks_[i / kBlock - 1]).at(i % kBlock); }

  Block first_;
  std::vector<std::unique_ptr<Block>> blocks_;
  std::size_t size_ = 0;
};

}  // namespace genkit::internal

#endif  // GENKIT_SRC_PROMPT_ARENA_H_
