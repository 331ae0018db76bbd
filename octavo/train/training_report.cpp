#include "octavo/train/training_report.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "octavo/base/text.h"
#include "octavo/report/page.h"

namespace octavo {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

constexpr size_t kSamplesShown = 12;

template <class Record>
PlotSeries series(std::string name, const std::vector<Record>& records, double Record::*value) {
  PlotSeries series{.name = std::move(name)};
  for (const Record& record : records) {
    series.x.push_back(static_cast<double>(record.step));
    series.y.push_back(record.*value);
  }
  return series;
}

PlotSeries smoothed(PlotSeries series) {
  series.smoothing = std::max(1.0, static_cast<double>(series.x.size()) / 50);
  return series;
}

const PlotAxis kSteps{.label = "step"};

Plot loss_plot(std::string title, const RunHistory& history) {
  Plot loss{std::move(title), kSteps, {.label = "nats per token"}, {}};
  loss.series.push_back(smoothed(series("training", history.steps, &StepRecord::loss)));
  if (!history.validations.empty()) {
    loss.series.push_back(series("validation", history.validations, &ValidationRecord::loss));
    loss.series.back().markers = true;
  }
  return loss;
}

std::vector<Plot> plots_of(const RunHistory& history) {
  const auto& steps = history.steps;
  std::vector<Plot> plots{loss_plot("Loss", history)};
  const auto add = [&](const char* title, const char* unit, PlotSeries one) {
    Plot plot{title, kSteps, {.label = unit, .minimum = 0}, {}};
    plot.series.push_back(std::move(one));
    plots.push_back(std::move(plot));
  };
  add("Learning rate", "", series("learning rate", steps, &StepRecord::learning_rate));
  add("Gradient norm", "before the clip",
      smoothed(series("norm", steps, &StepRecord::gradient_norm)));
  add("Speed", "tokens per second",
      smoothed(series("tokens/s", steps, &StepRecord::tokens_per_second)));
  PlotSeries share = series("share", steps, &StepRecord::fraction_of_peak);
  for (double& value : share.y) value *= 100;
  add("Share of peak", "% of the machine's measured peak", smoothed(std::move(share)));
  return plots;
}

Pairs figures_of(const Recipe& recipe, const RunHistory& history) {
  Pairs figures;
  const auto parameters = count_parameters(recipe.model.config);
  figures.emplace_back("parameters", human_count(static_cast<double>(parameters.total())));
  if (history.steps.empty()) return figures;
  const StepRecord& last = history.steps.back();
  figures.emplace_back("step", fmt::format("{} of {}", last.step, recipe.train.steps));
  figures.emplace_back("tokens", human_count(static_cast<double>(last.tokens)));
  figures.emplace_back("training loss", fmt::format("{:.4f}", last.loss));
  if (!history.validations.empty()) {
    const ValidationRecord& validation = history.validations.back();
    figures.emplace_back("validation loss", fmt::format("{:.4f}", validation.loss));
    if (validation.bytes > 0)
      figures.emplace_back("bits per byte", fmt::format("{:.4f}", validation.bits_per_byte()));
  }
  double seconds = 0;
  for (const StepRecord& record : history.steps)
    if (std::isfinite(record.seconds)) seconds += record.seconds;
  figures.emplace_back("time in steps", human_seconds(seconds));
  return figures;
}

void add_data(Page& page, const Batches& data, double tokens) {
  page.section("Data");
  const std::vector<std::string> header{"source", "training tokens", "validation tokens",
                                        "proportion", "epochs seen"};
  std::vector<std::vector<std::string>> rows;
  const auto counts = data.counts();
  for (size_t i = 0; i < counts.size(); ++i)
    rows.push_back({counts[i].name, fmt::format("{}", counts[i].training_tokens),
                    fmt::format("{}", counts[i].validation_tokens),
                    fmt::format("{:.3f}", counts[i].proportion),
                    fmt::format("{:.2f}", data.epochs(i, tokens))});
  page.table(header, rows);
}

}  // namespace

std::string training_report(const Recipe& recipe, const RunHistory& history, const Batches& data) {
  const ModelConfig& model = recipe.model.config;
  Page page(recipe.name,
            fmt::format("{} layers, {} heads, width {}, context {}, {}", model.layers, model.heads,
                        model.width, model.context, name_of(recipe.train.precision)));
  page.figures(figures_of(recipe, history));
  if (!history.steps.empty()) page.section("Curves").plots(plots_of(history));
  if (!history.samples.empty()) {
    page.section("Samples");
    const size_t shown = std::min(kSamplesShown, history.samples.size());
    for (size_t i = history.samples.size(); i-- > history.samples.size() - shown;) {
      const SampleRecord& sample = history.samples[i];
      page.sample(fmt::format("step {}", sample.step), sample.prompt + sample.text);
    }
  }
  const double tokens =
      history.steps.empty() ? 0 : static_cast<double>(history.steps.back().tokens);
  add_data(page, data, tokens);
  page.section("Recipe").sample("as run, with every default filled in", recipe.as_run);
  return page.html();
}

std::string loss_curve(const Recipe& recipe, const RunHistory& history) {
  return draw_plot(loss_plot("Loss of " + recipe.name, history), PlotStyle::own);
}

}  // namespace octavo
