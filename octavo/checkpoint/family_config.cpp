#include "octavo/checkpoint/family_config.h"

#include <cmath>
#include <optional>

#include "octavo/base/error.h"

namespace octavo {
namespace {

constexpr int64_t kLargest = (int64_t{1} << 31) - 1;

/// A positive number of the rotary settings; `otherwise` where the key may be absent.
double rotary_number(const Json& json, std::string_view key, std::optional<double> otherwise) {
  const Json* value = present(json, key);
  if (!value && otherwise) return *otherwise;
  const Json& found = value ? *value : json.at(key);
  const double number = found.number();
  require(number > 0, "{}: expected a positive number, found {}", found.where(), number);
  return number;
}

/// YaRN's factor of cosines and sines, where the settings do not give it.
double yarn_amplitude(const Json& json, double factor) {
  if (present(json, "attention_factor")) return rotary_number(json, "attention_factor", {});
  const auto scale = [&](double weight) {
    return factor <= 1 ? 1.0 : 0.1 * weight * std::log(factor) + 1;
  };
  const double over = number_or(json, "mscale", 0), under = number_or(json, "mscale_all_dim", 0);
  return over != 0 && under != 0 ? scale(over) / scale(under) : scale(1);
}

void read_scaling(const Json& json, const std::string& kind, int64_t context,
                  RotarySettings& rotary) {
  rotary.factor = rotary_number(json, "factor", {});
  rotary.original_context = size_or(json, "original_max_position_embeddings", context);
  if (kind == "linear") {
    rotary.scaling = RotaryScaling::linear;
    rotary.original_context = context;  // the other is of no meaning, and not written
  } else if (kind == "dynamic") {
    rotary.scaling = RotaryScaling::dynamic;
  } else if (kind == "yarn") {
    rotary.scaling = RotaryScaling::yarn;
    rotary.beta_fast = rotary_number(json, "beta_fast", rotary.beta_fast);
    rotary.beta_slow = rotary_number(json, "beta_slow", rotary.beta_slow);
    if (!switch_or(json, "truncate", true)) rotary.ramp = RotarySettings::Ramp::exact;
    rotary.amplitude = yarn_amplitude(json, rotary.factor);
  } else {
    rotary.scaling = RotaryScaling::llama3;
    rotary.low_frequency_factor = rotary_number(json, "low_freq_factor", {});
    rotary.high_frequency_factor = rotary_number(json, "high_freq_factor", {});
    rotary.original_context = size_at(json, "original_max_position_embeddings");
  }
}

}  // namespace

const Json* present(const Json& config, std::string_view key) {
  const Json* value = config.find(key);
  return value && !value->is_null() ? value : nullptr;
}

double number_or(const Json& config, std::string_view key, double otherwise) {
  const Json* value = present(config, key);
  return value ? value->number() : otherwise;
}

int64_t size_at(const Json& config, std::string_view key) {
  return config.at(key).integer(1, kLargest);
}

int64_t size_or(const Json& config, std::string_view key, int64_t otherwise) {
  const Json* value = present(config, key);
  return value ? value->integer(1, kLargest) : otherwise;
}

bool switch_or(const Json& config, std::string_view key, bool otherwise) {
  const Json* value = present(config, key);
  return value ? value->boolean() : otherwise;
}

void require_switch(const Json& config, std::string_view key, bool expected) {
  const Json* value = present(config, key);
  require(!value || value->boolean() == expected,
          "{}: expected {}, other settings are not supported", value ? value->where() : "",
          expected);
}

Activation gelu_at(const Json& config, std::string_view key, Activation otherwise) {
  const Json* value = present(config, key);
  if (!value) return otherwise;
  const std::string& name = value->text();
  if (name == "gelu_new" || name == "gelu_pytorch_tanh") return Activation::gelu_tanh;
  if (name == "gelu") return Activation::gelu_exact;
  fail(ErrorKind::data, "{}: expected gelu_new, gelu_pytorch_tanh or gelu, found \"{}\"",
       value->where(), name);
}

void add_ends(const Json& tokens, ModelConfig& config) {
  const std::span<const Json> list = tokens.is_array() ? tokens.items() : std::span(&tokens, 1);
  for (const Json& token : list) {
    const int64_t end = token.integer();
    try {
      config.add_end(end);
    } catch (const Error& error) {
      fail(ErrorKind::data, "{}: {}", tokens.where(), error.what());
    }
  }
}

void read_ends(const Json& json, int32_t otherwise, ModelConfig& config) {
  const Json* value = json.find(kEndsKey);
  if (!value) return config.add_end(otherwise);
  if (value->is_null()) return;
  require(!value->is_array() || !value->items().empty(), "{}: expected a token, found none",
          value->where());
  (value->is_array() ? value->at(0) : *value).integer(0, config.vocabulary - 1);
  add_ends(*value, config);
}

RotarySettings rotary_of(const Json& config, double fraction, double base, int64_t context) {
  const Json* settings = present(config, "rope_parameters");
  const Json* scaling = settings ? settings : present(config, "rope_scaling");
  RotarySettings rotary;
  const auto number = [&](std::string_view key, double otherwise) {
    const double outside = rotary_number(config, key, otherwise);
    return settings ? rotary_number(*settings, key, outside) : outside;
  };
  rotary.base = number("rope_theta", rotary_number(config, "rotary_emb_base", base));
  rotary.fraction = number("partial_rotary_factor", rotary_number(config, "rotary_pct", fraction));
  if (!scaling) return rotary;
  const Json* kind = present(*scaling, "rope_type");
  if (!kind) kind = &scaling->at("type");
  const std::string& name = kind->text();
  if (name == "default") return rotary;
  require(name == "linear" || name == "dynamic" || name == "yarn" || name == "llama3",
          "{}: expected default, linear, dynamic, yarn or llama3, found \"{}\"", kind->where(),
          name);
  read_scaling(*scaling, name, context, rotary);
  return rotary;
}

void check_config(const Json& json, const ModelConfig& config) {
  const Json* quantization = present(json, "quantization_config");
  require(!quantization, "{}: quantized weights are not supported",
          quantization ? quantization->where() : "");
  try {
    config.validate();
  } catch (const Error& error) {
    fail(ErrorKind::data, "{}: {}", json.where(), error.what());
  }
}

Json json_of_begin(const ModelConfig& config) {
  return config.end_of_text < 0 ? Json() : Json(config.end_of_text);
}

Json json_of_ends(const ModelConfig& config) {
  return config.other_ends.empty() ? json_of_begin(config) : Json::array_of(config.ends());
}

Json json_of_rotary(const RotarySettings& rotary) {
  Json json = Json::object({{"rope_theta", rotary.base}});
  if (rotary.fraction != 1) json.set("partial_rotary_factor", rotary.fraction);
  const auto scaled = [&](const char* name) {
    json.set("rope_type", name).set("factor", rotary.factor);
    json.set("original_max_position_embeddings", rotary.original_context);
  };
  switch (rotary.scaling) {
    case RotaryScaling::none:
      json.set("rope_type", "default");
      break;
    case RotaryScaling::linear:
      json.set("rope_type", "linear").set("factor", rotary.factor);
      break;
    case RotaryScaling::dynamic:
      scaled("dynamic");
      break;
    case RotaryScaling::yarn:
      scaled("yarn");
      json.set("beta_fast", rotary.beta_fast).set("beta_slow", rotary.beta_slow);
      json.set("attention_factor", rotary.amplitude);
      json.set("truncate", rotary.ramp == RotarySettings::Ramp::whole_pairs);
      break;
    case RotaryScaling::llama3:
      scaled("llama3");
      json.set("low_freq_factor", rotary.low_frequency_factor);
      json.set("high_freq_factor", rotary.high_frequency_factor);
      break;
  }
  return json;
}

std::string_view torch_name_of(DataType weights) {
  return weights == DataType::bf16 ? "bfloat16" : weights == DataType::f16 ? "float16" : "float32";
}

}  // namespace octavo
