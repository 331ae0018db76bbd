// octavo bench: how fast this machine trains and uses a model, beside what it could do at best.
//
// Random weights of the shape asked for, through the code that trains and generates: a training
// step is the trainer's, decoding the generator's. The yardsticks (multiply-adds on registers, a
// read of memory) are measured in turn with the repeats, the memory's also every few tokens of
// decoding, since what a shared machine gives changes by the tenth of a second. Each repeat has a
// share of the yardsticks around and within it; the figures are those of the repeat with the median
// share. FLOPs are the model's (model/config.h), so recomputation makes the share smaller, not
// larger.
#include <CLI/CLI.hpp>

#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>
#include <numeric>
#include <tuple>

#include "octavo/base/error.h"
#include "octavo/base/text.h"
#include "octavo/base/threads.h"
#include "octavo/cli/bench.h"
#include "octavo/cli/bench_compare.h"
#include "octavo/kernels/cases/benchmark.h"
#include "octavo/ops/peak.h"

namespace octavo {
namespace {

constexpr int64_t kTokensBetweenPauses = 16;  // of decoding, and how long a pause measures
constexpr double kPauseSeconds = 0.05;

struct KernelsCommand {
  std::string dtype = "bf16", set, only, compare;
  double seconds = 0.2;
};

// ---- Results ------------------------------------------------------------------------------------

/// A quantity beside the best that the machine can do.
struct Share {
  double achieved = 0, best = 0;
  double fraction() const { return best > 0 ? achieved / best : 0; }
};

std::string bar(double fraction) {
  constexpr int kWidth = 24;
  const int filled = std::clamp(static_cast<int>(fraction * kWidth + 0.5), 0, kWidth);
  std::string text;
  for (int i = 0; i < kWidth; ++i) text += i < filled ? "█" : "·";
  return text;
}

/// With one decimal, or with thousands set apart where that says nothing.
std::string readable(double number) {
  return number < 1000 ? fmt::format("{:.1f}", number) : grouped(std::llround(number));
}

std::string share_line(std::string_view what, const Share& share, std::string_view unit) {
  const std::string best = fmt::format("of {} {}", readable(share.best), unit);
  return fmt::format("  {:<12}{:>9} {:<18} {:>5.1f} %  {}\n", what, readable(share.achieved), best,
                     100 * share.fraction(), bar(share.fraction()));
}

struct Measurement {
  std::string name;  ///< "train"
  std::string what;  ///< "4 × 1,024 tokens"
  ModelConfig config;
  double tokens = 0;            ///< of one repeat
  std::vector<double> seconds;  ///< of each repeat
  double flops_per_token = 0;
  Share gflops{};
  double bytes_per_token = 0;  ///< 0: memory is not what limits it
  Share gbytes{};
  int64_t peak_memory = 0;        ///< bytes of tensors
  Json sizes = Json::object();    ///< what the JSON says besides
  std::vector<double> fractions;  ///< of each repeat, of what limits it
  size_t typical = 0;             ///< the repeat that the figures above are of

  double tokens_per_second() const { return tokens / seconds[typical]; }
};

Json as_json(const Measurement& one, const ShapeOption& shape) {
  Json json = Json::object({{"bench", one.name},
                            {"layers", one.config.layers},
                            {"width", one.config.width},
                            {"heads", one.config.heads},
                            {"vocabulary", one.config.vocabulary},
                            {"parameters", count_parameters(one.config).total()},
                            {"dtype", shape.precision_name()},
                            {"threads", threads()},
                            {"kernels", kernels().name()}});
  if (!shape.type.empty()) json.set("type", shape.type);
  for (const Json& member : one.sizes.members()) json.set(member.key(), member);
  json.set("seconds", Json::array_of(one.seconds));
  json.set("fractions", Json::array_of(one.fractions));
  json.set("typical_repeat", one.typical + 1);
  json.set("tokens_per_s", one.tokens_per_second());
  json.set("model_flops_per_token", one.flops_per_token);
  json.set("achieved_gflops", one.gflops.achieved).set("peak_gflops", one.gflops.best);
  json.set("fraction_of_peak", one.gflops.fraction());
  if (one.bytes_per_token > 0) {
    json.set("bytes_per_token", one.bytes_per_token);
    json.set("read_bandwidth", one.gbytes.best * 1e9);
    json.set("fraction_of_bandwidth", one.gbytes.fraction());
  }
  json.set("peak_memory_bytes", one.peak_memory);
  return json;
}

std::string as_text(const Measurement& one, const ShapeOption& shape) {
  const ModelConfig& config = one.config;
  std::string text = fmt::format(
      "{} {}: {} parameters ({} layers, {} wide, {} heads, vocabulary {})\n"
      "{}{}, {} on {} threads, {} of tensors at most\n\n",
      one.name, one.what, human_count(static_cast<double>(count_parameters(config).total())),
      config.layers, config.width, config.heads, grouped(config.vocabulary),
      shape.type.empty() ? "" : shape.type + ", ", shape.precision_name(), kernels().name(),
      threads(), human_bytes(static_cast<double>(one.peak_memory)));
  text +=
      fmt::format("  {:<12}{:>9} tokens/s   (the median of {} by its share, {:.3g} s)\n", "speed",
                  readable(one.tokens_per_second()), one.seconds.size(), one.seconds[one.typical]);
  text += share_line("arithmetic", one.gflops, "GFLOP/s");
  if (one.bytes_per_token > 0) text += share_line("memory", one.gbytes, "GB/s");
  return text;
}

// ---- Measuring ----------------------------------------------------------------------------------

/// Called within a repeat, between parts of the work: none of its seconds are the work's.
using Pause = std::function<void()>;

/// Runs `once`, which returns seconds, one time to warm up and then `repeats` times in turn with
/// the yardsticks; fills in what follows from them. Each repeat is set beside the yardsticks just
/// before and after it, and the memory's in its pauses.
void measure(Measurement& result, Precision precision, int64_t repeats, Console& console,
             const std::function<double(const Pause&)>& once) {
  const bool reads = result.bytes_per_token > 0;
  const auto peak = [&] { return measured_peak_gflops(precision.compute); };
  std::vector<double> bandwidths;  // since the repeat before this one
  const auto read_memory = [&] {
    if (reads) bandwidths.push_back(measured_read_bandwidth(kPauseSeconds) / 1e9);
  };
  console.set_status(result.name + ": warming up");
  once([] {});
  result.peak_memory = static_cast<int64_t>(memory_use().peak);  // the yardsticks need some too
  std::vector<std::pair<Share, Share>> shares;                   // of arithmetic and of memory
  double before = peak();
  read_memory();
  for (int64_t i = 1; i <= repeats; ++i) {
    console.set_status(fmt::format("{}: {} of {}", result.name, i, repeats));
    result.seconds.push_back(once(read_memory));
    read_memory();
    const double after = peak(), speed = result.tokens / result.seconds.back() / 1e9;
    const double bandwidth = std::reduce(bandwidths.begin(), bandwidths.end()) /
                             static_cast<double>(std::max<size_t>(bandwidths.size(), 1));
    shares.push_back({{speed * result.flops_per_token, (before + after) / 2},
                      {speed * result.bytes_per_token, bandwidth}});
    before = after;
    bandwidths.clear();
    read_memory();
  }
  console.set_status("");
  for (const auto& [arithmetic, memory] : shares)
    result.fractions.push_back(reads ? memory.fraction() : arithmetic.fraction());
  std::vector<size_t> order(shares.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::ranges::sort(order, {}, [&](size_t i) { return result.fractions[i]; });
  result.typical = order[(order.size() - 1) / 2];
  std::tie(result.gflops, result.gbytes) = shares[result.typical];
}

Measurement measure_training(const BenchCommand& command, Console& console) {
  const ModelConfig config = command.shape.config(command.context);
  const int64_t B = command.batch, T = command.context;
  Measurement result{.name = "train",
                     .what = fmt::format("{} × {} tokens", B, grouped(T)),
                     .config = config,
                     .tokens = static_cast<double>(B * T),
                     .flops_per_token = training_flops_per_token(config, T)};
  TrainingWork work(command, console);
  result.sizes = Json::object({{"batch", B},
                               {"context", T},
                               {"micro_batch", work.micro_batch()},
                               {"recompute", command.recompute}});
  measure(result, command.shape.precision(), command.repeats ? command.repeats : 3, console,
          [&](const Pause&) { return work.step(); });
  return result;
}

Measurement measure_prefill(const BenchCommand& command, Console& console) {
  const int64_t T = command.tokens;
  const ModelConfig config = command.shape.config(T);
  Measurement result{.name = "prefill",
                     .what = fmt::format("{} tokens", grouped(T)),
                     .config = config,
                     .tokens = static_cast<double>(T),
                     .flops_per_token = prefill_flops_per_token(config, T)};
  result.sizes = Json::object({{"tokens", T}});
  const GPT model = random_model(config, command.shape, console);
  const Generator generator(model);
  const GenerationRequest request = reading_request(T, config.vocabulary);
  measure(result, command.shape.precision(), command.repeats ? command.repeats : 7, console,
          [&](const Pause&) {
            return generator.generate({&request, 1}).speed.prefill_seconds;
          });
  return result;
}

Measurement measure_decoding(const BenchCommand& command, Console& console) {
  const int64_t B = command.batch, T = command.tokens;
  const ModelConfig config = command.shape.config(T + 1);
  const Precision precision = command.shape.precision();
  // After one token of prompt, T more: they see 2 … T + 1 keys.
  const double keys = static_cast<double>(T + 3) / 2;
  const double weights = weight_bytes(config, command.shape);
  const double cache = decode_bytes_per_token(config, precision, keys) -
                       decode_bytes_per_token(config, precision, 0);
  const auto head = static_cast<double>(config.vocabulary * config.width);
  Measurement result{.name = "decode",
                     .what = B == 1 ? fmt::format("{} tokens", grouped(T))
                                    : fmt::format("{} × {} tokens", B, grouped(T)),
                     .config = config,
                     .tokens = static_cast<double>(B * T),
                     // As prefill of as many, but with logits for each.
                     .flops_per_token = prefill_flops_per_token(config, T) +
                                        2 * head * (1 - 1 / static_cast<double>(T)),
                     .bytes_per_token = weights / static_cast<double>(B) + cache};
  result.sizes = Json::object({{"batch", B}, {"tokens", T}});
  const GPT model = random_model(config, command.shape, console);
  const Generator generator(model);
  const GenerationRequest request = writing_request(B, T);
  measure(result, precision, command.repeats ? command.repeats : 9, console,
          [&](const Pause& pause) {
            int64_t tokens = 0;
            const auto on_piece = [&](const GeneratedPiece& piece) {
              if (piece.sample == 0 && ++tokens % kTokensBetweenPauses == 0) pause();
            };
            return generator.generate({&request, 1}, on_piece).speed.decode_seconds;
          });
  return result;
}

/// What two measurements have in common if they are of the same thing.
std::vector<std::string_view> identity_of(const Measurement& result, const ShapeOption& shape) {
  std::vector<std::string_view> names = {"bench", "layers",     "width",
                                         "heads", "vocabulary", "dtype"};
  for (const Json& member : result.sizes.members()) names.push_back(member.key());
  if (!shape.type.empty()) names.emplace_back("type");
  return names;
}

void show(const Measurement& result, const BenchCommand& command, const EarlierResults& earlier,
          const CommonOptions& common) {
  Json json = as_json(result, command.shape);
  const Json* before =
      earlier.asked() ? &earlier.expect(json, identity_of(result, command.shape)) : nullptr;
  if (!common.json) {
    put(as_text(result, command.shape));
    if (before) put("\n" + comparison(*before, json));
    return;
  }
  if (before) json.set("before", *before);
  put_line(json);
}

// ---- Kernels ------------------------------------------------------------------------------------

constexpr std::string_view kSameKernel[] = {"bench", "kernels", "dtype", "operation", "sizes"};

void measure_kernel_set(const Kernels& set, const KernelsCommand& command,
                        const EarlierResults& earlier, const CommonOptions& common,
                        Console& console) {
  const UseKernels use(set);
  const DataType type = precision_named(command.dtype).compute;
  console.set_status("measuring the machine");
  const double peak = measured_peak_gflops(type), bandwidth = measured_read_bandwidth() / 1e9;
  if (!common.json)
    put(fmt::format(
        "{} ({}), {}, {} threads: peak {:.0f} GFLOP/s, {:.1f} GB/s\n\n"
        "  {:<34}{:<20}{:>10}{:>10}{:>8}{:>8}{:>10}\n",
        set.name(), set.description(), command.dtype, threads(), peak, bandwidth, "operation",
        "sizes", "time", "GFLOP/s", "share", "GB/s", earlier.asked() ? "change" : ""));
  measure_kernels(set, type, command.only, command.seconds, [&](const KernelSpeed& speed) {
    Json json = Json::object({{"bench", "kernels"},
                              {"kernels", set.name()},
                              {"dtype", command.dtype},
                              {"threads", threads()},
                              {"operation", speed.name},
                              {"sizes", speed.sizes},
                              {"seconds", speed.seconds},
                              {"achieved_gflops", speed.gflops},
                              {"peak_gflops", peak},
                              {"fraction_of_peak", speed.gflops / peak},
                              {"achieved_gbytes_per_s", speed.gbytes},
                              {"read_bandwidth", bandwidth * 1e9},
                              {"fraction_of_bandwidth", speed.gbytes / bandwidth}});
    const Json* before = earlier.find(json, kSameKernel);
    if (common.json) {
      if (before) json.set("before", *before);
      put_line(json);
      return;
    }
    const bool computes = speed.gflops > 0;
    const char* share = computes ? "fraction_of_peak" : "fraction_of_bandwidth";
    const std::string change =
        before ? ratio_text(json.at(share).number(), before->at(share).number()) : "";
    put(fmt::format("  {:<34}{:<20}{:>8.2f}ms{:>10}{:>8}{:>8.1f}{:>10}\n", speed.name, speed.sizes,
                    speed.seconds * 1e3, computes ? fmt::format("{:.1f}", speed.gflops) : "",
                    computes ? fmt::format("{:.0f} %", 100 * speed.gflops / peak) : "",
                    speed.gbytes, change));
    flush_output();
  });
  console.set_status("");
  if (!common.json) put("\n");
}

void run_kernels(const KernelsCommand& command, const CommonOptions& common) {
  Console console(common.least());
  std::vector<const Kernels*> sets;
  if (command.set == "all")
    sets = available_kernels();
  else
    sets = {command.set.empty() ? &kernels() : &kernels_named(command.set)};
  const EarlierResults earlier(command.compare);
  for (const Kernels* set : sets) measure_kernel_set(*set, command, earlier, common, console);
}

// ---- Options ------------------------------------------------------------------------------------

using Measure = Measurement (*)(const BenchCommand&, Console&);

void finish_bench(CLI::App& app, const std::shared_ptr<BenchCommand>& command,
                  CommonOptions& common, std::initializer_list<std::string_view> examples,
                  Measure measure) {
  add_compare_option(app, command->compare);
  add_shape(app, command->shape);
  finish_command(app, common, examples, [command, &common, measure] {
    Console console(common.least());
    const EarlierResults earlier(command->compare);
    show(measure(*command, console), *command, earlier, common);
  });
}

void add_train_bench(CLI::App& bench, CommonOptions& common) {
  const auto command = std::make_shared<BenchCommand>();
  CLI::App& app = *bench.add_subcommand("train", "Training steps: forward, backward, clip, AdamW");
  add_training_options(app, *command);
  add_integer(app, "--steps", command->repeats, 1, kLargestSize,
              "After one to warm up (default 3)");
  finish_bench(app, command, common, {"octavo bench train", "octavo bench train --batch 1 --json"},
               measure_training);
}

void add_prefill_bench(CLI::App& bench, CommonOptions& common) {
  const auto command = std::make_shared<BenchCommand>();
  command->tokens = 512;
  CLI::App& app = *bench.add_subcommand("prefill", "Reading a prompt, up to its last logits");
  add_weight_type(app, command->shape);
  add_integer(app, "--tokens", command->tokens, 1, kLargestSize, "Of the prompt (default 512)");
  add_integer(app, "--steps", command->repeats, 1, kLargestSize,
              "After one to warm up (default 7)");
  finish_bench(app, command, common, {"octavo bench prefill --dtype fp32"}, measure_prefill);
}

void add_decode_bench(CLI::App& bench, CommonOptions& common) {
  const auto command = std::make_shared<BenchCommand>();
  command->tokens = 128, command->batch = 1;
  CLI::App& app = *bench.add_subcommand("decode", "Writing token after token");
  add_weight_type(app, command->shape);
  add_integer(app, "--tokens", command->tokens, 1, kLargestSize,
              "To write, from an empty context (default 128)");
  add_integer(app, "--batch", command->batch, 1, 64, "Texts written together (default 1)");
  add_integer(app, "--steps", command->repeats, 1, kLargestSize,
              "After one to warm up (default 9)");
  finish_bench(
      app, command, common,
      {"octavo bench decode", "octavo bench decode --batch 16", "octavo bench decode --type q4_0"},
      measure_decoding);
}

void add_kernels_bench(CLI::App& bench, CommonOptions& common) {
  const auto command = std::make_shared<KernelsCommand>();
  CLI::App& app = *bench.add_subcommand("kernels", "Each operation at a shape of GPT-2 124M");
  add_text(app, "--set", command->set, "NAME",
           "An instruction set's kernels, or all (default: those in use)");
  add_text(app, "--only", command->only, "PREFIX", "Operations whose names begin so");
  add_number(app, "--seconds", command->seconds, 0, 3600, "For each operation (default 0.2)");
  add_precision(app, "--dtype", command->dtype, "What to compute in (default bf16)");
  add_compare_option(app, command->compare);
  finish_command(app, common,
                 {"octavo bench kernels", "octavo bench kernels --only product --set all"},
                 [command, &common] { run_kernels(*command, common); });
}

}  // namespace

void add_bench(CLI::App& program, CommonOptions& common) {
  CLI::App& bench =
      *program.add_subcommand("bench", "How fast this machine trains and uses a model");
  bench.require_subcommand(1)->group("Commands");
  add_train_bench(bench, common);
  add_prefill_bench(bench, common);
  add_decode_bench(bench, common);
  add_breakdown_bench(bench, common);
  add_kernels_bench(bench, common);
  bench.set_help_flag("-h,--help", "This help");
}

}  // namespace octavo
