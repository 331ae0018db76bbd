// Records: what a run notes on its way, as its log keeps it and as its events tell it.
#pragma once

#include <cstdint>
#include <limits>
#include <numbers>
#include <string>
#include <vector>

namespace octavo {

/// One optimizer step.
struct StepRecord {
  int64_t step = 0;       ///< from 1
  int64_t tokens = 0;     ///< seen so far, this step's included
  int64_t sequences = 0;  ///< in this step
  double loss = 0;        ///< mean over the step's tokens, before the update, in nats
  double learning_rate = 0;
  double gradient_norm = 0;  ///< before the clip
  // What the clock decides:
  double seconds = 0;  ///< of this step
  double tokens_per_second = 0;
  double fraction_of_peak = 0;  ///< 0 if the machine's peak is not known
};

struct ValidationRecord {
  int64_t step = 0, tokens = 0;
  double loss = 0;          ///< mean over `loss_tokens`, in nats
  int64_t loss_tokens = 0;  ///< that were predicted
  int64_t bytes = 0;        ///< of text that they stand for; 0: the run has no tokenizer
  double seconds = 0;

  /// What a byte costs, so that models with other tokenizers compare; NaN without bytes. An end of
  /// text costs and has none.
  double bits_per_byte() const {
    if (bytes == 0) return std::numeric_limits<double>::quiet_NaN();
    return loss * static_cast<double>(loss_tokens) / static_cast<double>(bytes) / std::numbers::ln2;
  }
};

struct SampleRecord {
  int64_t step = 0;
  std::string prompt, text;
};

/// Everything noted since the run began, in all its processes.
struct RunHistory {
  std::vector<StepRecord> steps;
  std::vector<ValidationRecord> validations;
  std::vector<SampleRecord> samples;
};

}  // namespace octavo
