// Elementwise functions and plain sums. All are bound by memory; the work is in reading once.
#include <cassert>

#include "octavo/kernels/cpu/cpu_kernels.h"
#include "octavo/kernels/cpu/keep.h"

namespace octavo::OCTAVO_ISA {
namespace {

inline Vec logarithm(Vec x) {
  for (int i = 0; i < kLanes; ++i) x[i] = __builtin_logf(x[i]);
  return x;
}

// −log(1 + e^−x), without overflow on either side: min(x, 0) − log(1 + e^−|x|).
inline Vec log_sigmoid(Vec x) {
  const Vec magnitude = from_bits(bits(x) & 0x7FFFFFFFu);
  Vec e = exponential(-magnitude);
  for (int i = 0; i < kLanes; ++i) e[i] = __builtin_log1pf(e[i]);
  return minimum(x, Vec{}) - e;
}

inline Vec apply(Unary function, Vec x) {
  switch (function) {
    case Unary::copy:
      return x;
    case Unary::negate:
      return -x;
    case Unary::exp:
      return exponential(x);
    case Unary::log:
      return logarithm(x);
    case Unary::sigmoid:
      return 1.0f / (1.0f + exponential(-x));
    case Unary::log_sigmoid:
      return log_sigmoid(x);
    case Unary::tanh:
      return hyperbolic_tangent(x);
    case Unary::square:
      return x * x;
    case Unary::gelu_tanh:
      return gelu_tanh(x);
    case Unary::gelu_exact:
      return gelu_exact(x);
  }
  __builtin_unreachable();
}

inline Vec apply(Binary function, Vec a, Vec b) {
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
      return minimum(a, b);
    case Binary::maximum:
      return maximum(a, b);
    case Binary::less:
      return select(a < b, broadcast(1), Vec{});
    case Binary::gelu_tanh_gradient:
      return a * gelu_tanh_derivative(b);
    case Binary::gelu_exact_gradient:
      return a * gelu_exact_derivative(b);
  }
  __builtin_unreachable();
}

/// A row of an operand that may be repeated over rows and over columns.
template <class T>
inline Vec load_repeated(const ConstArray& x, int64_t row, int64_t column, int64_t count) {
  const T* p = x.row<T>(x.rows == 1 ? 0 : row);
  return x.columns == 1 ? broadcast(float(p[0])) : load(p + column, count);
}

}  // namespace

void CpuKernels::map(const Map& m) const {
  with_stored_type(m.x.type, [&](auto in) {
    with_stored_type(m.out.type, [&](auto out) {
      const float scale = static_cast<float>(m.scale);
      for_pieces(m.out.rows, m.out.columns, [&](int64_t row, int64_t first, int64_t end) {
        const auto* x = m.x.row<decltype(in)>(row);
        auto* y = m.out.row<decltype(out)>(row);
        for (int64_t c = first; c < end; c += kLanes) {
          Vec value = apply(m.function, load(x + c, end - c)) * scale;
          if (m.write == Write::accumulate) value += load(y + c, end - c);
          store(y + c, value, end - c);
        }
      });
    });
  });
}

void CpuKernels::combine(const Combine& m) const {
  with_type(m.a.type, [&](auto a) {
    with_type(m.b.type, [&](auto b) {
      with_type(m.out.type, [&](auto out) {
        for_pieces(m.out.rows, m.out.columns, [&](int64_t row, int64_t first, int64_t end) {
          auto* y = m.out.row<decltype(out)>(row);
          for (int64_t c = first; c < end; c += kLanes) {
            const Vec left = load_repeated<decltype(a)>(m.a, row, c, end - c);
            const Vec right = load_repeated<decltype(b)>(m.b, row, c, end - c);
            store(y + c, apply(m.function, left, right), end - c);
          }
        });
      });
    });
  });
}

void CpuKernels::swiglu(const SwiGlu& s) const {
  with_type(s.x.type, [&](auto in) {
    with_type(s.out.type, [&](auto out) {
      for_pieces(s.out.rows, s.out.columns, [&](int64_t row, int64_t first, int64_t end) {
        const auto* gates = s.x.row<decltype(in)>(row);
        const auto* ups = gates + s.out.columns;
        auto* y = s.out.row<decltype(out)>(row);
        for (int64_t c = first; c < end; c += kLanes) {
          const Vec gate = load(gates + c, end - c);
          store(y + c, gate / (1.0f + exponential(-gate)) * load(ups + c, end - c), end - c);
        }
      });
    });
  });
}

// silu' = σ + x · σ · (1 − σ)
void CpuKernels::swiglu_backward(const SwiGluBackward& s) const {
  with_type(s.x.type, [&](auto in) {
    with_type(s.dout.type, [&](auto dout) {
      for_pieces(s.dout.rows, s.dout.columns, [&](int64_t row, int64_t first, int64_t end) {
        using T = decltype(in);
        const int64_t n = s.dout.columns;
        const T* gates = s.x.row<T>(row);
        T* dgates = s.dx.row<T>(row);
        for (int64_t c = first; c < end; c += kLanes) {
          const Vec gate = load(gates + c, end - c), up = load(gates + n + c, end - c);
          const Vec d = load(s.dout.row<decltype(dout)>(row) + c, end - c);
          const Vec part = 1.0f / (1.0f + exponential(-gate));
          store(dgates + c, d * up * (part + gate * part * (1.0f - part)), end - c);
          store(dgates + n + c, d * gate * part, end - c);
        }
      });
    });
  });
}

void CpuKernels::dropout(const Dropout& d) const {
  with_type(d.x.type, [&](auto in) {
    with_type(d.out.type, [&](auto out) {
      for_pieces(d.out.rows, d.out.columns, [&](int64_t row, int64_t first, int64_t end) {
        const auto* x = d.x.row<decltype(in)>(row);
        auto* y = d.out.row<decltype(out)>(row);
        // Draws come in eights, so begin with the eight that this row's first element is in.
        constexpr int64_t kDraws = 256;
        static_assert(kDraws % (8 * kLanes) == 0);
        alignas(64) float keep[kDraws + kLanes] = {};
        const uint64_t base = d.first + static_cast<uint64_t>(row * d.out.columns);
        for (int64_t c = first; c < end;) {
          const uint64_t index = base + static_cast<uint64_t>(c);
          const int64_t skip = static_cast<int64_t>(index % 8);
          draw_keep(d.mask, index - static_cast<uint64_t>(skip), kDraws, keep);
          const int64_t count = std::min(end - c, kDraws - skip);
          for (int64_t i = 0; i < count; i += kLanes)
            store(y + c + i, load(x + c + i, count - i) * load(keep + skip + i, count - i),
                  count - i);
          c += count;
        }
      });
    });
  });
}

void CpuKernels::sum_columns(const SumColumns& s) const {
  constexpr int64_t kRowsPerTask = 64;
  with_type(s.x.type, [&](auto t) {
    parallel_for((s.x.rows + kRowsPerTask - 1) / kRowsPerTask, [&](int64_t task) {
      const int64_t first = task * kRowsPerTask;
      for (int64_t r = first; r < std::min(s.x.rows, first + kRowsPerTask); ++r) {
        const auto* x = s.x.row<decltype(t)>(r);
        Vec total = {};
        for (int64_t c = 0; c < s.x.columns; c += kLanes) total += load(x + c, s.x.columns - c);
        s.out.row<float>(0)[r] = sum_lanes(total);
      }
    });
  });
}

void CpuKernels::sum_rows(const SumRows& s) const {
  constexpr int64_t kTogether = 8;  // vectors of a row: memory is read a few lines at a time
  const int64_t columns = s.x.columns, blocks = (s.x.rows + kSumRows - 1) / kSumRows;
  with_type(s.x.type, [&](auto t) {
    parallel_for(blocks, [&](int64_t block) {
      float* partial = s.scratch.row<float>(block);
      const int64_t first = block * kSumRows, end = std::min(s.x.rows, first + kSumRows);
      int64_t c = 0;
      for (; c + kTogether * kLanes <= columns; c += kTogether * kLanes) {
        Vec totals[kTogether] = {};
        for (int64_t r = first; r < end; ++r)
          for (int64_t i = 0; i < kTogether; ++i)
            totals[i] += load(s.x.row<decltype(t)>(r) + c + i * kLanes);
        for (int64_t i = 0; i < kTogether; ++i) store(partial + c + i * kLanes, totals[i]);
      }
      for (; c < columns; c += kLanes) {
        Vec total = {};
        for (int64_t r = first; r < end; ++r)
          total += load(s.x.row<decltype(t)>(r) + c, columns - c);
        store(partial + c, total, columns - c);
      }
    });
  });
  for_pieces(1, columns, [&](int64_t, int64_t first, int64_t end) {
    float* out = s.out.row<float>(0);
    for (int64_t c = first; c < end; c += kLanes) {
      Vec total = load(out + c, end - c);
      for (int64_t block = 0; block < blocks; ++block)
        total += load(s.scratch.row<float>(block) + c, end - c);
      store(out + c, total, end - c);
    }
  });
}

}  // namespace octavo::OCTAVO_ISA
