// Scorer: the log-probability of every token of a text given those before it.
//
// Texts are put into batches by number of rows, without padding, and long ones may be computed in
// chunks; the numbers are the same bits however it is done. Tested by
// tests/generate/scorer_test.cpp and tests/model/one_number_test.cpp.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "octavo/model/gpt.h"

namespace octavo {

struct ScoreOptions {
  int64_t batch_rows = 4096;  ///< rows computed together, at most (a longer text comes alone)
  int64_t chunk_rows = 0;     ///< 0: each text in one piece; else pieces of this many rows, cached
};

/// [text][token]: log p(token | those before), natural logarithm; the first token of a text has
/// none and is NaN. Throws `usage` on a text longer than the context or a token outside the
/// vocabulary. `on_text` is called for each text in order as soon as its numbers are known.
std::vector<std::vector<float>> score(
    const GPT& model, std::span<const std::vector<int32_t>> texts, const ScoreOptions& options = {},
    const std::function<void(size_t text, const std::vector<float>&)>& on_text = {});

}  // namespace octavo
