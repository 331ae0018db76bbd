// octavo train: pre-trains a model from a recipe, or goes on with a run.
//
// The trainer tells what happens (TrainerEvents); this file shows it: a bar on a terminal, a line
// per interval elsewhere, JSON lines on stdout for programs. Ctrl-C and SIGTERM end the run after
// the step at hand, with a checkpoint and a word on how to go on; a second Ctrl-C ends it at once.
#include <CLI/CLI.hpp>

#include <cmath>
#include <memory>
#include <optional>

#include "octavo/base/error.h"
#include "octavo/base/progress.h"
#include "octavo/base/signals.h"
#include "octavo/base/text.h"
#include "octavo/base/threads.h"
#include "octavo/cli/command.h"
#include "octavo/generate/generator.h"
#include "octavo/kernels/kernels.h"
#include "octavo/model/precision.h"
#include "octavo/ops/peak.h"
#include "octavo/train/plan.h"
#include "octavo/train/trainer.h"

namespace octavo {
namespace {

namespace fs = std::filesystem;

constexpr double kSampleTemperature = 0.8;

struct TrainCommand {
  std::string recipe, output, data, precision;
  std::vector<std::string> settings;
  bool resume = false, overwrite = false, dry_run = false;

  RunStart start() const {
    return resume ? RunStart::resume : overwrite ? RunStart::overwrite : RunStart::fresh;
  }
};

/// The recipe, or the one that a run's folder was made by, with what the command line changes.
Recipe load_recipe(const TrainCommand& command) {
  fs::path path = command.recipe;
  fs::path output = command.output;
  if (fs::is_directory(path)) {
    if (output.empty()) output = path;
    path /= "recipe.toml";
    require(ErrorKind::usage, fs::exists(path),
            "{}: expected a recipe or a run's folder, found a folder without recipe.toml",
            command.recipe);
  }
  std::vector<std::string> settings = command.settings;
  const auto set = [&](std::string_view key, const std::string& value) {
    if (!value.empty()) settings.push_back(fmt::format("{}={}", key, Json(value).dump()));
  };
  set("run.directory", output.string());
  set("train.precision", command.precision);
  return Recipe::load(path, settings, command.data, command.start());
}

// ---- Dry run ------------------------------------------------------------------------------------

std::string sizes_of(const ModelConfig& config) {
  return fmt::format("{} layers, {} wide, {} heads, vocabulary {}, context {}", config.layers,
                     config.width, config.heads, grouped(config.vocabulary),
                     grouped(config.context));
}

Json as_json(const TrainingPlan& plan) {
  return Json::object({{"parameters", plan.parameters},
                       {"precision", name_of(plan.precision)},
                       {"steps", plan.steps},
                       {"tokens", plan.tokens},
                       {"batch", plan.batch_sequences},
                       {"context", plan.context},
                       {"micro_batches", plan.micro_batches},
                       {"weight_bytes", plan.weight_bytes},
                       {"gradient_bytes", plan.gradient_bytes},
                       {"optimizer_bytes", plan.optimizer_bytes},
                       {"activation_bytes", plan.activation_bytes},
                       {"peak_bytes", plan.peak_bytes},
                       {"model_flops_per_token", plan.flops_per_token},
                       {"total_flops", plan.total_flops},
                       {"peak_gflops", plan.peak_gflops},
                       {"expected_fraction_of_peak", plan.expected_fraction},
                       {"seconds", plan.seconds}});
}

std::string as_text(const Recipe& recipe, const TrainingPlan& plan) {
  const auto bytes = [](int64_t count) { return human_bytes(static_cast<double>(count)); };
  std::string text = fmt::format("{}: what it would take; nothing has been run\n\n", recipe.name);
  const auto row = [&](std::string_view name, const std::string& value) {
    text += fmt::format("  {:<12}{}\n", name, value);
  };
  row("model", fmt::format("{} parameters ({})", grouped(plan.parameters),
                           human_count(static_cast<double>(plan.parameters))));
  row("", sizes_of(recipe.model.config));
  row("training", fmt::format("{} steps of {} × {} tokens: {} tokens, {}", grouped(plan.steps),
                              grouped(plan.batch_sequences), grouped(plan.context),
                              grouped(plan.tokens), name_of(plan.precision)));
  row("memory", fmt::format("{} at its peak (this machine has {})", bytes(plan.peak_bytes),
                            bytes(memory_limit())));
  row("", fmt::format("weights {}, gradients {}, moments {}, activations and buffers {}",
                      bytes(plan.weight_bytes), bytes(plan.gradient_bytes),
                      bytes(plan.optimizer_bytes), bytes(plan.activation_bytes)));
  row("arithmetic",
      fmt::format("{:.3g} FLOPs: {:.3g} a token", plan.total_flops, plan.flops_per_token));
  row("time",
      fmt::format("{} at {:.0f}% of this machine's {:.0f} GFLOP/s", human_seconds(plan.seconds),
                  100 * plan.expected_fraction, plan.peak_gflops));
  row("folder", recipe.directory.string());
  return text;
}

void run_dry(const Recipe& recipe, const CommonOptions& common) {
  const TrainingPlan plan =
      plan_training(recipe, measured_peak_gflops(recipe.train.precision.compute), Trial::if_short);
  if (common.json)
    put_line(as_json(plan));
  else
    put(as_text(recipe, plan));
}

// ---- A run --------------------------------------------------------------------------------------

/// What a person, or a program with --json, sees of a run.
class RunDisplay {
 public:
  RunDisplay(const Recipe& recipe, const CommonOptions& common)
      : console_(common.least()), recipe_(recipe), common_(common) {}

  Console& console() { return console_; }
  /// Why standard output takes no more; empty while it does.
  const std::string& output_problem() const { return output_problem_; }

  TrainerEvents events(const std::optional<InterruptGuard>& guard) {
    TrainerEvents events;
    events.report = console_.report();
    events.on_start = [this](const TrainingStart& start) { show(start); };
    events.on_step = [this](const StepRecord& record) { show(record); };
    events.on_validation = [this](const ValidationRecord& record) { show(record); };
    events.on_checkpoint = [this](const CheckpointRecord& record) { show(record); };
    events.on_sample = [this](const SampleRecord& record) { show(record); };
    events.sample = write_sample;
    events.stop_requested = [this, &guard] { return stop_requested(*guard); };
    return events;
  }

  void show(const TrainingSummary& summary) {
    if (steps_shown_ > 0) progress_->finish();
    if (common_.json)
      tell(event("end", {{"step", summary.steps},
                         {"tokens", summary.tokens},
                         {"loss", summary.loss},
                         {"validation_loss", summary.validation_loss},
                         {"seconds", summary.seconds},
                         {"model", summary.model.string()},
                         {"run", recipe_.directory.string()}}));
    const std::string folder = recipe_.directory.string();
    const std::string validation =
        std::isnan(summary.validation_loss)
            ? ""
            : fmt::format(", validation loss {:.4f}", summary.validation_loss);
    console_.info("done: {} steps, {} tokens, loss {:.4f}{}", grouped(summary.steps),
                  grouped(summary.tokens), summary.loss, validation);
    console_.info("model   {}", summary.model.string());
    console_.info("curves  {}", (recipe_.directory / "report.html").string());
    const std::string words[] = {"octavo", "generate", "--model", folder, "--prompt", ""};
    if (recipe_.data.tokenizer != "none") console_.info("use it  {}", shell_quoted(words));
  }

 private:
  static Json event(std::string_view name, std::initializer_list<Json::Member> members) {
    Json json = Json::object({{"event", name}});
    for (const Json::Member& member : members) json.set(member.first, member.second);
    return json;
  }

  void show(const TrainingStart& start) {
    if (common_.json)
      tell(event("start", {{"run", recipe_.directory.string()},
                           {"parameters", start.parameters},
                           {"precision", name_of(start.precision)},
                           {"kernels", kernels().name()},
                           {"threads", threads()},
                           {"training_tokens", start.training_tokens},
                           {"validation_tokens", start.validation_tokens},
                           {"steps", start.steps},
                           {"tokens", start.tokens},
                           {"step", start.step},
                           {"model_flops_per_token", start.flops_per_token},
                           {"peak_gflops", start.peak_gflops}}));
    console_.info("{}: {} parameters ({})", recipe_.name,
                  human_count(static_cast<double>(start.parameters)),
                  sizes_of(recipe_.model.config));
    console_.info("{} steps see {} tokens, of {} to train on and {} to validate on",
                  grouped(start.steps), grouped(start.tokens), grouped(start.training_tokens),
                  grouped(start.validation_tokens));
    console_.info("{} on {} threads, {} kernels{}", name_of(start.precision), threads(),
                  kernels().name(),
                  kernels().has_bf16_arithmetic() ? "" : ", which have no bf16 arithmetic");
    if (start.step >= start.steps) {
      console_.info("the run has all its {} steps; octavo train {} --resume --set {}=N adds some",
                    grouped(start.step), recipe_.directory.string(),
                    recipe_.train.tokens > 0 ? "train.tokens" : "train.steps");
    } else if (start.step > 0) {
      console_.info("going on after step {}", start.step);
    }
    progress_.emplace(console_, start.steps,
                      Progress::Options{.title = "train", .start = start.step});
  }

  void show(const StepRecord& record) {
    if (common_.json)
      tell(event("step", {{"step", record.step},
                          {"tokens", record.tokens},
                          {"loss", record.loss},
                          {"learning_rate", record.learning_rate},
                          {"gradient_norm", record.gradient_norm},
                          {"tokens_per_s", record.tokens_per_second},
                          {"fraction_of_peak", record.fraction_of_peak}}));
    // Single steps jitter; a person wants to see where they are going.
    const double weight = std::max(0.1, 1.0 / static_cast<double>(++steps_shown_));
    loss_ += weight * (record.loss - loss_);
    rate_ += weight * (record.tokens_per_second - rate_);
    share_ += weight * (record.fraction_of_peak - share_);
    progress_->update(record.step, {{"loss", fmt::format("{:.3f}", loss_)},
                                    {"", human_count(rate_) + " tok/s"},
                                    {"", fmt::format("{:.0f}% of peak", 100 * share_)},
                                    {"lr", fmt::format("{:.1e}", record.learning_rate)}});
  }

  void show(const ValidationRecord& record) {
    const bool has_bytes = record.bytes > 0;
    const double bits = record.bits_per_byte();
    if (common_.json)
      tell(event("validation", {{"step", record.step},
                                {"tokens", record.tokens},
                                {"loss", record.loss},
                                {"loss_tokens", record.loss_tokens},
                                {"bits_per_byte", has_bytes ? Json(bits) : Json()}}));
    console_.info("step {}: validation loss {:.4f} (perplexity {:.2f}{})", record.step, record.loss,
                  std::exp(record.loss), has_bytes ? fmt::format(", {:.4f} bits/byte", bits) : "");
  }

  void show(const CheckpointRecord& record) {
    if (common_.json)
      tell(event("checkpoint", {{"step", record.step}, {"folder", record.folder.string()}}));
    console_.info("step {}: saved {} ({})", record.step, record.folder.string(),
                  human_seconds(record.seconds));
  }

  void show(const SampleRecord& record) {
    if (common_.json)
      tell(event("sample",
                 {{"step", record.step}, {"prompt", record.prompt}, {"text", record.text}}));
    std::string text = harmless(record.prompt + record.text);
    while (text.ends_with('\n')) text.pop_back();
    text.erase(0, std::min(text.find_first_not_of('\n'), text.size()));
    std::string indented = "  ";
    for (const char c : text) indented += c == '\n' ? "\n  " : std::string(1, c);
    console_.info("step {}: the model writes\n\n{}\n", record.step, indented);
  }

  /// Once nobody reads the events any more, the run ends as by a signal: saved.
  void tell(const Json& event) {
    if (!output_problem_.empty()) return;
    try {
      put_line(event);
    } catch (const Error& error) {
      output_problem_ = error.what();
    }
  }

  bool stop_requested(const InterruptGuard& guard) {
    if (!guard.interrupted() && output_problem_.empty()) return false;
    if (progress_) progress_->finish();
    console_.info("stopping: saving a checkpoint (Ctrl-C again to drop it)");
    return true;
  }

  /// The model's own words, the same for the same run. A prompt that leaves no room is shortened.
  static std::string write_sample(const SampleRequest& sample) {
    const Generator generator(sample.model, &sample.tokenizer);
    GenerationRequest request;
    request.prompt = generator.encode_prompt(sample.prompt);
    const auto room = static_cast<size_t>((sample.model.config().context + 1) / 2);
    if (request.prompt.size() > room)
      request.prompt.erase(request.prompt.begin(),
                           request.prompt.end() - static_cast<ptrdiff_t>(room));
    request.max_tokens = sample.tokens;
    request.full_context = FullContext::slides;
    request.sampling.temperature = kSampleTemperature;
    request.sampling.seed = sample.seed;
    return generator.generate({&request, 1}).continuations.front().front().text;
  }

  Console console_;
  const Recipe& recipe_;
  const CommonOptions& common_;
  std::optional<Progress> progress_;
  int64_t steps_shown_ = 0;
  double loss_ = 0, rate_ = 0, share_ = 0;  // smoothed
  std::string output_problem_;
};

// The first step should not wait long for it.
constexpr double kPeakSeconds = 0.1;

void run_train(const TrainCommand& command, const CommonOptions& common) {
  const Recipe recipe = load_recipe(command);
  if (command.dry_run) return run_dry(recipe, common);
  RunDisplay display(recipe, common);
  std::optional<InterruptGuard> guard;  // until there is something to save, Ctrl-C just ends
  try {
    RunFolder folder(recipe.directory, command.start());
    Trainer trainer(recipe, std::move(folder), display.events(guard),
                    measured_peak_gflops(recipe.train.precision.compute, kPeakSeconds));
    guard.emplace();
    display.show(trainer.run());
    require(ErrorKind::io, display.output_problem().empty(), "{}", display.output_problem());
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::interrupted) throw;
    std::vector<std::string> words = common.words;
    std::erase(words, "--overwrite");
    if (!command.resume) words.push_back("--resume");
    const std::string how = fmt::format("{}: {}", error.what(), shell_quoted(words));
    require(ErrorKind::io, display.output_problem().empty(), "{}; {}", display.output_problem(),
            how);
    fail(ErrorKind::interrupted, "{}", how);
  }
}

}  // namespace

void add_train(CLI::App& program, CommonOptions& common) {
  const auto command = std::make_shared<TrainCommand>();
  CLI::App& app = *program.add_subcommand("train", "Train a model as a recipe says");
  add_text(app, "RECIPE", command->recipe, "FILE",
           "A recipe (TOML, docs/recipe.md), or a run's folder: its recipe")
      ->required();
  CLI::Option* resume =
      app.add_flag("--resume", command->resume, "Go on from the run's last checkpoint");
  app.add_flag("--overwrite", command->overwrite, "Begin anew where another run was")
      ->excludes(resume);
  add_text(app, "-o,--output", command->output, "DIR", "The run's folder (default: runs/NAME)");
  add_text(app, "--data", command->data, "DIR",
           "Where the recipe's data paths begin (default: $OCTAVO_DATA)");
  add_texts(app, "-s,--set", command->settings, "KEY=VALUE",
            "Change a key of the recipe; may be repeated");
  add_precision(app, "--dtype", command->precision, "What to compute in (default: the recipe's)");
  app.add_flag("--dry-run", command->dry_run, "Only print parameters, predicted memory and time");
  finish_command(app, common,
                 {"octavo train recipes/shakespeare.toml --data ~/texts",
                  "octavo train recipes/shakespeare.toml --data ~/texts --resume",
                  "octavo train recipes/shakespeare.toml --set train.steps=100 -o runs/short",
                  "octavo train recipes/gpt3-175b.toml --dry-run", "",
                  "Ctrl-C saves a checkpoint and ends with code 7; --resume goes on, to the bit."},
                 [command, &common] { run_train(*command, common); });
}

}  // namespace octavo
