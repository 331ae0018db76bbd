// Parameter: a named tensor of a model, to be trained or only used.
//
// In training the numbers are the f32 masters, and a product packs (and rounds) them at each use:
// for hundreds of rows that costs little, and no second copy can go stale. For inference
// `pack_for_inference` keeps the packed form instead of the numbers. The packed bits are the same,
// so trainer and sampler agree. Tested by tests/ops/linear_test.cpp.
#pragma once

#include <string>

#include "octavo/ops/tape.h"

namespace octavo {

/// How a model computes: the type of activations and products, and that of the residual stream.
struct Precision {
  DataType compute = DataType::f32;
  DataType residual = DataType::f32;

  static Precision f64() { return {DataType::f64, DataType::f64}; }
  static Precision f32() { return {DataType::f32, DataType::f32}; }
  /// bf16 products with f32 sums, an f32 residual stream.
  static Precision bf16() { return {DataType::bf16, DataType::f32}; }
  bool operator==(const Precision&) const = default;
};

struct Parameter {
  std::string name;
  Value value;    ///< matrices are [outputs, inputs], vectors [n]
  Tensor packed;  ///< bytes, when packed
  DataType packed_type = DataType::f32;
  Shape shape;

  Parameter() = default;
  Parameter(std::string name, Tensor data)
      : name(std::move(name)), value(data, Value::Kind::parameter), shape(data.shape()) {}

  explicit operator bool() const { return bool(value); }
};

/// Memory for the packed matrices of a model, one behind the other in the order of their use: where
/// few rows are computed, threads that wait fetch what lies behind.
class PackingSpace {
 public:
  explicit PackingSpace(int64_t bytes) : memory_({bytes}, DataType::u8) {}
  /// What [outputs, inputs] takes of it.
  static int64_t bytes(const Shape& matrix, DataType type);
  Tensor take(const Shape& matrix, DataType type);

 private:
  Tensor memory_;
  int64_t used_ = 0;
};

/// Packs a matrix for products in `type` and forgets its numbers: it can no longer be trained.
void pack_for_inference(Parameter& matrix, DataType type, PackingSpace& space);

}  // namespace octavo
