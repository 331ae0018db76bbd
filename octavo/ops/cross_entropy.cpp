#include "octavo/ops/cross_entropy.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "octavo/base/error.h"
#include "octavo/ops/linear.h"

namespace octavo {
namespace {

// A tile of logits is at most kRows × kVocabularyChunk; the vocabulary is the outer loop, so that
// each chunk of the head is packed once, and added to once for as many rows as its gradient sums at
// a time.
constexpr int64_t kRows = kGradientRows;

/// What a row's loss is folded into, chunk by chunk: [1, R] each.
struct RunningLoss {
  Tensor maximum, sum, target_logit, log_sum, loss;

  RunningLoss(int64_t rows, DataType type)
      : maximum({1, rows}, type),
        sum({1, rows}, type),
        target_logit({1, rows}, type),
        log_sum({1, rows}, type),
        loss({1, rows}, type) {}

  /// Folds in the logits of rows [row, row + logits.rows) and columns [first, first + …).
  void fold(ConstArray logits, const Tensor& targets, int64_t row, int64_t first,
            int64_t vocabulary) const {
    const auto part = [&](const Tensor& tensor) { return columns_of(tensor, row, logits.rows); };
    kernels().cross_entropy({.first = first,
                             .vocabulary = vocabulary,
                             .logits = logits,
                             .targets = part(targets),
                             .maximum = part(maximum),
                             .sum = part(sum),
                             .target_logit = part(target_logit),
                             .log_sum = part(log_sum),
                             .loss = part(loss)});
  }
};

/// The targets as [1, R], each in [−1, vocabulary).
Tensor checked_targets(const Tensor& targets, int64_t rows, int64_t vocabulary) {
  require(targets.type() == DataType::i32 && targets.elements() == rows,
          "[cross_entropy] expected {} targets of type i32, found {} of type {}", rows,
          targets.elements(), name_of(targets.type()));
  if (targets.data() != nullptr)
    for (const int32_t target : targets.as<int32_t>())
      require(target >= -1 && target < vocabulary,
              "[cross_entropy] target {} is outside a vocabulary of {}", target, vocabulary);
  return targets.reshaped({1, rows});
}

/// Calls chunk(first, count) for each chunk of the vocabulary, in order.
template <class Chunk>
void for_each_chunk(int64_t vocabulary, const Chunk& chunk) {
  for (int64_t first = 0; first < vocabulary; first += kVocabularyChunk)
    chunk(first, std::min(kVocabularyChunk, vocabulary - first));
}

template <class Tile>
void for_each_tile(int64_t rows, const Tile& tile) {
  for (int64_t row = 0; row < rows; row += kRows) tile(row, std::min(kRows, rows - row));
}

/// Memory for one tile, used again and again.
Tensor tile_of(int64_t rows, int64_t vocabulary, DataType type) {
  return Tensor({std::min(rows, kRows), std::min(vocabulary, kVocabularyChunk)}, type);
}

/// The logits of one chunk of the vocabulary, for a tile of rows.
struct ChunkOfHead {
  detail::RightSide right;
  int64_t first, count;

  ChunkOfHead(const Parameter& head, DataType type, int64_t first, int64_t count)
      : right(head, type, first, count), first(first), count(count) {}
  void multiply(const ConstArray& x, const Array& logits) const {
    right.multiply({.left = x, .out = logits});
  }
};

/// dx and the head's gradient from the losses' gradient [1, R]. `kept` has the logits of each chunk
/// [R, count], or nothing.
void cross_entropy_backward(const Value& x, const Parameter& head, const Tensor& targets,
                            const Tensor& log_sum, const Tensor& dloss, std::vector<Tensor>& kept) {
  const int64_t rows = x.data().rows(), vocabulary = head.shape[0];
  const DataType type = x.type();
  const Tensor logits_tile = kept.empty() ? tile_of(rows, vocabulary, sum_type(type)) : Tensor();
  const Tensor dlogits_tile = tile_of(rows, vocabulary, type);
  // Summed over the chunks before it is rounded to x's type.
  const Tensor dx = x.wants_gradient() ? Tensor(x.shape(), sum_type(type)) : Tensor();
  const auto dhead = head.value.wants_gradient() ? gradient_target(head.value) : GradientTarget{};

  for_each_chunk(vocabulary, [&](int64_t first, int64_t count) {
    const Tensor all =
        kept.empty() ? Tensor() : std::move(kept[static_cast<size_t>(first / kVocabularyChunk)]);
    const auto chunk = kept.empty()
                           ? std::optional<ChunkOfHead>(std::in_place, head, type, first, count)
                           : std::nullopt;
    const Tensor weight = head.value.data().slice(first, count);
    const auto plain =
        dx.empty() ? detail::Packed{} : detail::pack(array_of(weight), MatrixOrder::plain, type);
    for_each_tile(rows, [&](int64_t row, int64_t tile_rows) {
      const auto part = [&](const Tensor& tensor) { return columns_of(tensor, row, tile_rows); };
      const ConstArray x_rows = detail::rows_of(array_of(x.data()), row, tile_rows);
      const Array logits = all.empty() ? columns_of(logits_tile.slice(0, tile_rows), 0, count)
                                       : array_of(all.slice(row, tile_rows));
      const Array dlogits = columns_of(dlogits_tile.slice(0, tile_rows), 0, count);
      if (chunk) chunk->multiply(x_rows, logits);
      kernels().cross_entropy_backward({.first = first,
                                        .logits = logits,
                                        .targets = part(targets),
                                        .log_sum = part(log_sum),
                                        .dloss = part(dloss),
                                        .dlogits = dlogits});
      if (!dx.empty())
        kernels().product({.left = dlogits,
                           .right = plain.matrix,
                           .out = array_of(dx.slice(row, tile_rows)),
                           .write = first == 0 ? Write::overwrite : Write::accumulate});
      if (!dhead.tensor.empty())
        detail::add_weight_gradient(
            dlogits, x_rows,
            {dhead.tensor.slice(first, count), row == 0 ? dhead.write : Write::accumulate});
    });
  });
  if (!dx.empty()) add_gradient(x, dx);
}

}  // namespace

Value cross_entropy(Tape& tape, const Value& x, const Parameter& head, const Tensor& targets,
                    Logits logits) {
  const int64_t rows = x.data().rows(), columns = x.data().columns();
  const DataType type = x.type();
  require(head && head.shape.rank() == 2 && head.shape[1] == columns,
          "[cross_entropy] x has {} columns, {} is {}", columns, head.name, head.shape);
  const int64_t vocabulary = head.shape[0];
  const bool records = tape.records({x, head.value});
  require(!records || rows > 0, "[cross_entropy] x has no rows");
  require(!records || (!head.value.data().empty() && !head.quantized()),
          "[cross_entropy] {} is {} for inference and has no gradient", head.name,
          head.quantized() ? "quantized" : "packed");

  const Tensor target_list = checked_targets(targets, rows, vocabulary);
  const RunningLoss running(rows, sum_type(type));
  const bool keeps = records && logits == Logits::kept;
  const Tensor tile = keeps ? Tensor() : tile_of(rows, vocabulary, sum_type(type));
  const auto kept = std::make_shared<std::vector<Tensor>>();
  for_each_chunk(vocabulary, [&](int64_t first, int64_t count) {
    const ChunkOfHead chunk(head, type, first, count);
    if (keeps) kept->push_back(Tensor({rows, count}, sum_type(type)));
    for_each_tile(rows, [&](int64_t row, int64_t tile_rows) {
      const Array tile_logits = keeps ? array_of(kept->back().slice(row, tile_rows))
                                      : columns_of(tile.slice(0, tile_rows), 0, count);
      chunk.multiply(detail::rows_of(array_of(x.data()), row, tile_rows), tile_logits);
      running.fold(tile_logits, target_list, row, first, vocabulary);
    });
  });

  return tape.record(
      "cross_entropy", running.loss.reshaped({rows}), {x, head.value},
      [=, log_sum = running.log_sum](const Tensor& dloss) {
        cross_entropy_backward(x, head, target_list, log_sum, dloss.reshaped({1, rows}), *kept);
      });
}

Tensor cross_entropy_of_logits(const Tensor& logits, const Tensor& targets) {
  const int64_t rows = logits.rows(), vocabulary = logits.columns();
  require(logits.type() == sum_type(logits.type()),
          "[cross_entropy] the logits are {}, expected f32", name_of(logits.type()));
  const Tensor target_list = checked_targets(targets, rows, vocabulary);
  const RunningLoss running(rows, logits.type());
  for_each_chunk(vocabulary, [&](int64_t first, int64_t count) {
    running.fold(columns_of(logits, first, count), target_list, 0, first, vocabulary);
  });
  return running.loss.reshaped({rows});
}

}  // namespace octavo
