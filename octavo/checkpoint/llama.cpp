// Llama in Hugging Face's layout (transformers' LlamaForCausalLM).
//
// Rotary positions on whole heads, RMSNorm, SwiGLU, no biases, heads that share keys and values.
// Papers: Touvron et al. 2023; Grattafiori et al. 2024. Tested by
// tests/checkpoint/families_test.cpp and tests/model/golden_test.cpp.
#include <array>

#include "octavo/base/error.h"
#include "octavo/checkpoint/family_config.h"
#include "octavo/checkpoint/gguf_config.h"

namespace octavo {
namespace {

// What a key that is not there means to transformers.
constexpr int32_t kDefaultEndOfText = 2;
constexpr double kDefaultEpsilon = 1e-6, kDefaultBase = 10000;

constexpr std::array<NamePair, 2> kModelNames = {{
    {"token_embedding", "embed_tokens"},
    {"final_norm", "norm"},
}};
constexpr std::array<NamePair, 6> kBlockNames = {{
    {"attention_norm", "input_layernorm"},
    {"attention.qkv", "self_attn.q_proj+self_attn.k_proj+self_attn.v_proj"},
    {"attention.projection", "self_attn.o_proj"},
    {"feed_forward_norm", "post_attention_layernorm"},
    {"feed_forward.up", "mlp.gate_proj+mlp.up_proj"},
    {"feed_forward.down", "mlp.down_proj"},
}};
constexpr std::array<std::string_view, 1> kBuffers = {{"self_attn.rotary_emb.inv_freq"}};

constexpr std::array<NamePair, 2> kGgufModelNames = {{
    {"token_embedding", "token_embd"},
    {"final_norm", "output_norm"},
}};
constexpr std::array<NamePair, 6> kGgufBlockNames = {{
    {"attention_norm", "attn_norm"},
    {"attention.qkv", "attn_q+attn_k+attn_v", StoredOrder::neighbours},
    {"attention.projection", "attn_output"},
    {"feed_forward_norm", "ffn_norm"},
    {"feed_forward.up", "ffn_gate+ffn_up"},
    {"feed_forward.down", "ffn_down"},
}};
constexpr std::array<std::string_view, 1> kGgufBuffers = {{kRopeDivisors}};

class LlamaFamily final : public Family {
 public:
  std::string_view name() const override { return "Llama"; }
  std::span<const std::string_view> model_types() const override {
    static constexpr std::array<std::string_view, 1> types = {"llama"};
    return types;
  }

  ModelConfig read_config(const Json& json) const override {
    ModelConfig config;
    config.vocabulary = size_at(json, "vocab_size");
    config.context = size_at(json, "max_position_embeddings");
    config.width = size_at(json, "hidden_size");
    config.layers = size_at(json, "num_hidden_layers");
    config.heads = size_at(json, "num_attention_heads");
    config.key_heads = size_or(json, "num_key_value_heads", config.heads);
    config.head_width = size_or(json, "head_dim", config.width / config.heads);
    config.inner_width = size_at(json, "intermediate_size");
    config.positions = PositionKind::rotary;
    config.rotary = rotary_of(json, 1, kDefaultBase, config.context);
    require(config.rotary.fraction == 1, "{}: heads that turn in part are not supported in Llama",
            json.where());
    config.norm = NormKind::rmsnorm;
    config.norm_epsilon = number_or(json, "rms_norm_eps", kDefaultEpsilon);
    config.feed_forward = FeedForwardKind::swiglu;
    config.biases.qkv = config.biases.projection = switch_or(json, "attention_bias", false);
    config.biases.feed_forward = switch_or(json, "mlp_bias", false);
    if (const Json* activation = present(json, "hidden_act"))
      require(activation->text() == "silu", "{}: expected silu, found \"{}\"", activation->where(),
              activation->text());
    config.initializer_range = number_or(json, "initializer_range", config.initializer_range);
    config.attention_dropout = number_or(json, "attention_dropout", 0);
    read_ends(json, kDefaultEndOfText, config);
    if (!switch_or(json, "tie_word_embeddings", false)) config.head = HeadKind::untied;
    check_config(json, config);
    return config;
  }

  Json write_config(const ModelConfig& config, DataType weights) const override {
    return Json::object({
        {"architectures", Json::array({"LlamaForCausalLM"})},
        {"attention_bias", config.biases.qkv},
        {"attention_dropout", config.attention_dropout},
        {"bos_token_id", json_of_begin(config)},
        {"eos_token_id", json_of_ends(config)},
        {"head_dim", config.head_size()},
        {"hidden_act", "silu"},
        {"hidden_size", config.width},
        {"initializer_range", config.initializer_range},
        {"intermediate_size", config.feed_forward_width()},
        {"max_position_embeddings", config.context},
        {"mlp_bias", config.biases.feed_forward},
        {"model_type", "llama"},
        {"num_attention_heads", config.heads},
        {"num_hidden_layers", config.layers},
        {"num_key_value_heads", config.key_value_heads()},
        {"rms_norm_eps", config.norm_epsilon},
        {"rope_parameters", json_of_rotary(config.rotary)},
        {"rope_theta", config.rotary.base},
        {"tie_word_embeddings", config.head == HeadKind::tied},
        {"torch_dtype", torch_name_of(weights)},
        {"vocab_size", config.vocabulary},
    });
  }

  // Dropout it has no key for is the recipe's to say.
  bool expresses(const ModelConfig& config) const override {
    return config.positions == PositionKind::rotary && config.rotary.fraction == 1 &&
           config.norm == NormKind::rmsnorm && config.feed_forward == FeedForwardKind::swiglu &&
           config.residual == ResidualKind::sequential && !config.has_bands() &&
           config.biases.qkv == config.biases.projection && config.attention_scale == 0;
  }

  const NameMap& names() const override {
    static constexpr NameMap map = {.prefix = "model.",
                                    .block = "layers.",
                                    .head = "lm_head",
                                    .model_parts = kModelNames,
                                    .block_parts = kBlockNames,
                                    .block_buffers = kBuffers};
    return map;
  }

  std::span<const GgufForm> gguf_forms() const override {
    static constexpr NameMap map = {.prefix = "",
                                    .block = "blk.",
                                    .head = "output",
                                    .model_parts = kGgufModelNames,
                                    .block_parts = kGgufBlockNames,
                                    .model_buffers = kGgufBuffers};
    static const std::array<GgufForm, 1> forms = {{{"llama",
                                                    &map,
                                                    {.positions = PositionKind::rotary,
                                                     .norm = NormKind::rmsnorm,
                                                     .feed_forward = FeedForwardKind::swiglu}}}};
    return forms;
  }
};

}  // namespace

const Family& llama_family() {
  static const LlamaFamily family;
  return family;
}

}  // namespace octavo
