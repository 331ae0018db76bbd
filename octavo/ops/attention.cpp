#include "octavo/ops/attention.h"

#include <cstring>

#include "octavo/base/error.h"

namespace octavo {
namespace {

void check(const Tensor& qkv, std::span<const SequenceRows> sequences,
           const AttentionOptions& options, bool records) {
  require(options.key_heads > 0 && options.heads > 0 && options.heads % options.key_heads == 0,
          "[attention] {} heads cannot share {} heads of keys and values", options.heads,
          options.key_heads);
  const int64_t all_heads = options.heads + 2 * options.key_heads;
  const int64_t head_size = qkv.columns() / all_heads;
  require(qkv.columns() == all_heads * head_size,
          "[attention] {} columns are not queries of {} heads, keys and values of {}",
          qkv.columns(), options.heads, options.key_heads);
  require(head_size <= kMaximumHeadSize, "[attention] heads of {}, at most {}", head_size,
          kMaximumHeadSize);
  int64_t rows = 0;
  for (const SequenceRows& sequence : sequences) {
    rows += sequence.rows;
    const KeyValueCache* cache = sequence.cache;
    if (!cache) continue;
    require(!records, "[attention] a sequence with a cache has no gradient");
    require(!sequence.segments, "[attention] a sequence with a cache has no segments");
    require(&cache->made_for() == &kernels(),
            "[attention] the cache was made for other kernels: {}", cache->made_for().name());
    const KeyValues& kept = cache->kept();
    require(
        kept.heads == options.key_heads && kept.head_size == head_size && kept.type == qkv.type(),
        "[attention] the cache is for {} heads of {} {}, qkv has {} of {} {}", kept.heads,
        kept.head_size, name_of(kept.type), options.key_heads, head_size, name_of(qkv.type()));
    require(cache->length + sequence.rows <= kept.capacity,
            "[attention] the cache holds {} positions, {} are filled and {} more come",
            kept.capacity, cache->length, sequence.rows);
  }
  require(rows == qkv.rows(), "[attention] the sequences have {} rows, qkv {}", rows, qkv.rows());
}

}  // namespace

KeyValueCache::KeyValueCache(int64_t heads, int64_t head_size, int64_t capacity, DataType type)
    : KeyValueCache(heads, head_size, capacity, type,
                    Tensor({bytes(heads, head_size, capacity, type)}, DataType::u8)) {}

KeyValueCache::KeyValueCache(int64_t heads, int64_t head_size, int64_t capacity, DataType type,
                             Tensor memory)
    : kept_{.data = memory.data(),
            .type = type,
            .heads = heads,
            .head_size = head_size,
            .capacity = capacity},
      memory_(std::move(memory)),
      made_for_(&kernels()) {
  assert(memory_.elements() == bytes(heads, head_size, capacity, type));
}

KeyValueCache KeyValueCache::clone(Tensor memory) const {
  assert(made_for_ == &kernels());
  KeyValueCache copy(kept_.heads, kept_.head_size, kept_.capacity, kept_.type, std::move(memory));
  copy.length = length;
  if (kept_.data) std::memcpy(copy.kept_.data, kept_.data, memory_.bytes());
  return copy;
}

int64_t KeyValueCache::bytes(int64_t heads, int64_t head_size, int64_t capacity, DataType type) {
  return static_cast<int64_t>(kernels().key_value_bytes(
      {.type = type, .heads = heads, .head_size = head_size, .capacity = capacity}));
}

Value attention(Tape& tape, const Value& qkv, std::span<const SequenceRows> sequences,
                const AttentionOptions& options) {
  const bool records = tape.records({qkv});
  check(qkv.data(), sequences, options, records);
  const int64_t rows = qkv.data().rows(), columns = qkv.data().columns();
  const int64_t head_size = columns / (options.heads + 2 * options.key_heads);
  const int64_t width = options.heads * head_size, key_width = options.key_heads * head_size;
  const DataType type = qkv.type();

  const Tensor out({rows, width}, type);
  // One number per head and query: all that the backward pass needs of the T × T scores.
  const Tensor log_sum = records ? Tensor({rows, options.heads}, sum_type(type)) : Tensor();

  const Tensor all = qkv.data().reshaped({rows, columns});
  std::vector<AttentionSequence> views;
  int64_t row = 0;
  for (const SequenceRows& sequence : sequences) {
    const Tensor own = all.slice(row, sequence.rows);
    AttentionSequence view{.q = columns_of(own, 0, width),
                           .k = columns_of(own, width, key_width),
                           .v = columns_of(own, width + key_width, key_width),
                           .out = array_of(out.slice(row, sequence.rows)),
                           .segments = sequence.segments,
                           .number = sequence.number};
    if (records)
      view.log_sum =
          array_of(log_sum.slice(row, sequence.rows).reshaped({options.heads, sequence.rows}));
    if (KeyValueCache* cache = sequence.cache) {
      view.first = cache->length;
      view.kept = cache->kept();
      cache->length += sequence.rows;
    }
    views.push_back(view);
    row += sequence.rows;
  }
  Attention forward{.heads = options.heads,
                    .head_size = head_size,
                    .key_heads = options.key_heads,
                    .scale = options.scale,
                    .mask = options.mask,
                    .dropout = options.dropout,
                    .sequences = views};
  kernels().attention(forward);

  if (!records) return tape.unrecorded("attention", out);
  return tape.record(
      "attention", out, {qkv}, [qkv, out, log_sum, forward, views](const Tensor& dout) mutable {
        const int64_t width = out.columns();
        const int64_t key_width = forward.key_heads * forward.head_size;
        const Tensor dqkv({out.rows(), width + 2 * key_width}, out.type());
        std::vector<AttentionGradient> gradients;
        int64_t row = 0;
        for (const AttentionSequence& view : views) {
          const int64_t rows = view.q.rows;
          const Tensor own = dqkv.slice(row, rows);
          gradients.push_back({.dout = array_of(dout.slice(row, rows)),
                               .dq = columns_of(own, 0, width),
                               .dk = columns_of(own, width, key_width),
                               .dv = columns_of(own, width + key_width, key_width)});
          row += rows;
        }
        forward.sequences = views;
        const Tensor scratch({static_cast<int64_t>(kernels().attention_backward_scratch(forward))},
                             DataType::u8);
        kernels().attention_backward({forward, gradients, scratch.data()});
        add_gradient(qkv, dqkv);
      });
}

}  // namespace octavo
