// GPT-2 in Hugging Face's layout (transformers' GPT2LMHeadModel).
//
// Matrices of the blocks are stored transposed, [inputs, outputs], because the original used
// one-wide convolutions ("Conv1D"). Its keys and names serve octavo_gpt.cpp too. Paper: Radford et
// al. 2019. Tested by tests/checkpoint/gpt2_test.cpp.
#include "octavo/checkpoint/gpt2.h"

#include <array>

#include "octavo/base/error.h"
#include "octavo/checkpoint/family_config.h"

namespace octavo {
namespace {

// What a key that is not there means to transformers.
constexpr int32_t kDefaultEndOfText = 50256;
constexpr double kDefaultDropout = 0.1;

constexpr std::array<NamePair, 3> kModelNames = {{
    {"token_embedding", "wte"},
    {"position_embedding", "wpe"},
    {"final_norm", "ln_f"},
}};
constexpr std::array<NamePair, 6> kBlockNames = {{
    {"attention_norm", "ln_1"},
    {"attention.qkv", "attn.c_attn", StoredOrder::transposed},
    {"attention.projection", "attn.c_proj", StoredOrder::transposed},
    {"feed_forward_norm", "ln_2"},
    {"feed_forward.up", "mlp.c_fc", StoredOrder::transposed},
    {"feed_forward.down", "mlp.c_proj", StoredOrder::transposed},
}};
constexpr std::array<std::string_view, 2> kBuffers = {{"attn.bias", "attn.masked_bias"}};

class Gpt2Family final : public Family {
 public:
  std::string_view name() const override { return "GPT-2"; }
  std::span<const std::string_view> model_types() const override {
    static constexpr std::array<std::string_view, 1> types = {"gpt2"};
    return types;
  }

  ModelConfig read_config(const Json& json) const override {
    const ModelConfig config = read_gpt2_keys(json);
    check_config(json, config);
    return config;
  }

  Json write_config(const ModelConfig& config, DataType weights) const override {
    return write_gpt2_keys(config, weights);
  }

  bool expresses(const ModelConfig& config) const override {
    ModelConfig same = config;  // but for what GPT-2 is alone in
    same.positions = PositionKind::learned;
    same.norm = NormKind::layernorm;
    same.feed_forward = FeedForwardKind::plain;
    same.residual = ResidualKind::sequential;
    same.biases = {};
    same.attention_scale = 0;
    same.key_heads = config.key_value_heads() == config.heads ? config.key_heads : 0;
    same.head_width = config.attention_width() == config.width ? config.head_width : 0;
    return same == config && !config.has_bands();
  }

  const NameMap& names() const override {
    static constexpr NameMap map = {.prefix = "transformer.",
                                    .block = "h.",
                                    .head = "lm_head",
                                    .model_parts = kModelNames,
                                    .block_parts = kBlockNames,
                                    .block_buffers = kBuffers};
    return map;
  }

  std::span<const GgufForm> gguf_forms() const override {
    static const std::array<GgufForm, 1> forms = {{{"gpt2", &kGgufFusedNames, {}}}};
    return forms;
  }
};

}  // namespace

ModelConfig read_gpt2_keys(const Json& json) {
  ModelConfig config;
  config.vocabulary = size_at(json, "vocab_size");
  config.context = size_at(json, "n_positions");
  config.width = size_at(json, "n_embd");
  config.layers = size_at(json, "n_layer");
  config.heads = size_at(json, "n_head");
  config.inner_width = size_or(json, "n_inner", 0);
  if (const Json* context = present(json, "n_ctx"))
    require(context->integer() == config.context, "{}: {} contradicts n_positions, {}",
            context->where(), context->integer(), config.context);
  config.norm_epsilon = number_or(json, "layer_norm_epsilon", config.norm_epsilon);
  config.activation = gelu_at(json, "activation_function", Activation::gelu_tanh);
  config.initializer_range = number_or(json, "initializer_range", config.initializer_range);
  config.embedding_dropout = number_or(json, "embd_pdrop", kDefaultDropout);
  config.attention_dropout = number_or(json, "attn_pdrop", kDefaultDropout);
  config.residual_dropout = number_or(json, "resid_pdrop", kDefaultDropout);
  read_ends(json, kDefaultEndOfText, config);
  if (!switch_or(json, "tie_word_embeddings", true)) config.head = HeadKind::untied;
  require_switch(json, "scale_attn_weights", true);
  require_switch(json, "scale_attn_by_inverse_layer_idx", false);
  require_switch(json, "add_cross_attention", false);
  return config;
}

Json write_gpt2_keys(const ModelConfig& config, DataType weights) {
  return Json::object({
      {"activation_function", config.activation == Activation::gelu_exact ? "gelu" : "gelu_new"},
      {"architectures", Json::array({"GPT2LMHeadModel"})},
      {"attn_pdrop", config.attention_dropout},
      {"bos_token_id", json_of_begin(config)},
      {"embd_pdrop", config.embedding_dropout},
      {"eos_token_id", json_of_ends(config)},
      {"initializer_range", config.initializer_range},
      {"layer_norm_epsilon", config.norm_epsilon},
      {"model_type", "gpt2"},
      {"n_embd", config.width},
      {"n_head", config.heads},
      {"n_inner", config.inner_width ? Json(config.inner_width) : Json()},
      {"n_layer", config.layers},
      {"n_positions", config.context},
      {"resid_pdrop", config.residual_dropout},
      {"tie_word_embeddings", config.head == HeadKind::tied},
      {"torch_dtype", torch_name_of(weights)},
      {"vocab_size", config.vocabulary},
  });
}

const Family& gpt2_family() {
  static const Gpt2Family family;
  return family;
}

}  // namespace octavo
