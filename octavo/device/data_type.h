// Element types: what one number in memory is, or what a block of them is.
//
// bf16 is a struct of its own bits, not a compiler type: GCC 12 has none, and the conversions are
// the contract (round to nearest even). Quantized numbers come in blocks that share a scale: a row
// of n numbers takes n / block numbers × block bytes, and a row holds whole blocks only. What is in
// a block: device/quantized_blocks.h. Tested by tests/device/data_type_test.cpp.
#pragma once

#include <bit>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace octavo {

enum class DataType : uint8_t {
  f64,
  f32,
  bf16,
  f16,
  i64,
  i32,
  u16,
  u8,
  // Quantized, named as in GGUF: bits and kind; _k has scales of scales over 256 numbers.
  q8_0,
  q4_0,
  q4_1,
  q5_0,
  q5_1,
  q2_k,
  q3_k,
  q4_k,
  q5_k,
  q6_k,
};

/// So many numbers in a row take so many bytes, and come no fewer at a time.
struct BlockLayout {
  int64_t numbers;
  int64_t bytes;
};

/// Of a plain type: one number and its bytes.
BlockLayout block_of(DataType type);
std::string_view name_of(DataType type);                         ///< "f32", "bf16", "q4_k", …
std::optional<DataType> data_type_named(std::string_view name);  ///< the inverse

inline bool is_quantized(DataType type) { return type >= DataType::q8_0; }
/// True if a row of so many numbers is made of whole blocks.
inline bool holds_rows_of(DataType type, int64_t columns) {
  return columns % block_of(type).numbers == 0;
}
/// Bytes of a row of so many numbers, which must be whole blocks.
inline int64_t row_bytes(DataType type, int64_t columns) {
  const BlockLayout block = block_of(type);
  assert(columns % block.numbers == 0);
  return columns / block.numbers * block.bytes;
}
/// Bytes of one number of a plain type.
inline size_t size_of(DataType type) {
  const BlockLayout block = block_of(type);
  assert(block.numbers == 1 && "a quantized number has no size of its own");
  return static_cast<size_t>(block.bytes);
}
/// What the address of its numbers or blocks must be a multiple of.
inline size_t alignment_of(DataType type) { return is_quantized(type) ? 2 : size_of(type); }

/// The upper half of a float32: 8 bits of exponent, 7 of fraction.
struct bf16 {
  uint16_t bits;

  bf16() = default;
  explicit bf16(float value) {
    const uint32_t u = std::bit_cast<uint32_t>(value);
    const bool is_nan = (u & 0x7FFFFFFFu) > 0x7F800000u;
    bits =
        static_cast<uint16_t>(is_nan ? (u >> 16) | 0x40u : (u + 0x7FFFu + ((u >> 16) & 1u)) >> 16);
  }
  operator float() const { return std::bit_cast<float>(static_cast<uint32_t>(bits) << 16); }
};

/// IEEE half precision: storage only, for reading other people's weights.
struct f16 {
  uint16_t bits;

  f16() = default;
  explicit f16(float value);
  /// Exponents are moved by multiplying, which makes normal numbers of the denormal ones too.
  operator float() const {
    const uint32_t magnitude = (bits & 0x7FFFu) << 13, sign = (bits & 0x8000u) << 16;
    const bool far = magnitude >= 0x0F800000u;  // infinite or NaN
    const float number = std::bit_cast<float>(magnitude) * 0x1p112f;
    return std::bit_cast<float>((far ? magnitude | 0x7F800000u : std::bit_cast<uint32_t>(number)) |
                                sign);
  }
};

template <class T>
inline constexpr DataType data_type_of = DataType::u8;
template <class Block>
requires requires { Block::kType; }
inline constexpr DataType data_type_of<Block> = Block::kType;
template <>
inline constexpr DataType data_type_of<double> = DataType::f64;
template <>
inline constexpr DataType data_type_of<float> = DataType::f32;
template <>
inline constexpr DataType data_type_of<bf16> = DataType::bf16;
template <>
inline constexpr DataType data_type_of<f16> = DataType::f16;
template <>
inline constexpr DataType data_type_of<int64_t> = DataType::i64;
template <>
inline constexpr DataType data_type_of<int32_t> = DataType::i32;
template <>
inline constexpr DataType data_type_of<uint16_t> = DataType::u16;

}  // namespace octavo
