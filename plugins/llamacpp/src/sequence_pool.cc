#include "sequence_pool.h"

#include <algorithm>
#include <utility>

namespace genkit::llama {
namespace {

/// The end of a sequence that is given up without regret when a prompt continues before it: an answer's last tokens, which come
/// out of the tokenizer a little differently, or a changed last line.
constexpr std::size_t kDisposableTail = 32;

std::size_t common_prefix(std::span<const Token> a, std::span<const Token> b) {
  return static_cast<std::size_t>(std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first - a.begin());
}

}  // namespace

SequencePool::SequencePool(int count, bool can_fork) : slots_(static_cast<std::size_t>(count)), can_fork_(can_fork) {}

std::optional<SequencePool::Choice> SequencePool::acquire(std::span<const Token> prompt) {
  std::size_t reused = 0;
  std::optional<std::size_t> source = find_source(prompt, reused);
  std::optional<std::size_t> chosen;
  if (source && !slots_[*source].busy && slots_[*source].tokens.size() - reused <= kDisposableTail) {
    chosen = source;
  } else {
    chosen = find_idle(source);
    if (!chosen && source && !slots_[*source].busy) chosen = source;
  }
  if (!chosen) return std::nullopt;
  if (!source) source = chosen;

  Slot& slot = slots_[*chosen];
  slot.busy = true;
  slot.last_used = ++clock_;
  slot.tokens.assign(prompt.begin(), prompt.begin() + static_cast<std::ptrdiff_t>(reused));
  return Choice{static_cast<int>(*chosen), static_cast<int>(*source), reused};
}

std::optional<std::size_t> SequencePool::find_source(std::span<const Token> prompt, std::size_t& reused) const {
  std::optional<std::size_t> best;
  std::size_t best_waste = 0;
  const std::span<const Token> usable = prompt.first(prompt.empty() ? 0 : prompt.size() - 1);
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    const std::size_t common = common_prefix(slots_[i].tokens, usable);
    const std::size_t waste = slots_[i].tokens.size() - common;
    // What cannot be cut or copied can only be continued.
    if (common == 0 || (!can_fork_ && (waste > 0 || slots_[i].busy))) continue;
    if (best && std::pair(common, best_waste) <= std::pair(reused, waste)) continue;
    best = i;
    best_waste = waste;
    reused = common;
  }
  return best;
}

std::optional<std::size_t> SequencePool::find_idle(std::optional<std::size_t> except) const {
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    if (slots_[i].busy || i == except) continue;
    const auto age = [this](std::size_t at) { return slots_[at].tokens.empty() ? 0 : slots_[at].last_used; };
    if (!best || age(i) < age(*best)) best = i;
  }
  return best;
}

void SequencePool::release(int sequence) {
  Slot& slot = slots_[static_cast<std::size_t>(sequence)];
  slot.busy = false;
  slot.last_used = ++clock_;
}

std::optional<int> SequencePool::evict() {
  std::optional<std::size_t> oldest;
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    if (slots_[i].busy || slots_[i].tokens.empty()) continue;
    if (!oldest || slots_[i].last_used < slots_[*oldest].last_used) oldest = i;
  }
  if (!oldest) return std::nullopt;
  slots_[*oldest].tokens.clear();
  return static_cast<int>(*oldest);
}

void SequencePool::append(int sequence, std::span<const Token> tokens) {
  std::vector<Token>& held = slots_[static_cast<std::size_t>(sequence)].tokens;
  held.insert(held.end(), tokens.begin(), tokens.end());
}

void SequencePool::truncate(int sequence, std::size_t length) {
  std::vector<Token>& held = slots_[static_cast<std::size_t>(sequence)].tokens;
  held.resize(std::min(held.size(), length));
}

}  // namespace genkit::llama
