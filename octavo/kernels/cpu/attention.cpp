// Attention in tiles: no T × T matrix.
//
// A task is one key head of one sequence, with the heads that share it, and a group of query rows.
// For each head it walks the keys in blocks of
// kKeyBlock from position 0; every query row of the group takes a block in: scores, running maximum
// and sum, weighted values (Milakov & Gimelshein 2018, Dao et al. 2022). A row's numbers depend on
// its own keys alone, in that order. Blocks are packed once for a group; those of a cache are kept
// packed, so a token to come writes one column and reads the rest as they lie; its task writes it,
// just before it reads. Tested by tests/kernels and tests/ops/attention_test.cpp.
#include <cassert>
#include <cmath>

#include "octavo/kernels/cpu/attention_blocks.h"
#include "octavo/kernels/cpu/cpu_kernels.h"
#include "octavo/kernels/cpu/keep.h"
#include "octavo/kernels/dropout_mask.h"

namespace octavo::OCTAVO_ISA {
namespace {

constexpr int64_t kGroup = 192;  // query rows that share a packed block of keys
constexpr float kMinusInfinity = -__builtin_inff();

/// Lanes whose key lies in the range, for keys first, first + 1, …
inline VecI in_range(KeyRange range, int64_t first) {
  const VecI key = lane_numbers() + static_cast<int32_t>(first);
  return (key >= static_cast<int32_t>(range.begin)) & (key < static_cast<int32_t>(range.end));
}

// ---- Blocks of keys -----------------------------------------------------------------------------

/// A block of keys and values of one head, packed for its two products.
template <class Steps>
struct KeyBlock {
  typename Steps::Element* keys;    ///< [panel][head size][key]
  typename Steps::Element* values;  ///< [panel][key][column of the head]

  static int64_t key_elements(int64_t size) { return kBlockPanels * panel_elements<Steps>(size); }
  static int64_t value_elements(int64_t size) {
    return panels_of(size) * panel_elements<Steps>(kBlock);
  }
};

/// Packs `count` keys and values of one head; the values of the block's other keys become zeros.
template <class Steps, class T>
void pack_keys(const T* k, int64_t k_stride, const T* v, int64_t v_stride, int64_t size,
               int64_t count, KeyBlock<Steps> block) {
  pack_block<Steps>(k, k_stride, MatrixOrder::transposed, size, count, size, block.keys);
  pack_block<Steps>(v, v_stride, MatrixOrder::plain, count, size, kBlock, block.values);
}

/// Puts one key and its value behind those there are in a block that was begun.
template <class Steps, class T>
void put_key(const T* k, const T* v, int64_t size, int64_t at, KeyBlock<Steps> block) {
  constexpr int64_t kStep = Steps::kStep;
  T* key = block.keys + at / kPanel * panel_elements<Steps>(size) + at % kPanel * kStep;
  for (int64_t i = 0; i < steps_of<Steps>(size) * kStep; ++i)
    key[i / kStep * kPanel * kStep + i % kStep] = i < size ? k[i] : T{};
  for (int64_t i = 0; i < size; ++i) {
    T* value = block.values + i / kPanel * panel_elements<Steps>(kBlock) +
               (at / kStep * kPanel + i % kPanel) * kStep;
    value[at % kStep] = v[i];
    // The key to come is multiplied too, by a probability of 0: it must be a number.
    if (at % kStep + 1 < kStep) value[at % kStep + 1] = T{};
  }
}

/// Kept blocks lie [block][head], each keys before values.
template <class Steps>
KeyBlock<Steps> kept_block(const KeyValues& kept, int64_t block, int64_t head) {
  const int64_t keys = KeyBlock<Steps>::key_elements(kept.head_size);
  const int64_t all = keys + KeyBlock<Steps>::value_elements(kept.head_size);
  auto* data = static_cast<typename Steps::Element*>(kept.data) + (block * kept.heads + head) * all;
  return {data, data + keys};
}

/// Puts one key head's new keys and values behind those kept.
template <class Steps>
void keep_new(const AttentionSequence& s, int64_t key_head) {
  using T = typename Steps::Element;
  const int64_t size = s.kept.head_size;
  for (int64_t row = 0; row < s.k.rows;) {
    const int64_t at = (s.first + row) % kBlock, count = std::min(kBlock - at, s.k.rows - row);
    const KeyBlock<Steps> block = kept_block<Steps>(s.kept, (s.first + row) / kBlock, key_head);
    const T* k = s.k.row<T>(row) + key_head * size;
    const T* v = s.v.row<T>(row) + key_head * size;
    if (at == 0)
      pack_keys(k, s.k.stride, v, s.v.stride, size, count, block);
    else
      for (int64_t i = 0; i < count; ++i)
        put_key(k + i * s.k.stride, v + i * s.v.stride, size, at + i, block);
    row += count;
  }
}

// ---- Groups of queries --------------------------------------------------------------------------

/// What a group of query rows has gathered so far.
struct Running {
  alignas(64) float out[kGroup * kMaximumPanels * kPanel];  // [row][head size, padded]
  float maximum[kGroup];
  alignas(64) float sum[kGroup * kLanes];  // of each lane
};
constexpr int64_t kRowLanes = (kRows + kLanes - 1) / kLanes * kLanes;

/// Scores of one row become probabilities: exp(scale · score − shift), with dropout applied to what
/// multiplies the values. Returns their sums over the vectors, without dropout.
template <class T>
inline Vec probabilities_of(const float* scores, int64_t width, float scale, float shift,
                            const float* keep, T* probabilities) {
  Vec total = {};
  for (int64_t c = 0; c < width; c += kLanes) {
    const Vec p = exponential(load(scores + c) * scale - shift);
    total += p;
    store(probabilities + c, keep ? p * load(keep + c) : p);
  }
  return total;
}

/// One tile of query rows takes in the first `count` keys of a block, from `first_key` on.
template <class Steps, int rows>
inline void attend_tile(const Attention& a, const AttentionSequence& s, int64_t head,
                        int64_t first_query, const KeyRange* ranges, int64_t first_key,
                        int64_t count, KeyBlock<Steps> block, int64_t row, Running& running) {
  using T = typename Steps::Element;
  alignas(64) float scores[rows][kBlock];
  alignas(64) T probabilities[rows][kBlock];
  const int64_t size = a.head_size, size_panels = panels_of(size);
  const float scale = static_cast<float>(a.scale);
  // Keys behind the last that any row sees would multiply by 0.
  int64_t end = 0;
  for (int r = 0; r < rows; ++r) end = std::max(end, ranges[row + r].end - first_key);
  count = std::min(count, end);
  const int64_t width = panels_of(count) * kPanel;
  const T* q = s.q.row<T>(first_query + row) + head * size;
  for (int64_t panel = 0; panel * kPanel < width; ++panel) {
    Vec sums[rows][kPanelVectors] = {};
    multiply_tile<Steps, rows>(plain_left<Steps>(q, s.q.stride),
                               block.keys + panel * panel_elements<Steps>(size), size, sums);
    for (int r = 0; r < rows; ++r)
      for (int v = 0; v < kPanelVectors; ++v)
        store(scores[r] + panel * kPanel + v * kLanes, sums[r][v]);
  }
  alignas(64) float shift[kRowLanes] = {}, rescale[kRowLanes] = {};
  for (int r = 0; r < rows; ++r) {
    const KeyRange range = ranges[row + r];
    Vec largest = broadcast(kMinusInfinity);
    const bool whole = range.begin <= first_key && first_key + width <= range.end;
    for (int64_t c = 0; c < width; c += kLanes) {
      Vec x = load(scores[r] + c);
      if (!whole) {
        x = select(in_range(range, first_key + c), x, broadcast(kMinusInfinity));
        store(scores[r] + c, x);
      }
      largest = maximum(largest, x);
    }
    const float before = running.maximum[row + r];
    const float now = std::max(before, max_lanes(largest) * scale);
    // Nothing seen yet: any finite maximum does, all terms are exp(−∞) = 0.
    shift[r] = now == kMinusInfinity ? 0.0f : now;
    rescale[r] = before - shift[r];
    running.maximum[row + r] = now;
  }
  for (int r = 0; r < rows; r += kLanes) store(rescale + r, exponential(load(rescale + r)));
  for (int r = 0; r < rows; ++r) {
    alignas(64) float keep[std::max<int64_t>(kBlock, 8 * kLanes)];
    const bool drops = a.dropout.probability > 0;
    if (drops)
      draw_keep(
          a.dropout,
          attention_index(s.number, a.heads, head, s.first + first_query + row + r, first_key),
          kBlock, keep);
    const Vec total = probabilities_of(scores[r], width, scale, shift[r], drops ? keep : nullptr,
                                       probabilities[r]);
    float* sum = running.sum + (row + r) * kLanes;
    store(sum, load(sum) * rescale[r] + total);
  }
  for (int64_t panel = 0; panel < size_panels; ++panel) {
    Vec sums[rows][kPanelVectors];
    const auto out = [&](int r) {
      return running.out + ((row + r) * size_panels + panel) * kPanel;
    };
    for (int r = 0; r < rows; ++r)
      for (int v = 0; v < kPanelVectors; ++v) sums[r][v] = load(out(r) + v * kLanes) * rescale[r];
    multiply_tile<Steps, rows>(plain_left<Steps>(&probabilities[0][0], kBlock),
                               block.values + panel * panel_elements<Steps>(kBlock), count, sums);
    for (int r = 0; r < rows; ++r)
      for (int v = 0; v < kPanelVectors; ++v) store(out(r) + v * kLanes, sums[r][v]);
  }
}

template <class Steps>
void attend_group(const Attention& a, const AttentionSequence& s, int64_t head, int64_t first,
                  int64_t count) {
  using T = typename Steps::Element;
  const int64_t size = a.head_size, size_panels = panels_of(size), all_keys = s.keys();
  const int64_t key_head = a.key_head(head);
  Running running;
  KeyRange ranges[kGroup];
  KeyRange all{all_keys, 0};
  for (int64_t r = 0; r < count; ++r) {
    ranges[r] = key_range(a.mask, s.segments, all_keys, s.first + first + r);
    all = {std::min(all.begin, ranges[r].begin), std::max(all.end, ranges[r].end)};
    running.maximum[r] = kMinusInfinity;
  }
  std::memset(running.sum, 0, static_cast<size_t>(count * kLanes) * sizeof(float));
  std::memset(running.out, 0, static_cast<size_t>(count * size_panels * kPanel) * sizeof(float));

  alignas(64) T keys[kMaximumHeadSize * kBlock];
  alignas(64) T values[kBlock * kMaximumPanels * kPanel];
  for (int64_t key = all.begin / kBlock * kBlock; key < all.end; key += kBlock) {
    const int64_t here = std::min(kBlock, all_keys - key);
    KeyBlock<Steps> block{keys, values};
    if (s.kept)
      block = kept_block<Steps>(s.kept, key / kBlock, key_head);
    else
      pack_keys(s.k.row<T>(key) + key_head * size, s.k.stride, s.v.row<T>(key) + key_head * size,
                s.v.stride, size, here, block);
    for (int64_t row = 0; row < count;) {
      // Rows that see nothing of this block pass it by: it would change nothing.
      if (ranges[row].end <= key || ranges[row].begin >= key + kBlock) {
        ++row;
        continue;
      }
      const int64_t rows = std::min<int64_t>(kRows, count - row);
      with_rows(rows, [&](auto tile_rows) {
        attend_tile<Steps, tile_rows>(a, s, head, first, ranges, key, here, block, row, running);
      });
      row += rows;
    }
  }
  for (int64_t r = 0; r < count; ++r) {
    const float sum = sum_lanes(load(running.sum + r * kLanes));
    const float inverse = sum > 0 ? 1.0f / sum : 0.0f;
    T* out = s.out.row<T>(first + r) + head * size;
    for (int64_t c = 0; c < size; c += kLanes)
      store(out + c, load(running.out + r * size_panels * kPanel + c) * inverse, size - c);
    if (s.log_sum) s.log_sum.row<float>(head)[first + r] = running.maximum[r] + std::log(sum);
  }
}

}  // namespace

size_t CpuKernels::key_value_bytes(const KeyValues& kept) const {
  const int64_t blocks = (kept.capacity + kBlock - 1) / kBlock;
  size_t bytes = 0;
  with_type(kept.type, [&](auto t) {
    using Block = KeyBlock<StepsOf<decltype(t)>>;
    const int64_t elements =
        Block::key_elements(kept.head_size) + Block::value_elements(kept.head_size);
    bytes = static_cast<size_t>(blocks * kept.heads * elements) * sizeof t;
  });
  return bytes;
}

void CpuKernels::attention(const Attention& a) const {
  assert(a.head_size <= kMaximumHeadSize);
  const auto groups_of = [](const AttentionSequence& s) {
    return (s.q.rows + kGroup - 1) / kGroup;
  };
  const auto keeps = [](const AttentionSequence& s) { return s.kept && s.k; };
  const auto keep = [](const AttentionSequence& s, int64_t key_head) {
    with_type(s.q.type, [&](auto t) { keep_new<StepsOf<decltype(t)>>(s, key_head); });
  };
  // Task numbers run over (sequence, key head, group); sequences may differ in length.
  int64_t tasks = 0;
  for (const AttentionSequence& s : a.sequences) {
    assert(!s.kept || (s.kept.type == s.q.type && s.kept.heads == a.key_heads &&
                       s.kept.head_size == a.head_size && s.keys() <= s.kept.capacity));
    assert(!keeps(s) || s.k.rows == s.q.rows);
    tasks += a.key_heads * groups_of(s);
    // A head's only group keeps its new keys itself; several need them all before they begin.
    if (keeps(s) && groups_of(s) > 1)
      parallel_for(a.key_heads, [&](int64_t key_head) { keep(s, key_head); });
  }
  parallel_for(tasks, [&](int64_t task) {
    const AttentionSequence* s = a.sequences.data();
    for (; task >= a.key_heads * groups_of(*s); ++s) task -= a.key_heads * groups_of(*s);
    const int64_t groups = groups_of(*s), first = task % groups * kGroup, key_head = task / groups;
    if (keeps(*s) && groups == 1) keep(*s, key_head);
    const int64_t sharing = a.heads / a.key_heads, head = key_head * sharing;
    with_type(s->q.type, [&](auto t) {
      for (int64_t h = head; h < head + sharing; ++h)
        attend_group<StepsOf<decltype(t)>>(a, *s, h, first, std::min(kGroup, s->q.rows - first));
    });
  });
}

}  // namespace octavo::OCTAVO_ISA
