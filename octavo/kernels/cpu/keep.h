// Dropout's multipliers: Philox on all lanes, each lane a draw of eight elements (see
// kernels/dropout_mask.h, which says the same a number at a time).
#pragma once

#include "octavo/kernels/cpu/vector.h"
#include "octavo/kernels/dropout_mask.h"

namespace octavo::OCTAVO_ISA {

using VecWide [[gnu::vector_size(kVectorBytes)]] = uint64_t;

/// Both halves of the 64-bit products of each lane with a constant.
struct WideProduct {
  VecU low, high;
};
inline WideProduct multiply_wide(VecU x, uint64_t factor) {
  const VecWide pairs = std::bit_cast<VecWide>(x);
  const VecWide even = (pairs & 0xFFFFFFFFu) * factor, odd = (pairs >> 32) * factor;
  const VecWide low = (even & 0xFFFFFFFFu) | (odd << 32);
  const VecWide high = (even >> 32) | (odd & 0xFFFFFFFF00000000u);
  return {std::bit_cast<VecU>(low), std::bit_cast<VecU>(high)};
}

/// multipliers[i] = 0 or 1 / (1 − probability) for the elements index + i; `index` is a multiple of
/// 8, and room for `count` rounded up to 8 · kLanes is needed.
inline void draw_keep(const DropoutMask& mask, uint64_t index, int64_t count, float* multipliers) {
  const uint32_t threshold = keep_threshold(mask.probability);
  const float scale = static_cast<float>(1 / (1 - mask.probability));
  for (int64_t first = 0; first < count; first += 8 * kLanes) {
    const uint64_t draw = (index + static_cast<uint64_t>(first)) / 8;
    VecU words[4];
    words[0] = std::bit_cast<VecU>(lane_numbers()) + static_cast<uint32_t>(draw);
    const VecI carried = words[0] < static_cast<uint32_t>(draw);  // −1 where the low word wrapped
    words[1] = static_cast<uint32_t>(draw >> 32) - std::bit_cast<VecU>(carried);
    words[2] = mask.stream - VecU{};
    words[3] = mask.step - VecU{};
    uint32_t key0 = static_cast<uint32_t>(mask.seed), key1 = static_cast<uint32_t>(mask.seed >> 32);
    for (int round = 0; round < 10; ++round, key0 += 0x9E3779B9, key1 += 0xBB67AE85) {
      const WideProduct a = multiply_wide(words[0], 0xD2511F53);
      const WideProduct b = multiply_wide(words[2], 0xCD9E8D57);
      words[0] = b.high ^ words[1] ^ key0;
      words[1] = b.low;
      words[2] = a.high ^ words[3] ^ key1;
      words[3] = a.low;
    }
    for (int j = 0; j < 8; ++j) {
      const VecU number = (words[j / 2] >> (j % 2 * 16)) & 0xFFFFu;
      const Vec kept = select(number >= threshold, broadcast(scale), Vec{});
      for (int lane = 0; lane < kLanes; ++lane) multipliers[first + 8 * lane + j] = kept[lane];
    }
  }
}

}  // namespace octavo::OCTAVO_ISA
