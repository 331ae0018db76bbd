// octavo bench breakdown: where the time of a training step, a prompt or a token goes.
//
// The work runs on kernels that time each call (kernels/timed.h). Calls of one operation and size
// are a row: its time beside the time that the machine would need for its arithmetic or its bytes,
// whichever is more. What lies between the calls (the tape, memory, choosing tokens) is a row too.
#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <tuple>

#include "octavo/base/clock.h"
#include "octavo/base/error.h"
#include "octavo/base/files.h"
#include "octavo/base/text.h"
#include "octavo/base/threads.h"
#include "octavo/cli/bench.h"
#include "octavo/cli/bench_compare.h"
#include "octavo/kernels/timed.h"
#include "octavo/ops/peak.h"
#include "octavo/report/bars.h"

namespace octavo {
namespace {

const std::string kWorks[] = {"train", "prefill", "decode"};

struct BreakdownCommand {
  BenchCommand bench;
  std::string work = "train", plot;
};

/// All calls of one operation and size, in one repeat of the work.
struct Row {
  std::string operation, sizes;
  double calls = 0, seconds = 0;
  Cost cost{};
  double least = 0;   ///< seconds at the machine's best
  double before = 0;  ///< seconds in the run that this one is compared with
  bool computes = false;

  double share() const { return seconds > 0 ? least / seconds : 0; }
};

struct Breakdown {
  std::string what;
  double seconds = 0, before = 0;  ///< of one repeat
  double peak_gflops = 0, gbytes = 0;
  std::vector<Row> rows;  ///< the longest first
  Row between{};          ///< the calls
};

std::string text_of(const std::array<int64_t, 3>& sizes) {
  std::string text;
  for (const int64_t size : sizes)
    if (size > 0) text += fmt::format("{}{}", text.empty() ? "" : " × ", size);
  return text;
}

class Recorder {
 public:
  void operator()(const KernelCall& call) {
    Row& row = rows_[{call.operation, call.variant, call.sizes}];
    ++row.calls;
    row.seconds += call.seconds;
    row.cost.arithmetic += call.cost.arithmetic;
    row.cost.bytes += call.cost.bytes;
  }

  /// Means of `repeats` that took `seconds` together.
  Breakdown breakdown(std::string what, double seconds, double repeats, double peak_gflops,
                      double gbytes) const {
    Breakdown result{.what = std::move(what),
                     .seconds = seconds / repeats,
                     .peak_gflops = peak_gflops,
                     .gbytes = gbytes,
                     .rows = {}};
    result.between = {.operation = "between the kernels", .sizes = {}, .seconds = result.seconds};
    for (const auto& [key, sum] : rows_) {
      const auto& [operation, variant, sizes] = key;
      Row row = sum;
      row.operation =
          variant.empty() ? std::string(operation) : fmt::format("{} {}", operation, variant);
      row.sizes = text_of(sizes);
      row.calls /= repeats, row.seconds /= repeats;
      row.cost.arithmetic /= repeats, row.cost.bytes /= repeats;
      const double arithmetic = row.cost.arithmetic / peak_gflops / 1e9;
      const double bytes = row.cost.bytes / gbytes / 1e9;
      row.computes = arithmetic > bytes;
      row.least = std::max(arithmetic, bytes);
      result.between.seconds -= row.seconds;
      result.rows.push_back(std::move(row));
    }
    std::ranges::sort(result.rows, std::greater{}, &Row::seconds);
    return result;
  }

 private:
  std::map<std::tuple<std::string_view, std::string_view, std::array<int64_t, 3>>, Row> rows_;
};

// ---- Results ------------------------------------------------------------------------------------

/// Rows that take less than this share of the whole are one row.
constexpr double kSmall = 0.004;

/// The rows to show: the long ones, the short ones as one, what lies between.
std::vector<Row> shown_rows(const Breakdown& breakdown) {
  std::vector<Row> rows;
  Row rest;
  int64_t others = 0;
  for (const Row& row : breakdown.rows) {
    if (row.seconds >= kSmall * breakdown.seconds) {
      rows.push_back(row);
      continue;
    }
    ++others;
    rest.calls += row.calls, rest.seconds += row.seconds, rest.least += row.least;
    rest.before += row.before;
  }
  rest.operation = fmt::format("{} more", others);
  if (others > 0) rows.push_back(rest);
  rows.push_back(breakdown.between);
  return rows;
}

std::string as_text(const Row& row, double whole) {
  const double of_whole = row.seconds / whole;
  const double speed = row.seconds > 0 ? 1e-9 / row.seconds : 0;
  const std::string rate = row.cost.bytes == 0 ? ""
                           : row.computes
                               ? fmt::format("{:.0f} GFLOP/s", row.cost.arithmetic * speed)
                               : fmt::format("{:.1f} GB/s", row.cost.bytes * speed);
  // The bar is the row's share of the whole, its dark part what could not be less.
  constexpr double kPlaces = 50;
  const int dark = static_cast<int>(std::min(row.least, row.seconds) / whole * kPlaces + 0.5);
  const int all = std::max(dark, static_cast<int>(of_whole * kPlaces + 0.5));
  std::string bar;
  for (int i = 0; i < all; ++i) bar += i < dark ? "█" : "░";
  return fmt::format("  {:<33}{:<20}{:>6}{:>11}{:>8}{:>7.1f} %{:>14}{:>8}  {}\n", row.operation,
                     row.sizes, row.calls > 0 ? fmt::format("{:.5g}", row.calls) : "",
                     fmt::format("{:.2f} ms", row.seconds * 1e3),
                     ratio_text(row.seconds, row.before), 100 * of_whole, rate,
                     row.least > 0 ? fmt::format("{:.0f} %", 100 * row.share()) : "", bar);
}

std::string as_text(const Breakdown& breakdown) {
  std::string text = fmt::format(
      "{}: {:.4g} ms on {} threads, {}; peak {:.0f} GFLOP/s, {:.1f} GB/s\n\n"
      "  {:<33}{:<20}{:>6}{:>11}{:>8}{:>9}{:>14}{:>8}\n",
      breakdown.what, breakdown.seconds * 1e3, threads(), kernels().name(), breakdown.peak_gflops,
      breakdown.gbytes, "operation", "sizes", "calls", "time", breakdown.before > 0 ? "change" : "",
      "of all", "speed", "of best");
  Row sum{.operation = "all", .sizes = {}};
  for (const Row& row : shown_rows(breakdown)) {
    text += as_text(row, breakdown.seconds);
    sum.least += row.least;
  }
  sum.seconds = breakdown.seconds, sum.before = breakdown.before;
  text += as_text(sum, breakdown.seconds);
  return text +
         "\n  █ at the machine's best: arithmetic at the peak, or each operand once at the "
         "memory's speed   ░ beyond\n";
}

Json as_json(const Row& row) {
  return Json::object({{"operation", row.operation},
                       {"sizes", row.sizes},
                       {"calls", row.calls},
                       {"seconds", row.seconds},
                       {"flops", row.cost.arithmetic},
                       {"bytes", row.cost.bytes},
                       {"limit", row.computes ? "arithmetic" : "bandwidth"},
                       {"fraction_of_limit", row.share()}});
}

Json as_json(const Breakdown& breakdown, const BreakdownCommand& command) {
  Json rows = Json::array();
  for (const Row& row : breakdown.rows) rows.append(as_json(row));
  const ModelConfig config = command.bench.shape.config(1);
  return Json::object({{"bench", "breakdown"},
                       {"work", command.work},
                       {"what", breakdown.what},
                       {"layers", config.layers},
                       {"width", config.width},
                       {"heads", config.heads},
                       {"vocabulary", config.vocabulary},
                       {"dtype", command.bench.shape.precision_name()},
                       {"threads", threads()},
                       {"kernels", kernels().name()},
                       {"seconds", breakdown.seconds},
                       {"seconds_between_kernels", breakdown.between.seconds},
                       {"peak_gflops", breakdown.peak_gflops},
                       {"read_bandwidth", breakdown.gbytes * 1e9},
                       {"operations", rows}});
}

Bars as_bars(const Breakdown& breakdown) {
  Bars bars{.title = fmt::format("{}: {:.4g} ms", breakdown.what, breakdown.seconds * 1e3),
            .part_name = "at the machine's best",
            .rest_name = "beyond"};
  for (const Row& row : shown_rows(breakdown)) {
    const std::string best =
        row.least > 0 ? fmt::format(", {:.0f} % of best", 100 * row.share()) : "";
    bars.bars.push_back(
        {.name = row.sizes.empty() ? row.operation : row.operation + " " + row.sizes,
         .note = fmt::format("{:.1f} %{}", 100 * row.seconds / breakdown.seconds, best),
         .value = row.seconds,
         .part = row.least});
  }
  return bars;
}

/// Puts the seconds of an earlier breakdown of the same work beside those of this one.
void set_beside(Breakdown& breakdown, const Json& before) {
  breakdown.before = before.at("seconds").number();
  breakdown.between.before = before.at("seconds_between_kernels").number();
  for (Row& row : breakdown.rows)
    for (const Json& old : before.at("operations").items())
      if (old.at("operation").text() == row.operation && old.at("sizes").text() == row.sizes)
        row.before = old.at("seconds").number();
}

// ---- Measuring ----------------------------------------------------------------------------------

/// Runs `once` to warm up, then `repeats` times on timed kernels.
Breakdown measure(const std::string& what, const BenchCommand& command, int64_t repeats,
                  Console& console, const std::function<double()>& once) {
  console.set_status("breakdown: warming up");
  once();
  const auto type = command.shape.precision().compute;
  const double peak = measured_peak_gflops(type), bandwidth = measured_read_bandwidth();
  Recorder recorder;
  double seconds = 0;
  {
    const auto timed = timed_kernels(kernels(), std::ref(recorder));
    const UseKernels use(*timed);
    for (int64_t i = 1; i <= repeats; ++i) {
      console.set_status(fmt::format("breakdown: {} of {}", i, repeats));
      seconds += once();
    }
  }
  const double peak_after = measured_peak_gflops(type), bandwidth_after = measured_read_bandwidth();
  console.set_status("");
  return recorder.breakdown(what, seconds, static_cast<double>(repeats), (peak + peak_after) / 2,
                            (bandwidth + bandwidth_after) / 2e9);
}

Breakdown measure_training(const BenchCommand& command, Console& console) {
  TrainingWork work(command, console);
  return measure(
      fmt::format("a training step of {} × {} tokens", command.batch, grouped(command.context)),
      command, command.repeats ? command.repeats : 3, console, [&] { return work.step(); });
}

Breakdown measure_generation(const BenchCommand& command, Console& console, bool decodes) {
  const int64_t B = command.batch, T = command.tokens;
  const ModelConfig config = command.shape.config(T + 1);
  const GPT model = random_model(config, command.shape, console);
  const Generator generator(model);
  const GenerationRequest request =
      decodes ? writing_request(B, T) : reading_request(T, config.vocabulary);
  std::string what = decodes ? fmt::format("decoding {}{} tokens",
                                           B > 1 ? fmt::format("{} × ", B) : "", grouped(T))
                             : fmt::format("a prompt of {} tokens", grouped(T));
  if (!command.shape.type.empty()) what += ", weights in " + command.shape.type;
  return measure(what, command, command.repeats ? command.repeats : 5, console, [&] {
    const double begin = monotonic_seconds();
    generator.generate({&request, 1});
    return monotonic_seconds() - begin;
  });
}

void run(const BreakdownCommand& command, const CommonOptions& common) {
  Console console(common.least());
  std::optional<FileWriter> drawing;
  if (!command.plot.empty()) drawing.emplace(command.plot);
  const EarlierResults earlier(command.bench.compare);
  BenchCommand bench = command.bench;
  const bool trains = command.work == "train", decodes = command.work == "decode";
  if (trains && !bench.shape.type.empty())
    fail(ErrorKind::usage,
         "quantized weights are read, not trained: --type needs --work prefill or decode");
  if (bench.batch == 0) bench.batch = trains ? 4 : 1;
  if (bench.tokens == 0) bench.tokens = decodes ? 128 : 512;
  Breakdown breakdown =
      trains ? measure_training(bench, console) : measure_generation(bench, console, decodes);
  const Json json = as_json(breakdown, command);
  constexpr std::string_view kSame[] = {"bench", "what",  "layers",    "width",
                                        "heads", "dtype", "vocabulary"};
  if (earlier.asked()) set_beside(breakdown, earlier.expect(json, kSame));
  if (common.json)
    put_line(json);
  else
    put(as_text(breakdown));
  if (!drawing) return;
  drawing->write(draw_bars(as_bars(breakdown), PlotStyle::own));
  drawing->finish();
}

}  // namespace

void add_breakdown_bench(CLI::App& bench, CommonOptions& common) {
  const auto command = std::make_shared<BreakdownCommand>();
  command->bench.batch = 0;  // what is usual for the work
  CLI::App& app = *bench.add_subcommand("breakdown", "Where the time goes, operation by operation");
  add_choice(app, "--work", command->work, kWorks,
             "A training step, reading a prompt, or writing tokens (default train)");
  add_training_options(app, command->bench);
  add_integer(app, "--tokens", command->bench.tokens, 1, kLargestSize,
              "Of the prompt, or to write (default 512 or 128)");
  add_integer(app, "--steps", command->bench.repeats, 1, kLargestSize,
              "After one to warm up (default 3, or 5)");
  add_text(app, "--plot", command->plot, "FILE", "Draw it, as SVG");
  add_compare_option(app, command->bench.compare);
  add_shape(app, command->bench.shape);
  add_weight_type(app, command->bench.shape);
  finish_command(app, common,
                 {"octavo bench breakdown", "octavo bench breakdown --work decode --plot d.svg",
                  "octavo bench breakdown --work decode --type q4_k"},
                 [command, &common] { run(*command, common); });
}

}  // namespace octavo
