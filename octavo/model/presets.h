// Presets: GPT-2's four sizes and GPT-3's eight, by name.
//
// GPT-3's are Table 2.1 of Brown et al. 2020 with its two misprints mended, as the paper's own
// parameter counts (Table D.1) demand: XL has 16 heads of 128, 13B is 5,120 wide. Its banded layers
// have no printed width; ours is 256 keys, what GPT-Neo chose, and an option. GPT-3 reports no
// dropout; GPT-2's was 0.1. Tested by tests/model/presets_test.cpp against both tables.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "octavo/model/config.h"

namespace octavo {

/// "gpt2", "gpt2-medium", "gpt2-large", "gpt2-xl", "gpt3-small", … "gpt3-175b", smallest first.
std::vector<std::string> preset_names();

/// Throws `usage` for an unknown name, with the nearest one.
ModelConfig preset(std::string_view name);

}  // namespace octavo
