// One optimizer step: the gradients of all micro-batches, the clip, AdamW.
//
// The trainer's loop, the plan (which runs the same code in memory that is only counted) and the
// golden test are three callers of one function. A step that is not finite changes nothing: the
// weights are as they were, and the error names the operation. Tested by
// tests/train/golden_test.cpp and step_test.cpp.
#pragma once

#include <cstdint>
#include <span>

#include "octavo/model/gpt.h"
#include "octavo/train/optimizer.h"
#include "octavo/train/recipe.h"

namespace octavo {

/// The sequences of one step, or of one evaluation.
struct StepBatch {
  Tensor tokens;   ///< [B, T] i32
  Tensor targets;  ///< [B, T] i32, the token after each; −1: no loss there

  /// Memory for this many sequences of T tokens.
  StepBatch(int64_t sequences, int64_t context);
  int64_t sequences() const { return tokens.shape()[0]; }
};

struct StepSettings {
  int64_t micro_batch = 1;  ///< sequences; divides the batch
  int64_t leaves = 8;
  double clip = 1;
  Recompute recompute = Recompute::nothing;
  uint64_t dropout_seed = 0;
};

/// As the recipe says.
StepSettings step_settings(const TrainRecipe& train);

struct StepResult {
  double loss = 0;           ///< mean over the targets, before the update, in nats
  double gradient_norm = 0;  ///< before the clip
};

/// The gradients of the mean loss, left in the optimizer's parameters, and that loss with the norm.
/// Nothing is examined.
StepResult compute_gradients(const GPT& model, const Optimizer& optimizer, const StepBatch& batch,
                             const StepSettings& settings, int64_t step);

/// Computes the gradients and applies them. `step` counts from 1. Throws `diverged` if loss or norm
/// is NaN or Inf, naming step and operation; nothing has been applied then.
StepResult train_step(const GPT& model, Optimizer& optimizer, const StepBatch& batch,
                      const StepSettings& settings, int64_t step, double learning_rate);

/// Throws `diverged` naming step and tensor if a parameter holds NaN or Inf.
void require_finite(std::span<const Parameter> parameters, int64_t step);

/// A sum of losses, to be divided in the end.
struct LossSum {
  double loss = 0;
  int64_t tokens = 0;

  double mean() const { return loss / static_cast<double>(tokens); }
  LossSum& operator+=(const LossSum& more) {
    loss += more.loss, tokens += more.tokens;
    return *this;
  }
};

/// The loss of sequences without dropout and without gradients, `micro_batch` of them at a time.
LossSum evaluate_loss(const GPT& model, const StepBatch& batch, int64_t micro_batch);

}  // namespace octavo
