#ifndef GENKIT_LLAMACPP_VOCABULARY_H_
#define GENKIT_LLAMACPP_VOCABULARY_H_

#include <cstddef>
#include <functional>
#include <optional>
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
  /// The tokens of a text whose tokens are known, or nullptr.
  using KnownTexts = std::function<const std::vector<Token>*(std::string_view)>;

  /// `vocab` belongs to the model and must outlive this.
  explicit Vocabulary(const llama_vocab* vocab);

  int size() const noexcept { return size_; }
  const llama_vocab* get() const noexcept { return vocab_; }

  /// A prompt: what the template wrote may contain control tokens, what users wrote is plain text whatever it looks like.
  std::vector<Token> tokenize(const std::vector<PromptPiece>& pieces, const KnownTexts& known = {}) const;
  /// One text for an embedding, with the control tokens at its ends that the model wants.
  std::vector<Token> tokenize_document(std::string_view text) const;
  /// A text of `bytes` bytes never has fewer tokens than this.
  std::size_t fewest_tokens(std::size_t bytes) const noexcept { return covers_all_bytes_ ? bytes / longest_token_ : 0; }

  /// The bytes of a token, which may be a part of a character; nothing for control tokens.
  void append_piece(Token token, std::string& out) const;
  /// Tokens that are one byte each, for every byte that valid UTF-8 can have; empty when the vocabulary does not have them all.
  const std::vector<Token>& byte_tokens() const noexcept { return byte_tokens_; }
  /// A token that says that the model has finished, if there is one.
  std::optional<Token> end_token() const;
  /// True for the tokens with which a model says that it has finished.
  bool is_end(Token token) const;

 private:
  void find_byte_tokens();
  enum class Special { kPlainText, kParse };
  std::vector<Token> tokenize_text(std::string_view text, Special special, bool with_ends = false) const;
  /// The same for text in the middle of a prompt.
  void append_continuation(std::string_view text, Special special, std::vector<Token>& out) const;

  const llama_vocab* vocab_;
  int size_ = 0;
  std::size_t longest_token_ = 1;
  bool adds_space_ = false;
  std::vector<Token> byte_tokens_;
  bool covers_all_bytes_ = false;  ///< other vocabularies have one token for any unknown word
};

}  // namespace genkit::llama

#endif  // GENKIT_LLAMACPP_VOCABULARY_H_
