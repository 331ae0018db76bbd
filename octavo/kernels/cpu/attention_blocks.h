// Blocks of kKeyBlock keys, values or queries of one head, packed in panels (tile.h): what
// attention's products read, forward and backward.
#pragma once

#include <algorithm>
#include <cstring>

#include "octavo/kernels/cpu/tile.h"

namespace octavo::OCTAVO_ISA {

inline constexpr int64_t kBlock = kKeyBlock;
inline constexpr int64_t kBlockPanels = kBlock / kPanel;
inline constexpr int64_t kMaximumPanels = panels_of(kMaximumHeadSize);

/// Packs [k, n] numbers into all the panels that n needs.
template <class Steps, class T>
void pack_block(const T* source, int64_t stride, MatrixOrder order, int64_t k, int64_t n,
                int64_t padded_k, typename Steps::Element* out) {
  for (int64_t column = 0; column < n || column == 0; column += kPanel) {
    auto* panel = out + column / kPanel * panel_elements<Steps>(padded_k);
    pack_panel<Steps>(order == MatrixOrder::plain ? source + column : source + column * stride,
                      stride, order, k, std::min(kPanel, n - column), panel);
    // Steps beyond k multiply by zero.
    const int64_t used = panel_elements<Steps>(k), all = panel_elements<Steps>(padded_k);
    std::memset(static_cast<void*>(panel + used), 0,
                static_cast<size_t>(all - used) * sizeof *panel);
  }
}

}  // namespace octavo::OCTAVO_ISA
