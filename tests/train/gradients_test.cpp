// The tree of leaves: which micro-batch goes where, in which order sums are made, and that a
// subtree summed elsewhere gives the same bits.
#include "octavo/train/gradients.h"

#include <gtest/gtest.h>

#include <cmath>

#include "octavo/base/random.h"
#include "octavo/ops/optimizer.h"

namespace octavo {
namespace {

constexpr int64_t kNumbers = 37;

// Micro-batch m's "gradient": numbers whose sum depends on the order it is made in.
Tensor gradient_of(int64_t m) {
  Tensor gradient({kNumbers}, DataType::f32);
  const RandomStream random{11, 0, static_cast<uint32_t>(m)};
  random.normals(0, gradient.as<float>());
  for (float& number : gradient.as<float>()) number *= std::pow(10.0f, static_cast<float>(m % 5));
  return gradient;
}

std::vector<Parameter> one_parameter() {
  return {Parameter("p", Tensor::zeros({kNumbers}, DataType::f32))};
}

std::vector<float> sum(const LeafTree& tree, int64_t first, int64_t last,
                       std::vector<int64_t>* order = nullptr) {
  const std::vector<Parameter> parameters = one_parameter();
  sum_leaves(parameters, tree, first, last, [&](int64_t m) {
    if (order) order->push_back(m);
    add_gradient(parameters[0].value, gradient_of(m));
  });
  const Tensor& gradient = parameters[0].value.gradient();
  if (gradient.empty()) return {};
  return {gradient.as<float>().begin(), gradient.as<float>().end()};
}

std::vector<float> added(std::vector<float> a, const std::vector<float>& b) {
  for (size_t i = 0; i < a.size(); ++i) a[i] += b[i];
  return a;
}

std::vector<float> numbers(int64_t m) {
  const Tensor gradient = gradient_of(m);
  return {gradient.as<float>().begin(), gradient.as<float>().end()};
}

TEST(LeafTree, PutsMicroBatchMIntoLeafFloorOfMTimesLeavesOverN) {
  for (const int64_t leaves : {1, 2, 8, 16})
    for (int64_t n = 1; n <= 40; ++n) {
      const LeafTree tree{leaves, n};
      EXPECT_EQ(tree.first_of(0), 0);
      EXPECT_EQ(tree.first_of(leaves), n);
      for (int64_t m = 0; m < n; ++m) {
        const int64_t leaf = m * leaves / n;
        EXPECT_LE(tree.first_of(leaf), m);
        EXPECT_LT(m, tree.first_of(leaf + 1));
      }
    }
}

TEST(LeafTree, AddsInTheDocumentedOrder) {
  // Eight micro-batches in four leaves: ((0+1)+(2+3)) + ((4+5)+(6+7)).
  const auto pair = [](int64_t m) { return added(numbers(m), numbers(m + 1)); };
  EXPECT_EQ(sum({4, 8}, 0, 4), added(added(pair(0), pair(2)), added(pair(4), pair(6))));
  // Three in eight: leaves 0, 2 and 5, so (0 + 1) + 2, the empty leaves skipped.
  EXPECT_EQ(sum({8, 3}, 0, 8), added(added(numbers(0), numbers(1)), numbers(2)));
  // One leaf: a chain.
  EXPECT_EQ(sum({1, 3}, 0, 1), added(added(numbers(0), numbers(1)), numbers(2)));
  // That the order can be seen at all:
  EXPECT_NE(sum({4, 8}, 0, 4), sum({1, 8}, 0, 1));
}

TEST(LeafTree, MicroBatchesAreVisitedInOrderOnce) {
  for (int64_t n = 1; n <= 33; ++n) {
    std::vector<int64_t> order;
    sum({8, n}, 0, 8, &order);
    ASSERT_EQ(order.size(), static_cast<size_t>(n));
    for (int64_t m = 0; m < n; ++m) EXPECT_EQ(order[static_cast<size_t>(m)], m);
  }
}

// What ranks will do: each sums its subtree, then the sums are combined as the tree would.
TEST(LeafTree, SubtreesSummedElsewhereGiveTheSameBits) {
  for (const int64_t n : {1, 2, 3, 5, 8, 13, 32}) {
    const LeafTree tree{8, n};
    const std::vector<float> whole = sum(tree, 0, 8);
    for (const int64_t ranks : {2, 4, 8}) {
      std::vector<std::vector<float>> parts;
      for (int64_t rank = 0; rank < ranks; ++rank)
        parts.push_back(sum(tree, rank * 8 / ranks, (rank + 1) * 8 / ranks));
      for (; parts.size() > 1; parts.resize(parts.size() / 2))
        for (size_t i = 0; i < parts.size() / 2; ++i) {
          auto& left = parts[2 * i];
          auto& right = parts[2 * i + 1];
          parts[i] = left.empty() ? right : right.empty() ? left : added(left, right);
        }
      EXPECT_EQ(parts[0], whole) << n << " micro-batches, " << ranks << " ranks";
    }
  }
}

TEST(LeafTree, HoldsAtMostLogarithmicallyManyGradients) {
  const std::vector<Parameter> parameters = {
      Parameter("p", Tensor::zeros({1 << 16}, DataType::f32))};
  EXPECT_EQ((LeafTree{8, 32}.most_gradients()), 4);  // log₂ 8 + 1
  EXPECT_EQ((LeafTree{8, 1}.most_gradients()), 1);
  EXPECT_EQ((LeafTree{1, 32}.most_gradients()), 1);
  for (int64_t n = 1; n <= 20; ++n) {
    clear_gradients(parameters);
    const LeafTree tree{8, n};
    const size_t before = memory_use().current;
    size_t most = 0;
    sum_gradients(parameters, tree, [&](int64_t) {
      gradient_sum(parameters[0].value);
      most = std::max(most, memory_use().current - before);
    });
    EXPECT_EQ(most, static_cast<size_t>(tree.most_gradients()) * (4u << 16)) << n;
  }
}

}  // namespace
}  // namespace octavo
