// The precisions that a user may ask for by name. Tested by tests/model/precision_test.cpp.
#pragma once

#include <string_view>

#include "octavo/ops/parameter.h"

namespace octavo {

/// bf16 where this machine's kernels multiply bf16 in hardware, else f32.
Precision default_precision();
/// "fp32", "bf16" or "int8" (which only models in quantized types know from default_precision());
/// throws `usage` for anything else.
Precision precision_named(std::string_view name);
/// "fp32", "bf16", "int8" or "fp64".
std::string_view name_of(Precision precision);

}  // namespace octavo
