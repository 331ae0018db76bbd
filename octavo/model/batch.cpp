#include "octavo/model/batch.h"

#include "octavo/base/error.h"

namespace octavo {

KeyValueCaches::KeyValueCaches(const ModelConfig& config, Precision precision, int64_t capacity)
    : capacity_(capacity) {
  require(ErrorKind::usage, capacity > 0 && capacity <= config.context,
          "[cache] a model of {} positions cannot keep {}", config.context, capacity);
  const DataType type = precision.compute;
  const int64_t size =
      KeyValueCache::bytes(config.key_value_heads(), config.head_size(), capacity, type);
  const Tensor memory({config.layers, size}, DataType::u8);
  for (int64_t layer = 0; layer < config.layers; ++layer)
    layers_.emplace_back(config.key_value_heads(), config.head_size(), capacity, type,
                         memory.slice(layer, 1));
}

void KeyValueCaches::truncate(int64_t length) {
  assert(length >= 0 && length <= this->length());
  for (KeyValueCache& layer : layers_) layer.length = length;
}

KeyValueCaches KeyValueCaches::clone() const {
  KeyValueCaches copy(capacity_);
  const auto layers = static_cast<int64_t>(layers_.size());
  const Tensor memory({layers, layers_.front().bytes()}, DataType::u8);
  for (int64_t layer = 0; layer < layers; ++layer)
    copy.layers_.push_back(layers_[static_cast<size_t>(layer)].clone(memory.slice(layer, 1)));
  return copy;
}

int64_t KeyValueCaches::bytes(const ModelConfig& config, Precision precision, int64_t capacity) {
  return config.layers * KeyValueCache::bytes(config.key_value_heads(), config.head_size(),
                                              capacity, precision.compute);
}

Batch Batch::of_windows(const Tensor& tokens, int64_t first_sequence) {
  assert(tokens.shape().rank() == 2 && tokens.type() == DataType::i32);
  const int64_t B = tokens.shape()[0], T = tokens.shape()[1];
  Batch batch;
  batch.tokens = tokens.reshaped({B * T});
  batch.positions = Tensor({B * T}, DataType::i32);
  batch.first_row = first_sequence * T;
  for (int64_t b = 0; b < B; ++b) batch.sequences.push_back({T, nullptr, first_sequence + b});
  if (!memory_is_planned()) {
    const auto positions = batch.positions.as<int32_t>();
    for (size_t row = 0; row < positions.size(); ++row)
      positions[row] = static_cast<int32_t>(row % static_cast<size_t>(T));
  }
  return batch;
}

Batch Batch::of_sequences(std::span<const std::span<const int32_t>> sequences,
                          std::span<KeyValueCaches* const> caches) {
  assert(caches.empty() || caches.size() == sequences.size());
  std::vector<int32_t> tokens, positions;
  Batch batch;
  for (size_t i = 0; i < sequences.size(); ++i) {
    require(ErrorKind::usage, !sequences[i].empty(), "[batch] a sequence without tokens");
    KeyValueCaches* cache = caches.empty() ? nullptr : caches[i];
    const int64_t first = cache ? cache->length() : 0;
    tokens.insert(tokens.end(), sequences[i].begin(), sequences[i].end());
    for (size_t row = 0; row < sequences[i].size(); ++row)
      positions.push_back(static_cast<int32_t>(first) + static_cast<int32_t>(row));
    batch.sequences.push_back(
        {static_cast<int64_t>(sequences[i].size()), cache, static_cast<int64_t>(i)});
  }
  const auto rows = static_cast<int64_t>(tokens.size());
  batch.tokens = Tensor::of<int32_t>({rows}, tokens);
  batch.positions = Tensor::of<int32_t>({rows}, positions);
  return batch;
}

Batch Batch::of_sequence(std::span<const int32_t> tokens, KeyValueCaches* caches) {
  if (!caches) return of_sequences({&tokens, 1});
  return of_sequences({&tokens, 1}, {&caches, 1});
}

Tensor last_rows(const Tensor& hidden, const Batch& batch) {
  const int64_t C = hidden.columns();
  Tensor result({static_cast<int64_t>(batch.sequences.size()), C}, hidden.type());
  int64_t row = 0, out = 0;
  for (const Batch::Sequence& sequence : batch.sequences) {
    row += sequence.rows;
    const Tensor last = hidden.slice(row - 1, 1);
    if (last.data()) std::memcpy(result.slice(out, 1).data(), last.data(), last.bytes());
    ++out;
  }
  return result;
}

}  // namespace octavo
