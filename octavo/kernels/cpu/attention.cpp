// Attention in tiles: no T × T matrix, forward or backward.
//
// Forward: a task is one head of one sequence and a group of query rows. It walks the keys in
// blocks of kKeyBlock from position 0; each block is packed once and every query row of the group
// takes it in: scores, running maximum and sum, weighted values (Milakov & Gimelshein 2018, Dao et
// al. 2022). A row's numbers depend on its own keys alone, in that order.
//
// Backward: a task is one head of one sequence. It walks blocks of queries and, for each, blocks of
// keys, recomputing probabilities from log Σ exp in the transposed form [keys, queries], in which
// the products for dV and dK read them as they lie; dQ reads them packed. All sums run in the order
// of the blocks. Tested by tests/kernels and tests/ops/attention_test.cpp.
#include <cassert>
#include <cmath>

#include "octavo/kernels/cpu/cpu_kernels.h"
#include "octavo/kernels/cpu/keep.h"
#include "octavo/kernels/cpu/tile.h"
#include "octavo/kernels/dropout_mask.h"

namespace octavo::OCTAVO_ISA {
namespace {

constexpr int64_t kGroup = 192;  // query rows that share a packed block of keys
constexpr int64_t kBlock = kKeyBlock;
constexpr int64_t kBlockPanels = kBlock / kPanel;
constexpr float kMinusInfinity = -__builtin_inff();
constexpr int64_t kMaximumPanels = (kMaximumHeadSize + kPanel - 1) / kPanel;

int64_t panels_of(int64_t columns) { return (columns + kPanel - 1) / kPanel; }

/// Bytes of one block of memory that starts on a cache line.
size_t aligned(int64_t bytes) { return static_cast<size_t>((bytes + 63) / 64 * 64); }

/// Packs [k, n] numbers into all the panels that n needs.
template <class Steps, class T>
void pack_block(const T* source, int64_t stride, MatrixOrder order, int64_t k, int64_t n,
                int64_t padded_k, typename Steps::Element* out) {
  for (int64_t column = 0; column < n || column == 0; column += kPanel) {
    auto* panel = out + column / kPanel * panel_elements<Steps>(padded_k);
    pack_panel<Steps>(order == MatrixOrder::plain ? source + column : source + column * stride,
                      stride, order, k, std::min(kPanel, n - column), panel);
    // Steps beyond k multiply by zero.
    const int64_t used = panel_elements<Steps>(k), all = panel_elements<Steps>(padded_k);
    std::memset(static_cast<void*>(panel + used), 0,
                static_cast<size_t>(all - used) * sizeof *panel);
  }
}

/// Lanes whose key lies in the range, for keys first, first + 1, …
inline VecI in_range(KeyRange range, int64_t first) {
  const VecI key = lane_numbers() + static_cast<int32_t>(first);
  return (key >= static_cast<int32_t>(range.begin)) & (key < static_cast<int32_t>(range.end));
}

// ---- Forward ------------------------------------------------------------------------------------

/// What a group of query rows has gathered so far.
struct Running {
  alignas(64) float out[kGroup * kMaximumPanels * kPanel];  // [row][head size, padded]
  float maximum[kGroup], sum[kGroup];
};

/// One tile of query rows takes in one block of keys.
template <class Steps, int rows>
inline void attend_tile(const Attention& a, const AttentionSequence& s, int64_t head,
                        int64_t first_query, const KeyRange* ranges, int64_t block,
                        const typename Steps::Element* keys, const typename Steps::Element* values,
                        int64_t row, Running& running) {
  using T = typename Steps::Element;
  alignas(64) float scores[rows][kBlock];
  alignas(64) T probabilities[rows][kBlock];
  const int64_t size = a.head_size, size_panels = panels_of(size);
  const T* q = s.q.row<T>(first_query + row) + head * size;
  for (int64_t panel = 0; panel < kBlockPanels; ++panel) {
    Vec sums[rows][kPanelVectors] = {};
    multiply_tile<Steps, rows>(plain_left<Steps>(q, s.q.stride),
                               keys + panel * panel_elements<Steps>(size), size, sums);
    for (int r = 0; r < rows; ++r)
      for (int v = 0; v < kPanelVectors; ++v)
        store(scores[r] + panel * kPanel + v * kLanes, sums[r][v] * static_cast<float>(a.scale));
  }
  float rescale[rows];
  for (int r = 0; r < rows; ++r) {
    const KeyRange range = ranges[row + r];
    Vec largest = broadcast(kMinusInfinity);
    const bool whole = range.begin <= block && block + kBlock <= range.end;
    for (int64_t c = 0; c < kBlock; c += kLanes) {
      Vec x = load(scores[r] + c);
      if (!whole) {
        x = select(in_range(range, block + c), x, broadcast(kMinusInfinity));
        store(scores[r] + c, x);
      }
      largest = maximum(largest, x);
    }
    const float before = running.maximum[row + r];
    const float now = std::max(before, max_lanes(largest));
    // Nothing seen yet: any finite maximum does, all terms are exp(−∞) = 0.
    const float shift = now == kMinusInfinity ? 0.0f : now;
    const float scale = before == kMinusInfinity ? 0.0f : exponential(broadcast(before - shift))[0];
    Vec total = {};
    for (int64_t c = 0; c < kBlock; c += kLanes) {
      const Vec p = exponential(load(scores[r] + c) - shift);
      total += p;
      store(scores[r] + c, p);
    }
    running.maximum[row + r] = now;
    running.sum[row + r] = running.sum[row + r] * scale + sum_lanes(total);
    rescale[r] = scale;
    if (a.dropout.probability > 0) {
      alignas(64) float keep[std::max<int64_t>(kBlock, 8 * kLanes)];
      draw_keep(a.dropout,
                attention_index(s.number, a.heads, head, s.first + first_query + row + r, block),
                kBlock, keep);
      for (int64_t c = 0; c < kBlock; c += kLanes)
        store(scores[r] + c, load(scores[r] + c) * load(keep + c));
    }
    for (int64_t c = 0; c < kBlock; c += kLanes) store(probabilities[r] + c, load(scores[r] + c));
  }
  for (int64_t panel = 0; panel < size_panels; ++panel) {
    Vec sums[rows][kPanelVectors];
    const auto out = [&](int r) {
      return running.out + ((row + r) * size_panels + panel) * kPanel;
    };
    for (int r = 0; r < rows; ++r)
      for (int v = 0; v < kPanelVectors; ++v) sums[r][v] = load(out(r) + v * kLanes) * rescale[r];
    multiply_tile<Steps, rows>(plain_left<Steps>(&probabilities[0][0], kBlock),
                               values + panel * panel_elements<Steps>(kBlock), kBlock, sums);
    for (int r = 0; r < rows; ++r)
      for (int v = 0; v < kPanelVectors; ++v) store(out(r) + v * kLanes, sums[r][v]);
  }
}

template <class Steps>
void attend_group(const Attention& a, const AttentionSequence& s, int64_t head, int64_t first,
                  int64_t count) {
  using T = typename Steps::Element;
  const int64_t size = a.head_size, size_panels = panels_of(size), all_keys = s.k.rows;
  Running running;
  KeyRange ranges[kGroup];
  KeyRange all{all_keys, 0};
  for (int64_t r = 0; r < count; ++r) {
    ranges[r] = key_range(a.mask, s.segments, all_keys, s.first + first + r);
    all = {std::min(all.begin, ranges[r].begin), std::max(all.end, ranges[r].end)};
    running.maximum[r] = kMinusInfinity;
    running.sum[r] = 0;
  }
  std::memset(running.out, 0, static_cast<size_t>(count * size_panels * kPanel) * sizeof(float));

  alignas(64) T keys[kMaximumHeadSize * kBlock];
  alignas(64) T values[kBlock * kMaximumPanels * kPanel];
  for (int64_t block = all.begin / kBlock * kBlock; block < all.end; block += kBlock) {
    const int64_t here = std::min(kBlock, all_keys - block);
    pack_block<Steps>(s.k.row<T>(block) + head * size, s.k.stride, MatrixOrder::transposed, size,
                      here, size, keys);
    for (int64_t panel = panels_of(here); panel < kBlockPanels; ++panel)
      std::memset(static_cast<void*>(keys + panel * panel_elements<Steps>(size)), 0,
                  static_cast<size_t>(panel_elements<Steps>(size)) * sizeof(T));
    pack_block<Steps>(s.v.row<T>(block) + head * size, s.v.stride, MatrixOrder::plain, here, size,
                      kBlock, values);
    for (int64_t row = 0; row < count;) {
      // Rows that see nothing of this block pass it by: it would change nothing.
      if (ranges[row].end <= block || ranges[row].begin >= block + kBlock) {
        ++row;
        continue;
      }
      const int64_t rows = std::min<int64_t>(kRows, count - row);
      with_rows(rows, [&](auto tile_rows) {
        attend_tile<Steps, tile_rows>(a, s, head, first, ranges, block, keys, values, row, running);
      });
      row += rows;
    }
  }
  for (int64_t r = 0; r < count; ++r) {
    const float inverse = running.sum[r] > 0 ? 1.0f / running.sum[r] : 0.0f;
    T* out = s.out.row<T>(first + r) + head * size;
    for (int64_t c = 0; c < size; c += kLanes)
      store(out + c, load(running.out + r * size_panels * kPanel + c) * inverse, size - c);
    if (s.log_sum)
      s.log_sum.row<float>(head)[first + r] = running.maximum[r] + std::log(running.sum[r]);
  }
}

// ---- Backward -----------------------------------------------------------------------------------

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
  for (int64_t r = 0; r < kBlock; ++r) {
    block.log_sum[r] = __builtin_inff();
    block.delta[r] = 0;
    block.begin[r] = block.end[r] = 0;
    if (r >= block.count) continue;
    block.log_sum[r] = s.log_sum.row<float>(head)[first + r];
    const KeyRange range = key_range(a.mask, s.segments, s.k.rows, first + r);
    block.begin[r] = static_cast<int32_t>(range.begin);
    block.end[r] = static_cast<int32_t>(range.end);
    const T* out = s.out.row<T>(first + r) + column;
    Vec total = {};
    for (int64_t c = 0; c < size; c += kLanes)
      total += load(out + c, size - c) * load(dout + r * g.dout.stride + c, size - c);
    block.delta[r] = sum_lanes(total);
  }
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
                       const QueryBlock<Steps>& queries, int64_t block, int64_t row,
                       ScoreBlock<Steps>& scores) {
  using T = typename Steps::Element;
  const int64_t size = a.head_size;
  const T* k = s.k.row<T>(block + row) + head * size;
  const T* v = s.v.row<T>(block + row) + head * size;
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
        const int32_t key = static_cast<int32_t>(block + row + r);
        VecI begin, end;
        std::memcpy(&begin, queries.begin + c, sizeof begin);
        std::memcpy(&end, queries.end + c, sizeof end);
        Vec p = exponential(score[r][x] * scale - load(queries.log_sum + c));
        p = select((begin <= key) & (end > key), p, Vec{});
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
  using T = typename Steps::Element;
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
  for (int64_t row = 0; row < here; row += kRows)
    with_rows(std::min<int64_t>(kRows, here - row),
              [&](auto rows) { score_tile<Steps, rows>(a, s, head, queries, block, row, scores); });
  for (int64_t row = here; row < kBlock; ++row) {
    std::memset(static_cast<void*>(scores.p[row]), 0, sizeof scores.p[row]);
    std::memset(static_cast<void*>(scores.ds[row]), 0, sizeof scores.ds[row]);
  }
  pack_block<Steps>(&scores.ds[0][0], kBlock, MatrixOrder::plain, kBlock, kBlock, kBlock,
                    packed_ds);
  for (int64_t panel = 0; panel < size_panels; ++panel) {
    const int64_t column = panel * kPanel, offset = panel * panel_elements<Steps>(kBlock);
    for (int64_t row = 0; row < here; row += kRows)
      with_rows(std::min<int64_t>(kRows, here - row), [&](auto rows) {
        const int64_t at = (block + row) * width + column;
        accumulate_tile<Steps, rows>(plain_left<Steps>(scores.p[row], kBlock),
                                     queries.dout_rows + offset, kBlock, scratch.dv + at, width);
        accumulate_tile<Steps, rows>(plain_left<Steps>(scores.ds[row], kBlock),
                                     queries.q_rows + offset, kBlock, scratch.dk + at, width);
      });
    const T* keys = scratch.keys + block * width + offset;
    for (int64_t row = 0; row < kBlock;) {
      const int64_t in_panel = row % kPanel;
      const int64_t count = std::min<int64_t>(kRows, kPanel - in_panel);
      with_rows(count, [&](auto rows) {
        accumulate_tile<Steps, rows>(
            packed_left<Steps>(packed_ds + row / kPanel * panel_elements<Steps>(kBlock), in_panel),
            keys, kBlock, queries.dq + row * width + column, width);
      });
      row += count;
    }
  }
}

template <class Steps>
void attention_backward_head(const Attention& a, const AttentionSequence& s,
                             const AttentionGradient& g, int64_t head, std::byte* memory) {
  using T = typename Steps::Element;
  const int64_t size = a.head_size, width = panels_of(size) * kPanel;
  const int64_t positions = s.k.rows;
  Scratch<T> scratch(memory, positions, size);
  for (int64_t block = 0; block < positions; block += kBlock) {
    const int64_t here = std::min(kBlock, positions - block);
    pack_block<Steps>(s.k.row<T>(block) + head * size, s.k.stride, MatrixOrder::plain, here, size,
                      kBlock, scratch.keys + block * width);
    const size_t bytes = static_cast<size_t>(kBlock * width) * sizeof(float);
    std::memset(scratch.dk + block * width, 0, bytes);
    std::memset(scratch.dv + block * width, 0, bytes);
  }
  QueryBlock<Steps> queries;
  ScoreBlock<Steps> scores;
  alignas(64) T packed_ds[kBlock * kBlock];
  const auto write_rows = [&](const float* from, const Array& to, int64_t first, int64_t count) {
    for (int64_t r = 0; r < count; ++r)
      for (int64_t c = 0; c < size; c += kLanes)
        store(to.row<T>(first + r) + head * size + c, load(from + r * width + c), size - c);
  };
  for (int64_t first = 0; first < s.q.rows; first += kBlock) {
    load_queries<Steps>(a, s, g, head, first, queries);
    KeyRange all{positions, 0};
    for (int64_t r = 0; r < queries.count; ++r)
      all = {std::min<int64_t>(all.begin, queries.begin[r]),
             std::max<int64_t>(all.end, queries.end[r])};
    for (int64_t block = all.begin / kBlock * kBlock; block < all.end; block += kBlock)
      keys_and_queries<Steps>(a, s, head, block, queries, scratch, scores, packed_ds);
    write_rows(queries.dq, g.dq, first, queries.count);
  }
  write_rows(scratch.dk, g.dk, 0, positions);
  write_rows(scratch.dv, g.dv, 0, positions);
}

int64_t longest(const Attention& a) {
  int64_t positions = 0;
  for (const AttentionSequence& s : a.sequences) positions = std::max(positions, s.k.rows);
  return positions;
}

}  // namespace

void CpuKernels::attention(const Attention& a) const {
  assert(a.head_size <= kMaximumHeadSize);
  // Task numbers run over (sequence, head, group); sequences may differ in length.
  int64_t tasks = 0;
  for (const AttentionSequence& s : a.sequences)
    tasks += a.heads * ((s.q.rows + kGroup - 1) / kGroup);
  parallel_for(tasks, [&](int64_t task) {
    const AttentionSequence* s = a.sequences.data();
    int64_t groups = (s->q.rows + kGroup - 1) / kGroup;
    while (task >= a.heads * groups) {
      task -= a.heads * groups;
      groups = ((++s)->q.rows + kGroup - 1) / kGroup;
    }
    const int64_t first = task % groups * kGroup;
    with_type(s->q.type, [&](auto t) {
      attend_group<StepsOf<decltype(t)>>(a, *s, task / groups, first,
                                         std::min(kGroup, s->q.rows - first));
    });
  });
}

size_t CpuKernels::attention_backward_scratch(const Attention& a) const {
  return Scratch<float>::bytes(longest(a), a.head_size) * static_cast<size_t>(threads());
}

void CpuKernels::attention_backward(const AttentionBackward& b) const {
  const Attention& a = b.forward;
  const size_t bytes = Scratch<float>::bytes(longest(a), a.head_size);
  parallel_for(static_cast<int64_t>(a.sequences.size()) * a.heads, [&](int64_t task) {
    const auto& s = a.sequences[static_cast<size_t>(task / a.heads)];
    const auto& g = b.gradients[static_cast<size_t>(task / a.heads)];
    std::byte* memory =
        static_cast<std::byte*>(b.scratch) + bytes * static_cast<size_t>(thread_index());
    with_type(s.q.type, [&](auto t) {
      attention_backward_head<StepsOf<decltype(t)>>(a, s, g, task % a.heads, memory);
    });
  });
}

}  // namespace octavo::OCTAVO_ISA
