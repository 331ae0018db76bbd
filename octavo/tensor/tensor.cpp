#include "octavo/tensor/tensor.h"

#include <algorithm>
#include <cstring>

#include "octavo/base/error.h"
#include "octavo/base/threads.h"

namespace octavo {

Shape::Shape(std::initializer_list<int64_t> sizes)
    : Shape(std::span<const int64_t>(sizes.begin(), sizes.size())) {}

Shape::Shape(std::span<const int64_t> sizes) : rank_(static_cast<int>(sizes.size())) {
  require(sizes.size() <= kMaximumRank, "[shape] at most {} axes, found {}", kMaximumRank,
          sizes.size());
  int64_t elements = 1;
  for (const int64_t size : sizes)
    require(size >= 0 && !__builtin_mul_overflow(elements, size, &elements),
            "[shape] a size is negative or the product overflows");
  std::copy(sizes.begin(), sizes.end(), sizes_.begin());
}

int64_t Shape::elements() const {
  int64_t product = 1;
  for (int axis = 0; axis < rank_; ++axis) product *= (*this)[axis];
  return product;
}

std::string Shape::text() const {
  std::string result = "[";
  for (int axis = 0; axis < rank_; ++axis)
    result += (axis ? ", " : "") + std::to_string((*this)[axis]);
  return result + "]";
}

namespace {

void require_whole_blocks(const Shape& shape, DataType type) {
  require(holds_rows_of(type, shape.columns()),
          "[tensor] {} holds rows of a multiple of {} numbers, not {}", name_of(type),
          block_of(type).numbers, shape);
}

}  // namespace

Tensor::Tensor(Shape shape, DataType type) : shape_(shape), type_(type) {
  require_whole_blocks(shape, type);
  auto buffer = std::make_shared<Buffer>(bytes());
  data_ = buffer->data();
  owner_ = std::move(buffer);
}

Tensor::Tensor(Shape shape, DataType type, std::byte* data, std::shared_ptr<const void> owner)
    : shape_(shape), type_(type), data_(data), owner_(std::move(owner)) {
  require_whole_blocks(shape, type);
}

Tensor Tensor::zeros(Shape shape, DataType type) {
  Tensor result(shape, type);
  result.fill_zero();
  return result;
}

Tensor Tensor::reshaped(Shape shape) const {
  require(shape.elements() == elements(), "[reshape] {} elements cannot become {}", elements(),
          shape);
  require_whole_blocks(shape, type_);
  Tensor result = *this;
  result.shape_ = shape;
  return result;
}

Tensor Tensor::slice(int64_t first, int64_t count) const {
  assert(shape_.rank() >= 1 && first >= 0 && count >= 0 && first + count <= shape_[0]);
  std::array<int64_t, Shape::kMaximumRank> sizes{};
  for (int axis = 0; axis < shape_.rank(); ++axis) sizes[static_cast<size_t>(axis)] = shape_[axis];
  const int64_t stride = shape_[0] == 0 ? 0 : elements() / shape_[0];
  sizes[0] = count;
  Tensor result = *this;
  result.shape_ = Shape(std::span<const int64_t>(sizes.data(), static_cast<size_t>(shape_.rank())));
  require_whole_blocks(result.shape_, type_);
  if (data_) result.data_ = data_ + row_bytes(type_, first * stride);
  return result;
}

Tensor Tensor::clone() const {
  Tensor result(shape_, type_);
  if (data_ && result.data_) std::memcpy(result.data_, data_, bytes());
  return result;
}

// By all threads: the system gives memory at the first write to it, which takes longer than the
// write.
void Tensor::fill_zero() const {
  constexpr size_t kPiece = size_t{2} << 20;
  if (!data_) return;
  parallel_for(static_cast<int64_t>((bytes() + kPiece - 1) / kPiece), [&](int64_t piece) {
    const size_t first = static_cast<size_t>(piece) * kPiece;
    std::memset(data_ + first, 0, std::min(kPiece, bytes() - first));
  });
}

}  // namespace octavo
