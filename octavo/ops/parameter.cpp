#include "octavo/ops/parameter.h"

#include "octavo/base/error.h"
#include "octavo/ops/linear.h"

namespace octavo {

Parameter::Parameter(std::string given, Shape whole, std::vector<Tensor> tensors,
                     LeftRounding rounding)
    : name(std::move(given)), shape(whole), blocks(std::move(tensors)), rounding(rounding) {
  int64_t rows = 0;
  for (const Tensor& tensor : blocks) {
    require(is_quantized(tensor.type()) && tensor.columns() == shape.columns(),
            "[parameter] {} is {}, one of its tensors {} {}", name, shape, name_of(tensor.type()),
            tensor.shape());
    rows += tensor.rows();
  }
  require(rows == shape.rows(), "[parameter] {} is {}, its tensors have {} rows", name, shape,
          rows);
  value = Value(blocks.size() == 1 ? blocks[0] : Tensor(shape, blocks[0].type(), nullptr, nullptr),
                Value::Kind::parameter);
}

int64_t PackingSpace::bytes(const Shape& matrix, DataType type) {
  constexpr int64_t kLine = 64;
  const auto bytes = static_cast<int64_t>(kernels().packed_bytes(matrix[1], matrix[0], type));
  return (bytes + kLine - 1) / kLine * kLine;
}

Tensor PackingSpace::take(const Shape& matrix, DataType type) {
  const int64_t first = used_, count = bytes(matrix, type);
  assert(first + count <= memory_.elements());
  used_ += count;
  return memory_.slice(first, count);
}

void pack_for_inference(Parameter& matrix, DataType type, PackingSpace& space) {
  const Tensor& numbers = matrix.value.data();
  require(matrix.shape.rank() == 2, "[pack] {} is {}, not a matrix", matrix.name, matrix.shape);
  if (matrix.quantized()) return;
  require(!numbers.empty(), "[pack] {} is packed already", matrix.name);
  matrix.packed = space.take(matrix.shape, type);
  kernels().pack({.source = array_of(numbers),
                  .order = MatrixOrder::transposed,
                  .type = type,
                  .packed = matrix.packed.data()});
  matrix.packed_type = type;
  // A new value: others that share the old one keep its numbers.
  matrix.value =
      Value(Tensor(matrix.shape, numbers.type(), nullptr, nullptr), Value::Kind::parameter);
}

}  // namespace octavo
