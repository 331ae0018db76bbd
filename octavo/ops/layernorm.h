// LayerNorm over the last axis (Ba, Kiros & Hinton 2016). Tested by tests/ops/layernorm_test.cpp.
#pragma once

#include "octavo/ops/parameter.h"

namespace octavo {

/// x [R, C] → [R, C] of type `out`.
Value layernorm(Tape& tape, const Value& x, const Parameter& weight, const Parameter& bias,
                double epsilon, DataType out);

}  // namespace octavo
