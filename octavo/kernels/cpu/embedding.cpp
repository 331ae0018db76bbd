// Embedding lookup, and its gradient with the rows added in their order: a task owns columns, not
// rows, so no two threads meet.
#include "octavo/kernels/cpu/cpu_kernels.h"

namespace octavo::OCTAVO_ISA {
namespace {

inline Vec rounded(Vec x, DataType rounding) {
  return rounding == DataType::bf16 ? from_bits(rounded_to_bf16(x) & 0xFFFF0000u) : x;
}

}  // namespace

void CpuKernels::embedding(const Embedding& e) const {
  const auto* tokens = e.tokens.row<int32_t>(0);
  const auto* positions = e.positions.row<int32_t>(0);
  with_type(e.token_table.type, [&](auto t) {
    using Table = decltype(t);
    with_type(e.out.type, [&](auto out) {
      for_pieces(e.out.rows, e.out.columns, [&](int64_t row, int64_t first, int64_t end) {
        const Table* token = e.token_table.row<Table>(tokens[row]);
        const Table* position =
            e.position_table ? e.position_table.row<Table>(positions[row]) : nullptr;
        auto* y = e.out.row<decltype(out)>(row);
        for (int64_t c = first; c < end; c += kLanes) {
          Vec x = rounded(load(token + c, end - c), e.rounding);
          if (position) x += rounded(load(position + c, end - c), e.rounding);
          store(y + c, x, end - c);
        }
      });
    });
  });
}

void CpuKernels::embedding_backward(const EmbeddingBackward& e) const {
  constexpr int64_t kColumns = 64;
  const auto* tokens = e.tokens.row<int32_t>(0);
  const auto* positions = e.positions.row<int32_t>(0);
  const int64_t columns = e.dout.columns;
  with_type(e.dout.type, [&](auto t) {
    parallel_for((columns + kColumns - 1) / kColumns, [&](int64_t task) {
      const int64_t first = task * kColumns, end = std::min(columns, first + kColumns);
      const auto add_row = [&](const Array& table, int32_t index, int64_t r) {
        float* row = table.row<float>(index);
        for (int64_t c = first; c < end; c += kLanes)
          store(row + c, load(row + c, end - c) + load(e.dout.row<decltype(t)>(r) + c, end - c),
                end - c);
      };
      for (int64_t r = 0; r < e.dout.rows; ++r) {
        add_row(e.dtoken_table, tokens[r], r);
        if (e.dposition_table) add_row(e.dposition_table, positions[r], r);
      }
    });
  });
}

}  // namespace octavo::OCTAVO_ISA
