#include "octavo/ops/layernorm.h"

#include "octavo/base/error.h"

namespace octavo {

Value layernorm(Tape& tape, const Value& x, const Parameter& weight, const Parameter& bias,
                double epsilon, DataType out) {
  const int64_t rows = x.data().rows(), columns = x.data().columns();
  const DataType statistics = sum_type(x.type());
  for (const Parameter* parameter : {&weight, &bias}) {
    require(*parameter && parameter->shape.elements() == columns,
            "[layernorm] {} has {} numbers, x has {} columns", parameter->name,
            parameter->shape.elements(), columns);
    require(parameter->value.type() == statistics, "[layernorm] {} is {}, expected {} beside {} x",
            parameter->name, name_of(parameter->value.type()), name_of(statistics),
            name_of(x.type()));
  }

  const bool records = tape.records({x, weight.value, bias.value});
  const Tensor y({rows, columns}, out);
  const Tensor mean = records ? Tensor({1, rows}, statistics) : Tensor();
  const Tensor rstd = records ? Tensor({1, rows}, statistics) : Tensor();
  const auto as_row = [columns](const Tensor& tensor) {
    return array_of(tensor.reshaped({1, columns}));
  };
  kernels().layernorm({.epsilon = epsilon,
                       .x = array_of(x.data()),
                       .weight = as_row(weight.value.data()),
                       .bias = as_row(bias.value.data()),
                       .out = array_of(y),
                       .mean = records ? array_of(mean) : Array{},
                       .rstd = records ? array_of(rstd) : Array{}});

  if (!records) return tape.unrecorded("layernorm", y);
  return tape.record(
      "layernorm", y, {x, weight.value, bias.value},
      [=, weight = weight.value, bias = bias.value.without_data()](const Tensor& dy) {
        // The kernel gives all three gradients at once; one that nobody wants goes to a spare.
        const auto sum = [](const Value& value) {
          return value.wants_gradient() ? gradient_sum(value)
                                        : Tensor::zeros(value.shape(), value.type());
        };
        const auto [dx, write] =
            x.wants_gradient() ? gradient_target(x)
                               : GradientTarget{Tensor(x.shape(), x.type()), Write::overwrite};
        const Tensor dweight = sum(weight), dbias = sum(bias);
        const Tensor scratch({2 * ((rows + kSumRows - 1) / kSumRows), columns}, statistics);
        kernels().layernorm_backward({.x = array_of(x.data()),
                                      .weight = as_row(weight.data()),
                                      .mean = array_of(mean),
                                      .rstd = array_of(rstd),
                                      .dout = array_of(dy),
                                      .dx = array_of(dx),
                                      .write = write,
                                      .dweight = as_row(dweight),
                                      .dbias = as_row(dbias),
                                      .scratch = array_of(scratch)});
      });
}

}  // namespace octavo
