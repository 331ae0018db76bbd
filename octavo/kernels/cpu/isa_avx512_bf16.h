// AVX-512 with bf16 dot products (VDPBF16PS): two multiply-adds a lane.
#pragma once

#include <immintrin.h>

namespace octavo::OCTAVO_ISA {

inline constexpr int kVectorBytes = 64;
inline constexpr int kPanelVectors = 4;
inline constexpr bool kBf16Arithmetic = true;
inline constexpr bool kScalesLanes = true;
inline constexpr const char* kDescription = "AVX-512 with BF16 (Intel Cooper Lake, AMD Zen 4)";
inline bool processor_has_it() {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
         __builtin_cpu_supports("avx512bf16");
}

/// sum + the products of both halves of each 32-bit lane.
template <class Vec, class Pairs>
inline Vec dot_pairs(Vec sum, Pairs a, Pairs b) {
  return Vec(_mm512_dpbf16_ps(__m512(sum), __m512bh(a), __m512bh(b)));
}

template <class Vec>
inline auto hardware_bf16(Vec x) {
  return _mm512_cvtneps_pbh(__m512(x));
}

/// x · 2ⁿ in each lane.
template <class Vec>
inline auto hardware_scale(Vec x, Vec n) {
  return _mm512_maskz_scalef_ps(0xFFFF, __m512(x), __m512(n));
}

}  // namespace octavo::OCTAVO_ISA
