// Embeddings: rows of tables, and the sum back into them.
#include "octavo/base/threads.h"
#include "octavo/kernels/element.h"
#include "octavo/kernels/reference/reference.h"

namespace octavo {
namespace {

double rounded(double value, DataType type) {
  double number = 0;  // room for one number of any type
  const Array one{&number, type, 1, 1, 1};
  set(one, 0, 0, value);
  return get(one, 0, 0);
}

}  // namespace

void ReferenceKernels::embedding(const Embedding& e) const {
  parallel_for(e.out.rows, [&](int64_t r) {
    for (int64_t c = 0; c < e.out.columns; ++c) {
      double sum = rounded(get(e.token_table, get_index(e.tokens, r), c), e.rounding);
      if (e.position_table)
        sum += rounded(get(e.position_table, get_index(e.positions, r), c), e.rounding);
      set(e.out, r, c, sum);
    }
  });
}

void ReferenceKernels::embedding_backward(const EmbeddingBackward& e) const {
  for (int64_t r = 0; r < e.dout.rows; ++r)
    for (int64_t c = 0; c < e.dout.columns; ++c) {
      const double d = get(e.dout, r, c);
      set(e.dtoken_table, get_index(e.tokens, r), c, d, Write::accumulate);
      if (e.dposition_table)
        set(e.dposition_table, get_index(e.positions, r), c, d, Write::accumulate);
    }
}

}  // namespace octavo
