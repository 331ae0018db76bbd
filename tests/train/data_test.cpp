// From [data] to batches: every kind of source, the cache, and bad input.
#include "octavo/train/data.h"

#include <gtest/gtest.h>

#include "octavo/dataset/write_dataset.h"
#include "support.h"

namespace octavo {
namespace {

namespace fs = std::filesystem;

class DataTest : public TrainingTest {
 protected:
  Batches open(const Recipe& recipe, const std::string& run = "run") {
    const RunFolder place(folder / run, RunStart::fresh);
    return open_data(recipe, place, open_tokenizer(recipe, place, {}), {});
  }
  void expect_unusable(std::string_view words, std::vector<std::string> overrides,
                       ErrorKind kind = ErrorKind::data) {
    expect_error(kind, words, [&] { open(recipe(overrides)); });
  }
};

TEST_F(DataTest, TextBecomesShardsInTheRun) {
  const Batches data = open(recipe());
  EXPECT_TRUE(fs::exists(folder / "run" / "data.next" / "source-0" / "dataset.json"));
  RunFolder(folder / "run", RunStart::fresh).begin("");
  EXPECT_FALSE(fs::exists(folder / "run" / "data.next"));  // nobody's, so not put in place
  train("begun", recipe({"train.steps=1"}));
  EXPECT_TRUE(fs::exists(folder / "begun" / "data" / "source-0" / "dataset.json"));
  EXPECT_FALSE(fs::exists(folder / "begun" / "data.next"));
  const auto size = static_cast<int64_t>(tiny_corpus().size()) + 1;  // and the end of text
  EXPECT_EQ(data.training_tokens() + data.validation_tokens(), size);
  EXPECT_NEAR(static_cast<double>(data.validation_tokens()), 0.1 * static_cast<double>(size), 2);
}

TEST_F(DataTest, ASharedCacheIsFilledOnce) {
  const Recipe cached = recipe({"data.cache=" + (folder / "cache").string()});
  const std::string one = open(cached, "one").fingerprint();
  const auto shard = fs::recursive_directory_iterator(folder / "cache");
  const auto written = fs::last_write_time(shard->path());
  EXPECT_EQ(open(cached, "two").fingerprint(), one);
  EXPECT_EQ(fs::last_write_time(fs::recursive_directory_iterator(folder / "cache")->path()),
            written);
  write_file(folder / "corpus.txt", tiny_corpus(1999));
  EXPECT_NE(open(cached, "three").fingerprint(), one);
}

TEST_F(DataTest, ShardsAreReadInPlace) {
  const std::vector<std::string> text{(folder / "corpus.txt").string()};
  write_dataset(text, folder / "shards", Tokenizer::bytes());
  EXPECT_EQ(open(recipe({"data.path=shards"}), "a").fingerprint(),
            open(recipe({"data.path=shards"}), "b").fingerprint());
  const Batches bare = open(
      recipe({"data.path=shards/tokens-00000.bin", "data.tokenizer=none", "model.vocabulary=257"}),
      "c");
  EXPECT_EQ(bare.training_tokens(), open(recipe(), "d").training_tokens());
  EXPECT_FALSE(fs::exists(folder / "c" / "data"));
}

// From the text when the run begins; the resumed run and the checkpoint have it.
TEST_F(DataTest, ATokenizerIsLearned) {
  const Recipe learning = recipe({"data.tokenizer=learn", "data.vocabulary=270"});
  train_until("learned", learning, 2);
  const Tokenizer tokenizer = Tokenizer::load(folder / "learned" / "data" / "tokenizer");
  EXPECT_EQ(tokenizer.vocabulary_size(), 270);
  EXPECT_EQ(tokenizer.end_of_text(), 269);
  fs::remove(folder / "corpus.txt");
  train("learned", learning, RunStart::resume);
  EXPECT_EQ(Tokenizer::load(model_folder_of(folder / "learned")).fingerprint(),
            tokenizer.fingerprint());
}

TEST_F(DataTest, ATokenizerThatCannotBeLearned) {
  expect_unusable("supports a vocabulary of", {"data.tokenizer=learn", "data.vocabulary=5000"});
  write_dataset(std::vector<std::string>{(folder / "corpus.txt").string()}, folder / "shards",
                Tokenizer::bytes());
  expect_unusable("expects text to learn from",
                  {"data.path=shards", "data.tokenizer=learn", "data.vocabulary=270"},
                  ErrorKind::usage);
}

TEST_F(DataTest, SourcesMixByWeight) {
  write_file(folder / "other.txt", tiny_corpus(500));
  const std::string text =
      std::string(kTinyRecipe.substr(0, kTinyRecipe.find("path"))) +
      "validation = 'none'\n[[data.sources]]\npath = 'corpus.txt'\nweight = 1\n"
      "[[data.sources]]\npath = 'other.txt'\nweight = 3\n[train]\nsteps = 1\n"
      "batch = 4\n";
  const Recipe mixed = Recipe::parse(text, "mixed.toml", {}, folder);
  const auto counts = open(mixed).counts();
  ASSERT_EQ(counts.size(), 2u);
  EXPECT_DOUBLE_EQ(counts[1].proportion, 0.75);
}

TEST_F(DataTest, ManyDocumentsAreSplitByDocumentAFewByPosition) {
  std::string lines;
  for (int i = 0; i < 200; ++i) lines += "{\"text\": \"" + tiny_corpus(20) + "\"}\n";
  write_file(folder / "many.jsonl", lines);
  const std::vector<std::string> automatic{"data.path=many.jsonl", "data.validation=auto"};
  EXPECT_EQ(open(recipe(automatic), "a").options().split.by, SplitBy::document);
  EXPECT_EQ(open(recipe({"data.validation=auto"}), "b").options().split.by, SplitBy::position);
}

TEST_F(DataTest, BadInputIsNamed) {
  expect_unusable("nowhere.txt", {"data.path=nowhere.txt"});
  write_file(folder / "empty.txt", "");
  expect_unusable("empty.txt", {"data.path=empty.txt"});
  write_file(folder / "binary.txt", std::string("abc\0def", 7));
  expect_unusable("binary.txt", {"data.path=binary.txt"});
  fs::create_directories(folder / "hollow");
  expect_unusable("hollow", {"data.path=hollow"});
  write_file(folder / "small.txt", "too small");
  expect_unusable("small.txt: too small for one context", {"data.path=small.txt"});
  expect_unusable("lower train.context", {"data.path=small.txt"});
  expect_unusable("corpus.txt: too small for one batch of 8192 × 16",
                  {"train.batch=8192", "train.batch_start=2"});
  expect_unusable("lower train.batch", {"train.batch=8192", "train.batch_start=2"});
  expect_unusable("data.validation = \"tail\"", {"data.validation=documents"});
  write_file(folder / "not.bin", "12345");
  expect_unusable("not.bin", {"data.path=not.bin"});
  expect_unusable("data.tokenizer", {"data.tokenizer=none", "model.vocabulary=257"},
                  ErrorKind::usage);
}

}  // namespace
}  // namespace octavo
