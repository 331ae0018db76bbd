// Continuation scorer: how likely given continuations of a prompt are, token by token, and whether
// greedy decoding would have written them.
//
// What multiple choice, exact match by likelihood and perplexity are made of. Only the rows that
// predict a continuation's tokens go through the head. Several continuations of one prompt read it
// once and go on from its cache, so a question with ten choices costs hardly more than one. The
// numbers are those of score() (scorer.h), to the bit, whatever is computed together. Tested by
// tests/generate/continuation_scorer_test.cpp.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "octavo/model/gpt.h"

namespace octavo {

struct ContinuationRequest {
  std::vector<int32_t> prompt;                      ///< not empty
  std::vector<std::vector<int32_t>> continuations;  ///< none empty
};

struct TokenScore {
  float log_probability = 0;  ///< log p(token | those before it), natural logarithm
  bool is_greedy = false;     ///< no token is likelier, and of equals none has a lower id
};

using ContinuationScores = std::vector<std::vector<TokenScore>>;  ///< [continuation][token]

/// [request][continuation][token]. Throws `usage` on an empty prompt or continuation, one that
/// does not fit the context (the last token is only predicted), or a token outside the vocabulary.
/// About `batch_rows` rows are computed together, at least one request. Only the first `vocabulary`
/// tokens compete for being greedy (0: all), as those that a tokenizer knows do in generation.
std::vector<ContinuationScores> score_continuations(const GPT& model,
                                                    std::span<const ContinuationRequest> requests,
                                                    int64_t vocabulary = 0,
                                                    int64_t batch_rows = 4096);

}  // namespace octavo
