// GPT-2 in Hugging Face's layout (transformers' GPT2LMHeadModel), and the same layout with bands.
//
// Matrices of the blocks are stored transposed, [inputs, outputs], because the original used
// one-wide convolutions ("Conv1D"). A model whose bands are shorter than its context computes
// something else than GPT-2 under the same names; so it says `model_type: octavo_gpt`, which other
// programs refuse, and adds two keys.
#include <array>
#include <charconv>

#include "octavo/base/error.h"
#include "octavo/checkpoint/family.h"

namespace octavo {
namespace {

constexpr std::string_view kPlain = "gpt2", kBanded = "octavo_gpt";
constexpr std::string_view kPrefix = "transformer.", kHead = "lm_head.weight";

// What a key that is not there means to transformers.
constexpr int64_t kDefaultEndOfText = 50256;
constexpr double kDefaultDropout = 0.1;

struct NamePair {
  std::string_view ours, theirs;
  StoredOrder order = StoredOrder::same;  // of the weight
};
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

/// Takes "blocks.12." or "h.12." off the front; −1 if it is not there.
int64_t take_layer(std::string_view& name, std::string_view word) {
  if (!name.starts_with(word)) return -1;
  int64_t layer = -1;
  const char* const end = name.data() + name.size();
  const auto [stop, error] = std::from_chars(name.data() + word.size(), end, layer);
  if (error != std::errc() || stop == end || *stop != '.') return -1;
  name.remove_prefix(static_cast<size_t>(stop + 1 - name.data()));
  return layer;
}

// ---- config.json --------------------------------------------------------------------------------

const Json* present(const Json& config, std::string_view key) {
  const Json* value = config.find(key);
  return value && !value->is_null() ? value : nullptr;
}

double number_or(const Json& config, std::string_view key, double otherwise) {
  const Json* value = present(config, key);
  return value ? value->number() : otherwise;
}

/// A switch that must stand where we can follow.
void require_switch(const Json& config, std::string_view key, bool expected) {
  const Json* value = present(config, key);
  require(!value || value->boolean() == expected,
          "{}: expected {}, other settings are not supported", value ? value->where() : "",
          expected);
}

Activation activation_of(const Json& config) {
  const Json* value = present(config, "activation_function");
  if (!value) return Activation::gelu_tanh;
  const std::string& name = value->text();
  if (name == "gelu_new" || name == "gelu_pytorch_tanh") return Activation::gelu_tanh;
  if (name == "gelu") return Activation::gelu_exact;
  fail(ErrorKind::data, "{}: expected gelu_new, gelu_pytorch_tanh or gelu, found \"{}\"",
       value->where(), name);
}

int32_t end_of_text_of(const Json& config, int64_t vocabulary) {
  const Json* value = config.find("eos_token_id");
  if (!value) return kDefaultEndOfText < vocabulary ? kDefaultEndOfText : -1;
  return value->is_null() ? -1 : static_cast<int32_t>(value->integer(0, vocabulary - 1));
}

class Gpt2Family final : public Family {
 public:
  std::string_view name() const override { return "GPT-2"; }
  std::span<const std::string_view> model_types() const override {
    static constexpr std::array<std::string_view, 2> types = {kPlain, kBanded};
    return types;
  }

  ModelConfig read_config(const Json& json) const override {
    constexpr int64_t kLargest = (int64_t{1} << 31) - 1;
    const auto size = [&](std::string_view key) { return json.at(key).integer(1, kLargest); };
    ModelConfig config;
    config.vocabulary = size("vocab_size");
    config.context = size("n_positions");
    config.width = size("n_embd");
    config.layers = size("n_layer");
    config.heads = size("n_head");
    if (const Json* inner = present(json, "n_inner"))
      config.inner_width = inner->integer(1, kLargest);
    if (const Json* context = present(json, "n_ctx"))
      require(context->integer() == config.context, "{}: {} contradicts n_positions, {}",
              context->where(), context->integer(), config.context);
    config.norm_epsilon = number_or(json, "layer_norm_epsilon", config.norm_epsilon);
    config.activation = activation_of(json);
    config.initializer_range = number_or(json, "initializer_range", config.initializer_range);
    config.embedding_dropout = number_or(json, "embd_pdrop", kDefaultDropout);
    config.attention_dropout = number_or(json, "attn_pdrop", kDefaultDropout);
    config.residual_dropout = number_or(json, "resid_pdrop", kDefaultDropout);
    config.end_of_text = end_of_text_of(json, config.vocabulary);
    if (const Json* tied = present(json, "tie_word_embeddings"))
      config.head = tied->boolean() ? HeadKind::tied : HeadKind::untied;
    require_switch(json, "scale_attn_weights", true);
    require_switch(json, "scale_attn_by_inverse_layer_idx", false);
    require_switch(json, "add_cross_attention", false);
    const Json* quantization = present(json, "quantization_config");
    require(!quantization, "{}: quantized weights are not supported",
            quantization ? quantization->where() : "");
    if (json.at("model_type").text() == kBanded) read_bands(json, config);
    try {
      config.validate();
    } catch (const Error& error) {
      fail(ErrorKind::data, "{}: {}", json.where(), error.what());
    }
    return config;
  }

  Json write_config(const ModelConfig& config, DataType weights) const override {
    const bool banded = config.has_bands();
    const Json end = config.end_of_text < 0 ? Json() : Json(config.end_of_text);
    Json json = Json::object({
        {"activation_function", config.activation == Activation::gelu_exact ? "gelu" : "gelu_new"},
        {"architectures", Json::array({banded ? "OctavoGPT" : "GPT2LMHeadModel"})},
        {"attn_pdrop", config.attention_dropout},
        {"bos_token_id", end},
        {"embd_pdrop", config.embedding_dropout},
        {"eos_token_id", end},
        {"initializer_range", config.initializer_range},
        {"layer_norm_epsilon", config.norm_epsilon},
        {"model_type", banded ? kBanded : kPlain},
        {"n_embd", config.width},
        {"n_head", config.heads},
        {"n_inner", config.inner_width ? Json(config.inner_width) : Json()},
        {"n_layer", config.layers},
        {"n_positions", config.context},
        {"resid_pdrop", config.residual_dropout},
        {"tie_word_embeddings", config.head == HeadKind::tied},
        {"torch_dtype", weights == DataType::bf16 ? "bfloat16" : "float32"},
        {"vocab_size", config.vocabulary},
    });
    if (banded) json.set("attention_pattern", "alternating").set("band_width", config.band_width);
    return json;
  }

  bool expresses(const ModelConfig& config) const override {
    return config.positions == PositionKind::learned && config.norm == NormKind::layernorm;
  }

  std::string_view prefix() const override { return kPrefix; }

  StoredParameter stored(const ParameterInfo& parameter) const override {
    if (parameter.name == "head.weight") return {std::string(kHead), parameter.shape};
    const size_t dot = parameter.name.rfind('.');
    const std::string_view kind = std::string_view(parameter.name).substr(dot + 1);  // weight, bias
    std::string_view part = std::string_view(parameter.name).substr(0, dot);
    const int64_t layer = take_layer(part, "blocks.");
    const std::string block = layer < 0 ? "" : fmt::format("h.{}.", layer);
    const auto names = layer < 0 ? std::span<const NamePair>(kModelNames) : kBlockNames;
    for (const NamePair& pair : names) {
      if (part != pair.ours) continue;
      StoredParameter result{fmt::format("{}{}{}.{}", kPrefix, block, pair.theirs, kind),
                             parameter.shape};
      if (pair.order == StoredOrder::transposed && kind == "weight") {
        result.shape = {parameter.shape[1], parameter.shape[0]};
        result.order = StoredOrder::transposed;
      }
      return result;
    }
    fail(ErrorKind::internal, "[gpt2] no name for {}", parameter.name);
  }

  ExtraTensor extra(std::string_view name, const ModelConfig& config) const override {
    if (name == kHead && config.head == HeadKind::tied) return ExtraTensor::tied_head;
    if (name.starts_with(kPrefix)) name.remove_prefix(kPrefix.size());
    const int64_t layer = take_layer(name, "h.");
    const bool buffer = name == "attn.bias" || name == "attn.masked_bias";
    return layer >= 0 && layer < config.layers && buffer ? ExtraTensor::mask_buffer
                                                         : ExtraTensor::unknown;
  }

 private:
  static void read_bands(const Json& json, ModelConfig& config) {
    const Json& pattern = json.at("attention_pattern");
    require(pattern.text() == "alternating", "{}: expected \"alternating\", found \"{}\"",
            pattern.where(), pattern.text());
    config.attention = AttentionPattern::alternating;
    config.band_width = json.at("band_width").integer(1, config.context);
  }
};

}  // namespace

const Family& gpt2_family() {
  static const Gpt2Family family;
  return family;
}

}  // namespace octavo
