// The plan of a run: what `octavo train --dry-run` prints.
//
// Memory is not a formula: the training step, the optimizer and the validation of the recipe are
// run on kernels that do nothing, inside memory that is counted but not there, so the prediction
// follows the code. Time is the model's FLOPs over the machine's measured peak and the share of it
// that training reaches: measured on one micro-batch where that is a matter of a second, assumed
// elsewhere. The memory against the measured peak of a child process: tests/train/plan_test.cpp.
#pragma once

#include <cstdint>
#include <string>

#include "octavo/train/recipe.h"

namespace octavo {

struct TrainingPlan {
  int64_t parameters = 0;
  Precision precision;
  int64_t steps = 0, tokens = 0;
  int64_t batch_sequences = 0, context = 0, micro_batches = 0;  ///< of a full step

  int64_t weight_bytes = 0;      ///< f32 masters
  int64_t gradient_bytes = 0;    ///< of one leaf; several leaves are alive at once at worst
  int64_t optimizer_bytes = 0;   ///< two moments
  int64_t activation_bytes = 0;  ///< the rest of the peak
  int64_t peak_bytes = 0;        ///< of the process, kProcessBytes included

  double flops_per_token = 0;
  double total_flops = 0;
  double peak_gflops = 0;        ///< as given
  double expected_fraction = 0;  ///< of the peak
  double seconds = 0;            ///< of the steps; 0 without a peak
};

/// Program, libraries, thread stacks, buffers of the input: what a training process holds beside
/// its tensors.
inline constexpr int64_t kProcessBytes = int64_t{10} << 20;

/// The share of the peak that training is assumed to reach where it is not tried.
inline constexpr double kExpectedFractionOfPeak = 0.45;

enum class Trial {
  none,
  if_short,  ///< train on one micro-batch for real if it takes about a second and little memory
};

/// `peak_gflops`: of the machine that is planned for, in the recipe's precision
/// (measured_peak_gflops of ops/peak.h for this one; a trial makes sense only there). Without a
/// trial, nothing of the model's size is allocated.
TrainingPlan plan_training(const Recipe& recipe, double peak_gflops, Trial trial = Trial::none);

/// Bytes that a process may hold here: the machine's memory, less if its address space is limited
/// (ulimit -v).
int64_t memory_limit();

/// Throws `usage` with both numbers if a run of the recipe would need more.
void require_memory(const Recipe& recipe);

}  // namespace octavo
