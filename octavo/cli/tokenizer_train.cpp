// octavo tokenizer train: learns a tokenizer from text and reports what it learned.
//
// The texts are read twice: once to count, once to measure what the tokenizer makes of each.
// Learning itself is octavo/tokenizer's. Tested by tests/cli/tokenizer_command_test.cpp.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <memory>

#include "octavo/base/clock.h"
#include "octavo/base/error.h"
#include "octavo/base/files.h"
#include "octavo/base/progress.h"
#include "octavo/base/signals.h"
#include "octavo/base/text.h"
#include "octavo/cli/command.h"
#include "octavo/dataset/text_files.h"
#include "octavo/tokenizer/text_windows.h"
#include "octavo/tokenizer/tokenizer_files.h"
#include "octavo/tokenizer/tokenizer_trainer.h"

namespace octavo {
namespace {

namespace fs = std::filesystem;

struct TrainTokenizerCommand {
  std::vector<std::string> paths, special;
  std::string output, digits = "together";
  int64_t vocabulary = 32'768, memory = 4'000'000'000;
  bool overwrite = false;
};

// What of the process is neither counts nor learning: one window of text and its tokens among it.
constexpr int64_t kProcessMemory = 32'000'000;
constexpr size_t kWindow = size_t{1} << 20;

TokenizerTrainingOptions options_of(const TrainTokenizerCommand& command) {
  TokenizerTrainingOptions options;
  options.vocabulary = command.vocabulary;
  options.special.insert(options.special.end(), command.special.begin(), command.special.end());
  options.split = command.digits == "single" ? TextSplit::gpt2_digits : TextSplit::gpt2;
  options.memory = static_cast<size_t>(command.memory - kProcessMemory);
  options.scratch = command.output;
  return options;
}

class TokenizerTraining {
 public:
  TokenizerTraining(const TrainTokenizerCommand& command, Console& console)
      : command_(command),
        console_(console),
        options_(options_of(command)),
        files_(find_text_files(command.paths)) {}

  TrainedTokenizer run() {
    TokenizerTrainer trainer(options_);
    for_each_text("count", [&](const fs::path&, std::string_view text, bool is_document) {
      is_document ? trainer.add(text) : trainer.add_window(text);
    });
    Progress progress(console_, command_.vocabulary, {.title = "merge", .unit = "tokens"});
    TrainedTokenizer trained = trainer.finish([&](int64_t tokens) {
      stop_if_asked();
      progress.update(tokens);
    });
    progress.update(command_.vocabulary);
    progress.finish();
    return trained;
  }

  struct SourceFacts {
    std::string name;
    int64_t bytes = 0, tokens = 0;
  };
  // What the tokenizer makes of each of its sources, and how often each token is used.
  std::vector<SourceFacts> measure(const Tokenizer& tokenizer, std::vector<int64_t>& uses) {
    std::vector<SourceFacts> facts;
    uses.assign(static_cast<size_t>(tokenizer.vocabulary_size()), 0);
    std::vector<int32_t> tokens;
    for_each_text("measure", [&](const fs::path& file, std::string_view text, bool) {
      if (facts.empty() || facts.back().name != file.string()) facts.push_back({file.string()});
      tokens.clear();
      tokenizer.encode_into(text, tokens);
      for (const int32_t token : tokens) ++uses[static_cast<size_t>(token)];
      facts.back().bytes += static_cast<int64_t>(text.size());
      facts.back().tokens += static_cast<int64_t>(tokens.size());
    });
    return facts;
  }

 private:
  // use(file, text, is_document): documents, or of a file that is one the first window, then
  // others.
  template <class Use>
  void for_each_text(const char* title, const Use& use) {
    int64_t total = 0, done = 0;
    for (const fs::path& file : files_) total += static_cast<int64_t>(fs::file_size(file));
    Progress progress(console_, total, {.title = title, .unit = "B"});
    for (const fs::path& file : files_) {
      const auto size = static_cast<int64_t>(fs::file_size(file));
      int64_t read = 0;  // of a compressed file, more than it has
      const bool lines = holds_lines(file);
      bool is_document = true;
      const auto use_text = [&](std::string_view text) {
        stop_if_asked();
        use(file, text, is_document);
        is_document = lines;
        progress.update(done + std::min(size, read += static_cast<int64_t>(text.size())));
      };
      if (lines)
        for_each_document(file, BinaryText::allowed, use_text);
      else
        for_each_window(ByteReader(file), kWindow, TextCuts(options_.split, options_.special),
                        use_text);
      progress.update(done += size);
    }
    progress.finish();
  }

  void stop_if_asked() const {
    require(ErrorKind::interrupted, !guard_.interrupted(),
            "stopped before the tokenizer was learned and measured; nothing was written");
  }

  const TrainTokenizerCommand& command_;
  Console& console_;
  const TokenizerTrainingOptions options_;
  const std::vector<fs::path> files_;
  const InterruptGuard guard_;
};

std::string shown(std::string_view bytes) { return Json(bytes).dump(); }

// Tokens by length and by use: what was learned, at its edges.
struct Edges {
  std::vector<int32_t> longest, rarest;
  int64_t unused = 0;
};

Edges edges_of(const Tokenizer& tokenizer, const std::vector<int64_t>& uses) {
  constexpr size_t kShown = 12;
  Edges edges;
  std::vector<int32_t> merged;
  for (const Merge& merge : tokenizer.bpe().merges()) merged.push_back(merge.result);
  const auto take = [&](auto order) {
    std::vector<int32_t> tokens = merged;
    std::stable_sort(tokens.begin(), tokens.end(), order);
    tokens.resize(std::min(kShown, tokens.size()));
    return tokens;
  };
  const auto length = [&](int32_t id) { return tokenizer.text_of(id).size(); };
  const auto use = [&](int32_t id) { return uses[static_cast<size_t>(id)]; };
  edges.longest = take([&](int32_t a, int32_t b) { return length(a) > length(b); });
  edges.rarest = take([&](int32_t a, int32_t b) { return use(a) < use(b); });
  edges.unused = std::count_if(merged.begin(), merged.end(), [&](int32_t id) { return !use(id); });
  return edges;
}

using SourceFacts = TokenizerTraining::SourceFacts;

double bytes_per_token(const SourceFacts& facts) {
  return facts.tokens ? static_cast<double>(facts.bytes) / static_cast<double>(facts.tokens) : 0;
}

SourceFacts total_of(const std::vector<SourceFacts>& sources) {
  SourceFacts total{"all"};
  for (const SourceFacts& one : sources) total.bytes += one.bytes, total.tokens += one.tokens;
  return total;
}

Json report_json(const TrainedTokenizer& trained, std::vector<SourceFacts> sources,
                 const std::vector<int64_t>& uses) {
  const Tokenizer& tokenizer = trained.tokenizer;
  const Edges edges = edges_of(tokenizer, uses);
  const auto list = [&](const std::vector<int32_t>& ids) {
    Json tokens = Json::array();
    for (const int32_t id : ids)
      tokens.append(Json::object(
          {{"id", id}, {"text", tokenizer.text_of(id)}, {"uses", uses[static_cast<size_t>(id)]}}));
    return tokens;
  };
  const SourceFacts all = total_of(sources);
  Json by_source = Json::array();
  for (const SourceFacts& one : sources)
    by_source.append(Json::object({{"source", one.name},
                                   {"bytes", one.bytes},
                                   {"tokens", one.tokens},
                                   {"bytes_per_token", bytes_per_token(one)}}));
  return Json::object({{"vocabulary", tokenizer.vocabulary_size()},
                       {"merges", tokenizer.bpe().merges().size()},
                       {"fingerprint", tokenizer.fingerprint()},
                       {"documents", trained.documents},
                       {"text_bytes", trained.text_bytes},
                       {"bytes_not_utf8", trained.broken_bytes},
                       {"distinct_pieces", trained.pieces},
                       {"runs_on_disk", trained.runs},
                       {"bytes_per_token", bytes_per_token(all)},
                       {"sources", std::move(by_source)},
                       {"longest", list(edges.longest)},
                       {"rarest", list(edges.rarest)},
                       {"unused", edges.unused}});
}

std::string report_text(const TrainTokenizerCommand& command, const Json& report) {
  std::string text = fmt::format(
      "{}: {} tokens, {} merges learned from {} of text in {}\n\nbytes per token\n", command.output,
      grouped(report.at("vocabulary").integer()), grouped(report.at("merges").integer()),
      human_bytes(report.at("text_bytes").number()),
      counted(report.at("documents").integer(), "document"));
  constexpr size_t kSources = 20;
  std::vector<Json> sources(report.at("sources").items().begin(),
                            report.at("sources").items().end());
  std::stable_sort(sources.begin(), sources.end(), [](const Json& a, const Json& b) {
    return a.at("bytes").integer() > b.at("bytes").integer();
  });
  for (size_t i = 0; i < std::min(kSources, sources.size()); ++i)
    text += fmt::format("  {:6.3f}  {}\n", sources[i].at("bytes_per_token").number(),
                        sources[i].at("source").text());
  if (sources.size() > kSources)
    text += fmt::format("          and {} more (--json has all)\n", sources.size() - kSources);
  if (sources.size() > 1)
    text += fmt::format("  {:6.3f}  all together\n", report.at("bytes_per_token").number());
  const auto list = [&](const char* key) {
    std::string line;
    for (const Json& token : report.at(key).items())
      line += fmt::format("{}{} ({})", line.empty() ? "" : ", ", shown(token.at("text").text()),
                          grouped(token.at("uses").integer()));
    return line;
  };
  text += fmt::format("\nlongest tokens, and how often the text has them\n  {}\n", list("longest"));
  text += fmt::format("rarest tokens ({} of no use but to be merged further)\n  {}\n",
                      grouped(report.at("unused").integer()), list("rarest"));
  if (const int64_t broken = report.at("bytes_not_utf8").integer())
    text += fmt::format("{} of the text are no UTF-8; they were taken as bytes\n",
                        counted(broken, "byte"));
  return text;
}

void run_train(const TrainTokenizerCommand& command, const CommonOptions& common) {
  Console console(common.least());
  const fs::path folder = command.output;
  if (!command.overwrite) require_no_tokenizer(folder);
  const double begin = monotonic_seconds();
  TokenizerTraining training(command, console);
  const bool new_folder = !fs::exists(folder);
  make_directories(folder);
  auto [tokenizer, report] = [&] {
    try {
      const TrainedTokenizer trained = training.run();
      std::vector<int64_t> uses;
      const std::vector<SourceFacts> sources = training.measure(trained.tokenizer, uses);
      return std::pair(trained.tokenizer, report_json(trained, sources, uses));
    } catch (...) {
      std::error_code ignored;
      if (new_folder) fs::remove(folder, ignored);
      throw;
    }
  }();
  replace_tokenizer(tokenizer, folder, TokenizerFormat::hugging_face);
  report.set("seconds", monotonic_seconds() - begin);
  if (common.json)
    put_line(report);
  else
    put(harmless(report_text(command, report)));
}

}  // namespace

void add_tokenizer_train(CLI::App& tokenizer, CommonOptions& common) {
  const auto command = std::make_shared<TrainTokenizerCommand>();
  CLI::App& app = *tokenizer.add_subcommand("train", "Learn merges from text");
  add_texts(app, "PATH", command->paths, "PATH", "Text, JSON lines, or folders of them")
      ->required();
  add_text(app, "-o,--output", command->output, "DIR", "The tokenizer's folder")->required();
  add_integer(app, "--vocabulary", command->vocabulary, 258,
              static_cast<int64_t>(TokenTable::kMaximumSize),
              "Tokens in all: 256 bytes, merges, special tokens (default 32768)");
  add_texts(app, "--special", command->special, "TEXT",
            "A special token beside <|endoftext|>; may be repeated");
  static const std::vector<std::string> kDigits = {"together", "single"};
  add_choice(app, "--digits", command->digits, kDigits,
             "\"1984\" as GPT-2 splits it (default) or digit by digit, for arithmetic");
  add_size(app, "--max-ram", command->memory, 64'000'000, 1'000'000'000'000'000,
           "Memory at most; counts that do not fit go to the disk (default 4GB)");
  app.add_flag("--overwrite", command->overwrite, "Replace the tokenizer that is there");
  finish_command(
      app, common,
      {"octavo tokenizer train books/ --vocabulary 8192 --output books-8k",
       "octavo tokenizer train a.jsonl b.txt --vocabulary 32768 -o mine --special '<|user|>'", "",
       "The same text gives the same tokenizer, whatever the threads and memory."},
      [command, &common] { run_train(*command, common); });
}

}  // namespace octavo
