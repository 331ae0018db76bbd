// AVX-512 with dot products of bf16 (VDPBF16PS) and of bytes (VPDPBUSD): two and four multiply-adds
// a lane. What has the former has the latter.
#pragma once

#include "octavo/kernels/cpu/avx512.h"

namespace octavo::OCTAVO_ISA {

inline constexpr bool kBf16Arithmetic = true;
inline constexpr const char* kDescription = "AVX-512 with BF16 (Intel Cooper Lake, AMD Zen 4)";
inline bool processor_has_it() {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
         __builtin_cpu_supports("avx512bf16") && __builtin_cpu_supports("avx512vnni");
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

/// sum + the four products of bytes in each 32-bit lane, those of a unsigned.
template <ByteRange, class Sum, class Bytes>
inline Sum dot_bytes(Sum sum, Bytes a, Bytes b) {
  return Sum(_mm512_dpbusd_epi32(__m512i(sum), __m512i(a), __m512i(b)));
}

}  // namespace octavo::OCTAVO_ISA
