// Softmax cross-entropy, one chunk of the vocabulary after another, by rows.
#include <cmath>

#include "octavo/kernels/cpu/cpu_kernels.h"

namespace octavo::OCTAVO_ISA {
namespace {

constexpr int64_t kTaskRows = 8;

template <class Use>
void for_rows(int64_t rows, const Use& use) {
  parallel_for((rows + kTaskRows - 1) / kTaskRows, [&](int64_t task) {
    const int64_t first = task * kTaskRows;
    for (int64_t r = first; r < std::min(rows, first + kTaskRows); ++r) use(r);
  });
}

}  // namespace

void CpuKernels::cross_entropy(const CrossEntropy& e) const {
  const int64_t columns = e.logits.columns;
  const auto* targets = e.targets.row<int32_t>(0);
  float *maxima = e.maximum.row<float>(0), *sums = e.sum.row<float>(0);
  float* chosen = e.target_logit.row<float>(0);
  for_rows(e.logits.rows, [&](int64_t r) {
    const float* logits = e.logits.row<float>(r);
    const Vec lowest = broadcast(-__builtin_inff());
    Vec largest = lowest;
    const auto at = [&](int64_t c) {
      const Vec x = load(logits + c, columns - c);
      if (columns - c >= kLanes) return x;
      return select(lane_numbers() < static_cast<int32_t>(columns - c), x, lowest);
    };
    for (int64_t c = 0; c < columns; c += kLanes) largest = maximum(largest, at(c));
    const float before = e.first == 0 ? -__builtin_inff() : maxima[r];
    const float now = std::max(before, max_lanes(largest));
    const float shift = std::isfinite(now) ? now : 0.0f;
    Vec total = {};
    for (int64_t c = 0; c < columns; c += kLanes) total += exponential(at(c) - shift);
    const float rescale = e.first == 0 ? 0.0f : exponential(broadcast(before - shift))[0];
    sums[r] = (e.first == 0 ? 0.0f : sums[r] * rescale) + sum_lanes(total);
    maxima[r] = now;
    const int64_t column = targets[r] - e.first;
    if (column >= 0 && column < columns) chosen[r] = logits[column];
    if (e.first + columns < e.vocabulary) return;
    const float log_sum = now + std::log(sums[r]);
    e.log_sum.row<float>(0)[r] = log_sum;
    e.loss.row<float>(0)[r] = targets[r] < 0 ? 0.0f : log_sum - chosen[r];
  });
}

void CpuKernels::cross_entropy_backward(const CrossEntropyBackward& e) const {
  const int64_t columns = e.logits.columns;
  const auto* targets = e.targets.row<int32_t>(0);
  with_type(e.dlogits.type, [&](auto t) {
    for_rows(e.logits.rows, [&](int64_t r) {
      const float* logits = e.logits.row<float>(r);
      auto* out = e.dlogits.row<decltype(t)>(r);
      const float dloss = targets[r] < 0 ? 0.0f : e.dloss.row<float>(0)[r];
      const float log_sum = e.log_sum.row<float>(0)[r];
      for (int64_t c = 0; c < columns; c += kLanes)
        store(out + c, exponential(load(logits + c, columns - c) - log_sum) * dloss, columns - c);
      const int64_t column = targets[r] - e.first;
      if (targets[r] >= 0 && column >= 0 && column < columns) {
        // From the unrounded probability, as the others are.
        const float p = exponential(broadcast(logits[column] - log_sum))[0];
        out[column] = decltype(t)((p - 1.0f) * dloss);
      }
    });
  });
}

}  // namespace octavo::OCTAVO_ISA
