// How fast the kernels are, each at a shape of GPT-2 124M: for `octavo bench kernels`.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "octavo/kernels/kernels.h"

namespace octavo {

struct KernelSpeed {
  std::string name;    ///< "product gelu_tanh"
  std::string sizes;   ///< "1024 × 3072 × 768"
  double seconds = 0;  ///< of one call, the fastest: others may use the machine too
  double gflops = 0;   ///< multiplications and additions; 0 where memory is what counts
  double gbytes = 0;   ///< per second, each operand counted once
};

/// Measures every operation whose name begins with `prefix`, for about `seconds` each, with the
/// threads in use, and hands each result to `report`.
void measure_kernels(const Kernels& kernels, DataType type, std::string_view prefix, double seconds,
                     const std::function<void(const KernelSpeed&)>& report);

}  // namespace octavo
