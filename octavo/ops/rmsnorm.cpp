#include "octavo/ops/rmsnorm.h"

#include "octavo/base/error.h"

namespace octavo {

Value rmsnorm(Tape& tape, const Value& x, const Parameter& weight, double epsilon, DataType out) {
  const int64_t rows = x.data().rows(), columns = x.data().columns();
  const DataType statistics = sum_type(x.type());
  require(weight && weight.shape.elements() == columns,
          "[rmsnorm] {} has {} numbers, x has {} columns", weight.name, weight.shape.elements(),
          columns);
  require(weight.value.type() == statistics, "[rmsnorm] {} is {}, expected {} beside {} x",
          weight.name, name_of(weight.value.type()), name_of(statistics), name_of(x.type()));

  const bool records = tape.records({x, weight.value});
  const Tensor y({rows, columns}, out);
  const Tensor rstd = records ? Tensor({1, rows}, statistics) : Tensor();
  const auto as_row = [columns](const Tensor& tensor) {
    return array_of(tensor.reshaped({1, columns}));
  };
  kernels().rmsnorm({.epsilon = epsilon,
                     .x = array_of(x.data()),
                     .weight = as_row(weight.value.data()),
                     .out = array_of(y),
                     .rstd = records ? array_of(rstd) : Array{}});

  if (!records) return tape.unrecorded("rmsnorm", y);
  return tape.record("rmsnorm", y, {x, weight.value}, [=, weight = weight.value](const Tensor& dy) {
    // The kernel gives both gradients at once; one that nobody wants goes to a spare.
    const auto [dx, write] = x.wants_gradient()
                                 ? gradient_target(x)
                                 : GradientTarget{Tensor(x.shape(), x.type()), Write::overwrite};
    const Tensor dweight = weight.wants_gradient() ? gradient_sum(weight)
                                                   : Tensor::zeros(weight.shape(), weight.type());
    const Tensor scratch({(rows + kSumRows - 1) / kSumRows, columns}, statistics);
    kernels().rmsnorm_backward({.x = array_of(x.data()),
                                .weight = as_row(weight.data()),
                                .rstd = array_of(rstd),
                                .dout = array_of(dy),
                                .dx = array_of(dx),
                                .write = write,
                                .dweight = as_row(dweight),
                                .scratch = array_of(scratch)});
  });
}

}  // namespace octavo
