// Matrix products. The packed layout here is the plain one: [k, n], row after row.
#include <vector>

#include "octavo/base/threads.h"
#include "octavo/kernels/element.h"
#include "octavo/kernels/reference/functions.h"
#include "octavo/kernels/reference/reference.h"

namespace octavo {
namespace {

ConstArray array_of(const PackedMatrix& matrix) {
  return {matrix.data, matrix.type, matrix.k, matrix.n, matrix.n};
}

}  // namespace

size_t ReferenceKernels::packed_bytes(int64_t k, int64_t n, DataType type) const {
  return static_cast<size_t>(k) * static_cast<size_t>(n) * size_of(type);
}

void ReferenceKernels::pack(const Pack& p) const {
  const Array packed{p.packed, p.type, p.k(), p.n(), p.n()};
  parallel_for(packed.rows, [&](int64_t k) {
    for (int64_t n = 0; n < packed.columns; ++n)
      set(packed, k, n, p.order == MatrixOrder::plain ? get(p.source, k, n) : get(p.source, n, k));
  });
}

void ReferenceKernels::product(const Product& p) const {
  const ConstArray right = array_of(p.right);                      // [K, ≥ first_column + N]
  const ConstArray left_transposed = array_of(p.left_transposed);  // [K, M]
  const int64_t K = right.rows, N = p.out.columns;
  assert((p.left ? p.left.columns : left_transposed.rows) == K);
  assert(p.first_column + N <= right.columns);

  parallel_for(p.out.rows, [&](int64_t m) {
    std::vector<double> sums(static_cast<size_t>(N), 0.0);
    for (int64_t k = 0; k < K; ++k) {
      const double left = p.left ? get(p.left, m, k) : get(left_transposed, k, m);
      for (int64_t n = 0; n < N; ++n)
        sums[static_cast<size_t>(n)] += left * get(right, k, p.first_column + n);
    }
    for (int64_t n = 0; n < N; ++n) {
      const double value = sums[static_cast<size_t>(n)] + (p.bias ? get(p.bias, 0, n) : 0);
      if (p.pre_activation) set(p.pre_activation, m, n, value);
      set(p.out, m, n, activate(p.activation, value), p.write);
    }
  });
}

}  // namespace octavo
