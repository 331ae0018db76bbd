#include "octavo/ops/tape.h"

#include <algorithm>

#include "octavo/base/error.h"
#include "octavo/ops/numbers.h"

namespace octavo {
namespace {

/// A shape and a type without numbers.
Tensor outline_of(const Tensor& tensor) {
  return Tensor(tensor.shape(), tensor.type(), nullptr, nullptr);
}

Tensor filled(const Shape& shape, DataType type, double number) {
  Tensor result(shape, type);
  if (result.data() == nullptr) return result;
  switch (type) {
    case DataType::f64:
      std::ranges::fill(result.as<double>(), number);
      break;
    case DataType::f32:
      std::ranges::fill(result.as<float>(), static_cast<float>(number));
      break;
    case DataType::bf16:
      std::ranges::fill(result.as<bf16>(), bf16(static_cast<float>(number)));
      break;
    default:
      fail(ErrorKind::internal, "[tape] no gradient of type {}", name_of(type));
  }
  return result;
}

}  // namespace

Value Value::without_data() const {
  Value result = *this;
  if (data_) result.data_ = std::make_shared<Tensor>(outline_of(*data_));
  return result;
}

GradientTarget gradient_target(const Value& value) {
  if (!value.gradient().empty()) return {value.gradient(), Write::accumulate};
  const DataType type = value.is_parameter() ? sum_type(value.type()) : value.type();
  value.set_gradient(Tensor(value.shape(), type));
  return {value.gradient(), Write::overwrite};
}

Tensor gradient_sum(const Value& parameter) {
  assert(parameter.is_parameter());
  if (parameter.gradient().empty())
    parameter.set_gradient(Tensor::zeros(parameter.shape(), sum_type(parameter.type())));
  return parameter.gradient();
}

void add_gradient(const Value& value, const Tensor& gradient) {
  if (!value.wants_gradient()) return;
  const DataType type = value.is_parameter() ? sum_type(value.type()) : value.type();
  if (value.gradient().empty() && gradient.type() == type) {
    value.set_gradient(gradient.reshaped(value.shape()));
    return;
  }
  const auto [tensor, write] = gradient_target(value);
  kernels().map(
      {.x = array_of(gradient.reshaped(value.shape())), .out = array_of(tensor), .write = write});
}

bool Tape::records(Inputs inputs) const {
  return recording_ && std::ranges::any_of(inputs, &Value::wants_gradient);
}

Value Tape::unrecorded(std::string_view operation, Tensor result) const {
  if (check_finite_) require_finite(result, "result", operation, place_);
  return Value(std::move(result));
}

Value Tape::recorded(std::string_view operation, Tensor result, Inputs inputs,
                     std::function<void(const Tensor&)> backward) {
  if (check_finite_) require_finite(result, "result", operation, place_);
  Value value(std::move(result), Value::Kind::activation);
  Entry entry{std::string(operation), place_, value.without_data(), {}, std::move(backward)};
  for (const Value& input : inputs)
    if (input.wants_gradient()) entry.inputs.push_back(input.without_data());
  entries_.push_back(std::move(entry));
  return value;
}

void Tape::backward(const Value& loss, double seed) {
  backward(loss, filled(loss.shape(), loss.type(), seed));
}

void Tape::backward(const Value& output, const Tensor& gradient) {
  require(recording_, "[tape] backward on a tape that does not record");
  require(output.wants_gradient(),
          "[tape] backward from a value that depends on nothing trainable");
  require(gradient.elements() == output.data().elements(),
          "[tape] a gradient of shape {} for an output of shape {}", gradient.shape(),
          output.shape());
  add_gradient(output, gradient);
  // Taken out first, so that an error frees everything too.
  for (std::vector<Entry> entries = std::move(entries_); !entries.empty(); entries.pop_back()) {
    const Entry& entry = entries.back();
    const Tensor result_gradient = entry.result.gradient();
    if (result_gradient.empty()) continue;
    entry.result.set_gradient({});
    entry.backward(result_gradient);
    if (!check_finite_) continue;
    for (const Value& input : entry.inputs)
      if (!input.gradient().empty())
        require_finite(input.gradient(), "gradient", entry.operation, entry.place);
  }
  entries_.clear();
}

void Tape::require_finite(const Tensor& tensor, std::string_view what, std::string_view operation,
                          std::string_view place) const {
  if (const auto number = first_not_finite(tensor))
    fail(ErrorKind::diverged, "{} in the {} of {}{}", *number != *number ? "NaN" : "Inf", what,
         operation, place.empty() ? "" : fmt::format(" ({})", place));
}

Value recomputed(Tape& tape, const Value& x,
                 const std::function<Value(Tape&, const Value&)>& function) {
  if (!tape.recording()) return function(tape, x);
  const auto fresh = [check = tape.checks_finite(), place = tape.place()](Recording recording) {
    Tape inner(recording);
    inner.check_finite(check);
    inner.enter(place);
    return inner;
  };
  Tape forward = fresh(Recording::off);
  const Tensor result = function(forward, x).data();
  // Recorded whether x wants a gradient or not: the function's parameters may.
  const Value detached(x.data(), Value::Kind::activation);
  return tape.record("recomputed", result, {detached},
                     [fresh, function, detached, x = x.without_data()](const Tensor& gradient) {
                       Tape again = fresh(Recording::on);
                       again.backward(function(again, detached), gradient);
                       if (!detached.gradient().empty()) add_gradient(x, detached.gradient());
                       detached.set_gradient({});
                     });
}

Array array_of(const Tensor& tensor) {
  return {tensor.data(), tensor.type(), tensor.rows(), tensor.columns(), tensor.columns()};
}

Array columns_of(const Tensor& tensor, int64_t first, int64_t count) {
  Array array = array_of(tensor);
  assert(first >= 0 && count >= 0 && first + count <= array.columns);
  if (array.data)
    array.data =
        static_cast<std::byte*>(array.data) + static_cast<size_t>(first) * size_of(array.type);
  array.columns = count;
  return array;
}

}  // namespace octavo
