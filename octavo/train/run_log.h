// The run's log: metrics.jsonl, timing.jsonl, samples.jsonl and TensorBoard events.
//
// What the run computed and what the clock decided go to different files, so that metrics.jsonl has
// the same bytes for the same run. A resumed run cuts the files back to its checkpoint and writes
// what comes after again. They decide nothing: of a damaged one the lines that can be read are
// kept. A line of metrics.jsonl is one of
//   {"step": 1, "tokens": 768, "loss": 5.5, "learning_rate": 1e-05, "gradient_norm": 2.5,
//   "sequences": 12}
//   {"step": 250, "tokens": 192000, "validation_loss": 2.5, "validation_tokens": 111539,
//   "validation_bytes": 443210}
// Tested by tests/train/run_log_test.cpp.
#pragma once

#include <cstdint>

#include "octavo/base/console.h"
#include "octavo/base/files.h"
#include "octavo/report/tensorboard.h"
#include "octavo/train/records.h"
#include "octavo/train/run_folder.h"

namespace octavo {

/// How far the logs of a resumed run are right.
struct LogPosition {
  int64_t step = 0;
  int64_t metrics_bytes = 0;
};

class RunLog {
 public:
  /// Cuts the logs back to `position` and reads what is left. Reports if that is not all that
  /// metrics.jsonl held there.
  explicit RunLog(const RunFolder& folder, LogPosition position = {}, const Report& report = {});

  void add(const StepRecord& record);
  void add(const ValidationRecord& record);
  void add(const SampleRecord& record);

  /// Makes the logs durable: a checkpoint that names their position follows.
  LogPosition sync();
  const RunHistory& history() const { return history_; }

 private:
  static LineLog open(const std::filesystem::path& path, const std::string& kept);

  RunHistory history_;
  LineLog metrics_, timing_, samples_;
  TensorBoardWriter events_;
};

}  // namespace octavo
