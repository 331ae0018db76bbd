#include "octavo/checkpoint/convert.h"

#include <algorithm>
#include <cstring>

#include "octavo/base/error.h"
#include "octavo/base/threads.h"
#include "octavo/ops/quantize.h"

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

/// Where row `row` of ours (a number of a bias) lies among the stored rows.
int64_t stored_row(StoredOrder order, int64_t row, int64_t rows, int64_t head_size) {
  const int64_t head = row / head_size, within = row % head_size;
  if (order == StoredOrder::by_head) {  // ours [3][heads], stored [heads][3]
    const int64_t heads = rows / head_size / 3;
    return (head % heads * 3 + head / heads) * head_size + within;
  }
  const int64_t half = head_size / 2;
  return head * head_size + within % half * 2 + within / half;
}

/// The rows in our order, or in the stored one. Rows of any type, blocks too.
Tensor reordered(const Tensor& from, const StoredParameter& stored, Direction direction) {
  const Tensor to(from.shape(), from.type());
  const int64_t rows = from.shape()[0];
  const size_t bytes = from.bytes() / static_cast<size_t>(rows);
  const auto* in = static_cast<const std::byte*>(from.data());
  auto* out = static_cast<std::byte*>(to.data());
  parallel_for((rows + kSquare - 1) / kSquare, [&](int64_t block) {
    for (int64_t row = block * kSquare; row < std::min(rows, (block + 1) * kSquare); ++row) {
      const auto ours = static_cast<size_t>(row) * bytes;
      const auto theirs =
          static_cast<size_t>(stored_row(stored.order, row, rows, stored.head_size)) * bytes;
      if (direction == Direction::from_stored)
        std::memcpy(out + ours, in + theirs, bytes);
      else
        std::memcpy(out + theirs, in + ours, bytes);
    }
  });
  return to;
}

bool reorders(const StoredParameter& stored, size_t part) {
  return stored.order == StoredOrder::by_head ||
         (stored.order == StoredOrder::neighbours && part < 2);
}

}  // namespace

bool is_weight_type(DataType type) {
  return type == DataType::f64 || type == DataType::f32 || type == DataType::bf16 ||
         type == DataType::f16 || is_quantized(type);
}

Tensor convert_weights(const Tensor& tensor, DataType type, StoredOrder order) {
  require(is_weight_type(tensor.type()) && is_weight_type(type),
          "[convert] from {} to {}, expected types of weights", name_of(tensor.type()),
          name_of(type));
  if (is_quantized(type)) {
    const bool as_is = !is_quantized(tensor.type()) && order != StoredOrder::transposed;
    return quantize(as_is ? tensor : convert_weights(tensor, DataType::f32, order), type);
  }
  if (is_quantized(tensor.type())) {
    const Tensor numbers = dequantize(tensor);
    const bool as_is = type == DataType::f32 && order != StoredOrder::transposed;
    return as_is ? numbers : convert_weights(numbers, type, order);
  }
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

std::vector<Tensor> in_our_order(std::span<const Tensor> parts, const StoredParameter& stored) {
  std::vector<Tensor> result(parts.begin(), parts.end());
  for (size_t i = 0; i < result.size(); ++i)
    if (reorders(stored, i)) result[i] = reordered(result[i], stored, Direction::from_stored);
  return result;
}

Tensor from_stored(std::span<const Tensor> parts, const StoredParameter& stored, DataType type) {
  if (parts.size() == 1 && !reorders(stored, 0))
    return convert_weights(parts[0], type, stored.order);
  int64_t rows = 0;
  for (const Tensor& part : parts) rows += part.shape()[0];
  const Shape& first = parts[0].shape();
  const Tensor whole(first.rank() == 1 ? Shape{rows} : Shape{rows, first[1]}, type);
  auto* out = static_cast<std::byte*>(whole.data());
  for (const Tensor& part : in_our_order(parts, stored)) {
    const Tensor numbers = convert_weights(part, type);
    std::memcpy(out, numbers.data(), numbers.bytes());
    out += numbers.bytes();
  }
  return whole;
}

namespace {

// What f16 cannot hold is an error, not an infinity.
Tensor to_type(const Tensor& rows, DataType type, StoredOrder order) {
  if (type == DataType::f16 && rows.type() != DataType::f16)
    return convert_weights(quantize(rows, type), type, order);
  return convert_weights(rows, type, order);
}

}  // namespace

Tensor to_stored(const Tensor& parameter, const StoredParameter& stored, size_t part,
                 DataType type) {
  int64_t first = 0;
  for (size_t i = 0; i < part; ++i) first += stored.parts[i].shape[0];
  const Tensor rows =
      stored.parts.size() == 1 ? parameter : parameter.slice(first, stored.parts[part].shape[0]);
  if (reorders(stored, part))
    return reordered(to_type(rows, type, StoredOrder::same), stored, Direction::to_stored);
  const bool as_is = rows.type() == type && stored.order != StoredOrder::transposed;
  return as_is ? rows : to_type(rows, type, stored.order);
}

}  // namespace octavo
