#include "octavo/ops/rotary.h"

#include "octavo/base/error.h"

namespace octavo {

Value rotary(Tape& tape, const Value& x, const Tensor& positions, const RotaryTable& table,
             int64_t heads, int64_t head_size) {
  const int64_t rows = x.data().rows(), columns = x.data().columns();
  require(heads * head_size <= columns, "[rotary] {} heads of {}, x has {} columns", heads,
          head_size, columns);
  require(table.cosines.shape() == table.sines.shape() && 2 * table.cosines.columns() <= head_size,
          "[rotary] cosines are {}, sines {}, a head has {} columns", table.cosines.shape(),
          table.sines.shape(), head_size);
  require(positions.elements() == rows, "[rotary] {} positions for {} rows", positions.elements(),
          rows);
  require(table.cosines.type() == sum_type(x.type()),
          "[rotary] the table is {}, expected {} beside {} x", name_of(table.cosines.type()),
          name_of(sum_type(x.type())), name_of(x.type()));
  if (positions.data())  // in a plan they have none
    for (const int32_t position : positions.as<int32_t>())
      require(position >= 0 && position < table.cosines.rows(),
              "[rotary] position {}, the table has {}", position, table.cosines.rows());

  const auto turned = [=](Turn turn, const Tensor& from) {
    const Tensor out({rows, columns}, from.type());
    kernels().rotary({.turn = turn,
                      .heads = heads,
                      .head_size = head_size,
                      .positions = array_of(positions.reshaped({1, rows})),
                      .cosines = array_of(table.cosines),
                      .sines = array_of(table.sines),
                      .x = array_of(from),
                      .out = array_of(out)});
    return out;
  };
  const Tensor out = turned(Turn::forward, x.data());
  if (!tape.records({x})) return tape.unrecorded("rotary", out);
  return tape.record("rotary", out, {x}, [x = x.without_data(), turned](const Tensor& dout) {
    add_gradient(x, turned(Turn::back, dout));
  });
}

}  // namespace octavo
