// GPT-2's keys of config.json, which octavo_gpt has too. Tested by tests/checkpoint/gpt2_test.cpp
// and octavo_gpt_test.cpp.
#pragma once

#include "octavo/checkpoint/family.h"

namespace octavo {

/// Unchecked: whoever has more keys reads them before check_config().
ModelConfig read_gpt2_keys(const Json& config);
Json write_gpt2_keys(const ModelConfig& config, DataType weights);

}  // namespace octavo
