// The six-bit scale and minimum of a part of a q4_k or q5_k block, packed as
// device/quantized_blocks.h describes. For the codecs and for the products that read the blocks.
#pragma once

#include <cstdint>

namespace octavo {

struct SixBits {
  int scale, minimum;
};

inline SixBits part_of(const uint8_t parts[12], int part) {
  if (part < 4) return {parts[part] & 63, parts[part + 4] & 63};
  return {(parts[part + 4] & 15) | (parts[part - 4] >> 6) << 4,
          parts[part + 4] >> 4 | (parts[part] >> 6) << 4};
}

/// Into parts that were zero before the first part is set.
inline void set_part(uint8_t parts[12], int part, SixBits value) {
  if (part < 4) {
    parts[part] |= static_cast<uint8_t>(value.scale);
    parts[part + 4] |= static_cast<uint8_t>(value.minimum);
  } else {
    parts[part + 4] = static_cast<uint8_t>((value.scale & 15) | (value.minimum & 15) << 4);
    parts[part - 4] |= static_cast<uint8_t>(value.scale >> 4 << 6);
    parts[part] |= static_cast<uint8_t>(value.minimum >> 4 << 6);
  }
}

}  // namespace octavo
