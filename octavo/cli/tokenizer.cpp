// octavo tokenizer: learn one from text, encode, decode, and write other people's files.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <charconv>
#include <memory>
#include <optional>

#include "octavo/base/clock.h"
#include "octavo/base/error.h"
#include "octavo/base/files.h"
#include "octavo/base/line_reader.h"
#include "octavo/base/progress.h"
#include "octavo/base/signals.h"
#include "octavo/base/text.h"
#include "octavo/cli/command.h"
#include "octavo/dataset/text_files.h"
#include "octavo/tokenizer/tokenizer_files.h"
#include "octavo/tokenizer/tokenizer_trainer.h"

namespace octavo {
namespace {

namespace fs = std::filesystem;

const std::vector<std::string> kFormats = {"hugging-face", "vocabulary", "gpt2", "tiktoken"};

TokenizerFormat format_named(const std::string& name) {
  const auto found = std::find(kFormats.begin(), kFormats.end(), name);
  return static_cast<TokenizerFormat>(found - kFormats.begin());
}

// ---- train --------------------------------------------------------------------------------------

struct TrainTokenizerCommand {
  std::vector<std::string> paths, special;
  std::string output, digits = "together";
  int64_t vocabulary = 32'768, memory = 4'000'000'000;
  bool overwrite = false;
};

// What of the process is neither counts nor learning.
constexpr int64_t kProcessMemory = 32'000'000;

TokenizerTrainingOptions options_of(const TrainTokenizerCommand& command) {
  TokenizerTrainingOptions options;
  options.vocabulary = command.vocabulary;
  options.special.insert(options.special.end(), command.special.begin(), command.special.end());
  options.digits = command.digits == "single" ? Digits::single : Digits::together;
  options.memory = static_cast<size_t>(command.memory - kProcessMemory);
  options.scratch = command.output;
  return options;
}

class TokenizerTraining {
 public:
  TokenizerTraining(const TrainTokenizerCommand& command, Console& console)
      : command_(command), console_(console), files_(find_text_files(command.paths)) {}

  TrainedTokenizer run() {
    TokenizerTrainer trainer(options_of(command_));
    for_each_file("count", [&](const fs::path&, std::string_view text) { trainer.add(text); });
    Progress progress(console_, command_.vocabulary, {.title = "merge", .unit = "tokens"});
    TrainedTokenizer trained = trainer.finish([&](int64_t tokens) {
      stop_if_asked();
      progress.update(tokens);
    });
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
    for_each_file("measure", [&](const fs::path& file, std::string_view text) {
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
  template <class Use>
  void for_each_file(const char* title, const Use& use) {
    int64_t total = 0, done = 0;
    for (const fs::path& file : files_) total += static_cast<int64_t>(fs::file_size(file));
    Progress progress(console_, total, {.title = title, .unit = "B"});
    for (const fs::path& file : files_) {
      for_each_document(file, BinaryText::allowed, [&](std::string_view text) {
        stop_if_asked();
        use(file, text);
      });
      progress.update(done += static_cast<int64_t>(fs::file_size(file)));
    }
    progress.finish();
  }

  void stop_if_asked() const {
    require(ErrorKind::interrupted, !guard_.interrupted(),
            "stopped before the tokenizer was learned; nothing was written");
  }

  const TrainTokenizerCommand& command_;
  Console& console_;
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
  require(ErrorKind::conflict, command.overwrite || !fs::exists(folder / "tokenizer.json"),
          "{}: there is a tokenizer already; --overwrite replaces it", command.output);
  const double begin = monotonic_seconds();
  make_directories(folder);
  TokenizerTraining training(command, console);
  const TrainedTokenizer trained = training.run();
  trained.tokenizer.save(folder);
  std::vector<int64_t> uses;
  const std::vector<SourceFacts> sources = training.measure(trained.tokenizer, uses);
  Json report = report_json(trained, sources, uses);
  report.set("seconds", monotonic_seconds() - begin);
  if (common.json)
    put_line(report);
  else
    put(harmless(report_text(command, report)));
}

void add_train_command(CLI::App& tokenizer, CommonOptions& common) {
  const auto command = std::make_shared<TrainTokenizerCommand>();
  CLI::App& app = *tokenizer.add_subcommand("train", "Learn merges from text");
  add_texts(app, "PATH", command->paths, "PATH", "Text, JSON lines, or folders of them")
      ->required();
  add_text(app, "-o,--output", command->output, "DIR", "The tokenizer's folder")->required();
  add_integer(app, "-n,--vocab-size", command->vocabulary, 257,
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
  finish_command(app, common,
                 {"octavo tokenizer train books/ --vocab-size 8192 --output books-8k",
                  "octavo tokenizer train a.jsonl b.txt -n 32768 -o mine --special '<|user|>'", "",
                  "The same text gives the same tokenizer, whatever the threads and memory."},
                 [command, &common] { run_train(*command, common); });
}

// ---- encode -------------------------------------------------------------------------------------

struct EncodeCommand {
  std::string tokenizer, file;
  bool raw = false, special = false, lines = false;
};

ByteReader input_of(const std::string& file) {
  return file.empty() || file == "-" ? ByteReader::standard_input() : ByteReader(file);
}

// Ids as they come, in one of three forms.
class IdWriter {
 public:
  IdWriter(const EncodeCommand& command, const CommonOptions& common, int32_t vocabulary)
      : raw_(command.raw), json_(common.json), wide_(vocabulary > 65'536) {}

  void begin() {
    if (json_) put("[");
    first_ = true;
  }
  void write(std::span<const int32_t> ids) {
    std::string out;
    for (const int32_t id : ids) {
      if (raw_) {
        for (int byte = 0; byte < (wide_ ? 4 : 2); ++byte)
          out += static_cast<char>(static_cast<uint32_t>(id) >> (8 * byte));
      } else {
        if (!first_) out += json_ ? ", " : " ";
        fmt::format_to(std::back_inserter(out), "{}", id);
        first_ = false;
      }
    }
    put(out);
  }
  void end() {
    if (!raw_) put(json_ ? "]\n" : "\n");
  }

 private:
  const bool raw_, json_, wide_;
  bool first_ = true;
};

void encode_whole(ByteReader reader, const Tokenizer& tokenizer, SpecialTokens special,
                  IdWriter& out) {
  // A window is encoded up to a place that no piece crosses; the rest begins the next one. Special
  // tokens have no such place, so then the text is read whole.
  constexpr size_t kWindow = size_t{16} << 20;
  std::string window;
  size_t held = 0;
  bool more = true;
  out.begin();
  while (more) {
    const size_t wanted = std::max(kWindow, 2 * held);
    window.resize(wanted);
    while (held < wanted && more) {
      const size_t count = reader.read(window.data() + held, wanted - held);
      held += count;
      more = count > 0;
    }
    const std::string_view text(window.data(), held);
    size_t cut = held;
    if (more && special == SpecialTokens::recognised) continue;
    if (more) {
      cut = safe_cut(text, held - held / 4);
      if (cut == held) continue;  // no such place: a longer window
    }
    out.write(tokenizer.encode(text.substr(0, cut), special));
    window.erase(0, cut), held -= cut;
  }
  out.end();
}

void run_encode(const EncodeCommand& command, const CommonOptions& common) {
  const Tokenizer tokenizer = Tokenizer::load(command.tokenizer);
  const SpecialTokens special =
      command.special ? SpecialTokens::recognised : SpecialTokens::as_text;
  IdWriter out(command, common, tokenizer.vocabulary_size());
  if (!command.lines) return encode_whole(input_of(command.file), tokenizer, special, out);
  LineReader lines(input_of(command.file));
  while (const auto line = lines.next()) {
    out.begin();
    out.write(tokenizer.encode(*line, special));
    out.end();
  }
}

CLI::Option* add_tokenizer_option(CLI::App& app, std::string& value) {
  return add_text(app, "-t,--tokenizer", value, "DIR",
                  "A folder with a tokenizer's files, a model's, or one of the files")
      ->required();
}

void add_encode(CLI::App& tokenizer, CommonOptions& common) {
  const auto command = std::make_shared<EncodeCommand>();
  CLI::App& app = *tokenizer.add_subcommand("encode", "Text to token ids");
  add_text(app, "FILE", command->file, "PATH", "The text; -: standard input (the default)");
  add_tokenizer_option(app, command->tokenizer);
  CLI::Option* raw = app.add_flag("--raw", command->raw,
                                  "Bare little-endian uint16 ids, uint32 past 65,536 tokens");
  app.add_flag("--special-tokens", command->special,
               "<|endoftext|> and the like become tokens, not text");
  app.add_flag("--lines", command->lines, "Each line is a text, without its end")->excludes(raw);
  finish_command(app, common,
                 {"octavo tokenizer encode -t gpt2 book.txt",
                  "echo 'Hello world' | octavo tokenizer encode -t gpt2 --lines --json",
                  "octavo tokenizer encode -t gpt2 --raw book.txt > book.bin", "",
                  "--json writes arrays, as octavo score --ids reads them."},
                 [command, &common] { run_encode(*command, common); });
}

// ---- decode -------------------------------------------------------------------------------------

struct DecodeCommand {
  std::string tokenizer, file;
  bool raw = false;
};

// use(id, where) for the ids of a text: any number of JSON arrays, or numbers between spaces.
template <class Use>
void for_each_id(LineReader& lines, const Use& use) {
  while (const auto line = lines.next()) {
    std::string_view rest = *line;
    int64_t number = 0;
    while (true) {
      rest.remove_prefix(std::min(rest.find_first_not_of(" \t,[]"), rest.size()));
      if (rest.empty()) break;
      const auto [stop, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
      require(error == std::errc(), "{}: expected token ids, found \"{}\"", lines.where(),
              repair_utf8(rest.substr(0, 20)));
      rest.remove_prefix(static_cast<size_t>(stop - rest.data()));
      use(number, lines.where());
    }
  }
}

void run_decode(const DecodeCommand& command) {
  const Tokenizer tokenizer = Tokenizer::load(command.tokenizer);
  const int32_t size = tokenizer.vocabulary_size();
  const auto put_token = [&](int64_t id, const std::string& where) {
    require(id >= 0 && id < size, "{}: token {} is outside the vocabulary of {}", where, id, size);
    put(tokenizer.text_of(static_cast<int32_t>(id)));
  };
  if (!command.raw) {
    LineReader lines(input_of(command.file));
    for_each_id(lines, put_token);
    return;
  }
  ByteReader reader = input_of(command.file);
  const size_t width = size > 65'536 ? 4 : 2;
  const std::string bytes = read_text(std::move(reader), size_t{16} << 30);
  require(bytes.size() % width == 0, "{}: expected ids of {} bytes each, found {} bytes",
          command.file, width, bytes.size());
  for (size_t i = 0; i < bytes.size(); i += width) {
    uint32_t id = 0;
    for (size_t byte = 0; byte < width; ++byte)
      id |= uint32_t{static_cast<unsigned char>(bytes[i + byte])} << (8 * byte);
    put_token(id, fmt::format("id {}", i / width));
  }
}

void add_decode(CLI::App& tokenizer, CommonOptions& common) {
  const auto command = std::make_shared<DecodeCommand>();
  CLI::App& app = *tokenizer.add_subcommand("decode", "Token ids to text");
  add_text(app, "FILE", command->file, "PATH",
           "Numbers, or JSON arrays of them; -: standard input (the default)");
  add_tokenizer_option(app, command->tokenizer);
  app.add_flag("--raw", command->raw, "Bare ids, as encode --raw writes them");
  finish_command(app, common,
                 {"echo 15496 995 | octavo tokenizer decode -t gpt2",
                  "octavo tokenizer decode -t gpt2 --raw book.bin > book.txt"},
                 [command] { run_decode(*command); });
}

// ---- convert ------------------------------------------------------------------------------------

struct ConvertCommand {
  std::string source, target, format = kFormats.front();
};

void run_convert(const ConvertCommand& command, const CommonOptions& common) {
  const Tokenizer tokenizer = Tokenizer::load(command.source);
  const fs::path folder = command.target;
  make_directories(folder);
  const auto names = write_tokenizer(tokenizer, folder, format_named(command.format));
  if (common.json)
    put_line(Json::object({{"folder", command.target}, {"files", Json::array_of(names)}}));
  else
    put(fmt::format("{}: {}\n", command.target, fmt::join(names, ", ")));
}

void add_convert(CLI::App& tokenizer, CommonOptions& common) {
  const auto command = std::make_shared<ConvertCommand>();
  CLI::App& app = *tokenizer.add_subcommand("convert", "Write a tokenizer in another form");
  add_text(app, "SOURCE", command->source, "PATH", "A tokenizer's folder, or a file of it")
      ->required();
  add_text(app, "TARGET", command->target, "DIR", "The folder to write into")->required();
  add_choice(app, "--to", command->format, kFormats,
             "hugging-face: tokenizer.json and its company (default); vocabulary: vocab.json and "
             "merges.txt; gpt2: encoder.json and vocab.bpe; tiktoken: ranks");
  finish_command(app, common, {"octavo tokenizer convert gpt2 out --to tiktoken"},
                 [command, &common] { run_convert(*command, common); });
}

}  // namespace

void add_tokenizer(CLI::App& program, CommonOptions& common) {
  CLI::App& app = *program.add_subcommand("tokenizer", "Learn a tokenizer; encode and decode text");
  app.require_subcommand(1)->group("Commands");
  add_train_command(app, common);
  add_encode(app, common);
  add_decode(app, common);
  add_convert(app, common);
  app.set_help_flag("-h,--help", "This help");
}

}  // namespace octavo
