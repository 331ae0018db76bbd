#include "octavo/ops/dropout.h"

#include "octavo/base/error.h"

namespace octavo {

Value dropout(Tape& tape, const Value& x, const DropoutMask& mask, uint64_t first) {
  require(mask.probability >= 0 && mask.probability < 1,
          "[dropout] the probability is {}, expected 0 ≤ p < 1", mask.probability);
  if (mask.probability == 0) return x;
  const auto dropped = [mask, first](const Tensor& tensor) {
    const Tensor out(tensor.shape(), tensor.type());
    kernels().dropout({.mask = mask, .first = first, .x = array_of(tensor), .out = array_of(out)});
    return out;
  };
  // The map is linear, so the gradient goes through the same one.
  return tape.record(
      "dropout", dropped(x.data()), {x},
      [dropped, x = x.without_data()](const Tensor& dout) { add_gradient(x, dropped(dout)); });
}

}  // namespace octavo
