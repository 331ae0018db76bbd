// octavo corpus: text to train on.
//
// `synthesize` writes the built-in corpus: stories and few-shot tasks, any size, seeded, and the
// evaluation's items beside them (docs/corpus.md).
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <charconv>
#include <limits>
#include <memory>

#include "octavo/base/clock.h"
#include "octavo/base/error.h"
#include "octavo/base/progress.h"
#include "octavo/base/signals.h"
#include "octavo/base/text.h"
#include "octavo/cli/command.h"
#include "octavo/corpus/synthesize.h"

namespace octavo {
namespace {

constexpr int64_t kMegabyte = 1'000'000, kLeastSize = 1000, kMostSize = 1'000'000 * kMegabyte;

struct SynthesizeCommand {
  std::string output;
  int64_t size = SynthesisOptions{}.size, seed = 1, items = SynthesisOptions{}.items;
  std::vector<std::string> shares;
  bool overwrite = false;
};

std::pair<std::string, double> parse_share(const std::string& text) {
  const size_t equals = text.find('=');
  double share = 0;
  const char* const end = text.data() + text.size();
  const bool good = equals != std::string::npos && [&] {
    const auto [stop, error] = std::from_chars(text.data() + equals + 1, end, share);
    return error == std::errc() && stop == end && share >= 0;
  }();
  require(ErrorKind::usage, good, "--share: expected NAME=N, such as stories=50, found \"{}\"",
          text);
  return {text.substr(0, equals), share};
}

SynthesisOptions options_of(const SynthesizeCommand& command) {
  SynthesisOptions options;
  options.folder = command.output;
  options.size = command.size;
  options.seed = static_cast<uint64_t>(command.seed);
  options.items = command.items;
  for (const std::string& share : command.shares) options.shares.push_back(parse_share(share));
  options.old = command.overwrite ? OldCorpus::replace : OldCorpus::keep;
  return options;
}

Synthesis with_progress(const SynthesisOptions& options, Console& console) {
  const InterruptGuard guard;
  Progress progress(console, options.size, {.title = "synthesize", .unit = "B"});
  Synthesis made = synthesize(options, [&](int64_t bytes) {
    require(ErrorKind::interrupted, !guard.interrupted(), "{}: stopped before the corpus was whole",
            options.folder.string());
    progress.update(std::min(bytes, options.size));
  });
  progress.finish();
  return made;
}

Json as_json(const SynthesisOptions& options, const Synthesis& made, double seconds) {
  const auto rows = [](const std::vector<SynthesizedFile>& files, std::string_view count_name) {
    Json list = Json::array();
    for (const SynthesizedFile& file : files) {
      Json row = Json::object({{"file", file.name}, {count_name, file.documents}});
      if (file.text_bytes > 0) row.set("text_bytes", file.text_bytes);
      list.append(row.set("bytes", file.bytes));
    }
    return list;
  };
  return Json::object({{"folder", options.folder.string()},
                       {"seed", options.seed},
                       {"files", rows(made.corpus, "documents")},
                       {"evaluation", rows(made.evaluation, "items")},
                       {"seconds", seconds}});
}

std::string as_text(const SynthesisOptions& options, const Synthesis& made) {
  std::string text;
  int64_t bytes = 0, items = 0;
  for (const SynthesizedFile& file : made.corpus) bytes += file.text_bytes;
  for (const SynthesizedFile& file : made.corpus)
    text += fmt::format("  {:<18} {:>11} documents  {:>8} of text  {:>3.0f} %\n", file.name,
                        grouped(file.documents), human_bytes(static_cast<double>(file.text_bytes)),
                        100 * static_cast<double>(file.text_bytes) / static_cast<double>(bytes));
  for (const SynthesizedFile& file : made.evaluation) items += file.documents;
  text += fmt::format("  {:<18} {:>11} items of {} tasks\n", "evaluation/", grouped(items),
                      made.evaluation.size());
  return fmt::format("{}: {} of text, seed {}\n{}", options.folder.string(),
                     human_bytes(static_cast<double>(bytes)), options.seed, text);
}

void run_synthesize(const SynthesizeCommand& command, const CommonOptions& common) {
  const SynthesisOptions options = options_of(command);
  Console console(common.least());
  const double begin = monotonic_seconds();
  const Synthesis made = with_progress(options, console);
  if (common.json)
    put_line(as_json(options, made, monotonic_seconds() - begin));
  else
    put(as_text(options, made));
}

std::string usual_shares() {
  std::vector<std::string> shares;
  for (const DocumentKind& kind : document_kinds())
    shares.push_back(fmt::format("{}={}", kind.name, kind.share));
  return fmt::format("{}", fmt::join(shares, ", "));
}

void add_synthesize(CLI::App& corpus, CommonOptions& common) {
  const auto command = std::make_shared<SynthesizeCommand>();
  CLI::App& app =
      *corpus.add_subcommand("synthesize", "The built-in corpus: stories and few-shot tasks");
  add_text(app, "-o,--output", command->output, "DIR", "The corpus's folder")->required();
  add_size(app, "--size", command->size, kLeastSize, kMostSize,
           "Of all texts together (default 20MB); a larger corpus begins with the same documents");
  add_integer(app, "--seed", command->seed, 0, std::numeric_limits<int64_t>::max(),
              "Another seed, another corpus (default 1); what is held out stays");
  add_texts(app, "--share", command->shares, "NAME=N",
            fmt::format("The share of a kind in the corpus (default {}), or of a task in its kind; "
                        "may be repeated",
                        usual_shares()));
  add_integer(app, "--items", command->items, 1, 1'000'000,
              "Evaluation items for each task (default 250)");
  app.add_flag("--overwrite", command->overwrite, "Replace the corpus that is there");
  finish_command(app, common,
                 {"octavo corpus synthesize --output corpus",
                  "octavo corpus synthesize -o corpus --size 200MB --share stories=80", "",
                  "Writes stories.jsonl, arithmetic.jsonl, words.jsonl and context.jsonl to train",
                  "on, evaluation/TASK.jsonl for octavo evaluate, and corpus.json last."},
                 [command, &common] { run_synthesize(*command, common); });
}

}  // namespace

void add_corpus(CLI::App& program, CommonOptions& common) {
  CLI::App& corpus = *program.add_subcommand("corpus", "Text to train on");
  corpus.require_subcommand(1)->group("Commands");
  add_synthesize(corpus, common);
  corpus.set_help_flag("-h,--help", "This help");
}

}  // namespace octavo
