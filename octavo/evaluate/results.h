// Results of an evaluation: what was evaluated how, and the figures of each task for each number of
// shots; as JSON, read back to be compared. Tested by tests/evaluate/results_test.cpp.
//
//     {"model": {"name", "path", "parameters", …}, "settings": {…},
//      "results": [{"task", "file", "hash", "shots", "items", "accuracy", "standard_error", …}, …]}
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "octavo/base/json.h"
#include "octavo/evaluate/runner.h"
#include "octavo/report/plot.h"

namespace octavo {

struct TaskResult {
  std::string task, file, hash;
  int64_t shots = 0;
  int64_t items = 0;
  std::vector<Figure> figures;

  /// Null if it was not measured.
  const Figure* find(std::string_view name) const;
};

/// A share with its standard error.
struct Accuracy {
  double value = 0, error = 0;
};

struct EvaluationResults {
  std::string model;       ///< its name
  int64_t parameters = 0;  ///< of the model
  Json about_model, settings;
  std::vector<TaskResult> results;

  std::string model_and_size() const;      ///< "small (445k)"
  std::vector<std::string> tasks() const;  ///< each once, in order
  std::vector<int64_t> shots() const;      ///< each once, ascending
  /// Task, shots, the file's hash and items of every result: what must be alike to compare.
  using Asked = std::set<std::tuple<std::string, int64_t, std::string, int64_t>>;
  Asked asked() const;
  /// Of a task at a number of shots, or nothing.
  std::optional<Accuracy> accuracy(std::string_view task, int64_t shots,
                                   std::string_view measure = "accuracy") const;
  /// The mean over all tasks, if each has it.
  std::optional<Accuracy> mean_accuracy(int64_t shots, std::string_view measure = "accuracy") const;

  /// With these tasks alone. Throws `data` if one is missing.
  EvaluationResults only(std::span<const std::string> names) const;

  Json as_json() const;
  /// Throws `data`, naming what is missing.
  static EvaluationResults read(const std::filesystem::path& path);
};

/// What a mean is of: "mean over 5 tasks", or the name of the only one.
std::string title_of(const std::vector<std::string>& tasks);

/// Accuracy in per cent against the number of shots: a line for each task.
Plot plot_of_tasks(const EvaluationResults& results);
/// The mean accuracy over the tasks: a line for each model, with its size. Throws `data` unless all
/// were asked the same.
Plot plot_of_models(std::span<const EvaluationResults> models);

}  // namespace octavo
