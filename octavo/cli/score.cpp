// octavo score: the log-probability of every token, as JSON lines.
//
// One text per line in, one object per line out, in the same order, a batch at a time, so a file of
// any size streams through. Numbers have nine significant digits: what it takes to read a float
// back to the bit, so that any other program can check the model against this one.
#include <CLI/CLI.hpp>

#include <algorithm>
#include <limits>
#include <memory>
#include <optional>

#include "octavo/base/error.h"
#include "octavo/base/line_reader.h"
#include "octavo/base/text.h"
#include "octavo/cli/model_option.h"
#include "octavo/generate/scorer.h"

namespace octavo {
namespace {

constexpr int64_t kRowsTogether = 4096;  // bounds the memory of a batch unless --batch says more

struct ScoreCommand {
  ModelOption model;
  std::string file;
  bool ids = false, text = false;
  int64_t batch = 0;  // texts; 0: by rows
};

class LineScorer {
 public:
  LineScorer(const ScoreCommand& command, const LoadedModel& loaded)
      : command_(command), model_(loaded.model), tokenizer_(loaded.tokenizer) {}

  void run() {
    const bool standard_input = command_.file.empty() || command_.file == "-";
    LineReader lines(standard_input ? ByteReader::standard_input() : ByteReader(command_.file));
    try {
      while (const auto line = lines.next()) add(*line, lines);
    } catch (const Error&) {
      score_pending();  // what came before the bad line is good
      throw;
    }
    score_pending();
  }

 private:
  void add(std::string_view line, const LineReader& lines) {
    std::vector<int32_t> tokens = command_.text ? tokenizer_->encode(line) : ids_of(line, lines);
    const auto rows = static_cast<int64_t>(tokens.size());
    const int64_t most = model_.config().context + 1;  // the last one is only predicted
    require(rows <= most, "{}: {} tokens, the model's context and one more are {}", lines.where(),
            rows, most);
    const bool by_rows = command_.batch == 0;
    if (by_rows && pending_rows_ + rows > kRowsTogether) score_pending();
    pending_rows_ += rows;
    pending_.push_back(std::move(tokens));
    // At once: who asks through a pipe waits for the answer before the next line.
    if (!by_rows && static_cast<int64_t>(pending_.size()) == command_.batch) score_pending();
  }

  std::vector<int32_t> ids_of(std::string_view line, const LineReader& lines) const {
    const std::string_view word = line.substr(std::min(line.find_first_not_of(" \t"), line.size()));
    require(word.starts_with('['),
            "{}: expected a JSON array of token ids, found \"{}\"; with --text a line is a text",
            lines.where(), repair_utf8(word.substr(0, 20)));
    const int64_t vocabulary = model_.config().vocabulary;
    std::vector<int32_t> tokens;
    const Json ids = Json::parse(line, lines.name(), {.first_line = lines.line_number()});
    for (const int64_t id : ids.integers()) {
      require(id >= 0 && id < vocabulary, "{}: token {} is outside the vocabulary of {}",
              lines.where(), id, vocabulary);
      tokens.push_back(static_cast<int32_t>(id));
    }
    return tokens;
  }

  void score_pending() {
    const std::vector<std::vector<int32_t>> texts = std::move(pending_);
    pending_.clear(), pending_rows_ = 0;
    ScoreOptions options;
    if (command_.batch > 0) options.batch_rows = std::numeric_limits<int64_t>::max() / 2;
    score(model_, texts, options, [&](size_t text, const std::vector<float>& logprobs) {
      Json numbers = Json::array();
      for (const float number : logprobs) numbers.append(Json::number9(number));  // NaN: null
      put(Json::object({{"ids", Json::array_of(texts[text])}, {"logprobs", std::move(numbers)}})
              .dump() +
          "\n");
    });
    flush_output();
  }

  const ScoreCommand& command_;
  const GPT& model_;
  const std::optional<Tokenizer>& tokenizer_;
  std::vector<std::vector<int32_t>> pending_;
  int64_t pending_rows_ = 0;
};

void run_score(const ScoreCommand& command) {
  const LoadedModel loaded =
      load(command.model, command.text ? LoadTokenizer::if_present : LoadTokenizer::never);
  require(ErrorKind::usage, !command.text || loaded.tokenizer,
          "{}: holds no tokenizer, so --text cannot be; --ids reads token ids", command.model.path);
  LineScorer(command, loaded).run();
}

}  // namespace

void add_score(CLI::App& program, CommonOptions& common) {
  const auto command = std::make_shared<ScoreCommand>();
  CLI::App& app = *program.add_subcommand("score", "The log-probability of every token of texts");
  add_text(app, "FILE", command->file, "PATH", "Lines to score; -: standard input (the default)");
  add_model_option(app, command->model);
  CLI::Option* ids =
      app.add_flag("--ids", command->ids, "A line is a JSON array of token ids (the default)");
  app.add_flag("--text", command->text, "A line is a text")->excludes(ids);
  add_integer(app, "--batch", command->batch, 1, 1 << 20,
              "Texts computed together, and answered as soon as so many are read; no number "
              "depends on it");
  finish_command(app, common,
                 {"octavo score --model runs/shakespeare --text lines.txt",
                  "echo '[464, 3290]' | octavo score --model gpt2 --dtype bf16", "",
                  "Each line gives {\"ids\": […], \"logprobs\": [null, …]}: natural logarithms of",
                  "p(token | those before it); the first has none before it, hence null."},
                 [command] { run_score(*command); });
}

}  // namespace octavo
