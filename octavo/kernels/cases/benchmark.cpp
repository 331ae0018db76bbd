#include "octavo/kernels/cases/benchmark.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "octavo/kernels/cases/cases.h"

namespace octavo {
namespace {

double seconds_of_one(const KernelCase& kernel_case, const Kernels& kernels) {
  using Clock = std::chrono::steady_clock;
  const Clock::time_point start = Clock::now();
  kernel_case.run(kernels);
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// The fastest of as many calls as the time allows, at least three, after one to warm up.
double fastest_seconds(const KernelCase& kernel_case, const Kernels& kernels, double budget) {
  seconds_of_one(kernel_case, kernels);
  double fastest = seconds_of_one(kernel_case, kernels), spent = fastest;
  for (int calls = 1; calls < 3 || spent < budget; ++calls) {
    const double seconds = seconds_of_one(kernel_case, kernels);
    fastest = std::min(fastest, seconds);
    spent += seconds;
  }
  return fastest;
}

std::string text_of(CaseSizes sizes) {
  std::string text = std::to_string(sizes.rows);
  if (sizes.columns > 1) text += fmt::format(" × {}", sizes.columns);
  if (sizes.inner > 1) text += fmt::format(" × {}", sizes.inner);
  return text;
}

}  // namespace

void measure_kernels(const Kernels& kernels, DataType type, std::string_view prefix, double seconds,
                     const std::function<void(const KernelSpeed&)>& report) {
  for (const CaseDeclaration& declaration : kernel_cases()) {
    if (!declaration.name.starts_with(prefix)) continue;
    for (const CaseSizes* chosen : {&declaration.typical, &declaration.long_context}) {
      const CaseSizes& sizes = *chosen;
      if (sizes.rows == 0) continue;
      // The reference takes minutes for a long context.
      if (chosen == &declaration.long_context && &kernels == &reference_kernels()) continue;
      const auto kernel_case = declaration.make(sizes, type, {});
      kernel_case->prepare(kernels);
      const double time = fastest_seconds(*kernel_case, kernels, seconds);
      const Cost cost = kernel_case->cost();
      report({declaration.name, text_of(sizes), time, cost.arithmetic / time * 1e-9,
              cost.bytes / time * 1e-9});
    }
  }
}

}  // namespace octavo
