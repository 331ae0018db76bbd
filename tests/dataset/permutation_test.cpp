// The permutation is a bijection for every small size, differs by key, and looks random.
#include "octavo/dataset/permutation.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace octavo {
namespace {

TEST(Permutation, is_a_bijection) {
  for (uint64_t size = 1; size < 300; ++size) {
    const Permutation permutation(size, {size, 1, 2});
    std::vector<bool> seen(size);
    for (uint64_t i = 0; i < size; ++i) {
      const uint64_t image = permutation(i);
      ASSERT_LT(image, size);
      ASSERT_FALSE(seen[image]) << size;
      seen[image] = true;
    }
  }
}

TEST(Permutation, is_a_bijection_where_sizes_jump) {
  for (const uint64_t size : {1023u, 1024u, 1025u, 4095u, 4096u, 4097u, 70'000u}) {
    const Permutation permutation(size, {5});
    std::vector<bool> seen(size);
    for (uint64_t i = 0; i < size; ++i) seen[permutation(i)] = true;
    EXPECT_EQ(std::count(seen.begin(), seen.end(), true), static_cast<int64_t>(size));
  }
}

TEST(Permutation, huge_sizes_stay_inside) {
  const uint64_t size = (uint64_t{1} << 62) - 12345;
  const Permutation permutation(size, {9});
  for (uint64_t i = 0; i < 1000; ++i) EXPECT_LT(permutation(size - 1 - i), size);
}

TEST(Permutation, the_key_decides) {
  const uint64_t size = 1000;
  const Permutation a(size, {1, 2, 3}), same(size, {1, 2, 3});
  for (const RandomStream& key : {RandomStream{2, 2, 3}, {1, 3, 3}, {1, 2, 4}}) {
    const Permutation other(size, key);
    int equal = 0;
    for (uint64_t i = 0; i < size; ++i) {
      equal += a(i) == other(i);
      EXPECT_EQ(a(i), same(i));
    }
    EXPECT_LT(equal, 12);  // one is expected by chance
  }
}

// Where does index i land? Over many keys, everywhere equally often.
TEST(Permutation, every_place_is_equally_likely) {
  constexpr uint64_t kSize = 10, kKeys = 20'000;
  std::vector<std::vector<int>> count(kSize, std::vector<int>(kSize));
  for (uint64_t key = 0; key < kKeys; ++key) {
    const Permutation permutation(kSize, {key});
    for (uint64_t i = 0; i < kSize; ++i) ++count[i][permutation(i)];
  }
  const double expected = static_cast<double>(kKeys) / kSize;
  double chi_square = 0;
  for (const auto& row : count)
    for (const int n : row) chi_square += (n - expected) * (n - expected) / expected;
  EXPECT_LT(chi_square, 81 + 5 * std::sqrt(2.0 * 81));  // 9 × 9 degrees of freedom
}

TEST(Permutation, neighbours_do_not_stay_neighbours) {
  constexpr uint64_t kSize = 50'000;
  const Permutation permutation(kSize, {4});
  int adjacent = 0;
  for (uint64_t i = 0; i + 1 < kSize; ++i) adjacent += permutation(i) + 1 == permutation(i + 1);
  EXPECT_LT(adjacent, 10);  // one is expected by chance
}

}  // namespace
}  // namespace octavo
