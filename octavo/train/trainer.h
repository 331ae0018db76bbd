// The trainer: the loop from data to checkpoints.
//
// next batch → gradients of its micro-batches → clip → AdamW → metrics → now and then validation,
// samples, a checkpoint. A run is a function of its recipe: everything it computes is the same to
// the bit for any number of threads, and after any number of kills and resumes (what the clock
// decides goes to timing.jsonl and to the events). The trainer neither prints nor generates text:
// whoever runs it gets events. Tested by tests/train/trainer_test.cpp, resume_test.cpp,
// crash_test.cpp.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "octavo/base/console.h"
#include "octavo/checkpoint/training_state.h"
#include "octavo/dataset/batches.h"
#include "octavo/model/gpt.h"
#include "octavo/tokenizer/tokenizer.h"
#include "octavo/train/optimizer.h"
#include "octavo/train/recipe.h"
#include "octavo/train/records.h"
#include "octavo/train/run_folder.h"
#include "octavo/train/run_log.h"

namespace octavo {

/// What is known when training is about to begin or go on.
struct TrainingStart {
  int64_t parameters = 0;
  Precision precision;
  int64_t training_tokens = 0;    ///< in the data, once
  int64_t validation_tokens = 0;  ///< 0: none
  int64_t steps = 0, tokens = 0;  ///< of the whole run
  int64_t step = 0;               ///< resumed after this many steps
  double flops_per_token = 0;     ///< 6N + 6·L·T·C; a band counts as its width
  double peak_gflops = 0;         ///< as given
};

struct CheckpointRecord {
  int64_t step = 0;
  std::filesystem::path folder;
  double seconds = 0;
};

/// A text to be written by the model as it stands.
struct SampleRequest {
  const GPT& model;
  const Tokenizer& tokenizer;
  int64_t step = 0;
  std::string prompt;
  int64_t tokens = 0;  ///< to generate
  uint64_t seed = 0;   ///< the same for the same run
};

/// What a run tells its caller. All may be absent.
struct TrainerEvents {
  Report report;  ///< messages: data that is being prepared, a damaged checkpoint passed over
  std::function<void(const TrainingStart&)> on_start;
  std::function<void(const StepRecord&)> on_step;
  std::function<void(const ValidationRecord&)> on_validation;
  std::function<void(const CheckpointRecord&)> on_checkpoint;
  /// Returns the continuation; without it no samples are taken.
  std::function<std::string(const SampleRequest&)> sample;
  std::function<void(const SampleRecord&)> on_sample;
  /// Asked after each step and between the micro-batches of a validation, until it says true: that
  /// writes a checkpoint and ends the run (a signal came).
  std::function<bool()> stop_requested;
};

struct TrainingSummary {
  int64_t steps = 0, tokens = 0;
  double loss = 0;              ///< of the last step
  double validation_loss = 0;   ///< the last; NaN if there was none
  double seconds = 0;           ///< of this process
  std::filesystem::path model;  ///< the last checkpoint: a Hugging Face folder
};

class Trainer {
 public:
  /// Prepares data and model; with RunStart::resume, loads the newest checkpoint that verifies,
  /// says which damaged ones it passed over, and cuts the metrics back to it. Throws `data` (input
  /// missing, too small …, no checkpoint that is whole), `usage` (the recipe changed in a way that
  /// a resumed run cannot follow, or needs more memory than there is). `peak_gflops`: this
  /// machine's in the recipe's precision (measured_peak_gflops), for the share of it; 0 leaves the
  /// share out.
  Trainer(Recipe recipe, RunFolder folder, TrainerEvents events = {}, double peak_gflops = 0);

  /// Trains to the end of the recipe. Throws `diverged` at a loss, gradient, validation loss or, to
  /// be saved, parameter that is not finite (the message names step, operation and last checkpoint;
  /// nothing that is not finite is kept) and
  /// `interrupted` after saving a checkpoint when a stop was requested; either way the run can be
  /// resumed.
  TrainingSummary run();

 private:
  GPT starting_model() const;
  LogPosition restore(const CheckpointPlace& checkpoint);
  void set_aside_after(int64_t step) const;
  StepRecord take_step();
  void follow_step();
  void check_diverged(const std::function<void()>& action) const;
  bool validate();
  void take_samples();
  void save();
  void write_report() const;
  bool is_due(int64_t every) const;

  std::optional<CheckpointPlace> checkpoint_;  // the newest that is good
  Recipe recipe_;
  RunFolder folder_;
  TrainerEvents events_;
  double peak_gflops_;
  std::optional<Tokenizer> tokenizer_;
  Batches data_;
  GPT model_;
  Optimizer optimizer_;
  Cursor cursor_;
  int64_t step_ = 0;      // done
  int64_t tokens_ = 0;    // seen
  bool followed_ = true;  // by all that is due after the step
  std::optional<RunLog> log_;
};

}  // namespace octavo
