// Linear layers: y = activation(x · Wᵀ + b), W [outputs, inputs]. Tested by
// tests/ops/linear_test.cpp.
#pragma once

#include "octavo/ops/parameter.h"

namespace octavo {

/// x [R, inputs] T → [R, outputs]. `bias` may be absent; GELU is fused into the product's end.
Value linear(Tape& tape, const Value& x, const Parameter& weight, const Parameter& bias,
             Activation activation = Activation::none);

/// The logits x · Wᵀ in f32 (f64 for f64), without a gradient: x [R, C], head [V, C] → [R, V].
Tensor logits(const Tensor& x, const Parameter& head);

namespace detail {
/// A matrix packed for products, and the memory it is in.
struct Packed {
  Tensor memory;
  PackedMatrix matrix;
};
Packed pack(const ConstArray& matrix, MatrixOrder order, DataType type);

/// Columns [first, first + count) of Wᵀ (rows of the weight) as the right side of products with T =
/// `type`: packed now, found in the weight's packed form, or quantized as they lie. first must be a
/// multiple of kPackedColumns.
class RightSide {
 public:
  RightSide(const Parameter& weight, DataType type, int64_t first, int64_t count);
  /// The product of a left side with them: all but the right side is the caller's.
  void multiply(Product product) const;

 private:
  Packed packed_;
  int64_t first_column_ = 0;
  std::vector<Tensor> blocks_;  // of a quantized weight, one below the other
  LeftRounding rounding_ = LeftRounding::none;
};

/// dweight (+)= dyᵀ · x, in fixed blocks of kGradientRows rows: dy [R, out], x [R, in].
void add_weight_gradient(const ConstArray& dy, const ConstArray& x, const GradientTarget& dweight);

/// Rows [first, first + count).
ConstArray rows_of(const ConstArray& array, int64_t first, int64_t count);
}  // namespace detail

/// A weight's gradient is a sum over all rows of a batch, taken this many rows at a time, in order.
inline constexpr int64_t kGradientRows = 1024;
/// Heads are computed this many columns of the vocabulary at a time.
inline constexpr int64_t kVocabularyChunk = 4096;

}  // namespace octavo
