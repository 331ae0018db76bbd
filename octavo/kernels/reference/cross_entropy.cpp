// Softmax cross-entropy over a vocabulary that comes in chunks: a running maximum and a running sum
// of exponentials relative to it (Milakov & Gimelshein 2018).
#include <algorithm>
#include <cmath>

#include "octavo/base/threads.h"
#include "octavo/kernels/element.h"
#include "octavo/kernels/reference/reference.h"

namespace octavo {

void ReferenceKernels::cross_entropy(const CrossEntropy& e) const {
  const int64_t N = e.logits.columns;
  parallel_for(e.logits.rows, [&](int64_t r) {
    const double old_maximum = e.first == 0 ? -INFINITY : get(e.maximum, 0, r);
    double sum = e.first == 0 ? 0 : get(e.sum, 0, r);

    double maximum = old_maximum;
    for (int64_t n = 0; n < N; ++n) maximum = std::max(maximum, get(e.logits, r, n));
    if (sum > 0) sum *= std::exp(old_maximum - maximum);
    for (int64_t n = 0; n < N; ++n) sum += std::exp(get(e.logits, r, n) - maximum);

    const int64_t target = get_index(e.targets, r);
    if (target >= e.first && target < e.first + N)
      set(e.target_logit, 0, r, get(e.logits, r, target - e.first));

    set(e.maximum, 0, r, maximum);
    set(e.sum, 0, r, sum);
    if (e.first + N == e.vocabulary) {
      const double log_sum = maximum + std::log(sum);
      set(e.log_sum, 0, r, log_sum);
      set(e.loss, 0, r, target < 0 ? 0 : log_sum - get(e.target_logit, 0, r));
    }
  });
}

void ReferenceKernels::cross_entropy_backward(const CrossEntropyBackward& e) const {
  parallel_for(e.logits.rows, [&](int64_t r) {
    const int64_t target = get_index(e.targets, r);
    for (int64_t n = 0; n < e.logits.columns; ++n) {
      const double probability = std::exp(get(e.logits, r, n) - get(e.log_sum, 0, r));
      const double hit = e.first + n == target ? 1 : 0;
      set(e.dlogits, r, n, target < 0 ? 0 : (probability - hit) * get(e.dloss, 0, r));
    }
  });
}

}  // namespace octavo
