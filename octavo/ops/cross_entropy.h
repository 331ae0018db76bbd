// Softmax cross-entropy of a linear head, in chunks over rows and vocabulary.
//
// A chunk of logits is computed and folded into a running log-sum-exp while it is in the cache. For
// the backward pass it is kept, 4 bytes a logit, or computed again: a product more, a tenth of a
// step of GPT-2 124M. A row's loss is one chain over fixed vocabulary chunks, so −loss is the
// log-probability that sampling and scoring report too.
// Tested by tests/ops/cross_entropy_test.cpp.
#pragma once

#include "octavo/ops/parameter.h"

namespace octavo {

/// What the backward pass has of the logits; the gradients are the same bits.
enum class Logits { kept, recomputed };

/// x [R, C], head [V, C], targets [R] i32 (−1: no loss, no gradient) → losses [R] in f32 (f64 for
/// f64): −log softmax(x · headᵀ)[target].
Value cross_entropy(Tape& tape, const Value& x, const Parameter& head, const Tensor& targets,
                    Logits logits = Logits::kept);

/// −log-probabilities of `targets` [R] from logits [R, V], to the same bits as `cross_entropy`.
Tensor cross_entropy_of_logits(const Tensor& logits, const Tensor& targets);

}  // namespace octavo
