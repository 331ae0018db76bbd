// What both sets of AVX-512 have: 32 registers of 64 bytes. For isa_avx512.h and isa_avx512_bf16.h.
#pragma once

#include <immintrin.h>

#include <cstdint>

namespace octavo::OCTAVO_ISA {

inline constexpr int kVectorBytes = 64;
inline constexpr int kPanelVectors = 4;       // 6 × 4 sums, 4 columns, 1 row: 29 of 32 registers
inline constexpr int64_t kRowsAsTheyLie = 2;  // of bytes, at most, past weights in their order
inline constexpr bool kScalesLanes = true;
inline constexpr bool kHardwareF16 = true;

/// x · 2ⁿ in each lane.
template <class Vec>
inline auto hardware_scale(Vec x, Vec n) {
  return _mm512_maskz_scalef_ps(0xFFFF, __m512(x), __m512(n));
}

template <class Halves>
inline auto hardware_f16(Halves x) {
  return _mm512_maskz_cvtph_ps(0xFFFF, __m256i(x));
}

/// The 16 bytes at at(0), at(1), at(2) and at(3) side by side.
template <class Words, class At>
inline Words join_sixteens(const At& at) {
  const auto sixteen = [&](int i) {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(at(i)));
  };
  const __m256i low = _mm256_inserti128_si256(_mm256_castsi128_si256(sixteen(0)), sixteen(1), 1);
  const __m256i high = _mm256_inserti128_si256(_mm256_castsi128_si256(sixteen(2)), sixteen(3), 1);
  return Words(_mm512_maskz_inserti64x4(0xFF, _mm512_castsi256_si512(low), high, 1));
}

/// 16 bytes, four times.
template <class Words>
inline Words repeated_sixteen(const void* p) {
  return Words(
      _mm512_maskz_broadcast_i32x4(0xFFFF, _mm_loadu_si128(static_cast<const __m128i*>(p))));
}

}  // namespace octavo::OCTAVO_ISA
