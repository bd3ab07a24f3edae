#ifndef GENKIT_LLAMACPP_VOCABULARY_H_
#define GENKIT_LLAMACPP_VOCABULARY_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "chat_template.h"
#include "sampler.h"

struct llama_vocab;

namespace genkit::llama {

/// Text to tokens and back, for one model. Thread-safe.
class Vocabulary {
 public:
  /// `vocab` belongs to the model and must outlive this.
  explicit Vocabulary(const llama_vocab* vocab);

  int size() const noexcept { return size_; }

  /// A prompt: what the template wrote may contain control tokens, what users wrote is plain text whatever it looks like.
  std::vector<Token> tokenize(const std::vector<PromptPiece>& pieces) const;
  /// One text for an embedding, with the control tokens at its ends that the model wants.
  std::vector<Token> tokenize_document(std::string_view text) const;
  /// A text of `bytes` bytes never has fewer tokens than this.
  std::size_t fewest_tokens(std::size_t bytes) const noexcept { return covers_all_bytes_ ? bytes / longest_token_ : 0; }

  /// The bytes of a token, which may be a part of a character; nothing for control tokens.
  void append_piece(Token token, std::string& out) const;
  /// True for the tokens with which a model says that it has finished.
  bool is_end(Token token) const;

 private:
  enum class Special { kPlainText, kParse };
  std::vector<Token> tokenize_text(std::string_view text, Special special, bool with_ends = false) const;
  /// The same for text in the middle of a prompt.
  void append_continuation(std::string_view text, Special special, std::vector<Token>& out) const;

  const llama_vocab* vocab_;
  int size_ = 0;
  std::size_t longest_token_ = 1;
  bool adds_space_ = false;
  bool covers_all_bytes_ = false;  ///< other vocabularies have one token for any unknown word
};

}  // namespace genkit::llama

#endif  // GENKIT_LLAMACPP_VOCABULARY_H_
