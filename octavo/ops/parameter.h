// Parameter: a named tensor of a model, to be trained or only used.
//
// In training the numbers are the f32 masters, and a product packs (and rounds) them at each use:
// for hundreds of rows that costs little, and no second copy can go stale. For inference
// `pack_for_inference` keeps the packed form instead of the numbers. The packed bits are the same,
// so trainer and sampler agree. Quantized numbers stay as they lie in their file; they are used,
// not trained. Tested by tests/ops/linear_test.cpp.
#pragma once

#include <string>
#include <vector>

#include "octavo/ops/tape.h"

namespace octavo {

/// How a model computes: the type of activations and products, that of the residual stream, and
/// what becomes of activations that meet quantized weights.
struct Precision {
  DataType compute = DataType::f32;
  DataType residual = DataType::f32;
  LeftRounding quantized = LeftRounding::none;

  static Precision f64() { return {DataType::f64, DataType::f64}; }
  static Precision f32() { return {DataType::f32, DataType::f32}; }
  /// bf16 products with f32 sums, an f32 residual stream.
  static Precision bf16() { return {DataType::bf16, DataType::f32}; }
  /// Weights as they lie, where they are quantized: activations become bytes too, for integer
  /// products. Dense weights as in `compute`.
  static Precision int8(DataType compute) { return {compute, DataType::f32, LeftRounding::bytes}; }
  bool operator==(const Precision&) const = default;
};

struct Parameter {
  std::string name;
  Value value;    ///< matrices are [outputs, inputs], vectors [n]
  Tensor packed;  ///< bytes, when packed
  DataType packed_type = DataType::f32;
  Shape shape;
  /// Where the numbers are quantized: the tensors that hold them, one below the other, and what
  /// becomes of the activations that meet them.
  std::vector<Tensor> blocks;
  LeftRounding rounding = LeftRounding::none;

  Parameter() = default;
  Parameter(std::string name, Tensor data)
      : name(std::move(name)), value(data, Value::Kind::parameter), shape(data.shape()) {
    if (is_quantized(data.type())) blocks = {data};
  }
  /// Of quantized numbers in several tensors: queries, keys and values of one matrix.
  Parameter(std::string name, Shape shape, std::vector<Tensor> blocks, LeftRounding rounding);

  explicit operator bool() const { return bool(value); }
  bool quantized() const { return !blocks.empty(); }
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

/// Packs a matrix for products in `type` and forgets its numbers: it can no longer be trained. One
/// that is quantized stays as it is.
void pack_for_inference(Parameter& matrix, DataType type, PackingSpace& space);

}  // namespace octavo
