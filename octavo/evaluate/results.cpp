#include "octavo/evaluate/results.h"

#include <algorithm>
#include <cmath>

#include "octavo/base/error.h"
#include "octavo/base/files.h"
#include "octavo/base/text.h"

namespace octavo {
namespace {

constexpr size_t kMaximumFile = size_t{256} << 20;

/// "accuracy" → "standard_error", "choice_accuracy_per_byte" → "choice_standard_error_per_byte"
std::string error_name(std::string name) {
  constexpr std::string_view kAccuracy = "accuracy";
  const size_t at = name.find(kAccuracy);
  if (at == name.npos) return name + "_standard_error";
  return name.replace(at, kAccuracy.size(), "standard_error");
}

Json as_json(const TaskResult& result) {
  Json json = Json::object({{"task", result.task},
                            {"file", result.file},
                            {"hash", result.hash},
                            {"shots", result.shots},
                            {"items", result.items}});
  for (const Figure& figure : result.figures) {
    if (figure.kind == MeasureKind::count)
      json.set(figure.name, static_cast<int64_t>(figure.value()));
    else
      json.set(figure.name, figure.value());
    if (figure.kind == MeasureKind::share)
      json.set(error_name(figure.name), figure.standard_error());
  }
  return json;
}

/// What a comparison needs: the shares.
TaskResult result_of(const Json& json) {
  TaskResult result{json.at("task").text(),
                    json.at("file").text(),
                    json.at("hash").text(),
                    json.at("shots").integer(),
                    json.at("items").integer(1, INT64_MAX),
                    {}};
  for (const Json& member : json.members()) {
    const std::string name(member.key());
    if (name.find("accuracy") == name.npos) continue;
    const double share = member.number();
    require(share >= 0 && share <= 1, "{}: expected a share from 0 to 1, found {}", member.where(),
            share);
    const auto items = static_cast<double>(result.items);
    result.figures.push_back({name, MeasureKind::share, share * items, items});
  }
  require(result.find("accuracy"), "{}: expected the key \"accuracy\", found none", json.where());
  return result;
}

// Numbers of shots stand side by side, each as far from the next: most happens at the first.
Plot empty_plot(std::string title, const std::vector<int64_t>& shots) {
  Plot plot{std::move(title),
            {.label = "examples in context"},
            {.label = "accuracy (%)", .minimum = 0},
            {}};
  for (const int64_t count : shots) plot.x.names.push_back(std::to_string(count));
  return plot;
}

/// accuracy(shots) in per cent, where there is one.
template <class AccuracyAt>
PlotSeries series_of(std::string name, const std::vector<int64_t>& shots,
                     const AccuracyAt& accuracy) {
  PlotSeries series{.name = std::move(name), .markers = true};
  for (size_t i = 0; i < shots.size(); ++i)
    if (const std::optional<Accuracy> one = accuracy(shots[i])) {
      series.x.push_back(static_cast<double>(i));
      series.y.push_back(100 * one->value);
    }
  return series;
}

}  // namespace

const Figure* TaskResult::find(std::string_view name) const {
  const auto found = std::ranges::find(figures, name, &Figure::name);
  return found == figures.end() ? nullptr : &*found;
}

std::string EvaluationResults::model_and_size() const {
  return fmt::format("{} ({})", model, human_count(static_cast<double>(parameters)));
}

std::vector<std::string> EvaluationResults::tasks() const {
  std::vector<std::string> names;
  for (const TaskResult& result : results)
    if (std::ranges::find(names, result.task) == names.end()) names.push_back(result.task);
  return names;
}

std::vector<int64_t> EvaluationResults::shots() const {
  std::set<int64_t> numbers;
  for (const TaskResult& result : results) numbers.insert(result.shots);
  return {numbers.begin(), numbers.end()};
}

EvaluationResults::Asked EvaluationResults::asked() const {
  Asked all;
  for (const TaskResult& one : results) all.emplace(one.task, one.shots, one.hash, one.items);
  return all;
}

std::optional<Accuracy> EvaluationResults::accuracy(std::string_view task, int64_t shots,
                                                    std::string_view measure) const {
  for (const TaskResult& result : results) {
    if (result.task != task || result.shots != shots) continue;
    if (const Figure* figure = result.find(measure))
      return Accuracy{figure->value(), figure->standard_error()};
  }
  return {};
}

std::optional<Accuracy> EvaluationResults::mean_accuracy(int64_t shots,
                                                         std::string_view measure) const {
  double sum = 0, squares = 0;
  const std::vector<std::string> names = tasks();
  for (const std::string& task : names) {
    const auto one = accuracy(task, shots, measure);
    if (!one) return {};
    sum += one->value;
    squares += one->error * one->error;
  }
  const auto count = static_cast<double>(names.size());
  return Accuracy{sum / count, std::sqrt(squares) / count};
}

Json EvaluationResults::as_json() const {
  Json list = Json::array();
  for (const TaskResult& result : results) list.append(octavo::as_json(result));
  return Json::object(
      {{"model", about_model}, {"settings", settings}, {"results", std::move(list)}});
}

EvaluationResults EvaluationResults::read(const std::filesystem::path& path) {
  const Json json =
      Json::parse(read_file(path, kMaximumFile), path.string(), {.memory_limit = kMaximumFile});
  EvaluationResults read;
  read.about_model = json.at("model");
  read.settings = json.at("settings");
  read.model = read.about_model.at("name").text();
  read.parameters = read.about_model.at("parameters").integer();
  for (const Json& result : json.at("results").items()) read.results.push_back(result_of(result));
  require(!read.results.empty(), "{}: expected results, found none", path.string());
  return read;
}

EvaluationResults EvaluationResults::only(std::span<const std::string> names) const {
  const std::vector<std::string> there = tasks();
  for (const std::string& name : names)
    require(std::ranges::find(there, name) != there.end(), "{}: there is no task \"{}\"{}", model,
            name, did_you_mean(name, there));
  EvaluationResults some = *this;
  std::erase_if(some.results, [&](const TaskResult& one) {
    return std::ranges::find(names, one.task) == names.end();
  });
  return some;
}

std::string title_of(const std::vector<std::string>& tasks) {
  return tasks.size() == 1 ? tasks[0]
                           : "mean over " + counted(static_cast<int64_t>(tasks.size()), "task");
}

Plot plot_of_tasks(const EvaluationResults& results) {
  const std::vector<int64_t> shots = results.shots();
  Plot plot = empty_plot(fmt::format("{}: accuracy by number of examples", results.model), shots);
  for (const std::string& task : results.tasks())
    plot.series.push_back(
        series_of(task, shots, [&](int64_t count) { return results.accuracy(task, count); }));
  return plot;
}

Plot plot_of_models(std::span<const EvaluationResults> models) {
  const EvaluationResults& first = models.front();
  const std::vector<int64_t> shots = first.shots();
  Plot plot = empty_plot("Accuracy by number of examples: " + title_of(first.tasks()), shots);
  for (const EvaluationResults& one : models) {
    require(one.asked() == first.asked(),
            "{} and {} were evaluated on other tasks, files, items or shots: expected the same to "
            "compare them",
            first.model, one.model);
    plot.series.push_back(series_of(one.model_and_size(), shots,
                                    [&](int64_t count) { return one.mean_accuracy(count); }));
  }
  return plot;
}

}  // namespace octavo
