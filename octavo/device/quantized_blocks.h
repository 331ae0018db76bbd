// The blocks of the quantized types, bit by bit as GGUF files hold them (ggml's layouts), so that a
// mapped file is used as it lies. Little-endian.
//
// A block holds small unsigned integers q (its quants) and what turns them back into numbers: x =
// scale · (q − bias), or x = scale · q + minimum. The types of 32 numbers have one f16 scale. Those
// of 256 (_k) are cut into parts of 16 or 32 numbers, each with a small integer scale, which an f16
// scale of the block multiplies. Below, "low/high nibble" are bits 0–3/4–7 of a byte, and `parts`
// are numbered along the row. The formulas are carried out in f32 in kernels/quantized, which also
// makes blocks from numbers. Tested by tests/ops/quantize_test.cpp against llama.cpp's own files.
// Formats: https://github.com/ggml-org/ggml/blob/master/src/ggml-common.h.
#pragma once

#include <cstdint>

#include "octavo/device/data_type.h"

namespace octavo {

/// x[i] = scale · quants[i].
struct BlockQ8_0 {
  static constexpr DataType kType = DataType::q8_0;
  f16 scale;
  int8_t quants[32];
};

/// x[i] = scale · (q[i] − 8). Byte j holds q[j] in its low and q[j + 16] in its high nibble.
struct BlockQ4_0 {
  static constexpr DataType kType = DataType::q4_0;
  f16 scale;
  uint8_t quants[16];
};

/// x[i] = scale · q[i] + minimum; quants as in q4_0.
struct BlockQ4_1 {
  static constexpr DataType kType = DataType::q4_1;
  f16 scale, minimum;
  uint8_t quants[16];
};

/// x[i] = scale · (q[i] − 16). The low four bits of q lie as in q4_0; its fifth bit is bit i of the
/// 32-bit number in `fifth_bits` (bytes, because the field is not aligned).
struct BlockQ5_0 {
  static constexpr DataType kType = DataType::q5_0;
  f16 scale;
  uint8_t fifth_bits[4];
  uint8_t quants[16];
};

/// x[i] = scale · q[i] + minimum; quants as in q5_0.
struct BlockQ5_1 {
  static constexpr DataType kType = DataType::q5_1;
  f16 scale, minimum;
  uint8_t fifth_bits[4];
  uint8_t quants[16];
};

/// 16 parts of 16: x = scale · s · q − minimum · m, where s and m are the low and high nibble of
/// the part's byte in `parts`. Number i's two bits are in byte 32 · (i / 128) + i % 32, from bit
/// 2 · (i / 32 % 4).
struct BlockQ2K {
  static constexpr DataType kType = DataType::q2_k;
  uint8_t parts[16];
  uint8_t quants[64];
  f16 scale, minimum;
};

/// 16 parts of 16: x = scale · (s − 32) · (q − 4). The two low bits of q lie as in q2_k; the third
/// of number i is bit i / 32 of third_bits[i % 32]. Of the part's six bits s, the low four are a
/// nibble of parts[part % 8] (low for parts 0–7, high for 8–15), and the high two are in byte 8 +
/// part % 4, from bit 2 · (part / 4).
struct BlockQ3K {
  static constexpr DataType kType = DataType::q3_k;
  uint8_t third_bits[32];
  uint8_t quants[64];
  uint8_t parts[12];
  f16 scale;
};

/// 8 parts of 32: x = scale · s · q − minimum · m. Number i's q is a nibble of byte 32 · (i / 64) +
/// i % 32: the low one in even parts, the high one in odd parts. s and m have six bits: for parts
/// 0–3 they are the low six of parts[part] and parts[part + 4]; for parts 4–7 their low four are
/// the low and the high nibble of parts[part + 4], and their high two are the highest two bits of
/// parts[part − 4] and of parts[part].
struct BlockQ4K {
  static constexpr DataType kType = DataType::q4_k;
  f16 scale, minimum;
  uint8_t parts[12];
  uint8_t quants[128];
};

/// As q4_k, with a fifth bit of q: that of number i is bit i / 32 of fifth_bits[i % 32].
struct BlockQ5K {
  static constexpr DataType kType = DataType::q5_k;
  f16 scale, minimum;
  uint8_t parts[12];
  uint8_t fifth_bits[32];
  uint8_t quants[128];
};

/// 16 parts of 16: x = scale · parts[part] · (q − 32). Number i lies in half h = i / 128 at place p
/// = i % 128: the low four bits of its q are in low_bits[64 · h + p % 64] (low nibble if p < 64),
/// the high two in high_bits[32 · h + p % 32] from bit 2 · (p / 32).
struct BlockQ6K {
  static constexpr DataType kType = DataType::q6_k;
  uint8_t low_bits[128];
  uint8_t high_bits[64];
  int8_t parts[16];
  f16 scale;
};

static_assert(sizeof(BlockQ8_0) == 34 && sizeof(BlockQ4_0) == 18 && sizeof(BlockQ4_1) == 20 &&
              sizeof(BlockQ5_0) == 22 && sizeof(BlockQ5_1) == 24 && sizeof(BlockQ2K) == 84 &&
              sizeof(BlockQ3K) == 110 && sizeof(BlockQ4K) == 144 && sizeof(BlockQ5K) == 176 &&
              sizeof(BlockQ6K) == 210);

}  // namespace octavo
