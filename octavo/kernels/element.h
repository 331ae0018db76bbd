// One element of an array, as a double, whatever its type.
//
// For the reference, for `compared` and for tests: a switch per element is slow and plain, and that
// is the point. Tested through them (tests/kernels/reference_test.cpp).
#pragma once

#include <cassert>

#include "octavo/kernels/kernels.h"

namespace octavo {

inline double get(const ConstArray& array, int64_t row, int64_t column) {
  assert(row >= 0 && row < array.rows && column >= 0 && column < array.columns);
  switch (array.type) {
    case DataType::f64:
      return array.row<double>(row)[column];
    case DataType::f32:
      return array.row<float>(row)[column];
    case DataType::bf16:
      return array.row<bf16>(row)[column];
    case DataType::f16:
      return array.row<f16>(row)[column];
    case DataType::i32:
      return array.row<int32_t>(row)[column];
    default:
      break;
  }
  assert(false && "kernels compute in f64, f32, bf16, f16 and i32");
  return 0;
}

/// Rounds to the array's type (to i32: towards zero).
inline void set(const Array& array, int64_t row, int64_t column, double value) {
  assert(row >= 0 && row < array.rows && column >= 0 && column < array.columns);
  switch (array.type) {
    case DataType::f64:
      array.row<double>(row)[column] = value;
      return;
    case DataType::f32:
      array.row<float>(row)[column] = static_cast<float>(value);
      return;
    case DataType::bf16:
      array.row<bf16>(row)[column] = bf16(static_cast<float>(value));
      return;
    case DataType::f16:
      array.row<f16>(row)[column] = f16(static_cast<float>(value));
      return;
    case DataType::i32:
      array.row<int32_t>(row)[column] = static_cast<int32_t>(value);
      return;
    default:
      break;
  }
  assert(false && "kernels compute in f64, f32, bf16, f16 and i32");
}

inline void set(const Array& array, int64_t row, int64_t column, double value, Write write) {
  const double before = write == Write::accumulate ? get(array, row, column) : 0;
  set(array, row, column, before + value);
}

/// An index: a token, a position, a target.
inline int64_t get_index(const ConstArray& array, int64_t column) {
  assert(array.type == DataType::i32 && column >= 0 && column < array.columns);
  return array.row<int32_t>(0)[column];
}

}  // namespace octavo
