// Element types: what one number in memory is.
//
// bf16 is a struct of its own bits, not a compiler type: GCC 12 has none, and the conversions are
// the contract (round to nearest even). Tested by tests/device/data_type_test.cpp.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace octavo {

enum class DataType : uint8_t { f64, f32, bf16, f16, i64, i32, u16, u8 };

size_t size_of(DataType type);
std::string_view name_of(DataType type);  ///< "f32", "bf16", …

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
  operator float() const;
};

template <class T>
inline constexpr DataType data_type_of = DataType::u8;
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
