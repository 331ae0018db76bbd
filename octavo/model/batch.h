// Batch: what one forward pass is given, and the caches that it may continue from.
//
// A batch is rows: the tokens of all its sequences below each other, without padding, each row with
// its position. A row's numbers depend on its own sequence only, so how sequences are put together
// is a matter of speed. With caches a sequence continues where it stopped: a prompt in one piece,
// in chunks, or token by token is the same arithmetic. Tested by tests/model/one_number_test.cpp.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "octavo/model/config.h"

namespace octavo {

/// Keys and values of one sequence in every layer, of the model's compute type, in one block of
/// memory: large enough for huge pages, since each layer finds little of it in the caches.
class KeyValueCaches {
 public:
  /// Room for `capacity` positions.
  KeyValueCaches(const ModelConfig& config, Precision precision, int64_t capacity);

  int64_t length() const { return layers_.front().length; }  ///< positions filled
  int64_t capacity() const { return capacity_; }
  KeyValueCache& layer(int64_t number) { return layers_[static_cast<size_t>(number)]; }

  /// Forgets the positions from `length` on.
  void truncate(int64_t length);
  /// The same positions in memory of their own.
  KeyValueCaches clone() const;

  /// With what the kernels in use round up.
  static int64_t bytes(const ModelConfig& config, Precision precision, int64_t capacity);

 private:
  explicit KeyValueCaches(int64_t capacity) : capacity_(capacity) {}

  int64_t capacity_;
  std::vector<KeyValueCache> layers_;
};

struct Batch {
  struct Sequence {
    int64_t rows = 0;
    KeyValueCaches* caches = nullptr;  ///< null: from position 0, and nothing is kept
    int64_t number = 0;                ///< in the whole training step: dropout's index
  };

  Tensor tokens;     ///< [R] i32; or, in their place,
  Value embeddings;  ///< [R, C] in the residual's type, positions not yet added
  Tensor positions;  ///< [R] i32
  Tensor segments;   ///< [R] i32: where in its sequence each row's segment starts; may be absent
  std::vector<Sequence> sequences;  ///< their rows add up to R
  int64_t first_row = 0;            ///< number of the first row in the whole training step

  int64_t rows() const { return positions.elements(); }

  /// tokens [B, T] i32: B sequences from position 0. They are numbers first_sequence … of the step,
  /// so that dropout does not depend on how a step is cut into micro-batches.
  static Batch of_windows(const Tensor& tokens, int64_t first_sequence = 0);

  /// Sequences of any lengths (none empty). With `caches`, one for each, they continue there.
  static Batch of_sequences(std::span<const std::span<const int32_t>> sequences,
                            std::span<KeyValueCaches* const> caches = {});
  static Batch of_sequence(std::span<const int32_t> tokens, KeyValueCaches* caches = nullptr);
};

/// The last row of each sequence: hidden [R, C] → [sequences, C].
Tensor last_rows(const Tensor& hidden, const Batch& batch);

}  // namespace octavo
