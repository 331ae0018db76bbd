// AVX2 with FMA: 16 registers of 32 bytes.
#pragma once

namespace octavo::OCTAVO_ISA {

inline constexpr int kVectorBytes = 32;
inline constexpr int kPanelVectors = 2;  // 6 × 2 sums, 2 columns, 1 row: 15 of 16 registers
inline constexpr bool kBf16Arithmetic = false;
inline constexpr bool kScalesLanes = false;
inline constexpr const char* kDescription = "AVX2 and FMA (Intel Haswell, AMD Zen and later)";
inline bool processor_has_it() {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}

}  // namespace octavo::OCTAVO_ISA
