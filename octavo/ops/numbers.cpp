#include "octavo/ops/numbers.h"

#include <cmath>

#include "octavo/base/error.h"
#include "octavo/ops/tape.h"

namespace octavo {
namespace {

template <class T>
std::optional<double> first_not_finite_of(std::span<T> numbers) {
  for (const T number : numbers)
    if (!std::isfinite(static_cast<double>(number))) return static_cast<double>(number);
  return {};
}

}  // namespace

void accumulate(const Tensor& sum, const Tensor& addend) {
  detail::require_same_size("accumulate", sum, addend);
  kernels().map({.x = detail::flat(addend), .out = detail::flat(sum), .write = Write::accumulate});
}

Tensor cast(const Tensor& x, DataType type) {
  const Tensor out(x.shape(), type);
  copy(x, out);
  return out;
}

void copy(const Tensor& x, const Tensor& out) {
  detail::require_same_size("copy", x, out);
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

namespace detail {

Array flat(const Tensor& tensor) {
  return {tensor.data(), tensor.type(), 1, tensor.elements(), tensor.elements()};
}

void require_same_size(const char* operation, const Tensor& a, const Tensor& b) {
  require(a.elements() == b.elements(), "[{}] {} numbers beside {}", operation, a.elements(),
          b.elements());
}

}  // namespace detail
}  // namespace octavo
