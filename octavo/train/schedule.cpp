#include "octavo/train/schedule.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
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

int64_t default_micro_batch(int64_t context, int64_t batch, int64_t first_batch) {
  constexpr int64_t kTokens = 4096;
  int64_t micro_batch = std::clamp<int64_t>(kTokens / context, 1, first_batch);
  while (batch % micro_batch != 0 || first_batch % micro_batch != 0) --micro_batch;
  return micro_batch;
}

int64_t BatchSchedule::at(int64_t tokens) const {
  if (tokens >= ramp_tokens) return full;
  const double fraction = static_cast<double>(tokens) / static_cast<double>(ramp_tokens);
  const auto sequences = start + static_cast<int64_t>(fraction * static_cast<double>(full - start));
  return std::max(micro_batch, sequences / micro_batch * micro_batch);
}

namespace {

// Tokens up to which the batch surely stays what it is at `tokens`.
int64_t constant_until(const BatchSchedule& batch, int64_t tokens) {
  if (tokens >= batch.ramp_tokens) return std::numeric_limits<int64_t>::max();
  const double next = static_cast<double>(batch.at(tokens) + batch.micro_batch - batch.start) /
                      static_cast<double>(std::max<int64_t>(1, batch.full - batch.start));
  const double until = 0.999 * next * static_cast<double>(batch.ramp_tokens);
  return std::min(batch.ramp_tokens, static_cast<int64_t>(until));
}

RunLength advance(const BatchSchedule& batch, int64_t context, int64_t steps, int64_t tokens) {
  RunLength at;
  while (at.steps < steps && at.tokens < tokens) {
    const int64_t step_tokens = batch.at(at.tokens) * context;
    const int64_t alike =
        (std::min(tokens, constant_until(batch, at.tokens)) - at.tokens) / step_tokens;
    const int64_t count = std::clamp<int64_t>(alike, 1, steps - at.steps);
    at.steps += count, at.tokens += count * step_tokens;
  }
  return at;
}

}  // namespace

RunLength steps_for_tokens(const BatchSchedule& batch, int64_t context, int64_t tokens) {
  return advance(batch, context, std::numeric_limits<int64_t>::max(), tokens);
}

int64_t tokens_of_steps(const BatchSchedule& batch, int64_t context, int64_t steps) {
  return advance(batch, context, steps, std::numeric_limits<int64_t>::max()).tokens;
}

}  // namespace octavo
