// GPT-Neo, GPT-NeoX and Llama: their config.json in every spelling, their names, and models that
// come back from disk as they were.
#include <cmath>
#include <set>

#include "octavo/checkpoint/family.h"
#include "tests/checkpoint/support.h"

namespace octavo {
namespace {

namespace fs = std::filesystem;

constexpr const char* kNeo =
    R"({"model_type": "gpt_neo", "vocab_size": 300, "max_position_embeddings": 64, "hidden_size": 32,
        "num_layers": 4, "num_heads": 4, "attention_types": [[["global", "local"], 2]]})";
constexpr const char* kNeox =
    R"({"model_type": "gpt_neox", "vocab_size": 300, "max_position_embeddings": 64,
        "hidden_size": 32, "num_hidden_layers": 4, "num_attention_heads": 4,
        "intermediate_size": 128})";
constexpr const char* kLlama =
    R"({"model_type": "llama", "vocab_size": 300, "max_position_embeddings": 64, "hidden_size": 32,
        "num_hidden_layers": 4, "num_attention_heads": 4, "intermediate_size": 88})";

ModelConfig read(const Json& json) {
  const Json parsed = Json::parse(json.dump(), "config.json");
  return family_of(parsed).read_config(parsed);
}
ModelConfig read(const char* text) { return read(Json::parse(text, "config.json")); }
ModelConfig read_with(const char* text, std::string_view key, const char* value) {
  return read(Json::parse(text, "config.json").set(key, Json::parse(value, "value")));
}
std::string message(const char* text, std::string_view key, const char* value) {
  return error_of(ErrorKind::data, [&] { read_with(text, key, value); });
}

TEST(Families, absent_keys_mean_what_they_mean_to_others) {
  const ModelConfig neo = read(kNeo);
  EXPECT_EQ(neo.attention, AttentionPattern::alternating);
  EXPECT_EQ(neo.band_width, 256);
  EXPECT_EQ(neo.attention_scale, 1);
  EXPECT_EQ(neo.biases, Biases{.qkv = false});
  EXPECT_EQ(neo.head, HeadKind::tied);
  EXPECT_EQ(neo.feed_forward_width(), 128);

  const ModelConfig neox = read(kNeox);
  EXPECT_EQ(neox.positions, PositionKind::rotary);
  EXPECT_EQ(neox.rotary, RotarySettings{.fraction = 0.25});
  EXPECT_EQ(neox.residual, ResidualKind::parallel);
  EXPECT_EQ(neox.activation, Activation::gelu_exact);
  EXPECT_EQ(neox.head, HeadKind::untied);
  EXPECT_EQ(neox.biases, Biases{});

  const ModelConfig llama = read(kLlama);
  EXPECT_EQ(llama.rotary, RotarySettings{});
  EXPECT_EQ(llama.norm, NormKind::rmsnorm);
  EXPECT_EQ(llama.norm_epsilon, 1e-6);
  EXPECT_EQ(llama.feed_forward, FeedForwardKind::swiglu);
  EXPECT_EQ(llama.key_value_heads(), 4);
  EXPECT_EQ(llama.head_size(), 8);
  EXPECT_EQ(llama.head, HeadKind::untied);
  EXPECT_EQ(llama.biases, (Biases{false, false, false}));
}

TEST(Families, both_spellings_of_rotary_positions) {
  const RotarySettings llama3{.base = 500000,
                              .scaling = RotaryScaling::llama3,
                              .factor = 8,
                              .original_context = 16,
                              .low_frequency_factor = 1,
                              .high_frequency_factor = 4};
  EXPECT_EQ(read_with(kLlama, "rope_parameters",
                      R"({"rope_type": "llama3", "rope_theta": 500000, "factor": 8,
                          "low_freq_factor": 1, "high_freq_factor": 4,
                          "original_max_position_embeddings": 16})")
                .rotary,
            llama3);
  Json older = Json::parse(kLlama, "config.json");
  older.set("rope_theta", 500000.0);
  older.set("rope_scaling", Json::parse(R"({"type": "llama3", "factor": 8, "low_freq_factor": 1,
      "high_freq_factor": 4, "original_max_position_embeddings": 16})",
                                        "value"));
  EXPECT_EQ(read(older).rotary, llama3);

  EXPECT_EQ(read_with(kLlama, "rope_scaling", R"({"type": "linear", "factor": 2.5})").rotary.factor,
            2.5);
  EXPECT_EQ(read_with(kLlama, "rope_scaling", R"({"rope_type": "dynamic", "factor": 2})")
                .rotary.original_context,
            64);
  const RotarySettings yarn =
      read_with(kLlama, "rope_scaling",
                R"({"rope_type": "yarn", "factor": 4, "original_max_position_embeddings": 16})")
          .rotary;
  EXPECT_EQ(yarn.scaling, RotaryScaling::yarn);
  EXPECT_NEAR(yarn.amplitude, 0.1 * std::log(4.0) + 1, 1e-12);
  EXPECT_EQ(read_with(kNeox, "rotary_pct", "0.5").rotary.fraction, 0.5);
  EXPECT_EQ(read_with(kNeox, "rotary_emb_base", "20000").rotary.base, 20000);
  const RotarySettings both =
      read_with(kNeox, "rope_parameters",
                R"({"rope_type": "default", "rope_theta": 30000, "partial_rotary_factor": 1})")
          .rotary;
  EXPECT_EQ(both.base, 30000);
  EXPECT_EQ(both.fraction, 1);
}

TEST(Families, what_is_written_is_read_again) {
  std::vector<ModelConfig> configs = {read(kNeo), read(kNeox), read(kLlama)};
  configs.push_back(read_with(kNeo, "attention_types", R"([[["global"], 4]])"));
  configs.push_back(read_with(kNeo, "attention_types",
                              R"([[["global", "local", "global"], 1], [["local"], 1]])"));
  configs.push_back(read_with(kNeox, "use_parallel_residual", "false"));
  configs.push_back(read_with(kNeox, "attention_bias", "false"));
  configs.push_back(read_with(kLlama, "num_key_value_heads", "2"));
  configs.push_back(read_with(kLlama, "head_dim", "16"));
  configs.push_back(read_with(kLlama, "tie_word_embeddings", "true"));
  configs.push_back(read_with(kLlama, "rope_scaling", R"({"type": "linear", "factor": 2.5})"));
  configs.push_back(
      read_with(kLlama, "rope_scaling",
                R"({"type": "linear", "factor": 2.5, "original_max_position_embeddings": 16})"));
  configs.push_back(read_with(kLlama, "rope_scaling", R"({"type": "dynamic", "factor": 2})"));
  configs.push_back(
      read_with(kLlama, "rope_scaling", R"({"type": "yarn", "factor": 4, "truncate": false})"));
  configs.push_back(read_with(kLlama, "rope_scaling",
                              R"({"type": "llama3", "factor": 8, "low_freq_factor": 1,
                                  "high_freq_factor": 4, "original_max_position_embeddings": 16})"));
  for (const ModelConfig& config : configs) {
    const Json json = family_for(config).write_config(config, DataType::f32);
    EXPECT_EQ(read(json), config) << json.dump();
  }
}

TEST(Families, a_text_may_end_with_several_tokens) {
  const ModelConfig config = read_with(kLlama, "eos_token_id", "[7, 299, 7, 11]");
  EXPECT_EQ(config.end_of_text, 7);
  EXPECT_EQ(config.other_ends, (std::vector<int32_t>{299, 11}));
  for (const Family* family : {&llama_family(), &gpt2_family(), &gpt_neo_family(),
                               &gpt_neox_family(), &octavo_gpt_family()}) {
    const Json json = family->write_config(config, DataType::f32);
    EXPECT_EQ(json.at("eos_token_id"), Json::array({7, 299, 11}));
    EXPECT_EQ(json.at("bos_token_id").integer(), 7);
    EXPECT_EQ(family->read_config(json).other_ends, config.other_ends);
  }
  // What is never drawn is passed over, but for the first: it says that another vocabulary is
  // meant.
  EXPECT_EQ(read_with(kLlama, "eos_token_id", "[7, 300, -1, 11]").ends(), (std::vector{7, 11}));
  for (const char* first : {"[300, 7]", "300", "-1", "[-1]"})
    expect_contains(message(kLlama, "eos_token_id", first), "eos_token_id");
  std::string many = "[0";
  for (int i = 1; i < 256; ++i) many += fmt::format(", {}, 0", i);
  EXPECT_EQ(read_with(kLlama, "eos_token_id", (many + "]").c_str()).ends().size(), 256u);
  const std::string refused = message(kLlama, "eos_token_id", (many + ", 256]").c_str());
  expect_contains(refused, "eos_token_id");
  expect_contains(refused, "at most 256 tokens may end a text");
}

TEST(Families, contradictions_and_other_models_are_named) {
  expect_contains(message(kNeo, "attention_types", R"([[["global", "local"], 1]])"),
                  "describes 2 layers, there are 4");
  expect_contains(message(kNeo, "attention_types", R"([[["global", "local"], 3]])"),
                  "describes 6 layers, there are 4");
  expect_contains(message(kNeo, "attention_types", R"([[["local", "global"], 2]])"),
                  "other orders are not supported");
  expect_contains(message(kNeo, "attention_types", R"([[["near"], 4]])"), "\"near\"");
  expect_contains(message(kNeo, "attention_types", R"([["global"]])"), "attention_types");
  expect_contains(
      message(kNeo, "attention_types", R"([[["global", "local", "global"], 1], [["global"], 1]])"),
      "other orders are not supported");
  expect_contains(message(kLlama, "eos_token_id", "[]"), "expected a token, found none");
  expect_contains(message(kNeox, "rotary_pct", "0.01"), "no pair to turn");
  expect_contains(message(kNeox, "rotary_emb_base", "-1"), "rotary_emb_base");
  expect_contains(message(kLlama, "hidden_act", "\"gelu\""), "expected silu");
  expect_contains(message(kLlama, "num_key_value_heads", "3"), "4 heads cannot share 3");
  expect_contains(message(kLlama, "head_dim", "1000"), "256");
  expect_contains(message(kLlama, "rope_scaling", R"({"type": "longrope", "factor": 2})"),
                  "\"longrope\"");
  expect_contains(message(kLlama, "rope_scaling", R"({"type": "linear"})"), "factor");
  expect_contains(message(kLlama, "rope_scaling", R"({"type": "llama3", "factor": 8,
      "low_freq_factor": 4, "high_freq_factor": 1, "original_max_position_embeddings": 16})"),
                  "rise from low to high");
  expect_contains(message(kLlama, "quantization_config", "{}"), "quantized");
}

TEST(Families, every_parameter_has_names_of_its_own) {
  for (const char* text : {kNeo, kNeox, kLlama}) {
    const ModelConfig config = read(text);
    const Family& family = family_for(config);
    std::set<std::string> names;
    for (const ParameterInfo& info : parameters_of(config)) {
      int64_t elements = 0;
      for (const StoredTensor& part : stored_parameter(family.names(), info, config).parts) {
        EXPECT_TRUE(names.insert(part.name).second) << part.name;
        elements += part.shape.elements();
      }
      EXPECT_EQ(elements, info.shape.elements()) << info.name;
    }
  }
  const ModelConfig llama = read_with(kLlama, "num_key_value_heads", "2");
  const StoredParameter qkv =
      stored_parameter(llama_family().names(), {"blocks.3.attention.qkv.weight", {64, 32}}, llama);
  ASSERT_EQ(qkv.parts.size(), 3u);
  EXPECT_EQ(qkv.parts[0].name, "model.layers.3.self_attn.q_proj.weight");
  EXPECT_EQ(qkv.parts[0].shape, Shape({32, 32}));
  EXPECT_EQ(qkv.parts[2].shape, Shape({16, 32}));
  EXPECT_EQ(
      extra_tensor(llama_family().names(), "model.layers.1.self_attn.rotary_emb.inv_freq", llama),
      ExtraTensor::buffer);
  EXPECT_EQ(stored_parameter(gpt_neox_family().names(), {"blocks.0.attention.qkv.bias", {96}},
                             read(kNeox))
                .order,
            StoredOrder::by_head);
}

TEST(Families, models_come_back_from_disk_as_they_were) {
  for (const char* text : {kNeo, kNeox, kLlama}) {
    const TemporaryFolder folder;
    const ModelConfig config = read_with(text, "eos_token_id", "299");
    const GPT model(config, 7, Precision::f32());
    save_model(folder.path() / "model", model, {});
    const auto loaded = load_model(folder.path() / "model",
                                   {.purpose = Purpose::training, .precision = Precision::f32()});
    expect_same_parameters(loaded.model, model);
  }
}

TEST(Families, tensors_of_others_go_through_byte_for_byte) {
  for (const char* name : {"gpt2", "gpt_neo", "gpt_neox", "llama"}) {
    const fs::path theirs = test_data() / "golden" / name;
    if (!fs::exists(theirs)) GTEST_SKIP() << theirs << " is not there (set OCTAVO_TEST_DATA)";
    const TemporaryFolder folder;
    const auto loaded =
        load_model(theirs, {.purpose = Purpose::training, .precision = Precision::f32()});
    save_model(folder.path() / "model", loaded.model, {});
    const WeightSet before = WeightSet::open(theirs);
    const WeightSet after = WeightSet::open(folder.path() / "model");
    ASSERT_EQ(after.tensors().size(), before.tensors().size()) << name;
    for (const TensorInfo& tensor : before.tensors())
      EXPECT_TRUE(same_bits(after.tensor(tensor.name), before.tensor(tensor.name)))
          << name << " " << tensor.name;
  }
}

}  // namespace
}  // namespace octavo
