// octavo inspect: every kind of file and folder there is, in words and as JSON.
#include <fstream>

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

  std::ofstream(folder / (checkpoint + "/model.safetensors"), std::ios::app) << "x";
  const Json damaged = inspect("runs/tiny", {"--verify"});
  EXPECT_NE(damaged.at("checkpoints").at(1).at("state").text().find("model.safetensors"),
            std::string::npos);
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
  EXPECT_EQ(kind("a.txt"), "text");
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
    if (std::string_view(name) == "manifest.json") continue;  // it says what is wrong, as a fact
    EXPECT_EQ(outcome.code, static_cast<int>(ErrorKind::data))
        << name << outcome.out << outcome.err;
    EXPECT_NE(outcome.err.find(name), std::string::npos) << outcome.err;
  }
  write("x.toml", "{]");
  expect_error(ErrorKind::usage, {"inspect", "x.toml"}, {"x.toml"});
}

}  // namespace
}  // namespace octavo
