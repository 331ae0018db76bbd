#include "octavo/train/schedule.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>

namespace octavo {

double LearningRateSchedule::at(int64_t tokens) const {
  if (tokens < warmup_tokens)
    return peak * static_cast<double>(tokens) / static_cast<double>(warmup_tokens);
  if (tokens >= decay_tokens) return peak * final_ratio;
  const double progress = static_cast<double>(tokens - warmup_tokens) /
                          static_cast<double>(decay_tokens - warmup_tokens);
  const double cosine = 0.5 * (1 + std::cos(std::numbers::pi * progress));
  return peak * (final_ratio + (1 - final_ratio) * cosine);
}

int64_t BatchSchedule::at(int64_t tokens) const {
  if (tokens >= ramp_tokens) return full;
  const double fraction = static_cast<double>(tokens) / static_cast<double>(ramp_tokens);
  const auto sequences = start + static_cast<int64_t>(fraction * static_cast<double>(full - start));
  return std::max(micro_batch, sequences / micro_batch * micro_batch);
}

RunLength steps_for_tokens(const BatchSchedule& batch, int64_t context, int64_t tokens) {
  RunLength at;
  while (at.tokens < std::min(tokens, batch.ramp_tokens)) {
    at.tokens += batch.at(at.tokens) * context;
    ++at.step;
  }
  if (at.tokens < tokens) {  // the rest in full batches
    const int64_t step_tokens = batch.full * context;
    const int64_t steps = (tokens - at.tokens + step_tokens - 1) / step_tokens;
    at.step += steps, at.tokens += steps * step_tokens;
  }
  return at;
}

int64_t tokens_of_steps(const BatchSchedule& batch, int64_t context, int64_t steps) {
  RunLength at;
  while (at.step < steps && at.tokens < batch.ramp_tokens) {
    at.tokens += batch.at(at.tokens) * context;
    ++at.step;
  }
  return at.tokens + (steps - at.step) * batch.full * context;
}

}  // namespace octavo
