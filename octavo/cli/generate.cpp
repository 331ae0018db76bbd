// octavo generate: continues a prompt.
//
// Text streams to stdout as tokens come, whole characters at a time; how fast it went is told on
// stderr. Several samples are decoded together and shown one after the other. With --ids tokens go
// in and come out as JSON, for models without a tokenizer and for programs.
#include <unistd.h>
#include <CLI/CLI.hpp>

#include <limits>
#include <memory>
#include <optional>

#include "octavo/base/error.h"
#include "octavo/base/files.h"
#include "octavo/base/line_reader.h"
#include "octavo/base/text.h"
#include "octavo/cli/model_option.h"
#include "octavo/cli/sampling_option.h"
#include "octavo/generate/generator.h"

namespace octavo {
namespace {

constexpr size_t kMaximumPrompt = size_t{64} << 20;  // bytes
constexpr int64_t kNoLimit = std::numeric_limits<int64_t>::max();

struct GenerateCommand {
  ModelOption model;
  std::optional<std::string> prompt;
  std::string prompt_file;
  bool ids = false, slide = false;
  int64_t max_tokens = 256, samples = 1;
  SamplingOption sampling;
  std::vector<std::string> stop;
};

std::string read_prompt(const GenerateCommand& command) {
  if (command.prompt) return *command.prompt;
  if (!command.prompt_file.empty() && command.prompt_file != "-")
    return read_text(ByteReader(command.prompt_file), kMaximumPrompt);
  require(ErrorKind::usage, command.prompt_file == "-" || !::isatty(STDIN_FILENO),
          "there is no prompt: give --prompt TEXT, --prompt-file FILE, or text on standard input");
  std::string text = read_text(ByteReader::standard_input(), kMaximumPrompt);
  if (text.ends_with('\n')) text.pop_back();  // echo's
  return text;
}

std::vector<int32_t> ids_of(const std::string& text) {
  std::vector<int32_t> ids;
  for (const int64_t id : Json::parse(text, "the prompt").integers()) {
    require(ErrorKind::usage, id >= 0 && id <= std::numeric_limits<int32_t>::max(),
            "the prompt: {} is no token id", id);
    ids.push_back(static_cast<int32_t>(id));
  }
  return ids;
}

GenerationRequest request_of(const GenerateCommand& command, const LoadedModel& loaded) {
  const Generator generator(loaded.model, loaded.tokenizer ? &*loaded.tokenizer : nullptr);
  require(ErrorKind::usage, loaded.tokenizer || command.ids,
          "{}: holds no tokenizer; with --ids the prompt is a JSON array of token ids",
          command.model.path);
  const std::string prompt = read_prompt(command);
  GenerationRequest request;
  request.prompt = command.ids ? ids_of(prompt) : generator.encode_prompt(prompt);
  request.sampling = command.sampling.chosen();
  request.max_tokens = command.max_tokens;
  request.samples = command.samples;
  request.stop = command.stop;
  request.full_context = command.slide ? FullContext::slides : FullContext::ends;
  return request;
}

/// Shows the pieces of the samples in order: the first as it comes, the others when it has ended.
class TextStream {
 public:
  explicit TextStream(size_t samples) : held_(samples), ended_(samples, false) {}

  void add(const GeneratedPiece& piece) {
    if (piece.finish) ended_[piece.sample] = true;
    if (piece.sample != shown_) {
      held_[piece.sample] += piece.text;
      return;
    }
    show(piece.text);
    while (shown_ < ended_.size() && ended_[shown_]) {
      end_sample();
      if (++shown_ < ended_.size()) begin_sample();
    }
    flush_output();
  }

 private:
  void begin_sample() {
    put(fmt::format("--- sample {} of {} ---\n", shown_ + 1, ended_.size()));
    show(held_[shown_]);
  }
  void end_sample() {
    if (last_ != '\n') put("\n");
    last_ = 0;
  }
  void show(std::string_view text) {
    if (text.empty()) return;
    put(terminal_ ? harmless(text) : text);
    last_ = text.back();
  }

  std::vector<std::string> held_;
  std::vector<bool> ended_;
  size_t shown_ = 0;
  char last_ = 0;  // of the sample that is shown, 0 while it has none
  const bool terminal_ = ::isatty(STDOUT_FILENO) == 1;
};

Json as_json(const GenerationRequest& request, const GenerationResult& result) {
  Json samples = Json::array();
  for (const Continuation& one : result.continuations.front())
    samples.append(Json::object({{"text", one.text},
                                 {"ids", Json::array_of(one.tokens)},
                                 {"finish", name_of(one.finish)}}));
  return Json::object({{"prompt_ids", Json::array_of(request.prompt)},
                       {"seed", request.sampling.seed},
                       {"samples", std::move(samples)},
                       {"prefill_tokens_per_s", result.speed.prefill_rate()},
                       {"decode_tokens_per_s", result.speed.decode_rate()}});
}

std::string_view explanation(FinishReason reason) {
  switch (reason) {
    case FinishReason::end_of_text:
      return "the text came to its end";
    case FinishReason::stop_string:
      return "a stop string was met";
    case FinishReason::max_tokens:
      return "--max-tokens was reached";
    default:
      return "the model's context is full (--slide goes on)";
  }
}

void tell_speed(Console& console, const GenerationRequest& request,
                const GenerationResult& result) {
  const GenerationSpeed& speed = result.speed;
  std::string line = fmt::format("prompt {} tokens", request.prompt.size());
  if (speed.prefill_seconds > 0) line += fmt::format(" at {}/s", human_count(speed.prefill_rate()));
  int64_t tokens = 0;
  for (const Continuation& one : result.continuations.front())
    tokens += static_cast<int64_t>(one.tokens.size());
  line += fmt::format(", {} new", tokens);
  if (speed.decoded_tokens > 0) line += fmt::format(" at {}/s", human_count(speed.decode_rate()));
  if (request.samples == 1)
    line += fmt::format("; {}", explanation(result.continuations.front().front().finish));
  if (request.sampling.temperature > 0) line += fmt::format("; --seed {}", request.sampling.seed);
  console.info("{}", line);
}

void run_generate(const GenerateCommand& command, const CommonOptions& common) {
  Console console(common.least());
  const bool needs_no_text = command.ids && command.stop.empty();
  const LoadedModel loaded =
      load(command.model, needs_no_text ? LoadTokenizer::never : LoadTokenizer::if_present);
  const GenerationRequest request = request_of(command, loaded);
  const Generator generator(loaded.model, loaded.tokenizer ? &*loaded.tokenizer : nullptr);
  TextStream stream(static_cast<size_t>(request.samples));
  const bool streams = !common.json && !command.ids;
  if (streams && request.samples > 1) put(fmt::format("--- sample 1 of {} ---\n", request.samples));
  const GenerationResult result =
      generator.generate({&request, 1}, [&](const GeneratedPiece& piece) {
        if (streams) stream.add(piece);
      });
  if (common.json)
    put_line(as_json(request, result));
  else if (command.ids)
    for (const Continuation& one : result.continuations.front())
      put_line(Json::array_of(one.tokens));
  tell_speed(console, request, result);
}

}  // namespace

void add_generate(CLI::App& program, CommonOptions& common) {
  const auto command = std::make_shared<GenerateCommand>();
  CLI::App& app = *program.add_subcommand("generate", "Continue a prompt");
  add_model_option(app, command->model);
  CLI::Option* prompt =
      app.add_option_function<std::string>(
             "-p,--prompt", [command](const std::string& text) { command->prompt = text; },
             "What to continue; empty: a new text")
          ->type_name("TEXT");
  add_text(app, "--prompt-file", command->prompt_file, "FILE",
           "The same from a file; -: from standard input (the default)")
      ->excludes(prompt);
  add_integer(app, "-n,--max-tokens", command->max_tokens, 1, kNoLimit,
              "Tokens to write at most (default 256)");
  app.add_flag("--slide", command->slide,
               "Go on when the model's context is full, forgetting its first half; read the end "
               "of a longer prompt");
  add_integer(app, "--samples", command->samples, 1, 10'000, "How many continuations (default 1)");
  add_texts(app, "--stop", command->stop, "TEXT", "Stop before this; may be repeated");
  app.add_flag("--ids", command->ids, "Prompt and output are JSON arrays of token ids");

  add_sampling_options(app, command->sampling);
  finish_command(app, common,
                 {"octavo generate --model runs/shakespeare --prompt 'ROMEO:'",
                  "octavo generate -m runs/shakespeare -p 'ROMEO:' --samples 3 --stop 'JULIET:'",
                  "octavo generate -m gpt2 --ids -p '[464, 3290]' --greedy --dtype bf16"},
                 [command, &common] { run_generate(*command, common); });
}

}  // namespace octavo
