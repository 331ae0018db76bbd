// Attention's gradient in tiles.
//
// A task is one key head of one sequence, with the heads that share it. For each it walks blocks of
// queries and, for each, blocks of keys, recomputing probabilities from log Σ exp in the transposed
// form [keys, queries], in which the products for dV and dK read them as they lie; dQ reads them
// packed. All sums run in the order of the blocks. Tested by tests/kernels and
// tests/ops/attention_test.cpp.
#include <cassert>
#include <cmath>

#include "octavo/kernels/cpu/attention_blocks.h"
#include "octavo/kernels/cpu/cpu_kernels.h"
#include "octavo/kernels/cpu/keep.h"
#include "octavo/kernels/dropout_mask.h"

namespace octavo::OCTAVO_ISA {
namespace {

/// Bytes of one block of memory that starts on a cache line.
size_t aligned(int64_t bytes) { return static_cast<size_t>((bytes + 63) / 64 * 64); }

/// One thread's memory for a whole head of a sequence of T positions.
template <class T>
struct Scratch {
  T* keys;         // packed [block][key, head size]
  float *dk, *dv;  // [T padded to blocks][head size padded]
  static size_t bytes(int64_t positions, int64_t size) {
    const int64_t padded = (positions + kBlock - 1) / kBlock * kBlock;
    const int64_t width = panels_of(size) * kPanel;
    return aligned(padded * width * static_cast<int64_t>(sizeof(T))) +
           2 * aligned(padded * width * 4);
  }
  Scratch(std::byte* memory, int64_t positions, int64_t size) {
    const int64_t padded = (positions + kBlock - 1) / kBlock * kBlock;
    const int64_t width = panels_of(size) * kPanel;
    keys = reinterpret_cast<T*>(memory);
    memory += aligned(padded * width * static_cast<int64_t>(sizeof(T)));
    dk = reinterpret_cast<float*>(memory);
    dv = dk + aligned(padded * width * 4) / 4;
  }
};

/// A block of queries, packed for the four products it takes part in.
template <class Steps>
struct QueryBlock {
  using T = typename Steps::Element;
  alignas(64) T q_columns[kMaximumHeadSize * kBlock];      // [head size, query]
  alignas(64) T dout_columns[kMaximumHeadSize * kBlock];   // [head size, query]
  alignas(64) T q_rows[kBlock * kMaximumPanels * kPanel];  // [query, head size]
  alignas(64) T dout_rows[kBlock * kMaximumPanels * kPanel];
  alignas(64) float dq[kBlock * kMaximumPanels * kPanel];
  alignas(64) float log_sum[kBlock];  // +∞ beyond the last query: its probabilities are 0
  alignas(64) float delta[kBlock];    // Σ dout · out of each query
  alignas(64) int32_t begin[kBlock], end[kBlock];
  int64_t last_begin, first_end;  // of those: keys between them are seen by all
  int64_t first, count;
};

/// sums of a tile start from, and go back to, rows of f32 memory.
template <class Steps, int rows>
inline void accumulate_tile(Left<Steps> left, const typename Steps::Element* panel, int64_t k,
                            float* memory, int64_t stride) {
  Vec sums[rows][kPanelVectors];
  for (int r = 0; r < rows; ++r)
    for (int v = 0; v < kPanelVectors; ++v) sums[r][v] = load(memory + r * stride + v * kLanes);
  multiply_tile<Steps, rows>(left, panel, k, sums);
  for (int r = 0; r < rows; ++r)
    for (int v = 0; v < kPanelVectors; ++v) store(memory + r * stride + v * kLanes, sums[r][v]);
}

template <class Steps>
void load_queries(const Attention& a, const AttentionSequence& s, const AttentionGradient& g,
                  int64_t head, int64_t first, QueryBlock<Steps>& block) {
  using T = typename Steps::Element;
  const int64_t size = a.head_size, column = head * size;
  block.first = first;
  block.count = std::min(kBlock, s.q.rows - first);
  const T* q = s.q.row<T>(first) + column;
  const T* dout = g.dout.row<T>(first) + column;
  const auto pack_columns = [&](const T* source, int64_t stride, T* out) {
    pack_block<Steps>(source, stride, MatrixOrder::transposed, size, block.count, size, out);
    for (int64_t panel = panels_of(block.count); panel < kBlockPanels; ++panel)
      std::memset(static_cast<void*>(out + panel * panel_elements<Steps>(size)), 0,
                  static_cast<size_t>(panel_elements<Steps>(size)) * sizeof(T));
  };
  pack_columns(q, s.q.stride, block.q_columns);
  pack_columns(dout, g.dout.stride, block.dout_columns);
  pack_block<Steps>(q, s.q.stride, MatrixOrder::plain, block.count, size, kBlock, block.q_rows);
  pack_block<Steps>(dout, g.dout.stride, MatrixOrder::plain, block.count, size, kBlock,
                    block.dout_rows);
  std::memset(block.dq, 0, sizeof block.dq);
  block.last_begin = 0, block.first_end = s.k.rows;
  for (int64_t r = 0; r < kBlock; ++r) {
    block.log_sum[r] = __builtin_inff();
    block.delta[r] = 0;
    block.begin[r] = block.end[r] = 0;
    if (r >= block.count) continue;
    block.log_sum[r] = s.log_sum.row<float>(head)[first + r];
    const KeyRange range = key_range(a.mask, s.segments, s.k.rows, first + r);
    block.begin[r] = static_cast<int32_t>(range.begin);
    block.end[r] = static_cast<int32_t>(range.end);
    block.last_begin = std::max(block.last_begin, range.begin);
    block.first_end = std::min(block.first_end, range.end);
    const T* out = s.out.row<T>(first + r) + column;
    Vec total = {};
    for (int64_t c = 0; c < size; c += kLanes)
      total += load(out + c, size - c) * load(dout + r * g.dout.stride + c, size - c);
    block.delta[r] = sum_lanes(total);
  }
}

// What follows leaves out the products that the mask makes 0: k runs over the interval of queries
// (or keys) that see (are seen by) any row of a tile, from a whole step on.

/// The queries of a block that see any of the keys first, …, end − 1.
template <class Steps>
KeyRange queries_of_keys(const QueryBlock<Steps>& block, int64_t first, int64_t end) {
  KeyRange range{kBlock, 0};
  for (int64_t c = 0; c < block.count; ++c)
    if (block.begin[c] < end && block.end[c] > first)
      range = {std::min(range.begin, c / Steps::kStep * Steps::kStep), c + 1};
  return range;
}

/// The keys of the block at `keys` that queries first, …, end − 1 see.
template <class Steps>
KeyRange keys_of_queries(const QueryBlock<Steps>& block, int64_t first, int64_t end, int64_t keys) {
  KeyRange range{kBlock, 0};
  for (int64_t c = first; c < end; ++c) {
    const int64_t from = std::max<int64_t>(block.begin[c] - keys, 0);
    const int64_t to = std::min<int64_t>(block.end[c] - keys, kBlock);
    if (from < to)
      range = {std::min(range.begin, from / Steps::kStep * Steps::kStep), std::max(range.end, to)};
  }
  return range;
}

/// Probabilities and score gradients of a block of keys × a block of queries, transposed:
/// p[key][query], ds[key][query], in T.
template <class Steps>
struct ScoreBlock {
  using T = typename Steps::Element;
  alignas(64) T p[kBlock][kBlock];
  alignas(64) T ds[kBlock][kBlock];
  // [key][query], with dropout. Zero where there is no query: NaN would pass through its p = 0.
  alignas(64) float keep[kBlock][kBlock] = {};
};

template <class Steps, int rows>
inline void score_tile(const Attention& a, const AttentionSequence& s, int64_t head,
                       const QueryBlock<Steps>& queries, int64_t block, int64_t row, bool masked,
                       ScoreBlock<Steps>& scores) {
  using T = typename Steps::Element;
  const int64_t size = a.head_size;
  const T* k = s.k.row<T>(block + row) + a.key_head(head) * size;
  const T* v = s.v.row<T>(block + row) + a.key_head(head) * size;
  const float scale = static_cast<float>(a.scale);
  for (int64_t panel = 0; panel < kBlockPanels; ++panel) {
    Vec score[rows][kPanelVectors] = {}, dp[rows][kPanelVectors] = {};
    multiply_tile<Steps, rows>(plain_left<Steps>(k, s.k.stride),
                               queries.q_columns + panel * panel_elements<Steps>(size), size,
                               score);
    multiply_tile<Steps, rows>(plain_left<Steps>(v, s.v.stride),
                               queries.dout_columns + panel * panel_elements<Steps>(size), size,
                               dp);
    for (int r = 0; r < rows; ++r)
      for (int x = 0; x < kPanelVectors; ++x) {
        const int64_t c = panel * kPanel + x * kLanes;
        Vec p = exponential(score[r][x] * scale - load(queries.log_sum + c));
        if (masked) {
          const int32_t key = static_cast<int32_t>(block + row + r);
          VecI begin, end;
          std::memcpy(&begin, queries.begin + c, sizeof begin);
          std::memcpy(&end, queries.end + c, sizeof end);
          p = select((begin <= key) & (end > key), p, Vec{});
        }
        Vec gradient = dp[r][x], kept = p;
        if (a.dropout.probability > 0) {
          const Vec keep = load(scores.keep[row + r] + c);
          gradient *= keep;
          kept *= keep;
        }
        store(scores.p[row + r] + c, kept);
        store(scores.ds[row + r] + c, p * (gradient - load(queries.delta + c)) * scale);
      }
  }
}

template <class Steps>
void keys_and_queries(const Attention& a, const AttentionSequence& s, int64_t head, int64_t block,
                      QueryBlock<Steps>& queries, Scratch<typename Steps::Element>& scratch,
                      ScoreBlock<Steps>& scores, typename Steps::Element* packed_ds) {
  const int64_t size = a.head_size, size_panels = panels_of(size), width = size_panels * kPanel;
  const int64_t here = std::min(kBlock, s.k.rows - block);
  if (a.dropout.probability > 0)
    for (int64_t r = 0; r < kBlock; ++r) {
      // Beyond the last query zeros: what multiplies a probability of 0 must be a number.
      alignas(64) float keep[std::max<int64_t>(kBlock, 8 * kLanes)] = {};
      if (r < queries.count)
        draw_keep(a.dropout, attention_index(s.number, a.heads, head, queries.first + r, block),
                  kBlock, keep);
      for (int64_t key = 0; key < kBlock; ++key) scores.keep[key][r] = keep[key];
    }
  const bool masked =
      queries.count < kBlock || queries.last_begin > block || queries.first_end < block + kBlock;
  for (int64_t row = 0; row < here; row += kRows)
    with_rows(std::min<int64_t>(kRows, here - row), [&](auto rows) {
      score_tile<Steps, rows>(a, s, head, queries, block, row, masked, scores);
    });
  for (int64_t row = here; row < kBlock; ++row) {
    std::memset(static_cast<void*>(scores.p[row]), 0, sizeof scores.p[row]);
    std::memset(static_cast<void*>(scores.ds[row]), 0, sizeof scores.ds[row]);
  }
  pack_block<Steps>(&scores.ds[0][0], kBlock, MatrixOrder::plain, kBlock, kBlock, kBlock,
                    packed_ds);
  const KeyRange whole{0, kBlock};
  for (int64_t row = 0; row < here; row += kRows)
    with_rows(std::min<int64_t>(kRows, here - row), [&](auto rows) {
      const KeyRange seen =
          masked ? queries_of_keys(queries, block + row, block + row + rows) : whole;
      for (int64_t panel = 0; panel < size_panels && seen.begin < seen.end; ++panel) {
        const int64_t at = (block + row) * width + panel * kPanel;
        const int64_t offset = panel * panel_elements<Steps>(kBlock) + seen.begin * kPanel;
        accumulate_tile<Steps, rows>(plain_left<Steps>(scores.p[row] + seen.begin, kBlock),
                                     queries.dout_rows + offset, seen.end - seen.begin,
                                     scratch.dv + at, width);
        accumulate_tile<Steps, rows>(plain_left<Steps>(scores.ds[row] + seen.begin, kBlock),
                                     queries.q_rows + offset, seen.end - seen.begin,
                                     scratch.dk + at, width);
      }
    });
  for (int64_t row = 0; row < kBlock;) {
    const int64_t in_panel = row % kPanel, count = std::min<int64_t>(kRows, kPanel - in_panel);
    const KeyRange seen = masked ? keys_of_queries(queries, row, row + count, block) : whole;
    with_rows(count, [&](auto rows) {
      const Left<Steps> left = packed_left<Steps>(
          packed_ds + row / kPanel * panel_elements<Steps>(kBlock) + seen.begin * kPanel, in_panel);
      for (int64_t panel = 0; panel < size_panels && seen.begin < seen.end; ++panel)
        accumulate_tile<Steps, rows>(
            left,
            scratch.keys + block * width + panel * panel_elements<Steps>(kBlock) +
                seen.begin * kPanel,
            seen.end - seen.begin, queries.dq + row * width + panel * kPanel, width);
    });
    row += count;
  }
}

/// A key head, and the heads that share it one after the other.
template <class Steps>
void attention_backward_head(const Attention& a, const AttentionSequence& s,
                             const AttentionGradient& g, int64_t key_head, std::byte* memory) {
  using T = typename Steps::Element;
  const int64_t size = a.head_size, width = panels_of(size) * kPanel;
  const int64_t positions = s.k.rows;
  Scratch<T> scratch(memory, positions, size);
  for (int64_t block = 0; block < positions; block += kBlock) {
    const int64_t here = std::min(kBlock, positions - block);
    pack_block<Steps>(s.k.row<T>(block) + key_head * size, s.k.stride, MatrixOrder::plain, here,
                      size, kBlock, scratch.keys + block * width);
    const size_t bytes = static_cast<size_t>(kBlock * width) * sizeof(float);
    std::memset(scratch.dk + block * width, 0, bytes);
    std::memset(scratch.dv + block * width, 0, bytes);
  }
  QueryBlock<Steps> queries;
  ScoreBlock<Steps> scores;
  alignas(64) T packed_ds[kBlock * kBlock];
  const auto write_rows = [&](const float* from, const Array& to, int64_t head, int64_t first,
                              int64_t count) {
    for (int64_t r = 0; r < count; ++r)
      for (int64_t c = 0; c < size; c += kLanes)
        store(to.row<T>(first + r) + head * size + c, load(from + r * width + c), size - c);
  };
  const int64_t sharing = a.heads / a.key_heads;
  for (int64_t head = key_head * sharing; head < (key_head + 1) * sharing; ++head)
    for (int64_t first = 0; first < s.q.rows; first += kBlock) {
      load_queries<Steps>(a, s, g, head, first, queries);
      KeyRange all{positions, 0};
      for (int64_t r = 0; r < queries.count; ++r)
        all = {std::min<int64_t>(all.begin, queries.begin[r]),
               std::max<int64_t>(all.end, queries.end[r])};
      for (int64_t block = all.begin / kBlock * kBlock; block < all.end; block += kBlock)
        keys_and_queries<Steps>(a, s, head, block, queries, scratch, scores, packed_ds);
      write_rows(queries.dq, g.dq, head, first, queries.count);
    }
  write_rows(scratch.dk, g.dk, key_head, 0, positions);
  write_rows(scratch.dv, g.dv, key_head, 0, positions);
}

int64_t longest(const Attention& a) {
  int64_t positions = 0;
  for (const AttentionSequence& s : a.sequences) positions = std::max(positions, s.k.rows);
  return positions;
}

}  // namespace

size_t CpuKernels::attention_backward_scratch(const Attention& a) const {
  return Scratch<float>::bytes(longest(a), a.head_size) * static_cast<size_t>(threads());
}

void CpuKernels::attention_backward(const AttentionBackward& b) const {
  const Attention& a = b.forward;
  const size_t bytes = Scratch<float>::bytes(longest(a), a.head_size);
  parallel_for(static_cast<int64_t>(a.sequences.size()) * a.key_heads, [&](int64_t task) {
    const auto& s = a.sequences[static_cast<size_t>(task / a.key_heads)];
    const auto& g = b.gradients[static_cast<size_t>(task / a.key_heads)];
    std::byte* memory =
        static_cast<std::byte*>(b.scratch) + bytes * static_cast<size_t>(thread_index());
    with_type(s.q.type, [&](auto t) {
      attention_backward_head<StepsOf<decltype(t)>>(a, s, g, task % a.key_heads, memory);
    });
  });
}

}  // namespace octavo::OCTAVO_ISA
