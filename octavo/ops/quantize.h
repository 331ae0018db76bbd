// Quantizing: a tensor's rows as blocks of small integers, and back. Outside any tape.
//
// The types and their blocks are in device/quantized_blocks.h, the codecs in kernels/quantized. A
// tensor's blocks depend on its numbers alone, not on threads or the machine.
// Tested by tests/ops/quantize_test.cpp.
#pragma once

#include "octavo/tensor/tensor.h"

namespace octavo {

/// x in a quantized type, or in f32, bf16 or f16. Throws `usage` for the types that are only read
/// (q2_k, q3_k), `data` if the type's blocks do not divide x's rows or, naming row and column, if a
/// number is not finite or too large for the type's scales.
Tensor quantize(const Tensor& x, DataType type);

/// x as f32: of quantized numbers exactly what their type means.
Tensor dequantize(const Tensor& x);

/// Whether all scales and minimums of quantized numbers are finite, and so the numbers.
bool scales_are_finite(const Tensor& blocks);

/// The type in which rows of so many numbers are kept when `wanted` is asked for: that one if its
/// blocks divide them, else the one that llama.cpp falls back to, with blocks of 32 in place of 256
/// and at last f16 (q4_k → q5_0, q5_k → q5_1, q6_k → q8_0).
DataType type_for_rows(DataType wanted, int64_t columns);

}  // namespace octavo
