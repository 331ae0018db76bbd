// Dropout's draws: which element of which tensor is kept.
//
// An element is kept if a 16-bit number, drawn by counter at the element's index, reaches the
// threshold. One call of Philox gives the draws of eight consecutive elements. All implementations
// draw through these functions, so the mask is the same to the bit on every machine, forward and
// backward. Tested by tests/kernels (each implementation against the reference).
#pragma once

#include <cmath>
#include <cstdint>

#include "octavo/base/random.h"
#include "octavo/kernels/kernels.h"

namespace octavo {

inline RandomStream random_stream(const DropoutMask& mask) {
  return {mask.seed, mask.stream, mask.step};
}

/// Draws below it are dropped: `probability` of the 65,536 there are.
inline uint32_t keep_threshold(double probability) {
  return static_cast<uint32_t>(std::lround(probability * 65536));
}

/// Whether element `index` stays. Its draw is half number index mod 8 of the 128 bits drawn for
/// index / 8, the low half of each word first.
inline bool keep(const RandomStream& stream, uint64_t index, uint32_t threshold) {
  const uint32_t word = stream.bits(index / 8)[index % 8 / 2];
  const uint32_t draw = index % 2 == 0 ? word & 0xFFFF : word >> 16;
  return draw >= threshold;
}

/// The index of a probability of attention: the key is its fastest running part, and 2²⁰ positions
/// have room.
inline uint64_t attention_index(int64_t sequence, int64_t heads, int64_t head, int64_t query,
                                int64_t key) {
  const uint64_t row = static_cast<uint64_t>(sequence * heads + head);
  return (((row << 20) + static_cast<uint64_t>(query)) << 20) + static_cast<uint64_t>(key);
}

}  // namespace octavo
