#ifndef GENKIT_LLAMACPP_SEQUENCE_POOL_H_
#define GENKIT_LLAMACPP_SEQUENCE_POOL_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "sampler.h"

namespace genkit::llama {

/// Knows which tokens the memory of a context holds for each of its sequences, and finds for a new prompt the sequence that
/// saves most of the work. Decides only; whoever owns the context carries it out.
class SequencePool {
 public:
  /// `can_fork`: the memory can copy and drop parts of a sequence (recurrent models cannot: their state is one sum).
  SequencePool(int count, bool can_fork);

  struct Choice {
    int sequence = 0;        ///< the sequence to use, now busy
    int source = 0;          ///< where the first `reused` tokens are; `sequence` itself when they stay in place
    std::size_t reused = 0;  ///< tokens of the prompt that need no work: what is beyond them has to go
  };
  /// At least the last token of the prompt is never reused: its logits are wanted. Nothing when all sequences are busy.
  std::optional<Choice> acquire(std::span<const Token> prompt);
  /// The sequence is idle, and what it holds may serve others.
  void release(int sequence);
  /// The idle sequence that was used longest ago, emptied; nothing when no idle sequence holds anything.
  std::optional<int> evict();

  /// The tokens in memory.
  const std::vector<Token>& tokens(int sequence) const { return slots_[static_cast<std::size_t>(sequence)].tokens; }
  void append(int sequence, std::span<const Token> tokens);
  void truncate(int sequence, std::size_t length);

 private:
  struct Slot {
    std::vector<Token> tokens;
    bool busy = false;
    std::uint64_t last_used = 0;
  };

  std::optional<std::size_t> find_source(std::span<const Token> prompt, std::size_t& reused) const;
  /// An idle sequence other than `except`: an empty one, or else the one that was used longest ago.
  std::optional<std::size_t> find_idle(std::optional<std::size_t> except) const;

  std::vector<Slot> slots_;
  const bool can_fork_;
  std::uint64_t clock_ = 0;
};

}  // namespace genkit::llama

#endif  // GENKIT_LLAMACPP_SEQUENCE_POOL_H_
