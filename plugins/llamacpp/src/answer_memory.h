#ifndef GENKIT_LLAMACPP_ANSWER_MEMORY_H_
#define GENKIT_LLAMACPP_ANSWER_MEMORY_H_

#include <cstddef>
#include <list>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "sampler.h"

namespace genkit::llama {

/// Remembers the tokens in which a model wrote its last answers.
///
/// The same text can be cut into tokens in several ways, and a model, above all one that is kept to a grammar, does not always
/// write the usual one. When its answer comes back as a part of a conversation, only the same tokens find their work done.
class AnswerMemory {
 public:
  explicit AnswerMemory(std::size_t max_tokens) : max_tokens_(max_tokens) {}

  void remember(std::string text, std::vector<Token> tokens);
  /// nullptr for an unknown text.
  const std::vector<Token>* find(std::string_view text) const;

 private:
  struct Entry {
    std::string text;
    std::vector<Token> tokens;
  };

  const std::size_t max_tokens_;
  std::size_t tokens_ = 0;
  std::list<Entry> entries_;  ///< the newest first
  std::map<std::string_view, std::list<Entry>::iterator> by_text_;
};

}  // namespace genkit::llama

#endif  // GENKIT_LLAMACPP_ANSWER_MEMORY_H_
