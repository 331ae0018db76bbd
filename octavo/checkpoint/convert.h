// Weights between their stored form and a model's: type and order of a matrix. Tested by
// tests/checkpoint/convert_test.cpp.
#pragma once

#include "octavo/checkpoint/family.h"
#include "octavo/tensor/tensor.h"

namespace octavo {

/// A copy of `tensor` as `type` (both f64, f32, bf16 or f16), its rows and columns swapped if
/// `order` says so.
Tensor convert_weights(const Tensor& tensor, DataType type, StoredOrder order);

/// True for the types that convert_weights knows.
bool is_weight_type(DataType type);

}  // namespace octavo
