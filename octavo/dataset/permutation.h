// A random order of n things without a list of n numbers: a keyed bijection on [0, n).
//
// A balanced Feistel network of Philox rounds permutes the smallest power of four that holds n;
// results outside [0, n) are permuted again until they fall inside ("cycle walking", Black and
// Rogaway, "Ciphers with arbitrary finite domains", CT-RSA 2002), less than four times on average.
// So the i-th sample of an epoch is found in constant time and memory, from any i. Tested by
// tests/dataset/permutation_test.cpp.
#pragma once

#include <bit>
#include <cassert>
#include <cstdint>

#include "octavo/base/random.h"

namespace octavo {

class Permutation {
 public:
  /// Of [0, size), 1 ≤ size ≤ 2⁶²; which one is decided by the key.
  Permutation(uint64_t size, RandomStream key)
      : size_(size), key_(key), half_bits_((std::bit_width(size - 1) + 1) / 2) {
    assert(size >= 1 && size <= uint64_t{1} << 62);
  }

  uint64_t operator()(uint64_t index) const {
    assert(index < size_);
    do index = permute_power(index);
    while (index >= size_);
    return index;
  }

 private:
  static constexpr uint64_t kRounds = 8;

  uint64_t permute_power(uint64_t index) const {
    const uint64_t mask = (uint64_t{1} << half_bits_) - 1;
    uint64_t left = index >> half_bits_, right = index & mask;
    for (uint64_t round = 0; round < kRounds; ++round) {
      const uint64_t mixed = left ^ (key_.bits(round << 32 | right)[0] & mask);
      left = right;
      right = mixed;
    }
    return left << half_bits_ | right;
  }

  uint64_t size_;
  RandomStream key_;
  int half_bits_;
};

}  // namespace octavo
