// Matrix products in a fixed order (tile.h), their ends (bias, GELU, rounding) fused.
//
// Tasks are blocks of rows × groups of panels; how they are cut changes speed, never numbers. A
// task holds one panel at a time and runs it past all its rows, so the panel comes from the second
// cache and the rows from the second or third. While a few rows pass (many texts that are decoded
// together), the next panel is fetched from memory: neither waits for the other.
#include "octavo/kernels/cpu/cpu_kernels.h"
#include "octavo/kernels/cpu/finish.h"
#include "octavo/kernels/cpu/tile.h"

#define OCTAVO_STRING(x) #x
#define OCTAVO_NAME(x) OCTAVO_STRING(x)

namespace octavo::OCTAVO_ISA {
namespace {

constexpr int64_t kTaskRows = 126;       // a multiple of 6
constexpr int64_t kTaskPanelRows = 128;  // of a packed left side: a multiple of kPanel
constexpr int64_t kTaskColumns = 512;    // of many rows, at most: enough to reuse them
constexpr int64_t kTasksPerThread = 8;   // at least, so that none waits long for the last
constexpr int64_t kTaskBytes = 1 << 17;  // of panels for few rows: all threads read, to the end
constexpr int64_t kFewRows = 64;         // whose sums fit the first cache
constexpr int64_t kStretch = 128;        // of k, whose panel fits beside them
constexpr int64_t kLinesAhead = 2;       // fetched with each step
constexpr size_t kFetchedBytes = 1 << 19;

/// Asks for the lines that a tile will write, while it multiplies.
template <class Out>
inline void prefetch_row(const Product& p, int64_t row, int64_t column, int64_t count) {
  constexpr int64_t kLine = 64 / sizeof(Out);
  const Out* out = p.out.row<Out>(row) + column;
  for (int64_t c = 0; c < count; c += kLine) __builtin_prefetch(out + c, 1);
}

/// One panel and all rows of a task: the panel comes from the second cache for all but the first.
template <class Steps, class Out>
void multiply_panel(const Product& p, const typename Steps::Element* panel, int64_t first_row,
                    int64_t end_row, int64_t column) {
  using Element = typename Steps::Element;
  const int64_t k = p.right.k, count = std::min(kPanel, p.out.columns - column);
  const bool packed = bool(p.left_transposed);
  const auto* left_panels = static_cast<const Element*>(p.left_transposed.data);
  for (int64_t row = first_row; row < end_row;) {
    int64_t rows = std::min<int64_t>(kRows, end_row - row);
    if (packed) rows = std::min(rows, kPanel - row % kPanel);
    const Left<Steps> left =
        packed ? packed_left<Steps>(left_panels + row / kPanel * panel_elements<Steps>(k),
                                    row % kPanel)
               : plain_left<Steps>(p.left.row<Element>(row), p.left.stride);
    with_rows(rows, [&](auto tile_rows) {
      for (int r = 0; r < tile_rows; ++r) prefetch_row<Out>(p, row + r, column, count);
      Vec sums[tile_rows][kPanelVectors] = {};
      multiply_tile<Steps, tile_rows>(left, panel, k, sums);
      for (int r = 0; r < tile_rows; ++r) finish_row<Out>(p, row + r, column, count, sums[r]);
    });
    row += rows;
  }
}

/// The same for a few rows, more than a tile: the panel comes from memory, stretch by stretch. Each
/// passes all rows from the first cache while the one that comes after it is fetched.
template <class Steps, class Out>
void multiply_panel_once(const Product& p, const typename Steps::Element* panel,
                         const typename Steps::Element* next_panel, int64_t column) {
  using Element = typename Steps::Element;
  const int64_t k = p.right.k, m = p.out.rows, count = std::min(kPanel, p.out.columns - column);
  Vec sums[kFewRows][kPanelVectors] = {};
  for (int64_t begin = 0; begin < k; begin += kStretch) {
    const int64_t length = std::min(kStretch, k - begin);
    const auto* ahead = reinterpret_cast<const std::byte*>(
        begin + length < k ? panel + (begin + length) * kPanel : next_panel);
    const std::byte* const end = ahead + kStretch * kPanel * int64_t{sizeof(Element)};
    for (int64_t row = 0; row < m; row += kRows)
      with_rows(std::min<int64_t>(kRows, m - row), [&](auto rows) {
        auto& tile = reinterpret_cast<Vec(&)[rows][kPanelVectors]>(sums[row]);
        const Left<Steps> left = plain_left<Steps>(p.left.row<Element>(row) + begin, p.left.stride);
        multiply_tile<Steps, rows>(left, panel + begin * kPanel, length, tile,
                                   LinesAhead{ahead, ahead < end ? kLinesAhead * 64 : 0});
        ahead += kLinesAhead * 64 * (length / Steps::kStep);
      });
  }
  for (int64_t row = 0; row < m; ++row) finish_row<Out>(p, row, column, count, sums[row]);
}

template <class Steps, class Out>
void run_product(const Product& p) {
  using Element = typename Steps::Element;
  const int64_t m = p.out.rows, panels = panels_of(p.out.columns);
  const int64_t elements = panel_elements<Steps>(p.right.k);
  const Element* right =
      static_cast<const Element*>(p.right.data) + p.first_column / kPanel * elements;
  const int64_t task_rows = p.left_transposed ? kTaskPanelRows : kTaskRows;
  const bool few = m <= task_rows;
  const int64_t task_bytes = std::max<int64_t>(1, elements * int64_t{sizeof(Element)});
  const int64_t row_tasks = (m + task_rows - 1) / task_rows;
  const int64_t even = row_tasks * panels / (kTasksPerThread * threads());
  const int64_t most = few ? kTaskBytes / task_bytes : std::min(even, kTaskColumns / kPanel);
  const int64_t group = std::max<int64_t>(1, most);
  const int64_t groups = (panels + group - 1) / group;

  // Weights lie in the order of their use: behind these are those of the next product.
  if (few) fetch_while_waiting(right + panels * elements, kFetchedBytes);

  const auto multiply = [&](int64_t task) {
    const int64_t first_row = task / groups * task_rows;
    const int64_t end_row = std::min(m, first_row + task_rows);
    const int64_t first = task % groups * group, end = std::min(panels, first + group);
    for (int64_t panel = first; panel < end; ++panel) {
      const Element* b = right + panel * elements;
      if (!p.left_transposed && m > kRows && m <= kFewRows) {
        const Element* next = panel + 1 < panels ? b + elements : b;
        multiply_panel_once<Steps, Out>(p, b, next, panel * kPanel);
      } else {
        multiply_panel<Steps, Out>(p, b, first_row, end_row, panel * kPanel);
      }
    }
  };
  // Few rows wait for the weights' memory; many share panels and rows that lie in the caches.
  parallel_for(row_tasks * groups, multiply, few ? Sharing::runs : Sharing::turns);
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
