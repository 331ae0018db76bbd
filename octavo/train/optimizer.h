// The optimizer: AdamW over a model's parameters, after clipping by the global norm.
//
// Weights, moments and arithmetic are f32 whatever the model computes in. Weight decay is for
// matrices and tables only (two or more dimensions): biases and norms are not pulled to zero.
// Tested by tests/train/golden_test.cpp against ten steps of PyTorch in float64.
// Loshchilov & Hutter 2019; GPT-3's settings are Brown et al. 2020, appendix B.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "octavo/checkpoint/training_state.h"
#include "octavo/ops/optimizer.h"

namespace octavo {

class Optimizer {
 public:
  /// Moments start at zero. The parameters are handles on the model's.
  Optimizer(std::vector<Parameter> parameters, AdamWSettings settings);

  std::span<const Parameter> parameters() const { return parameters_; }

  /// Updates every parameter that has a gradient and drops the gradient. `step` counts from 1;
  /// gradients are multiplied by `gradient_scale` first (see clip_scale).
  void update(int64_t step, double learning_rate, double gradient_scale);

  /// The moments as a checkpoint names them, "first_moment.<parameter>" and "second_moment.…",
  /// sharing memory with the optimizer: writing to them restores it.
  std::vector<NamedTensor> state() const;

 private:
  std::vector<Parameter> parameters_;
  std::vector<Tensor> first_, second_;
  AdamWSettings settings_;
};

/// What brings a gradient of this norm down to `clip`; 1 if it is below, or if clip is 0.
double clip_scale(double norm, double clip);

}  // namespace octavo
