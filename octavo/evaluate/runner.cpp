#include "octavo/evaluate/runner.h"

#include <algorithm>
#include <cmath>

#include "octavo/base/error.h"

namespace octavo {
namespace {

// Documents whose questions are in memory at once: as many or several batches of them, so that
// those that end early leave few places idle.
constexpr size_t kTogether = 256, kBatchesTogether = 4;

/// A document under way.
struct Asked {
  size_t task, document;
  Questions questions;
};

class Runner {
 public:
  Runner(const GPT& model, const Tokenizer& tokenizer, std::span<const Task* const> tasks,
         const RunnerOptions& options, const RunnerEvents& events)
      : generator_(model, &tokenizer, {.streams = options.batch}),
        tasks_(tasks),
        events_(events),
        together_(std::max(kTogether, kBatchesTogether * static_cast<size_t>(options.batch))),
        figures_(tasks.size()) {}

  std::vector<std::vector<Figure>> run() {
    for (size_t task = 0; task < tasks_.size(); ++task)
      for (size_t document = 0; document < tasks_[task]->size(); ++document) {
        asked_.push_back({task, document, tasks_[task]->ask(document)});
        if (asked_.size() == together_) answer();
      }
    answer();
    return std::move(figures_);
  }

 private:
  void answer() {
    std::vector<GenerationRequest> requests;
    for (Asked& one : asked_)
      requests.insert(requests.end(), one.questions.requests.begin(), one.questions.requests.end());
    int64_t samples = 0, ended = 0;
    for (const GenerationRequest& request : requests) samples += request.samples;
    GenerationResult result = generator_.generate(requests, [&](const GeneratedPiece& piece) {
      if (piece.finish) tell(static_cast<double>(++ended) / static_cast<double>(samples));
    });
    auto written = result.continuations.begin();
    auto weighed = result.weighed.begin();
    for (const Asked& one : asked_) {
      std::vector<Answer> answers;
      for (size_t i = 0; i < one.questions.requests.size(); ++i)
        answers.push_back({std::move(*written++), std::move(*weighed++)});
      judge(one, answers);
    }
    tell(1);
    done_ += static_cast<double>(asked_.size());
    asked_.clear();
  }

  void judge(const Asked& one, std::span<const Answer> answers) {
    const Judgement judgement = tasks_[one.task]->judge(one.document, one.questions, answers);
    for (const Measure& measure : judgement.measures) add(figures_[one.task], measure);
    if (events_.on_judgement) events_.on_judgement(one.task, one.document, judgement);
  }

  static void add(std::vector<Figure>& figures, const Measure& measure) {
    auto figure = std::ranges::find(figures, measure.name, &Figure::name);
    if (figure == figures.end())
      figure = figures.insert(figure, {std::string(measure.name), measure.kind});
    figure->amount += measure.amount;
    figure->weight += measure.weight;
  }

  /// So much of what was asked is answered.
  void tell(double share) const {
    if (events_.on_progress)
      events_.on_progress(done_ + share * static_cast<double>(asked_.size()));
  }

  const Generator generator_;
  std::span<const Task* const> tasks_;
  const RunnerEvents& events_;
  const size_t together_;
  std::vector<std::vector<Figure>> figures_;
  std::vector<Asked> asked_;
  double done_ = 0;  // documents before asked_
};

}  // namespace

double Figure::value() const {
  return kind == MeasureKind::count ? amount : weight > 0 ? amount / weight : 0;
}

double Figure::standard_error() const {
  return weight > 0 ? std::sqrt(value() * (1 - value()) / weight) : 0;
}

std::vector<std::vector<Figure>> run_tasks(const GPT& model, const Tokenizer& tokenizer,
                                           std::span<const Task* const> tasks,
                                           const RunnerOptions& options,
                                           const RunnerEvents& events) {
  require(ErrorKind::usage, options.batch >= 1, "[evaluate] batches of {} cannot be",
          options.batch);
  return Runner(model, tokenizer, tasks, options, events).run();
}

}  // namespace octavo
