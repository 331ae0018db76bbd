// GPT-NeoX and Pythia in Hugging Face's layout (transformers' GPTNeoXForCausalLM).
//
// Rotary positions on a part of each head, attention and feed-forward side by side, a head of its
// own; queries, keys and values lie head by head in one matrix. Papers: Black et al. 2022; Biderman
// et al. 2023. Tested by tests/checkpoint/families_test.cpp and tests/model/golden_test.cpp.
#include <array>

#include "octavo/base/error.h"
#include "octavo/checkpoint/family_config.h"

namespace octavo {
namespace {

// What a key that is not there means to transformers.
constexpr int32_t kDefaultEndOfText = 2;
constexpr double kDefaultFraction = 0.25, kDefaultBase = 10000;

constexpr std::array<NamePair, 2> kModelNames = {{
    {"token_embedding", "embed_in"},
    {"final_norm", "final_layer_norm"},
}};
constexpr std::array<NamePair, 6> kBlockNames = {{
    {"attention_norm", "input_layernorm"},
    {"attention.qkv", "attention.query_key_value", StoredOrder::by_head},
    {"attention.projection", "attention.dense"},
    {"feed_forward_norm", "post_attention_layernorm"},
    {"feed_forward.up", "mlp.dense_h_to_4h"},
    {"feed_forward.down", "mlp.dense_4h_to_h"},
}};
constexpr std::array<std::string_view, 3> kBuffers = {
    {"attention.bias", "attention.masked_bias", "attention.rotary_emb.inv_freq"}};

class GptNeoxFamily final : public Family {
 public:
  std::string_view name() const override { return "GPT-NeoX"; }
  std::span<const std::string_view> model_types() const override {
    static constexpr std::array<std::string_view, 1> types = {"gpt_neox"};
    return types;
  }

  ModelConfig read_config(const Json& json) const override {
    ModelConfig config;
    config.vocabulary = size_at(json, "vocab_size");
    config.context = size_at(json, "max_position_embeddings");
    config.width = size_at(json, "hidden_size");
    config.layers = size_at(json, "num_hidden_layers");
    config.heads = size_at(json, "num_attention_heads");
    config.inner_width = size_at(json, "intermediate_size");
    config.positions = PositionKind::rotary;
    config.rotary = rotary_of(json, kDefaultFraction, kDefaultBase, config.context);
    config.residual = switch_or(json, "use_parallel_residual", true) ? ResidualKind::parallel
                                                                     : ResidualKind::sequential;
    config.biases.qkv = config.biases.projection = switch_or(json, "attention_bias", true);
    config.norm_epsilon = number_or(json, "layer_norm_eps", config.norm_epsilon);
    config.activation = gelu_at(json, "hidden_act", Activation::gelu_exact);
    config.initializer_range = number_or(json, "initializer_range", config.initializer_range);
    config.attention_dropout = number_or(json, "attention_dropout", 0);
    config.embedding_dropout = config.residual_dropout = number_or(json, "hidden_dropout", 0);
    read_ends(json, kDefaultEndOfText, config);
    if (!switch_or(json, "tie_word_embeddings", false)) config.head = HeadKind::untied;
    check_config(json, config);
    return config;
  }

  Json write_config(const ModelConfig& config, DataType weights) const override {
    return Json::object({
        {"architectures", Json::array({"GPTNeoXForCausalLM"})},
        {"attention_bias", config.biases.qkv},
        {"attention_dropout", config.attention_dropout},
        {"bos_token_id", json_of_begin(config)},
        {"eos_token_id", json_of_ends(config)},
        {"hidden_act", config.activation == Activation::gelu_exact ? "gelu" : "gelu_new"},
        {"hidden_dropout", config.residual_dropout},
        {"hidden_size", config.width},
        {"initializer_range", config.initializer_range},
        {"intermediate_size", config.feed_forward_width()},
        {"layer_norm_eps", config.norm_epsilon},
        {"max_position_embeddings", config.context},
        {"model_type", "gpt_neox"},
        {"num_attention_heads", config.heads},
        {"num_hidden_layers", config.layers},
        {"rope_parameters", json_of_rotary(config.rotary)},
        {"rotary_emb_base", config.rotary.base},
        {"rotary_pct", config.rotary.fraction},
        {"tie_word_embeddings", config.head == HeadKind::tied},
        {"torch_dtype", torch_name_of(weights)},
        {"use_parallel_residual", config.residual == ResidualKind::parallel},
        {"vocab_size", config.vocabulary},
    });
  }

  // It has one key for two places of dropout; where they differ, the recipe says it.
  bool expresses(const ModelConfig& config) const override {
    return config.positions == PositionKind::rotary && config.norm == NormKind::layernorm &&
           config.feed_forward == FeedForwardKind::plain && !config.has_bands() &&
           config.biases.qkv == config.biases.projection && config.biases.feed_forward &&
           config.attention_scale == 0 && config.key_value_heads() == config.heads &&
           config.attention_width() == config.width;
  }

  const NameMap& names() const override {
    static constexpr NameMap map = {.prefix = "gpt_neox.",
                                    .block = "layers.",
                                    .head = "embed_out",
                                    .model_parts = kModelNames,
                                    .block_parts = kBlockNames,
                                    .block_buffers = kBuffers};
    return map;
  }

  std::span<const GgufForm> gguf_forms() const override {
    static const std::array<GgufForm, 1> forms = {{{"gptneox",
                                                    &kGgufFusedNames,
                                                    {.positions = PositionKind::rotary,
                                                     .residual = ResidualKind::parallel,
                                                     .activation = Activation::gelu_exact}}}};
    return forms;
  }
};

}  // namespace

const Family& gpt_neox_family() {
  static const GptNeoxFamily family;
  return family;
}

}  // namespace octavo
