// The search for a scale, or a scale and a minimum, that loses the least of a few numbers.
//
// A number x becomes scale · q + minimum, with q an integer from `low` to `high`. Wanted is the
// pair for which Σ weight · (x − scale · q − minimum)² is least when each q is chosen as well as
// can be. That has many local minima, but is easy from both sides: for a given pair the best q is
// the nearest integer; for given integers the best pair is weighted least squares, in closed form.
// So candidates for the scale, which put the number of largest magnitude a little before or past
// the last level, are rounded to integers; each choice of integers gets the score of its own
// least-squares pair; and the best is polished by turns of rounding and solving, each of which can
// only lower the error. llama.cpp's quantizers have the same idea; this one also clips, fits the
// pair to every candidate and polishes. Sums run over four lanes in a fixed order: the same bits on
// every machine. For encode.cpp.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <span>
#include <utility>

namespace octavo {

using Lanes [[gnu::vector_size(16)]] = float;
inline constexpr int kLanes = 4;

inline float sum(Lanes x) { return (x[0] + x[1]) + (x[2] + x[3]); }
/// To the nearest integer, ties to even, for magnitudes below 2²².
inline Lanes nearest(Lanes x) {
  constexpr float kShift = 12582912;  // 1.5 · 2²³, where neighbours are 1 apart
  return (x + kShift) - kShift;
}
inline float inverse(float scale) { return scale == 0 ? 0 : 1 / scale; }

/// Numbers that share a scale, and how much the square of each one's error counts.
template <int N>
struct Part {
  static constexpr int kVectors = N / kLanes;
  Lanes x[kVectors], weight[kVectors];
};

/// What the integers may be.
struct Levels {
  float low, high;
};

struct Fit {
  float scale = 0, minimum = 0;
};

/// The integers that serve a part best under a scale and a minimum, four at a time.
template <int N>
class Rounded {
 public:
  Rounded(const Part<N>& part, Levels levels, float inverse_scale, float minimum)
      : x_(part.x),
        inverse_(inverse_scale - Lanes{}),
        minimum_(minimum - Lanes{}),
        low_(levels.low - Lanes{}),
        high_(levels.high - Lanes{}) {}
  Lanes operator[](int vector) const {
    Lanes q = nearest((x_[vector] - minimum_) * inverse_);
    q = q < low_ ? low_ : q;
    return q > high_ ? high_ : q;
  }

 private:
  const Lanes* x_;
  const Lanes inverse_, minimum_, low_, high_;
};

template <int N>
Rounded<N> rounded(const Part<N>& part, Levels levels, Fit fit) {
  return {part, levels, inverse(fit.scale), fit.minimum};
}

template <int N>
float error_of(const Part<N>& part, Levels levels, Fit fit) {
  const Rounded q = rounded(part, levels, fit);
  Lanes error{};
  for (int i = 0; i < Part<N>::kVectors; ++i) {
    const Lanes off = part.x[i] - (q[i] * fit.scale + fit.minimum);
    error += part.weight[i] * off * off;
  }
  return sum(error);
}

/// Candidates put the largest magnitude (or the whole range) at `first`, first + step, … levels.
struct Grid {
  float first, step;
  int count;

  float operator[](int i) const { return first + step * static_cast<float>(i); }
};

/// Magnitudes that no f16 scale comes near.
inline constexpr float kNothing = 1e-20f;

template <int N>
std::pair<float, float> range_of(const Part<N>& part) {
  float lowest = part.x[0][0], highest = lowest;
  for (const Lanes& numbers : part.x)
    for (int lane = 0; lane < kLanes; ++lane) {
      lowest = std::min(lowest, numbers[lane]);
      highest = std::max(highest, numbers[lane]);
    }
  return {lowest, highest};
}

/// The best scale alone. Levels that reach further on one side want a grid for either sign.
template <int N>
Fit fit_scale(const Part<N>& part, Levels levels, std::span<const Grid> grids) {
  const auto [lowest, highest] = range_of(part);
  const float largest = -lowest > highest ? lowest : highest;
  if (std::abs(largest) < kNothing) return {};

  float best = 0, best_gain = 0;  // of the error, from that of all zeros
  const auto try_inverse = [&](float inverse_scale) {
    const Rounded q(part, levels, inverse_scale, 0);
    Lanes xqs{}, qqs{};
    for (int i = 0; i < Part<N>::kVectors; ++i) {
      const Lanes integers = q[i], weighted = part.weight[i] * integers;
      xqs += weighted * part.x[i];
      qqs += weighted * integers;
    }
    const float xq = sum(xqs), qq = sum(qqs);
    const float scale = qq > 0 ? xq / qq : 0;
    if (scale * xq <= best_gain) return false;
    best = scale, best_gain = scale * xq;
    return true;
  };
  for (const Grid& grid : grids)
    for (int i = 0; i < grid.count; ++i) try_inverse(grid[i] / largest);
  for (int turn = 0; turn < 2; ++turn)
    if (!try_inverse(inverse(best))) break;
  return {best, 0};
}

enum class Minimum { any, not_positive };

/// The best scale and minimum: a line through the points (q, x).
template <int N>
Fit fit_line(const Part<N>& part, Levels levels, Minimum kind, Grid grid) {
  const auto [lowest, highest] = range_of(part);
  const float least = kind == Minimum::any ? lowest : std::min(lowest, 0.0f);
  const float range = highest - least;
  if (range < kNothing) return {0, least};

  Part<N> above = part;  // from `least` up: what is far from zero loses nothing in the sums
  Lanes ws{}, ys{};
  for (int i = 0; i < Part<N>::kVectors; ++i) {
    above.x[i] -= least;
    ws += part.weight[i];
    ys += part.weight[i] * above.x[i];
  }
  const float w = sum(ws), y = sum(ys);

  Fit best{range / levels.high, 0};
  float best_gain = -std::numeric_limits<float>::infinity();
  const auto try_line = [&](Fit candidate) {
    const Rounded integers = rounded(above, levels, candidate);
    Lanes qs{}, qqs{}, yqs{};
    for (int i = 0; i < Part<N>::kVectors; ++i) {
      const Lanes q = integers[i], weighted = part.weight[i] * q;
      qs += weighted;
      qqs += weighted * q;
      yqs += weighted * above.x[i];
    }
    const float q = sum(qs), qq = sum(qqs), yq = sum(yqs), determinant = w * qq - q * q;
    if (determinant <= 0) return false;
    Fit line{(w * yq - y * q) / determinant, (qq * y - q * yq) / determinant};
    if (kind == Minimum::not_positive && line.minimum > -least)
      line = {(yq + least * q) / qq, -least};  // through 0
    // The error from that of the line y = 0: Σ w (y − scale · q − minimum)² − Σ w y².
    const float gain = 2 * (line.scale * yq + line.minimum * y - line.scale * line.minimum * q) -
                       line.scale * line.scale * qq - line.minimum * line.minimum * w;
    if (!(gain > best_gain)) return false;
    best = line, best_gain = gain;
    return true;
  };
  for (int i = 0; i < grid.count; ++i) {
    const float step = range / grid[i];
    try_line({step, 0});
    try_line({step, step / 2});
  }
  for (int turn = 0; turn < 2; ++turn)
    if (!try_line(best)) break;
  return {best.scale, best.minimum + least};
}

}  // namespace octavo
