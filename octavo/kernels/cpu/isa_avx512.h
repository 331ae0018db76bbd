// AVX-512 (F, BW, DQ, VL): 32 registers of 64 bytes.
#pragma once

#include "octavo/kernels/cpu/avx512.h"

namespace octavo::OCTAVO_ISA {

inline constexpr bool kBf16Arithmetic = false;
inline constexpr const char* kDescription = "AVX-512 F, BW, DQ, VL (Intel Skylake-X, AMD Zen 4)";
inline bool processor_has_it() {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
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

}  // namespace octavo::OCTAVO_ISA
