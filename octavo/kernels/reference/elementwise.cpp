// Elementwise operations, SwiGLU (Shazeer 2020), dropout (Srivastava et al. 2014), and sums over
// rows and columns.
#include <algorithm>
#include <cmath>

#include "octavo/base/threads.h"
#include "octavo/kernels/dropout_mask.h"
#include "octavo/kernels/element.h"
#include "octavo/kernels/reference/functions.h"
#include "octavo/kernels/reference/reference.h"

namespace octavo {
namespace {

double apply(Unary function, double x) {
  switch (function) {
    case Unary::copy:
      return x;
    case Unary::negate:
      return -x;
    case Unary::exp:
      return std::exp(x);
    case Unary::log:
      return std::log(x);
    case Unary::sigmoid:
      return sigmoid(x);
    case Unary::log_sigmoid:
      return log_sigmoid(x);
    case Unary::tanh:
      return std::tanh(x);
    case Unary::square:
      return x * x;
    case Unary::gelu_tanh:
      return gelu_tanh(x);
    case Unary::gelu_exact:
      return gelu_exact(x);
  }
  return x;
}

double apply(Binary function, double a, double b) {
  switch (function) {
    case Binary::add:
      return a + b;
    case Binary::subtract:
      return a - b;
    case Binary::multiply:
      return a * b;
    case Binary::divide:
      return a / b;
    case Binary::minimum:
      return std::min(a, b);
    case Binary::maximum:
      return std::max(a, b);
    case Binary::less:
      return a < b ? 1 : 0;
    case Binary::gelu_tanh_gradient:
      return a * gelu_tanh_derivative(b);
    case Binary::gelu_exact_gradient:
      return a * gelu_exact_derivative(b);
  }
  return a;
}

/// An element of an operand whose only row, or only column, stands for all.
double get_repeated(const ConstArray& x, int64_t row, int64_t column) {
  return get(x, x.rows == 1 ? 0 : row, x.columns == 1 ? 0 : column);
}

}  // namespace

void ReferenceKernels::map(const Map& m) const {
  parallel_for(m.out.rows, [&](int64_t r) {
    for (int64_t c = 0; c < m.out.columns; ++c)
      set(m.out, r, c, apply(m.function, get(m.x, r, c)) * m.scale, m.write);
  });
}

void ReferenceKernels::combine(const Combine& b) const {
  parallel_for(b.out.rows, [&](int64_t r) {
    for (int64_t c = 0; c < b.out.columns; ++c)
      set(b.out, r, c, apply(b.function, get_repeated(b.a, r, c), get_repeated(b.b, r, c)));
  });
}

void ReferenceKernels::swiglu(const SwiGlu& s) const {
  parallel_for(s.out.rows, [&](int64_t r) {
    for (int64_t c = 0; c < s.out.columns; ++c) {
      const double gate = get(s.x, r, c);
      set(s.out, r, c, gate * sigmoid(gate) * get(s.x, r, s.out.columns + c));
    }
  });
}

// silu' = σ + x · σ · (1 − σ)
void ReferenceKernels::swiglu_backward(const SwiGluBackward& s) const {
  parallel_for(s.dout.rows, [&](int64_t r) {
    for (int64_t c = 0; c < s.dout.columns; ++c) {
      const double dout = get(s.dout, r, c), gate = get(s.x, r, c);
      const double up = get(s.x, r, s.dout.columns + c), part = sigmoid(gate);
      set(s.dx, r, c, dout * up * (part + gate * part * (1 - part)));
      set(s.dx, r, s.dout.columns + c, dout * gate * part);
    }
  });
}

void ReferenceKernels::dropout(const Dropout& d) const {
  const RandomStream stream = random_stream(d.mask);
  const uint32_t threshold = keep_threshold(d.mask.probability);
  const int64_t C = d.x.columns;
  parallel_for(d.x.rows, [&](int64_t r) {
    for (int64_t c = 0; c < C; ++c) {
      const uint64_t index = d.first + static_cast<uint64_t>(r * C + c);
      const double scale = keep(stream, index, threshold) ? 1 / (1 - d.mask.probability) : 0;
      set(d.out, r, c, get(d.x, r, c) * scale);
    }
  });
}

void ReferenceKernels::sum_rows(const SumRows& s) const {
  parallel_for(s.x.columns, [&](int64_t c) {
    double sum = 0;
    for (int64_t r = 0; r < s.x.rows; ++r) sum += get(s.x, r, c);
    set(s.out, 0, c, sum, Write::accumulate);
  });
}

void ReferenceKernels::sum_columns(const SumColumns& s) const {
  parallel_for(s.x.rows, [&](int64_t r) {
    double sum = 0;
    for (int64_t c = 0; c < s.x.columns; ++c) sum += get(s.x, r, c);
    set(s.out, 0, r, sum);
  });
}

}  // namespace octavo
