// What a conversion carries over beside the numbers: the tokens that end a text, and what it says
// of the target. tests/cli/convert_test.cpp has the rest.
#include "octavo/checkpoint/convert_model.h"

#include "octavo/checkpoint/gguf_config.h"
#include "octavo/checkpoint/gguf_model.h"
#include "tests/checkpoint/support.h"

namespace octavo {
namespace {

namespace fs = std::filesystem;

class ConvertModel : public testing::Test {
 protected:
  using Ends = std::vector<int32_t>;

  static ModelConfig config_with(const Ends& ends) {
    ModelConfig config = small_config();
    config.end_of_text = -1;
    for (const int32_t end : ends) config.add_end(end);
    return config;
  }
  void save(const std::string& name, const ModelConfig& config,
            const Tokenizer* tokenizer = nullptr) {
    save_model(folder / name, GPT(config, 7), {.tokenizer = tokenizer});
  }
  std::vector<std::string> convert(const std::string& from, const std::string& to,
                                   std::optional<DataType> type = std::nullopt) {
    return convert_model(folder / from, folder / to, {.type = type}).notes;
  }
  /// A GGUF file whose keys for ends are these, −1 for none.
  void write_gguf(const std::string& name, const std::array<int64_t, kGgufEnds>& ends) {
    GgufMetadata keys;
    for (size_t i = 0; i < ends.size(); ++i)
      if (ends[i] >= 0) keys.set(kKeys[i], static_cast<uint32_t>(ends[i]));
    const GPT model(config_with({}), 7);
    write_gguf_model(
        folder / name, model.config(), source_of(model),
        {.wanted = [](const ParameterInfo&) { return DataType::f32; }, .more = std::move(keys)});
  }
  std::array<int64_t, kGgufEnds> keys_of(const std::string& name) {
    const ModelFiles files = ModelFiles::open(folder / name);
    std::array<int64_t, kGgufEnds> result;
    for (size_t i = 0; i < result.size(); ++i) {
      const GgufValue* value = files.metadata()->find(kKeys[i]);
      result[i] = value ? value->integer() : -1;
    }
    return result;
  }
  Ends ends_of(const std::string& name) { return load_config(folder / name).ends(); }

  using Keys = std::array<int64_t, kGgufEnds>;
  static constexpr std::array<const char*, kGgufEnds> kKeys = {
      "tokenizer.ggml.eos_token_id", "tokenizer.ggml.eot_token_id", "tokenizer.ggml.eom_token_id"};
  const Tokenizer tokenizer = Tokenizer::bytes();  // 256 ends a text
  const TemporaryFolder folder;
};

TEST_F(ConvertModel, a_gguf_file_keeps_its_own_ends_in_another_type) {
  const std::pair<Keys, Ends> cases[] = {{{209, 209, 208}, {209, 208}},
                                         {{209, 208, 209}, {209, 208}},
                                         {{-1, 7, -1}, {7}},
                                         {{-1, 7, 8}, {7, 8}},
                                         {{9999, 7, -1}, {7}},  // outside the vocabulary
                                         {{-1, -1, -1}, {}},
                                         {{256, 7, 9}, {256, 7, 9}}};
  int number = 0;
  for (const auto& [keys, ends] : cases) {
    const std::string a = fmt::format("a{}.gguf", number), b = fmt::format("b{}.gguf", number);
    write_gguf(a, keys);
    EXPECT_EQ(ends_of(a), ends) << number;
    EXPECT_TRUE(convert(a, b, DataType::bf16).empty());
    EXPECT_EQ(keys_of(b), keys) << number;
    EXPECT_EQ(ends_of(b), ends) << number;
    ++number;
  }
}

TEST_F(ConvertModel, the_tokenizers_end_is_the_first_in_gguf) {
  save("first", config_with({201, 208, 256}), &tokenizer);
  EXPECT_TRUE(convert("first", "m.gguf").empty());
  EXPECT_EQ(keys_of("m.gguf"), (Keys{256, 201, 208}));
  convert("m.gguf", "again");
  EXPECT_EQ(ends_of("again"), (Ends{256, 201, 208}));
  const auto loaded = load_model(folder / "again", {});
  ASSERT_TRUE(loaded.tokenizer.has_value());
  EXPECT_EQ(loaded.tokenizer->end_of_text(), 256);
}

TEST_F(ConvertModel, a_tokenizers_end_that_the_model_does_not_name_is_kept) {
  save("two", config_with({7, 9}), &tokenizer);
  EXPECT_TRUE(convert("two", "two.gguf").empty());
  EXPECT_EQ(ends_of("two.gguf"), (Ends{256, 7, 9}));
  save("three", config_with({7, 9, 11}), &tokenizer);
  const auto notes = convert("three", "three.gguf");
  ASSERT_EQ(notes.size(), 1u);
  expect_contains(notes[0], "4 tokens end a text of this model; GGUF has keys for 3");
  EXPECT_EQ(ends_of("three.gguf"), (Ends{256, 7, 9}));
  save("none", config_with({}), &tokenizer);
  convert("none", "copy");
  EXPECT_EQ(ends_of("copy"), Ends{256});
}

TEST_F(ConvertModel, an_exact_gelu_that_llama_cpp_does_not_compute_is_said) {
  ModelConfig gpt2 = small_config(), neox = gpt2;
  neox.positions = PositionKind::rotary;
  neox.residual = ResidualKind::parallel;
  neox.head = HeadKind::untied;
  for (ModelConfig config : {gpt2, neox}) {
    const std::string name = family_for(config).name() == "GPT-2" ? "GPT-2" : "GPT-NeoX";
    save(name, config);
    EXPECT_TRUE(convert(name, name + ".gguf").empty());
    config.activation = Activation::gelu_exact;
    save(name + "-exact", config);
    const auto notes = convert(name + "-exact", name + "-exact.gguf");
    ASSERT_EQ(notes.size(), 1u);
    expect_contains(notes[0], fmt::format("computes {} with the approximate GELU", name));
  }
}

TEST_F(ConvertModel, defaults_that_nobody_asked_for_do_not_become_permanent) {
  ModelConfig config = config_with({201, 209});
  config.positions = PositionKind::rotary;
  config.residual = ResidualKind::parallel;
  config.head = HeadKind::untied;
  save("neox", config);  // the family's default, 2, is in the vocabulary
  const Json json = Json::parse(read_file(folder / "neox/config.json"), "config.json");
  Json without = Json::object();
  for (const Json& member : json.members())
    if (member.key() != "eos_token_id") without.set(member.key(), member);
  write_file(folder / "neox/config.json", without.dump());
  EXPECT_EQ(ends_of("neox"), (Ends{201, 209}));
  convert("neox", "neox.gguf");
  EXPECT_EQ(keys_of("neox.gguf"), (Keys{201, 209, -1}));
  convert("neox.gguf", "back");
  EXPECT_EQ(ends_of("back"), (Ends{201, 209}));
}

}  // namespace
}  // namespace octavo
