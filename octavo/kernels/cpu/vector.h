// The small vector type that the CPU kernels are written on.
//
// A Vec is one register of float32 lanes, by the compiler's vector extension: plain + and * on any
// architecture, contracted to fused multiply-adds. Memory may be unaligned; a partial load fills
// with zeros and a partial store leaves the rest, so a loop's tail runs the same arithmetic as its
// body and a number does not depend on where in a row it stands.
// Tested by tests/kernels (every set against the reference).
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cstdint>
#include <cstring>
#include <utility>

#include "octavo/base/threads.h"
#include "octavo/device/data_type.h"
#include "octavo/kernels/kernels.h"

namespace octavo::OCTAVO_ISA {
/// How large unsigned bytes may be: two products of six bits fit 16 bits.
enum class ByteRange { six_bits, eight_bits };
}  // namespace octavo::OCTAVO_ISA

#include OCTAVO_ISA_HEADER

namespace octavo::OCTAVO_ISA {

inline constexpr int kLanes = kVectorBytes / 4;
using Vec [[gnu::vector_size(kVectorBytes)]] = float;
using VecU [[gnu::vector_size(kVectorBytes)]] = uint32_t;
using VecI [[gnu::vector_size(kVectorBytes)]] = int32_t;
using VecHalf [[gnu::vector_size(kVectorBytes / 2)]] = uint16_t;
using VecDouble [[gnu::vector_size(kVectorBytes * 2)]] = double;

inline Vec broadcast(float x) { return x - Vec{}; }
inline VecU bits(Vec x) { return std::bit_cast<VecU>(x); }
inline Vec from_bits(VecU x) { return std::bit_cast<Vec>(x); }
/// Lanes of a where the mask is −1, of b where it is 0.
inline Vec select(VecI mask, Vec a, Vec b) { return mask ? a : b; }

/// f32 bits rounded to nearest even so that the upper halves are the bf16 numbers (NaN stays NaN).
inline VecU rounded_to_bf16(Vec x) {
  const VecU u = bits(x);
  const VecU rounded = u + 0x7FFFu + ((u >> 16) & 1u);
  return x == x ? rounded : (u | 0x400000u);
}

inline Vec load(const float* p) {
  Vec x;
  std::memcpy(&x, p, sizeof x);
  return x;
}
inline Vec load(const bf16* p) {
  VecHalf half;
  std::memcpy(&half, p, sizeof half);
  return from_bits(__builtin_convertvector(half, VecU) << 16);
}
/// f16 as f32. Without an instruction for it, exponents are moved by multiplying, which makes
/// normal numbers of the denormal ones too.
template <class Halves>
inline Vec from_f16(Halves half) {
  if constexpr (kHardwareF16) {
    return Vec(hardware_f16(half));
  } else {
    const VecU word = __builtin_convertvector(half, VecU);
    const VecU magnitude = (word & 0x7FFFu) << 13, sign = (word & 0x8000u) << 16;
    const VecU number = bits(from_bits(magnitude) * 0x1p112f);
    const VecU far = magnitude | 0x7F800000u;  // infinite or NaN
    return from_bits((magnitude >= 0x0F800000u ? far : number) | sign);
  }
}
/// The same in the low half of each lane.
inline Vec from_low_f16(VecU words) { return from_f16(__builtin_convertvector(words, VecHalf)); }
/// Rounded to nearest even, as f16 does.
inline VecU to_f16_bits(Vec x) {
  const VecU u = bits(x), magnitude = u & 0x7FFFFFFFu, rebased = magnitude - (112u << 23);
  const VecU normal = (rebased + 0xFFFu + ((rebased >> 13) & 1u)) >> 13;
  const VecU denormal = bits(from_bits(magnitude) + 0.5f) - 0x3F000000u;  // of ulp 2⁻²⁴
  const VecU far = magnitude > 0x7F800000u ? VecU{} + 0x7E00u : VecU{} + 0x7C00u;
  const VecU half = magnitude < 0x38800000u ? denormal : normal;
  return (magnitude >= 0x477FF000u ? far : half) | ((u >> 16) & 0x8000u);
}
inline Vec load(const f16* p) {
  VecHalf half;
  std::memcpy(&half, p, sizeof half);
  return from_f16(half);
}
inline void store(float* p, Vec x) { std::memcpy(p, &x, sizeof x); }
inline void store(f16* p, Vec x) {
  const VecHalf half = __builtin_convertvector(to_f16_bits(x), VecHalf);
  std::memcpy(p, &half, sizeof half);
}
/// Rounded to bf16. A machine with bf16 arithmetic takes denormal numbers for 0 here as there.
template <class V>
inline VecHalf bf16_halves(V x) {
  if constexpr (kBf16Arithmetic)
    return std::bit_cast<VecHalf>(hardware_bf16(x));
  else
    return __builtin_convertvector(rounded_to_bf16(x) >> 16, VecHalf);
}
inline void store(bf16* p, Vec x) {
  const VecHalf half = bf16_halves(x);
  std::memcpy(p, &half, sizeof half);
}

template <class T>
inline Vec load(const T* p, int64_t count) {
  if (count >= kLanes) [[likely]]
    return load(p);
  T lanes[kLanes] = {};
  for (int64_t i = 0; i < count; ++i) lanes[i] = p[i];
  return load(lanes);
}
template <class T>
inline void store(T* p, Vec x, int64_t count) {
  if (count >= kLanes) [[likely]]
    return store(p, x);
  T lanes[kLanes];
  store(lanes, x);
  for (int64_t i = 0; i < count; ++i) p[i] = lanes[i];
}

/// Numbers 0, 1, 2, … in the lanes.
inline VecI lane_numbers() {
  VecI x;
  for (int i = 0; i < kLanes; ++i) x[i] = i;
  return x;
}

/// Exchanges the lanes of a that have bit `distance` in their number with those of b that lack it.
template <int distance, size_t... lane>
[[gnu::always_inline]] inline void exchange_lanes(VecU& a, VecU& b, std::index_sequence<lane...>) {
  const VecU low =
      __builtin_shufflevector(a, b, (lane & distance ? kLanes + lane - distance : lane)...);
  b = __builtin_shufflevector(a, b, (lane & distance ? kLanes + lane : lane + distance)...);
  a = low;
}
/// Transposes a square of kLanes × kLanes words: bit by bit of the lane's and the row's number.
template <int distance = 1>
[[gnu::always_inline]] inline void transpose(VecU (&rows)[kLanes]) {
#pragma GCC unroll 16
  for (int i = 0; i < kLanes; ++i)
    if (!(i & distance))
      exchange_lanes<distance>(rows[i], rows[i + distance], std::make_index_sequence<kLanes>());
  if constexpr (2 * distance < kLanes) transpose<2 * distance>(rows);
}

template <int distance, size_t... lane>
[[gnu::always_inline]] inline Vec rotated(Vec x, std::index_sequence<lane...>) {
  return __builtin_shufflevector(x, x, ((lane + distance) % kLanes)...);
}
/// Folds the lanes, upper half onto lower half, until one is left: a fixed tree.
template <int distance = kLanes / 2, class Fold>
[[gnu::always_inline]] inline float fold_lanes(Vec x, const Fold& fold) {
  x = fold(x, rotated<distance>(x, std::make_index_sequence<kLanes>()));
  if constexpr (distance == 1)
    return x[0];
  else
    return fold_lanes<distance / 2>(x, fold);
}
inline float sum_lanes(Vec x) {
  return fold_lanes(x, [](Vec a, Vec b) { return a + b; });
}
inline float max_lanes(Vec x) {
  return fold_lanes(x, [](Vec a, Vec b) -> Vec { return a > b ? a : b; });
}
inline Vec maximum(Vec a, Vec b) { return a > b ? a : b; }
inline Vec minimum(Vec a, Vec b) { return a < b ? a : b; }
inline Vec square_root(Vec x) {
  for (int i = 0; i < kLanes; ++i) x[i] = __builtin_sqrtf(x[i]);
  return x;
}

/// y · 2ⁿ for a whole n; anything where that overflows or is denormal.
template <class V>
inline V times_power_of_two(V y, V n) {
  if constexpr (kScalesLanes) {
    return V(hardware_scale(y, n));
  } else {
    const VecI whole = __builtin_convertvector(maximum(n, broadcast(-126.0f)), VecI);
    const VecI half = whole >> 1;  // 2¹²⁸ is no float, so in two steps
    const auto power = [](VecI e) { return from_bits(std::bit_cast<VecU>(e + 127) << 23); };
    return y * power(half) * power(whole - half);
  }
}

/// eˣ within 2 ulp; 0 below −87.3, infinite above 88.7 (Cephes' polynomial, Moshier 1989).
inline Vec exponential(Vec argument) {
  const Vec x = 89.0f < argument ? broadcast(89.0f) : argument;  // NaN stays
  const Vec magic = broadcast(12582912.0f);  // 1.5 · 2²³: adding it rounds to an integer
  const Vec n = (x * 1.44269504f + magic) - magic;
  const Vec r = (x - n * 0.693359375f) - n * -2.12194440e-4f;
  Vec p = r * 1.9875691500e-4f + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  const Vec y = p * (r * r) + r + 1.0f;
  return select(x < -87.33f, Vec{}, times_power_of_two(y, n));
}

inline Vec hyperbolic_tangent(Vec x) {
  // Odd, from e^(−2|x|) so that nothing overflows; a short series near 0 keeps the small ones.
  const Vec magnitude = from_bits(bits(x) & 0x7FFFFFFFu);
  const Vec e = exponential(-2.0f * magnitude);
  const Vec large = (1.0f - e) / (1.0f + e);
  const Vec s = x * x;
  const Vec small =
      magnitude * (1.0f + s * (-0.333333333f + s * (0.133333333f + s * -0.053968254f)));
  const Vec y = select(magnitude < 0.1f, small, large);
  return from_bits(bits(y) | (bits(x) & 0x80000000u));
}

/// The error function within 2 ulp: one polynomial near 0, the exponential of one beyond.
inline Vec error_function(Vec x) {
  const Vec t = from_bits(bits(x) & 0x7FFFFFFFu);
  const Vec s = x * x;
  Vec far = t * -1.72853470e-5f + 3.83197126e-4f;
  const Vec u = t * -3.88396438e-3f + 2.42546219e-2f;
  far = far * s + u;
  far = far * t - 1.06777877e-1f;
  far = far * t - 6.34846687e-1f;
  far = far * t - 1.28717512e-1f;
  far = far * t - t;
  far = 1.0f - exponential(far);
  far = from_bits(bits(far) | (bits(x) & 0x80000000u));
  Vec near = s * -5.96761703e-4f + 4.99119423e-3f;
  near = near * s - 2.67681349e-2f;
  near = near * s + 1.12819925e-1f;
  near = near * s - 3.76125336e-1f;
  near = near * s + 1.28379166e-1f;
  near = near * x + x;
  return select(t > 0.927734375f, far, near);
}

// GELU (Hendrycks & Gimpel 2016): x Φ(x), Φ by tanh or exactly; and its derivative. By tanh:
// ½ (1 + tanh y) = 1 / (1 + e^(−2y)): one exponential, and nothing cancels where x is far below 0.
inline Vec gelu_tanh(Vec x) {
  const Vec y = x * (1.595769122f + 0.071354816f * (x * x));
  return x / (1.0f + exponential(-y));
}
inline Vec gelu_tanh_derivative(Vec x) {
  const Vec s = x * x;
  const Vec part = 1.0f / (1.0f + exponential(-(x * (1.595769122f + 0.071354816f * s))));
  return part + x * (part * (1.0f - part)) * (1.595769122f + 0.214064448f * s);
}
inline Vec gelu_exact(Vec x) { return 0.5f * x * (1.0f + error_function(x * 0.707106781f)); }
inline Vec gelu_exact_derivative(Vec x) {
  return 0.5f * (1.0f + error_function(x * 0.707106781f)) +
         x * (0.398942280f * exponential(-0.5f * (x * x)));
}

/// Calls use(T{}) with the C++ type of the numbers: float or bf16.
template <class Use>
inline void with_type(DataType type, const Use& use) {
  assert(type == DataType::f32 || type == DataType::bf16);
  if (type == DataType::bf16)
    use(bf16{});
  else
    use(float{});
}

/// The same for numbers that are stored or read: f16 too.
template <class Use>
inline void with_stored_type(DataType type, const Use& use) {
  if (type == DataType::f16)
    use(f16{});
  else
    with_type(type, use);
}

/// Calls use(row, first, end) over pieces of a [rows, columns] matrix, spread over the threads.
template <class Use>
inline void for_pieces(int64_t rows, int64_t columns, const Use& use) {
  constexpr int64_t kPiece = 1 << 14;
  if (rows == 0 || columns == 0) return;
  const int64_t pieces = (columns + kPiece - 1) / kPiece;        // of a row
  const int64_t group = std::max<int64_t>(1, kPiece / columns);  // rows of a task
  parallel_for((rows + group - 1) / group * pieces, [&](int64_t task) {
    const int64_t first = task % pieces * kPiece, end = std::min(columns, first + kPiece);
    const int64_t row = task / pieces * group;
    for (int64_t r = row; r < std::min(rows, row + group); ++r) use(r, first, end);
  });
}

/// Calls use(row) for the rows of such a matrix, spread over the threads.
template <class Use>
inline void for_rows(int64_t rows, int64_t columns, const Use& use) {
  constexpr int64_t kTask = 1 << 14;
  const int64_t group = std::max<int64_t>(1, kTask / std::max<int64_t>(columns, 1));
  parallel_for((rows + group - 1) / group, [&](int64_t task) {
    for (int64_t r = task * group; r < std::min(rows, (task + 1) * group); ++r) use(r);
  });
}

}  // namespace octavo::OCTAVO_ISA
