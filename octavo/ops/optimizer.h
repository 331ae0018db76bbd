// The optimizer's arithmetic: gradient norm and AdamW. Without a tape.
// Tested by tests/ops/optimizer_test.cpp.
#pragma once

#include <span>

#include "octavo/tensor/tensor.h"

namespace octavo {

/// sqrt(Σ x²) over all tensors, in f64, summed in fixed blocks in the order given.
double global_norm(std::span<const Tensor> tensors);

struct AdamWSettings {
  double learning_rate = 0, beta1 = 0.9, beta2 = 0.95, epsilon = 1e-8, weight_decay = 0.1;
};

/// One AdamW step of one parameter (f32, any shape; decay as given in `settings`). `step` counts
/// from 1; the gradient is multiplied by `gradient_scale` first.
void adamw(const Tensor& parameter, const Tensor& gradient, const Tensor& first_moment,
           const Tensor& second_moment, const AdamWSettings& settings, int64_t step,
           double gradient_scale);

}  // namespace octavo
