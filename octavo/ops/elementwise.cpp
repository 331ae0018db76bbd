#include "octavo/ops/elementwise.h"

#include "octavo/base/error.h"
#include "octavo/ops/numbers.h"

namespace octavo {
namespace {

// ---- What gradients are made of: the same arithmetic on plain tensors ---------------------------

Tensor mapped(Unary function, const Tensor& x, double scale = 1) {
  const Tensor out(x.shape(), x.type());
  kernels().map({.function = function, .scale = scale, .x = array_of(x), .out = array_of(out)});
  return out;
}

/// The shape of two operands' result, where one with a single row or column is repeated.
Shape common_shape(std::string_view operation, const Tensor& a, const Tensor& b) {
  const auto fits = [](int64_t m, int64_t n) { return m == n || m == 1 || n == 1; };
  require(fits(a.rows(), b.rows()) && fits(a.columns(), b.columns()),
          "[{}] {} and {} do not fit together", operation, a.shape(), b.shape());
  const Shape shape{std::max(a.rows(), b.rows()), std::max(a.columns(), b.columns())};
  if (a.elements() == shape.elements()) return a.shape();
  return b.elements() == shape.elements() ? b.shape() : shape;
}

Tensor combined(Binary function, const Tensor& a, const Tensor& b, DataType type) {
  const Tensor out(common_shape("combine", a, b), type);
  kernels().combine(
      {.function = function, .a = array_of(a), .b = array_of(b), .out = array_of(out)});
  return out;
}

Tensor combined(Binary function, const Tensor& a, const Tensor& b) {
  return combined(function, a, b, a.type());
}

Tensor column_sums(const Tensor& x) {
  const Tensor out({1, x.rows()}, sum_type(x.type()));
  kernels().sum_columns({array_of(x), array_of(out)});
  return out.reshaped({x.rows(), 1});
}

Tensor row_sums(const Tensor& x) {
  const Tensor out = Tensor::zeros({1, x.columns()}, sum_type(x.type()));
  detail::accumulate_rows(x, out);
  return out;
}

/// Gives an operand its part of a gradient of the whole result: summed where it was repeated.
void add_summed(const Value& operand, Tensor gradient) {
  if (operand.data().columns() < gradient.columns()) gradient = column_sums(gradient);
  if (operand.data().rows() < gradient.rows()) gradient = row_sums(gradient);
  add_gradient(operand, gradient);
}

// ---- The two patterns of operations -------------------------------------------------------------

/// out = function(a, b). `backward` is called with the gradient of the result.
template <class Backward>
Value binary(Tape& tape, std::string_view name, Binary function, const Value& a, const Value& b,
             const Backward& backward) {
  const Tensor out(common_shape(name, a.data(), b.data()), a.type());
  kernels().combine({.function = function,
                     .a = array_of(a.data()),
                     .b = array_of(b.data()),
                     .out = array_of(out)});
  return tape.record(name, out, {a, b}, backward);
}

/// out = function(x) · scale. `gradient` turns (dout, x, out) into dx.
template <class Gradient>
Value unary(Tape& tape, std::string_view name, Unary function, const Value& x,
            const Gradient& gradient) {
  const Tensor out = mapped(function, x.data());
  return tape.record(name, out, {x}, [x, out, gradient](const Tensor& dout) {
    add_gradient(x, gradient(dout, x.data(), out));
  });
}

}  // namespace

// ---- Two operands -------------------------------------------------------------------------------

Value add(Tape& tape, const Value& a, const Value& b) {
  return binary(tape, "add", Binary::add, a, b,
                [a = a.without_data(), b = b.without_data()](const Tensor& dout) {
                  // b first, with a copy (or a sum): dout itself passes to a.
                  const bool repeated = b.data().elements() < dout.elements();
                  if (b.wants_gradient()) add_summed(b, repeated ? dout : cast(dout, b.type()));
                  if (a.wants_gradient()) add_summed(a, dout);
                });
}

Value subtract(Tape& tape, const Value& a, const Value& b) {
  return binary(tape, "subtract", Binary::subtract, a, b,
                [a = a.without_data(), b = b.without_data()](const Tensor& dout) {
                  if (b.wants_gradient()) add_summed(b, mapped(Unary::copy, dout, -1));
                  if (a.wants_gradient()) add_summed(a, dout);
                });
}

namespace {

/// The type of an operand's gradient before it is summed: unrounded where the operand is repeated,
/// since what is summed may cancel.
DataType type_to_sum(const Value& operand, const Tensor& dout) {
  return operand.data().elements() < dout.elements() ? sum_type(dout.type()) : dout.type();
}

}  // namespace

Value multiply(Tape& tape, const Value& a, const Value& b) {
  return binary(tape, "multiply", Binary::multiply, a, b, [a, b](const Tensor& dout) {
    const auto add = [&dout](const Value& operand, const Value& factor) {
      if (operand.wants_gradient())
        add_summed(operand,
                   combined(Binary::multiply, dout, factor.data(), type_to_sum(operand, dout)));
    };
    add(b, a), add(a, b);
  });
}

Value divide(Tape& tape, const Value& a, const Value& b) {
  return binary(tape, "divide", Binary::divide, a, b, [a, b](const Tensor& dout) {
    const Value& smaller = a.data().elements() < b.data().elements() ? a : b;
    const DataType type = type_to_sum(smaller, dout);
    const Tensor da = combined(Binary::divide, dout, b.data(), type);
    if (b.wants_gradient()) {
      const Tensor ratio = combined(Binary::divide, a.data(), b.data(), type);
      add_summed(b, mapped(Unary::negate, combined(Binary::multiply, da, ratio)));
    }
    if (a.wants_gradient()) add_summed(a, da);
  });
}

namespace {

/// `b_wins(a, b)` is the tensor that is 1 where the result is b's, else 0.
template <class BWins>
auto choice_gradient(const Value& a, const Value& b, const BWins& b_wins) {
  return [a, b, b_wins](const Tensor& dout) {
    const Tensor db = combined(Binary::multiply, dout, b_wins(a.data(), b.data()));
    if (a.wants_gradient()) add_summed(a, combined(Binary::subtract, dout, db));
    if (b.wants_gradient()) add_summed(b, db);
  };
}

}  // namespace

Value minimum(Tape& tape, const Value& a, const Value& b) {
  return binary(tape, "minimum", Binary::minimum, a, b,
                choice_gradient(a, b, [](const Tensor& a, const Tensor& b) {
                  return combined(Binary::less, b, a);
                }));
}

Value maximum(Tape& tape, const Value& a, const Value& b) {
  return binary(tape, "maximum", Binary::maximum, a, b,
                choice_gradient(a, b, [](const Tensor& a, const Tensor& b) {
                  return combined(Binary::less, a, b);
                }));
}

// ---- One operand --------------------------------------------------------------------------------

Value scaled(Tape& tape, const Value& x, double factor) {
  return tape.record("scaled", mapped(Unary::copy, x.data(), factor), {x},
                     [x = x.without_data(), factor](const Tensor& dout) {
                       add_gradient(x, mapped(Unary::copy, dout, factor));
                     });
}

Value swiglu(Tape& tape, const Value& x) {
  const int64_t n = x.data().columns() / 2;
  require(x.data().columns() == 2 * n, "[swiglu] {} columns are not as many gates as ups",
          x.data().columns());
  const Tensor out({x.data().rows(), n}, x.type());
  kernels().swiglu({array_of(x.data()), array_of(out)});
  return tape.record("swiglu", out, {x}, [x](const Tensor& dout) {
    const Tensor dx(x.shape(), x.type());
    kernels().swiglu_backward({array_of(x.data()), array_of(dout), array_of(dx)});
    add_gradient(x, dx);
  });
}

Value cast(Tape& tape, const Value& x, DataType type) {
  return tape.record("cast", cast(x.data(), type), {x},
                     [x = x.without_data()](const Tensor& dout) { add_gradient(x, dout); });
}

Value exp(Tape& tape, const Value& x) {
  return unary(tape, "exp", Unary::exp, x,
               [](const Tensor& dout, const Tensor&, const Tensor& out) {
                 return combined(Binary::multiply, dout, out);
               });
}

Value log(Tape& tape, const Value& x) {
  return unary(tape, "log", Unary::log, x, [](const Tensor& dout, const Tensor& x, const Tensor&) {
    return combined(Binary::divide, dout, x);
  });
}

Value sigmoid(Tape& tape, const Value& x) {
  // σ(x) σ(−x), exact where 1 − σ(x) would cancel.
  return unary(tape, "sigmoid", Unary::sigmoid, x,
               [](const Tensor& dout, const Tensor& x, const Tensor& out) {
                 const Tensor other = mapped(Unary::sigmoid, mapped(Unary::negate, x));
                 return combined(Binary::multiply, combined(Binary::multiply, dout, out), other);
               });
}

Value log_sigmoid(Tape& tape, const Value& x) {
  return unary(tape, "log_sigmoid", Unary::log_sigmoid, x,
               [](const Tensor& dout, const Tensor& x, const Tensor&) {
                 const Tensor other = mapped(Unary::sigmoid, mapped(Unary::negate, x));
                 return combined(Binary::multiply, dout, other);
               });
}

Value tanh(Tape& tape, const Value& x) {
  return unary(tape, "tanh", Unary::tanh, x,
               [](const Tensor& dout, const Tensor&, const Tensor& out) {
                 const Tensor lost = combined(Binary::multiply, dout, mapped(Unary::square, out));
                 return combined(Binary::subtract, dout, lost);
               });
}

Value square(Tape& tape, const Value& x) {
  return unary(tape, "square", Unary::square, x,
               [](const Tensor& dout, const Tensor& x, const Tensor&) {
                 return mapped(Unary::copy, combined(Binary::multiply, dout, x), 2);
               });
}

Value gelu(Tape& tape, const Value& x, Activation kind) {
  require(kind != Activation::none, "[gelu] expected gelu_tanh or gelu_exact");
  const bool by_tanh = kind == Activation::gelu_tanh;
  return unary(tape, "gelu", by_tanh ? Unary::gelu_tanh : Unary::gelu_exact, x,
               [by_tanh](const Tensor& dout, const Tensor& x, const Tensor&) {
                 return combined(by_tanh ? Binary::gelu_tanh_gradient : Binary::gelu_exact_gradient,
                                 dout, x);
               });
}

// ---- Sums ---------------------------------------------------------------------------------------

namespace {

/// The gradient of a sum: repeated for all that was summed.
void add_repeated(const Value& x, const Tensor& dout) {
  const Tensor zeros = Tensor::zeros(x.shape(), x.type());
  add_gradient(x, combined(Binary::add, zeros, dout));
}

}  // namespace

Value sum_columns(Tape& tape, const Value& x) {
  return tape.record("sum_columns", column_sums(x.data()), {x},
                     [x = x.without_data()](const Tensor& dout) { add_repeated(x, dout); });
}

Value sum_rows(Tape& tape, const Value& x) {
  return tape.record("sum_rows", row_sums(x.data()), {x},
                     [x = x.without_data()](const Tensor& dout) { add_repeated(x, dout); });
}

Value sum(Tape& tape, const Value& x) { return sum_rows(tape, sum_columns(tape, x)); }

Value mean(Tape& tape, const Value& x) {
  require(x.data().elements() > 0, "[mean] of no numbers");
  return scaled(tape, sum(tape, x), 1.0 / static_cast<double>(x.data().elements()));
}

void detail::accumulate_rows(const Tensor& x, const Tensor& out) {
  const Tensor scratch({(x.rows() + kSumRows - 1) / kSumRows, x.columns()}, sum_type(x.type()));
  kernels().sum_rows({array_of(x), array_of(out.reshaped({1, x.columns()})), array_of(scratch)});
}

}  // namespace octavo
