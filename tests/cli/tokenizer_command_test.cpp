// octavo tokenizer: what it learns, the same text back in every form, other people's files, and
// what a user may do wrong.
#include "octavo/base/files.h"
#include "octavo/tokenizer/tokenizer.h"
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
  const Tokenizer tokenizer = Tokenizer::load(folder / "tok");
  EXPECT_EQ(report.at("fingerprint").text(), tokenizer.fingerprint());
  EXPECT_EQ(tokenizer.end_of_text(), 269);
  const std::string text =
      output_of({"tokenizer", "train", "text.txt", "--vocabulary", "270", "-o", "again"});
  EXPECT_NE(text.find("bytes per token\n"), text.npos) << text;
  EXPECT_NE(text.find("longest tokens"), text.npos) << text;
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
  EXPECT_EQ(output_of({"tokenizer", "decode", "-t", "tok", "--raw"}, {.input = raw}), text);
  const std::string lines =
      output_of({"tokenizer", "encode", "-t", "tok", "--lines", "--json", "--special-tokens"},
                {.input = "<|endoftext|>\n\nx\n"});
  EXPECT_EQ(lines, "[269]\n[]\n[120]\n");
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
  expect_error(ErrorKind::usage, train({"text.txt", "--vocabulary", "256"}), {"257"});
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
  expect_error(ErrorKind::data, {"tokenizer", "decode", "-t", "tok", "--raw"}, {"2 bytes each"},
               {.input = "abc"});
}

}  // namespace
}  // namespace octavo
