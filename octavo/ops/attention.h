// Causal self-attention over several sequences at once, with or without a cache of keys and values.
//
// The rows of all sequences lie below each other; each sequence attends to itself. A sequence with
// a cache appends its new keys and values to it and attends to all that are there, so prefill,
// decode and training walk the same keys in the same blocks and give the same bits. Tested by
// tests/ops/attention_test.cpp.
#pragma once

#include <span>

#include "octavo/ops/parameter.h"

namespace octavo {

/// Keys and values of one sequence in one layer, in the layout of the kernels in use when it was
/// made: it serves those alone.
class KeyValueCache {
 public:
  KeyValueCache(int64_t heads, int64_t head_size, int64_t capacity, DataType type);
  /// The same in `memory` (u8): a part of what a whole model keeps.
  KeyValueCache(int64_t heads, int64_t head_size, int64_t capacity, DataType type, Tensor memory);
  KeyValueCache(KeyValueCache&&) = default;
  KeyValueCache& operator=(KeyValueCache&&) = default;

  /// The same positions in other memory, all of its capacity.
  KeyValueCache clone(Tensor memory) const;
  /// 2·capacity·G·D numbers, rounded up to the blocks and panels of the kernels in use.
  static int64_t bytes(int64_t heads, int64_t head_size, int64_t capacity, DataType type);

  const KeyValues& kept() const { return kept_; }
  int64_t bytes() const { return memory_.elements(); }
  const Kernels& made_for() const { return *made_for_; }

  int64_t length = 0;  ///< positions filled

 private:
  KeyValues kept_;
  Tensor memory_;
  const Kernels* made_for_;
};

/// One sequence's rows within a batch.
struct SequenceRows {
  int64_t rows = 0;
  KeyValueCache* cache = nullptr;  ///< null in training
  /// [rows] where each position's segment starts, alive until the backward pass; null with a cache.
  const int32_t* segments = nullptr;
  int64_t number = 0;  ///< in the whole step: dropout's index
};

struct AttentionOptions {
  int64_t heads = 1;
  int64_t key_heads = heads;  ///< G, each of which serves H / G heads (Ainslie et al. 2023)
  double scale = 1;
  AttentionMask mask;
  DropoutMask dropout;
};

/// qkv [R, (H + 2·G)·D] (queries, keys, values side by side) → [R, H·D]. With caches the tape must
/// be off; a full cache is an error.
Value attention(Tape& tape, const Value& qkv, std::span<const SequenceRows> sequences,
                const AttentionOptions& options);

}  // namespace octavo
