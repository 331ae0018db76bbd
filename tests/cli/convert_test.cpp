// octavo convert: between layouts and types, and what cannot be.
#include <gtest/gtest.h>

#include "octavo/base/files.h"
#include "octavo/base/hash.h"
#include "octavo/weights/gguf_set.h"
#include "tests/cli/support.h"

namespace octavo {
namespace {

namespace fs = std::filesystem;

class ConvertCommandTest : public ProgramTest {
 protected:
  void SetUp() override { save_byte_model(folder / "model"); }

  Json convert(const std::vector<std::string>& words) const {
    std::vector<std::string> all{"convert"};
    all.insert(all.end(), words.begin(), words.end());
    all.emplace_back("--json");
    const Outcome outcome = run(all);
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    return outcome.code == 0 ? outcome.lines().at(0) : Json::object();
  }
  /// The log-probabilities of a text of ids, to the last digit.
  std::string score(const std::string& model) const {
    const Outcome outcome = run({"score", "--model", model, "--dtype", "fp32"},
                                {.input = "[72, 101, 108, 108, 111]\n"});
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    return outcome.out;
  }
};

TEST_F(ConvertCommandTest, to_gguf_and_back_computes_the_same_numbers) {
  const Json gguf = convert({"model", "m.gguf"});
  EXPECT_EQ(gguf.at("from").text(), "GPT-2 folder");
  EXPECT_EQ(gguf.at("to").text(), "GPT-2 GGUF");
  EXPECT_EQ(gguf.at("types").text(), "f32");
  convert({"m.gguf", "back"});
  EXPECT_EQ(score("m.gguf"), score("model"));
  EXPECT_EQ(score("back"), score("model"));
  EXPECT_EQ(read("back/model.safetensors"), read("model/model.safetensors"));
  const Outcome verify = run({"inspect", "back", "--verify"});
  EXPECT_EQ(verify.code, 0) << verify.err;
}

TEST_F(ConvertCommandTest, types_are_written_and_inspected) {
  convert({"model", "half", "--type", "f16"});
  convert({"half", "bf16", "--type", "bf16"});
  const Json q8 = convert({"model", "q8.gguf", "--type", "q8_0"});
  EXPECT_NE(q8.at("types").text().find("q8_0"), std::string::npos);
  const Outcome inspected = run({"inspect", "q8.gguf", "--tensors"});
  EXPECT_EQ(inspected.code, 0) << inspected.err;
  EXPECT_NE(inspected.out.find("GPT-2 model"), std::string::npos) << inspected.out;
  EXPECT_NE(inspected.out.find("blk.0.ffn_up.weight"), std::string::npos) << inspected.out;
  // Quantized numbers are f32 in a folder, and said to be.
  const Json folder_of_q8 = convert({"q8.gguf", "from-q8"});
  EXPECT_EQ(folder_of_q8.at("types").text(), "f32");
  EXPECT_EQ(folder_of_q8.at("notes").size(), 1u);
  EXPECT_EQ(score("from-q8"), score("q8.gguf"));
}

TEST_F(ConvertCommandTest, says_what_llama_cpp_makes_of_it) {
  const auto note = [&](const std::string& name, const ModelConfig& config) {
    save_model(folder / name, GPT(config, 1), {});
    const Json notes = convert({name, name + ".gguf"}).at("notes");
    return notes.size() == 0 ? "" : notes.items().back().text();
  };
  ModelConfig gpt2 = byte_model(), neox = gpt2;
  EXPECT_EQ(note("gpt2", gpt2), "");
  gpt2.activation = Activation::gelu_exact;
  EXPECT_NE(note("exact", gpt2).find("approximate GELU"), std::string::npos);
  neox.positions = PositionKind::rotary;
  neox.residual = ResidualKind::parallel;
  neox.head = HeadKind::untied;
  EXPECT_EQ(note("neox", neox), "");
  ModelConfig pythia = neox;
  pythia.activation = Activation::gelu_exact;
  EXPECT_NE(note("pythia", pythia).find("GPT-NeoX with the approximate GELU"), std::string::npos);
  neox.biases.qkv = neox.biases.projection = false;
  EXPECT_NE(note("biases", neox).find("some places only"), std::string::npos);
  neox.biases = {};
  neox.head = HeadKind::tied;
  EXPECT_NE(note("tied", neox).find("token table"), std::string::npos);
  neox.norm = NormKind::rmsnorm;
  save_model(folder / "odd", GPT(neox, 1), {});
  expect_error(ErrorKind::usage, {"convert", "odd", "odd.gguf"},
               {"no architecture has rotary positions and an RMSNorm beside"});
}

TEST_F(ConvertCommandTest, splits_are_joined_and_cut_anew) {
  convert({"model", "m.gguf", "--type", "q8_0"});
  const Json cut = convert({"m.gguf", "cut.gguf", "--shard-size", "10000"});
  ASSERT_GT(cut.at("files").size(), 2u);
  EXPECT_EQ(score(cut.at("files").items()[1].text()), score("m.gguf"));
  convert({cut.at("files").items()[0].text(), "joined.gguf"});
  EXPECT_EQ(read("joined.gguf"), read("m.gguf"));
  const Json shards = convert({"model", "shards", "--shard-size", "10000"});
  EXPECT_GT(shards.at("files").size(), 4u);
  EXPECT_EQ(score("shards"), score("model"));
}

TEST_F(ConvertCommandTest, the_tokens_that_end_a_text_all_go_with_the_model) {
  const std::string generation = "{ \"eos_token_id\": [256, 7,9],\n  \"temperature\": 0.6 }";
  write("model/generation_config.json", generation);
  fs::remove(folder / "model/manifest.json");
  convert({"model", "copy", "--type", "bf16"});
  EXPECT_EQ(read("copy/generation_config.json"), generation);
  EXPECT_EQ(run({"inspect", "copy", "--verify"}).code, 0);
  const auto ends = [&](const std::string& name) {
    return Json::parse(read(name), name).at("eos_token_id");
  };
  EXPECT_EQ(ends("copy/config.json"), Json::array({256, 7, 9}));
  convert({"copy", "m.gguf"});
  convert({"m.gguf", "back"});
  EXPECT_EQ(ends("back/config.json"), Json::array({256, 7, 9}));
  EXPECT_EQ(ends("back/generation_config.json"), Json::array({256, 7, 9}));
  write("copy/generation_config.json", "{\"eos_token_id\": [256, 7, 9, 11, 13]}");
  EXPECT_NE(convert({"copy", "less.gguf"}).at("notes").items().back().text().find("5 tokens end"),
            std::string::npos);
  write("copy/generation_config.json", "{\"eos_token_id\": [1e9]}");
  const Json notes = convert({"copy", "without"}).at("notes");  // what is faulty is said, and left
  ASSERT_EQ(notes.size(), 1u);
  EXPECT_NE(notes.items()[0].text().find("generation_config.json:1"), std::string::npos);
  EXPECT_EQ(ends("without/generation_config.json"), Json::array({256, 7, 9}));
}

// The hashes lead from the text to the weights, and stay with the model on its further ways.
TEST_F(ConvertCommandTest, the_card_of_a_run_says_where_the_model_comes_from) {
  write("tiny.toml", kTinyRecipe);
  write("text.txt", tiny_text());
  ASSERT_EQ(run({"train", "tiny.toml", "--quiet"}).code, 0);
  ASSERT_EQ(run({"convert", "runs/tiny", "out", "--license", "mit", "--name", "Tiny"}).code, 0);
  const std::string card = read("out/README.md");
  const std::string text_hash = hash_hex(read("text.txt"));
  const std::string weights_hash = hash_hex(read("out/model.safetensors"));
  for (const std::string& part :
       {std::string("---\nlicense: mit\n"), std::string("# Tiny\n"), std::string("## Data"),
        std::string("text.txt"), std::string("12 of 12 steps"), std::string("learning_rate = 0.01"),
        std::string("Validation loss "), text_hash, weights_hash})
    EXPECT_NE(card.find(part), std::string::npos) << part << "\n" << card;
  EXPECT_LT(card.find(text_hash), card.find(weights_hash));
  EXPECT_EQ(run({"inspect", "out", "--verify"}).code, 0);

  convert({"out", "tiny.gguf", "--type", "q8_0"});
  const Outcome inspected = run({"inspect", "tiny.gguf", "--json"});
  EXPECT_EQ(inspected.lines().at(0).at("licence").text(), "mit");
  EXPECT_EQ(inspected.lines().at(0).at("tokenizer").text(), "257 tokens");
  convert({"tiny.gguf", "again"});
  const std::string again = read("again/README.md");
  EXPECT_TRUE(again.starts_with("---\nlicense: mit\n")) << again;
  EXPECT_NE(again.find(text_hash), std::string::npos) << again;
  expect_error(ErrorKind::data, {"convert", "out", "x", "--evaluation", "text.txt"}, {"text.txt"});
}

TEST_F(ConvertCommandTest, what_cannot_be) {
  expect_error(ErrorKind::usage, {"convert", "model", "q8", "--type", "q8_0"},
               {"q8", "a folder holds f32, bf16 or f16", ".gguf"});
  expect_error(ErrorKind::conflict, {"convert", "model", "model"}, {"is not overwritten"});
  write("m.gguf", "GGUF");
  expect_error(ErrorKind::conflict, {"convert", "model", "m.gguf"}, {"is not overwritten"});
  expect_error(ErrorKind::data, {"convert", "m.gguf", "out"}, {"m.gguf"});
  expect_error(ErrorKind::usage, {"convert", "model", "x.gguf", "--type", "q3"},
               {"--type", "q4_k"});
  write("text.bin", "not a model");
  expect_error(ErrorKind::data, {"convert", "text.bin", "out"}, {"expected a model (a folder"});
  write("pytorch_model.bin", "PK");
  expect_error(ErrorKind::data, {"convert", "pytorch_model.bin", "out"},
               {"a pickle", "save_pretrained"});
  EXPECT_FALSE(fs::exists(folder / "out"));
  EXPECT_FALSE(fs::exists(folder / "q8"));
}

}  // namespace
}  // namespace octavo
