#include "octavo/kernels/cost.h"

namespace octavo {
namespace {

double number(int64_t n) { return static_cast<double>(n); }

double bytes_of_matrix(int64_t rows, int64_t columns, DataType type) {
  return number(rows) * number(row_bytes(type, columns));
}

/// Pairs of a query and a key that it sees, over all sequences.
double visible_pairs(const Attention& attention) {
  double pairs = 0;
  for (const AttentionSequence& s : attention.sequences)
    for (int64_t query = 0; query < s.q.rows; ++query) {
      const KeyRange range = key_range(attention.mask, s.segments, s.keys(), s.first + query);
      pairs += number(range.end - range.begin);
    }
  return pairs;
}

}  // namespace

double bytes_of(const ConstArray& array) {
  return array ? bytes_of_matrix(array.rows, array.columns, array.type) : 0;
}

Cost cost_of(const Product& p) {
  const double m = number(p.out.rows), n = number(p.out.columns), k = number(p.right.k);
  double bytes = bytes_of_arrays(p) + bytes_of_matrix(p.right.k, p.out.columns, p.right.type);
  if (p.left_transposed) bytes += bytes_of_matrix(p.right.k, p.out.rows, p.left_transposed.type);
  return {2 * m * n * k, bytes};
}

Cost cost_of(const QuantizedProduct& p) {
  const QuantizedMatrix& right = p.right;
  return {2 * number(p.out.rows) * number(right.rows) * number(right.columns),
          bytes_of_arrays(p) + bytes_of_matrix(right.rows, right.columns, right.type)};
}

Cost cost_of(const Pack& p) {
  return {0, bytes_of(p.source) + bytes_of_matrix(p.k(), p.n(), p.type)};
}

Cost cost_of(const Embedding& e) {
  const double tables = e.position_table ? 2 : 1;
  return {
      0, bytes_of(e.out) + tables * bytes_of_matrix(e.out.rows, e.out.columns, e.token_table.type)};
}

Cost cost_of(const EmbeddingBackward& e) {
  const double tables = e.dposition_table ? 2 : 1;  // read and written
  return {0, bytes_of(e.dout) +
                 2 * tables * bytes_of_matrix(e.dout.rows, e.dout.columns, e.dtoken_table.type)};
}

Cost cost_of(const Attention& a) {
  const int64_t width = a.heads * a.head_size, key_width = a.key_heads * a.head_size;
  double bytes = bytes_of_arrays(a);
  for (const AttentionSequence& s : a.sequences)  // what is kept: read, and the new written
    if (s.kept) bytes += 2 * bytes_of_matrix(s.keys() + s.k.rows, key_width, s.kept.type);
  return {4 * visible_pairs(a) * number(width), bytes};
}

Cost cost_of(const AttentionBackward& b) {
  return {10 * visible_pairs(b.forward) * number(b.forward.heads * b.forward.head_size),
          bytes_of_arrays(b)};
}

Cost cost_of(const AdamW& a) { return {0, bytes_of_arrays(a) + 3 * bytes_of(a.parameter)}; }

}  // namespace octavo
