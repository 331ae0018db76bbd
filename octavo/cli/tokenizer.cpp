// octavo tokenizer: encode, decode, and write other people's files; learning is in
// tokenizer_train.cpp.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <utility>

#include "octavo/base/console.h"
#include "octavo/base/error.h"
#include "octavo/base/line_reader.h"
#include "octavo/base/progress.h"
#include "octavo/base/text.h"
#include "octavo/base/threads.h"
#include "octavo/checkpoint/tokenizer_io.h"
#include "octavo/cli/command.h"
#include "octavo/tokenizer/text_windows.h"
#include "octavo/tokenizer/tokenizer_files.h"

namespace octavo {
namespace {

// Text is encoded in windows, each in parts by all threads; ids are read in chunks.
constexpr size_t kLongFile = size_t{16} << 20;  // which gets a bar
constexpr size_t kWindow = size_t{4} << 20, kPart = size_t{64} << 10, kChunk = size_t{64} << 10;

const std::vector<std::string> kFormats = {"hugging-face", "vocabulary", "gpt2", "tiktoken"};

TokenizerFormat format_named(const std::string& name) {
  const auto found = std::find(kFormats.begin(), kFormats.end(), name);
  return static_cast<TokenizerFormat>(found - kFormats.begin());
}

// ---- encode -------------------------------------------------------------------------------------

struct EncodeCommand {
  std::string tokenizer, file;
  bool raw = false, special = false, lines = false;
};

ByteReader input_of(const std::string& file) {
  return file.empty() || file == "-" ? ByteReader::standard_input() : ByteReader(file);
}

/// A bar for a file that takes a while: none where the output is shown on a terminal.
class InputProgress {
 public:
  InputProgress(const std::string& file, const char* title, const CommonOptions& common)
      : console_(common.least()) {
    std::error_code ignored;  // a pipe has no size
    const auto size = std::filesystem::file_size(file, ignored);
    if (ignored || size <= kLongFile || isatty(STDOUT_FILENO)) return;
    size_ = static_cast<int64_t>(size);
    progress_.emplace(console_, size_, Progress::Options{.title = title, .unit = "B"});
  }
  /// So many bytes more; what was compressed counts up to the file's size.
  void add(size_t bytes) {
    done_ = std::min(size_, done_ + static_cast<int64_t>(bytes));
    if (progress_) progress_->update(done_);
  }
  void finish() {
    add(static_cast<size_t>(size_));
    if (progress_) progress_->finish();
  }

 private:
  Console console_;
  std::optional<Progress> progress_;
  int64_t size_ = 0, done_ = 0;
};

// Bytes of a bare id.
size_t width_of_ids(int32_t vocabulary) { return vocabulary > 65'536 ? 4 : 2; }

// Texts in, their ids out, in one of three forms.
class TextEncoder {
 public:
  TextEncoder(const EncodeCommand& command, const CommonOptions& common, Tokenizer tokenizer)
      : tokenizer_(std::move(tokenizer)),
        special_(command.special ? SpecialTokens::recognised : SpecialTokens::as_text),
        separator_(command.raw   ? ""
                   : common.json ? ", "
                                 : " "),
        begin_(common.json ? "[" : ""),
        end_(command.raw   ? ""
             : common.json ? "]\n"
                           : "\n"),
        raw_width_(command.raw ? width_of_ids(tokenizer_.vocabulary_size()) : 0),
        cuts_(tokenizer_.cuts(special_)) {}

  void encode_whole(ByteReader reader, InputProgress& progress) {
    begin();
    for_each_window(std::move(reader), kWindow, cuts_, [&](std::string_view text) {
      write(text);
      progress.add(text.size());
    });
    put(end_);
  }

  void encode_lines(ByteReader reader, InputProgress& progress) {
    LineReader lines(std::move(reader));
    while (const auto line = lines.next()) {
      begin();
      write(*line);
      put(end_);
      progress.add(line->size() + 1);
    }
  }

  int64_t broken_bytes() const { return broken_bytes_; }

 private:
  struct Part {
    std::string_view text;
    TextPlace place;
    std::vector<int32_t> ids;
    std::string out;
    int64_t broken_bytes = 0;
  };

  void begin() {
    put(begin_);
    first_ = true;
    place_ = TextPlace::start;
  }

  void write(std::string_view text) {
    size_t count = 0;
    for (const std::string_view part : cuts_.parts(text, kPart)) {
      if (count == parts_.size()) parts_.emplace_back();
      parts_[count].text = part;
      parts_[count++].place = std::exchange(place_, TextPlace::middle);
    }
    parallel_for(static_cast<int64_t>(count),
                 [&](int64_t i) { encode(parts_[static_cast<size_t>(i)]); });
    for (const Part& part : std::span(parts_).first(count)) {
      broken_bytes_ += part.broken_bytes;
      if (part.ids.empty()) continue;
      if (!first_) put(separator_);
      put(part.out);
      first_ = false;
    }
  }

  void encode(Part& part) const {
    part.broken_bytes = bytes_not_utf8(part.text);
    part.ids.clear();
    tokenizer_.encode_into(part.text, part.ids, special_, part.place);
    part.out.clear();
    if (raw_width_ > 0) {
      part.out.resize(part.ids.size() * raw_width_);
      char* out = part.out.data();
      for (const int32_t id : part.ids)
        for (size_t byte = 0; byte < raw_width_; ++byte)
          *out++ = static_cast<char>(static_cast<uint32_t>(id) >> (8 * byte));
    } else {
      part.out += fmt::format("{}", fmt::join(part.ids, separator_));
    }
  }

  const Tokenizer tokenizer_;
  const SpecialTokens special_;
  const std::string_view separator_, begin_, end_;
  const size_t raw_width_;  // bytes of a bare id; 0: as text
  const TextCuts cuts_;
  std::vector<Part> parts_;  // their memory is used again
  bool first_ = true;
  TextPlace place_ = TextPlace::start;  // of the next part
  int64_t broken_bytes_ = 0;
};

void run_encode(const EncodeCommand& command, const CommonOptions& common) {
  TextEncoder encoder(command, common, load_tokenizer(command.tokenizer));
  InputProgress progress(command.file, "encode", common);
  if (command.lines)
    encoder.encode_lines(input_of(command.file), progress);
  else
    encoder.encode_whole(input_of(command.file), progress);
  progress.finish();
  if (encoder.broken_bytes() > 0)
    Console(common.least())
        .warning("{} of the text are no UTF-8; they were taken as bytes",
                 counted(encoder.broken_bytes(), "byte"));
}

CLI::Option* add_tokenizer_option(CLI::App& app, std::string& value) {
  return add_text(app, "-t,--tokenizer", value, "DIR",
                  "A folder with a tokenizer's files, a model's, one of the files, or a .gguf file")
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
  raw->excludes(app.get_option("--json"));
}

// ---- decode -------------------------------------------------------------------------------------

struct DecodeCommand {
  std::string tokenizer, file;
  bool raw = false;
};

// use(id, where) for the ids of a text: any number of JSON arrays, or numbers between spaces.
template <class Use>
void for_each_id(ByteReader reader, InputProgress& progress, const Use& use) {
  std::string bytes(kChunk, '\0');
  size_t held = 0;
  int64_t line = 1;
  const auto where = [&] { return fmt::format("{}:{}", reader.name(), line); };
  for (bool more = true; more;) {
    const size_t count = reader.read(bytes.data() + held, bytes.size() - held);
    held += count, more = count > 0;
    progress.add(count);
    std::string_view rest(bytes.data(), held);
    while (!rest.empty()) {
      const size_t length = std::min(rest.find_first_of(" \t\r\n,[]"), rest.size());
      if (more && length == rest.size() && length < kChunk) break;  // it may go on
      if (length > 0) {
        int64_t id = 0;
        const auto [stop, error] = std::from_chars(rest.data(), rest.data() + length, id);
        if (error != std::errc() || stop != rest.data() + length)
          fail(ErrorKind::data, "{}: expected token ids, found {}", where(),
               in_quotes(rest.substr(0, length)));
        use(id, where);
      } else {
        line += rest.front() == '\n';
      }
      rest.remove_prefix(std::max<size_t>(length, 1));
    }
    held = rest.size();
    std::memmove(bytes.data(), rest.data(), held);
  }
}

// The same from bare little-endian ids.
template <class Use>
void for_each_bare_id(ByteReader reader, InputProgress& progress, size_t width, const Use& use) {
  std::string bytes(kChunk, '\0');
  size_t held = 0, number = 0;
  const auto where = [&] { return fmt::format("{}: id {}", reader.name(), number); };
  while (const size_t count = reader.read(bytes.data() + held, bytes.size() - held)) {
    held += count;
    progress.add(count);
    size_t begin = 0;
    for (; begin + width <= held; begin += width, ++number) {
      uint32_t id = 0;
      for (size_t byte = 0; byte < width; ++byte)
        id |= uint32_t{static_cast<unsigned char>(bytes[begin + byte])} << (8 * byte);
      use(id, where);
    }
    held -= begin;
    std::memmove(bytes.data(), bytes.data() + begin, held);
  }
  require(held == 0, "{}: expected ids of {} bytes each, found {} bytes", reader.name(), width,
          number * width + held);
}

void run_decode(const DecodeCommand& command, const CommonOptions& common) {
  const Tokenizer tokenizer = load_tokenizer(command.tokenizer);
  const int32_t size = tokenizer.vocabulary_size();
  InputProgress progress(command.file, "decode", common);
  int64_t tokens = 0;
  TokenTexts texts(tokenizer);
  std::string text;  // for --json, else it is put as it comes
  const auto put_token = [&](int64_t id, const auto& where) {
    if (id < 0 || id >= size)
      fail(ErrorKind::data, "{}: token {} is outside the vocabulary of {}", where(), id, size);
    const std::string_view bytes = texts.next(static_cast<int32_t>(id));
    ++tokens;
    common.json ? void(text += bytes) : put(bytes);
  };
  if (command.raw)
    for_each_bare_id(input_of(command.file), progress, width_of_ids(size), put_token);
  else
    for_each_id(input_of(command.file), progress, put_token);
  progress.finish();
  if (common.json)
    put_line(Json::object({{"text", repair_utf8(text)},
                           {"tokens", tokens},
                           {"bytes_not_utf8", bytes_not_utf8(text)}}));
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
                 [command, &common] { run_decode(*command, common); });
}

// ---- convert ------------------------------------------------------------------------------------

struct ConvertCommand {
  std::string source, target, format = kFormats.front();
  bool overwrite = false;
};

void run_convert(const ConvertCommand& command, const CommonOptions& common) {
  const Tokenizer tokenizer = load_tokenizer(command.source);
  if (!command.overwrite) require_no_tokenizer(command.target);
  const auto names = replace_tokenizer(tokenizer, command.target, format_named(command.format));
  if (common.json)
    put_line(Json::object({{"folder", command.target}, {"files", Json::array_of(names)}}));
  else
    put(fmt::format("{}: {}\n", command.target, fmt::join(names, ", ")));
}

void add_tokenizer_convert(CLI::App& tokenizer, CommonOptions& common) {
  const auto command = std::make_shared<ConvertCommand>();
  CLI::App& app = *tokenizer.add_subcommand("convert", "Write a tokenizer in another form");
  add_text(app, "SOURCE", command->source, "PATH",
           "A tokenizer's folder, a file of it, or a .gguf file")
      ->required();
  add_text(app, "TARGET", command->target, "DIR", "The folder to write into")->required();
  add_choice(app, "--to", command->format, kFormats,
             "hugging-face: tokenizer.json and its company (default); vocabulary: vocab.json and "
             "merges.txt; gpt2: encoder.json and vocab.bpe; tiktoken: ranks");
  app.add_flag("--overwrite", command->overwrite, "Replace the tokenizer that is in TARGET");
  finish_command(app, common, {"octavo tokenizer convert gpt2 out --to tiktoken"},
                 [command, &common] { run_convert(*command, common); });
}

}  // namespace

void add_tokenizer(CLI::App& program, CommonOptions& common) {
  CLI::App& app = *program.add_subcommand("tokenizer", "Learn a tokenizer; encode and decode text");
  app.require_subcommand(1)->group("Commands");
  add_tokenizer_train(app, common);
  add_encode(app, common);
  add_decode(app, common);
  add_tokenizer_convert(app, common);
  app.set_help_flag("-h,--help", "This help");
}

}  // namespace octavo
