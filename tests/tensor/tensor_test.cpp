// Shapes check their sizes at the door; tensors share memory until cloned.
#include "octavo/tensor/tensor.h"

#include <gtest/gtest.h>

#include <numeric>
#include <vector>

#include "octavo/base/error.h"
#include "octavo/device/quantized_blocks.h"

namespace octavo {
namespace {

TEST(Shape, sizes_rows_and_columns) {
  const Shape shape{2, 3, 5};
  EXPECT_EQ(shape.rank(), 3);
  EXPECT_EQ(shape[0], 2);
  EXPECT_EQ(shape[-1], 5);
  EXPECT_EQ(shape.elements(), 30);
  EXPECT_EQ(shape.columns(), 5);
  EXPECT_EQ(shape.rows(), 6);
  EXPECT_EQ(shape.text(), "[2, 3, 5]");
  EXPECT_EQ(shape, (Shape{2, 3, 5}));
  EXPECT_NE(shape, (Shape{2, 15}));
}

TEST(Shape, a_scalar_has_one_element) {
  const Shape scalar;
  EXPECT_EQ(scalar.rank(), 0);
  EXPECT_EQ(scalar.elements(), 1);
  EXPECT_EQ(scalar.rows(), 1);
  EXPECT_EQ(scalar.text(), "[]");
}

TEST(Shape, an_empty_axis) {
  EXPECT_EQ((Shape{0, 7}).elements(), 0);
  EXPECT_EQ((Shape{7, 0}).rows(), 0);
}

TEST(Shape, impossible_sizes_are_errors) {
  EXPECT_THROW(Shape({1, 2, 3, 4, 5}), Error);
  EXPECT_THROW(Shape({2, -1}), Error);
  EXPECT_THROW(Shape({int64_t{1} << 32, int64_t{1} << 32}), Error);
}

TEST(Tensor, of_values) {
  const Tensor tensor = Tensor::of<float>({2, 2}, {1, 2, 3, 4});
  EXPECT_EQ(tensor.type(), DataType::f32);
  EXPECT_EQ(tensor.bytes(), 16u);
  EXPECT_EQ(tensor.as<float>()[3], 4);
  EXPECT_FALSE(tensor.empty());
  EXPECT_TRUE(Tensor().empty());
}

TEST(Tensor, copies_reshapes_and_slices_share_memory) {
  Tensor tensor({4, 3}, DataType::i32);
  std::iota(tensor.as<int32_t>().begin(), tensor.as<int32_t>().end(), 0);
  const Tensor copy = tensor;
  const Tensor flat = tensor.reshaped({12});
  const Tensor rows = tensor.slice(1, 2);
  EXPECT_EQ(rows.shape(), (Shape{2, 3}));
  EXPECT_EQ(rows.as<int32_t>()[0], 3);
  rows.as<int32_t>()[0] = 100;
  EXPECT_EQ(copy.as<int32_t>()[3], 100);
  EXPECT_EQ(flat.as<int32_t>()[3], 100);
  EXPECT_THROW(tensor.reshaped({5, 2}), Error);
  EXPECT_EQ(tensor.slice(4, 0).elements(), 0);
}

TEST(Tensor, a_clone_is_its_own) {
  const Tensor tensor = Tensor::zeros({3}, DataType::f32);
  const Tensor clone = tensor.clone();
  tensor.as<float>()[0] = 5;
  EXPECT_EQ(clone.as<float>()[0], 0);
}

TEST(Tensor, a_slice_keeps_the_memory_alive) {
  Tensor rows;
  {
    const Tensor tensor = Tensor::of<double>({3, 1}, {1, 2, 3});
    rows = tensor.slice(2, 1);
  }
  EXPECT_EQ(rows.as<double>()[0], 3);
}

TEST(Tensor, foreign_memory_lives_as_long_as_the_tensor) {
  auto numbers = std::make_shared<std::vector<float>>(6, 2.5f);
  const std::weak_ptr<std::vector<float>> watch = numbers;
  {
    auto* bytes = reinterpret_cast<std::byte*>(numbers->data());
    const Tensor tensor({2, 3}, DataType::f32, bytes, std::move(numbers));
    EXPECT_FALSE(watch.expired());
    EXPECT_EQ(tensor.slice(1, 1).as<float>()[2], 2.5f);
  }
  EXPECT_TRUE(watch.expired());
}

TEST(Tensor, quantized_rows_are_whole_blocks) {
  const Tensor tensor = Tensor::zeros({3, 2, 64}, DataType::q4_0);
  EXPECT_EQ(tensor.elements(), 384);
  EXPECT_EQ(tensor.bytes(), 12u * 18);
  EXPECT_EQ(tensor.as<BlockQ4_0>().size(), 12u);
  EXPECT_EQ(tensor.reshaped({6, 64}).slice(1, 2).data(), &tensor.as<BlockQ4_0>()[2]);
  EXPECT_EQ(tensor.slice(2, 1).bytes(), 4u * 18);
  EXPECT_EQ(tensor.reshaped({384}).slice(64, 32).data(), &tensor.as<BlockQ4_0>()[2]);
  EXPECT_EQ(tensor.clone().bytes(), tensor.bytes());
  EXPECT_THROW(tensor.reshaped({24, 16}), Error);
  EXPECT_THROW(tensor.reshaped({384}).slice(0, 16), Error);
  EXPECT_THROW(Tensor({2, 128}, DataType::q4_k), Error);
  EXPECT_THROW(Tensor(Shape{}, DataType::q8_0), Error);
  EXPECT_EQ(Tensor({0, 256}, DataType::q4_k).bytes(), 0u);
}

TEST(Tensor, planned_tensors_have_no_memory) {
  PlannedMemory plan;
  const Tensor tensor = Tensor::zeros({1 << 20, 1 << 20}, DataType::f32);
  EXPECT_EQ(tensor.data(), nullptr);
  EXPECT_FALSE(tensor.empty());
  EXPECT_EQ(tensor.slice(5, 2).clone().data(), nullptr);
  EXPECT_GE(memory_use().current, size_t{1} << 42);
}

}  // namespace
}  // namespace octavo
