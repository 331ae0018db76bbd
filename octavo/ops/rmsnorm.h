// RMSNorm over the last axis (Zhang & Sennrich 2019). Tested by tests/ops/rmsnorm_test.cpp.
#pragma once

#include "octavo/ops/parameter.h"

namespace octavo {

/// x [R, C] → [R, C] of type `out`.
Value rmsnorm(Tape& tape, const Value& x, const Parameter& weight, double epsilon, DataType out);

}  // namespace octavo
