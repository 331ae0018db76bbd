// Task: what every kind of evaluation is to the runner (runner.h).
//
// A task is a list of documents. Each becomes questions to a model (texts to continue greedily,
// continuations to weigh), whose answers it judges; the judgements' measures are summed over its
// documents. Few-shot completion is one kind (few_shot_task.h); multiple choice and perplexity over
// windows ask the same two questions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "octavo/base/json.h"
#include "octavo/generate/continuation_scorer.h"

namespace octavo {

/// A text to be continued, always by the likeliest token.
struct GreedyRequest {
  std::vector<int32_t> prompt;
  int64_t max_tokens = 1;
  std::vector<std::string> stop;
};

struct Questions {
  std::vector<GreedyRequest> greedy{};
  std::vector<ContinuationRequest> weighed{};
  bool shortened = false;  ///< the prompt did not fit the context as it was meant to be
};

struct Answers {
  std::vector<std::string> greedy;          ///< texts, cut before the stop text
  std::vector<ContinuationScores> weighed;  ///< [request][continuation][token]
};

enum class MeasureKind {
  share,  ///< of the documents that something holds for: has a standard error
  mean,   ///< Σ amount / Σ weight
  count,  ///< Σ amount
};

/// What one document adds to a figure of its task.
struct Measure {
  std::string_view name;
  MeasureKind kind;
  double amount;
  double weight = 1;
};

struct Judgement {
  std::vector<Measure> measures;  ///< a name that a document lacks is not counted for it
  Json sample;                    ///< what was asked and answered, for people to read
};

class Task {
 public:
  virtual ~Task() = default;

  virtual size_t size() const = 0;  ///< documents
  virtual Questions ask(size_t document) const = 0;
  /// `questions` are those that it asked.
  virtual Judgement judge(size_t document, const Questions& questions,
                          const Answers& answers) const = 0;
};

}  // namespace octavo
