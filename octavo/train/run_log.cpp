#include "octavo/train/run_log.h"

#include <filesystem>
#include <limits>
#include <string_view>

#include "octavo/base/error.h"
#include "octavo/base/json.h"

namespace octavo {
namespace {

namespace fs = std::filesystem;

// Calls use(line) for each whole line until it returns false; returns the bytes of the lines used.
template <class Use>
int64_t for_each_line(std::string_view text, Use use) {
  size_t used = 0;
  for (size_t end; (end = text.find('\n', used)) != text.npos; used = end + 1)
    if (!use(text.substr(used, end - used))) break;
  return static_cast<int64_t>(used);
}

// Bytes of the lines that belong to steps up to `step`. Whatever follows the first line that is not
// whole is cut with it: these logs decide nothing.
int64_t bytes_until(const fs::path& path, int64_t step) {
  if (!fs::exists(path)) return 0;
  return for_each_line(MappedFile(path).text(), [&](std::string_view line) {
    try {
      return Json::parse(line, path.string()).at("step").integer() <= step;
    } catch (const Error&) {
      return false;
    }
  });
}

void read_metrics(std::string_view text, const fs::path& path, RunHistory& history) {
  for_each_line(text, [&](std::string_view line) {
    const Json json = Json::parse(line, path.string());
    const int64_t step = json.at("step").integer(), tokens = json.at("tokens").integer();
    if (const Json* loss = json.find("validation_loss")) {
      history.validations.push_back(
          {step, tokens, loss->number(), json.at("validation_tokens").integer(), 0});
    } else {
      history.steps.push_back({.step = step,
                               .tokens = tokens,
                               .sequences = json.at("sequences").integer(),
                               .loss = json.at("loss").number(),
                               .learning_rate = json.at("learning_rate").number(),
                               .gradient_norm = json.at("gradient_norm").number()});
    }
    return true;
  });
}

// Steps without a line of timing (it was lost) keep NaN, which a plot leaves out.
void read_timing(std::string_view text, const fs::path& path, RunHistory& history) {
  for (StepRecord& record : history.steps)
    record.seconds = record.tokens_per_second = record.fraction_of_peak =
        std::numeric_limits<double>::quiet_NaN();
  size_t i = 0;
  for_each_line(text, [&](std::string_view line) {
    const Json json = Json::parse(line, path.string());
    const Json* rate = json.find("tokens_per_second");
    const int64_t step = json.at("step").integer();
    while (i < history.steps.size() && history.steps[i].step < step) ++i;
    if (!rate || i == history.steps.size() || history.steps[i].step != step) return true;
    history.steps[i].seconds = json.at("seconds").number();
    history.steps[i].tokens_per_second = rate->number();
    history.steps[i].fraction_of_peak = json.at("fraction_of_peak").number();
    return true;
  });
}

void read_samples(std::string_view text, const fs::path& path, RunHistory& history) {
  for_each_line(text, [&](std::string_view line) {
    const Json json = Json::parse(line, path.string());
    history.samples.push_back(
        {json.at("step").integer(), json.at("prompt").text(), json.at("text").text()});
    return true;
  });
}

}  // namespace

RunLog::RunLog(const RunFolder& folder, LogPosition position)
    : metrics_(folder.metrics(), position.metrics_bytes),
      timing_(folder.timing(), bytes_until(folder.timing(), position.step)),
      samples_(folder.samples(), bytes_until(folder.samples(), position.step)),
      events_(folder.directory()) {
  read_metrics(MappedFile(folder.metrics()).text(), folder.metrics(), history_);
  read_timing(MappedFile(folder.timing()).text(), folder.timing(), history_);
  read_samples(MappedFile(folder.samples()).text(), folder.samples(), history_);
}

void RunLog::add(const StepRecord& record) {
  metrics_.append(Json::object({{"step", record.step},
                                {"tokens", record.tokens},
                                {"loss", record.loss},
                                {"learning_rate", record.learning_rate},
                                {"gradient_norm", record.gradient_norm},
                                {"sequences", record.sequences}})
                      .dump());
  timing_.append(Json::object({{"step", record.step},
                               {"seconds", record.seconds},
                               {"tokens_per_second", record.tokens_per_second},
                               {"fraction_of_peak", record.fraction_of_peak}})
                     .dump());
  events_.scalar("loss/training", record.step, record.loss);
  events_.scalar("learning rate", record.step, record.learning_rate);
  events_.scalar("gradient norm", record.step, record.gradient_norm);
  events_.scalar("speed/tokens per second", record.step, record.tokens_per_second);
  events_.scalar("speed/share of peak", record.step, record.fraction_of_peak);
  history_.steps.push_back(record);
}

void RunLog::add(const ValidationRecord& record) {
  metrics_.append(Json::object({{"step", record.step},
                                {"tokens", record.tokens},
                                {"validation_loss", record.loss},
                                {"validation_tokens", record.loss_tokens}})
                      .dump());
  timing_.append(
      Json::object({{"step", record.step}, {"validation_seconds", record.seconds}}).dump());
  events_.scalar("loss/validation", record.step, record.loss);
  history_.validations.push_back(record);
}

void RunLog::add(const SampleRecord& record) {
  samples_.append(
      Json::object({{"step", record.step}, {"prompt", record.prompt}, {"text", record.text}})
          .dump());
  history_.samples.push_back(record);
}

LogPosition RunLog::sync() {
  metrics_.sync();
  timing_.sync();
  samples_.sync();
  events_.flush();
  return {history_.steps.empty() ? 0 : history_.steps.back().step, metrics_.size()};
}

}  // namespace octavo
