// octavo chat: a conversation in a terminal with a model that completes texts.
//
// What is typed goes into a transcript that the model continues (conversation.h); its answer
// streams as tokens come and ends where the next turn would begin. Ctrl-C ends the answer, not the
// program. Lines come from standard input as the terminal edits them, or from a pipe, one turn
// each; answers go to standard output. Every answer reads the transcript anew: a history that is
// cut from the front has other positions, so a cache would seldom serve. Tested by
// tests/cli/chat_test.cpp.
#include <unistd.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <memory>
#include <optional>

#include "octavo/base/error.h"
#include "octavo/base/files.h"
#include "octavo/base/line_reader.h"
#include "octavo/base/signals.h"
#include "octavo/base/text.h"
#include "octavo/cli/conversation.h"
#include "octavo/cli/model_option.h"
#include "octavo/cli/sampling_option.h"
#include "octavo/generate/generator.h"

namespace octavo {
namespace {

constexpr int64_t kNoLimit = std::numeric_limits<int64_t>::max();

struct ChatCommand {
  ModelOption model;
  std::string chat_template;
  bool names = false;  // --user or --bot
  SamplingOption sampling;
  ConversationStyle style;
  std::string system;
  std::vector<std::string> stop;
  int64_t max_tokens = 256;
};

struct SlashCommand {
  std::string_view name, argument, help;
};

constexpr std::array kSlashCommands{
    SlashCommand{"/help", "", "this list"},
    SlashCommand{"/retry", "", "another answer to the same"},
    SlashCommand{"/undo", "", "forget the last turn"},
    SlashCommand{"/clear", "", "forget all turns"},
    SlashCommand{"/show", "", "the transcript as the model sees it"},
    SlashCommand{"/save", "FILE", "write the transcript to a file"},
    SlashCommand{"/system", "TEXT", "put a text before everything (nothing: take it away)"},
    SlashCommand{"/set", "NAME VALUE", "change how answers are drawn (nothing: show it)"},
    SlashCommand{"/quit", "", "leave, as Ctrl-D does"}};

template <class Number>
Number number_of(std::string_view text, std::string_view name) {
  Number number{};
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  require(ErrorKind::usage, error == std::errc() && stop == text.data() + text.size(),
          "/set {}: expected {}, found \"{}\"", name,
          std::is_integral_v<Number> ? "a whole number" : "a number", text);
  return number;
}

/// How answers are drawn, as /set shows and changes it.
struct Drawing {
  SamplingOptions sampling;
  int64_t max_tokens;

  static constexpr std::array kNames{"temperature",        "top-k", "top-p",     "min-p",
                                     "repetition-penalty", "seed",  "max-tokens"};

  std::string text() const {
    return fmt::format(
        "temperature {}, top-k {}, top-p {}, min-p {}, repetition-penalty {}, seed {}, "
        "max-tokens {}",
        sampling.temperature, sampling.top_k, sampling.top_p, sampling.min_p,
        sampling.repetition_penalty, sampling.seed, max_tokens);
  }

  /// Throws `usage`, and changes nothing, on a name or value that cannot be.
  void set(std::string_view name, std::string_view value) {
    Drawing changed = *this;
    if (name == "temperature")
      changed.sampling.temperature = number_of<double>(value, name);
    else if (name == "top-k")
      changed.sampling.top_k = number_of<int64_t>(value, name);
    else if (name == "top-p")
      changed.sampling.top_p = number_of<double>(value, name);
    else if (name == "min-p")
      changed.sampling.min_p = number_of<double>(value, name);
    else if (name == "repetition-penalty")
      changed.sampling.repetition_penalty = number_of<double>(value, name);
    else if (name == "seed")
      changed.sampling.seed = number_of<uint64_t>(value, name);
    else if (name == "max-tokens")
      changed.max_tokens = number_of<int64_t>(value, name);
    else
      fail(ErrorKind::usage, "/set: there is no \"{}\"{}", name,
           did_you_mean(name, std::vector<std::string>(kNames.begin(), kNames.end())));
    changed.sampling.validate();
    require(ErrorKind::usage, changed.max_tokens >= 1, "/set max-tokens: expected at least 1");
    *this = changed;
  }
};

/// Thrown out of the generator by the Ctrl-C that ends an answer.
struct Interrupted {};

class Chat {
 public:
  Chat(const ChatCommand& command, const CommonOptions& common, const LoadedModel& loaded)
      : command_(command),
        json_(common.json),
        model_(loaded.model),
        tokenizer_(*loaded.tokenizer),
        console_(common.least()),
        conversation_(command.style),
        drawing_{command.sampling.chosen(), command.max_tokens} {
    conversation_.set_system(command.system);
  }

  void run() {
    if (typed_)
      console_.info("{}; /help lists what else can be typed, Ctrl-D leaves", command_.model.path);
    show_label(command_.style.user);
    LineReader lines(ByteReader::standard_input());  // waits for bytes: they may be compressed
    while (const auto line = lines.next()) {
      take(*line);
      if (left_) break;
      show_label(command_.style.user);
    }
    if (!left_ && typed_) console_.info("");
    if (drawing_.sampling.temperature > 0 && answers_ > 0)
      console_.info("--seed {}", drawing_.sampling.seed);
  }

 private:
  void take(std::string_view line) {
    if (line.starts_with('/') && !line.starts_with("//")) return obey(line);
    if (line.starts_with('/')) line.remove_prefix(1);  // "//x" says "/x"
    line = line.substr(0, line.find_last_not_of(" \t\r") + 1);
    if (line.empty() && !command_.style.plain) return;
    conversation_.say(std::string(line));
    try {
      answer();
    } catch (const RaisedByTemplate& error) {  // it refuses such a turn: as if nothing was said
      conversation_.undo();
      console_.message(LogLevel::error, error.message());
    }
  }

  // ---- Answers ----------------------------------------------------------------------------------

  void answer() {
    const int64_t context = model_.config().context;
    const Conversation::Prompt prompt =
        conversation_.prompt(tokenizer_, context - std::min(drawing_.max_tokens, context / 2));
    tell_forgotten(prompt.forgotten);
    GenerationRequest request{.prompt = prompt.tokens,
                              .sampling = drawing_.sampling,
                              .max_tokens = drawing_.max_tokens,
                              .stop = conversation_.stops(),
                              .full_context = FullContext::slides};
    request.sampling.seed += static_cast<uint64_t>(answers_++);  // so that /retry says another
    request.stop.insert(request.stop.end(), command_.stop.begin(), command_.stop.end());
    show_label(command_.style.bot);
    begin_ = true, last_ = 0;
    const Written written = write(request);
    end_line();
    conversation_.answer(written.text.substr(0, written.text.find_last_not_of(" \t\r\n") + 1));
    if (json_) put_json(request, prompt, written);
    if (written.signal != 0 && written.signal != SIGINT) ::raise(written.signal);
  }

  struct Written {
    std::string text;
    int64_t tokens = 0;
    std::string_view finish = "interrupted";
    int signal = 0;
  };

  Written write(const GenerationRequest& request) {
    Written written;
    const InterruptGuard guard;
    try {
      const GenerationResult result =
          Generator(model_, &tokenizer_).generate({&request, 1}, [&](const GeneratedPiece& piece) {
            written.text += piece.text;
            written.tokens += piece.token >= 0;
            show(piece.text);
            if (guard.interrupted()) throw Interrupted();
          });
      written.finish = name_of(result.continuations[0][0].finish);
    } catch (const Interrupted&) {
      written.signal = guard.signal_number();
    }
    return written;
  }

  void tell_forgotten(size_t turns) {
    if (turns == 0 || told_forgotten_) return;
    told_forgotten_ = true;
    console_.info("(the model's context of {} tokens is full: the oldest turns are forgotten)",
                  model_.config().context);
  }

  void put_json(const GenerationRequest& request, const Conversation::Prompt& prompt,
                const Written& written) const {
    put_line(Json::object({{"turn", conversation_.turns()},
                           {"user", conversation_.last_said()},
                           {"answer", trimmed(written.text)},
                           {"finish", written.finish},
                           {"prompt_tokens", request.prompt.size()},
                           {"tokens", written.tokens},
                           {"forgotten_turns", prompt.forgotten},
                           {"seed", request.sampling.seed}}));
  }

  // ---- What is shown ----------------------------------------------------------------------------

  /// "You: ", for a person.
  void show_label(std::string_view name) const {
    if (!typed_ || command_.style.plain) return;
    const std::string label = fmt::format("{}: ", name);
    std::fwrite(label.data(), 1, label.size(), stderr);
    std::fflush(stderr);
  }

  /// A piece of the answer, without the space that it begins with.
  void show(std::string_view text) {
    if (begin_) text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
    if (json_ || text.empty()) return;
    begin_ = false, last_ = text.back();
    put(terminal_ ? harmless(text) : text);
    flush_output();
  }

  void end_line() {
    if (json_ || last_ == '\n') return;
    put("\n");
    flush_output();
  }

  // ---- Commands ---------------------------------------------------------------------------------

  void obey(std::string_view line) {
    const size_t space = std::min(line.find(' '), line.size());
    const std::string_view name = line.substr(0, space), argument = trimmed(line.substr(space));
    try {
      obey(name, argument);
    } catch (const RaisedByTemplate& error) {
      console_.message(LogLevel::error, error.message());
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::usage && name != "/save") throw;
      console_.message(LogLevel::error, error.what());
    }
  }

  void obey(std::string_view name, std::string_view argument) {
    if (name == "/help") {
      for (const SlashCommand& one : kSlashCommands)
        console_.info("{:<8} {:<11} {}", one.name, one.argument, one.help);
    } else if (name == "/retry") {
      require(ErrorKind::usage, conversation_.turns() > 0, "/retry: nothing was said yet");
      conversation_.answer("");
      answer();
    } else if (name == "/undo") {
      require(ErrorKind::usage, conversation_.undo(), "/undo: nothing was said yet");
    } else if (name == "/clear") {
      conversation_.clear();
    } else if (name == "/show") {
      const std::string text = conversation_.text();
      if (json_)
        put_line(Json::object({{"turn", conversation_.turns()}, {"text", text}}));
      else
        put((terminal_ ? harmless(text) : text) + "\n");
      flush_output();
    } else if (name == "/save") {
      require(ErrorKind::usage, !argument.empty(), "/save: expected the name of a file");
      write_file(std::string(argument), conversation_.text() + "\n");
      console_.info("saved {}", argument);
    } else if (name == "/system") {
      conversation_.set_system(std::string(argument));
    } else if (name == "/set") {
      set(argument);
    } else if (name == "/quit") {
      left_ = true;
    } else {
      std::vector<std::string> names;
      for (const SlashCommand& one : kSlashCommands) names.emplace_back(one.name);
      fail(ErrorKind::usage, "there is no {}{}; /help lists what there is, //… says /…", name,
           did_you_mean(name, names));
    }
  }

  void set(std::string_view argument) {
    if (!argument.empty()) {
      const size_t space = std::min(argument.find_first_of(" ="), argument.size());
      std::string name(argument.substr(0, space));
      std::ranges::replace(name, '_', '-');
      drawing_.set(name, trimmed(argument.substr(std::min(space + 1, argument.size()))));
    }
    console_.info("{}", drawing_.text());
  }

  const ChatCommand& command_;
  const bool json_;
  const GPT& model_;
  const Tokenizer& tokenizer_;
  Console console_;
  Conversation conversation_;
  Drawing drawing_;
  const bool terminal_ = ::isatty(STDOUT_FILENO) == 1;
  const bool typed_ = ::isatty(STDIN_FILENO) == 1 && console_.is_terminal() && !console_.is_quiet();
  int64_t answers_ = 0;
  bool told_forgotten_ = false, left_ = false;
  bool begin_ = true;  // nothing of the answer is shown yet
  char last_ = 0;      // what was shown last of it
};

/// A model with a chat template is spoken to by it, unless the caller asks for names or none.
void run_chat(const ChatCommand& command, const CommonOptions& common) {
  const LoadedModel loaded = load(command.model, LoadTokenizer::if_present);
  require(ErrorKind::usage, loaded.tokenizer.has_value(),
          "{}: holds no tokenizer, so that it cannot read what is typed", command.model.path);
  ChatCommand with_format = command;
  if (!command.chat_template.empty())
    with_format.style.format.emplace(*loaded.tokenizer, read_file(command.chat_template),
                                     command.chat_template);
  else if (!command.style.plain && !command.names)
    with_format.style.format = ChatFormat::of(*loaded.tokenizer);
  Chat(with_format, common, loaded).run();
}

}  // namespace

void add_chat(CLI::App& program, CommonOptions& common) {
  const auto command = std::make_shared<ChatCommand>();
  CLI::App& app = *program.add_subcommand("chat", "Talk with a model in the terminal");
  add_model_option(app, command->model);
  CLI::Option* user = add_text(app, "--user", command->style.user, "NAME",
                               "Who asks, as the transcript has it (default You)");
  CLI::Option* bot = add_text(app, "--bot", command->style.bot, "NAME",
                              "Who answers, as the transcript has it (default Bot)");
  CLI::Option* plain = app.add_flag(
      "--plain", command->style.plain,
      "No names: the model goes on with what is typed; an empty line: with its own text");
  plain->excludes(user)->excludes(bot);
  add_text(app, "--template", command->chat_template, "FILE",
           "A chat template in Jinja (default: the model's own, if it has one)")
      ->excludes(user)
      ->excludes(bot)
      ->excludes(plain);
  add_text(app, "--system", command->system, "TEXT", "A text that stands before everything");
  add_integer(app, "-n,--max-tokens", command->max_tokens, 1, kNoLimit,
              "Tokens of an answer, at most (default 256)");
  add_texts(app, "--stop", command->stop, "TEXT",
            "An answer ends before this too, not only before a blank line or the next turn; may "
            "be repeated");
  add_sampling_options(app, command->sampling);
  finish_command(app, common,
                 {"octavo chat --model runs/shakespeare --plain",
                  "octavo chat -m runs/few-shot --user Q --bot A --greedy",
                  "printf 'Hello\\nWho are you?\\n' | octavo chat -m gpt2 --json", "",
                  "While it runs: /help lists commands, Ctrl-C ends an answer, Ctrl-D leaves."},
                 [command, user, bot, &common] {
                   command->names = user->count() + bot->count() > 0;
                   run_chat(*command, common);
                 });
}

}  // namespace octavo
