// Rotary positions, a pair of vectors at a time: out may be x, so both are read before either is
// written.
#include <cassert>

#include "octavo/kernels/cpu/cpu_kernels.h"

namespace octavo::OCTAVO_ISA {

void CpuKernels::rotary(const Rotary& rotary) const {
  const int64_t half = rotary.cosines.columns, size = rotary.head_size;
  const int64_t turned = rotary.heads * size, columns = rotary.x.columns;
  assert(2 * half <= size && turned <= columns && rotary.x.type == rotary.out.type);
  const float sign = rotary.turn == Turn::forward ? 1.0f : -1.0f;
  with_type(rotary.x.type, [&](auto t) {
    using T = decltype(t);
    for_rows(rotary.x.rows, columns, [&](int64_t r) {
      const T* x = rotary.x.row<T>(r);
      T* out = rotary.out.row<T>(r);
      const int64_t position = rotary.positions.row<int32_t>(0)[r];
      const float* cosines = rotary.cosines.row<float>(position);
      const float* sines = rotary.sines.row<float>(position);
      const auto copy = [&](int64_t first, int64_t end) {
        if (x != out && first < end)
          std::memcpy(out + first, x + first, static_cast<size_t>(end - first) * sizeof(T));
      };
      for (int64_t head = 0; head < turned; head += size) {
        for (int64_t i = 0; i < half; i += kLanes) {
          const int64_t left = half - i;
          const Vec a = load(x + head + i, left), b = load(x + head + half + i, left);
          const Vec cosine = load(cosines + i, left), sine = load(sines + i, left) * sign;
          store(out + head + i, a * cosine - b * sine, left);
          store(out + head + half + i, a * sine + b * cosine, left);
        }
        copy(head + 2 * half, head + size);
      }
      copy(turned, columns);
    });
  });
}

}  // namespace octavo::OCTAVO_ISA
