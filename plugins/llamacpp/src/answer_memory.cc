#include "answer_memory.h"

#include <utility>

namespace genkit::llama {

void AnswerMemory::remember(std::string text, std::vector<Token> tokens) {
  if (text.empty() || tokens.size() > max_tokens_) return;
  if (const auto known = by_text_.find(text); known != by_text_.end()) {
    const auto entry = known->second;
    by_text_.erase(known);
    tokens_ -= entry->tokens.size();
    entries_.erase(entry);
  }
  tokens_ += tokens.size();
  entries_.push_front({std::move(text), std::move(tokens)});
  by_text_.emplace(entries_.front().text, entries_.begin());
  while (tokens_ > max_tokens_) {
    tokens_ -= entries_.back().tokens.size();
    by_text_.erase(entries_.back().text);
    entries_.pop_back();
  }
}

const std::vector<Token>* AnswerMemory::find(std::string_view text) const {
  const auto known = by_text_.find(text);
  return known == by_text_.end() ? nullptr : &known->second->tokens;
}

}  // namespace genkit::llama
