#include "octavo/generate/token_score.h"

#include <algorithm>
#include <cstring>

#include "octavo/base/threads.h"
#include "octavo/ops/cross_entropy.h"

namespace octavo {
namespace {

// Logits in memory at once: small enough to stay near the processor, enough rows for full speed.
constexpr int64_t kLogits = int64_t{4} << 20;
constexpr int64_t kLeastRows = 64;

bool is_greedy(std::span<const float> logits, size_t token) {
  if (token >= logits.size()) return false;
  const float chosen = logits[token];
  return std::ranges::all_of(logits.first(token), [=](float x) { return x < chosen; }) &&
         std::ranges::all_of(logits.subspan(token), [=](float x) { return x <= chosen; });
}

void score_tile(const GPT& model, const Tensor& hidden, std::span<const ScoredRow> rows,
                int64_t competing) {
  std::vector<int64_t> numbers;
  std::vector<int32_t> tokens;
  for (const ScoredRow& one : rows) numbers.push_back(one.row), tokens.push_back(one.token);
  const auto count = static_cast<int64_t>(rows.size());
  const Tensor logits = model.logits(gathered(hidden, numbers));  // [count, V]
  const Tensor losses = cross_entropy_of_logits(
      logits, Tensor::of<int32_t>({count}, std::span<const int32_t>(tokens)));
  parallel_for(count, [&](int64_t i) {
    const ScoredRow& one = rows[static_cast<size_t>(i)];
    const auto all = logits.slice(i, 1).as<float>();
    *one.score = {
        -losses.as<float>()[static_cast<size_t>(i)],
        is_greedy(all.first(static_cast<size_t>(competing)), static_cast<size_t>(one.token))};
  });
}

}  // namespace

void score_rows(const GPT& model, const Tensor& hidden, std::span<const ScoredRow> rows,
                int64_t competing) {
  const auto tile = static_cast<size_t>(std::max(kLogits / model.config().vocabulary, kLeastRows));
  for (size_t first = 0; first < rows.size(); first += tile)
    score_tile(model, hidden, rows.subspan(first, std::min(tile, rows.size() - first)), competing);
}

Tensor gathered(const Tensor& hidden, std::span<const int64_t> rows) {
  const Tensor result({static_cast<int64_t>(rows.size()), hidden.columns()}, hidden.type());
  for (size_t i = 0; i < rows.size(); ++i) {
    const Tensor row = hidden.slice(rows[i], 1);
    std::memcpy(result.slice(static_cast<int64_t>(i), 1).data(), row.data(), row.bytes());
  }
  return result;
}

}  // namespace octavo
