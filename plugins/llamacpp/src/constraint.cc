#include "constraint.h"

#include <algorithm>
#include <cmath>

#include <llama.h>

#include <genkit/base/error.h>

#include "utf8.h"

namespace genkit::llama {

void Constraint::Deleter::operator()(llama_sampler* sampler) const {
  llama_sampler_free(sampler);
}

Constraint::Constraint(const Vocabulary& vocabulary, const std::string& gbnf)
    : vocabulary_(vocabulary), grammar_(llama_sampler_init_grammar(vocabulary.get(), gbnf.c_str(), "root")) {
  if (!grammar_) throw Error(Status::kInternal, "llama.cpp does not take the grammar that was made for the output");
}

Constraint::~Constraint() = default;

bool Constraint::is_text(Token token) {
  piece_ = unfinished_;
  vocabulary_.append_piece(token, piece_);
  return piece_.size() > unfinished_.size() && may_begin_utf8(piece_);
}

void Constraint::keep_allowed(std::vector<Token>& tokens) {
  std::vector<llama_token_data> candidates;
  candidates.reserve(tokens.size());
  for (const Token token : tokens) {
    const bool possible = vocabulary_.is_end(token) ? unfinished_.empty() : is_text(token);
    if (possible) candidates.push_back({token, 0, 0});
  }
  llama_token_data_array array{candidates.data(), candidates.size(), -1, false};
  if (!candidates.empty()) llama_sampler_apply(grammar_.get(), &array);
  tokens.clear();
  for (const llama_token_data& candidate : candidates) {
    if (std::isfinite(candidate.logit)) tokens.push_back(candidate.id);
  }
}

void Constraint::accept(Token token) {
  is_text(token);
  unfinished_ = unfinished_utf8(piece_);
  llama_sampler_accept(grammar_.get(), token);
}

bool Constraint::is_complete() {
  const auto end = vocabulary_.end_token();
  if (!end || vocabulary_.byte_tokens().empty()) return false;
  std::vector<Token> tokens{*end};
  keep_allowed(tokens);
  if (tokens.empty()) return false;
  tokens = vocabulary_.byte_tokens();
  keep_allowed(tokens);
  return tokens.empty();
}

}  // namespace genkit::llama
