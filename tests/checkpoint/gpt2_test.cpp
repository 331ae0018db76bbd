// GPT-2's config.json both ways, its names and its transposed matrices, and what is refused.
#include <set>

#include "octavo/checkpoint/family.h"
#include "octavo/model/presets.h"
#include "tests/checkpoint/support.h"

namespace octavo {
namespace {

constexpr const char* kMinimal =
    R"({"model_type": "gpt2", "vocab_size": 300, "n_positions": 64, "n_embd": 32, "n_layer": 3,
        "n_head": 4})";

ModelConfig read(Json json) {
  return gpt2_family().read_config(Json::parse(json.dump(), "config.json"));
}
ModelConfig read_with(std::string_view key, Json value) {
  return read(Json::parse(kMinimal, "config.json").set(key, std::move(value)));
}

TEST(Gpt2Config, absent_keys_mean_what_they_mean_to_others) {
  const ModelConfig config = read(Json::parse(kMinimal, "config.json"));
  EXPECT_EQ(config.vocabulary, 300);
  EXPECT_EQ(config.context, 64);
  EXPECT_EQ(config.width, 32);
  EXPECT_EQ(config.layers, 3);
  EXPECT_EQ(config.heads, 4);
  EXPECT_EQ(config.feed_forward_width(), 128);
  EXPECT_EQ(config.activation, Activation::gelu_tanh);
  EXPECT_EQ(config.head, HeadKind::tied);
  EXPECT_EQ(config.norm_epsilon, 1e-5);
  EXPECT_EQ(config.residual_dropout, 0.1);
  EXPECT_EQ(config.end_of_text, -1);  // 50256 is outside the vocabulary
}

TEST(Gpt2Config, what_is_written_is_read_again) {
  std::vector<ModelConfig> configs = {preset("gpt2"), preset("gpt2-xl"), preset("gpt3-small"),
                                      tiny_config(), small_config()};
  configs.push_back(small_config());
  configs.back().head = HeadKind::untied;
  configs.back().activation = Activation::gelu_exact;
  configs.back().inner_width = 24;
  configs.back().norm_epsilon = 1e-6;
  configs.back().attention_dropout = 0.25;
  configs.back().end_of_text = -1;
  for (const ModelConfig& config : configs) {
    const Json json = family_for(config).write_config(config, DataType::bf16);
    EXPECT_EQ(family_of(json).read_config(Json::parse(json.dump(), "config.json")), config)
        << json.dump();
    EXPECT_EQ(json.at("model_type").text(), config.has_bands() ? "octavo_gpt" : "gpt2");
    EXPECT_EQ(json.at("torch_dtype").text(), "bfloat16");
  }
}

TEST(Gpt2Config, a_band_as_wide_as_the_context_is_plain_gpt2) {
  ModelConfig config = small_config();
  config.attention = AttentionPattern::alternating;
  config.band_width = config.context;
  EXPECT_EQ(&family_for(config), &gpt2_family());
}

TEST(Gpt2Config, other_names_of_the_activation) {
  EXPECT_EQ(read_with("activation_function", "gelu_pytorch_tanh").activation,
            Activation::gelu_tanh);
  EXPECT_EQ(read_with("activation_function", "gelu").activation, Activation::gelu_exact);
}

TEST(Gpt2Config, contradictions_and_other_models_are_named) {
  const auto message = [](std::string_view key, Json value) {
    return error_of(ErrorKind::data, [&] { read_with(key, std::move(value)); });
  };
  expect_contains(message("activation_function", "relu"), "\"relu\"");
  expect_contains(message("n_embd", 33), "33, must be a multiple of the heads, 4");
  expect_contains(message("n_layer", 0), "n_layer");
  expect_contains(message("n_layer", "three"), "n_layer");
  expect_contains(message("n_layer", 2.5), "n_layer");
  expect_contains(message("n_positions", -1), "n_positions");
  expect_contains(message("n_ctx", 128), "128 contradicts n_positions, 64");
  expect_contains(message("vocab_size", Json()), "vocab_size");
  expect_contains(message("attn_pdrop", 1.5), "dropout");
  expect_contains(message("eos_token_id", 300), "eos_token_id");
  expect_contains(message("scale_attn_weights", false), "scale_attn_weights");
  expect_contains(message("scale_attn_by_inverse_layer_idx", true), "inverse_layer");
  expect_contains(message("add_cross_attention", true), "add_cross_attention");
  expect_contains(message("quantization_config", Json::object()), "quantized");
  expect_contains(error_of(ErrorKind::data, [] { read(Json::parse("{}", "c")); }), "vocab_size");
  const std::string other = error_of(
      ErrorKind::data, [] { family_of(Json::parse(R"({"model_type": "mamba"})", "config.json")); });
  expect_contains(
      other,
      "\"mamba\" is not supported; supported are gpt2, gpt_neo, gpt_neox, llama, octavo_gpt");
}

TEST(Gpt2Names, every_parameter_has_its_own_and_matrices_are_turned) {
  ModelConfig config = small_config();
  config.head = HeadKind::untied;
  std::set<std::string> names;
  for (const ParameterInfo& info : parameters_of(config)) {
    const StoredParameter stored = stored_parameter(gpt2_family().names(), info, config);
    ASSERT_EQ(stored.parts.size(), 1u);
    EXPECT_TRUE(names.insert(stored.parts[0].name).second) << stored.parts[0].name;
    EXPECT_EQ(stored.parts[0].shape.elements(), info.shape.elements());
  }
  EXPECT_EQ(names.size(), 2 + 2 * 12 + 2 + 1u);
  const auto stored = [&](const char* name, Shape shape) {
    return stored_parameter(gpt2_family().names(), {name, shape}, config);
  };
  const StoredParameter up = stored("blocks.11.feed_forward.up.weight", {32, 8});
  EXPECT_EQ(up.parts[0].name, "transformer.h.11.mlp.c_fc.weight");
  EXPECT_EQ(up.parts[0].shape, Shape({8, 32}));
  EXPECT_EQ(up.order, StoredOrder::transposed);
  EXPECT_EQ(stored("blocks.0.attention.qkv.bias", {24}).parts[0].name,
            "transformer.h.0.attn.c_attn.bias");
  EXPECT_EQ(stored("token_embedding.weight", {257, 8}).order, StoredOrder::same);
  EXPECT_EQ(stored("head.weight", {257, 8}).parts[0].name, "lm_head.weight");
}

TEST(Gpt2Names, mask_buffers_and_a_tied_head_are_known_extras) {
  const ModelConfig config = small_config();
  const auto kind = [&](std::string_view name) {
    return extra_tensor(gpt2_family().names(), name, config);
  };
  EXPECT_EQ(kind("transformer.h.1.attn.bias"), ExtraTensor::buffer);
  EXPECT_EQ(kind("h.0.attn.masked_bias"), ExtraTensor::buffer);
  EXPECT_EQ(kind("lm_head.weight"), ExtraTensor::tied_head);
  EXPECT_EQ(kind("transformer.h.2.attn.bias"), ExtraTensor::unknown);  // no such layer
  EXPECT_EQ(kind("transformer.h.0.attn.bias2"), ExtraTensor::unknown);
  EXPECT_EQ(kind("transformer.h..attn.bias"), ExtraTensor::unknown);
  EXPECT_EQ(kind("transformer.h.0.crossattention.bias"), ExtraTensor::unknown);
}

}  // namespace
}  // namespace octavo
