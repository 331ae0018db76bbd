// Sampling: from logits to the next token.
//
// A draw is a function of the logits, the options, the sample's number and the position: no state
// is carried, so a text does not change with what else is in the batch or where it was interrupted.
// Filters apply in the order users know from other programs, each to what the one before left:
// repetition penalty, temperature, top-k, top-p, min-p. Papers: Keskar et al. 2019 (penalty), Fan
// et al. 2018 (top-k), Holtzman et al. 2020 (top-p), Nguyen et al. 2024 (min-p). Tested by
// tests/generate/sampler_test.cpp.
#pragma once

#include <cstdint>
#include <span>

namespace octavo {

struct SamplingOptions {
  /// Beyond these a penalty no longer ranks tokens: logits leave the range of numbers.
  static constexpr double kLeastPenalty = 0.01, kMostPenalty = 100;

  double temperature = 1;  ///< 0: always the most likely token
  int64_t top_k = 0;       ///< only the k most likely; 0: all
  double top_p = 1;        ///< only the fewest that hold this much probability; above 0
  double min_p = 0;        ///< only those at least this fraction of the most likely one's
  double repetition_penalty =
      1;  ///< 0.01 … 100; above 1, tokens of the text so far are less likely
  uint64_t seed = 0;

  /// Throws `usage`, naming the option and its range.
  void validate() const;
};

/// The token with the largest logit, the lowest of equals.
int32_t most_likely(std::span<const float> logits);

/// The next token. `text` is everything before it (prompt included): its length is the position.
/// `sample` tells several continuations of one prompt apart.
int32_t sample_token(std::span<const float> logits, std::span<const int32_t> text,
                     const SamplingOptions& options, uint32_t sample);

}  // namespace octavo
