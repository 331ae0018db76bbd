// octavo inspect: every kind of file and folder there is, in words and as JSON.
#include <fstream>
#include <map>

#include "octavo/base/files.h"
#include "octavo/dataset/write_dataset.h"
#include "tests/cli/support.h"

namespace octavo {
namespace {

namespace fs = std::filesystem;

class InspectCommandTest : public ProgramTest {
 protected:
  Json inspect(const std::string& path, const std::vector<std::string>& more = {}) const {
    std::vector<std::string> words = {"inspect", path, "--json"};
    words.insert(words.end(), more.begin(), more.end());
    const Outcome outcome = run(words);
    EXPECT_EQ(outcome.code, 0) << path << "\n" << outcome.err;
    if (outcome.code != 0) return Json::object({{"kind", ""}});
    // In words it says the same.
    words.erase(words.begin() + 2);
    const Outcome text = run(words);
    EXPECT_TRUE(text.out.starts_with(path + ": " + outcome.lines().at(0).at("kind").text() + "\n"))
        << text.out;
    return outcome.lines().at(0);
  }
  std::string kind(const std::string& path) const { return inspect(path).at("kind").text(); }
};

TEST_F(InspectCommandTest, a_model) {
  save_byte_model(folder / "model");
  const Json model = inspect("model");
  EXPECT_EQ(model.at("kind").text(), "GPT-2 model");
  const int64_t parameters = count_parameters(byte_model()).total();
  EXPECT_EQ(model.at("parameters").integer(), parameters);
  EXPECT_EQ(model.at("weight_bytes").integer(), 4 * parameters);
  EXPECT_EQ(model.at("layers").integer(), 2);
  EXPECT_EQ(model.at("weight_types").text(), "f32");
  EXPECT_EQ(model.at("tokenizer").text(), "257 tokens");
  EXPECT_EQ(model.find("tensor_list"), nullptr);

  const Json tensors = inspect("model", {"--tensors"}).at("tensor_list");
  EXPECT_EQ(tensors.size(), static_cast<size_t>(2 + 2 * 12 + 2));
  int64_t bytes = 0;
  for (const Json& tensor : tensors.items()) bytes += tensor.at("bytes").integer();
  EXPECT_EQ(bytes, 4 * parameters);
  const Json histograms = inspect("model", {"--histogram"}).at("tensor_list");
  for (const Json& tensor : histograms.items()) {
    EXPECT_LE(tensor.at("least").number(), tensor.at("mean").number());
    EXPECT_EQ(tensor.at("not_finite").integer(), 0);
    int64_t count = 0, elements = 1;
    for (const int64_t bin : tensor.at("bins").integers()) count += bin;
    for (const int64_t size : tensor.at("shape").integers()) elements *= size;
    EXPECT_EQ(count, elements);
  }

  EXPECT_EQ(kind("model/model.safetensors"), "safetensors file");
  EXPECT_EQ(kind("model/config.json"), "configuration of a GPT-2 model");
  EXPECT_EQ(kind("model/tokenizer.json"), "tokenizer");
  EXPECT_EQ(inspect("model/manifest.json").at("state").text(), "every file is as it was written");

  std::string weights = read("model/model.safetensors");
  weights.back() = static_cast<char>(weights.back() ^ 1);
  write("model/model.safetensors", weights);
  expect_error(ErrorKind::data, {"inspect", "model", "--verify"}, {"model.safetensors", "damaged"});
}

TEST_F(InspectCommandTest, a_run_and_what_is_in_it) {
  write("tiny.toml", kTinyRecipe);
  write("text.txt", tiny_text());
  ASSERT_EQ(run({"train", "tiny.toml"}).code, 0);
  const Json found = inspect("runs/tiny", {"--verify"});
  EXPECT_EQ(found.at("kind").text(), "training run");
  EXPECT_EQ(found.at("last_step").integer(), 12);
  EXPECT_EQ(found.at("tokens").integer(), 768);
  EXPECT_EQ(found.at("state").text(), "at rest");
  EXPECT_EQ(found.at("checkpoints").size(), 2u);
  EXPECT_EQ(found.at("checkpoints").at(1).at("state").text(), "good");
  EXPECT_EQ(found.at("checkpoints").at(1).at("step").integer(), 12);

  const std::string checkpoint = "runs/tiny/checkpoints/step-00000012";
  EXPECT_EQ(inspect(checkpoint).at("training_step").integer(), 12);
  EXPECT_EQ(kind("runs/tiny/latest"), "training checkpoint, a GPT-2 model");
  EXPECT_EQ(kind(checkpoint + "/training/optimizer.safetensors"), "safetensors file");
  EXPECT_EQ(inspect("runs/tiny/metrics.jsonl").at("last_step").integer(), 12);
  const Json recipe = inspect("runs/tiny/recipe.toml");
  EXPECT_EQ(recipe.at("kind").text(), "recipe");
  EXPECT_EQ(recipe.at("tokens").integer(), 768);

  // Every file that a run has is known for what it is.
  const std::map<std::string, std::string> kinds = {
      {"timing.jsonl", "timing of a training run"},
      {"samples.jsonl", "samples of a training run"},
      {"data/source-0/dataset.json", "data set"},
      {"data/source-0/tokens-00000.docs", "starts of documents"},
      {"latest/training/state.json", "state of a training run"},
      {"latest/vocab.json", "JSON"}};
  for (const auto& [name, expected] : kinds) EXPECT_EQ(kind("runs/tiny/" + name), expected);
  for (const auto& entry : fs::directory_iterator(folder / "runs/tiny")) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("events.out.")) {
      EXPECT_GT(inspect("runs/tiny/" + name).at("events").integer(), 12);
    }
  }
  EXPECT_EQ(found.at("data").text(), "every shard is as it was written");
}

class DamagedRunTest : public InspectCommandTest {
 protected:
  DamagedRunTest() {
    write("tiny.toml", kTinyRecipe);
    write("text.txt", tiny_text());
    EXPECT_EQ(run({"train", "tiny.toml", "--quiet"}).code, 0);
  }
  /// What inspect says of it, with the exit code of damage and the line that tells it.
  Json damaged(const std::vector<std::string>& words, const std::string& part) const {
    const Outcome outcome = run(words);
    EXPECT_EQ(outcome.code, static_cast<int>(ErrorKind::data)) << outcome.err;
    EXPECT_TRUE(outcome.err.starts_with("error: ")) << outcome.err;
    EXPECT_NE(outcome.err.find(part), std::string::npos) << outcome.err;
    return outcome.lines().at(0);
  }

  const std::string checkpoint = "runs/tiny/checkpoints/step-00000012";
};

TEST_F(DamagedRunTest, a_damaged_checkpoint_is_told_by_the_exit_code) {
  std::ofstream(folder / (checkpoint + "/model.safetensors"), std::ios::app) << "x";
  const Json run = damaged({"inspect", "runs/tiny", "--verify", "--json"}, "model.safetensors");
  EXPECT_EQ(run.at("checkpoints").at(0u).at("state").text(), "good");
  EXPECT_NE(run.at("checkpoints").at(1).at("state").text().find("model.safetensors"),
            std::string::npos);
  damaged({"inspect", checkpoint + "/manifest.json", "--json"}, "model.safetensors");
}

TEST_F(DamagedRunTest, a_damaged_shard_is_told_by_the_exit_code) {
  const std::string shard = "runs/tiny/data/source-0/tokens-00000.bin";
  std::string tokens = read(shard);
  tokens[tokens.size() - 2] = static_cast<char>(tokens[tokens.size() - 2] ^ 1);
  write(shard, tokens);
  const Json run = damaged({"inspect", "runs/tiny", "--verify", "--json"}, shard);
  EXPECT_NE(run.at("data").text().find(shard), std::string::npos);
  expect_error(ErrorKind::data, {"inspect", "runs/tiny/data/source-0", "--verify"},
               {shard, "is damaged"});
  EXPECT_EQ(inspect("runs/tiny/data/source-0").at("kind").text(), "data set");  // unasked
}

// A checkpoint without its manifest is none: the one before is the run's newest.
TEST_F(DamagedRunTest, a_run_stands_for_its_newest_whole_checkpoint) {
  fs::remove(folder / (checkpoint + "/manifest.json"));
  fs::remove(folder / (checkpoint + "/config.json"));
  EXPECT_EQ(run({"generate", "-m", "runs/tiny", "-p", "the ", "-n", "3"}).code, 0);
}

TEST_F(InspectCommandTest, data) {
  write("a.txt", "one two");
  write("b.jsonl", "{\"text\": \"three\"}\n{\"text\": \"four\"}\n");
  const std::string paths[] = {folder / "a.txt", folder / "b.jsonl"};
  write_dataset(paths, folder / "set", Tokenizer::bytes());
  const Json set = inspect("set");
  EXPECT_EQ(set.at("kind").text(), "data set");
  EXPECT_EQ(set.at("tokens").integer(), 7 + 5 + 4 + 3);
  EXPECT_EQ(set.at("documents").integer(), 3);
  EXPECT_EQ(set.at("files").size(), 1u);
  EXPECT_EQ(inspect("set/tokens-00000.bin").at("tokens").integer(), 19);
  EXPECT_NE(inspect("set", {"--verify"}).at("hashes").text().find("as it was"), std::string::npos);
  EXPECT_EQ(kind("a.txt"), "text");
  expect_error(ErrorKind::usage, {"inspect", "a.txt", "--verify"}, {"--verify", "found: text"});
  expect_error(ErrorKind::usage, {"inspect", "set", "--tensors"}, {"--tensors", "found: data set"});
  expect_error(ErrorKind::usage, {"inspect", "a.txt", "--histogram"}, {"--histogram"});
  expect_error(ErrorKind::data, {"inspect", "/dev/zero"}, {"/dev/zero", "a pipe or device"});
  EXPECT_EQ(inspect("b.jsonl").at("documents").integer(), 2);
}

TEST_F(InspectCommandTest, what_is_nothing_known) {
  fs::create_directory(folder / "hollow");
  expect_error(ErrorKind::data, {"inspect", "hollow"}, {"hollow", "config.json"});
  expect_error(ErrorKind::data, {"inspect", "none"}, {"none"});
  write("noise", std::string("\0\1\2", 3));
  expect_error(ErrorKind::data, {"inspect", "noise"}, {"noise"});
  for (const char* name : {"x.safetensors", "x.bin", "config.json", "tokenizer.json",
                           "manifest.json", "metrics.jsonl"}) {
    write(name, "{]\n");
    const Outcome outcome = run({"inspect", name});
    EXPECT_EQ(outcome.code, static_cast<int>(ErrorKind::data))
        << name << outcome.out << outcome.err;
    EXPECT_NE(outcome.err.find(name), std::string::npos) << outcome.err;
  }
  write("x.toml", "{]");
  expect_error(ErrorKind::usage, {"inspect", "x.toml"}, {"x.toml"});
}

}  // namespace
}  // namespace octavo
