// AVX-512 with dot products of bf16 (VDPBF16PS) and of bytes (VPDPBUSD): two and four multiply-adds
// a lane. What has the former has the latter.
#pragma once

#include <immintrin.h>

namespace octavo::OCTAVO_ISA {

inline constexpr int kVectorBytes = 64;
inline constexpr int kPanelVectors = 4;
inline constexpr bool kBf16Arithmetic = true;
inline constexpr int64_t kRowsAsTheyLie = 2;  // of bytes, at most, past weights in their order
inline constexpr bool kScalesLanes = true;
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

/// x · 2ⁿ in each lane.
template <class Vec>
inline auto hardware_scale(Vec x, Vec n) {
  return _mm512_maskz_scalef_ps(0xFFFF, __m512(x), __m512(n));
}

/// sum + the four products of bytes in each 32-bit lane, those of a unsigned.
template <ByteRange, class Sum, class Bytes>
inline Sum dot_bytes(Sum sum, Bytes a, Bytes b) {
  return Sum(_mm512_dpbusd_epi32(__m512i(sum), __m512i(a), __m512i(b)));
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
