// AVX2 with FMA and F16C: 16 registers of 32 bytes.
#pragma once

#include <cpuid.h>
#include <immintrin.h>

namespace octavo::OCTAVO_ISA {

inline constexpr int kVectorBytes = 32;
inline constexpr int kPanelVectors = 2;  // 6 × 2 sums, 2 columns, 1 row: 15 of 16 registers
inline constexpr bool kBf16Arithmetic = false;
inline constexpr int64_t kRowsAsTheyLie = 2;  // of bytes, at most, past weights in their order
inline constexpr bool kScalesLanes = false;
inline constexpr bool kHardwareF16 = true;
inline constexpr const char* kDescription = "AVX2, FMA and F16C (Intel Haswell, AMD Zen and later)";
inline bool processor_has_it() {
  unsigned a, b, c = 0, d;  // clang 14 has no name for F16C
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
         __get_cpuid(1, &a, &b, &c, &d) && (c & bit_F16C) != 0;
}

template <class Halves>
inline auto hardware_f16(Halves x) {
  return _mm256_cvtph_ps(__m128i(x));
}

/// sum + the four products of bytes in each 32-bit lane, those of a unsigned.
template <ByteRange range, class Sum, class Bytes>
inline Sum dot_bytes(Sum sum, Bytes a, Bytes b) {
  const __m256i x = __m256i(a), y = __m256i(b);
  if constexpr (range == ByteRange::six_bits)
    return sum + Sum(_mm256_madd_epi16(_mm256_maddubs_epi16(x, y), _mm256_set1_epi16(1)));
  const Sum even = Sum(_mm256_madd_epi16(_mm256_and_si256(x, _mm256_set1_epi16(0xFF)),
                                         _mm256_srai_epi16(_mm256_slli_epi16(y, 8), 8)));
  const Sum odd = Sum(_mm256_madd_epi16(_mm256_srli_epi16(x, 8), _mm256_srai_epi16(y, 8)));
  return sum + even + odd;
}

/// The 16 bytes at at(0) and at(1) side by side.
template <class Words, class At>
inline Words join_sixteens(const At& at) {
  return Words(_mm256_loadu2_m128i(reinterpret_cast<const __m128i*>(at(1)),
                                   reinterpret_cast<const __m128i*>(at(0))));
}

/// 16 bytes, twice.
template <class Words>
inline Words repeated_sixteen(const void* p) {
  return Words(_mm256_broadcastsi128_si256(_mm_loadu_si128(static_cast<const __m128i*>(p))));
}

}  // namespace octavo::OCTAVO_ISA
