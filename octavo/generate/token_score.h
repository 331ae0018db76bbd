// Token scores: how likely given tokens are, and whether greedy decoding would have drawn them.
//
// Only the rows asked for go through the head, a tile at a time, so the logits of a batch are never
// in memory together. The numbers are those of score() (scorer.h), to the bit. Tested by
// tests/generate/weighed_test.cpp.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "octavo/model/gpt.h"

namespace octavo {

struct TokenScore {
  float log_probability = 0;  ///< log p(token | those before it), natural logarithm
  bool is_greedy = false;     ///< no token is likelier, and of equals none has a lower id
};

using ContinuationScores = std::vector<std::vector<TokenScore>>;  ///< [continuation][token]

/// A row of hidden states, and the token after it that is asked for.
struct ScoredRow {
  int64_t row;
  int32_t token;
  TokenScore* score;  ///< where the answer goes
};

/// Fills in the scores of rows of `hidden` [R, C]. Only the first `competing` tokens can be greedy.
void score_rows(const GPT& model, const Tensor& hidden, std::span<const ScoredRow> rows,
                int64_t competing);

/// Rows of `hidden` [R, C] below each other: [rows, C].
Tensor gathered(const Tensor& hidden, std::span<const int64_t> rows);

}  // namespace octavo
