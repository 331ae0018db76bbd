// A tensor's numbers, outside any tape: copied, converted, summed up, searched for what is none.
// Tested by tests/ops/optimizer_test.cpp.
#pragma once

#include <optional>

#include "octavo/kernels/kernels.h"
#include "octavo/tensor/tensor.h"

namespace octavo {

/// sum += addend, elementwise.
void accumulate(const Tensor& sum, const Tensor& addend);

/// A copy of x in another type.
Tensor cast(const Tensor& x, DataType type);
/// out ← x, converting.
void copy(const Tensor& x, const Tensor& out);
/// The first NaN or Inf in x, if there is one (none in a plan).
std::optional<double> first_not_finite(const Tensor& x);
inline bool all_finite(const Tensor& x) { return !first_not_finite(x); }

namespace detail {
/// All of a tensor as one row.
Array flat(const Tensor& tensor);
void require_same_size(const char* operation, const Tensor& a, const Tensor& b);
}  // namespace detail

}  // namespace octavo
