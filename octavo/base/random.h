// Counter-based random numbers: a number is a function of (seed, stream, step, index).
//
// No state is carried, so nothing depends on threads, on the order of calls or on where a run was
// interrupted: dropout's mask is drawn again in the backward pass instead of being stored, and a
// resumed run draws what the straight run would have drawn. The function is Philox 4×32 with ten
// rounds (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011). Tested by
// tests/base/random_test.cpp against the paper's published vectors.
#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace octavo {

/// Ten rounds of Philox 4×32: 128 bits of counter and 64 bits of key give 128 random bits.
inline std::array<uint32_t, 4> philox(std::array<uint32_t, 4> counter,
                                      std::array<uint32_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    const uint64_t a = uint64_t{0xD2511F53} * counter[0];
    const uint64_t b = uint64_t{0xCD9E8D57} * counter[2];
    counter = {static_cast<uint32_t>(b >> 32) ^ counter[1] ^ key[0], static_cast<uint32_t>(b),
               static_cast<uint32_t>(a >> 32) ^ counter[3] ^ key[1], static_cast<uint32_t>(a)};
    key[0] += 0x9E3779B9;
    key[1] += 0xBB67AE85;
  }
  return counter;
}

/// Which sequence of numbers: two sequences with different streams or steps are independent.
struct RandomStream {
  uint64_t seed = 0;
  uint32_t stream = 0;  ///< the use: a parameter's number, a dropout's number, the data order …
  uint32_t step = 0;    ///< the optimizer step or epoch

  /// 128 random bits for `index`.
  std::array<uint32_t, 4> bits(uint64_t index) const {
    return philox({static_cast<uint32_t>(index), static_cast<uint32_t>(index >> 32), stream, step},
                  {static_cast<uint32_t>(seed), static_cast<uint32_t>(seed >> 32)});
  }
  uint64_t bits64(uint64_t index) const {
    const auto b = bits(index);
    return uint64_t{b[1]} << 32 | b[0];
  }
  /// Uniform in [0, 1), 53 bits.
  double uniform(uint64_t index) const {
    return static_cast<double>(bits64(index) >> 11) * 0x1.0p-53;
  }
  /// Uniform in [0, bound), without bias worth naming (bound ≪ 2⁶⁴).
  uint64_t below(uint64_t index, uint64_t bound) const {
    return static_cast<uint64_t>((static_cast<unsigned __int128>(bits64(index)) * bound) >> 64);
  }
  /// Standard normals first, first + 1, … of the stream, the same bits on every machine. `first` is
  /// a multiple of 4: four come from each draw.
  void normals(uint64_t first, std::span<float> numbers) const;
};

/// A stream's number from a name, stable for ever (FNV-1a).
constexpr uint32_t stream_of(const char* name) {
  uint32_t hash = 2166136261u;
  for (; *name; ++name) hash = (hash ^ static_cast<unsigned char>(*name)) * 16777619u;
  return hash;
}

}  // namespace octavo
