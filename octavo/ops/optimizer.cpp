#include "octavo/ops/optimizer.h"

#include <cmath>

#include "octavo/base/error.h"
#include "octavo/ops/numbers.h"
#include "octavo/ops/tape.h"

namespace octavo {

using detail::flat;
using detail::require_same_size;

double global_norm(std::span<const Tensor> tensors) {
  double sum = 0;
  for (const Tensor& tensor : tensors) {
    const Tensor partials({1, (tensor.elements() + kNormBlock - 1) / kNormBlock}, DataType::f64);
    kernels().squared_norm({flat(tensor), array_of(partials)});
    if (partials.data() == nullptr) continue;
    for (const double partial : partials.as<double>()) sum += partial;
  }
  return std::sqrt(sum);
}

void adamw(const Tensor& parameter, const Tensor& gradient, const Tensor& first_moment,
           const Tensor& second_moment, const AdamWSettings& settings, int64_t step,
           double gradient_scale) {
  require_same_size("adamw", parameter, gradient);
  require_same_size("adamw", parameter, first_moment);
  require_same_size("adamw", parameter, second_moment);
  require(step >= 1, "[adamw] steps count from 1, found {}", step);
  kernels().adamw({.learning_rate = settings.learning_rate,
                   .beta1 = settings.beta1,
                   .beta2 = settings.beta2,
                   .epsilon = settings.epsilon,
                   .weight_decay = settings.weight_decay,
                   .gradient_scale = gradient_scale,
                   .step = step,
                   .gradient = flat(gradient),
                   .parameter = flat(parameter),
                   .first_moment = flat(first_moment),
                   .second_moment = flat(second_moment)});
}

}  // namespace octavo
