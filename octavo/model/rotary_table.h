// Rotary positions as a model's configuration has them: which angles, and how a context beyond that
// of the first training is reached.
//
// Pair i of n turns by position · base^(−i/n). A longer context keeps the angles in the range that
// the model has seen: all of them slower (linear), a larger base (dynamic), or the slow ones alone
// (YaRN, Llama 3). Papers: Su et al. 2021 (RoFormer); Chen et al. 2023 (linear); Peng et al. 2023
// (YaRN, which also describes the dynamic base). Tested by tests/model/rotary_table_test.cpp.
//
// A table grows with the positions that are used: a file may claim a context that nobody reaches.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "octavo/ops/rotary.h"

namespace octavo {

enum class RotaryScaling {
  none,
  linear,   ///< angles divided by `factor`
  dynamic,  ///< a base for the whole context, where that is longer than the original one
  yarn,     ///< slow angles divided by `factor`, fast ones kept, a ramp between
  llama3,   ///< the same with Llama 3.1's ramp
};

struct RotarySettings {
  double base = 10000;
  double fraction = 1;  ///< of a head's columns that turn
  RotaryScaling scaling = RotaryScaling::none;
  double factor = 1;             ///< longer context / original context, roughly
  int64_t original_context = 0;  ///< that the model was first trained on
  // Llama 3: waves longer than original_context / low are slow, those shorter than / high fast.
  double low_frequency_factor = 1, high_frequency_factor = 4;
  // YaRN: slow turn less than `beta_slow` times in the original context, fast more than
  // `beta_fast`.
  double beta_slow = 1, beta_fast = 32;
  enum class Ramp {
    whole_pairs,
    exact
  } ramp = Ramp::whole_pairs;  ///< YaRN's bounds, rounded or not
  double amplitude = 1;        ///< what cosines and sines are multiplied by (YaRN)

  bool operator==(const RotarySettings&) const = default;
};

/// n: how many pairs of a head's columns turn.
int64_t rotary_pairs(const RotarySettings& settings, int64_t head_size);

/// [n] radians from one position to the next, for a model of `context` positions.
std::vector<double> rotary_angles(const RotarySettings& settings, int64_t head_size,
                                  int64_t context);

/// The cosines and sines of a model of `context` positions, f32 or f64. May be asked by several
/// threads at once.
class RotaryPositions {
 public:
  RotaryPositions() = default;  ///< none turn
  RotaryPositions(const RotarySettings& settings, int64_t head_size, int64_t context,
                  DataType type);
  explicit operator bool() const { return shared_ != nullptr; }

  /// [at least `positions`, n], but never beyond the context. A row is the same numbers however far
  /// the table reaches, and a table that was given stays as it is.
  RotaryTable first(int64_t positions) const;

 private:
  struct Shared;
  std::shared_ptr<Shared> shared_;
};

}  // namespace octavo
