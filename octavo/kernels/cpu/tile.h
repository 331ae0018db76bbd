// The tile of a matrix product, and the layout it reads.
//
// A tile is up to 6 rows × one panel of columns, its sums in registers while k runs from 0 to the
// end: each sum is a single chain of multiply-adds over ascending k, whichever tile it falls in, so
// a row's numbers never depend on the rows beside it. The right side is packed in panels of kPanel
// columns, [panel][k][column]; with bf16 arithmetic k comes in pairs, [panel][k/2][column][2], odd
// k padded with a zero. Numbers outside the matrix are zeros. The left side is read in place: a row
// of activations, or (transposed) a panel packed the same way.
#pragma once

#include <type_traits>

#include "octavo/kernels/cpu/vector.h"

namespace octavo::OCTAVO_ISA {

inline constexpr int kRows = 6;
inline constexpr int64_t kPanel = kLanes * kPanelVectors;
static_assert(kPackedColumns % kPanel == 0 && kKeyBlock % kPanel == 0);

constexpr int64_t panels_of(int64_t columns) { return (columns + kPanel - 1) / kPanel; }

// How one step along k multiplies. Right is what a vector of the right side is.
struct FloatSteps {
  using Element = float;
  using Right = Vec;
  static constexpr int kStep = 1;
  static Right right(const Element* p) { return load(p); }
  static Vec left(const Element* p) { return broadcast(*p); }
  static Vec tail(const Element* p) { return left(p); }
  static Vec multiply_add(Vec sum, Vec a, Vec b) { return sum + a * b; }
};

// bf16 numbers, float arithmetic: machines without bf16 products.
struct Bf16Steps {
  using Element = bf16;
  using Right = Vec;
  static constexpr int kStep = 1;
  static Right right(const Element* p) { return load(p); }
  static Vec left(const Element* p) { return broadcast(float(*p)); }
  static Vec tail(const Element* p) { return left(p); }
  static Vec multiply_add(Vec sum, Vec a, Vec b) { return sum + a * b; }
};

// bf16 numbers in pairs: machines with bf16 dot products.
struct Bf16PairSteps {
  using Element = bf16;
  using Right = VecU;
  static constexpr int kStep = 2;
  static Right right(const Element* p) {
    VecU x;
    std::memcpy(&x, p, sizeof x);
    return x;
  }
  static VecU left(const Element* p) {
    uint32_t pair;
    std::memcpy(&pair, p, sizeof pair);
    return pair - VecU{};
  }
  static VecU tail(const Element* p) { return uint32_t{p->bits} - VecU{}; }
  template <class Pairs>
  static Vec multiply_add(Vec sum, Pairs a, Pairs b) {
    return dot_pairs(sum, a, b);
  }
};

template <bool has_arithmetic>
struct ChooseBf16Steps {
  using Type = Bf16Steps;
};
template <>
struct ChooseBf16Steps<true> {
  using Type = Bf16PairSteps;
};

template <class T>
struct ChooseSteps {
  using Type = FloatSteps;
};
template <>
struct ChooseSteps<bf16> : ChooseBf16Steps<kBf16Arithmetic> {};
/// The steps for activations of type T.
template <class T>
using StepsOf = typename ChooseSteps<T>::Type;

template <class Steps>
inline int64_t steps_of(int64_t k) {
  return (k + Steps::kStep - 1) / Steps::kStep;
}
/// Elements of one packed panel.
template <class Steps>
inline int64_t panel_elements(int64_t k) {
  return steps_of<Steps>(k) * Steps::kStep * kPanel;
}

/// The left side: element (row r, step s) is at data + r · row_stride + s · step_stride.
template <class Steps>
struct Left {
  const typename Steps::Element* data;
  int64_t row_stride, step_stride;
};
/// Rows of a row-major matrix.
template <class Steps>
inline Left<Steps> plain_left(const typename Steps::Element* rows, int64_t stride) {
  return {rows, stride, Steps::kStep};
}
/// Columns of one packed panel, used as rows.
template <class Steps>
inline Left<Steps> packed_left(const typename Steps::Element* panel, int64_t column) {
  return {panel + column * Steps::kStep, Steps::kStep, kPanel * Steps::kStep};
}

/// One step along k of a tile: `word(r)` is row r's part. The sums are the caller's locals, so that
/// they stay in registers; so a row's word is loaded when it is due, since all six beside them do
/// not fit.
template <class Steps, int rows, class Word>
[[gnu::always_inline]] inline void multiply_step(const Word& word,
                                                 const typename Steps::Element* panel,
                                                 Vec (&sums)[rows][kPanelVectors]) {
  typename Steps::Right right[kPanelVectors];
#pragma GCC unroll 8
  for (int v = 0; v < kPanelVectors; ++v)
    right[v] = Steps::right(panel + v * kLanes * Steps::kStep);
#pragma GCC unroll 8
  for (int r = 0; r < rows; ++r) {
    const auto left = word(r);
#pragma GCC unroll 8
    for (int v = 0; v < kPanelVectors; ++v)
      sums[r][v] = Steps::multiply_add(sums[r][v], left, right[v]);
  }
}

/// What is fetched on the way, for those who come next: nothing, or two lines of memory a step.
struct NothingAhead {
  void operator()() {}
};
struct LinesAhead {
  const std::byte* line;
  int64_t step;  ///< 0: the same again
  void operator()() {
    __builtin_prefetch(line, 0, 2);
    __builtin_prefetch(line + 64, 0, 2);
    line += step;
  }
};

/// total[r] += row r of the left side · panel, over k.
template <class Steps, int rows, class Ahead = NothingAhead>
[[gnu::always_inline]] inline void multiply_tile(Left<Steps> left,
                                                 const typename Steps::Element* panel, int64_t k,
                                                 Vec (&total)[rows][kPanelVectors],
                                                 Ahead ahead = {}) {
  Vec sums[rows][kPanelVectors];
#pragma GCC unroll 8
  for (int r = 0; r < rows; ++r)
#pragma GCC unroll 8
    for (int v = 0; v < kPanelVectors; ++v) sums[r][v] = total[r][v];
  const auto* a = left.data;
  for (int64_t s = k / Steps::kStep; s > 0; --s) {
    multiply_step<Steps, rows>([&](int r) { return Steps::left(a + r * left.row_stride); }, panel,
                               sums);
    a += left.step_stride;
    panel += kPanel * Steps::kStep;
    ahead();
  }
  if (k % Steps::kStep != 0)
    multiply_step<Steps, rows>([&](int r) { return Steps::tail(a + r * left.row_stride); }, panel,
                               sums);
#pragma GCC unroll 8
  for (int r = 0; r < rows; ++r)
#pragma GCC unroll 8
    for (int v = 0; v < kPanelVectors; ++v) total[r][v] = sums[r][v];
}

/// Calls use(std::integral_constant<int, rows>) for rows in 1 … kRows.
template <class Use>
[[gnu::always_inline]] inline void with_rows(int64_t rows, const Use& use) {
  switch (rows) {
    case 1:
      return use(std::integral_constant<int, 1>{});
    case 2:
      return use(std::integral_constant<int, 2>{});
    case 3:
      return use(std::integral_constant<int, 3>{});
    case 4:
      return use(std::integral_constant<int, 4>{});
    case 5:
      return use(std::integral_constant<int, 5>{});
    default:
      return use(std::integral_constant<int, 6>{});
  }
}

// ---- Packing ------------------------------------------------------------------------------------

/// One step of a packed panel from a row of the source (and, for pairs, the row after it).
template <class Steps, class Source>
inline void pack_plain_step(const Source* row, const Source* next, int64_t n,
                            typename Steps::Element* out) {
  for (int64_t c = 0; c < kPanel; c += kLanes) {
    const int64_t count = n - c;
    const Vec x = count > 0 ? load(row + c, count) : Vec{};
    if constexpr (Steps::kStep == 1) {
      store(out + c, x);
    } else {
      const Vec y = next && count > 0 ? load(next + c, count) : Vec{};
      // What came from bf16 has nothing to round.
      constexpr bool kExact = std::is_same_v<Source, bf16>;
      const VecU low = kExact ? bits(x) : rounded_to_bf16(x);
      const VecU high = kExact ? bits(y) : rounded_to_bf16(y) & 0xFFFF0000u;
      const VecU pairs = (low >> 16) | high;
      std::memcpy(out + 2 * c, &pairs, sizeof pairs);
    }
  }
}

/// The next kLanes words along k of one column, from a source row of `count` numbers (≤ 0: zeros).
template <class Steps, class Source>
inline VecU pack_words(const Source* row, int64_t count) {
  if (count <= 0) return VecU{};
  if constexpr (Steps::kStep == 1) {
    return bits(load(row, count));
  } else {
    bf16 pairs[2 * kLanes];
    if (std::is_same_v<Source, bf16> && count >= 2 * kLanes) {
      std::memcpy(pairs, row, sizeof pairs);
      return std::bit_cast<VecU>(pairs);
    }
    store(pairs, load(row, count));
    store(pairs + kLanes, count > kLanes ? load(row + kLanes, count - kLanes) : Vec{});
    return std::bit_cast<VecU>(pairs);
  }
}

/// Packs a [k, n ≤ kPanel] matrix: source [k, n], or [n, k] when transposed.
template <class Steps, class Source>
inline void pack_panel(const Source* source, int64_t stride, MatrixOrder order, int64_t k,
                       int64_t n, typename Steps::Element* out) {
  constexpr int64_t kRowsAhead = 16;
  if (order == MatrixOrder::plain) {
    for (int64_t i = 0; i < k; i += Steps::kStep, out += kPanel * Steps::kStep) {
      const Source* row = source + i * stride;
      // Rows lie far apart: the processor does not fetch the next ones by itself.
      for (int step = 0; step < Steps::kStep; ++step)
        for (int64_t c = 0; c < kPanel; c += 64 / sizeof(Source))
          __builtin_prefetch(row + (kRowsAhead + step) * stride + c);
      pack_plain_step<Steps>(row, i + 1 < k ? row + stride : nullptr, n, out);
    }
    return;
  }
  // Columns of the panel are rows of the source: squares of kLanes columns × kLanes steps.
  const int64_t steps = steps_of<Steps>(k);
  for (int64_t first = 0; first < steps; first += kLanes) {
    const int64_t begin = first * Steps::kStep, count = std::min<int64_t>(kLanes, steps - first);
    for (int64_t column = 0; column < kPanel; column += kLanes) {
      VecU square[kLanes];
#pragma GCC unroll 16
      for (int64_t c = 0; c < kLanes; ++c)
        square[c] = pack_words<Steps>(source + (column + c) * stride + begin,
                                      column + c < n ? k - begin : 0);
      transpose(square);
      auto* to = out + (first * kPanel + column) * Steps::kStep;
      for (int64_t s = 0; s < count; ++s, to += kPanel * Steps::kStep) {
        if constexpr (Steps::kStep == 1)
          store(to, from_bits(square[s]));
        else
          std::memcpy(to, &square[s], sizeof square[s]);
      }
    }
  }
}

}  // namespace octavo::OCTAVO_ISA
