// The codecs of the quantized types: rows of numbers from blocks, and blocks from rows.
//
// Plain memory and sizes, one row at a time, the same on every machine: a file's bytes and a row's
// numbers depend on neither instruction set nor threads. Decoding is bit by bit what
// device/quantized_blocks.h says, in f32, as ggml does it: every product in the formulas is exact,
// so there is one rounding at most. Encoding searches for the scales (search.h) and is better than
// ggml's. Reached through ops/quantize.h. Tested by tests/ops/quantize_test.cpp, against
// dequantized rows and files of llama.cpp.
#pragma once

#include <cstdint>

#include "octavo/device/data_type.h"

namespace octavo {

/// out[columns] ← the row's numbers. The columns are whole blocks.
void decode_row(DataType type, const void* blocks, int64_t columns, float* out);

/// q2_k and q3_k are only read.
bool can_encode(DataType type);
/// blocks ← x[columns], which are finite and no larger than f16's largest number.
void encode_row(DataType type, const float* x, int64_t columns, void* blocks);

}  // namespace octavo
