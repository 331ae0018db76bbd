// Attention (Vaswani et al. 2017), one row of scores at a time. For a query, over the keys it sees:
//   s = scale · q · k,  p = softmax(s),  out = Σ m · p · v,  m = keep / (1 − dropout's
//   probability); dp = m · dout · v,  ds = p · (dp − Σ p · dp), dq = scale · Σ ds · k,  dk += scale
//   · ds · q,  dv += m · p · dout.
#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>
#include <vector>

#include "octavo/base/threads.h"
#include "octavo/kernels/dropout_mask.h"
#include "octavo/kernels/element.h"
#include "octavo/kernels/reference/reference.h"

namespace octavo {
namespace {

/// One query of one head: the probabilities of the keys [begin, end) it sees.
struct Row {
  int64_t begin = 0, end = 0;
  std::vector<double> probability;  ///< after the softmax, before dropout
  std::vector<double> mask;         ///< 0 or 1 / (1 − dropout's probability)
  double log_sum = 0;               ///< log Σ exp of the scores
};

class Head {
 public:
  Head(const Attention& attention, const AttentionSequence& sequence, int64_t head)
      : a_(attention), s_(sequence), head_(head) {}

  int64_t size() const { return a_.head_size; }
  int64_t column(int64_t i) const { return head_ * a_.head_size + i; }
  int64_t key_column(int64_t i) const { return a_.key_head(head_) * a_.head_size + i; }

  /// The inner product of this head's part of a query's row (q, dout) and of a key's (k, v).
  double dot(const ConstArray& x, int64_t query, const ConstArray& y, int64_t key) const {
    double sum = 0;
    for (int64_t i = 0; i < size(); ++i)
      sum += get(x, query, column(i)) * get(y, key, key_column(i));
    return sum;
  }

  Row row(int64_t query) const {
    const int64_t position = s_.first + query;
    const KeyRange range = key_range(a_.mask, s_.segments, s_.keys(), position);
    Row row{range.begin, range.end, {}, {}, 0};

    double maximum = -INFINITY, sum = 0;
    for (int64_t key = row.begin; key < row.end; ++key) {
      row.probability.push_back(a_.scale * dot(s_.q, query, s_.k, key));
      maximum = std::max(maximum, row.probability.back());
    }
    for (double& p : row.probability) sum += p = std::exp(p - maximum);
    for (double& p : row.probability) p /= sum;
    row.log_sum = maximum + std::log(sum);

    row.mask.assign(row.probability.size(), 1.0);
    if (a_.dropout.probability > 0) drop(position, row);
    return row;
  }

 private:
  void drop(int64_t position, Row& row) const {
    const RandomStream stream = random_stream(a_.dropout);
    const uint32_t threshold = keep_threshold(a_.dropout.probability);
    for (int64_t key = row.begin; key < row.end; ++key) {
      const uint64_t index = attention_index(s_.number, a_.heads, head_, position, key);
      row.mask[static_cast<size_t>(key - row.begin)] =
          keep(stream, index, threshold) ? 1 / (1 - a_.dropout.probability) : 0;
    }
  }

  const Attention& a_;
  const AttentionSequence& s_;
  int64_t head_;
};

/// Kept keys and values lie as they came, [capacity, H·D] each. The new ones join them, and the
/// sequence has all of them in place of the new.
void keep_key_values(AttentionSequence& s) {
  assert(s.keys() <= s.kept.capacity && (!s.k || s.k.rows == s.q.rows));
  const int64_t width = s.kept.heads * s.kept.head_size;
  const Array k{s.kept.data, s.kept.type, s.kept.capacity, width, width};
  Array v = k;
  v.data = static_cast<std::byte*>(k.data) +
           static_cast<size_t>(s.kept.capacity * width) * size_of(s.kept.type);
  for (int64_t row = 0; row < s.k.rows; ++row)
    for (int64_t c = 0; c < width; ++c) {
      set(k, s.first + row, c, get(s.k, row, c));
      set(v, s.first + row, c, get(s.v, row, c));
    }
  s.k = k, s.v = v;
}

void forward(const Head& head, const AttentionSequence& s, int64_t query, int64_t log_sum_row) {
  const Row row = head.row(query);
  for (int64_t i = 0; i < head.size(); ++i) {
    double sum = 0;
    for (int64_t key = row.begin; key < row.end; ++key) {
      const auto j = static_cast<size_t>(key - row.begin);
      sum += row.mask[j] * row.probability[j] * get(s.v, key, head.key_column(i));
    }
    set(s.out, query, head.column(i), sum);
  }
  if (s.log_sum) set(s.log_sum, log_sum_row, query, row.log_sum);
}

/// dq of one head; adds to the gradients dk and dv [T, D] of its keys and values.
void backward(const Head& head, const AttentionSequence& s, const AttentionGradient& g,
              double scale, std::vector<double>& dk, std::vector<double>& dv) {
  const int64_t T = s.q.rows, D = head.size();
  const auto at = [D](int64_t key, int64_t i) { return static_cast<size_t>(key * D + i); };

  for (int64_t query = 0; query < T; ++query) {
    const Row row = head.row(query);
    std::vector<double> dp(row.probability.size()), dq(static_cast<size_t>(D), 0.0);
    double mean_dp = 0;
    for (int64_t key = row.begin; key < row.end; ++key) {
      const auto j = static_cast<size_t>(key - row.begin);
      dp[j] = row.mask[j] * head.dot(g.dout, query, s.v, key);
      mean_dp += row.probability[j] * dp[j];
    }
    for (int64_t key = row.begin; key < row.end; ++key) {
      const auto j = static_cast<size_t>(key - row.begin);
      const double ds = row.probability[j] * (dp[j] - mean_dp);
      for (int64_t i = 0; i < D; ++i) {
        const int64_t c = head.column(i);
        dq[static_cast<size_t>(i)] += scale * ds * get(s.k, key, head.key_column(i));
        dk[at(key, i)] += scale * ds * get(s.q, query, c);
        dv[at(key, i)] += row.mask[j] * row.probability[j] * get(g.dout, query, c);
      }
    }
    for (int64_t i = 0; i < D; ++i) set(g.dq, query, head.column(i), dq[static_cast<size_t>(i)]);
  }
}

/// Of all heads that share a key head.
void backward_of_key_head(const Attention& a, const AttentionSequence& s,
                          const AttentionGradient& g, int64_t key_head) {
  const int64_t T = s.q.rows, D = a.head_size, group = a.heads / a.key_heads;
  std::vector<double> dk(static_cast<size_t>(T * D), 0.0), dv = dk;
  for (int64_t head = key_head * group; head < (key_head + 1) * group; ++head)
    backward(Head(a, s, head), s, g, a.scale, dk, dv);
  for (int64_t key = 0; key < T; ++key)
    for (int64_t i = 0; i < D; ++i) {
      set(g.dk, key, key_head * D + i, dk[static_cast<size_t>(key * D + i)]);
      set(g.dv, key, key_head * D + i, dv[static_cast<size_t>(key * D + i)]);
    }
}

}  // namespace

size_t ReferenceKernels::key_value_bytes(const KeyValues& kept) const {
  return static_cast<size_t>(2 * kept.capacity * kept.heads * kept.head_size) * size_of(kept.type);
}

void ReferenceKernels::attention(const Attention& a) const {
  for (AttentionSequence s : a.sequences) {
    if (s.kept) keep_key_values(s);
    parallel_for(a.heads * s.q.rows, [&](int64_t task) {
      const int64_t head = task / s.q.rows, query = task % s.q.rows;
      forward(Head(a, s, head), s, query, head);
    });
  }
}

void ReferenceKernels::attention_backward(const AttentionBackward& b) const {
  const Attention& a = b.forward;
  const auto sequences = static_cast<int64_t>(a.sequences.size());
  parallel_for(sequences * a.key_heads, [&](int64_t task) {
    const auto sequence = static_cast<size_t>(task / a.key_heads);
    const AttentionSequence& s = a.sequences[sequence];
    assert(s.first == 0 && s.q.rows == s.k.rows);
    backward_of_key_head(a, s, b.gradients[sequence], task % a.key_heads);
  });
}

}  // namespace octavo
