#include "octavo/evaluate/runner.h"

#include <algorithm>
#include <cmath>

#include "octavo/base/error.h"
#include "octavo/generate/generator.h"

namespace octavo {
namespace {

// Documents whose questions are in memory at once: many batches of them, so that those that end
// early leave few places idle.
constexpr size_t kTogether = 512;

/// A document under way.
struct Asked {
  size_t task, document;
  Questions questions;
  Answers answers{};
};

class Runner {
 public:
  Runner(const GPT& model, const Tokenizer& tokenizer, std::span<const Task* const> tasks,
         const RunnerOptions& options, const RunnerEvents& events)
      : model_(model),
        tokenizer_(tokenizer),
        tasks_(tasks),
        options_(options),
        events_(events),
        figures_(tasks.size()) {}

  std::vector<std::vector<Figure>> run() {
    for (size_t task = 0; task < tasks_.size(); ++task)
      for (size_t document = 0; document < tasks_[task]->size(); ++document) {
        asked_.push_back({task, document, tasks_[task]->ask(document)});
        if (asked_.size() == kTogether) answer();
      }
    answer();
    return std::move(figures_);
  }

 private:
  void answer() {
    questions_ = answered_ = 0;
    for (const Asked& one : asked_)
      questions_ += one.questions.greedy.size() + one.questions.weighed.size();
    continue_texts();
    weigh();
    for (const Asked& one : asked_) judge(one);
    done_ += static_cast<double>(asked_.size());
    asked_.clear();
  }

  void continue_texts() {
    std::vector<GenerationRequest> requests;
    std::vector<Asked*> owners;
    for (Asked& one : asked_)
      for (const GreedyRequest& request : one.questions.greedy) {
        requests.push_back({.prompt = request.prompt,
                            .sampling = {.temperature = 0},
                            .max_tokens = request.max_tokens,
                            .stop = request.stop});
        owners.push_back(&one);
      }
    const GenerationResult result = Generator(model_, &tokenizer_, {.streams = options_.batch})
                                        .generate(requests, [&](const GeneratedPiece& piece) {
                                          if (piece.finish) count_answered(1);
                                        });
    for (size_t i = 0; i < owners.size(); ++i)
      owners[i]->answers.greedy.push_back(result.continuations[i].front().text);
  }

  void weigh() {
    std::vector<ContinuationRequest> requests;
    std::vector<Asked*> owners;
    const auto score_pending = [&] {
      std::vector<ContinuationScores> scores =
          score_continuations(model_, requests, tokenizer_.vocabulary_size());
      for (size_t i = 0; i < owners.size(); ++i)
        owners[i]->answers.weighed.push_back(std::move(scores[i]));
      count_answered(requests.size());
      requests.clear(), owners.clear();
    };
    for (Asked& one : asked_)
      for (const ContinuationRequest& request : one.questions.weighed) {
        requests.push_back(request);
        owners.push_back(&one);
        if (static_cast<int64_t>(requests.size()) == options_.batch) score_pending();
      }
    score_pending();
  }

  void judge(const Asked& one) {
    const Judgement judgement = tasks_[one.task]->judge(one.document, one.questions, one.answers);
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

  void count_answered(size_t more) {
    answered_ += more;
    if (questions_ == 0 || !events_.on_progress) return;
    const double share = static_cast<double>(answered_) / static_cast<double>(questions_);
    events_.on_progress(done_ + share * static_cast<double>(asked_.size()));
  }

  const GPT& model_;
  const Tokenizer& tokenizer_;
  std::span<const Task* const> tasks_;
  const RunnerOptions& options_;
  const RunnerEvents& events_;
  std::vector<std::vector<Figure>> figures_;
  std::vector<Asked> asked_;
  size_t questions_ = 0, answered_ = 0;  // of asked_
  double done_ = 0;                      // documents before asked_
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
