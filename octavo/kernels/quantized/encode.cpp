#include <array>
#include <cassert>
#include <cstring>
#include <initializer_list>
#include <limits>
#include <span>
#include <tuple>
#include <utility>

#include "octavo/device/quantized_blocks.h"
#include "octavo/kernels/quantized/codec.h"
#include "octavo/kernels/quantized/parts.h"
#include "octavo/kernels/quantized/search.h"

namespace octavo {
namespace {

// How much an error counts. Larger weights matter more to a model than the plain mean of squares
// has it: `steady` is between the two, `steep` nearer to the square.
enum class Weights { steady, steep };

template <int N>
Part<N> part_of_numbers(const float* numbers, Weights kind) {
  Part<N> part;
  std::memcpy(part.x, numbers, sizeof part.x);
  Lanes squares{};
  for (const Lanes& x : part.x) squares += x * x;
  const float mean = sum(squares) / N, spread = std::sqrt(mean);
  for (int i = 0; i < Part<N>::kVectors; ++i) {
    const Lanes x = part.x[i];
    part.weight[i] = kind == Weights::steep ? mean + x * x : spread + (x < 0 ? -x : x);
  }
  return part;
}

// The f16 nearest to a scale; of the few denormal ones, which lie far apart, the one beyond it, so
// that the largest numbers stay in reach.
f16 f16_scale(float scale) {
  f16 nearest(scale);
  const bool denormal = (nearest.bits & 0x7C00) == 0;
  if (denormal && std::abs(float{nearest}) < std::abs(scale)) ++nearest.bits;
  return nearest;
}

template <int N, class Integer>
void store_rounded(const Part<N>& part, Levels levels, Fit fit, Integer* out) {
  const Rounded q = rounded(part, levels, fit);
  for (int i = 0; i < N; ++i) out[i] = static_cast<Integer>(q[i / kLanes][i % kLanes]);
}

// ---- Blocks of 32 -------------------------------------------------------------------------------

using Integers = std::array<int, 32>;

void set_nibbles(const Integers& q, uint8_t bytes[16]) {
  for (size_t j = 0; j < 16; ++j)
    bytes[j] = static_cast<uint8_t>((q[j] & 15) | (q[j + 16] & 15) << 4);
}
void set_fifth_bits(const Integers& q, uint8_t bytes[4]) {
  for (size_t i = 0; i < 32; ++i) bytes[i / 8] |= static_cast<uint8_t>(q[i] >> 4 << (i % 8));
}

template <class Integer>
f16 encode_scaled(const float* x, Levels levels, std::initializer_list<Grid> grids, Integer* q) {
  const auto part = part_of_numbers<32>(x, Weights::steady);
  const f16 scale = f16_scale(fit_scale(part, levels, grids).scale);
  store_rounded(part, levels, {scale, 0}, q);
  return scale;
}

void encode(const float* x, BlockQ8_0& block) {
  block.scale = encode_scaled(x, {-127, 127}, {{111, 1, 17}}, block.quants);
}

void encode(const float* x, BlockQ4_0& block) {
  Integers q;
  block.scale = encode_scaled(x, {-8, 7}, {{-8.6f, 0.3f, 7}, {6.4f, 0.3f, 5}}, q.data());
  for (int& integer : q) integer += 8;
  set_nibbles(q, block.quants);
}

void encode(const float* x, BlockQ5_0& block) {
  Integers q;
  block.scale = encode_scaled(x, {-16, 15}, {{-17, 0.5f, 9}, {12.5f, 0.5f, 7}}, q.data());
  for (int& integer : q) integer += 16;
  set_nibbles(q, block.quants);
  set_fifth_bits(q, block.fifth_bits);
}

template <class Block>
Integers encode_line(const float* x, Levels levels, Grid grid, Block& block) {
  const auto part = part_of_numbers<32>(x, Weights::steady);
  const Fit fit = fit_line(part, levels, Minimum::any, grid);
  block.scale = f16_scale(fit.scale);
  block.minimum = f16(std::clamp(fit.minimum, -65504.0f, 65504.0f));
  Integers q;
  store_rounded(part, levels, {block.scale, block.minimum}, q.data());
  return q;
}

void encode(const float* x, BlockQ4_1& block) {
  set_nibbles(encode_line(x, {0, 15}, {14, 0.3f, 8}, block), block.quants);
}

void encode(const float* x, BlockQ5_1& block) {
  const Integers q = encode_line(x, {0, 31}, {29, 0.5f, 8}, block);
  set_nibbles(q, block.quants);
  set_fifth_bits(q, block.fifth_bits);
}

// ---- Blocks of 256, whose parts have integers for scales ----------------------------------------

// What the integers of a type may be. The part of the largest scale gets `end` at first.
struct PartLevels {
  Levels q;
  int scale_low, scale_high, scale_end;
  int minimum_high;
};

template <int N>
struct Parts {
  static constexpr int kCount = 256 / N;
  f16 scale, minimum;
  std::array<int, kCount> scales{}, minimums{};

  /// x = scale · scales[p] · q − minimum · minimums[p]
  Fit fit(size_t part) const {
    return {float{scale} * static_cast<float>(scales[part]),
            -(float{minimum} * static_cast<float>(minimums[part]))};
  }
};

int nearest_within(float x, int low, int high) {
  return std::clamp(static_cast<int>(std::nearbyint(x)), low, high);
}

/// Tries the integers next to a part's own and keeps the best. Returns its error.
template <int N>
float choose_integers(const Part<N>& part, const PartLevels& levels, Parts<N>& parts, size_t p) {
  int &scale = parts.scales[p], &minimum = parts.minimums[p];
  const int scale_low = std::max(levels.scale_low, scale - 1);
  const int scale_high = std::min(levels.scale_high, scale + 1);
  const int minimum_low = std::max(0, minimum - 1);
  const int minimum_high = std::min(levels.minimum_high, minimum + 1);
  std::pair best{scale, minimum};
  float least = error_of(part, levels.q, parts.fit(p));
  for (scale = scale_low; scale <= scale_high; ++scale)
    for (minimum = minimum_low; minimum <= minimum_high; ++minimum)
      if (const float error = error_of(part, levels.q, parts.fit(p)); error < least) {
        least = error;
        best = {scale, minimum};
      }
  std::tie(scale, minimum) = best;
  return least;
}

/// The sums from which least squares gives a block's own scale and minimum, once all integers are
/// chosen: x ≈ scale · u + minimum · v.
struct Sums {
  float uu = 0, uv = 0, vv = 0, ux = 0, vx = 0;

  template <int N>
  void add(const Part<N>& part, const Rounded<N>& q, int scale, int minimum) {
    const float s = static_cast<float>(scale), v = -static_cast<float>(minimum);
    Lanes suu{}, su{}, sw{}, sux{}, sx{};
    for (int i = 0; i < Part<N>::kVectors; ++i) {
      const Lanes u = q[i] * s, w = part.weight[i], wu = w * u;
      suu += wu * u, su += wu, sw += w, sux += wu * part.x[i], sx += w * part.x[i];
    }
    uu += sum(suu), uv += v * sum(su), vv += v * v * sum(sw), ux += sum(sux), vx += v * sum(sx);
  }

  template <int N>
  void solve(Parts<N>& parts) const {
    if (const float determinant = uu * vv - uv * uv; determinant > 0) {
      parts.scale = f16_scale((vv * ux - uv * vx) / determinant);
      parts.minimum = f16((uu * vx - uv * ux) / determinant);
    } else if (uu > 0) {
      parts.scale = f16_scale(ux / uu);
    }
  }
};

/// The integers nearest to the best fit of each part by itself.
template <int N>
Parts<N> nearest_parts(std::span<const Fit> fits, const PartLevels& levels) {
  float scale = 0, minimum = 0;
  for (const Fit& fit : fits) {
    if (std::abs(fit.scale) > std::abs(scale)) scale = fit.scale;
    minimum = std::max(minimum, -fit.minimum);
  }
  Parts<N> parts;
  parts.scale = f16_scale(scale / static_cast<float>(levels.scale_end));
  parts.minimum = f16(0.0f);
  if (levels.minimum_high > 0)
    parts.minimum = f16_scale(minimum / static_cast<float>(levels.minimum_high));
  for (size_t p = 0; p < fits.size(); ++p) {
    parts.scales[p] =
        nearest_within(fits[p].scale * inverse(parts.scale), levels.scale_low, levels.scale_high);
    parts.minimums[p] =
        nearest_within(-fits[p].minimum * inverse(parts.minimum), 0, levels.minimum_high);
  }
  return parts;
}

/// Each part's integers are improved, then the block's scale and minimum for them, and the
/// integers once more.
template <int N, class FitPart>
Parts<N> encode_parts(const float* x, const PartLevels& levels, Weights weights, int* q,
                      const FitPart& fit_part) {
  constexpr int kCount = Parts<N>::kCount, kRounds = 2;
  std::array<Fit, kCount> fits;
  std::array<Part<N>, kCount> numbers;
  for (size_t p = 0; p < kCount; ++p) {
    numbers[p] = part_of_numbers<N>(x + N * p, weights);
    fits[p] = fit_part(numbers[p]);
  }
  Parts<N> parts = nearest_parts<N>(fits, levels), best = parts;
  float least = std::numeric_limits<float>::infinity();
  for (int round = 0; round < kRounds; ++round) {
    float error = 0;
    Sums sums;
    for (size_t p = 0; p < kCount; ++p) {
      error += choose_integers(numbers[p], levels, parts, p);
      sums.add(numbers[p], rounded(numbers[p], levels.q, parts.fit(p)), parts.scales[p],
               parts.minimums[p]);
    }
    if (error >= least) break;
    least = error;
    best = parts;
    sums.solve(parts);
  }
  for (size_t p = 0; p < kCount; ++p) store_rounded(numbers[p], levels.q, best.fit(p), q + N * p);
  return best;
}

constexpr PartLevels kQ4K{{0, 15}, 0, 63, 63, 63};
constexpr PartLevels kQ5K{{0, 31}, 0, 63, 63, 63};
constexpr PartLevels kQ6K{{-32, 31}, -128, 127, -128, 0};

/// Lines of parts of 32, of a q4_k or q5_k block, whose fifth bits are left to the caller.
template <class Block>
void encode_lines(const float* x, const PartLevels& levels, Grid grid, int* q, Block& block) {
  const Parts parts = encode_parts<32>(x, levels, Weights::steady, q, [&](const Part<32>& part) {
    return fit_line(part, levels.q, Minimum::not_positive, grid);
  });
  block.scale = parts.scale;
  block.minimum = parts.minimum;
  for (int p = 0; p < 8; ++p)
    set_part(block.parts, p,
             {parts.scales[static_cast<size_t>(p)], parts.minimums[static_cast<size_t>(p)]});
  for (int i = 0; i < 256; ++i)
    block.quants[32 * (i / 64) + i % 32] |= static_cast<uint8_t>((q[i] & 15) << (4 * (i / 32 % 2)));
}

void encode(const float* x, BlockQ4K& block) {
  int q[256];
  encode_lines(x, kQ4K, {14, 0.3f, 8}, q, block);
}

void encode(const float* x, BlockQ5K& block) {
  int q[256];
  encode_lines(x, kQ5K, {30, 0.3f, 6}, q, block);
  for (int i = 0; i < 256; ++i)
    block.fifth_bits[i % 32] |= static_cast<uint8_t>(q[i] >> 4 << (i / 32));
}

void encode(const float* x, BlockQ6K& block) {
  int q[256];
  const Parts parts = encode_parts<16>(x, kQ6K, Weights::steep, q, [](const Part<16>& part) {
    return fit_scale(part, kQ6K.q, std::array{Grid{-33, 0.5f, 8}, Grid{28.5, 0.5f, 8}});
  });
  block.scale = parts.scale;
  for (size_t p = 0; p < 16; ++p) block.parts[p] = static_cast<int8_t>(parts.scales[p]);
  for (int i = 0; i < 256; ++i) {
    const int half = i / 128, place = i % 128, u = q[i] + 32;
    block.low_bits[64 * half + place % 64] |=
        static_cast<uint8_t>((u & 15) << (place < 64 ? 0 : 4));
    block.high_bits[32 * half + place % 32] |= static_cast<uint8_t>((u >> 4) << (2 * (place / 32)));
  }
}

template <class Block>
void encode_blocks(const float* x, int64_t columns, void* blocks) {
  const int64_t numbers = block_of(Block::kType).numbers;
  auto* block = static_cast<Block*>(blocks);
  for (int64_t first = 0; first < columns; first += numbers) {
    *block = Block{};
    encode(x + first, *block++);
  }
}

}  // namespace

bool can_encode(DataType type) {
  return is_quantized(type) && type != DataType::q2_k && type != DataType::q3_k;
}

void encode_row(DataType type, const float* x, int64_t columns, void* blocks) {
  assert(can_encode(type) && holds_rows_of(type, columns));
  switch (type) {
    case DataType::q8_0:
      return encode_blocks<BlockQ8_0>(x, columns, blocks);
    case DataType::q4_0:
      return encode_blocks<BlockQ4_0>(x, columns, blocks);
    case DataType::q4_1:
      return encode_blocks<BlockQ4_1>(x, columns, blocks);
    case DataType::q5_0:
      return encode_blocks<BlockQ5_0>(x, columns, blocks);
    case DataType::q5_1:
      return encode_blocks<BlockQ5_1>(x, columns, blocks);
    case DataType::q4_k:
      return encode_blocks<BlockQ4K>(x, columns, blocks);
    case DataType::q5_k:
      return encode_blocks<BlockQ5K>(x, columns, blocks);
    case DataType::q6_k:
      return encode_blocks<BlockQ6K>(x, columns, blocks);
    default:
      return;
  }
}

}  // namespace octavo
