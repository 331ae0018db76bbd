// Rotary positions (Su et al. 2021): (a, b) → (a cos − b sin, a sin + b cos), back with −sin.
#include "octavo/base/threads.h"
#include "octavo/kernels/element.h"
#include "octavo/kernels/reference/reference.h"

namespace octavo {

void ReferenceKernels::rotary(const Rotary& rotary) const {
  const int64_t half = rotary.cosines.columns;
  assert(2 * half <= rotary.head_size && rotary.heads * rotary.head_size <= rotary.x.columns);
  parallel_for(rotary.x.rows, [&](int64_t r) {
    const int64_t position = get_index(rotary.positions, r);
    for (int64_t c = 0; c < rotary.x.columns; ++c) {
      const int64_t i = c % rotary.head_size;
      if (c >= rotary.heads * rotary.head_size || i >= 2 * half)
        set(rotary.out, r, c, get(rotary.x, r, c));
      if (c >= rotary.heads * rotary.head_size || i >= half) continue;
      const double cosine = get(rotary.cosines, position, i);
      const double sine = get(rotary.sines, position, i) * (rotary.turn == Turn::forward ? 1 : -1);
      const double a = get(rotary.x, r, c), b = get(rotary.x, r, c + half);
      set(rotary.out, r, c, a * cosine - b * sine);
      set(rotary.out, r, c + half, a * sine + b * cosine);
    }
  });
}

}  // namespace octavo
