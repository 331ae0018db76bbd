#include "octavo/train/run_log.h"

#include <filesystem>
#include <limits>
#include <string_view>

#include "octavo/base/error.h"
#include "octavo/base/json.h"

namespace octavo {
namespace {

namespace fs = std::filesystem;

// The lines of a log that can be read and belong to steps up to `step`; `read` takes each of them
// or throws. What is damaged is left out.
template <class Read>
std::string readable_lines(const fs::path& path, int64_t step, Read read) {
  std::string kept;
  if (!fs::exists(path)) return kept;
  const MappedFile file(path);
  const std::string_view text = file.text();
  size_t begin = 0;
  for (size_t end; (end = text.find('\n', begin)) != text.npos; begin = end + 1) {
    const std::string_view line = text.substr(begin, end - begin);
    try {
      const Json json = Json::parse(line, path.string());
      if (json.at("step").integer() > step) continue;
      read(json);
    } catch (const Error&) {
      continue;
    }
    kept.append(line) += '\n';
  }
  return kept;
}

std::string read_metrics(const fs::path& path, int64_t last, RunHistory& history) {
  return readable_lines(path, last, [&](const Json& json) {
    const int64_t step = json.at("step").integer(), tokens = json.at("tokens").integer();
    if (const Json* loss = json.find("validation_loss")) {
      const Json* bytes = json.find("validation_bytes");
      history.validations.push_back({.step = step,
                                     .tokens = tokens,
                                     .loss = loss->number(),
                                     .loss_tokens = json.at("validation_tokens").integer(),
                                     .bytes = bytes ? bytes->integer() : 0});
    } else {
      history.steps.push_back({.step = step,
                               .tokens = tokens,
                               .sequences = json.at("sequences").integer(),
                               .loss = json.at("loss").number(),
                               .learning_rate = json.at("learning_rate").number(),
                               .gradient_norm = json.at("gradient_norm").number()});
    }
  });
}

// Steps without a line of timing (it was lost) keep NaN, which a plot leaves out.
std::string read_timing(const fs::path& path, int64_t last, RunHistory& history) {
  for (StepRecord& record : history.steps)
    record.seconds = record.tokens_per_second = record.fraction_of_peak =
        std::numeric_limits<double>::quiet_NaN();
  size_t i = 0;
  return readable_lines(path, last, [&](const Json& json) {
    const Json* rate = json.find("tokens_per_second");
    const int64_t step = json.at("step").integer();
    while (i < history.steps.size() && history.steps[i].step < step) ++i;
    if (!rate || i == history.steps.size() || history.steps[i].step != step) return;
    history.steps[i].seconds = json.at("seconds").number();
    history.steps[i].tokens_per_second = rate->number();
    history.steps[i].fraction_of_peak = json.at("fraction_of_peak").number();
  });
}

std::string read_samples(const fs::path& path, int64_t last, RunHistory& history) {
  return readable_lines(path, last, [&](const Json& json) {
    history.samples.push_back(
        {json.at("step").integer(), json.at("prompt").text(), json.at("text").text()});
  });
}

}  // namespace

RunLog::RunLog(const RunFolder& folder, LogPosition position, const Report& report)
    : metrics_(open(folder.metrics(), read_metrics(folder.metrics(), position.step, history_))),
      timing_(open(folder.timing(), read_timing(folder.timing(), position.step, history_))),
      samples_(open(folder.samples(), read_samples(folder.samples(), position.step, history_))),
      events_(folder.directory(), position.step + 1) {
  if (report && metrics_.size() != position.metrics_bytes)
    report(LogLevel::warning,
           fmt::format("{}: expected {} bytes of lines up to step {}, found {} that can be read; "
                       "the run goes on behind them, its curves have a gap",
                       folder.metrics().string(), position.metrics_bytes, position.step,
                       metrics_.size()));
}

// The log with these lines alone, which it begins with unless it is damaged.
LineLog RunLog::open(const fs::path& path, const std::string& kept) {
  if (fs::exists(path) && !MappedFile(path).text().starts_with(kept)) write_file(path, kept);
  return LineLog(path, static_cast<int64_t>(kept.size()));
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
  Json metrics = Json::object({{"step", record.step},
                               {"tokens", record.tokens},
                               {"validation_loss", record.loss},
                               {"validation_tokens", record.loss_tokens}});
  if (record.bytes > 0) metrics.set("validation_bytes", record.bytes);
  metrics_.append(metrics.dump());
  timing_.append(
      Json::object({{"step", record.step}, {"validation_seconds", record.seconds}}).dump());
  events_.scalar("loss/validation", record.step, record.loss);
  if (record.bytes > 0)
    events_.scalar("loss/validation bits per byte", record.step, record.bits_per_byte());
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
