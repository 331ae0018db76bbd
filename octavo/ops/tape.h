// The tape: what the forward pass did, to be walked back for gradients.
//
// An operation computes its result at once and, if the tape records and an input wants a gradient,
// leaves a closure that turns the result's gradient into its inputs'. `backward` runs the closures
// in reverse and drops each after use, so activations are freed as early as they can be. With
// `Recording::off` the same model code is inference.
//
// Conventions. A value's gradient has the value's type; a parameter's gradient is f32 (f64 for f64)
// and always adds to what is there, so micro-batches sum in the order they come. Nothing is summed
// in an order that threads decide. Tested by tests/ops/tape_test.cpp.
#pragma once

#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "octavo/kernels/kernels.h"
#include "octavo/tensor/tensor.h"

namespace octavo {

/// A tensor and, where one is wanted, its gradient. Copies share both.
class Value {
 public:
  enum class Kind { constant, activation, parameter };

  Value() = default;  ///< absent: an optional input that is not there
  explicit Value(Tensor data, Kind kind = Kind::constant)
      : data_(std::make_shared<Tensor>(std::move(data))),
        gradient_(std::make_shared<Tensor>()),
        kind_(kind) {}

  explicit operator bool() const { return data_ != nullptr; }
  const Tensor& data() const { return *data_; }
  const Shape& shape() const { return data_->shape(); }
  DataType type() const { return data_->type(); }
  bool wants_gradient() const { return kind_ != Kind::constant; }
  bool is_parameter() const { return kind_ == Kind::parameter; }

  /// Empty until something was written to it.
  const Tensor& gradient() const { return *gradient_; }
  void set_gradient(Tensor gradient) const { *gradient_ = std::move(gradient); }
  void set_data(Tensor data) const { *data_ = std::move(data); }

  /// The same gradient with the numbers forgotten: what a closure keeps of an input that it does
  /// not read, so that the input's memory is free at once.
  Value without_data() const;

 private:
  std::shared_ptr<Tensor> data_, gradient_;
  Kind kind_ = Kind::constant;
};

/// The type of sums, statistics and parameter gradients beside numbers of this type.
inline DataType sum_type(DataType type) {
  return type == DataType::f64 ? DataType::f64 : DataType::f32;
}

/// Where a backward pass writes an input's gradient: fresh memory to overwrite, all of it, or what
/// is there to add to.
struct GradientTarget {
  Tensor tensor;
  Write write;
};
GradientTarget gradient_target(const Value& value);

/// A parameter's gradient to add to: zeros at first.
Tensor gradient_sum(const Value& parameter);

/// Gives `value` this gradient, or adds it to the one it has. The tensor's memory passes to the
/// value, which may add to it later.
void add_gradient(const Value& value, const Tensor& gradient);

enum class Recording { on, off };

class Tape {
 public:
  explicit Tape(Recording recording = Recording::on) : recording_(recording == Recording::on) {}

  using Inputs = std::initializer_list<std::reference_wrapper<const Value>>;

  bool recording() const { return recording_; }
  /// True if an operation on these inputs will be walked back: then it keeps what that needs.
  bool records(Inputs inputs) const;

  /// The result of an operation. `backward` is called with the result's gradient; it is kept only
  /// if the tape records and one of the inputs wants a gradient.
  template <class Backward>
  Value record(std::string_view operation, Tensor result, Inputs inputs, Backward&& backward) {
    if (!records(inputs)) return unrecorded(operation, std::move(result));
    return recorded(operation, std::move(result), inputs, std::forward<Backward>(backward));
  }

  /// The same where nothing is recorded: what the closure would keep need not be gathered.
  Value unrecorded(std::string_view operation, Tensor result) const;

  /// Runs back from `loss` (any shape; its gradient starts as `seed` everywhere) and empties the
  /// tape.
  void backward(const Value& loss, double seed = 1);
  /// The same from a given gradient, whose memory passes to the tape.
  void backward(const Value& output, const Tensor& gradient);

  /// Examine every result and gradient and throw ErrorKind::diverged at the first NaN or Inf,
  /// naming its operation. Slow: for finding where a loss that is not finite came from.
  void check_finite(bool check) { check_finite_ = check; }
  bool checks_finite() const { return check_finite_; }

  /// Names what is being computed ("block 3"), for check_finite's message.
  void enter(std::string place) { place_ = std::move(place); }
  const std::string& place() const { return place_; }

 private:
  Value recorded(std::string_view operation, Tensor result, Inputs inputs,
                 std::function<void(const Tensor& gradient)> backward);
  struct Entry {
    std::string operation, place;
    Value result;
    std::vector<Value> inputs;
    std::function<void(const Tensor&)> backward;
  };
  void require_finite(const Tensor& tensor, std::string_view what, std::string_view operation,
                      std::string_view place) const;

  bool recording_;
  bool check_finite_ = false;
  std::string place_;
  std::vector<Entry> entries_;
};

/// function(tape, x) with nothing kept but x: the backward pass computes it again (activation
/// recomputation, Chen et al. 2016). `function` must be a function of x and parameters alone.
Value recomputed(Tape& tape, const Value& x,
                 const std::function<Value(Tape&, const Value&)>& function);

/// A tensor as the kernels take it: [rows, columns], rows being all sizes but the last.
Array array_of(const Tensor& tensor);
/// Columns [first, first + count) of it.
Array columns_of(const Tensor& tensor, int64_t first, int64_t count);

}  // namespace octavo
