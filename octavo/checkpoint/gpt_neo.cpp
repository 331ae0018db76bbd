// GPT-Neo in Hugging Face's layout (transformers' GPTNeoForCausalLM).
//
// GPT-3 as it was rebuilt first (Black et al. 2021): layers that see everything and layers that see
// a window take turns, scores are not scaled, queries, keys and values have no bias and lie apart.
// Tested by tests/checkpoint/families_test.cpp and tests/model/golden_test.cpp.
#include <algorithm>
#include <array>

#include "octavo/base/error.h"
#include "octavo/checkpoint/family_config.h"

namespace octavo {
namespace {

// What a key that is not there means to transformers.
constexpr int32_t kDefaultEndOfText = 50256;
constexpr int64_t kDefaultWindow = 256;

constexpr std::array<NamePair, 3> kModelNames = {{
    {"token_embedding", "wte"},
    {"position_embedding", "wpe"},
    {"final_norm", "ln_f"},
}};
constexpr std::array<NamePair, 6> kBlockNames = {{
    {"attention_norm", "ln_1"},
    {"attention.qkv", "attn.attention.q_proj+attn.attention.k_proj+attn.attention.v_proj"},
    {"attention.projection", "attn.attention.out_proj"},
    {"feed_forward_norm", "ln_2"},
    {"feed_forward.up", "mlp.c_fc"},
    {"feed_forward.down", "mlp.c_proj"},
}};
constexpr std::array<std::string_view, 2> kBuffers = {
    {"attn.attention.bias", "attn.attention.masked_bias"}};

/// Of attention_types, [[["global", "local"], 12]]: global everywhere, or local in every second.
AttentionPattern pattern_of(const Json& config, int64_t layers) {
  const Json& types = config.at("attention_types");
  int64_t layer = 0;
  bool dense = true, alternating = true;
  for (const Json& group : types.items()) {
    require(group.items().size() == 2, "{}: expected a list of kinds and how often it is repeated",
            group.where());
    const std::span<const Json> kinds = group.items()[0].items();
    const int64_t times = group.items()[1].integer(1, layers);
    const auto size = static_cast<int64_t>(kinds.size());
    // Twice shows both parities that a repetition may begin with.
    for (int64_t i = 0; i < std::min<int64_t>(times, 2) * size; ++i) {
      const Json& kind = kinds[static_cast<size_t>(i % size)];
      const std::string& name = kind.text();
      require(name == "global" || name == "local",
              "{}: expected \"global\" or \"local\", found \"{}\"", kind.where(), name);
      dense = dense && name == "global";
      alternating = alternating && (name == "local") == ((layer + i) % 2 == 1);
    }
    layer += times * size;
  }
  require(layer == layers, "{}: describes {} layers, there are {}", types.where(), layer, layers);
  require(dense || alternating,
          "{}: expected global layers alone, or global and local ones in turn; other orders are "
          "not supported",
          types.where());
  return dense ? AttentionPattern::dense : AttentionPattern::alternating;
}

class GptNeoFamily final : public Family {
 public:
  std::string_view name() const override { return "GPT-Neo"; }
  std::span<const std::string_view> model_types() const override {
    static constexpr std::array<std::string_view, 1> types = {"gpt_neo"};
    return types;
  }

  ModelConfig read_config(const Json& json) const override {
    ModelConfig config;
    config.vocabulary = size_at(json, "vocab_size");
    config.context = size_at(json, "max_position_embeddings");
    config.width = size_at(json, "hidden_size");
    config.layers = size_at(json, "num_layers");
    config.heads = size_at(json, "num_heads");
    config.inner_width = size_or(json, "intermediate_size", 0);
    config.attention = pattern_of(json, config.layers);
    config.band_width = size_or(json, "window_size", kDefaultWindow);
    config.biases.qkv = false;
    config.attention_scale = 1;
    config.norm_epsilon = number_or(json, "layer_norm_epsilon", config.norm_epsilon);
    config.activation = gelu_at(json, "activation_function", Activation::gelu_tanh);
    config.initializer_range = number_or(json, "initializer_range", config.initializer_range);
    config.embedding_dropout = number_or(json, "embed_dropout", 0);
    config.attention_dropout = number_or(json, "attention_dropout", 0);
    config.residual_dropout = number_or(json, "resid_dropout", 0);
    read_ends(json, kDefaultEndOfText, config);
    if (!switch_or(json, "tie_word_embeddings", true)) config.head = HeadKind::untied;
    check_config(json, config);
    return config;
  }

  Json write_config(const ModelConfig& config, DataType weights) const override {
    const bool dense = config.attention == AttentionPattern::dense;
    std::vector<std::string> kinds;
    for (int64_t layer = 0; layer < config.layers; ++layer)
      kinds.emplace_back(dense || layer % 2 == 0 ? "global" : "local");
    const Json layers = Json::array_of(kinds);
    const Json types = Json::array({Json::array({layers, 1})});
    return Json::object({
        {"activation_function", config.activation == Activation::gelu_exact ? "gelu" : "gelu_new"},
        {"architectures", Json::array({"GPTNeoForCausalLM"})},
        {"attention_dropout", config.attention_dropout},
        {"attention_layers", layers},
        {"attention_types", types},
        {"bos_token_id", json_of_begin(config)},
        {"embed_dropout", config.embedding_dropout},
        {"eos_token_id", json_of_ends(config)},
        {"hidden_size", config.width},
        {"initializer_range", config.initializer_range},
        {"intermediate_size", config.inner_width ? Json(config.inner_width) : Json()},
        {"layer_norm_epsilon", config.norm_epsilon},
        {"max_position_embeddings", config.context},
        {"model_type", "gpt_neo"},
        {"num_heads", config.heads},
        {"num_layers", config.layers},
        {"resid_dropout", config.residual_dropout},
        {"tie_word_embeddings", config.head == HeadKind::tied},
        {"torch_dtype", torch_name_of(weights)},
        {"vocab_size", config.vocabulary},
        {"window_size", config.band_width},
    });
  }

  bool expresses(const ModelConfig& config) const override {
    return config.positions == PositionKind::learned && config.norm == NormKind::layernorm &&
           config.feed_forward == FeedForwardKind::plain &&
           config.residual == ResidualKind::sequential && config.biases == Biases{.qkv = false} &&
           config.attention_scale == 1 && config.key_value_heads() == config.heads &&
           config.attention_width() == config.width;
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

  // No name that llama.cpp knows: it has no model of this kind.
  std::span<const GgufForm> gguf_forms() const override {
    static const std::array<GgufForm, 1> forms = {
        {{"gptneo", &kGgufFusedNames, {.attention_scale = 1}}}};
    return forms;
  }
};

}  // namespace

const Family& gpt_neo_family() {
  static const GptNeoFamily family;
  return family;
}

}  // namespace octavo
