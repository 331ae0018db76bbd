// Products with quantized weights, which are read as they lie.
//
// A task is some panels of the output and all rows, or many: it unpacks the panel's weights stretch
// by stretch (quantized_panel.h), small enough for the first cache, and runs each past its rows,
// whose sums wait in memory. So one row and many go the same way, one engine, one number, and
// unpacking is paid once for hundreds of rows. With f32 the sums are those of tile.h: one chain of
// multiply-adds, as in `product`. With bf16 a part's weights are integers, which bf16 holds, and
// its sum is scaled when it is complete. With bytes, activations are rounded first, once for all
// tasks, and a tile sums the products of integers over each part exactly, whatever instruction does
// it, from −bias · Σ x on, so that unsigned bytes serve for signed weights; a part's sum is then
// scaled and added in f32. Tested by tests/kernels, against the reference, which rounds the same
// way, and with f32 bit by bit against `product`.
#include "octavo/kernels/cpu/cpu_kernels.h"
#include "octavo/kernels/cpu/finish.h"
#include "octavo/kernels/cpu/quantized_panel.h"
#include "octavo/kernels/cpu/quantized_rows.h"

namespace octavo::OCTAVO_ISA {
namespace {

constexpr int64_t kMostRows = 504;   // of a task, a multiple of 6: their sums fit the second cache
constexpr int64_t kLeastRows = 126;  // when rows are divided to occupy all threads
constexpr int64_t kTasksPerThread = 4;  // at least, so that none waits long for the last
constexpr int64_t kColumns = std::max<int64_t>(kPanel, 64);  // of a task: some panels, if narrow
constexpr size_t kFetchedBytes = 1 << 19;

// ---- Memory -------------------------------------------------------------------------------------

/// Rows of activations as bytes: integers, a scale for each kByteBlock of them, and for each part
/// of the weights what its sum begins with (−bias · Σ x) and what its minimum is multiplied by
/// (scale · Σ x). Of rows that stay numbers of bf16 the last alone, Σ x.
struct PreparedRows {
  int64_t k, parts;
  int8_t* bytes;
  float* scales;
  int32_t* starts;
  float* sums;
  int8_t* arranged;  ///< a few rows' bytes again, for multiply_rows

  int64_t arranged_bytes() const { return (k + kArranged - 1) / kArranged * kArranged; }
  ArrangedRow arranged_row(int64_t row, int64_t first_k, int64_t part_size) const {
    const int64_t part = row * parts + first_k / part_size;
    return {arranged + row * arranged_bytes() + first_k, scales + (row * k + first_k) / kByteBlock,
            starts + part, sums + part};
  }
};

/// A thread's own: a stretch of a panel, the same in the layout of tile.h (up to 4 bytes each, none
/// where bytes are multiplied), and the sums of its rows.
struct Workspace {
  QuantizedPanel* panel;
  float* weights;
  Vec (*sums)[kPanelVectors];
};

int64_t part_size_of(DataType type) {
  int64_t size = 0;
  with_block(type, [&](auto block) { size = FormOf<decltype(block)>::kPart; });
  return size;
}

/// Rows of a task: all, or so many that there is work for all threads.
int64_t rows_of_task(int64_t m, int64_t column_tasks) {
  const auto even = [m](int64_t tasks) {
    return ((m + tasks - 1) / tasks + kRows - 1) / kRows * kRows;
  };
  int64_t tasks = (m + kMostRows - 1) / kMostRows;
  while (tasks * column_tasks < kTasksPerThread * threads() && even(2 * tasks) >= kLeastRows)
    tasks *= 2;
  return even(tasks);
}

/// True where rows are so few that weights are multiplied in their own order.
bool as_they_lie(const QuantizedProduct& p) {
  return p.rounding == LeftRounding::bytes && p.out.rows <= kRowsAsTheyLie &&
         p.right.type != DataType::q2_k && p.right.type != DataType::q3_k;
}

/// How a product is divided, and where in the scratch memory things lie.
class Plan {
 public:
  const int64_t column_tasks, task_rows, row_tasks;
  PreparedRows left{};

  explicit Plan(const QuantizedProduct& p)
      : column_tasks((p.out.columns + kColumns - 1) / kColumns),
        task_rows(rows_of_task(p.out.rows, column_tasks)),
        row_tasks((p.out.rows + task_rows - 1) / task_rows),
        next_(reinterpret_cast<uintptr_t>(p.scratch)),
        weights_(p.rounding == LeftRounding::bytes ? 0 : kStretch * kPanel) {
    const int64_t m = p.out.rows, k = p.right.columns;
    left.k = k, left.parts = k / part_size_of(p.right.type);
    left.sums = take<float>(next_, m * left.parts);
    if (p.rounding == LeftRounding::bytes) {
      left.bytes = take<int8_t>(next_, m * k);
      left.scales = take<float>(next_, m * (k / kByteBlock));
      left.starts = take<int32_t>(next_, m * left.parts);
      left.arranged = take<int8_t>(next_, as_they_lie(p) ? m * left.arranged_bytes() : 0);
    }
    workspace_bytes_ = 0;
    workspace_at(workspace_bytes_);
  }

  Workspace workspace(int thread) const {
    uintptr_t at = next_ + static_cast<size_t>(thread) * workspace_bytes_;
    return workspace_at(at);
  }
  /// From the beginning of the scratch memory to the end of the last thread's.
  size_t bytes(const QuantizedProduct& p) const {
    return next_ - reinterpret_cast<uintptr_t>(p.scratch) +
           static_cast<size_t>(threads()) * workspace_bytes_;
  }

 private:
  template <class T>
  static T* take(uintptr_t& at, int64_t count) {
    T* const array = reinterpret_cast<T*>(at);
    at += (static_cast<size_t>(count) * sizeof(T) + 63) / 64 * 64;
    return array;
  }
  Workspace workspace_at(uintptr_t& at) const {
    auto* const panel = take<QuantizedPanel>(at, 1);
    auto* const weights = take<float>(at, weights_);
    return {panel, weights, take<Vec[kPanelVectors]>(at, task_rows)};
  }

  uintptr_t next_;
  int64_t weights_;
  size_t workspace_bytes_;
};

// ---- Activations as bytes -----------------------------------------------------------------------

inline Vec nearest_integers(Vec x) {
  for (int i = 0; i < kLanes; ++i) x[i] = __builtin_rintf(x[i]);
  return x;
}

/// One block's integers, and its scale: NaN if a number is not finite, so that all sums are.
template <class T>
float round_block(const T* x, int8_t* bytes) {
  constexpr int64_t kVectors = kByteBlock / kLanes;
  using Signed [[gnu::vector_size(kLanes)]] = int8_t;
  Vec numbers[kVectors];
  VecI most{};  // magnitudes in the order of their bits: a NaN is above all
  for (int64_t v = 0; v < kVectors; ++v) {
    numbers[v] = load(x + v * kLanes);
    const VecI magnitude = std::bit_cast<VecI>(bits(numbers[v]) & 0x7FFFFFFFu);
    most = magnitude > most ? magnitude : most;
  }
  int32_t largest_bits = 0;
  for (int lane = 0; lane < kLanes; ++lane) largest_bits = std::max(largest_bits, most[lane]);
  const auto largest = std::bit_cast<float>(largest_bits);
  const bool finite = largest_bits < 0x7F800000;
  const float inverse = finite && largest > 0x1p-100f ? 127 / largest : 0;
  for (int64_t v = 0; v < kVectors; ++v) {
    const VecI q = __builtin_convertvector(nearest_integers(numbers[v] * inverse), VecI);
    const Signed narrow = __builtin_convertvector(q, Signed);
    std::memcpy(bytes + v * kLanes, &narrow, sizeof narrow);
  }
  return finite ? largest / 127 : std::bit_cast<float>(0x7FC00000);
}

template <class T>
void round_row(const T* x, int64_t row, int64_t part_size, int bias, const PreparedRows& left) {
  int8_t* bytes = left.bytes + row * left.k;
  float* scales = left.scales + row * (left.k / kByteBlock);
  for (int64_t block = 0; block < left.k / kByteBlock; ++block)
    scales[block] = round_block(x + block * kByteBlock, bytes + block * kByteBlock);
  for (int64_t part = 0; part < left.parts; ++part) {
    int32_t sum = 0;
    for (int64_t i = 0; i < part_size; ++i) sum += bytes[part * part_size + i];
    left.starts[row * left.parts + part] = -bias * sum;
    left.sums[row * left.parts + part] =
        scales[part * part_size / kByteBlock] * static_cast<float>(sum);
  }
}

/// The sum of each part of a row that stays as it is.
template <class T>
void sum_row(const T* x, int64_t row, int64_t part_size, const PreparedRows& left) {
  for (int64_t part = 0; part < left.parts; ++part) {
    Vec sums{};
    for (int64_t i = 0; i < part_size; i += kLanes) sums += load(x + part * part_size + i);
    float sum = 0;
    for (int lane = 0; lane < kLanes; ++lane) sum += sums[lane];
    left.sums[row * left.parts + part] = sum;
  }
}

void prepare_left(const QuantizedProduct& p, const PreparedRows& left) {
  with_block(p.right.type, [&](auto block) {
    using Form = FormOf<decltype(block)>;
    const bool bytes = p.rounding == LeftRounding::bytes;
    if (!bytes && (!Form::kOwnMinimum || p.left.type == DataType::f32)) return;
    with_type(p.left.type, [&](auto t) {
      for_rows(p.left.rows, left.k, [&](int64_t row) {
        const auto* x = p.left.row<decltype(t)>(row);
        if (!bytes) return sum_row(x, row, Form::kPart, left);
        round_row(x, row, Form::kPart, Form::kBias, left);
        if (as_they_lie(p))
          arrange(left.bytes + row * left.k, left.k, left.arranged + row * left.arranged_bytes());
      });
    });
  });
}

// ---- Tiles --------------------------------------------------------------------------------------

/// totals[r] += row r of left · the panel, part by part of a stretch that begins at first_k.
template <class Form, int rows>
void multiply_bytes(const PreparedRows& left, int64_t row, int64_t first_k, int64_t count,
                    const QuantizedPanel& panel, Vec (*totals)[kPanelVectors]) {
  constexpr int64_t kWords = Form::kPart / 4;
  const int8_t* x = left.bytes + row * left.k + first_k;
  const float* scales = left.scales + row * (left.k / kByteBlock) + first_k / kByteBlock;
  const int64_t first_part = row * left.parts + first_k / Form::kPart;
  for (int64_t part = 0; part < count / Form::kPart; ++part) {
    VecI sums[rows][kPanelVectors];
#pragma GCC unroll 8
    for (int r = 0; r < rows; ++r) {
      const int32_t start = Form::kBias ? left.starts[first_part + r * left.parts + part] : 0;
#pragma GCC unroll 8
      for (int v = 0; v < kPanelVectors; ++v) sums[r][v] = start - VecI{};
    }
#pragma GCC unroll 2
    for (int64_t word = part * kWords; word < (part + 1) * kWords; ++word) {
      VecU right[kPanelVectors];
#pragma GCC unroll 8
      for (int v = 0; v < kPanelVectors; ++v)
        std::memcpy(&right[v], panel.bytes[word][v * kLanes], sizeof right[v]);
#pragma GCC unroll 8
      for (int r = 0; r < rows; ++r) {
        uint32_t four;
        std::memcpy(&four, x + r * left.k + 4 * word, sizeof four);
        const VecU fours = four - VecU{};
#pragma GCC unroll 8
        for (int v = 0; v < kPanelVectors; ++v)
          sums[r][v] = dot_bytes<Form::kRange>(sums[r][v], right[v], fours);
      }
    }
#pragma GCC unroll 8
    for (int r = 0; r < rows; ++r) {
      const float scale = scales[r * (left.k / kByteBlock) + part * Form::kPart / kByteBlock];
      const float sum = left.sums[first_part + r * left.parts + part];
#pragma GCC unroll 8
      for (int v = 0; v < kPanelVectors; ++v) {
        const float* const scales = panel.scales(part) + v * kLanes;
        totals[r][v] = add_part(totals[r][v], sums[r][v], scale, load(scales));
        if constexpr (Form::kOwnMinimum)
          totals[r][v] += sum * load(panel.minimums(part, Form::kPart) + v * kLanes);
      }
    }
  }
}

/// The same where x are rows of bf16 from first_k on, and the panel's weights integers of bf16.
template <class Form, int rows, class Steps>
void multiply_integers(const PreparedRows& left, Left<Steps> x, int64_t row, int64_t first_k,
                       int64_t count, const QuantizedPanel& panel,
                       const typename Steps::Element* integers, Vec (*totals)[kPanelVectors]) {
  const int64_t first_part = row * left.parts + first_k / Form::kPart;
  for (int64_t part = 0; part < count / Form::kPart; ++part) {
    Vec sums[rows][kPanelVectors];
#pragma GCC unroll 8
    for (int r = 0; r < rows; ++r)
#pragma GCC unroll 8
      for (int v = 0; v < kPanelVectors; ++v) sums[r][v] = Vec{};
    for (int64_t k = part * Form::kPart; k < (part + 1) * Form::kPart; k += Steps::kStep)
      multiply_step<Steps, rows>([&](int r) { return Steps::left(x.data + r * x.row_stride + k); },
                                 integers + k * kPanel, sums);
#pragma GCC unroll 8
    for (int r = 0; r < rows; ++r)
#pragma GCC unroll 8
      for (int v = 0; v < kPanelVectors; ++v) {
        totals[r][v] += sums[r][v] * load(panel.scales(part) + v * kLanes);
        if constexpr (Form::kOwnMinimum)
          totals[r][v] += left.sums[first_part + r * left.parts + part] *
                          load(panel.minimums(part, Form::kPart) + v * kLanes);
      }
  }
}

/// A panel of the output where rows are few: kLanes columns after the other, all of k.
template <class Block, int m>
void multiply_panel_as_it_lies(const QuantizedProduct& p, const PreparedRows& left, int64_t column,
                               int64_t columns, Vec (*sums)[kPanelVectors]) {
  const int64_t k = p.right.columns, bytes = row_bytes(p.right.type, k);
  for (int v = 0; v < kPanelVectors && v * kLanes < columns; ++v) {
    Vec totals[m] = {};
    for (int64_t first_k = 0; first_k < k; first_k += kStretch) {
      const int64_t held = std::min(kStretch, k - first_k) / kBlock<Block>;
      const StretchRows<Block> rows(
          p.right.row(column + v * kLanes) + row_bytes(p.right.type, first_k), bytes,
          columns - v * kLanes, kLanes * bytes);
      ArrangedRow of_left[m];
      for (int r = 0; r < m; ++r) of_left[r] = left.arranged_row(r, first_k, FormOf<Block>::kPart);
      if (held == FullStretch<Block>::value)
        multiply_rows<Block, m>(rows, FullStretch<Block>{}, of_left, totals);
      else
        multiply_rows<Block, m>(rows, held, of_left, totals);
    }
    for (int r = 0; r < m; ++r) sums[r][v] = totals[r];
  }
}

/// The rows of a task past a stretch of a panel: as bytes, or as numbers of their type.
template <class Block>
void multiply_stretch(const QuantizedProduct& p, const PreparedRows& left, int64_t first_row,
                      int64_t end_row, int64_t first_k, int64_t count, const Workspace& work) {
  const auto for_tiles = [&](const auto& use) {
    for (int64_t row = first_row; row < end_row; row += kRows)
      with_rows(std::min<int64_t>(kRows, end_row - row), [&](auto rows) { use(rows, row); });
  };
  if (p.rounding == LeftRounding::bytes) {
    for_tiles([&](auto rows, int64_t row) {
      multiply_bytes<FormOf<Block>, rows>(left, row, first_k, count, *work.panel,
                                          work.sums + (row - first_row));
    });
    return;
  }
  with_type(p.left.type, [&](auto t) {
    using Form = FormOf<Block>;
    using Steps = StepsOf<decltype(t)>;
    auto* weights = reinterpret_cast<decltype(t)*>(work.weights);
    unpack_into<Form, Steps>(*work.panel, count, weights);
    for_tiles([&](auto rows, int64_t row) {
      const auto x = plain_left<Steps>(p.left.row<decltype(t)>(row) + first_k, p.left.stride);
      if constexpr (std::is_same_v<decltype(t), float>) {
        auto& tile = reinterpret_cast<Vec(&)[rows][kPanelVectors]>(work.sums[row - first_row]);
        multiply_tile<Steps, rows>(x, weights, count, tile);
      } else {
        multiply_integers<Form, rows>(left, x, row, first_k, count, *work.panel, weights,
                                      work.sums + (row - first_row));
      }
    });
  });
}

template <class Block>
void multiply_panel(const QuantizedProduct& p, const PreparedRows& left, int64_t first_row,
                    int64_t end_row, int64_t column, const Workspace& work) {
  const int64_t k = p.right.columns, n = p.out.columns;
  const int64_t columns = std::min(kPanel, n - column), bytes = row_bytes(p.right.type, k);
  if (as_they_lie(p)) {
    if constexpr (kRowsAsTheyLie > 0 && !std::is_same_v<Block, BlockQ2K> &&
                  !std::is_same_v<Block, BlockQ3K>)
      with_rows(p.out.rows, [&](auto rows) {
        if constexpr (rows <= kRowsAsTheyLie)
          multiply_panel_as_it_lies<Block, rows>(p, left, column, columns, work.sums);
      });
  } else {
    for (int64_t row = 0; row < end_row - first_row; ++row)
      std::fill_n(work.sums[row], kPanelVectors, Vec{});
    for (int64_t first_k = 0; first_k < k; first_k += kStretch) {
      const int64_t count = std::min(kStretch, k - first_k);
      const std::byte* blocks = p.right.row(column) + row_bytes(p.right.type, first_k);
      unpack_stretch<Block>(blocks, bytes, columns, count, *work.panel);
      multiply_stretch<Block>(p, left, first_row, end_row, first_k, count, work);
    }
  }
  const Product end{.bias = p.bias, .activation = p.activation, .out = p.out};
  with_type(p.out.type, [&](auto out) {
    for (int64_t row = first_row; row < end_row; ++row)
      finish_row<decltype(out)>(end, row, column, columns, work.sums[row - first_row]);
  });
}

}  // namespace

size_t CpuKernels::quantized_product_scratch(const QuantizedProduct& p) const {
  return Plan(p).bytes(p);
}

void CpuKernels::quantized_product(const QuantizedProduct& p) const {
  const int64_t m = p.out.rows, n = p.out.columns;
  assert(p.left.columns == p.right.columns && p.right.rows == n && p.left.rows == m);
  if (m == 0 || n == 0) return;
  const Plan plan(p);
  prepare_left(p, plan.left);
  const bool few = m <= kLeastRows;
  // Weights lie in the order of their use: behind these are those of the next product.
  if (few) fetch_while_waiting(p.right.row(n), kFetchedBytes);

  with_block(p.right.type, [&](auto block) {
    using Block = decltype(block);
    const auto multiply = [&](int64_t task) {
      const Workspace work = plan.workspace(thread_index());
      const int64_t first_row = task / plan.column_tasks * plan.task_rows;
      const int64_t end_row = std::min(m, first_row + plan.task_rows);
      const int64_t first = task % plan.column_tasks * kColumns,
                    end = std::min(n, first + kColumns);
      for (int64_t column = first; column < end; column += kPanel)
        multiply_panel<Block>(p, plan.left, first_row, end_row, column, work);
    };
    parallel_for(plan.row_tasks * plan.column_tasks, multiply,
                 few ? Sharing::runs : Sharing::turns);
  });
}

}  // namespace octavo::OCTAVO_ISA
