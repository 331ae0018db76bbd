// Softmax cross-entropy of a linear head, in chunks over rows and vocabulary.
//
// The logits of a whole batch are never in memory: a chunk is computed, folded into a running
// log-sum-exp and forgotten; the backward pass computes it again. A row's loss is one chain over
// fixed vocabulary chunks, so −loss is the log-probability that sampling and scoring report too.
// Tested by tests/ops/cross_entropy_test.cpp.
#pragma once

#include "octavo/ops/parameter.h"

namespace octavo {

/// x [R, C], head [V, C], targets [R] i32 (−1: no loss, no gradient) → losses [R] in f32 (f64 for
/// f64): −log softmax(x · headᵀ)[target].
Value cross_entropy(Tape& tape, const Value& x, const Parameter& head, const Tensor& targets);

/// −log-probabilities of `targets` [R] from logits [R, V], to the same bits as `cross_entropy`.
Tensor cross_entropy_of_logits(const Tensor& logits, const Tensor& targets);

}  // namespace octavo
