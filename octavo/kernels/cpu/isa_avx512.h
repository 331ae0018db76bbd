// AVX-512 (F, BW, DQ, VL): 32 registers of 64 bytes.
#pragma once

#include <immintrin.h>

namespace octavo::OCTAVO_ISA {

inline constexpr int kVectorBytes = 64;
inline constexpr int kPanelVectors = 4;  // 6 × 4 sums, 4 columns, 1 row: 29 of 32 registers
inline constexpr bool kBf16Arithmetic = false;
inline constexpr int64_t kRowsAsTheyLie = 2;  // of bytes, at most, past weights in their order
inline constexpr bool kScalesLanes = true;
inline constexpr const char* kDescription = "AVX-512 F, BW, DQ, VL (Intel Skylake-X, AMD Zen 4)";
inline bool processor_has_it() {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
}

/// x · 2ⁿ in each lane.
template <class Vec>
inline auto hardware_scale(Vec x, Vec n) {
  return _mm512_maskz_scalef_ps(0xFFFF, __m512(x), __m512(n));
}

/// sum + the four products of bytes in each 32-bit lane, those of a unsigned.
template <ByteRange range, class Sum, class Bytes>
inline Sum dot_bytes(Sum sum, Bytes a, Bytes b) {
  const __m512i x = __m512i(a), y = __m512i(b);
  if constexpr (range == ByteRange::six_bits)
    return sum + Sum(_mm512_madd_epi16(_mm512_maddubs_epi16(x, y), _mm512_set1_epi16(1)));
  const Sum even = Sum(_mm512_madd_epi16(_mm512_and_si512(x, _mm512_set1_epi16(0xFF)),
                                         _mm512_srai_epi16(_mm512_slli_epi16(y, 8), 8)));
  const Sum odd = Sum(_mm512_madd_epi16(_mm512_srli_epi16(x, 8), _mm512_srai_epi16(y, 8)));
  return sum + even + odd;
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
