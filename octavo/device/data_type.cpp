#include "octavo/device/data_type.h"

#include <array>
#include <cmath>

namespace octavo {
namespace {

struct Description {
  BlockLayout block;
  std::string_view name;
};
// In the order of the enumeration. The quantized blocks are quantized_blocks.h's.
constexpr std::array descriptions{Description{{1, 8}, "f64"},      Description{{1, 4}, "f32"},
                                  Description{{1, 2}, "bf16"},     Description{{1, 2}, "f16"},
                                  Description{{1, 8}, "i64"},      Description{{1, 4}, "i32"},
                                  Description{{1, 2}, "u16"},      Description{{1, 1}, "u8"},
                                  Description{{32, 34}, "q8_0"},   Description{{32, 18}, "q4_0"},
                                  Description{{32, 20}, "q4_1"},   Description{{32, 22}, "q5_0"},
                                  Description{{32, 24}, "q5_1"},   Description{{256, 84}, "q2_k"},
                                  Description{{256, 110}, "q3_k"}, Description{{256, 144}, "q4_k"},
                                  Description{{256, 176}, "q5_k"}, Description{{256, 210}, "q6_k"}};

}  // namespace

BlockLayout block_of(DataType type) { return descriptions[static_cast<size_t>(type)].block; }
std::string_view name_of(DataType type) { return descriptions[static_cast<size_t>(type)].name; }

std::optional<DataType> data_type_named(std::string_view name) {
  for (size_t i = 0; i < descriptions.size(); ++i)
    if (descriptions[i].name == name) return static_cast<DataType>(i);
  return std::nullopt;
}

f16::f16(float value) {
  const uint32_t u = std::bit_cast<uint32_t>(value);
  const uint16_t sign = static_cast<uint16_t>((u >> 16) & 0x8000u);
  const uint32_t magnitude = u & 0x7FFFFFFFu;
  if (magnitude > 0x7F800000u) {  // NaN
    bits = sign | 0x7E00u;
  } else if (magnitude >= 0x477FF000u) {  // rounds beyond 65504
    bits = sign | 0x7C00u;
  } else if (magnitude < 0x38800000u) {  // subnormal: multiples of 2^-24, ties to even
    bits = sign |
           static_cast<uint16_t>(std::nearbyint(std::ldexp(std::bit_cast<float>(magnitude), 24)));
  } else {
    const uint32_t rebased = magnitude - (112u << 23);
    bits = sign | static_cast<uint16_t>((rebased + 0xFFFu + ((rebased >> 13) & 1u)) >> 13);
  }
}

}  // namespace octavo
