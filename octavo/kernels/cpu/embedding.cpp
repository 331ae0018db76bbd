// Embedding lookup, and its gradient with the rows added in their order: a task owns columns, not
// rows, so no two threads meet.
#include "octavo/kernels/cpu/cpu_kernels.h"
#include "octavo/kernels/quantized/codec.h"

namespace octavo::OCTAVO_ISA {
namespace {

inline Vec rounded(Vec x, DataType rounding) {
  return rounding == DataType::bf16 ? from_bits(rounded_to_bf16(x) & 0xFFFF0000u) : x;
}

constexpr int64_t kDecoded = 256;  // numbers at a time: whole blocks

/// Numbers [first, first + count) of a table's row, whatever its type.
void read_row(const ConstArray& table, int64_t row, int64_t first, int64_t count, float* out) {
  if (is_quantized(table.type)) {
    const int64_t at = row_bytes(table.type, row * table.columns + first);
    return decode_row(table.type, static_cast<const std::byte*>(table.data) + at, count, out);
  }
  with_type(table.type, [&](auto t) {
    const auto* numbers = table.row<decltype(t)>(row) + first;
    std::copy_n(numbers, count, out);
  });
}

/// Where a table is quantized: its rows lie one behind the other, and pieces of them are decoded.
void embedding_of_blocks(const Embedding& e) {
  const auto* tokens = e.tokens.row<int32_t>(0);
  const auto* positions = e.positions.row<int32_t>(0);
  with_type(e.out.type, [&](auto out) {
    for_pieces(e.out.rows, e.out.columns, [&](int64_t row, int64_t begin, int64_t end) {
      alignas(64) float token[kDecoded], position[kDecoded];
      for (int64_t first = begin; first < end; first += kDecoded) {
        const int64_t count = std::min(kDecoded, end - first);
        read_row(e.token_table, tokens[row], first, count, token);
        if (e.position_table) read_row(e.position_table, positions[row], first, count, position);
        for (int64_t c = 0; c < count; c += kLanes) {
          Vec x = rounded(load(token + c), e.rounding);
          if (e.position_table) x += rounded(load(position + c), e.rounding);
          store(e.out.row<decltype(out)>(row) + first + c, x, count - c);
        }
      }
    });
  });
}

}  // namespace

void CpuKernels::embedding(const Embedding& e) const {
  if (is_quantized(e.token_table.type) || is_quantized(e.position_table.type))
    return embedding_of_blocks(e);
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
