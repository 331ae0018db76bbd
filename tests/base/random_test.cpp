// Philox against the known answers of its authors (Random123, tests/kat_vectors), and the shapes of
// the distributions made from it.
#include "octavo/base/random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>
#include <set>
#include <vector>

namespace octavo {
namespace {

using Counter = std::array<uint32_t, 4>;

TEST(Philox, MatchesTheAuthorsVectors) {
  constexpr uint32_t kOnes = 0xFFFFFFFF;
  EXPECT_EQ(philox({0, 0, 0, 0}, {0, 0}),
            (Counter{0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8}));
  EXPECT_EQ(philox({kOnes, kOnes, kOnes, kOnes}, {kOnes, kOnes}),
            (Counter{0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD}));
  EXPECT_EQ(philox({0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344}, {0xA4093822, 0x299F31D0}),
            (Counter{0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1}));
}

TEST(RandomStream, EveryPartOfTheAddressCounts) {
  std::set<uint64_t> seen;
  for (const uint64_t seed : {uint64_t{0}, uint64_t{1}, uint64_t{1} << 32})
    for (uint32_t stream = 0; stream < 3; ++stream)
      for (uint32_t step = 0; step < 3; ++step)
        for (const uint64_t index : {uint64_t{0}, uint64_t{1}, uint64_t{1} << 32})
          seen.insert(RandomStream{seed, stream, step}.bits64(index));
  EXPECT_EQ(seen.size(), 3u * 3 * 3 * 3);
}

TEST(RandomStream, UniformFillsTheInterval) {
  const RandomStream stream{42, 1, 2};
  constexpr int kCount = 200'000;
  std::array<int, 16> bins{};
  double sum = 0;
  for (int i = 0; i < kCount; ++i) {
    const double u = stream.uniform(i);
    ASSERT_GE(u, 0);
    ASSERT_LT(u, 1);
    sum += u;
    ++bins[static_cast<size_t>(u * 16)];
  }
  EXPECT_NEAR(sum / kCount, 0.5, 5 * std::sqrt(1 / 12.0 / kCount));
  double chi_squared = 0;
  for (const int count : bins) chi_squared += std::pow(count - kCount / 16.0, 2) / (kCount / 16.0);
  EXPECT_LT(chi_squared, 37.7);  // 15 degrees of freedom, p = 0.001
}

TEST(RandomStream, BelowStaysBelowAndReachesAll) {
  const RandomStream stream{7, 0, 0};
  std::array<int, 7> counts{};
  for (int i = 0; i < 70'000; ++i) ++counts.at(stream.below(i, 7));
  for (const int count : counts) EXPECT_NEAR(count, 10'000, 500);
  EXPECT_EQ(stream.below(3, 1), 0u);
}

// The definition, in float64: of each draw's words, two give a distance from 0 and an angle.
TEST(RandomStream, NormalsAreBoxAndMullers) {
  const RandomStream stream{3, 9, 1};
  std::vector<float> normals(20'000);
  stream.normals(0, normals);
  double worst = 0;
  for (size_t i = 0; i < normals.size(); ++i) {
    const auto words = stream.bits(i / 4);
    const uint32_t distance = words[i % 4 / 2 * 2], angle = words[i % 4 / 2 * 2 + 1];
    const double radius = std::sqrt(-2 * std::log((distance / 2 + 0.5) * 0x1.0p-31));
    const double turn = 2 * std::numbers::pi * angle * 0x1.0p-32;
    const double exact = radius * (i % 2 == 0 ? std::cos(turn) : std::sin(turn));
    worst = std::max(worst, std::abs(normals[i] - exact));
  }
  EXPECT_LT(worst, 1e-6);
}

TEST(RandomStream, NormalsAreNumberedAndTheSameEverywhere) {
  const RandomStream stream{7, 8, 9};
  std::vector<float> all(103), part(40);
  stream.normals(0, all);
  stream.normals(28, part);
  EXPECT_TRUE(std::equal(part.begin(), part.end(), all.begin() + 28));
  // Kept from an x86-64 machine: whatever computes these must get these bits.
  uint32_t hash = 2166136261u;
  for (const float number : all) hash = (hash ^ std::bit_cast<uint32_t>(number)) * 16777619u;
  EXPECT_EQ(hash, 0xB124E4F1u);
}

TEST(RandomStream, NormalsHaveTheirMoments) {
  const RandomStream stream{3, 9, 0};
  constexpr int kCount = 200'000;
  std::vector<float> normals(kCount);
  stream.normals(0, normals);
  double sum = 0, squares = 0, fourths = 0;
  for (const double x : normals) {
    ASSERT_TRUE(std::isfinite(x));
    sum += x;
    squares += x * x;
    fourths += x * x * x * x;
  }
  EXPECT_NEAR(sum / kCount, 0, 5 / std::sqrt(kCount));
  EXPECT_NEAR(squares / kCount, 1, 5 * std::sqrt(2.0 / kCount));
  EXPECT_NEAR(fourths / kCount, 3, 5 * std::sqrt(96.0 / kCount));
}

TEST(StreamOf, IsFnv1a) {
  EXPECT_EQ(stream_of(""), 0x811C9DC5u);
  EXPECT_EQ(stream_of("a"), 0xE40C292Cu);
  EXPECT_EQ(stream_of("foobar"), 0xBF9CF968u);
}

}  // namespace
}  // namespace octavo
