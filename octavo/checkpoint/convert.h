// Weights between their stored form and a model's: type, order of a matrix, parts. Tested by
// tests/checkpoint/convert_test.cpp.
#pragma once

#include "octavo/checkpoint/family.h"
#include "octavo/tensor/tensor.h"

namespace octavo {

/// A copy of `tensor` as `type` (both f64, f32, bf16, f16 or quantized), its rows and columns
/// swapped if `order` is `transposed`.
Tensor convert_weights(const Tensor& tensor, DataType type, StoredOrder order = StoredOrder::same);

/// The tensors that hold a parameter, in the order of `stored.parts`, with their rows in our order:
/// the tensors themselves where that is theirs. Not for `transposed`.
std::vector<Tensor> in_our_order(std::span<const Tensor> parts, const StoredParameter& stored);
/// A parameter's numbers from the tensors that hold them, in the order of `stored.parts`, as
/// `type`.
Tensor from_stored(std::span<const Tensor> parts, const StoredParameter& stored, DataType type);
/// The numbers of one of its parts, as `type`.
Tensor to_stored(const Tensor& parameter, const StoredParameter& stored, size_t part,
                 DataType type);

/// True for the types that convert_weights reads.
bool is_weight_type(DataType type);

}  // namespace octavo
