// AVX-512 (F, BW, DQ, VL): 32 registers of 64 bytes.
#pragma once

#include <immintrin.h>

namespace octavo::OCTAVO_ISA {

inline constexpr int kVectorBytes = 64;
inline constexpr int kPanelVectors = 4;  // 6 × 4 sums, 4 columns, 1 row: 29 of 32 registers
inline constexpr bool kBf16Arithmetic = false;
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

}  // namespace octavo::OCTAVO_ISA
