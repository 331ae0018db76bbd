// Embeddings: rows of tables, and the sum back into them.
#include <algorithm>
#include <vector>

#include "octavo/base/threads.h"
#include "octavo/kernels/element.h"
#include "octavo/kernels/quantized/codec.h"
#include "octavo/kernels/reference/reference.h"

namespace octavo {
namespace {

double rounded(double value, DataType type) {
  double number = 0;  // room for one number of any type
  const Array one{&number, type, 1, 1, 1};
  set(one, 0, 0, value);
  return get(one, 0, 0);
}

/// Row r of a table, which may be quantized (its rows then lie one behind the other).
std::vector<double> row_of(const ConstArray& table, int64_t r, DataType rounding) {
  std::vector<double> row(static_cast<size_t>(table.columns));
  if (is_quantized(table.type)) {
    std::vector<float> decoded(row.size());
    const int64_t at = row_bytes(table.type, r * table.columns);
    decode_row(table.type, static_cast<const std::byte*>(table.data) + at, table.columns,
               decoded.data());
    std::copy(decoded.begin(), decoded.end(), row.begin());
  } else {
    for (size_t c = 0; c < row.size(); ++c) row[c] = get(table, r, static_cast<int64_t>(c));
  }
  for (double& x : row) x = rounded(x, rounding);
  return row;
}

}  // namespace

void ReferenceKernels::embedding(const Embedding& e) const {
  parallel_for(e.out.rows, [&](int64_t r) {
    std::vector<double> sums = row_of(e.token_table, get_index(e.tokens, r), e.rounding);
    if (e.position_table) {
      const auto position = row_of(e.position_table, get_index(e.positions, r), e.rounding);
      for (size_t c = 0; c < sums.size(); ++c) sums[c] += position[c];
    }
    for (size_t c = 0; c < sums.size(); ++c) set(e.out, r, static_cast<int64_t>(c), sums[c]);
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
