// Kernels that tell of each call what it did, how long it took and what it costs: for `octavo bench
// breakdown`, which runs a training step or a generation on them. Tested by
// tests/kernels/cost_test.cpp.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "octavo/kernels/cost.h"

namespace octavo {

struct KernelCall {
  std::string_view operation;      ///< "product"
  std::string_view variant;        ///< "to f32", or nothing: named as `octavo bench kernels` does
  std::array<int64_t, 3> sizes{};  ///< as many as it has, then 0: rows, columns, inner
  double seconds = 0;
  Cost cost;
};

/// The same numbers as `inner`, which must outlive it. `report` is called after each operation, on
/// the thread that asked for it.
std::unique_ptr<Kernels> timed_kernels(const Kernels& inner,
                                       std::function<void(const KernelCall&)> report);

}  // namespace octavo
