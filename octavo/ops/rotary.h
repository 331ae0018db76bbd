// Rotary positions (Su et al. 2021): queries and keys turn by their position, so that their
// products depend on distance alone. Tested by tests/ops/rotary_test.cpp.
#pragma once

#include "octavo/ops/parameter.h"

namespace octavo {

/// The angles of every position, for as many pairs of columns as turn in a head.
struct RotaryTable {
  Tensor cosines, sines;  ///< [positions, n] f32 (f64 where the model computes in f64)
};

/// x [R, C] → [R, C]: in each of its first `heads` heads of `head_size`, columns i and i + n turn
/// by angle i of the row's position; the columns behind (values) are copied. positions [R] i32.
Value rotary(Tape& tape, const Value& x, const Tensor& positions, const RotaryTable& table,
             int64_t heads, int64_t head_size);

}  // namespace octavo
