#include "octavo/ops/optimizer.h"

#include <cmath>

#include "octavo/base/error.h"

namespace octavo {
namespace {

Array flat(const Tensor& tensor) {
  return {tensor.data(), tensor.type(), 1, tensor.elements(), tensor.elements()};
}

void require_same_size(const char* operation, const Tensor& a, const Tensor& b) {
  require(a.elements() == b.elements(), "[{}] {} numbers beside {}", operation, a.elements(),
          b.elements());
}

template <class T>
std::optional<double> first_not_finite_of(std::span<T> numbers) {
  for (const T number : numbers)
    if (!std::isfinite(static_cast<double>(number))) return static_cast<double>(number);
  return {};
}

}  // namespace

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

void accumulate(const Tensor& sum, const Tensor& addend) {
  require_same_size("accumulate", sum, addend);
  kernels().map({.x = flat(addend), .out = flat(sum), .write = Write::accumulate});
}

Tensor cast(const Tensor& x, DataType type) {
  const Tensor out(x.shape(), type);
  copy(x, out);
  return out;
}

void copy(const Tensor& x, const Tensor& out) {
  require_same_size("copy", x, out);
  kernels().map({.x = array_of(x), .out = array_of(out.reshaped(x.shape()))});
}

std::optional<double> first_not_finite(const Tensor& x) {
  if (x.data() == nullptr) return {};
  switch (x.type()) {
    case DataType::f64:
      return first_not_finite_of(x.as<double>());
    case DataType::f32:
      return first_not_finite_of(x.as<float>());
    case DataType::bf16:
      return first_not_finite_of(x.as<bf16>());
    case DataType::f16:
      return first_not_finite_of(x.as<f16>());
    default:
      return {};
  }
}

}  // namespace octavo
