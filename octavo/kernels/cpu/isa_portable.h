// Vectors of 16 bytes, which every compiler target has or imitates (SSE2, NEON).
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

namespace octavo::OCTAVO_ISA {

inline constexpr int kVectorBytes = 16;
inline constexpr int kPanelVectors = 2;  // a product's tile is 6 rows × this many vectors
inline constexpr bool kBf16Arithmetic = false;
inline constexpr int64_t kRowsAsTheyLie = 0;  // of bytes, at most, past weights in their order
inline constexpr bool kScalesLanes = false;
inline constexpr bool kHardwareF16 = false;
inline constexpr const char* kDescription = "plain vectors of 16 bytes, any processor";
inline bool processor_has_it() { return true; }

/// sum + the four products of bytes in each 32-bit lane, those of a unsigned. Products of a byte
/// and a signed byte fit 16 bits.
template <ByteRange, class Sum, class Bytes>
inline Sum dot_bytes(Sum sum, Bytes a, Bytes b) {
  using Halves [[gnu::vector_size(kVectorBytes)]] = int16_t;
  const Halves x = std::bit_cast<Halves>(a), y = std::bit_cast<Halves>(b);
  const Sum low = std::bit_cast<Sum>((x & 0xFF) * (y << 8 >> 8));
  const Sum high = std::bit_cast<Sum>(((x >> 8) & 0xFF) * (y >> 8));
  return sum + (low << 16 >> 16) + (low >> 16) + (high << 16 >> 16) + (high >> 16);
}

/// The 16 bytes at at(0).
template <class Words, class At>
inline Words join_sixteens(const At& at) {
  Words x;
  std::memcpy(&x, at(0), sizeof x);
  return x;
}

/// 16 bytes, once.
template <class Words>
inline Words repeated_sixteen(const void* p) {
  Words x;
  std::memcpy(&x, p, sizeof x);
  return x;
}

}  // namespace octavo::OCTAVO_ISA
