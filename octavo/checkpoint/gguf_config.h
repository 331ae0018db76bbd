// A model's configuration in GGUF's metadata.
//
// The keys are the same for all architectures but for the name before them ("llama.block_count"),
// so families have no readers of their own: what an architecture's name implies is in its GgufForm.
// What llama.cpp has no key for is under "octavo."; a model that would mean something else to it is
// written under an architecture that it does not know. Tested by
// tests/checkpoint/gguf_model_test.cpp. Keys:
// https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
#pragma once

#include <string_view>

#include "octavo/checkpoint/family.h"
#include "octavo/weights/gguf_set.h"

namespace octavo {

/// The tensor that holds what divides each pair's angle under Llama 3's scaling, [pairs] f32.
inline constexpr std::string_view kRopeDivisors = "rope_freqs.weight";

/// How many tokens that end a text GGUF has keys for.
inline constexpr size_t kGgufEnds = 3;

struct GgufKind {
  const Family& family;
  const GgufForm& form;
};
/// What a file's model is; throws `data` naming the architectures that are supported.
GgufKind gguf_kind_of(const GgufMetadata& metadata);
/// The form in which a model is written. Throws `usage` if there is none.
const GgufForm& gguf_form_for(const ModelConfig& config);

/// Throws `data`, naming file and key, on what is missing, contradictory or not supported.
ModelConfig read_gguf_config(const GgufSet& files, const GgufForm& form);
/// All but the tokens that end a text. Throws `usage` if GGUF cannot say it (dynamic rotary
/// scaling).
GgufMetadata write_gguf_config(const ModelConfig& config, const GgufForm& form);
/// The tokens that end a text, as far as kGgufEnds goes: what has a key already (a tokenizer's end,
/// or all that another GGUF file says) stays, the others take the keys that are free.
void add_gguf_ends(const ModelConfig& config, GgufMetadata& metadata);
/// The tensors beside the parameters that the configuration takes to be told: kRopeDivisors or
/// none.
std::vector<std::pair<TensorInfo, Tensor>> gguf_config_tensors(const ModelConfig& config);

}  // namespace octavo
