// octavo tokenizer: what it learns, the same text back in every form, other people's files, and
// what a user may do wrong.
#include <fmt/format.h>
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <set>
#include <thread>

#include "octavo/base/files.h"
#include "octavo/base/line_reader.h"
#include "octavo/base/random.h"
#include "octavo/base/text.h"
#include "octavo/tokenizer/tokenizer.h"
#include "tests/base/resident_peak.h"
#include "tests/cli/support.h"

namespace octavo {
namespace {

namespace fs = std::filesystem;

class TokenizerCommandTest : public ProgramTest {
 protected:
  TokenizerCommandTest() { write("text.txt", tiny_text()); }

  Json learn(std::vector<std::string> more = {}) const {
    std::vector<std::string> words = {"tokenizer", "train",    "text.txt", "--vocabulary",
                                      "270",       "--output", "tok",      "--json"};
    words.insert(words.end(), more.begin(), more.end());
    const Outcome outcome = run(words);
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    return outcome.code == 0 ? outcome.lines().at(0) : Json::object();
  }
  std::string output_of(const std::vector<std::string>& words,
                        const RunOptions& options = {}) const {
    const Outcome outcome = run(words, options);
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    return outcome.out;
  }
};

TEST_F(TokenizerCommandTest, train_reports_what_it_learned) {
  write("more.jsonl", "{\"text\": \"the cat sat\"}\n{\"text\": \"on a mat\"}\n");
  const Json report = learn({"more.jsonl"});
  EXPECT_EQ(report.at("vocabulary").integer(), 270);
  EXPECT_EQ(report.at("merges").integer(), 13);
  EXPECT_EQ(report.at("documents").integer(), 3);
  EXPECT_EQ(report.at("bytes_not_utf8").integer(), 0);
  ASSERT_EQ(report.at("sources").size(), 2u);
  int64_t bytes = 0, tokens = 0;
  for (const Json& source : report.at("sources").items()) {
    bytes += source.at("bytes").integer(), tokens += source.at("tokens").integer();
    EXPECT_NEAR(source.at("bytes_per_token").number() * source.at("tokens").number(),
                source.at("bytes").number(), 1e-6);
  }
  EXPECT_EQ(bytes, report.at("text_bytes").integer());
  EXPECT_LT(tokens, bytes * 2 / 3);
  EXPECT_GE(report.at("longest").at(size_t{0}).at("text").text().size(), 3u);
  const auto in_order = [&](const char* list, const auto& number, auto compare) {
    std::vector<int64_t> numbers;
    for (const Json& token : report.at(list).items()) numbers.push_back(number(token));
    EXPECT_GT(numbers.size(), 5u) << list;
    EXPECT_TRUE(std::ranges::is_sorted(numbers, compare)) << list;
  };
  const auto uses = [](const Json& token) { return token.at("uses").integer(); };
  const auto length = [](const Json& token) {
    return static_cast<int64_t>(token.at("text").text().size());
  };
  in_order("rarest", uses, std::less<>());
  in_order("longest", length, std::greater<>());
  const Tokenizer tokenizer = Tokenizer::load(folder / "tok");
  EXPECT_EQ(report.at("fingerprint").text(), tokenizer.fingerprint());
  EXPECT_EQ(tokenizer.end_of_text(), 269);
  const std::string text =
      output_of({"tokenizer", "train", "text.txt", "--vocabulary", "270", "-o", "again"});
  EXPECT_NE(text.find("bytes per token\n"), text.npos) << text;
  EXPECT_NE(text.find("longest tokens"), text.npos) << text;
  write("odd.txt", read("text.txt") + "\xFF\xFE");
  EXPECT_EQ(learn({"odd.txt", "--overwrite"}).at("bytes_not_utf8").integer(), 2);
}

TEST_F(TokenizerCommandTest, encode_and_decode_in_every_form) {
  learn();
  const std::string text = read("text.txt") + "\xFF <|endoftext|>\n";
  write("odd.txt", text);
  const std::vector<int32_t> ids = Tokenizer::load(folder / "tok").encode(text);
  const std::string plain = output_of({"tokenizer", "encode", "-t", "tok", "odd.txt"});
  const std::string json = output_of({"tokenizer", "encode", "-t", "tok", "odd.txt", "--json"});
  const std::string raw = output_of({"tokenizer", "encode", "-t", "tok", "--raw"}, {.input = text});
  EXPECT_EQ(Json::parse(json, "json").size(), ids.size());
  ASSERT_EQ(raw.size(), 2 * ids.size());
  for (size_t i = 0; i < ids.size(); ++i) {
    const auto low = static_cast<unsigned char>(raw[2 * i]);
    const auto high = static_cast<unsigned char>(raw[2 * i + 1]);
    EXPECT_EQ(low + 256 * high, ids[i]);
  }
  EXPECT_EQ(output_of({"tokenizer", "decode", "-t", "tok"}, {.input = plain}), text);
  EXPECT_EQ(output_of({"tokenizer", "decode", "-t", "tok"}, {.input = json}), text);
  const Json decoded = Json::parse(
      output_of({"tokenizer", "decode", "-t", "tok", "--json"}, {.input = plain}), "decoded");
  EXPECT_EQ(decoded.at("text").text(), repair_utf8(text));
  EXPECT_EQ(decoded.at("tokens").integer(), static_cast<int64_t>(ids.size()));
  EXPECT_EQ(decoded.at("bytes_not_utf8").integer(), 1);
  EXPECT_EQ(output_of({"tokenizer", "decode", "-t", "tok", "--raw"}, {.input = raw}), text);
  const std::string lines =
      output_of({"tokenizer", "encode", "-t", "tok", "--lines", "--json", "--special-tokens"},
                {.input = "<|endoftext|>\n\nx\n"});
  EXPECT_EQ(lines, "[269]\n[]\n[120]\n");
}

// Several windows of many parts; special tokens and bytes that are not UTF-8 stand at borders too.
TEST_F(TokenizerCommandTest, encode_is_the_same_for_any_number_of_threads) {
  learn();
  std::string text;
  for (int line = 0; text.size() < 9'000'000; ++line)
    text +=
        fmt::format("the cat {} sat{}", line, line % 7 == 0 ? "<|endoftext|>" : " on the mat\n");
  text[5'000'000] = '\xFF';
  write("long.txt", text);
  const Tokenizer tokenizer = Tokenizer::load(folder / "tok");
  for (const char* special : {"", "--special-tokens"}) {
    const auto ids =
        tokenizer.encode(text, *special ? SpecialTokens::recognised : SpecialTokens::as_text);
    const auto encoded = [&](const char* threads, const char* form) {
      std::vector<std::string> words = {"tokenizer", "encode",    "-t",    "tok",
                                        "long.txt",  "--threads", threads, form};
      if (*special) words.push_back(special);
      const Outcome outcome = run(words);
      EXPECT_NE(outcome.err.find("1 byte of the text"), std::string::npos) << outcome.err;
      return outcome.out;
    };
    const std::string json = fmt::format("[{}]\n", fmt::join(ids, ", "));
    std::string raw;
    for (const int32_t id : ids) raw += {static_cast<char>(id), static_cast<char>(id >> 8)};
    for (const char* threads : {"1", "3"}) {
      EXPECT_TRUE(encoded(threads, "--raw") == raw);
      EXPECT_TRUE(encoded(threads, "--json") == json);
    }
  }
}

TEST_F(TokenizerCommandTest, files_that_take_a_while_have_a_bar) {
  learn();
  write("short.txt", "the cat");
  write("long.txt", std::string(size_t{17} << 20, 'x'));
  const auto encoded = [&](const char* file) {
    return run({"tokenizer", "encode", "-t", "tok", "--raw", file});
  };
  EXPECT_EQ(encoded("short.txt").err, "");
  const Outcome outcome = encoded("long.txt");
  EXPECT_NE(outcome.err.find("encode 17.8 MB/17.8 MB (100%)"), std::string::npos) << outcome.err;
  write("long.bin", outcome.out);
  const Outcome decoded = run({"tokenizer", "decode", "-t", "tok", "--raw", "long.bin"});
  EXPECT_NE(decoded.err.find("decode "), std::string::npos) << decoded.err;
  EXPECT_EQ(decoded.out.size(), size_t{17} << 20);
}

TEST_F(TokenizerCommandTest, encode_counts_bytes_that_are_not_utf8) {
  learn();
  const Outcome outcome = run({"tokenizer", "encode", "-t", "tok"}, {.input = "a\xE9 \xFF\xFE\n"});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_EQ(outcome.out, "97 233 32 255 254 10\n");
  EXPECT_NE(outcome.err.find("3 bytes of the text are no UTF-8"), std::string::npos) << outcome.err;
  EXPECT_EQ(run({"tokenizer", "encode", "-t", "tok"}, {.input = "caf\u00e9\n"}).err, "");
}

TEST_F(TokenizerCommandTest, other_peoples_files) {
  learn();
  const std::string ids = output_of({"tokenizer", "encode", "-t", "tok", "text.txt"});
  for (const char* format : {"vocabulary", "gpt2", "tiktoken", "hugging-face"}) {
    output_of({"tokenizer", "convert", "tok", format, "--to", format});
    EXPECT_EQ(output_of({"tokenizer", "encode", "-t", format, "text.txt"}), ids) << format;
  }
  EXPECT_NE(output_of({"inspect", "tok"}).find("270"), std::string::npos);
}

TEST_F(TokenizerCommandTest, threads_and_memory_change_nothing) {
  std::string large;
  for (int i = 0; i < 200; ++i) large += tiny_text(1000) + std::to_string(i * 7919) + "\n";
  write("large.txt", large);
  const auto hash = [&](std::vector<std::string> more) {
    std::vector<std::string> words = {"tokenizer", "train", "large.txt", "--vocabulary",
                                      "400",       "-o",    "t",         "--overwrite"};
    words.insert(words.end(), more.begin(), more.end());
    output_of(words);
    return hash_file(folder / "t" / "tokenizer.json");
  };
  const std::string one = hash({"--threads", "1"});
  EXPECT_EQ(hash({"--threads", "2"}), one);
  EXPECT_EQ(hash({"--threads", "7", "--max-ram", "64MB"}), one);
}

TEST_F(TokenizerCommandTest, what_cannot_be) {
  const auto train = [](std::vector<std::string> more) {
    std::vector<std::string> words = {"tokenizer", "train", "-o", "out", "-q"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  };
  write("empty.jsonl", "\n\n");
  write("broken.jsonl", "{\"text\": \"a\"}\n{\"text\": \n");
  expect_error(ErrorKind::usage, train({"text.txt", "--vocabulary", "257"}), {"258"});
  expect_error(ErrorKind::usage, train({"text.txt", "--vocabulary", "257"}), {"258 to 524288"});
  expect_error(ErrorKind::data, train({"text.txt", "--vocabulary", "5000"}),
               {"the text supports a vocabulary of", "5000 were asked"});
  expect_error(ErrorKind::data, train({"empty.jsonl", "--vocabulary", "300"}),
               {"no text to learn from"});
  expect_error(ErrorKind::data, train({"broken.jsonl", "--vocabulary", "300"}), {"broken.jsonl:2"});
  expect_error(ErrorKind::data, train({"absent.txt", "--vocabulary", "300"}), {"absent.txt"});
  expect_error(ErrorKind::usage,
               train({"text.txt", "--vocabulary", "300", "--special", "<|endoftext|>"}),
               {"there twice"});
  EXPECT_FALSE(fs::exists(folder / "out"));  // not even an empty folder
  learn();
  expect_error(ErrorKind::conflict,
               {"tokenizer", "train", "text.txt", "--vocabulary", "300", "-o", "tok"},
               {"--overwrite"});
  fs::create_directory(folder / "bare");
  expect_error(ErrorKind::data, {"tokenizer", "encode", "-t", "bare", "text.txt"},
               {"expected a tokenizer"});
  expect_error(ErrorKind::data, {"tokenizer", "decode", "-t", "tok"},
               {"standard input:2", "token 270 is outside the vocabulary of 270"},
               {.input = "\n270\n"});
  expect_error(ErrorKind::data, {"tokenizer", "decode", "-t", "tok"}, {"expected token ids"},
               {.input = "x"});
  expect_error(ErrorKind::data, {"tokenizer", "decode", "-t", "tok", "--raw"},
               {"standard input: expected ids of 2 bytes each, found 1 bytes"}, {.input = "a"});
  expect_error(ErrorKind::data, {"tokenizer", "decode", "-t", "tok", "--raw"},
               {"standard input: id 0: token 25185 is outside the vocabulary of 270"},
               {.input = "ab"});
  expect_error(ErrorKind::usage, {"tokenizer", "encode", "-t", "tok", "--raw", "--json"},
               {"--raw", "--json"});
}

TEST_F(TokenizerCommandTest, special_tokens_that_cannot_be_are_refused_before_the_text_is_read) {
  write("broken.jsonl", "{\n");
  for (const char* text : {"a", "\u0120", ""})
    expect_error(ErrorKind::usage,
                 {"tokenizer", "train", "broken.jsonl", "-o", "out", "--special", text},
                 {"--special"});
  EXPECT_FALSE(fs::exists(folder / "out"));
}

// Ids come in any number of lines; a part of the input ends within one now and then.
TEST_F(TokenizerCommandTest, decode_takes_what_encode_writes_however_long) {
  learn();
  const std::string text = tiny_text(200'000);
  const std::string plain = output_of({"tokenizer", "encode", "-t", "tok"}, {.input = text});
  const std::string raw = output_of({"tokenizer", "encode", "-t", "tok", "--raw"}, {.input = text});
  EXPECT_EQ(output_of({"tokenizer", "decode", "-t", "tok"}, {.input = plain}), text);
  EXPECT_EQ(output_of({"tokenizer", "decode", "-t", "tok", "--raw"}, {.input = raw}), text);
  const std::string spaces(LineReader::kMaximumLine + 1, ' ');
  EXPECT_EQ(output_of({"tokenizer", "decode", "-t", "tok"}, {.input = "98" + spaces + "97"}), "ba");
  for (const char* word : {"12x", "1.5", "-", "99999999999999999999"}) {
    const Outcome outcome =
        run({"tokenizer", "decode", "-t", "tok"}, {.input = "97\r\n[97,\n" + std::string(word)});
    EXPECT_EQ(outcome.code, static_cast<int>(ErrorKind::data));
    EXPECT_EQ(outcome.err,
              fmt::format("error: standard input:3: expected token ids, found \"{}\"\n", word));
  }
}

TEST_F(TokenizerCommandTest, a_folder_holds_one_tokenizer) {
  learn();
  const auto convert = [](const char* format, std::vector<std::string> more = {}) {
    std::vector<std::string> words = {"tokenizer", "convert", "tok", "out", "--to", format};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  };
  const auto names = [&] {
    std::set<std::string> found;
    for (const auto& entry : fs::directory_iterator(folder / "out"))
      found.insert(entry.path().filename());
    return found;
  };
  for (const char* format : {"tiktoken", "gpt2", "vocabulary", "hugging-face"}) {
    output_of(convert(format, {"--overwrite"}));
    write("out/config.json", "{}");  // not a tokenizer's
    for (const char* other : {"tiktoken", "hugging-face"})
      expect_error(ErrorKind::conflict, convert(other), {"out/", "--overwrite"});
    expect_error(ErrorKind::conflict,
                 {"tokenizer", "train", "text.txt", "--vocabulary", "280", "-o", "out"},
                 {"there is a tokenizer already; --overwrite replaces it"});
  }
  output_of(convert("tiktoken", {"--overwrite"}));
  EXPECT_EQ(names(), (std::set<std::string>{"config.json", "tokenizer.tiktoken"}));
  output_of({"tokenizer", "train", "text.txt", "--vocabulary", "280", "-o", "out", "--overwrite"});
  EXPECT_EQ(names().size(), 6u);
  EXPECT_EQ(Tokenizer::load(folder / "out").vocabulary_size(), 280);
  learn({"--special", "<|user|>", "--overwrite"});
  expect_error(ErrorKind::data, {"tokenizer", "convert", "tok", "none", "--to", "gpt2"},
               {"cannot say what this tokenizer is"});
  EXPECT_FALSE(fs::exists(folder / "none"));
}

TEST_F(TokenizerCommandTest, stopped_while_it_measures_it_writes_nothing) {
  std::string text = tiny_text(100'000);
  while (text.size() < 40'000'000) text += text;
  write("large.txt", text);
  const std::string errors = (folder / "errors").string();
  Program program(folder.path(),
                  {"tokenizer", "train", "large.txt", "--vocabulary", "258", "-o", "out"},
                  {.error_file = errors});
  for (int i = 0; i < 6000 && read("errors").find("merge") == std::string::npos; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  program.send(SIGINT);
  // Half a second of measuring: where this test waits longer for its turn, there is nothing to see.
  if (program.wait().code == 0) GTEST_SKIP() << "it was too fast";
  EXPECT_NE(read("errors").find("nothing was written"), std::string::npos) << read("errors");
  EXPECT_FALSE(fs::exists(folder / "out"));
}

// A file that is one document is read in windows, to count and to measure.
TEST_F(TokenizerCommandTest, a_file_larger_than_the_memory) {
  std::ofstream file(folder / "large.txt");
  {
    std::string words;
    const RandomStream random{1, 2, 3};
    for (uint64_t i = 0; i < 500'000; ++i)
      words += i % 8 ? static_cast<char>('a' + random.below(i, 26)) : ' ';
    for (int i = 0; i < 200; ++i) file << words << '\n';
  }
  file.close();
  std::set<std::string> learned;
  for (const char* threads : {"1", "7"}) {
    const Outcome outcome =
        run({"tokenizer", "train", "large.txt", "--vocabulary", "300", "-o", "out", "--overwrite",
             "--max-ram", "64MB", "--threads", threads, "--json"});
    EXPECT_LE(kSanitized ? 0 : outcome.peak, 64'000'000u);
    const Json report = outcome.lines().at(0);
    learned.insert(report.at("fingerprint").text());
    const int64_t runs = report.at("runs_on_disk").integer();
    EXPECT_EQ(runs > 0, *threads == '7') << runs;  // each counts for itself
  }
  EXPECT_EQ(learned.size(), 1u);
}

}  // namespace
}  // namespace octavo
