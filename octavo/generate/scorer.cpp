#include "octavo/generate/scorer.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "octavo/base/error.h"

namespace octavo {
namespace {

using Tokens = std::span<const int32_t>;

void check(const GPT& model, std::span<const std::vector<int32_t>> texts,
           const ScoreOptions& options) {
  constexpr auto kUsage = ErrorKind::usage;
  const ModelConfig& config = model.config();
  require(kUsage, options.batch_rows >= 1 && options.chunk_rows >= 0,
          "[score] batches of {} rows in chunks of {} cannot be", options.batch_rows,
          options.chunk_rows);
  for (size_t i = 0; i < texts.size(); ++i) {
    require(kUsage, static_cast<int64_t>(texts[i].size()) <= config.context + 1,
            "[score] text {} has {} tokens, the model's context is {}", i, texts[i].size(),
            config.context);
    for (const int32_t token : texts[i])
      require(kUsage, token >= 0 && token < config.vocabulary,
              "[score] token {} of text {} is outside the vocabulary of {}", token, i,
              config.vocabulary);
  }
}

/// log p of each target, one for each row of the batch.
std::vector<float> log_probabilities(const GPT& model, const Batch& batch,
                                     const std::vector<int32_t>& targets) {
  Tape tape(Recording::off);
  const Tensor losses =
      model.losses(tape, batch, Tensor::of<int32_t>({batch.rows()}, std::span(targets))).data();
  std::vector<float> result;
  for (const float loss : losses.as<float>()) result.push_back(-loss);
  return result;
}

/// The texts in one batch, each without its last token, which predicts nothing.
void score_together(const GPT& model, std::span<const std::vector<int32_t>> texts,
                    std::span<std::vector<float>> scores) {
  std::vector<Tokens> sequences;
  std::vector<int32_t> targets;
  for (const std::vector<int32_t>& text : texts) {
    if (text.size() < 2) continue;
    sequences.push_back(Tokens(text).first(text.size() - 1));
    targets.insert(targets.end(), text.begin() + 1, text.end());
  }
  if (sequences.empty()) return;
  const std::vector<float> all = log_probabilities(model, Batch::of_sequences(sequences), targets);
  auto next = all.begin();
  for (size_t i = 0; i < texts.size(); ++i) {
    const auto count = static_cast<std::ptrdiff_t>(texts[i].empty() ? 0 : texts[i].size() - 1);
    scores[i].insert(scores[i].end(), next, next + count);
    next += count;
  }
}

/// One text, piece after piece through a cache.
void score_in_chunks(const GPT& model, const std::vector<int32_t>& text, int64_t chunk_rows,
                     std::vector<float>& scores) {
  if (text.size() < 2) return;
  const size_t rows = text.size() - 1;
  KeyValueCaches caches(model.config(), model.precision(), static_cast<int64_t>(rows));
  for (size_t first = 0; first < rows; first += static_cast<size_t>(chunk_rows)) {
    const size_t count = std::min(static_cast<size_t>(chunk_rows), rows - first);
    const std::vector<int32_t> targets(
        text.begin() + static_cast<std::ptrdiff_t>(first) + 1,
        text.begin() + static_cast<std::ptrdiff_t>(first + count) + 1);
    const Batch batch = Batch::of_sequence(Tokens(text).subspan(first, count), &caches);
    const std::vector<float> piece = log_probabilities(model, batch, targets);
    scores.insert(scores.end(), piece.begin(), piece.end());
  }
}

}  // namespace

std::vector<std::vector<float>> score(
    const GPT& model, std::span<const std::vector<int32_t>> texts, const ScoreOptions& options,
    const std::function<void(size_t, const std::vector<float>&)>& on_text) {
  check(model, texts, options);
  std::vector<std::vector<float>> scores(texts.size());
  for (size_t i = 0; i < texts.size(); ++i)
    if (!texts[i].empty()) scores[i].push_back(std::numeric_limits<float>::quiet_NaN());

  for (size_t first = 0; first < texts.size();) {
    size_t last = first;
    if (options.chunk_rows > 0) {
      score_in_chunks(model, texts[last], options.chunk_rows, scores[last]);
      ++last;
    } else {
      int64_t rows = 0;
      do {
        rows += static_cast<int64_t>(texts[last++].size());
      } while (last < texts.size() &&
               rows + static_cast<int64_t>(texts[last].size()) <= options.batch_rows);
      score_together(model, texts.subspan(first, last - first),
                     std::span(scores).subspan(first, last - first));
    }
    if (on_text)
      for (size_t i = first; i < last; ++i) on_text(i, scores[i]);
    first = last;
  }
  return scores;
}

}  // namespace octavo
