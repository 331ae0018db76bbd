// Octavo's own kind of checkpoint: every model that it computes and no other kind expresses.
//
// Bands that are shorter than the context under GPT-2's names, biases in some places only, rotary
// positions beside a LayerNorm that is not GPT-NeoX's: other programs would compute something else
// or nothing. So config.json says `model_type: octavo_gpt`, which they refuse. It has GPT-2's keys,
// names and transposed matrices, says which layers have bands, and has one key more for each choice
// that is not GPT-2's. Tested by tests/checkpoint/octavo_gpt_test.cpp.
#include <array>

#include "octavo/base/error.h"
#include "octavo/checkpoint/family_config.h"
#include "octavo/checkpoint/gpt2.h"

namespace octavo {
namespace {

constexpr std::string_view kModelType = "octavo_gpt";

/// True if the key has the second of two values; the first is what an absent key means.
bool is_second(const Json& json, std::string_view key, std::string_view first,
               std::string_view second) {
  const Json* value = present(json, key);
  if (!value || value->text() == first) return false;
  require(value->text() == second, "{}: expected \"{}\" or \"{}\", found \"{}\"", value->where(),
          first, second, value->text());
  return true;
}

class OctavoGptFamily final : public Family {
 public:
  std::string_view name() const override { return "general GPT"; }
  std::span<const std::string_view> model_types() const override {
    static constexpr std::array<std::string_view, 1> types = {kModelType};
    return types;
  }

  ModelConfig read_config(const Json& json) const override {
    ModelConfig config = read_gpt2_keys(json);
    json.at("attention_pattern");
    if (is_second(json, "attention_pattern", "dense", "alternating")) {
      config.attention = AttentionPattern::alternating;
      config.band_width = json.at("band_width").integer(1, config.context);
    }
    config.key_heads = size_or(json, "num_key_value_heads", 0);
    config.head_width = size_or(json, "head_dim", 0);
    if (is_second(json, "positions", "learned", "rotary")) {
      config.positions = PositionKind::rotary;
      json.at("rope_parameters");
      config.rotary = rotary_of(json, 1, RotarySettings().base, config.context);
    }
    if (is_second(json, "norm", "layernorm", "rmsnorm")) config.norm = NormKind::rmsnorm;
    if (is_second(json, "feed_forward", "plain", "swiglu"))
      config.feed_forward = FeedForwardKind::swiglu;
    if (is_second(json, "residual", "sequential", "parallel"))
      config.residual = ResidualKind::parallel;
    config.biases = {.qkv = switch_or(json, "qkv_bias", true),
                     .projection = switch_or(json, "projection_bias", true),
                     .feed_forward = switch_or(json, "feed_forward_bias", true)};
    config.attention_scale = number_or(json, "attention_scale", 0);
    check_config(json, config);
    return config;
  }

  Json write_config(const ModelConfig& config, DataType weights) const override {
    Json json = write_gpt2_keys(config, weights);
    json.set("model_type", kModelType).set("architectures", Json::array({"OctavoGPT"}));
    json.set("attention_pattern", config.has_bands() ? "alternating" : "dense");
    if (config.has_bands()) json.set("band_width", config.band_width);
    const auto set = [&](bool differs, const char* key, const auto& value) {
      if (differs) json.set(key, value);
    };
    set(config.key_heads != 0, "num_key_value_heads", config.key_heads);
    set(config.head_width != 0, "head_dim", config.head_width);
    if (config.positions == PositionKind::rotary)
      json.set("positions", "rotary").set("rope_parameters", json_of_rotary(config.rotary));
    set(config.norm == NormKind::rmsnorm, "norm", "rmsnorm");
    set(config.feed_forward == FeedForwardKind::swiglu, "feed_forward", "swiglu");
    set(config.residual == ResidualKind::parallel, "residual", "parallel");
    set(!config.biases.qkv, "qkv_bias", false);
    set(!config.biases.projection, "projection_bias", false);
    set(!config.biases.feed_forward, "feed_forward_bias", false);
    set(config.attention_scale != 0, "attention_scale", config.attention_scale);
    return json;
  }

  bool expresses(const ModelConfig&) const override { return true; }

  const NameMap& names() const override { return gpt2_family().names(); }

  // As GPT-2; what GGUF has keys for may differ (bands, shared heads, biases).
  std::span<const GgufForm> gguf_forms() const override {
    static const std::array<GgufForm, 1> forms = {{{kModelType, &kGgufFusedNames, {}}}};
    return forms;
  }
};

}  // namespace

const Family& octavo_gpt_family() {
  static const OctavoGptFamily family;
  return family;
}

}  // namespace octavo
