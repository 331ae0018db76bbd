#include "octavo/generate/continuation_scorer.h"

#include <algorithm>
#include <cstring>
#include <optional>

#include "octavo/base/error.h"
#include "octavo/base/threads.h"
#include "octavo/ops/cross_entropy.h"

namespace octavo {
namespace {

using Tokens = std::span<const int32_t>;

// Logits in memory at once: small enough to stay near the processor, enough rows for full speed.
constexpr int64_t kLogits = int64_t{4} << 20;
constexpr int64_t kLeastRows = 64;

size_t longest(const ContinuationRequest& request) {
  size_t length = 0;
  for (const auto& one : request.continuations) length = std::max(length, one.size());
  return length;
}

void check(const GPT& model, const ContinuationRequest& request) {
  constexpr auto kUsage = ErrorKind::usage;
  const ModelConfig& config = model.config();
  const auto check_tokens = [&](Tokens tokens, std::string_view what) {
    require(kUsage, !tokens.empty(), "[score] a {} is empty", what);
    for (const int32_t token : tokens)
      require(kUsage, token >= 0 && token < config.vocabulary,
              "[score] token {} of a {} is outside the vocabulary of {}", token, what,
              config.vocabulary);
  };
  check_tokens(request.prompt, "prompt");
  for (const auto& one : request.continuations) check_tokens(one, "continuation");
  require(kUsage,
          static_cast<int64_t>(request.prompt.size() + longest(request)) <= config.context + 1,
          "[score] {} tokens and a continuation of {} do not fit the model's context of {}",
          request.prompt.size(), longest(request), config.context);
}

/// Requests computed together: one pass over the prompts, then one for each further continuation.
class ContinuationBatch {
 public:
  ContinuationBatch(const GPT& model, std::span<const ContinuationRequest> requests,
                    std::span<ContinuationScores> scores, int64_t vocabulary)
      : model_(model),
        requests_(requests),
        scores_(scores),
        vocabulary_(static_cast<size_t>(vocabulary)) {}

  void run() {
    caches_.resize(requests_.size());
    for (size_t i = 0; i < requests_.size(); ++i) read_prompt(i);
    compute();
    size_t most = 0;
    for (const auto& request : requests_) most = std::max(most, request.continuations.size());
    for (size_t number = 0; number < most; ++number) {
      for (size_t i = 0; i < requests_.size(); ++i) read_continuation(i, number);
      compute();
    }
  }

 private:
  /// A row of the pass, and the token after it that is asked for.
  struct Wanted {
    int64_t row;
    int32_t target;
    TokenScore* score;
  };

  /// The only continuation follows its prompt at once; several share the prompt's cache.
  void read_prompt(size_t i) {
    const ContinuationRequest& request = requests_[i];
    const size_t count = request.continuations.size();
    if (count == 0) return;
    std::vector<int32_t> tokens = request.prompt;
    const int64_t last = rows_ + static_cast<int64_t>(tokens.size()) - 1;
    if (count == 1) {
      const auto& only = request.continuations.front();
      tokens.insert(tokens.end(), only.begin(), only.end() - 1);
    } else {
      caches_[i].emplace(model_.config(), model_.precision(),
                         static_cast<int64_t>(request.prompt.size() + longest(request)) - 1);
    }
    for (size_t number = 0; number < count; ++number) {
      const auto& one = request.continuations[number];
      scores_[i].emplace_back(one.size());
      const size_t known = count == 1 ? one.size() : 1;
      for (size_t t = 0; t < known; ++t)
        wanted_.push_back({last + static_cast<int64_t>(t), one[t], &scores_[i][number][t]});
    }
    add(std::move(tokens), caches_[i] ? &*caches_[i] : nullptr);
  }

  /// Of one of several, all but the first token are still to be scored.
  void read_continuation(size_t i, size_t number) {
    const auto& continuations = requests_[i].continuations;
    if (!caches_[i] || number >= continuations.size() || continuations[number].size() < 2) return;
    const auto& one = continuations[number];
    caches_[i]->truncate(static_cast<int64_t>(requests_[i].prompt.size()));
    for (size_t t = 1; t < one.size(); ++t)
      wanted_.push_back({rows_ + static_cast<int64_t>(t) - 1, one[t], &scores_[i][number][t]});
    add({one.begin(), one.end() - 1}, &*caches_[i]);
  }

  void add(std::vector<int32_t> tokens, KeyValueCaches* caches) {
    rows_ += static_cast<int64_t>(tokens.size());
    sequences_.push_back(std::move(tokens));
    used_.push_back(caches);
  }

  /// One forward pass over what was added; the wanted rows are scored tile by tile.
  void compute() {
    if (sequences_.empty()) return;
    const std::vector<Tokens> sequences(sequences_.begin(), sequences_.end());
    Tape tape(Recording::off);
    const Tensor hidden = model_.hidden(tape, Batch::of_sequences(sequences, used_)).data();
    const int64_t tile = std::max(kLogits / model_.config().vocabulary, kLeastRows);
    for (size_t first = 0; first < wanted_.size(); first += static_cast<size_t>(tile))
      score_rows(hidden, std::span(wanted_).subspan(
                             first, std::min(static_cast<size_t>(tile), wanted_.size() - first)));
    rows_ = 0;
    sequences_.clear(), used_.clear(), wanted_.clear();
  }

  void score_rows(const Tensor& hidden, std::span<const Wanted> wanted) const {
    const auto count = static_cast<int64_t>(wanted.size());
    const Tensor rows({count, hidden.columns()}, hidden.type());
    std::vector<int32_t> targets;
    for (int64_t row = 0; row < count; ++row) {
      const Wanted& one = wanted[static_cast<size_t>(row)];
      const Tensor from = hidden.slice(one.row, 1);
      std::memcpy(rows.slice(row, 1).data(), from.data(), from.bytes());
      targets.push_back(one.target);
    }
    const Tensor logits = model_.logits(rows);  // [count, V]
    const Tensor losses = cross_entropy_of_logits(
        logits, Tensor::of<int32_t>({count}, std::span<const int32_t>(targets)));
    parallel_for(count, [&](int64_t row) {
      const Wanted& one = wanted[static_cast<size_t>(row)];
      const auto competing = logits.slice(row, 1).as<float>().first(vocabulary_);
      *one.score = {-losses.as<float>()[static_cast<size_t>(row)],
                    is_greedy(competing, static_cast<size_t>(one.target))};
    });
  }

  static bool is_greedy(std::span<const float> logits, size_t target) {
    if (target >= logits.size()) return false;
    const float chosen = logits[target];
    return std::ranges::all_of(logits.first(target), [=](float x) { return x < chosen; }) &&
           std::ranges::all_of(logits.subspan(target), [=](float x) { return x <= chosen; });
  }

  const GPT& model_;
  std::span<const ContinuationRequest> requests_;
  std::span<ContinuationScores> scores_;
  size_t vocabulary_;
  std::vector<std::optional<KeyValueCaches>> caches_;

  // The pass that is being put together.
  std::vector<std::vector<int32_t>> sequences_;
  std::vector<KeyValueCaches*> used_;
  std::vector<Wanted> wanted_;
  int64_t rows_ = 0;
};

}  // namespace

std::vector<ContinuationScores> score_continuations(const GPT& model,
                                                    std::span<const ContinuationRequest> requests,
                                                    int64_t vocabulary, int64_t batch_rows) {
  require(ErrorKind::usage, batch_rows >= 1, "[score] batches of {} rows cannot be", batch_rows);
  for (const ContinuationRequest& request : requests) check(model, request);
  const auto rows_of = [&](size_t i) {
    return static_cast<int64_t>(requests[i].prompt.size() + longest(requests[i]));
  };
  const int64_t all = model.config().vocabulary;
  std::vector<ContinuationScores> scores(requests.size());
  for (size_t first = 0, last = 0; first < requests.size(); first = last) {
    int64_t rows = 0;
    do {
      rows += rows_of(last++);
    } while (last < requests.size() && rows + rows_of(last) <= batch_rows);
    ContinuationBatch(model, requests.subspan(first, last - first),
                      std::span(scores).subspan(first, last - first),
                      vocabulary > 0 ? std::min(vocabulary, all) : all)
        .run();
  }
  return scores;
}

}  // namespace octavo
