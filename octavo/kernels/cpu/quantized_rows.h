// One row of bytes, or a few, past quantized weights in the order in which they lie.
//
// Where a text is written token by token, nearly all work would be to turn rows of blocks into
// columns of a panel (quantized_panel.h). Here a row of weights meets the activations as it is, and
// only the sums are turned: a vector holds 16 bytes of each of some parts of 32 of one row; the
// activations lie in the same order, arranged once; and the four sums of a part of each of kLanes
// rows are added up and transposed together. Sums of integers are exact in any order, and what
// follows is the tile's own arithmetic (`add_part`), so the bits are the tile's. For
// quantized_product.cpp.
#pragma once

#include "octavo/kernels/cpu/quantized_panel.h"

namespace octavo::OCTAVO_ISA {

inline constexpr int64_t kTogether = kVectorBytes / 16;  // parts of 32 in a vector
inline constexpr int64_t kArranged = 32 * kTogether;

/// Adds a part's products to the sums of kLanes columns.
inline Vec add_part(Vec total, VecI products, float scale, Vec scales) {
  return total + __builtin_convertvector(products, Vec) * scale * scales;
}

/// The bytes of a row, whole parts of 32, as they meet the weights: of each kTogether parts the
/// first halves, then the second ones. What is missing in the end is 0.
inline void arrange(const int8_t* bytes, int64_t count, int8_t* out) {
  for (int64_t first = 0; first < count; first += kArranged, out += kArranged)
    for (int64_t part = 0; part < kTogether; ++part) {
      const bool there = first + 32 * part < count;
      for (int64_t half = 0; half < 2; ++half) {
        int8_t* to = out + 16 * (half * kTogether + part);
        if (there)
          std::memcpy(to, bytes + first + 32 * part + 16 * half, 16);
        else
          std::memset(to, 0, 16);
      }
    }
}

// ---- Parts of a row of blocks -------------------------------------------------------------------

/// The first 16 and the last 16 bytes of kTogether parts.
struct Halves {
  VecU first, second;
};

/// 16 bytes from at(0), at(1), …
template <class At>
inline VecU joined(const At& at) {
  return join_sixteens<VecU>(at);
}
/// of(part) in the words of each of kTogether parts.
template <class Of, size_t... word>
inline VecU by_part(const Of& of, std::index_sequence<word...>) {
  return VecU{static_cast<uint32_t>(of(word / 4))...};
}
template <class Of>
inline VecU by_part(const Of& of) {
  return by_part(of, std::make_index_sequence<kLanes>());
}
inline constexpr uint32_t kNibbles = 0x0F0F0F0F, kOnes = 0x01010101;

inline Halves halves_of_nibbles(VecU x) { return {x & kNibbles, x >> 4 & kNibbles}; }

/// Bits 0–15 and 16–31 of the number at at(part), as 16 in the bytes of the part's halves.
template <class At, size_t... byte>
inline Halves fifth_bits_of(const At& at, std::index_sequence<byte...>) {
  using Bytes [[gnu::vector_size(kVectorBytes)]] = uint8_t;
  constexpr Bytes kBit = {(1 << byte % 8)...};
  const auto bytes = std::bit_cast<Bytes>(joined(at));
  const Bytes low = __builtin_shufflevector(bytes, bytes, (byte / 16 * 16 + byte % 16 / 8)...);
  const Bytes high = __builtin_shufflevector(bytes, bytes, (byte / 16 * 16 + 2 + byte % 16 / 8)...);
  return {std::bit_cast<VecU>(((low & kBit) == kBit) & 16),
          std::bit_cast<VecU>(((high & kBit) == kBit) & 16)};
}
template <class At>
inline Halves fifth_bits_of(const At& at) {
  return fifth_bits_of(at, std::make_index_sequence<kVectorBytes>());
}

/// Parts `part` … of a row; past `last` come copies of it.
inline Halves halves_of(const BlockQ8_0* blocks, int64_t part, int64_t last) {
  const auto quants = [=](int64_t j) { return blocks[std::min(part + j, last)].quants; };
  constexpr uint32_t kSigns = 0x80808080;
  return {joined(quants) ^ kSigns, joined([&](int64_t j) { return quants(j) + 16; }) ^ kSigns};
}
template <class Block>
inline Halves halves_of_fours(const Block* blocks, int64_t part, int64_t last) {
  return halves_of_nibbles(
      joined([=](int64_t j) { return blocks[std::min(part + j, last)].quants; }));
}
template <class Block>
inline Halves halves_of_fives(const Block* blocks, int64_t part, int64_t last) {
  const Halves low = halves_of_fours(blocks, part, last);
  const Halves fifth =
      fifth_bits_of([=](int64_t j) { return blocks[std::min(part + j, last)].fifth_bits; });
  return {low.first | fifth.first, low.second | fifth.second};
}
inline Halves halves_of(const BlockQ4_0* blocks, int64_t part, int64_t last) {
  return halves_of_fours(blocks, part, last);
}
inline Halves halves_of(const BlockQ4_1* blocks, int64_t part, int64_t last) {
  return halves_of_fours(blocks, part, last);
}
inline Halves halves_of(const BlockQ5_0* blocks, int64_t part, int64_t last) {
  return halves_of_fives(blocks, part, last);
}
inline Halves halves_of(const BlockQ5_1* blocks, int64_t part, int64_t last) {
  return halves_of_fives(blocks, part, last);
}

/// The nibbles of kVectorBytes bytes, of which sixteen number Order::first(j) are the first half of
/// part j and Order::second(j) the second; the high nibbles are numbered behind all low ones.
template <class Order, size_t... pair>
inline Halves halves_in(const uint8_t* quants, std::index_sequence<pair...>) {
  using Pairs [[gnu::vector_size(kVectorBytes)]] = uint64_t;
  constexpr uint64_t kMask = 0x0F0F0F0F0F0F0F0F;
  Pairs x;
  std::memcpy(&x, quants, sizeof x);
  const Pairs low = x & kMask, high = x >> 4 & kMask;
  return {std::bit_cast<VecU>(
              __builtin_shufflevector(low, high, (2 * Order::first(pair / 2) + pair % 2)...)),
          std::bit_cast<VecU>(
              __builtin_shufflevector(low, high, (2 * Order::second(pair / 2) + pair % 2)...))};
}
/// Two parts of a q4_k or q5_k block are the nibbles of 32 bytes, but for the fifth bits.
struct OrderOfLines {
  static constexpr size_t first(size_t j) { return j / 2 * 2 + (j % 2) * kTogether; }
  static constexpr size_t second(size_t j) { return first(j) + 1; }
};
/// Four parts of a q6_k block are the low nibbles of 64 bytes, then the high ones.
struct OrderOfQ6K {
  static constexpr size_t first(size_t j) { return 2 * j; }
  static constexpr size_t second(size_t j) { return 2 * j + 1; }
};
inline Halves halves_of_lines(const uint8_t* quants) {
  return halves_in<OrderOfLines>(quants, std::make_index_sequence<kVectorBytes / 8>());
}
inline Halves halves_of(const BlockQ4K* block, int64_t part, int64_t) {
  return halves_of_lines(block->quants + 16 * part);
}
inline Halves halves_of(const BlockQ5K* block, int64_t part, int64_t) {
  const Halves low = halves_of_lines(block->quants + 16 * part);
  const VecU shift = by_part([=](int64_t j) { return part + j; });
  const auto fifth = [&](int64_t at) {
    return (repeated_sixteen<VecU>(block->fifth_bits + at) >> shift & kOnes) << 4;
  };
  return {low.first | fifth(0), low.second | fifth(16)};
}
/// Parts of a q6_k block but for the two high bits.
inline Halves low_bits_of(const BlockQ6K* block, int64_t part) {
  const uint8_t* low_bits = block->low_bits + part / 4 * 64;
  if constexpr (kTogether == 4) {
    return halves_in<OrderOfQ6K>(low_bits, std::make_index_sequence<kVectorBytes / 8>());
  } else {
    const VecU shift = by_part([=](int64_t j) { return (part + j) % 4 / 2 * 4; });
    const auto sixteens = [&](int64_t at) {
      const auto half = [=](int64_t j) { return low_bits + (part + j) % 2 * 32 + at; };
      return joined(half) >> shift & kNibbles;
    };
    return {sixteens(0), sixteens(16)};
  }
}
inline Halves halves_of(const BlockQ6K* block, int64_t part, int64_t) {
  const Halves low = low_bits_of(block, part);
  const VecU shift = by_part([=](int64_t j) { return (part + j) % 4 * 2; });
  const auto high = [&](int64_t at) {
    const uint8_t* high_bits = block->high_bits + part / 4 * 32 + at;
    return (repeated_sixteen<VecU>(high_bits) >> shift & 3 * kOnes) << 4;
  };
  return {low.first | high(0), low.second | high(16)};
}

// ---- Products -----------------------------------------------------------------------------------

/// Of each four lanes, sums of two: unit 1 makes a0 + a2, b0 + b2, a1 + a3, b1 + b3 of a and b,
/// unit 2 then adds what belongs together: a0 + a2, a1 + a3, b0 + b2, b1 + b3.
template <size_t unit, size_t... lane>
inline VecU sums_of_twos(VecU a, VecU b, std::index_sequence<lane...>) {
  constexpr auto from = [](size_t to, size_t half) {
    const size_t row = to / unit % 2, in_row = unit == 1 ? to % 4 / 2 : to % 2;
    return row * kLanes + to / 4 * 4 + 2 * half + in_row;
  };
  return __builtin_shufflevector(a, b, from(lane, 0)...) +
         __builtin_shufflevector(a, b, from(lane, 1)...);
}
/// Lane 4j + i of the result: the sum of lanes 4j … 4j + 3 of rows[i].
inline VecU sums_of_fours(VecU (&rows)[4]) {
  constexpr auto kAll = std::make_index_sequence<kLanes>();
  return sums_of_twos<2>(sums_of_twos<1>(rows[0], rows[1], kAll),
                         sums_of_twos<1>(rows[2], rows[3], kAll), kAll);
}
/// From vector t, lane 4j + i, to vector j, lane 4t + i.
template <int distance = 4>
inline void transpose_fours(VecU (&x)[kTogether]) {
  if constexpr (distance < kLanes) {
    for (int t = 0; t < kTogether; ++t)
      if (!(t & distance / 4))
        exchange_lanes<distance>(x[t], x[t + distance / 4], std::make_index_sequence<kLanes>());
    transpose_fours<2 * distance>(x);
  }
}

/// Rows of activations as bytes, arranged, and what belongs to them (PreparedRows).
struct ArrangedRow {
  const int8_t* bytes;
  const float* scales;    ///< of each part of 32
  const int32_t* starts;  ///< of each of the weights' parts
  const float* sums;
};

/// totals[r] += row r · kLanes rows of weights, over a stretch of `parts` parts of 32.
template <class Block, int m, class Count>
inline void multiply_rows(const StretchRows<Block>& rows, Count count, const ArrangedRow (&left)[m],
                          Vec (&totals)[m]) {
  using Form = FormOf<Block>;
  constexpr int kHalves = 32 / Form::kPart;  // parts of a part of 32
  const FactorsOf<Block> factors(rows, count);
  const int64_t parts = count * (kBlock<Block> / 32);
#pragma GCC unroll 8
  for (int64_t part = 0; part < parts; part += kTogether) {
    VecU sums[m][kHalves][kTogether];
#pragma GCC unroll 4
    for (int t = 0; t < kTogether; ++t) {
      VecU products[m][kHalves][4];
#pragma GCC unroll 4
      for (int i = 0; i < 4; ++i) {
        constexpr int64_t kPartBytes = int64_t{sizeof(Block)} * 32 / kBlock<Block>;
        rows.fetch(4 * t + i, part * kPartBytes, (part + kTogether) * kPartBytes);
        const Halves weights = halves_of(rows.blocks[4 * t + i], part, parts - 1);
#pragma GCC unroll 4
        for (int r = 0; r < m; ++r) {
          VecU x[2];
          std::memcpy(x, left[r].bytes + 32 * part, sizeof x);
          const VecI first = dot_bytes<Form::kRange>(VecI{}, weights.first, x[0]);
          const VecI second =
              dot_bytes<Form::kRange>(kHalves == 1 ? first : VecI{}, weights.second, x[1]);
          if constexpr (kHalves == 2) products[r][0][i] = std::bit_cast<VecU>(first);
          products[r][kHalves - 1][i] = std::bit_cast<VecU>(second);
        }
      }
#pragma GCC unroll 4
      for (int r = 0; r < m; ++r)
#pragma GCC unroll 2
        for (int half = 0; half < kHalves; ++half)
          sums[r][half][t] = sums_of_fours(products[r][half]);
    }
#pragma GCC unroll 4
    for (int r = 0; r < m; ++r) {
#pragma GCC unroll 2
      for (int half = 0; half < kHalves; ++half) transpose_fours(sums[r][half]);
#pragma GCC unroll 4
      for (int j = 0; j < kTogether; ++j) {
        if (part + j >= parts) break;
#pragma GCC unroll 2
        for (int half = 0; half < kHalves; ++half) {
          const int64_t at = kHalves * (part + j) + half;
          const VecI products = std::bit_cast<VecI>(sums[r][half][j]) + left[r].starts[at];
          totals[r] = add_part(totals[r], products, left[r].scales[part + j], factors.scale(at));
          if constexpr (Form::kOwnMinimum) totals[r] += left[r].sums[at] * factors.minimum(at);
        }
      }
    }
  }
}

}  // namespace octavo::OCTAVO_ISA
