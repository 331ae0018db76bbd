#include "octavo/generate/sampler.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "octavo/base/error.h"
#include "octavo/base/random.h"

namespace octavo {
namespace {

struct Candidate {
  double weight;  // its probability over that of the most likely token
  int32_t token;
};

bool likelier(const Candidate& a, const Candidate& b) {
  return a.weight != b.weight ? a.weight > b.weight : a.token < b.token;
}

double mass_of(const std::vector<Candidate>& candidates) {
  double sum = 0;
  for (const Candidate& candidate : candidates) sum += candidate.weight;
  return sum;
}

void penalise_repetition(std::vector<float>& logits, std::span<const int32_t> text,
                         double penalty) {
  std::vector<bool> seen(logits.size());
  for (const int32_t token : text) {
    if (static_cast<size_t>(token) >= logits.size() || seen[static_cast<size_t>(token)]) continue;
    seen[static_cast<size_t>(token)] = true;
    float& logit = logits[static_cast<size_t>(token)];
    logit = static_cast<float>(logit > 0 ? logit / penalty : logit * penalty);
  }
}

/// The fewest of the most likely candidates that hold `share` of their mass, likeliest first.
std::vector<Candidate> nucleus(std::vector<Candidate> candidates, double share) {
  const double enough = share * mass_of(candidates);
  const auto less = [](const Candidate& a, const Candidate& b) { return likelier(b, a); };
  std::ranges::make_heap(candidates, less);
  std::vector<Candidate> kept;
  for (double mass = 0; !candidates.empty() && (kept.empty() || mass < enough);) {
    std::ranges::pop_heap(candidates, less);
    mass += candidates.back().weight;
    kept.push_back(candidates.back());
    candidates.pop_back();
  }
  return kept;
}

}  // namespace

void SamplingOptions::validate() const {
  constexpr auto kUsage = ErrorKind::usage;
  require(kUsage, temperature >= 0 && std::isfinite(temperature),
          "[sample] the temperature must not be negative, found {}", temperature);
  require(kUsage, top_k >= 0, "[sample] top-k must not be negative, found {}", top_k);
  require(kUsage, top_p > 0 && top_p <= 1, "[sample] top-p must be above 0 and at most 1, found {}",
          top_p);
  require(kUsage, min_p >= 0 && min_p <= 1, "[sample] min-p must be from 0 to 1, found {}", min_p);
  require(kUsage, repetition_penalty >= kLeastPenalty && repetition_penalty <= kMostPenalty,
          "[sample] the repetition penalty must be from {} to {}, found {}", kLeastPenalty,
          kMostPenalty, repetition_penalty);
}

int32_t most_likely(std::span<const float> logits) {
  // The largest in lanes of their own, which a compiler turns into vectors; then the first of it.
  constexpr size_t kLanes = 16;
  std::array<float, kLanes> largest;
  largest.fill(-std::numeric_limits<float>::infinity());
  const size_t whole = logits.size() / kLanes * kLanes;
  for (size_t i = 0; i < whole; i += kLanes)
    for (size_t lane = 0; lane < kLanes; ++lane)
      largest[lane] = logits[i + lane] > largest[lane] ? logits[i + lane] : largest[lane];
  float most = *std::ranges::max_element(largest);
  for (const float logit : logits.subspan(whole)) most = std::max(most, logit);
  const auto found = std::ranges::find(logits, most);
  return found == logits.end() ? 0 : static_cast<int32_t>(found - logits.begin());
}

int32_t sample_token(std::span<const float> logits, std::span<const int32_t> text,
                     const SamplingOptions& options, uint32_t sample) {
  std::vector<float> penalised;
  if (options.repetition_penalty != 1) {
    penalised.assign(logits.begin(), logits.end());
    penalise_repetition(penalised, text, options.repetition_penalty);
  }
  const std::span<const float> scores = penalised.empty() ? logits : penalised;
  const int32_t best = most_likely(scores);
  const double highest = scores[static_cast<size_t>(best)];
  require(ErrorKind::diverged, std::isfinite(highest), "[sample] the logits hold NaN or Inf");
  if (options.temperature == 0) return best;

  std::vector<Candidate> candidates;
  candidates.reserve(scores.size());
  for (size_t token = 0; token < scores.size(); ++token) {
    const double weight = std::exp((scores[token] - highest) / options.temperature);
    if (weight > 0) candidates.push_back({weight, static_cast<int32_t>(token)});
  }
  if (options.top_k > 0 && options.top_k < static_cast<int64_t>(candidates.size())) {
    std::ranges::nth_element(candidates, candidates.begin() + options.top_k, likelier);
    candidates.resize(static_cast<size_t>(options.top_k));
    std::ranges::sort(candidates, likelier);  // nth_element leaves an order of its own
  }
  if (options.top_p < 1) candidates = nucleus(std::move(candidates), options.top_p);
  std::erase_if(candidates, [&](const Candidate& one) { return one.weight < options.min_p; });

  const RandomStream stream{options.seed, stream_of("sample"), sample};
  double left = stream.uniform(text.size()) * mass_of(candidates);
  for (const Candidate& candidate : candidates) {
    left -= candidate.weight;
    if (left < 0) return candidate.token;
  }
  return candidates.back().token;  // rounding
}

}  // namespace octavo
