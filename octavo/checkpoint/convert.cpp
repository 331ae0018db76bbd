#include "octavo/checkpoint/convert.h"

#include <algorithm>
#include <cstring>

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

enum class Direction { from_stored, to_stored };

/// Heads of queries, keys and values: ours lie [3][heads], stored ones [heads][3]; a head is some
/// whole rows (numbers of a bias).
Tensor by_head(const Tensor& from, int64_t heads, Direction direction) {
  const Tensor to(from.shape(), from.type());
  const size_t bytes = from.bytes() / static_cast<size_t>(3 * heads);
  const auto* in = static_cast<const std::byte*>(from.data());
  auto* out = static_cast<std::byte*>(to.data());
  for (int64_t kind = 0; kind < 3; ++kind)
    for (int64_t head = 0; head < heads; ++head) {
      size_t ours = static_cast<size_t>(kind * heads + head) * bytes;
      size_t stored = static_cast<size_t>(head * 3 + kind) * bytes;
      if (direction == Direction::from_stored)
        std::memcpy(out + ours, in + stored, bytes);
      else
        std::memcpy(out + stored, in + ours, bytes);
    }
  return to;
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
  const bool turns = order == StoredOrder::transposed;
  require(!turns || shape.rank() == 2, "[convert] {} is no matrix", shape);
  Tensor result(turns ? Shape{shape[1], shape[0]} : shape, type);
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

Tensor from_stored(std::span<const Tensor> parts, const StoredParameter& stored, DataType type) {
  if (stored.order == StoredOrder::by_head)
    return by_head(convert_weights(parts[0], type), stored.heads, Direction::from_stored);
  if (parts.size() == 1) return convert_weights(parts[0], type, stored.order);
  int64_t rows = 0;
  for (const Tensor& part : parts) rows += part.shape()[0];
  const Shape& first = parts[0].shape();
  const Tensor whole(first.rank() == 1 ? Shape{rows} : Shape{rows, first[1]}, type);
  auto* out = static_cast<std::byte*>(whole.data());
  for (const Tensor& part : parts) {
    const Tensor numbers = convert_weights(part, type);
    std::memcpy(out, numbers.data(), numbers.bytes());
    out += numbers.bytes();
  }
  return whole;
}

Tensor to_stored(const Tensor& parameter, const StoredParameter& stored, size_t part,
                 DataType type) {
  if (stored.order == StoredOrder::by_head)
    return by_head(convert_weights(parameter, type), stored.heads, Direction::to_stored);
  if (stored.parts.size() == 1) {
    const bool as_is = parameter.type() == type && stored.order == StoredOrder::same;
    return as_is ? parameter : convert_weights(parameter, type, stored.order);
  }
  int64_t first = 0;
  for (size_t i = 0; i < part; ++i) first += stored.parts[i].shape[0];
  return convert_weights(parameter.slice(first, stored.parts[part].shape[0]), type);
}

}  // namespace octavo
