// Schedules: learning rate and batch size as functions of the tokens seen.
//
// GPT-3 counts both in tokens, not steps, so that a run with another batch size follows the same
// curve. The functions are pure: nothing is carried, so a resumed run continues the same curve.
// Values by hand in tests/train/schedule_test.cpp. Brown et al. 2020 (arXiv:2005.14165), appendix
// B.
#pragma once

#include <cstdint>

namespace octavo {

/// Linear from 0 to `peak` over the first `warmup_tokens`, a cosine down to `final_ratio` · peak at
/// `decay_tokens` (counted from the start of training), constant from there on.
struct LearningRateSchedule {
  double peak = 6e-4;
  double final_ratio = 0.1;
  int64_t warmup_tokens = 0;
  int64_t decay_tokens = 0;  ///< not before the end of the warm-up

  /// `tokens`: seen by the end of the step that uses the rate, so that no step's rate is 0.
  double at(int64_t tokens) const;
};

/// Linear from `start` to `full` sequences over the first `ramp_tokens` tokens, rounded down to
/// whole micro-batches of `micro_batch` sequences.
struct BatchSchedule {
  int64_t start = 1;  ///< multiples of micro_batch, both
  int64_t full = 1;
  int64_t micro_batch = 1;
  int64_t ramp_tokens = 0;  ///< 0: full from the first step

  /// Sequences in the step that begins after `tokens` tokens.
  int64_t at(int64_t tokens) const;
};

/// The micro-batch of a recipe that names none: the most sequences that divide both batches and
/// hold few enough tokens for their activations to stay small.
int64_t default_micro_batch(int64_t context, int64_t batch, int64_t first_batch);

/// A number of steps and the tokens they see.
struct RunLength {
  int64_t steps = 0;
  int64_t tokens = 0;
};

/// Steps it takes to see at least `tokens` tokens with contexts of `context` tokens, and how many
/// tokens they see.
RunLength steps_for_tokens(const BatchSchedule& batch, int64_t context, int64_t tokens);
/// Tokens that `steps` steps see.
int64_t tokens_of_steps(const BatchSchedule& batch, int64_t context, int64_t steps);

}  // namespace octavo
