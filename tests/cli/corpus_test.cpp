// octavo corpus, as typed: what it writes and says, and how it refuses.
#include <csignal>
#include <thread>

#include "octavo/base/files.h"
#include "tests/cli/support.h"

namespace octavo {
namespace {

namespace fs = std::filesystem;

class CorpusTest : public ProgramTest {};

const std::vector<std::string> kSmall{"corpus", "synthesize", "--output", "out",
                                      "--size", "100kB",      "--items",  "12"};

std::vector<std::string> with(std::vector<std::string> words,
                              const std::vector<std::string>& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

TEST_F(CorpusTest, synthesize_writes_a_corpus_and_says_what) {
  const Outcome outcome = run(kSmall);
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  for (const char* part : {"out: 10", "seed 1", "stories.jsonl", "context.jsonl", "documents",
                           "evaluation/", "items of 2"})
    EXPECT_NE(outcome.out.find(part), std::string::npos) << part << "\n" << outcome.out;
  for (const char* name : {"stories.jsonl", "arithmetic.jsonl", "words.jsonl", "context.jsonl",
                           "evaluation/pairings.jsonl", "corpus.json"})
    EXPECT_TRUE(fs::exists(folder / "out" / name)) << name;
}

TEST_F(CorpusTest, synthesize_repeats_to_the_byte_and_depends_on_the_seed) {
  ASSERT_EQ(run(kSmall).code, 0);
  const std::string first = read("out/corpus.json");
  ASSERT_EQ(run(with(kSmall, {"--overwrite", "--threads", "3"})).code, 0);
  EXPECT_EQ(read("out/corpus.json"), first);
  ASSERT_EQ(run(with(kSmall, {"--overwrite", "--seed", "2"})).code, 0);
  EXPECT_NE(read("out/corpus.json"), first);
}

TEST_F(CorpusTest, json_has_every_file) {
  const Outcome outcome = run(with(kSmall, {"--json", "--quiet", "--share", "words=0"}));
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.err, "");
  const std::vector<Json> lines = outcome.lines();
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(lines[0].at("folder").text(), "out");
  EXPECT_EQ(lines[0].at("files").size(), 3u);
  for (const char* list : {"files", "evaluation"})
    for (const Json& file : lines[0].at(list).items())
      EXPECT_EQ(static_cast<int64_t>(fs::file_size(folder / "out" / file.at("file").text())),
                file.at("bytes").integer());
  EXPECT_EQ(lines[0].at("evaluation").at(0).at("items").integer(), 12);
}

TEST_F(CorpusTest, wrong_words_are_usage_errors) {
  const auto expect = [&](const std::vector<std::string>& more,
                          const std::vector<std::string>& parts) {
    expect_error(ErrorKind::usage, with({"corpus", "synthesize", "-o", "out"}, more), parts);
    EXPECT_FALSE(fs::exists(folder / "out"));
  };
  expect({"--size", "20XB"}, {"--size", "such as 20MB", "\"20XB\""});
  expect({"--size", "1"}, {"--size", "from 1 kB to 1 TB"});
  expect({"--share", "stories"}, {"--share", "NAME=N", "\"stories\""});
  expect({"--share", "stories=much"}, {"NAME=N", "stories=much"});
  expect({"--share", "storys=1"}, {"storys", "did you mean \"stories\""});
  expect({"--items", "0"}, {"--items", "from 1 to"});
  expect_error(ErrorKind::usage, {"corpus", "synthesize"}, {"--output"});
  expect_error(ErrorKind::usage, {"corpus"}, {"expected a command", "synthesize"});
  expect_error(ErrorKind::usage, {"corpus", "sinthesize"}, {"did you mean \"synthesize\""});
}

TEST_F(CorpusTest, what_is_there_is_kept) {
  ASSERT_EQ(run(kSmall).code, 0);
  expect_error(ErrorKind::conflict, kSmall, {"out/corpus.json", "--overwrite"});
  write("file", "text");
  expect_error(ErrorKind::io, {"corpus", "synthesize", "-o", "file/out"}, {"file"});
}

TEST_F(CorpusTest, a_disk_that_takes_no_more_leaves_nothing) {
  expect_error(ErrorKind::io, kSmall, {"out/stories.jsonl"}, {.largest_file = 20'000});
  EXPECT_FALSE(fs::exists(folder / "out/corpus.json"));
  EXPECT_TRUE(fs::is_empty(folder / "out/evaluation"));
}

TEST_F(CorpusTest, an_interrupt_leaves_nothing) {
  Program program(folder.path(), {"corpus", "synthesize", "-o", "out", "--size", "100GB"});
  while (!fs::exists(folder / "out/evaluation")) std::this_thread::yield();
  program.send(SIGINT);
  const Outcome outcome = program.wait();
  EXPECT_EQ(outcome.code, static_cast<int>(ErrorKind::interrupted)) << outcome.err;
  EXPECT_NE(outcome.err.find("stopped"), std::string::npos) << outcome.err;
  EXPECT_EQ(std::distance(fs::recursive_directory_iterator(folder / "out"), {}), 1);
}

}  // namespace
}  // namespace octavo
