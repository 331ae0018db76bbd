#include "octavo/base/random.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>

namespace octavo {
namespace {

// Four numbers at once. Only operations that IEEE 754 rounds in one way, so that a seed means the
// same on every machine: this file is compiled without contraction to fused multiply-adds.
constexpr size_t kLanes = 4;
using Floats [[gnu::vector_size(16)]] = float;
using Ints [[gnu::vector_size(16)]] = int32_t;
using Words [[gnu::vector_size(16)]] = uint32_t;

Floats as_floats(Ints x) { return __builtin_convertvector(x, Floats); }

/// ln u for u in (0, 1], given 1 − u too, of which a u near 1 has lost most (Cephes' polynomial,
/// Moshier 1989).
Floats logarithm(Floats u, Floats one_less_u) {
  // u = m · 2ᵉ with m in [√½, √2).
  const Ints half = {0x3F3504F3, 0x3F3504F3, 0x3F3504F3, 0x3F3504F3};  // √½
  const Ints shifted = Ints(u) - half;
  const Floats e = as_floats(shifted >> 23);
  const Floats mantissa = Floats((shifted & 0x7FFFFF) + half) - 1.0f;
  const Ints near_one = shifted >= 0;
  const Floats x = Floats((Ints(mantissa) & ~near_one) | (Ints(-one_less_u) & near_one));
  Floats p = x * 7.0376836292e-2f - 1.1514610310e-1f;
  p = p * x + 1.1676998740e-1f;
  p = p * x - 1.2420140846e-1f;
  p = p * x + 1.4249322787e-1f;
  p = p * x - 1.6668057665e-1f;
  p = p * x + 2.0000714765e-1f;
  p = p * x - 2.4999993993e-1f;
  p = p * x + 3.3333331174e-1f;
  const Floats s = x * x;
  return (p * x * s - e * 2.12194440e-4f - s * 0.5f) + x + e * 0.693359375f;
}

struct Turn {
  Floats cosine, sine;
};

/// Of word · 2⁻³² turns: an eighth of a turn either way from the nearest quarter, by Cephes'
/// polynomials, turned by the quarters.
Turn turn_of(Words word) {
  const Words quarters = (word + (1u << 29)) >> 30;
  const Floats x = as_floats(Ints(word - (quarters << 30))) *
                   static_cast<float>(2 * std::numbers::pi * 0x1.0p-32);
  const Floats s = x * x;
  const Floats sine =
      ((s * -1.9515295891e-4f + 8.3321608736e-3f) * s - 1.6666654611e-1f) * s * x + x;
  const Floats cosine =
      ((s * 2.443315711809948e-5f - 1.388731625493765e-3f) * s + 4.166664568298827e-2f) * s * s -
      s * 0.5f + 1.0f;
  const Words odd = -(quarters & 1u);
  const Words c = (Words(cosine) & ~odd) | (Words(sine) & odd);
  const Words d = (Words(sine) & ~odd) | (Words(cosine) & odd);
  return {Floats(c ^ (((quarters + 1) & 2u) << 30)), Floats(d ^ ((quarters & 2u) << 30))};
}

/// Two normals a lane from two words (Box and Muller 1958): their distance from 0, and their angle.
Turn normal_pair(Words distance, Words angle) {
  const auto fraction = [](Words word) {
    return (as_floats(Ints(word >> 1)) + 0.5f) * 0x1.0p-31f;  // (0, 1]
  };
  Floats radius = logarithm(fraction(distance), fraction(~distance)) * -2.0f;
  for (size_t lane = 0; lane < kLanes; ++lane) radius[lane] = std::sqrt(radius[lane]);
  const Turn turn = turn_of(angle);
  return {radius * turn.cosine, radius * turn.sine};
}

}  // namespace

void RandomStream::normals(uint64_t first, std::span<float> numbers) const {
  constexpr size_t kTogether = 4 * kLanes;  // each draw gives four
  assert(first % 4 == 0);
  for (size_t begin = 0; begin < numbers.size(); begin += kTogether) {
    Words words[4];
    for (size_t lane = 0; lane < kLanes; ++lane) {
      const auto draw = bits((first + begin) / 4 + lane);
      for (size_t w = 0; w < 4; ++w) words[w][lane] = draw[w];
    }
    const Turn a = normal_pair(words[0], words[1]), b = normal_pair(words[2], words[3]);
    float together[kTogether];
    for (size_t lane = 0; lane < kLanes; ++lane) {
      together[4 * lane] = a.cosine[lane], together[4 * lane + 1] = a.sine[lane];
      together[4 * lane + 2] = b.cosine[lane], together[4 * lane + 3] = b.sine[lane];
    }
    std::copy_n(together, std::min(kTogether, numbers.size() - begin), numbers.data() + begin);
  }
}

}  // namespace octavo
