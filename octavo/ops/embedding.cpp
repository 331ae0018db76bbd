#include "octavo/ops/embedding.h"

#include "octavo/base/error.h"

namespace octavo {
namespace {

void check_indices(const char* what, const Tensor& indices, int64_t rows, const Parameter& table) {
  require(indices.type() == DataType::i32 && indices.elements() == rows,
          "[embedding] expected {} {} of type i32, found {} of type {}", rows, what,
          indices.elements(), name_of(indices.type()));
  if (indices.data() == nullptr) return;
  for (const int32_t index : indices.as<int32_t>())
    require(index >= 0 && index < table.shape[0], "[embedding] {} {} is outside {}'s {} rows", what,
            index, table.name, table.shape[0]);
}

}  // namespace

Value embedding(Tape& tape, const Tensor& tokens, const Tensor& positions,
                const Parameter& token_table, const Parameter& position_table,
                Precision precision) {
  require(token_table && token_table.shape.rank() == 2, "[embedding] {} is {}, expected [V, C]",
          token_table.name, token_table.shape);
  const int64_t rows = tokens.elements(), columns = token_table.shape[1];
  require(!token_table.value.data().empty(), "[embedding] {} is packed and has no rows to look up",
          token_table.name);
  check_indices("tokens", tokens, rows, token_table);
  if (position_table) {
    require(position_table.shape.rank() == 2 && position_table.shape[1] == columns,
            "[embedding] {} is {}, expected {} columns", position_table.name, position_table.shape,
            columns);
    check_indices("positions", positions, rows, position_table);
  }

  const Tensor out({rows, columns}, precision.residual);
  const Value token_value = token_table.value, position_value = position_table.value;
  const Tensor token_list = tokens.reshaped({1, rows});
  const Tensor position_list = position_value ? positions.reshaped({1, rows}) : Tensor();
  kernels().embedding({.tokens = array_of(token_list),
                       .positions = position_value ? array_of(position_list) : Array{},
                       .token_table = array_of(token_value.data()),
                       .position_table = position_value ? array_of(position_value.data()) : Array{},
                       .rounding = precision.compute,
                       .out = array_of(out)});

  return tape.record(
      "embedding", out, {token_value, position_value},
      [token_value, position_value, token_list, position_list](const Tensor& dout) {
        const auto add_rows = [&](const Value& table, const Tensor& indices) {
          if (table.wants_gradient())
            kernels().embedding_backward({.tokens = array_of(indices),
                                          .dout = array_of(dout),
                                          .dtoken_table = array_of(gradient_sum(table))});
        };
        add_rows(token_value, token_list);
        add_rows(position_value, position_list);
      });
}

}  // namespace octavo
