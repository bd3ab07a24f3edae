#include "sampler.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace genkit::llama {
namespace {

constexpr auto kMoreLikely = [](const auto& a, const auto& b) {
  return a.logit != b.logit ? a.logit > b.logit : a.token < b.token;
};

/// How many candidates are looked at first when top-k leaves all.
constexpr std::size_t kFirstLook = 256;
/// The same where a filter has to be asked about each.
constexpr std::size_t kFirstAllowed = 64;

double total_weight(std::span<const float> logits, float best) {
  double total = 0;
  for (const float logit : logits) total += std::exp(logit - best);
  return total;
}

}  // namespace

Sampler::Sampler(const SamplingParams& params) : params_(params), random_(params.seed ? *params.seed : std::random_device{}()) {}

std::optional<Token> Sampler::sample(std::span<const float> logits, TokenFilter* filter) {
  logits = punish_repetition(logits);
  shortlist_any(logits);
  if (candidates_.empty()) return std::nullopt;
  const Token token = pick();
  if (filter == nullptr) return token;

  looked_at_.assign(1, token);
  filter->keep_allowed(looked_at_);
  if (!looked_at_.empty()) return token;
  shortlist_allowed(logits, *filter);
  if (candidates_.empty()) return std::nullopt;
  return pick();
}

void Sampler::shortlist_any(std::span<const float> logits) {
  candidates_.clear();
  if (params_.temperature <= 0) {
    shortlist_greedy(logits);
  } else {
    shortlist(logits);
  }
}

void Sampler::shortlist_allowed(std::span<const float> logits, TokenFilter& filter) {
  const bool greedy = params_.temperature <= 0;
  const std::size_t wanted = greedy ? 1 : params_.top_k <= 0 ? logits.size() : static_cast<std::size_t>(params_.top_k);
  std::vector<Candidate> allowed;
  std::size_t done = 0;
  // From the likeliest on, in growing pieces: what is allowed is mostly among the first.
  for (std::size_t count = std::min(kFirstAllowed, logits.size());; count = std::min(logits.size(), count * 8)) {
    take_most_likely(logits, count);
    looked_at_.clear();
    for (std::size_t i = done; i < candidates_.size(); ++i) looked_at_.push_back(candidates_[i].token);
    filter.keep_allowed(looked_at_);
    std::size_t at = done;
    for (const Token token : looked_at_) {
      while (candidates_[at].token != token) ++at;
      if (allowed.size() < wanted) allowed.push_back(candidates_[at]);
    }
    done = candidates_.size();
    const bool all = count == logits.size() || done < count;
    // Whatever comes is less likely still.
    const bool enough = allowed.size() == wanted || (!allowed.empty() && params_.min_p > 0 &&
                                                     std::exp(candidates_.back().logit - allowed.front().logit) < params_.min_p);
    if (all || enough) break;
  }
  candidates_ = std::move(allowed);
  if (candidates_.empty()) return;

  double total = 0;
  for (Candidate& candidate : candidates_) total += candidate.weight = std::exp(candidate.logit - candidates_.front().logit);
  cut(total);
  weigh();
}

void Sampler::accept(Token token) {
  if (params_.repeat_penalty == 1.0F || params_.repeat_window <= 0) return;
  recent_.push_back(token);
  if (recent_.size() > static_cast<std::size_t>(params_.repeat_window)) recent_.pop_front();
}

std::span<const float> Sampler::punish_repetition(std::span<const float> logits) {
  if (recent_.empty()) return logits;

  punished_.assign(logits.begin(), logits.end());
  for (const Token token : recent_) {
    const auto at = static_cast<std::size_t>(token);
    if (at >= logits.size()) continue;
    // From the original value: a token that occurs twice is punished once.
    punished_[at] = logits[at] > 0 ? logits[at] / params_.repeat_penalty : logits[at] * params_.repeat_penalty;
  }
  return punished_;
}

void Sampler::shortlist_greedy(std::span<const float> logits) {
  Candidate best{0, -INFINITY, 1};
  for (std::size_t i = 0; i < logits.size(); ++i) {
    if (logits[i] > best.logit) best = {static_cast<Token>(i), logits[i], 1};
  }
  if (std::isfinite(best.logit)) candidates_.push_back(best);
}

void Sampler::shortlist(std::span<const float> logits) {
  const bool all = params_.top_k <= 0 || static_cast<std::size_t>(params_.top_k) >= logits.size();
  const std::size_t limit = all ? logits.size() : static_cast<std::size_t>(params_.top_k);
  double total_of_all = 0;

  // Without top-k, top-p and min-p nearly always cut among the first few: sorting the whole vocabulary would cost milliseconds.
  for (std::size_t count = all ? std::min(limit, kFirstLook) : limit;; count = std::min(limit, count * 8)) {
    take_most_likely(logits, count);
    if (candidates_.empty()) return;
    const float best = candidates_.front().logit;
    double total = 0;
    for (Candidate& candidate : candidates_) total += candidate.weight = std::exp(candidate.logit - best);
    if (count < limit) {
      if (total_of_all == 0) total_of_all = total_weight(logits, best);
      total = total_of_all;
    }
    if (cut(total) || count == limit) break;
  }

  weigh();
}

void Sampler::weigh() {
  if (params_.temperature <= 0) return;
  const float best = candidates_.front().logit;
  for (Candidate& candidate : candidates_) candidate.weight = std::exp((candidate.logit - best) / params_.temperature);
}

void Sampler::take_most_likely(std::span<const float> logits, std::size_t count) {
  candidates_.clear();
  float threshold = -INFINITY;
  for (std::size_t i = 0; i < logits.size(); ++i) {
    if (!(logits[i] > threshold)) continue;
    candidates_.push_back({static_cast<Token>(i), logits[i], 0});
    // One pass: whenever twice as many as needed have gathered, the worse half goes and the bar is raised.
    if (candidates_.size() < 2 * count) continue;
    std::nth_element(candidates_.begin(), candidates_.begin() + static_cast<std::ptrdiff_t>(count) - 1, candidates_.end(),
                     kMoreLikely);
    candidates_.resize(count);
    threshold = candidates_.back().logit;
  }
  std::sort(candidates_.begin(), candidates_.end(), kMoreLikely);
  if (candidates_.size() > count) candidates_.resize(count);
}

bool Sampler::cut(double total) {
  std::size_t kept = 0;
  double sum = 0;
  for (const Candidate& candidate : candidates_) {
    if (kept > 0 && (candidate.weight < params_.min_p || (params_.top_p < 1 && sum >= params_.top_p * total))) break;
    sum += candidate.weight;
    ++kept;
  }
  const bool dropped = kept < candidates_.size();
  candidates_.resize(kept);
  return dropped;
}

Token Sampler::pick() {
  double total = 0;
  for (const Candidate& candidate : candidates_) total += candidate.weight;
  // Not std::uniform_real_distribution: its results differ between standard libraries.
  double rest = total * (static_cast<double>(random_()) / 4294967296.0);
  for (const Candidate& candidate : candidates_) {
    rest -= candidate.weight;
    if (rest < 0) return candidate.token;
  }
  return candidates_.back().token;
}

}  // namespace genkit::llama
