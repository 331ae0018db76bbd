// octavo evaluate: how well a model solves tasks, with 0, 1, 2 … examples before the question.
//
// Task files go in, a table comes out (or JSON); results kept in files are compared and drawn. What
// is asked and how answers are judged is octavo/evaluate's; this file shows it. Tested by
// tests/cli/evaluate_test.cpp.
#include <fmt/ranges.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <limits>
#include <memory>
#include <optional>

#include "octavo/base/error.h"
#include "octavo/base/files.h"
#include "octavo/base/progress.h"
#include "octavo/base/text.h"
#include "octavo/cli/model_option.h"
#include "octavo/evaluate/few_shot_task.h"
#include "octavo/evaluate/results.h"
#include "octavo/kernels/kernels.h"

namespace octavo {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kNoLimit = std::numeric_limits<int64_t>::max();
constexpr int64_t kMostShots = 10'000;

struct EvaluateCommand {
  ModelOption model;
  std::vector<std::string> tasks, compare, only, stop;
  std::string shots = "0,1,2,4,8", by = "both", start = "end-of-text", separator, examples_from;
  std::string output, log_samples, plot;
  int64_t limit = 0, seed = 0, batch = 64;
};

std::vector<int64_t> shots_of(const std::string& text) {
  std::vector<int64_t> numbers;
  for (const char *at = text.data(), *end = at + text.size(); at <= end;) {
    int64_t number = -1;
    const auto [stop, error] = std::from_chars(at, end, number);
    require(ErrorKind::usage,
            error == std::errc() && (stop == end || *stop == ',') && number >= 0 &&
                number <= kMostShots && (numbers.empty() || number > numbers.back()),
            "--shots: expected ascending numbers such as 0,1,4, found \"{}\"", text);
    numbers.push_back(number);
    at = stop + 1;
  }
  return numbers;
}

FewShotOptions options_of(const EvaluateCommand& command) {
  FewShotOptions options{
      .limit = command.limit,
      .seed = static_cast<uint64_t>(command.seed),
      .start = command.start == "none" ? PromptStart::none : PromptStart::end_of_text,
      .separator = command.separator,
      .by = command.by == "greedy"       ? AnsweredBy::greedy
            : command.by == "likelihood" ? AnsweredBy::likelihood
                                         : AnsweredBy::both};
  if (!command.stop.empty()) options.stop = command.stop;
  return options;
}

/// What a model is called: its folder's name, or of a checkpoint its run's.
std::string name_of_model(const std::string& path) {
  fs::path folder = fs::absolute(path).lexically_normal();
  if (folder.filename().empty()) folder = folder.parent_path();
  if (folder.parent_path().filename() == "checkpoints") folder = folder.parent_path().parent_path();
  return folder.filename().string();
}

Json about_model(const EvaluateCommand& command, const LoadedModel& loaded) {
  const ModelConfig& config = loaded.model.config();
  return Json::object({{"name", name_of_model(command.model.path)},
                       {"path", command.model.path},
                       {"parameters", count_parameters(config).total()},
                       {"layers", config.layers},
                       {"width", config.width},
                       {"heads", config.heads},
                       {"context", config.context},
                       {"vocabulary", config.vocabulary},
                       {"tokenizer", loaded.tokenizer->fingerprint()}});
}

Json settings_of(const EvaluateCommand& command, const FewShotOptions& options,
                 Precision precision) {
  return Json::object({{"shots", Json::array_of(shots_of(command.shots))},
                       {"limit", command.limit},
                       {"seed", command.seed},
                       {"by", command.by},
                       {"start", command.start},
                       {"separator", command.separator},
                       {"stop", Json::array_of(options.stop)},
                       {"examples_from", command.examples_from},
                       {"dtype", name_of(precision)},
                       {"kernels", kernels().name()}});
}

/// The files to write when all is known. They are opened at once: hours of work should not end at a
/// folder that is not there.
struct Outputs {
  explicit Outputs(const EvaluateCommand& command) {
    if (!command.output.empty()) results.emplace(command.output);
    if (!command.plot.empty()) drawing.emplace(command.plot);
  }

  void keep(const EvaluationResults& kept) {
    if (!results) return;
    results->write(kept.as_json().dump(1) + "\n");
    results->finish();
  }
  void draw(const Plot& plot, Console& console) {
    if (!drawing) return;
    drawing->write(draw_plot(plot, PlotStyle::own));
    drawing->finish();
    console.info("drew {}", drawing->path().string());
  }

  std::optional<FileWriter> results, drawing;
};

// ---- Evaluation ---------------------------------------------------------------------------------

/// One run of the command: the files, a task for each file and number of shots.
class Evaluation {
 public:
  Evaluation(const EvaluateCommand& command, Console& console)
      : command_(command), console_(console), options_(options_of(command)) {}

  EvaluationResults run() {
    const std::vector<int64_t> shots = shots_of(command_.shots);
    read_files();
    const LoadedModel loaded = load(command_.model, LoadTokenizer::if_present);
    require(ErrorKind::usage, loaded.tokenizer.has_value(),
            "{}: holds no tokenizer, so that it can answer no text", command_.model.path);
    EvaluationResults results{.model = name_of_model(command_.model.path),
                              .parameters = count_parameters(loaded.model.config()).total(),
                              .about_model = about_model(command_, loaded),
                              .settings = settings_of(command_, options_, loaded.model.precision()),
                              .results = {}};
    for (const TaskFile& file : files_)
      for (const int64_t count : shots) {
        const std::vector<Item>& pool = pool_.items.empty() ? file.items : pool_.items;
        tasks_.push_back(std::make_unique<FewShotTask>(file, pool, count, *loaded.tokenizer,
                                                       loaded.model.config().context, options_));
        results.results.push_back({file.name,
                                   file.path,
                                   file.hash,
                                   count,
                                   static_cast<int64_t>(tasks_.back()->size()),
                                   {}});
      }
    answer(loaded, results);
    warn(results, loaded.model.config().context);
    return results;
  }

 private:
  void read_files() {
    for (const fs::path& path : find_task_files(command_.tasks, console_.report())) {
      TaskFile file = read_task_file(path);
      const auto same = std::ranges::find(files_, file.name, &TaskFile::name);
      require(ErrorKind::usage, same == files_.end(),
              "--tasks: expected files of different names, found {} and {}", path.string(),
              same == files_.end() ? "" : same->path);
      files_.push_back(std::move(file));
    }
    if (!command_.examples_from.empty()) pool_ = read_task_file(command_.examples_from);
  }

  void answer(const LoadedModel& loaded, EvaluationResults& results) {
    std::vector<const Task*> tasks;
    int64_t items = 0;
    for (const auto& task : tasks_) {
      tasks.push_back(task.get());
      items += static_cast<int64_t>(task->size());
    }
    std::optional<FileWriter> samples;
    if (!command_.log_samples.empty()) samples.emplace(command_.log_samples);
    Progress progress(console_, items, {.title = "evaluate", .unit = "items"});
    RunnerEvents events;
    events.on_progress = [&](double done) { progress.update(static_cast<int64_t>(done)); };
    if (samples)
      events.on_judgement = [&](size_t, size_t, const Judgement& judgement) {
        samples->write(judgement.sample.dump() + "\n");
      };
    auto figures =
        run_tasks(loaded.model, *loaded.tokenizer, tasks, {.batch = command_.batch}, events);
    for (size_t i = 0; i < figures.size(); ++i) results.results[i].figures = std::move(figures[i]);
    if (samples) samples->finish();
    progress.finish();
  }

  void warn(const EvaluationResults& results, int64_t context) {
    for (const int64_t shots : results.shots()) {
      int64_t shortened = 0, items = 0;
      for (const TaskResult& result : results.results) {
        if (result.shots != shots) continue;
        shortened += static_cast<int64_t>(result.find("shortened_prompts")->value());
        items += result.items;
      }
      if (shortened > 0)
        console_.warning(
            "K = {}: {} of {} prompts were too long for the model's context of {} and were "
            "shortened",
            shots, grouped(shortened), grouped(items), context);
    }
  }

  const EvaluateCommand& command_;
  Console& console_;
  FewShotOptions options_;
  std::vector<TaskFile> files_;
  TaskFile pool_;  // of --examples-from; else without items
  std::vector<std::unique_ptr<FewShotTask>> tasks_;
};

// ---- Tables -------------------------------------------------------------------------------------

using Row = std::vector<std::string>;

std::string cell(const std::optional<Accuracy>& accuracy) {
  if (!accuracy) return "–";
  return fmt::format("{:.1f} ± {:.1f}", 100 * accuracy->value, 100 * accuracy->error);
}

/// The header first.
void put_table(const std::vector<Row>& rows) {
  std::vector<size_t> widths(rows[0].size());
  for (const Row& row : rows)
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], display_width(row[i]));
  for (const Row& row : rows) {
    std::string line = "  " + row[0];
    for (size_t i = 0; i < row.size(); ++i) {
      const std::string space(widths[i] - display_width(row[i]), ' ');
      line += i == 0 ? space : "   " + space + row[i];
    }
    put(line + "\n");
  }
}

Row header_of(std::string_view what, const std::vector<int64_t>& shots) {
  Row header{std::string(what)};
  for (const int64_t count : shots) header.push_back(fmt::format("K = {}", count));
  return header;
}

/// The level of chance stands first, if some task tells it.
void put_tasks(const EvaluationResults& results, std::string_view measure, std::string_view title) {
  const bool chance = std::ranges::any_of(results.results,
                                          [](const TaskResult& one) { return one.find("chance"); });
  std::vector<Row> rows{header_of("", results.shots())};
  if (chance) rows[0].insert(rows[0].begin() + 1, "chance");
  for (const std::string& task : results.tasks()) {
    Row& row = rows.emplace_back(Row{task});
    const Figure* level =
        std::ranges::find(results.results, task, &TaskResult::task)->find("chance");
    if (chance) row.push_back(level ? fmt::format("{:.1f}", 100 * level->value()) : "");
    for (const int64_t shots : results.shots())
      row.push_back(cell(results.accuracy(task, shots, measure)));
  }
  if (rows.size() > 2) {
    Row& mean = rows.emplace_back(Row{"mean"});
    if (chance) mean.emplace_back();
    for (const int64_t shots : results.shots())
      mean.push_back(cell(results.mean_accuracy(shots, measure)));
  }
  put(fmt::format("{}\n\n", title));
  put_table(rows);
}

void put_results(const EvaluationResults& results, const EvaluateCommand& command) {
  const bool greedy = command.by != "likelihood";
  put_tasks(results, "accuracy",
            fmt::format("{} ({} parameters): accuracy in %, {}", results.model,
                        human_count(static_cast<double>(results.parameters)),
                        greedy ? "greedy answers that match" : "by likelihood"));
  const bool choices = std::ranges::any_of(
      results.results, [](const TaskResult& one) { return one.find("choice_accuracy"); });
  if (!choices || !greedy) return;
  put("\n");
  put_tasks(results, "choice_accuracy", "the likeliest of the choices");
}

// ---- Comparison ---------------------------------------------------------------------------------

/// Tells what else than the questions makes numbers differ.
void warn_of_settings(const EvaluationResults& first, const EvaluationResults& other,
                      Console& console) {
  for (const char* name : {"seed", "by", "start", "separator", "stop", "examples_from"}) {
    const Json *one = first.settings.find(name), *two = other.settings.find(name);
    if (one && two && !(*one == *two))
      console.warning("{} and {} differ in \"{}\": {} and {}", first.model, other.model, name,
                      one->dump(), two->dump());
  }
}

void compare(const EvaluateCommand& command, const CommonOptions& common, Console& console) {
  Outputs outputs(command);
  std::vector<EvaluationResults> models;
  for (const std::string& path : command.compare) {
    models.push_back(EvaluationResults::read(path));
    if (!command.only.empty()) models.back() = models.back().only(command.only);
  }
  const Plot plot = plot_of_models(models);
  const std::vector<int64_t> shots = models.front().shots();
  std::vector<Row> rows{header_of("", shots)};
  Json all = Json::array();
  for (const EvaluationResults& one : models) {
    warn_of_settings(models.front(), one, console);
    Row& row = rows.emplace_back(Row{one.model_and_size()});
    Json means = Json::array();
    for (const int64_t count : shots) {
      const auto mean = one.mean_accuracy(count);
      row.push_back(cell(mean));
      means.append(Json::object({{"shots", count},
                                 {"accuracy", mean ? Json(mean->value) : Json()},
                                 {"standard_error", mean ? Json(mean->error) : Json()}}));
    }
    all.append(Json::object(
        {{"model", one.model}, {"parameters", one.parameters}, {"mean", std::move(means)}}));
  }
  if (common.json) {
    put_line(Json::object(
        {{"tasks", Json::array_of(models.front().tasks())}, {"models", std::move(all)}}));
  } else {
    put(fmt::format("accuracy in %: {}\n\n", title_of(models.front().tasks())));
    put_table(rows);
    flush_output();
  }
  outputs.draw(plot, console);
}

void run_evaluate(const EvaluateCommand& command, const CommonOptions& common) {
  Console console(common.least());
  if (!command.compare.empty()) return compare(command, common, console);
  require(ErrorKind::usage, !command.model.path.empty(), "--model is required");
  require(ErrorKind::usage, !command.tasks.empty(), "--tasks is required");
  Outputs outputs(command);
  const EvaluationResults results = Evaluation(command, console).run();
  if (common.json)
    put_line(results.as_json());
  else
    put_results(results, command);
  flush_output();
  outputs.keep(results);
  outputs.draw(plot_of_tasks(results), console);
}

CLI::Option* add_paths(CLI::App& app, const std::string& name, std::vector<std::string>& paths,
                       const std::string& help) {
  return app.add_option(name, paths, help)->type_name("PATH");
}

void add_outputs(CLI::App& app, EvaluateCommand& command) {
  const std::string group = "Results";
  add_text(app, "-o,--output", command.output, "FILE", "Keep the results, as JSON")->group(group);
  add_text(app, "--log-samples", command.log_samples, "FILE",
           "Keep every prompt and answer, as JSON lines")
      ->group(group);
  add_text(app, "--plot", command.plot, "FILE", "Draw accuracy against shots, as SVG")
      ->group(group);
}

void add_prompts(CLI::App& app, EvaluateCommand& command) {
  const std::string group = "Prompts";
  static const std::vector<std::string> starts{"end-of-text", "none"};
  static const std::vector<std::string> ways{"greedy", "likelihood", "both"};
  add_text(app, "--examples-from", command.examples_from, "FILE",
           "Draw examples from this file (default: the task's other items)")
      ->group(group);
  add_text(app, "--separator", command.separator, "TEXT",
           "Between examples, and before the question (default: nothing)")
      ->group(group);
  add_choice(app, "--start", command.start, starts,
             "What a prompt begins with (default end-of-text, as documents do in training)")
      ->group(group);
  add_texts(app, "--stop", command.stop, "TEXT",
            "A greedy answer ends before this (default: a newline); may be repeated")
      ->group(group);
  add_choice(app, "--by", command.by, ways, "How answers are found (default both)")->group(group);
}

}  // namespace

void add_evaluate(CLI::App& program, CommonOptions& common) {
  const auto command = std::make_shared<EvaluateCommand>();
  CLI::App& app = *program.add_subcommand("evaluate", "How well a model solves tasks");
  add_model_option(app, command->model)->required(false);
  add_paths(app, "--tasks", command->tasks, "Task files (*.jsonl, .gz, .zst), or folders");
  add_text(app, "-k,--shots", command->shots, "N,N,…",
           "Numbers of examples before the question (default 0,1,2,4,8)");
  add_integer(app, "--limit", command->limit, 1, kNoLimit, "Only the first N items of each task");
  add_integer(app, "--seed", command->seed, 0, kNoLimit, "Of the draw of examples (default 0)");
  add_integer(app, "--batch", command->batch, 1, 1 << 16,
              "Items computed together (default 64); no result depends on it");
  add_prompts(app, *command);
  add_outputs(app, *command);
  const std::vector<CLI::Option*> evaluating = app.get_options();
  CLI::Option* compare =
      add_paths(app, "--compare", command->compare,
                "Results kept with --output: a line for each model, in place of an evaluation")
          ->group("Results");
  for (CLI::Option* other : evaluating)
    if (other->get_single_name() != "plot") compare->excludes(other);
  add_texts(app, "--only", command->only, "TASK", "Compare on this task alone; may be repeated")
      ->needs(compare)
      ->group("Results");
  finish_command(
      app, common,
      {"octavo evaluate --model runs/few-shot --tasks tasks --shots 0,1,4",
       "octavo evaluate -m gpt2 --tasks two_digit_addition.jsonl --limit 500 -o gpt2.json",
       "octavo evaluate --compare small.json medium.json --plot sizes.svg", "",
       "A task is a file of lines {\"context\": …, \"completion\": …}; docs/evaluate.md tells "
       "more."},
      [command, &common] { run_evaluate(*command, common); });
}

}  // namespace octavo
