// Functions of one number, in double precision. GELU: Hendrycks & Gimpel 2016, both forms.
#pragma once

#include <cmath>
#include <numbers>

#include "octavo/kernels/kernels.h"

namespace octavo {

inline constexpr double kGeluCubic = 0.044715;
inline constexpr double kGeluScale = 0.7978845608028654;  // √(2/π)

inline double gelu_tanh(double x) {
  return 0.5 * x * (1 + std::tanh(kGeluScale * (x + kGeluCubic * x * x * x)));
}

inline double gelu_tanh_derivative(double x) {
  const double t = std::tanh(kGeluScale * (x + kGeluCubic * x * x * x));
  const double inner = kGeluScale * (1 + 3 * kGeluCubic * x * x);
  return 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * inner;
}

inline double gelu_exact(double x) { return 0.5 * x * std::erfc(-x / std::numbers::sqrt2); }

inline double gelu_exact_derivative(double x) {
  const double density = std::exp(-0.5 * x * x) / std::sqrt(2 * std::numbers::pi);
  return 0.5 * std::erfc(-x / std::numbers::sqrt2) + x * density;
}

inline double sigmoid(double x) {
  return x >= 0 ? 1 / (1 + std::exp(-x)) : std::exp(x) / (1 + std::exp(x));
}

inline double log_sigmoid(double x) {
  return x >= 0 ? -std::log1p(std::exp(-x)) : x - std::log1p(std::exp(x));
}

inline double activate(Activation activation, double x) {
  switch (activation) {
    case Activation::none:
      return x;
    case Activation::gelu_tanh:
      return gelu_tanh(x);
    case Activation::gelu_exact:
      return gelu_exact(x);
  }
  return x;
}

}  // namespace octavo
