#ifndef GENKIT_LLAMACPP_SAMPLER_H_
#define GENKIT_LLAMACPP_SAMPLER_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <random>
#include <span>
#include <vector>

namespace genkit::llama {

/// The number of a token in the vocabulary of a model.
using Token = std::int32_t;

/// How the next token is chosen. The defaults are those of llama.cpp.
struct SamplingParams {
  float temperature = 0.8F;     ///< 0: always the most likely token
  int top_k = 40;               ///< how many of the most likely tokens remain; 0: all
  float top_p = 0.95F;          ///< the most likely tokens that together have this probability remain; 1: all
  float min_p = 0.05F;          ///< tokens remain that are at least this likely, relative to the most likely one; 0: all
  float repeat_penalty = 1.0F;  ///< makes tokens less likely that were generated among the last `repeat_window`; 1: off
  int repeat_window = 64;
  std::optional<std::uint32_t> seed = {};  ///< the same seed gives the same choices for the same logits; random when absent
};

/// Chooses tokens for one generation.
///
/// It reads the logits in place and sorts only what can win, which costs a third of what a chain over a copy of the whole
/// vocabulary does. The two halves are separate on purpose: `shortlist` leaves the candidates in order, `pick` draws one of them,
/// so a constraint that rejects the token that was picked can strike it out and draw again.
class Sampler {
 public:
  explicit Sampler(const SamplingParams& params);

  /// The next token; nothing when the logits hold no finite value.
  std::optional<Token> sample(std::span<const float> logits);
  /// Tells that `token` became part of the text.
  void accept(Token token);

 private:
  struct Candidate {
    Token token;
    float logit;
    float weight;  ///< probability, up to a common factor
  };

  /// The most likely token alone, for temperature 0.
  void shortlist_greedy(std::span<const float> logits);
  /// Fills `candidates_`, in falling order, with all that survive top-k, top-p and min-p.
  void shortlist(std::span<const float> logits);
  void take_most_likely(std::span<const float> logits, std::size_t count);
  /// Drops what top-p and min-p exclude; `total` is the weight of all that top-k leaves. False when nothing was dropped.
  bool cut(double total);
  Token pick();

  /// The logits with the penalty applied: the ones that came in when there is nothing to punish.
  std::span<const float> punish_repetition(std::span<const float> logits);

  const SamplingParams params_;
  std::mt19937 random_;
  std::deque<Token> recent_;
  std::vector<Candidate> candidates_;
  std::vector<float> punished_;
};

}  // namespace genkit::llama

#endif  // GENKIT_LLAMACPP_SAMPLER_H_
