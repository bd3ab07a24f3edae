#ifndef GENKIT_LLAMACPP_CONSTRAINT_H_
#define GENKIT_LLAMACPP_CONSTRAINT_H_

#include <memory>
#include <string>
#include <vector>

#include "sampler.h"
#include "vocabulary.h"

struct llama_sampler;

namespace genkit::llama {

/// Keeps one generation to a grammar.
///
/// llama.cpp ends the process when a token is accepted that the grammar does not allow, lets control tokens pass as their text,
/// and reads ill-formed UTF-8 loosely: all of that is caught here.
class Constraint final : public TokenFilter {
 public:
  /// Throws INTERNAL when llama.cpp does not take the grammar. `vocabulary` must outlive this.
  Constraint(const Vocabulary& vocabulary, const std::string& gbnf);
  ~Constraint() override;

  void keep_allowed(std::vector<Token>& tokens) override;
  /// Tells that `token`, which was allowed and is no end, became part of the text.
  void accept(Token token);
  /// True when the text is complete and nothing can follow. May be false where it cannot be told.
  bool is_complete();

 private:
  struct Deleter {
    void operator()(llama_sampler* sampler) const;
  };

  /// False for what cannot be a part of any text.
  bool is_text(Token token);

  const Vocabulary& vocabulary_;
  std::unique_ptr<llama_sampler, Deleter> grammar_;
  std::string unfinished_;  ///< bytes of a character that is not complete yet
  std::string piece_;
};

}  // namespace genkit::llama

#endif  // GENKIT_LLAMACPP_CONSTRAINT_H_
