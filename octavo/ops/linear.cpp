#include "octavo/ops/linear.h"

#include <algorithm>
#include <type_traits>

#include "octavo/base/error.h"
#include "octavo/ops/elementwise.h"

namespace octavo {
namespace {

void check_operands(const char* operation, const Tensor& x, const Parameter& weight) {
  require(x.type() == DataType::f64 || x.type() == DataType::f32 || x.type() == DataType::bf16,
          "[{}] x is {}, expected f64, f32 or bf16", operation, name_of(x.type()));
  require(weight && weight.shape.rank() == 2, "[{}] {} is {}, expected [outputs, inputs]",
          operation, weight.name, weight.shape);
  require(x.columns() == weight.shape[1], "[{}] x has {} columns, {} has {} inputs", operation,
          x.columns(), weight.name, weight.shape[1]);
}

/// Columns [first, first + count).
template <class AnyArray>
AnyArray columns_of(AnyArray array, int64_t first, int64_t count) {
  using Byte = std::conditional_t<std::is_same_v<AnyArray, Array>, std::byte, const std::byte>;
  if (array.data)
    array.data = static_cast<Byte*>(array.data) + static_cast<size_t>(first) * size_of(array.type);
  array.columns = count;
  return array;
}

Tensor gelu_gradient(Activation kind, const Tensor& dy, const Tensor& pre) {
  Tensor result(dy.shape(), dy.type());
  kernels().combine({.function = kind == Activation::gelu_tanh ? Binary::gelu_tanh_gradient
                                                               : Binary::gelu_exact_gradient,
                     .a = array_of(dy),
                     .b = array_of(pre),
                     .out = array_of(result)});
  return result;
}

}  // namespace

Value linear(Tape& tape, const Value& x, const Parameter& weight, const Parameter& bias,
             Activation activation) {
  check_operands("linear", x.data(), weight);
  const int64_t outputs = weight.shape[0];
  const DataType type = x.type();
  require(!bias || bias.shape.elements() == outputs,
          "[linear] {} has {} numbers, {} has {} outputs", bias.name, bias.shape.elements(),
          weight.name, outputs);
  require(!bias || bias.value.type() == sum_type(type),
          "[linear] {} is {}, expected {} beside {} x", bias.name,
          bias ? name_of(bias.value.type()) : "", name_of(sum_type(type)), name_of(type));

  const bool records = tape.records({x, weight.value, bias.value});
  require(!records || x.data().rows() > 0, "[linear] x has no rows");
  require(!records || (!weight.value.data().empty() && !weight.quantized()),
          "[linear] {} is {} for inference and has no gradient", weight.name,
          weight.quantized() ? "quantized" : "packed");

  const Tensor y({x.data().rows(), outputs}, type);
  const Tensor pre = records && activation != Activation::none ? Tensor(y.shape(), type) : Tensor();
  detail::RightSide(weight, type, 0, outputs)
      .multiply({.left = array_of(x.data()),
                 .bias = bias ? array_of(bias.value.data().reshaped({1, outputs})) : Array{},
                 .activation = activation,
                 .pre_activation = pre.empty() ? Array{} : array_of(pre),
                 .out = array_of(y)});

  if (!records) return tape.unrecorded("linear", y);
  return tape.record(
      "linear", y, {x, weight.value, bias.value},
      [x, weight = weight.value, bias = bias.value, activation, pre](const Tensor& dy) {
        const Tensor dpre = pre.empty() ? dy : gelu_gradient(activation, dy, pre);
        if (bias.wants_gradient()) detail::accumulate_rows(dpre, gradient_sum(bias));
        if (weight.wants_gradient())
          detail::add_weight_gradient(array_of(dpre), array_of(x.data()), gradient_target(weight));
        if (x.wants_gradient()) {
          const auto right = detail::pack(array_of(weight.data()), MatrixOrder::plain, dpre.type());
          const auto [dx, write] = gradient_target(x);
          kernels().product(
              {.left = array_of(dpre), .right = right.matrix, .out = array_of(dx), .write = write});
        }
      });
}

Tensor logits(const Tensor& x, const Parameter& head) {
  check_operands("logits", x, head);
  const int64_t vocabulary = head.shape[0];
  const Tensor out({x.rows(), vocabulary}, sum_type(x.type()));
  const int64_t chunk = head.packed.empty() && !head.quantized() ? kVocabularyChunk : vocabulary;
  for (int64_t first = 0; first < vocabulary; first += chunk) {
    const int64_t count = std::min(chunk, vocabulary - first);
    detail::RightSide(head, x.type(), first, count)
        .multiply({.left = array_of(x), .out = columns_of(out, first, count)});
  }
  return out;
}

namespace detail {

Packed pack(const ConstArray& matrix, MatrixOrder order, DataType type) {
  Pack request{.source = matrix, .order = order, .type = type};
  const size_t bytes = kernels().packed_bytes(request.k(), request.n(), type);
  const Tensor memory({static_cast<int64_t>(bytes)}, DataType::u8);
  request.packed = memory.data();
  kernels().pack(request);
  return {memory, {memory.data(), type, request.k(), request.n()}};
}

RightSide::RightSide(const Parameter& weight, DataType type, int64_t first, int64_t count) {
  assert(first % kPackedColumns == 0 && first + count <= weight.shape[0]);
  if (!weight.packed.empty()) {
    require(weight.packed_type == type, "[linear] {} is packed as {}, the product is {}",
            weight.name, name_of(weight.packed_type), name_of(type));
    packed_ = {weight.packed, {weight.packed.data(), type, weight.shape[1], weight.shape[0]}};
    first_column_ = first;
    return;
  }
  if (!weight.quantized()) {
    require(!weight.value.data().empty(), "[linear] {} has no numbers", weight.name);
    packed_ =
        pack(array_of(weight.value.data().slice(first, count)), MatrixOrder::transposed, type);
    return;
  }
  require(type == DataType::f32 || type == DataType::bf16,
          "[linear] {} is {}, which is multiplied in f32 and bf16, not {}", weight.name,
          name_of(weight.value.type()), name_of(type));
  int64_t begin = 0;  // of the tensor's rows
  for (const Tensor& tensor : weight.blocks) {
    const int64_t from = std::max(first - begin, int64_t{0});
    const int64_t to = std::min(first + count - begin, tensor.rows());
    if (from < to) blocks_.push_back(tensor.slice(from, to - from));
    begin += tensor.rows();
  }
  rounding_ = weight.rounding;
}

void RightSide::multiply(Product product) const {
  if (blocks_.empty()) {
    product.right = packed_.matrix;
    product.first_column = first_column_;
    return kernels().product(product);
  }
  assert(!product.left_transposed && !product.pre_activation && product.write == Write::overwrite);
  int64_t column = 0;
  for (const Tensor& rows : blocks_) {
    QuantizedProduct quantized{
        .left = product.left,
        .rounding = rounding_,
        .right = {rows.data(), rows.type(), rows.rows(), rows.columns()},
        .bias = product.bias ? columns_of(product.bias, column, rows.rows()) : product.bias,
        .activation = product.activation,
        .out = columns_of(product.out, column, rows.rows())};
    const size_t bytes = kernels().quantized_product_scratch(quantized);
    const Tensor scratch({static_cast<int64_t>(bytes)}, DataType::u8);
    quantized.scratch = scratch.data();
    kernels().quantized_product(quantized);
    column += rows.rows();
  }
}

void add_weight_gradient(const ConstArray& dy, const ConstArray& x, const GradientTarget& dweight) {
  for (int64_t first = 0; first < dy.rows; first += kGradientRows) {
    const int64_t count = std::min(kGradientRows, dy.rows - first);
    const Packed left = pack(rows_of(dy, first, count), MatrixOrder::plain, dy.type);
    const Packed right = pack(rows_of(x, first, count), MatrixOrder::plain, dy.type);
    kernels().product({.left_transposed = left.matrix,
                       .right = right.matrix,
                       .out = array_of(dweight.tensor),
                       .write = first == 0 ? dweight.write : Write::accumulate});
  }
}

ConstArray rows_of(const ConstArray& array, int64_t first, int64_t count) {
  assert(first >= 0 && count >= 0 && first + count <= array.rows);
  ConstArray result = array;
  if (array.data)
    result.data = static_cast<const std::byte*>(array.data) +
                  static_cast<size_t>(first * array.stride) * size_of(array.type);
  result.rows = count;
  return result;
}

}  // namespace detail
}  // namespace octavo
