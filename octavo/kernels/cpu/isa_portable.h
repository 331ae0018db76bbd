// Vectors of 16 bytes, which every compiler target has or imitates (SSE2, NEON).
#pragma once

namespace octavo::OCTAVO_ISA {

inline constexpr int kVectorBytes = 16;
inline constexpr int kPanelVectors = 2;  // a product's tile is 6 rows × this many vectors
inline constexpr bool kBf16Arithmetic = false;
inline constexpr bool kScalesLanes = false;
inline constexpr const char* kDescription = "plain vectors of 16 bytes, any processor";
inline bool processor_has_it() { return true; }

}  // namespace octavo::OCTAVO_ISA
