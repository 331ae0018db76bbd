// What the families' readers of config.json share: keys that may be absent, and both spellings of
// rotary positions. Tested by tests/checkpoint.
#pragma once

#include <string>
#include <string_view>

#include "octavo/checkpoint/family.h"

namespace octavo {

/// The key's value; null if it is absent or null.
const Json* present(const Json& config, std::string_view key);
double number_or(const Json& config, std::string_view key, double otherwise);
/// A size of a model: 1 … 2³¹ − 1.
int64_t size_at(const Json& config, std::string_view key);
/// The same; `otherwise` if the key is absent or null.
int64_t size_or(const Json& config, std::string_view key, int64_t otherwise);
bool switch_or(const Json& config, std::string_view key, bool otherwise);
/// A switch that must stand where we can follow.
void require_switch(const Json& config, std::string_view key, bool expected);
/// GELU of either kind under any of its names.
Activation gelu_at(const Json& config, std::string_view key, Activation otherwise);
inline constexpr const char* kEndsKey = "eos_token_id";
/// Adds one token, or a list of them, to those that end a text (ModelConfig::add_end).
void add_ends(const Json& tokens, ModelConfig& config);
/// eos_token_id, one token or a list (the vocabulary is there already); `otherwise` if the key is
/// absent, none if it is null. The first must be in the vocabulary.
void read_ends(const Json& json, int32_t otherwise, ModelConfig& config);
/// Rotary positions in either spelling: rope_parameters, or rope_theta and rope_scaling.
/// `fraction` and `base` hold where nothing is said.
RotarySettings rotary_of(const Json& config, double fraction, double base, int64_t context);
/// What every family refuses (quantized weights), and the config's own checks, named by the file.
void check_config(const Json& json, const ModelConfig& config);

/// The token that begins a text where no other is known: the one that ends it.
Json json_of_begin(const ModelConfig& config);
/// eos_token_id as read_ends() reads it.
Json json_of_ends(const ModelConfig& config);
/// rope_parameters as transformers 5 writes them, with the fraction if it is not 1.
Json json_of_rotary(const RotarySettings& rotary);
std::string_view torch_name_of(DataType weights);

}  // namespace octavo
