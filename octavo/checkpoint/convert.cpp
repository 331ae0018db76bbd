#include "octavo/checkpoint/convert.h"

#include <algorithm>

#include "octavo/base/error.h"
#include "octavo/base/threads.h"

namespace octavo {
namespace {

// Rows and columns are walked in squares, so that both sides stay in the cache.
constexpr int64_t kSquare = 64;

template <class To, class From>
To converted(From number) {
  if constexpr (std::is_same_v<To, From>)
    return number;
  else if constexpr (std::is_same_v<To, double>)
    return static_cast<double>(number);
  else
    return static_cast<To>(static_cast<float>(number));
}

template <class From, class To>
void convert(const Tensor& from, const Tensor& to, StoredOrder order) {
  const int64_t rows = from.rows(), columns = from.columns();
  const From* in = from.as<From>().data();
  To* out = to.as<To>().data();
  const bool transposed = order == StoredOrder::transposed;
  parallel_for((rows + kSquare - 1) / kSquare, [&](int64_t block) {
    const int64_t first = block * kSquare, last = std::min(first + kSquare, rows);
    for (int64_t start = 0; start < columns; start += kSquare)
      for (int64_t r = first; r < last; ++r)
        for (int64_t c = start; c < std::min(start + kSquare, columns); ++c)
          out[transposed ? c * rows + r : r * columns + c] = converted<To>(in[r * columns + c]);
  });
}

template <class From>
void convert_from(const Tensor& from, const Tensor& to, StoredOrder order) {
  switch (to.type()) {
    case DataType::f64:
      return convert<From, double>(from, to, order);
    case DataType::f32:
      return convert<From, float>(from, to, order);
    case DataType::bf16:
      return convert<From, bf16>(from, to, order);
    default:
      return convert<From, f16>(from, to, order);
  }
}

}  // namespace

bool is_weight_type(DataType type) {
  return type == DataType::f64 || type == DataType::f32 || type == DataType::bf16 ||
         type == DataType::f16;
}

Tensor convert_weights(const Tensor& tensor, DataType type, StoredOrder order) {
  require(is_weight_type(tensor.type()) && is_weight_type(type),
          "[convert] from {} to {}, expected floating-point types", name_of(tensor.type()),
          name_of(type));
  const Shape& shape = tensor.shape();
  require(order == StoredOrder::same || shape.rank() == 2, "[convert] {} is no matrix", shape);
  Tensor result(order == StoredOrder::same ? shape : Shape{shape[1], shape[0]}, type);
  switch (tensor.type()) {
    case DataType::f64:
      convert_from<double>(tensor, result, order);
      break;
    case DataType::f32:
      convert_from<float>(tensor, result, order);
      break;
    case DataType::bf16:
      convert_from<bf16>(tensor, result, order);
      break;
    default:
      convert_from<f16>(tensor, result, order);
      break;
  }
  return result;
}

}  // namespace octavo
