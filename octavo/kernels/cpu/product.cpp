// Matrix products in a fixed order (tile.h), their ends (bias, GELU, rounding) fused.
//
// Tasks are blocks of rows × groups of panels; how they are cut changes speed, never numbers. A
// task holds one panel at a time and runs it past all its rows, so the panel comes from the second
// cache and the rows from the second or third.
#include "octavo/kernels/cpu/cpu_kernels.h"
#include "octavo/kernels/cpu/tile.h"

#define OCTAVO_STRING(x) #x
#define OCTAVO_NAME(x) OCTAVO_STRING(x)

namespace octavo::OCTAVO_ISA {
namespace {

constexpr int64_t kTaskRows = 126;       // a multiple of 6
constexpr int64_t kTaskPanelRows = 128;  // of a packed left side: a multiple of kPanel

/// Bias, activation and rounding of one row of a tile, written out.
template <class Out>
inline void finish_row(const Product& p, int64_t row, int64_t column, int64_t count,
                       const Vec* sums) {
  for (int v = 0; v < kPanelVectors; ++v) {
    const int64_t c = column + v * kLanes, left = count - v * kLanes;
    if (left <= 0) return;
    Vec x = sums[v];
    if (p.bias) x += load(p.bias.row<float>(0) + c, left);
    if (p.pre_activation)
      with_type(p.pre_activation.type,
                [&](auto t) { store(p.pre_activation.row<decltype(t)>(row) + c, x, left); });
    if (p.activation == Activation::gelu_tanh) x = gelu_tanh(x);
    if (p.activation == Activation::gelu_exact) x = gelu_exact(x);
    Out* out = p.out.row<Out>(row) + c;
    if (p.write == Write::accumulate) x += load(out, left);
    store(out, x, left);
  }
}

template <class Steps, class Out>
void run_product(const Product& p) {
  using Element = typename Steps::Element;
  const int64_t m = p.out.rows, n = p.out.columns, k = p.right.k;
  const Element* right = static_cast<const Element*>(p.right.data) +
                         p.first_column / kPanel * panel_elements<Steps>(k);
  const bool packed = bool(p.left_transposed);
  const auto* left_panels = static_cast<const Element*>(p.left_transposed.data);
  const int64_t task_rows = packed ? kTaskPanelRows : kTaskRows;
  const int64_t panels = panels_of(n);
  // Few rows: many small groups, so that all threads read. Many: enough columns to reuse the rows.
  const int64_t group = std::max<int64_t>(1, (m <= task_rows ? 128 : 512) / kPanel);
  const int64_t groups = (panels + group - 1) / group;

  parallel_for((m + task_rows - 1) / task_rows * groups, [&](int64_t task) {
    const int64_t first_row = task / groups * task_rows;
    const int64_t end_row = std::min(m, first_row + task_rows);
    const int64_t first_panel = task % groups * group;
    for (int64_t panel = first_panel; panel < std::min(panels, first_panel + group); ++panel) {
      const Element* b = right + panel * panel_elements<Steps>(k);
      const int64_t column = panel * kPanel, count = std::min(kPanel, n - column);
      for (int64_t row = first_row; row < end_row;) {
        int64_t rows = std::min<int64_t>(kRows, end_row - row);
        if (packed) rows = std::min(rows, kPanel - row % kPanel);
        const Left<Steps> left =
            packed ? packed_left<Steps>(left_panels + row / kPanel * panel_elements<Steps>(k),
                                        row % kPanel)
                   : plain_left<Steps>(p.left.row<Element>(row), p.left.stride);
        with_rows(rows, [&](auto tile_rows) {
          Vec sums[tile_rows][kPanelVectors] = {};
          multiply_tile<Steps, tile_rows>(left, b, k, sums);
          for (int r = 0; r < tile_rows; ++r) finish_row<Out>(p, row + r, column, count, sums[r]);
        });
        row += rows;
      }
    }
  });
}

template <class Steps>
void run_pack(const Pack& p) {
  using Element = typename Steps::Element;
  const int64_t k = p.k(), n = p.n(), panels = panels_of(n);
  parallel_for(panels, [&](int64_t panel) {
    const int64_t column = panel * kPanel;
    Element* out = static_cast<Element*>(p.packed) + panel * panel_elements<Steps>(k);
    with_type(p.source.type, [&](auto t) {
      using Source = decltype(t);
      const Source* source = p.order == MatrixOrder::plain ? p.source.row<Source>(0) + column
                                                           : p.source.row<Source>(column);
      pack_panel<Steps>(source, p.source.stride, p.order, k, std::min(kPanel, n - column), out);
    });
  });
}

}  // namespace

std::string_view CpuKernels::name() const { return OCTAVO_NAME(OCTAVO_ISA); }

size_t CpuKernels::packed_bytes(int64_t k, int64_t n, DataType type) const {
  const int64_t panels = panels_of(n);
  size_t bytes = 0;
  with_type(type, [&](auto t) {
    bytes = static_cast<size_t>(panels * panel_elements<StepsOf<decltype(t)>>(k)) * sizeof t;
  });
  return bytes;
}

void CpuKernels::pack(const Pack& p) const {
  with_type(p.type, [&](auto t) { run_pack<StepsOf<decltype(t)>>(p); });
}

void CpuKernels::product(const Product& p) const {
  with_type(p.right.type, [&](auto t) {
    with_type(p.out.type, [&](auto out) { run_product<StepsOf<decltype(t)>, decltype(out)>(p); });
  });
}

}  // namespace octavo::OCTAVO_ISA

namespace octavo {
#define OCTAVO_JOIN(a, b) a##b
#define OCTAVO_FACTORY(isa) OCTAVO_JOIN(isa, _kernels)
const Kernels* OCTAVO_FACTORY(OCTAVO_ISA)() {
  static const OCTAVO_ISA::CpuKernels instance;
  return &instance;
}
}  // namespace octavo
