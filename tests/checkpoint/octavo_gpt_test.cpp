// Octavo's own kind of checkpoint: models that no other kind expresses, both ways; what is refused.
#include "octavo/checkpoint/gguf_model.h"
#include "octavo/checkpoint/model_folder.h"
#include "tests/checkpoint/support.h"

namespace octavo {
namespace {

/// One model for each choice by which a model may be of no other kind.
std::vector<ModelConfig> configs_of_no_other_kind() {
  ModelConfig base = small_config();
  base.end_of_text = 256;
  std::vector<ModelConfig> configs(8, base);
  configs[0].attention = AttentionPattern::alternating;
  configs[0].band_width = 4;
  configs[1].norm = NormKind::rmsnorm;
  configs[2].feed_forward = FeedForwardKind::swiglu;
  configs[2].inner_width = 24;
  configs[3].residual = ResidualKind::parallel;
  configs[4].biases.projection = false;
  configs[5].attention_scale = 0.3;
  configs[6].positions = PositionKind::rotary;
  configs[6].head_width = 8;
  configs[6].rotary = {.fraction = 0.5, .scaling = RotaryScaling::dynamic, .factor = 2};
  configs[6].rotary.original_context = 8;
  configs[6].biases.feed_forward = configs[6].biases.qkv = false;
  configs[7].key_heads = 1;
  configs[7].head_width = 6;
  return configs;
}

TEST(OctavoGpt, what_others_cannot_express_is_written_and_read_again) {
  for (const ModelConfig& config : configs_of_no_other_kind()) {
    const Family& family = family_for(config);
    const Json json = family.write_config(config, DataType::f32);
    SCOPED_TRACE(json.dump());
    EXPECT_EQ(json.at("model_type").text(), "octavo_gpt");
    EXPECT_EQ(&family_of(json), &family);
    EXPECT_EQ(family.read_config(Json::parse(json.dump(), "config.json")), config);
  }
}

TEST(OctavoGpt, models_come_back_from_disk_as_they_were) {
  for (const ModelConfig& config : configs_of_no_other_kind()) {
    const TemporaryFolder folder;
    const GPT model(config, 7, Precision::f32());
    save_model(folder.path() / "model", model, {});
    const auto loaded = load_model(folder.path() / "model",
                                   {.purpose = Purpose::training, .precision = Precision::f32()});
    EXPECT_EQ(loaded.model.config(), config);
    expect_same_parameters(loaded.model, model);
  }
}

TEST(OctavoGpt, it_alone_takes_every_model_and_is_asked_last) {
  const auto all = families();
  EXPECT_EQ(all.back(), &octavo_gpt_family());
  for (const ModelConfig& config : configs_of_no_other_kind())
    for (const Family* family : all)
      EXPECT_EQ(family->expresses(config), family == all.back()) << family->name();
}

Tensor hidden(const GPT& model) {
  const std::vector<int32_t> text{1, 5, 7, 9, 11, 2, 4, 6, 8, 3};
  Tape tape(Recording::off);
  return model.hidden(tape, Batch::of_sequence(text)).data();
}

TEST(OctavoGpt, bands_biases_and_shared_heads_have_keys_in_gguf_the_rest_is_refused) {
  for (const ModelConfig& config : configs_of_no_other_kind()) {
    const TemporaryFolder folder;
    const auto file = folder.path() / "model.gguf";
    const GPT model(config, 7, Precision::f32());
    const auto write = [&] {
      write_gguf_model(file, config, source_of(model),
                       {.wanted = [](const ParameterInfo&) { return DataType::f32; }});
    };
    const char* refused = config.positions == PositionKind::rotary ? "rotary positions"
                          : config.norm == NormKind::rmsnorm       ? "an RMSNorm"
                          : config.feed_forward == FeedForwardKind::swiglu
                              ? "a SwiGLU feed-forward layer"
                              : nullptr;
    if (refused) {
      expect_contains(error_of(ErrorKind::usage, write),
                      fmt::format("no architecture has {} beside", refused));
      continue;
    }
    write();
    const ModelFiles files = ModelFiles::open(file);
    EXPECT_EQ(files.model_type(), "octavo_gpt");
    const GPT loaded =
        load_model(file, {.purpose = Purpose::training, .precision = Precision::f32()}).model;
    expect_same_parameters(loaded, model);
    EXPECT_TRUE(same_bits(hidden(loaded), hidden(model)));
  }
}

TEST(OctavoGpt, contradictions_are_named) {
  const auto message = [](std::string_view key, Json value) {
    ModelConfig config = configs_of_no_other_kind()[0];
    Json json = octavo_gpt_family().write_config(config, DataType::f32);
    json.set(key, std::move(value));
    return error_of(ErrorKind::data, [&] {
      octavo_gpt_family().read_config(Json::parse(json.dump(), "config.json"));
    });
  };
  expect_contains(message("attention_pattern", "sparse"), "\"sparse\"");
  expect_contains(
      error_of(ErrorKind::data,
               [] {
                 const ModelConfig config = small_config();
                 octavo_gpt_family().read_config(gpt2_family().write_config(config, DataType::f32));
               }),
      "attention_pattern");
  expect_contains(message("band_width", 0), "band_width");
  expect_contains(message("norm", "batchnorm"),
                  "expected \"layernorm\" or \"rmsnorm\", found \"batchnorm\"");
  expect_contains(message("positions", "rotary"), "rope_parameters");
  expect_contains(message("num_key_value_heads", 3), "cannot share 3");
}

}  // namespace
}  // namespace octavo
