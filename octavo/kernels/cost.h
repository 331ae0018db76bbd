// What an operation costs: the multiplications and additions of its products, and the bytes that
// must come and go. A machine that did nothing else would need the larger of the two times; what
// an operation takes beside that is its share of the limit (`octavo bench kernels`, `breakdown`).
//
// Arithmetic is what the operation's definition asks for: a causal query counts the keys it sees,
// attention's gradient the scores that it computes again. Bytes count each operand once, a table
// only where it is read, a matrix in the type that it is packed in. Tested by
// tests/kernels/cost_test.cpp.
#pragma once

#include "octavo/kernels/kernels.h"

namespace octavo {

struct Cost {
  double arithmetic = 0;  ///< 0 where memory is what counts
  double bytes = 0;
};

Cost cost_of(const Product&);
Cost cost_of(const QuantizedProduct&);
Cost cost_of(const Pack&);
Cost cost_of(const Embedding&);
Cost cost_of(const EmbeddingBackward&);
Cost cost_of(const Attention&);
Cost cost_of(const AttentionBackward&);
Cost cost_of(const AdamW&);

/// Bytes of the numbers of an array.
double bytes_of(const ConstArray& array);

/// Bytes of all arrays of an operation, once.
template <class Operation>
double bytes_of_arrays(Operation operation) {
  double bytes = 0;
  operation.arrays([&](const auto& array) { bytes += bytes_of(array); });
  return bytes;
}

/// Operations that read and write their arrays once, and multiply next to nothing.
template <class Operation>
Cost cost_of(const Operation& operation) {
  return {0, bytes_of_arrays(operation)};
}

}  // namespace octavo
