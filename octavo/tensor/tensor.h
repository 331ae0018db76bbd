// Tensor: a shape over shared memory.
//
// Always dense and row-major; copying a Tensor copies the handle, never the numbers. The shape
// counts numbers, also of a quantized type, whose rows must be whole blocks. Operations on tensors
// are functions in ops/. Tested by tests/tensor/tensor_test.cpp.
#pragma once

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>

#include "octavo/device/data_type.h"
#include "octavo/device/memory.h"

namespace octavo {

/// Up to four sizes, outermost first. The empty shape is a scalar's.
class Shape {
 public:
  static constexpr int kMaximumRank = 4;

  Shape() = default;
  Shape(std::initializer_list<int64_t> sizes);
  explicit Shape(std::span<const int64_t> sizes);

  int rank() const { return rank_; }
  int64_t operator[](int axis) const {
    assert(axis >= -rank_ && axis < rank_);
    return sizes_[static_cast<size_t>(axis < 0 ? axis + rank_ : axis)];
  }
  int64_t elements() const;
  /// The last size; 1 for a scalar.
  int64_t columns() const { return rank_ == 0 ? 1 : (*this)[-1]; }
  /// The product of all sizes but the last.
  int64_t rows() const { return columns() == 0 ? 0 : elements() / columns(); }
  bool operator==(const Shape& other) const = default;
  std::string text() const;  ///< "[4, 1024, 768]"

 private:
  std::array<int64_t, kMaximumRank> sizes_{};
  int rank_ = 0;
};

class Tensor {
 public:
  Tensor() = default;  ///< no tensor: `empty()` holds
  /// Uninitialised memory of this shape.
  Tensor(Shape shape, DataType type);
  /// Memory of somebody else (a mapped file), kept alive by `owner`.
  Tensor(Shape shape, DataType type, std::byte* data, std::shared_ptr<const void> owner);

  static Tensor zeros(Shape shape, DataType type);
  template <class T>
  static Tensor of(Shape shape, std::span<const T> values);
  template <class T>
  static Tensor of(Shape shape, std::initializer_list<T> values) {
    return of(shape, std::span<const T>(values.begin(), values.size()));
  }

  bool empty() const { return !owner_; }
  const Shape& shape() const { return shape_; }
  DataType type() const { return type_; }
  int64_t elements() const { return shape_.elements(); }
  int64_t rows() const { return shape_.rows(); }
  int64_t columns() const { return shape_.columns(); }
  size_t bytes() const { return static_cast<size_t>(row_bytes(type_, elements())); }

  /// The numbers, or null in a plan (device/memory.h).
  void* data() const { return data_; }
  /// Its numbers, or its blocks (as<BlockQ4K>()).
  template <class T>
  std::span<T> as() const {
    assert(type_ == data_type_of<std::remove_const_t<T>>);
    return {reinterpret_cast<T*>(data_), bytes() / sizeof(T)};
  }

  /// The same numbers under another shape of as many elements.
  Tensor reshaped(Shape shape) const;
  /// Rows [first, first + count) of the outermost axis, sharing memory.
  Tensor slice(int64_t first, int64_t count) const;
  /// A copy in memory of its own.
  Tensor clone() const;
  void fill_zero() const;

 private:
  Shape shape_;
  DataType type_ = DataType::f32;
  std::byte* data_ = nullptr;
  std::shared_ptr<const void> owner_;
};

template <class T>
Tensor Tensor::of(Shape shape, std::span<const T> values) {
  Tensor result(shape, data_type_of<T>);
  assert(static_cast<size_t>(result.elements()) == values.size());
  std::copy(values.begin(), values.end(), result.as<T>().begin());
  return result;
}

}  // namespace octavo

/// As text: in messages the shape itself is given, so that only a message that is needed is
/// written. (Not by fmt::format_to: what clang calls there, Debian's libfmt lacks.)
template <>
struct fmt::formatter<octavo::Shape> {
  constexpr auto parse(format_parse_context& context) { return context.begin(); }
  auto format(const octavo::Shape& shape, format_context& context) const {
    const std::string text = shape.text();
    return std::copy(text.begin(), text.end(), context.out());
  }
};
