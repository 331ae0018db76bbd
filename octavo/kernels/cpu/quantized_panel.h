// A panel of quantized weights, unpacked a stretch at a time.
//
// Rows of a quantized matrix are the columns of a product's panel (tile.h). A stretch of 256
// numbers of each becomes unsigned bytes, four of a column beside each other, and for each part of
// a row that shares them a scale and a minimum, so that a weight is scale · byte + minimum. All
// types have that form and it is exact: where device/quantized_blocks.h says scale · (q − bias),
// the minimum is −bias · scale. From it come the integers that products of bytes read, and in the
// layout of tile.h the numbers that products of f32 read, or the integers for those of bf16.
// Nothing of it is kept: unpacking costs about as much as one row of a product, and a file is used
// as it lies. For quantized_product.cpp.
#pragma once

#include "octavo/device/quantized_blocks.h"
#include "octavo/kernels/cpu/tile.h"

namespace octavo::OCTAVO_ISA {

inline constexpr int64_t kStretch = 256;  // the longest block
inline constexpr int64_t kMostParts = 16;

struct QuantizedPanel {
  alignas(64) uint8_t bytes[kStretch / 4][kPanel][4];
  alignas(
      64) float factors[2 * kMostParts][kPanel];  ///< the scales of all parts, then the minimums

  const float* scales(int64_t part) const { return factors[part]; }
  const float* minimums(int64_t part, int64_t part_size) const {
    return factors[kStretch / part_size + part];
  }
};

/// What a type's weights are: parts of `part` numbers share a scale, and a minimum, or have one of
/// −bias · scale.
enum class MinimumKind { bias, own };
template <int part, MinimumKind kind, int bias_or_none = 0,
          ByteRange byte_range = ByteRange::six_bits>
struct Form {
  static constexpr int kPart = part, kBias = bias_or_none;
  static constexpr bool kOwnMinimum = kind == MinimumKind::own;
  static constexpr ByteRange kRange = byte_range;
};

template <class Block>
struct FormOfBlock;
template <>
struct FormOfBlock<BlockQ8_0> {
  using Type = Form<32, MinimumKind::bias, 128, ByteRange::eight_bits>;
};
template <>
struct FormOfBlock<BlockQ4_0> {
  using Type = Form<32, MinimumKind::bias, 8>;
};
template <>
struct FormOfBlock<BlockQ5_0> {
  using Type = Form<32, MinimumKind::bias, 16>;
};
template <>
struct FormOfBlock<BlockQ3K> {
  using Type = Form<16, MinimumKind::bias, 4>;
};
template <>
struct FormOfBlock<BlockQ6K> {
  using Type = Form<16, MinimumKind::bias, 32>;
};
template <>
struct FormOfBlock<BlockQ2K> {
  using Type = Form<16, MinimumKind::own>;
};
template <class Block>
struct FormOfBlock {
  using Type = Form<32, MinimumKind::own>;
};
template <class Block>
using FormOf = typename FormOfBlock<Block>::Type;

template <class Block>
inline constexpr bool kHasBlocksOf32 = sizeof(Block) < 64;
template <class Block>
inline constexpr int64_t kBlock = kHasBlocksOf32<Block> ? 32 : 256;

/// Calls use(Block{}) with the type's block.
template <class Use>
inline void with_block(DataType type, const Use& use) {
  switch (type) {
    case DataType::q8_0:
      return use(BlockQ8_0{});
    case DataType::q4_0:
      return use(BlockQ4_0{});
    case DataType::q4_1:
      return use(BlockQ4_1{});
    case DataType::q5_0:
      return use(BlockQ5_0{});
    case DataType::q5_1:
      return use(BlockQ5_1{});
    case DataType::q2_k:
      return use(BlockQ2K{});
    case DataType::q3_k:
      return use(BlockQ3K{});
    case DataType::q4_k:
      return use(BlockQ4K{});
    case DataType::q5_k:
      return use(BlockQ5K{});
    default:
      assert(type == DataType::q6_k);
      return use(BlockQ6K{});
  }
}

// ---- The integers of a block, in the order of the row -------------------------------------------

using Bytes16 [[gnu::vector_size(16)]] = uint8_t;
using Bytes32 [[gnu::vector_size(32)]] = uint8_t;

template <class Bytes>
inline Bytes load_bytes(const void* p) {
  Bytes x;
  std::memcpy(&x, p, sizeof x);
  return x;
}
template <class Bytes>
inline void store_bytes(uint8_t* p, Bytes x) {
  std::memcpy(p, &x, sizeof x);
}

/// Byte j's low nibble at j, its high nibble at j + 16.
inline Bytes32 nibbles(const uint8_t* quants) {
  const Bytes16 x = load_bytes<Bytes16>(quants), low = x & 15, high = x >> 4;
  return __builtin_shufflevector(low, high, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
                                 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31);
}
/// Bit i of 32 as 16 in byte i.
inline Bytes32 fifth_bits(const uint8_t* bits) {
  using Words [[gnu::vector_size(32)]] = uint32_t;
  uint32_t word;
  std::memcpy(&word, bits, sizeof word);
  const Bytes32 all = std::bit_cast<Bytes32>(word - Words{});
  const Bytes32 spread =
      __builtin_shufflevector(all, all, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 18, 18, 18,
                              18, 18, 18, 18, 18, 19, 19, 19, 19, 19, 19, 19, 19);
  constexpr Bytes32 kBit = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128,
                            1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
  return std::bit_cast<Bytes32>((spread & kBit) == kBit) & 16;
}

inline void expand(const BlockQ8_0& block, uint8_t* q) {
  store_bytes(q, load_bytes<Bytes32>(block.quants) ^ 128);
}
inline void expand(const BlockQ4_0& block, uint8_t* q) { store_bytes(q, nibbles(block.quants)); }
inline void expand(const BlockQ4_1& block, uint8_t* q) { store_bytes(q, nibbles(block.quants)); }
inline void expand(const BlockQ5_0& block, uint8_t* q) {
  store_bytes(q, nibbles(block.quants) | fifth_bits(block.fifth_bits));
}
inline void expand(const BlockQ5_1& block, uint8_t* q) {
  store_bytes(q, nibbles(block.quants) | fifth_bits(block.fifth_bits));
}

inline void expand(const BlockQ4K& block, uint8_t* q) {
  for (int i = 0; i < 4; ++i) {
    const Bytes32 x = load_bytes<Bytes32>(block.quants + 32 * i);
    store_bytes(q + 64 * i, x & 15);
    store_bytes(q + 64 * i + 32, x >> 4);
  }
}
inline void expand(const BlockQ5K& block, uint8_t* q) {
  const Bytes32 fifth = load_bytes<Bytes32>(block.fifth_bits);
  for (int i = 0; i < 4; ++i) {
    const Bytes32 x = load_bytes<Bytes32>(block.quants + 32 * i), bits = fifth >> (2 * i);
    store_bytes(q + 64 * i, (x & 15) | (bits & 1) << 4);
    store_bytes(q + 64 * i + 32, x >> 4 | (bits & 2) << 3);
  }
}
inline void expand(const BlockQ6K& block, uint8_t* q) {
  for (int half = 0; half < 2; ++half) {
    const Bytes32 high = load_bytes<Bytes32>(block.high_bits + 32 * half);
    for (int i = 0; i < 2; ++i) {
      const Bytes32 low = load_bytes<Bytes32>(block.low_bits + 64 * half + 32 * i);
      uint8_t* at = q + 128 * half + 32 * i;
      store_bytes(at, (low & 15) | (high >> (2 * i) & 3) << 4);
      store_bytes(at + 64, low >> 4 | (high >> (2 * i + 4) & 3) << 4);
    }
  }
}
inline void expand(const BlockQ2K& block, uint8_t* q) {
  for (int i = 0; i < 8; ++i)
    store_bytes(q + 32 * i, load_bytes<Bytes32>(block.quants + 32 * (i / 4)) >> (2 * (i % 4)) & 3);
}
inline void expand(const BlockQ3K& block, uint8_t* q) {
  const Bytes32 third = load_bytes<Bytes32>(block.third_bits);
  for (int i = 0; i < 8; ++i) {
    const Bytes32 two = load_bytes<Bytes32>(block.quants + 32 * (i / 4)) >> (2 * (i % 4)) & 3;
    store_bytes(q + 32 * i, two | (third >> i & 1) << 2);
  }
}

// ---- A stretch of a panel -----------------------------------------------------------------------

/// A stretch of kLanes rows: where the blocks of each begin.
template <class Block>
struct StretchRows {
  const Block* blocks[kLanes];
  int64_t ahead;

  /// Rows `row_bytes` apart, of which there are `rows` (the others are copies of the last). What
  /// lies `ahead` bytes behind is to be fetched.
  StretchRows(const std::byte* first, int64_t row_bytes, int64_t rows, int64_t ahead)
      : ahead(ahead) {
    for (int64_t lane = 0; lane < kLanes; ++lane)
      blocks[lane] = reinterpret_cast<const Block*>(first + std::min(lane, rows - 1) * row_bytes);
    asm("" : "+m"(blocks));  // the compiler would keep them in vectors, to take them out one by one
  }
  /// Fetches what lies ahead of some bytes of a row. A few lines at a time, between other work:
  /// the processor waits when too many are under way.
  void fetch(int64_t lane, int64_t begin, int64_t end) const {
    const auto* at = reinterpret_cast<const std::byte*>(blocks[lane]) + ahead;
    for (int64_t line = begin; line < end; line += 64) __builtin_prefetch(at + line, 0, 2);
  }
};

/// The blocks that a full stretch has, known to the compiler.
template <class Block>
using FullStretch = std::integral_constant<int64_t, kStretch / kBlock<Block>>;

/// Calls use(b) for b in 0 … count − 1, unrolled if the compiler knows the count.
template <class Count, class Use>
[[gnu::always_inline]] inline void for_blocks(Count count, const Use& use) {
  if constexpr (std::is_same_v<Count, int64_t>) {
    for (int64_t b = 0; b < count; ++b) use(b);
  } else {
    [&]<size_t... b>(std::index_sequence<b...>) { (use(static_cast<int64_t>(b)), ...); }
    (std::make_index_sequence<count>());
  }
}

/// Word w of 16 bytes of each of kLanes rows, at(row), to the row's lane of words[w].
template <class At>
inline void transpose_sixteens(const At& at, VecU (&words)[4]) {
  constexpr auto kAll = std::make_index_sequence<kLanes>();
#pragma GCC unroll 4
  for (int64_t i = 0; i < 4; ++i)
    words[i] = join_sixteens<VecU>([&](int64_t part) { return at(4 * part + i); });
  exchange_lanes<1>(words[0], words[1], kAll);
  exchange_lanes<1>(words[2], words[3], kAll);
  exchange_lanes<2>(words[0], words[2], kAll);
  exchange_lanes<2>(words[1], words[3], kAll);
}

/// Byte i of each word, signed or not, as numbers.
inline Vec unsigned_byte_of(VecU words, int i) {
  return __builtin_convertvector(std::bit_cast<VecI>(words >> (8 * i) & 255u), Vec);
}
inline Vec signed_byte_of(VecU words, int i) {
  return __builtin_convertvector(std::bit_cast<VecI>(words << (24 - 8 * i)) >> 24, Vec);
}

/// Of a stretch of kLanes rows: the scale of a part, and its minimum if it has its own. They are
/// made where they are used, from little memory.
template <class Block>
class FactorsOf {
  using Form = FormOf<Block>;
  alignas(64) f16 halves_[Form::kOwnMinimum ? 2 : 1][kStretch / 32][kLanes];

 public:
  template <class Count>
  FactorsOf(const StretchRows<Block>& rows, Count count) {
    for (int64_t lane = 0; lane < kLanes; ++lane) {
      const Block* row = rows.blocks[lane];
      for_blocks(count, [&](int64_t b) {
        halves_[0][b][lane] = row[b].scale;
        if constexpr (Form::kOwnMinimum) halves_[1][b][lane] = row[b].minimum;
      });
    }
  }
  Vec scale(int64_t part) const { return load(halves_[0][part]); }
  Vec minimum(int64_t part) const { return load(halves_[1][part]); }
};

/// Of q4_k and q5_k, whose scale, minimum and parts are their first 16 bytes.
template <class Block>
requires(FormOf<Block>::kOwnMinimum&& FormOf<Block>::kPart == 32 &&
         !kHasBlocksOf32<Block>) class FactorsOf<Block> {
  VecU scales_[2], minimums_[2];
  Vec scale_, minimum_;

 public:
  template <class Count>
  FactorsOf(const StretchRows<Block>& rows, Count) {
    VecU words[4];
    transpose_sixteens([&](int64_t row) { return rows.blocks[row]; }, words);
    constexpr uint32_t kSix = 0x3F3F3F3F, kFour = 0x0F0F0F0F, kTwo = 0x30303030;
    scales_[0] = words[1] & kSix, scales_[1] = (words[3] & kFour) | (words[1] >> 2 & kTwo);
    minimums_[0] = words[2] & kSix, minimums_[1] = (words[3] >> 4 & kFour) | (words[2] >> 2 & kTwo);
    scale_ = from_low_f16(words[0]), minimum_ = -from_low_f16(words[0] >> 16);
  }
  Vec scale(int64_t part) const { return unsigned_byte_of(scales_[part / 4], part % 4) * scale_; }
  Vec minimum(int64_t part) const {
    return unsigned_byte_of(minimums_[part / 4], part % 4) * minimum_;
  }
};

/// The parts' bytes and, two behind them, the scale: two sixteens of a block hold all.
template <>
class FactorsOf<BlockQ6K> {
  VecU parts_[4];
  Vec scale_;

 public:
  template <class Count>
  FactorsOf(const StretchRows<BlockQ6K>& rows, Count) {
    VecU last[4];
    transpose_sixteens([&](int64_t row) { return rows.blocks[row]->parts; }, parts_);
    transpose_sixteens([&](int64_t row) { return rows.blocks[row]->parts + 2; }, last);
    scale_ = from_low_f16(last[3] >> 16);
  }
  Vec scale(int64_t part) const { return signed_byte_of(parts_[part / 4], part % 4) * scale_; }
};

// Types that are read for the sake of old files: a number at a time.
template <>
class FactorsOf<BlockQ2K> {
  Vec scales_[16], minimums_[16];

 public:
  template <class Count>
  FactorsOf(const StretchRows<BlockQ2K>& rows, Count) {
    for (int64_t lane = 0; lane < kLanes; ++lane) {
      const BlockQ2K& block = *rows.blocks[lane];
      for (int64_t part = 0; part < 16; ++part) {
        scales_[part][lane] = block.scale * static_cast<float>(block.parts[part] & 15);
        minimums_[part][lane] = -(block.minimum * static_cast<float>(block.parts[part] >> 4));
      }
    }
  }
  Vec scale(int64_t part) const { return scales_[part]; }
  Vec minimum(int64_t part) const { return minimums_[part]; }
};
template <>
class FactorsOf<BlockQ3K> {
  Vec scales_[16];

 public:
  template <class Count>
  FactorsOf(const StretchRows<BlockQ3K>& rows, Count) {
    for (int64_t lane = 0; lane < kLanes; ++lane) {
      const BlockQ3K& block = *rows.blocks[lane];
      for (int64_t part = 0; part < 16; ++part) {
        const int low = block.parts[part % 8] >> (part < 8 ? 0 : 4) & 15;
        const int high = block.parts[8 + part % 4] >> (2 * (part / 4)) & 3;
        scales_[part][lane] = block.scale * static_cast<float>((low | high << 4) - 32);
      }
    }
  }
  Vec scale(int64_t part) const { return scales_[part]; }
};

/// out[i][0 … kLanes) ← word i of each of kLanes rows of `words` words, a multiple of kLanes. `out`
/// has rows of kPanel words.
inline void transpose_rows(const void* rows, int64_t words, void* out) {
  const auto* from = static_cast<const std::byte*>(rows);
  auto* to = static_cast<std::byte*>(out);
  for (int64_t first = 0; first < words; first += kLanes) {
    VecU square[kLanes];
#pragma GCC unroll 16
    for (int64_t lane = 0; lane < kLanes; ++lane)
      std::memcpy(&square[lane], from + 4 * (lane * words + first), sizeof square[lane]);
    transpose(square);
#pragma GCC unroll 16
    for (int64_t i = 0; i < kLanes; ++i)
      std::memcpy(to + 4 * (first + i) * kPanel, &square[i], sizeof square[i]);
  }
}

/// kLanes columns of a panel, from `column` on.
template <class Block, class Count>
inline void unpack_columns(const StretchRows<Block>& rows, Count count, int64_t column,
                           QuantizedPanel& panel) {
  using Form = FormOf<Block>;
  constexpr int64_t kParts = kStretch / Form::kPart;
  alignas(64) uint8_t bytes[kLanes][kStretch];
  for (int64_t lane = 0; lane < kLanes; ++lane) {
    rows.fetch(lane, 0, count * int64_t{sizeof(Block)});
    for_blocks(count,
               [&](int64_t b) { expand(rows.blocks[lane][b], bytes[lane] + b * kBlock<Block>); });
  }
  transpose_rows(bytes, kStretch / 4, panel.bytes[0][column]);
  const FactorsOf<Block> factors(rows, count);
  const auto store_part = [&](int64_t part) {
    const Vec scale = factors.scale(part);
    store(&panel.factors[part][column], scale);
    if constexpr (Form::kOwnMinimum)
      store(&panel.factors[kParts + part][column], factors.minimum(part));
    else
      store(&panel.factors[kParts + part][column], scale * float{-Form::kBias});
  };
  if constexpr (kHasBlocksOf32<Block>)
    for_blocks(count, store_part);
  else
    for_blocks(std::integral_constant<int64_t, kParts>{}, store_part);
}

/// `count` numbers of each of `columns` rows that begin at `first`, `row_bytes` apart.
template <class Block>
void unpack_stretch(const std::byte* first, int64_t row_bytes, int64_t columns, int64_t count,
                    QuantizedPanel& panel) {
  const int64_t held = count / kBlock<Block>;
  for (int64_t column = 0; column < kPanel; column += kLanes) {
    const int64_t skipped = std::min(column, columns - 1);
    const StretchRows<Block> rows(first + skipped * row_bytes, row_bytes, columns - skipped,
                                  kPanel * row_bytes);
    if (count == kStretch)
      unpack_columns(rows, FullStretch<Block>{}, column, panel);
    else
      unpack_columns(rows, held, column, panel);
  }
}

/// A stretch of weights in the layout of tile.h: `count` steps along k. As f32 they are numbers; as
/// bf16, which would round them, the integers byte − bias, exact, to be scaled part by part.
template <class Form, class Steps>
void unpack_into(const QuantizedPanel& panel, int64_t count, typename Steps::Element* out) {
  constexpr bool kNumbers = std::is_same_v<typename Steps::Element, float>;
  for (int64_t k = 0; k < count; k += 4)
    for (int64_t column = 0; column < kPanel; column += kLanes) {
      VecU four;
      std::memcpy(&four, panel.bytes[k / 4][column], sizeof four);
      Vec x[4];
#pragma GCC unroll 4
      for (int i = 0; i < 4; ++i) x[i] = unsigned_byte_of(four, i);
      if constexpr (kNumbers) {
        const Vec scale = load(panel.scales(k / Form::kPart) + column);
        const Vec minimum = load(panel.minimums(k / Form::kPart, Form::kPart) + column);
#pragma GCC unroll 4
        for (int i = 0; i < 4; ++i) x[i] = x[i] * scale + minimum;
      } else if constexpr (Form::kBias != 0) {
#pragma GCC unroll 4
        for (int i = 0; i < 4; ++i) x[i] -= float{Form::kBias};
      }
#pragma GCC unroll 4
      for (int i = 0; i < 4; i += Steps::kStep) {
        auto* to = out + (k + i) * kPanel + column * Steps::kStep;
        if constexpr (Steps::kStep == 1) {
          store(to, x[i]);
        } else {
          const VecU pairs = bits(x[i]) >> 16 | bits(x[i + 1]);
          std::memcpy(to, &pairs, sizeof pairs);
        }
      }
    }
}

}  // namespace octavo::OCTAVO_ISA
