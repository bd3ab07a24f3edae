#include "vocabulary.h"

#include <algorithm>
#include <cstdint>
#include <limits>

#include <llama.h>

#include <genkit/base/error.h>

namespace genkit::llama {

Vocabulary::Vocabulary(const llama_vocab* vocab) : vocab_(vocab), size_(llama_vocab_n_tokens(vocab)) {
  for (Token token = 0; token < size_; ++token) {
    longest_token_ = std::max(longest_token_, std::string_view(llama_vocab_get_text(vocab, token)).size());
  }
  const enum llama_vocab_type type = llama_vocab_type(vocab);
  adds_space_ = type == LLAMA_VOCAB_TYPE_SPM;
  covers_all_bytes_ = type == LLAMA_VOCAB_TYPE_SPM || type == LLAMA_VOCAB_TYPE_BPE;
  find_byte_tokens();
}

void Vocabulary::find_byte_tokens() {
  std::vector<Token> tokens(256, LLAMA_TOKEN_NULL);
  std::string piece;
  for (Token token = 0; token < size_; ++token) {
    piece.clear();
    append_piece(token, piece);
    if (piece.size() == 1) tokens[static_cast<unsigned char>(piece[0])] = token;
  }
  for (int byte = 0; byte < 256; ++byte) {
    const bool in_utf8 = byte != 0 && byte != 0xC0 && byte != 0xC1 && byte < 0xF5;
    if (!in_utf8) continue;
    const Token token = tokens[static_cast<std::size_t>(byte)];
    if (token != LLAMA_TOKEN_NULL) byte_tokens_.push_back(token);
    // A control character that no grammar of ours allows may be missing.
    if (token == LLAMA_TOKEN_NULL && byte >= 0x20) return byte_tokens_.clear();
  }
}

std::vector<Token> Vocabulary::tokenize(const std::vector<PromptPiece>& pieces, const KnownTexts& known) const {
  std::vector<Token> tokens;
  for (const PromptPiece& piece : pieces) {
    if (const auto* answer = known && !piece.from_template ? known(piece.text) : nullptr) {
      tokens.insert(tokens.end(), answer->begin(), answer->end());
      continue;
    }
    const Special special = piece.from_template ? Special::kParse : Special::kPlainText;
    if (tokens.empty()) {
      tokens = tokenize_text(piece.text, special);
    } else {
      append_continuation(piece.text, special, tokens);
    }
  }
  const Token begin = llama_vocab_bos(vocab_);
  const bool missing = llama_vocab_get_add_bos(vocab_) && begin != LLAMA_TOKEN_NULL;
  if (missing && (tokens.empty() || tokens.front() != begin)) tokens.insert(tokens.begin(), begin);
  return tokens;
}

std::vector<Token> Vocabulary::tokenize_document(std::string_view text) const {
  // llama.cpp ends the process when it shall add a token that the vocabulary does not have.
  const bool complete = (!llama_vocab_get_add_bos(vocab_) || llama_vocab_bos(vocab_) != LLAMA_TOKEN_NULL) &&
                        (!llama_vocab_get_add_eos(vocab_) || llama_vocab_eos(vocab_) != LLAMA_TOKEN_NULL) &&
                        (!llama_vocab_get_add_sep(vocab_) || llama_vocab_sep(vocab_) != LLAMA_TOKEN_NULL);
  return tokenize_text(text, Special::kPlainText, complete);
}

void Vocabulary::append_continuation(std::string_view text, Special special, std::vector<Token>& out) const {
  if (text.empty()) return;
  if (!adds_space_) {
    const std::vector<Token> tokens = tokenize_text(text, special);
    out.insert(out.end(), tokens.begin(), tokens.end());
    return;
  }
  // SentencePiece vocabularies put a space before each text. A line feed, which never joins what follows, takes that space and
  // is then cut off together with it.
  static constexpr std::string_view kShield = "\n";
  const std::size_t shield = tokenize_text(kShield, Special::kPlainText).size();
  const std::vector<Token> tokens = tokenize_text(std::string(kShield).append(text), special);
  out.insert(out.end(), tokens.begin() + static_cast<std::ptrdiff_t>(std::min(shield, tokens.size())), tokens.end());
}

std::vector<Token> Vocabulary::tokenize_text(std::string_view text, Special special, bool with_ends) const {
  if (text.size() > std::numeric_limits<std::int32_t>::max() / 2) {
    throw Error(Status::kInvalidArgument, "a text of " + std::to_string(text.size()) + " bytes is too long for a local model");
  }
  std::vector<Token> tokens(text.size() / 2 + 8);
  for (;;) {
    const std::int32_t count = llama_tokenize(vocab_, text.data(), static_cast<std::int32_t>(text.size()), tokens.data(),
                                              static_cast<std::int32_t>(tokens.size()), with_ends, special == Special::kParse);
    if (count >= 0) {
      tokens.resize(static_cast<std::size_t>(count));
      return tokens;
    }
    tokens.resize(static_cast<std::size_t>(-static_cast<std::int64_t>(count)));
  }
}

void Vocabulary::append_piece(Token token, std::string& out) const {
  char buffer[256];
  const std::int32_t length = llama_token_to_piece(vocab_, token, buffer, sizeof buffer, 0, false);
  if (length >= 0) {
    out.append(buffer, static_cast<std::size_t>(length));
    return;
  }
  std::string large(static_cast<std::size_t>(-length), '\0');
  llama_token_to_piece(vocab_, token, large.data(), static_cast<std::int32_t>(large.size()), 0, false);
  out += large;
}

std::optional<Token> Vocabulary::end_token() const {
  for (const Token token : {llama_vocab_eot(vocab_), llama_vocab_eos(vocab_)}) {
    if (token != LLAMA_TOKEN_NULL && is_end(token)) return token;
  }
  return std::nullopt;
}

bool Vocabulary::is_end(Token token) const {
  return llama_vocab_is_eog(vocab_, token);
}

}  // namespace genkit::llama
