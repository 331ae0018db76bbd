// Progress of a long job: a bar with rate, fields and time left on a terminal, one plain line per
// interval elsewhere. The rate shown is that of the last seconds; the time left remembers a good
// part of the run, since a minute of validation in an hour says little about the hours to come.
// Tested by tests/base/progress_test.cpp.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "octavo/base/clock.h"
#include "octavo/base/console.h"

namespace octavo {

/// What stands beside the bar, the most important first: {"loss", "3.214"}, {"", "12.3k tok/s"}.
struct ProgressField {
  std::string name;
  std::string value;
};

class Progress {
 public:
  struct Options {
    std::string title{};  ///< "train"
    /// Shows a rate of the steps in it: "docs" → "12.3k docs/s"; "B": steps are bytes, "4.5 MB/s".
    std::string unit{};
    int64_t start = 0;             ///< where a resumed job begins; its past counts for no rate
    double redraw_interval = 0.1;  ///< seconds, on a terminal
    double line_interval = 10;     ///< seconds, elsewhere
    std::function<double()> clock = monotonic_seconds;
  };

  /// `total` is the number of steps, 0 if unknown.
  Progress(Console& console, int64_t total, Options options);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// Cheap: draws only when it is time.
  void update(int64_t done, std::span<const ProgressField> fields = {});
  void update(int64_t done, std::initializer_list<ProgressField> fields) {
    update(done, std::span(fields.begin(), fields.size()));
  }

  /// Removes the bar and leaves a last line, with the whole time.
  void finish();

  double seconds() const { return options_.clock() - begin_; }  ///< since construction
  std::optional<double> rate() const { return rate_; }          ///< steps per second
  std::optional<double> seconds_left() const;

 private:
  void measure(double now);
  std::string bar_line(int width) const;
  std::string plain_line() const;
  std::string numbers() const;
  std::string rate_text() const;

  Console& console_;
  int64_t total_;
  Options options_;
  double begin_;
  double last_shown_;
  double last_measured_;
  int64_t last_measured_done_;
  int64_t done_;
  std::optional<double> rate_, long_rate_;
  std::vector<ProgressField> fields_;
  bool finished_ = false;
};

}  // namespace octavo
