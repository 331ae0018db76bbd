// TensorBoard event files: scalars by tag, step and wall time, readable by `tensorboard --logdir`.
//
// A file is a row of TFRecords (length, masked CRC-32C of it, payload, masked CRC-32C of that),
// each holding one protobuf message `Event`; the few fields in use are encoded by hand. The format:
// tensorflow/core/lib/io/record_writer.cc, tensorflow/core/util/event.proto. Event files depend on
// the clock and are no part of a run's results. Tested by tests/report/tensorboard_test.cpp, which
// decodes them again.
#pragma once

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace octavo {

/// Appends scalars to a new file `events.out.tfevents.<seconds>.<host>.<pid>.<number>` in a folder.
/// A resumed run begins another file there; TensorBoard reads them as one and, since each file says
/// where it starts, drops the steps that the new file writes again.
class TensorBoardWriter {
 public:
  /// The folder must exist. `first_step`: what other files there say of it and later steps is void.
  /// Throws `io`.
  explicit TensorBoardWriter(const std::filesystem::path& folder, int64_t first_step = 0);

  void scalar(std::string_view tag, int64_t step, double value);
  void scalar(std::string_view tag, int64_t step, double value, double wall_time);
  void flush();

  const std::filesystem::path& path() const { return path_; }

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  void write_event(std::string event, int field, std::string_view content);
  void write_record(std::string_view payload);

  std::filesystem::path path_;
  std::unique_ptr<std::FILE, Close> file_;
};

}  // namespace octavo
