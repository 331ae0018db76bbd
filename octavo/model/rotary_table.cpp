#include "octavo/model/rotary_table.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <mutex>
#include <numbers>

namespace octavo {
namespace {

constexpr double kTurn = 2 * std::numbers::pi;

/// Between the kept angle (share 1) and the divided one (share 0).
double mixed(double angle, double factor, double kept) {
  return kept * angle + (1 - kept) * angle / factor;
}

/// The share of pair i that YaRN keeps: 1 up to the pair that makes beta_fast turns in the original
/// context, 0 from that of beta_slow on.
double yarn_share(const RotarySettings& s, int64_t pair, int64_t pairs) {
  const auto pair_of_turns = [&](double turns) {
    const double position = static_cast<double>(s.original_context) / (turns * kTurn);
    return static_cast<double>(pairs) * std::log(position) / std::log(s.base);
  };
  double first = pair_of_turns(s.beta_fast), last = pair_of_turns(s.beta_slow);
  if (s.ramp == RotarySettings::Ramp::whole_pairs)
    first = std::floor(first), last = std::ceil(last);
  first = std::max(first, 0.0);
  last = std::min(last, static_cast<double>(2 * pairs - 1));
  if (first == last) last += 0.001;
  return 1 - std::clamp((static_cast<double>(pair) - first) / (last - first), 0.0, 1.0);
}

/// The same for Llama 3: by how often a wave fits into the original context.
double llama3_share(const RotarySettings& s, double angle) {
  const double waves = static_cast<double>(s.original_context) * angle / kTurn;
  return std::clamp(
      (waves - s.low_frequency_factor) / (s.high_frequency_factor - s.low_frequency_factor), 0.0,
      1.0);
}

}  // namespace

int64_t rotary_pairs(const RotarySettings& settings, int64_t head_size) {
  return static_cast<int64_t>(static_cast<double>(head_size) * settings.fraction) / 2;
}

std::vector<double> rotary_angles(const RotarySettings& settings, int64_t head_size,
                                  int64_t context) {
  const int64_t pairs = rotary_pairs(settings, head_size);
  const auto n = static_cast<double>(pairs);
  double base = settings.base;
  if (settings.scaling == RotaryScaling::dynamic && context > settings.original_context) {
    const double ratio =
        static_cast<double>(context) / static_cast<double>(settings.original_context);
    base *= std::pow(settings.factor * ratio - (settings.factor - 1), n / (n - 1));
  }
  std::vector<double> angles;
  for (int64_t i = 0; i < pairs; ++i) {
    const double angle = std::pow(base, -static_cast<double>(i) / n);
    switch (settings.scaling) {
      case RotaryScaling::none:
      case RotaryScaling::dynamic:
        angles.push_back(angle);
        break;
      case RotaryScaling::linear:
        angles.push_back(angle / settings.factor);
        break;
      case RotaryScaling::yarn:
        angles.push_back(mixed(angle, settings.factor, yarn_share(settings, i, pairs)));
        break;
      case RotaryScaling::llama3:
        angles.push_back(mixed(angle, settings.factor, llama3_share(settings, angle)));
        break;
    }
  }
  return angles;
}

// ---- The table ----------------------------------------------------------------------------------

// A table that grows goes twice as far, so that it seldom does, but not so far ahead that the token
// which asks for it waits for milliseconds.
constexpr int64_t kMostAhead = 1024;

struct RotaryPositions::Shared {
  RotarySettings settings;
  int64_t head_size, context;
  DataType type;
  std::mutex mutex;  // of the table
  RotaryTable table = {};

  RotaryTable grown(int64_t positions) const;
};

RotaryTable RotaryPositions::Shared::grown(int64_t positions) const {
  const std::vector<double> angles = rotary_angles(settings, head_size, context);
  const auto pairs = static_cast<int64_t>(angles.size());
  const RotaryTable result{Tensor({positions, pairs}, type), Tensor({positions, pairs}, type)};
  if (memory_is_planned()) return result;
  const int64_t first = table.cosines.empty() ? 0 : table.cosines.rows();
  if (first > 0) {
    std::memcpy(result.cosines.data(), table.cosines.data(), table.cosines.bytes());
    std::memcpy(result.sines.data(), table.sines.data(), table.sines.bytes());
  }
  const auto fill = [&](auto number) {
    using T = decltype(number);
    T* cosine = result.cosines.as<T>().data() + first * pairs;
    T* sine = result.sines.as<T>().data() + first * pairs;
    for (int64_t position = first; position < positions; ++position)
      for (const double angle : angles) {
        const double turned = static_cast<double>(position) * angle;
        *cosine++ = static_cast<T>(settings.amplitude * std::cos(turned));
        *sine++ = static_cast<T>(settings.amplitude * std::sin(turned));
      }
  };
  type == DataType::f64 ? fill(double()) : fill(float());
  return result;
}

RotaryPositions::RotaryPositions(const RotarySettings& settings, int64_t head_size, int64_t context,
                                 DataType type)
    : shared_(new Shared{settings, head_size, context, type, {}}) {}

RotaryTable RotaryPositions::first(int64_t positions) const {
  const std::lock_guard lock(shared_->mutex);
  RotaryTable& table = shared_->table;
  const int64_t have = table.cosines.empty() ? 0 : table.cosines.rows();
  if (positions > have && have < shared_->context)
    table = shared_->grown(
        std::min(std::max(positions, have + std::min(have, kMostAhead)), shared_->context));
  return table;
}

}  // namespace octavo
