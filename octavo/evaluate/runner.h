// Runner: puts the questions of any number of tasks to a model and sums up what they make of the
// answers.
//
// Documents of all tasks go through together, some hundreds at a time, so that small tasks share
// batches and memory stays bounded. Batches change speed, never a number. Tested by
// tests/evaluate/runner_test.cpp.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "octavo/evaluate/task.h"
#include "octavo/tokenizer/tokenizer.h"

namespace octavo {

/// A measure summed over a task's documents.
struct Figure {
  std::string name;
  MeasureKind kind;
  double amount = 0, weight = 0;

  double value() const;           ///< a share, mean or count
  double standard_error() const;  ///< of a share (binomial)
};

struct RunnerOptions {
  int64_t batch = 64;  ///< documents computed together, at most
};

struct RunnerEvents {
  /// So many documents are done; with a fraction, since their questions are many.
  std::function<void(double documents)> on_progress{};
  /// In order of tasks and documents.
  std::function<void(size_t task, size_t document, const Judgement&)> on_judgement{};
};

/// [task]: its figures, in the order of its measures. Throws as Generator and score_continuations.
std::vector<std::vector<Figure>> run_tasks(const GPT& model, const Tokenizer& tokenizer,
                                           std::span<const Task* const> tasks,
                                           const RunnerOptions& options = {},
                                           const RunnerEvents& events = {});

}  // namespace octavo
