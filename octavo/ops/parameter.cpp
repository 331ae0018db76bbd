#include "octavo/ops/parameter.h"

#include "octavo/base/error.h"
#include "octavo/ops/linear.h"

namespace octavo {

void pack_for_inference(Parameter& matrix, DataType type) {
  const Tensor& numbers = matrix.value.data();
  require(matrix.shape.rank() == 2, "[pack] {} is {}, not a matrix", matrix.name,
          matrix.shape.text());
  require(!numbers.empty(), "[pack] {} is packed already", matrix.name);
  matrix.packed = detail::pack(array_of(numbers), MatrixOrder::transposed, type).memory;
  matrix.packed_type = type;
  // A new value: others that share the old one keep its numbers.
  matrix.value =
      Value(Tensor(matrix.shape, numbers.type(), nullptr, nullptr), Value::Kind::parameter);
}

}  // namespace octavo
