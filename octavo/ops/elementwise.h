// Elementwise and reducing operations: residual addition, and what losses are made of. Gradients
// are made of the same operations. Tested by tests/ops/elementwise_test.cpp.
#pragma once

#include "octavo/ops/parameter.h"

namespace octavo {

// All take [R, C] and, for two operands, repeat one with a single row or column (its gradient
// sums). The result has the type of the first operand.
Value add(Tape& tape, const Value& a, const Value& b);
Value subtract(Tape& tape, const Value& a, const Value& b);
Value multiply(Tape& tape, const Value& a, const Value& b);
Value divide(Tape& tape, const Value& a, const Value& b);
Value minimum(Tape& tape, const Value& a, const Value& b);  ///< ties: the gradient goes to a
Value maximum(Tape& tape, const Value& a, const Value& b);  ///< ties: the gradient goes to a

Value scaled(Tape& tape, const Value& x, double factor);
Value exp(Tape& tape, const Value& x);
Value log(Tape& tape, const Value& x);
Value sigmoid(Tape& tape, const Value& x);
Value log_sigmoid(Tape& tape, const Value& x);
Value tanh(Tape& tape, const Value& x);
Value square(Tape& tape, const Value& x);
Value gelu(Tape& tape, const Value& x, Activation kind);  ///< Hendrycks & Gimpel 2016
/// silu(gate) · up of x [R, 2n], gates before ups → [R, n] (Shazeer 2020).
Value swiglu(Tape& tape, const Value& x);
/// x as another type.
Value cast(Tape& tape, const Value& x, DataType type);

// Sums of bf16 are f32.
/// [R, C] → [R, 1]
Value sum_columns(Tape& tape, const Value& x);
/// [R, C] → [1, C], in fixed blocks of rows
Value sum_rows(Tape& tape, const Value& x);
/// [R, C] → [1, 1]
Value sum(Tape& tape, const Value& x);
Value mean(Tape& tape, const Value& x);

namespace detail {
/// out [1, C] += Σ over the rows of x [R, C], in fixed blocks of kSumRows. out is of x's sum_type.
void accumulate_rows(const Tensor& x, const Tensor& out);
}  // namespace detail

}  // namespace octavo
