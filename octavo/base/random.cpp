#include "octavo/base/random.h"

#include <cmath>
#include <numbers>

namespace octavo {

double RandomStream::normal(uint64_t index) const {
  const auto b = bits(index);
  const double u = (static_cast<double>(b[0]) + 1.0) * 0x1.0p-32;  // (0, 1]
  const double v = static_cast<double>(uint64_t{b[2]} << 21 ^ (b[1] & 0x1FFFFF)) * 0x1.0p-53;
  return std::sqrt(-2.0 * std::log(u)) * std::cos(2.0 * std::numbers::pi * v);
}

}  // namespace octavo
