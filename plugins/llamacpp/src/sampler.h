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

/// Says which tokens may come next.
class TokenFilter {
 public:
  virtual ~TokenFilter() = default;
  /// Removes the others from `tokens`, whose order stays.
  virtual void keep_allowed(std::vector<Token>& tokens) = 0;
};

/// Chooses tokens for one generation.
///
/// It reads the logits in place and sorts only what can win, which costs a third of what a chain over a copy of the whole
/// vocabulary does. With a filter, a token is drawn first and only that one is looked at, which is mostly enough; when it is not
/// allowed, the likeliest allowed tokens are searched and one of those is drawn. That gives each token the probability that it
/// has when the filter comes first.
class Sampler {
 public:
  explicit Sampler(const SamplingParams& params);

  /// The next token; nothing when the logits hold no finite value, or `filter` allows none.
  std::optional<Token> sample(std::span<const float> logits, TokenFilter* filter = nullptr);
  /// Tells that `token` became part of the text.
  void accept(Token token);

 private:
  struct Candidate {
    Token token;
    float logit;
    float weight;  ///< probability, up to a common factor
  };

  void shortlist_any(std::span<const float> logits);
  /// Fills `candidates_`, in falling order, with what the filter allows and would survive top-k, top-p and min-p without the
  /// rest.
  void shortlist_allowed(std::span<const float> logits, TokenFilter& filter);
  /// The most likely token alone, for temperature 0.
  void shortlist_greedy(std::span<const float> logits);
  /// Fills `candidates_`, in falling order, with all that survive top-k, top-p and min-p.
  void shortlist(std::span<const float> logits);
  void take_most_likely(std::span<const float> logits, std::size_t count);
  /// Drops what top-p and min-p exclude; `total` is the weight of all that top-k leaves. False when nothing was dropped.
  bool cut(double total);
  void weigh();
  Token pick();

  /// The logits with the penalty applied: the ones that came in when there is nothing to punish.
  std::span<const float> punish_repetition(std::span<const float> logits);

  const SamplingParams params_;
  std::mt19937 random_;
  std::deque<Token> recent_;
  std::vector<Candidate> candidates_;
  std::vector<float> punished_;
  std::vector<Token> looked_at_;
};

}  // namespace genkit::llama

#endif  // GENKIT_LLAMACPP_SAMPLER_H_
