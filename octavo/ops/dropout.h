// Dropout (Srivastava et al. 2014), drawn by counter. Tested by tests/ops/dropout_test.cpp.
#pragma once

#include "octavo/ops/parameter.h"

namespace octavo {

/// x, with each element zero with mask.probability and else divided by 1 − probability. Element i
/// of x takes the stream's draw number first + i, so a batch may be split anywhere.
Value dropout(Tape& tape, const Value& x, const DropoutMask& mask, uint64_t first);

}  // namespace octavo
