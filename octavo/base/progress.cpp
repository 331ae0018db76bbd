#include "octavo/base/progress.h"

#include <algorithm>
#include <cmath>

#include "octavo/base/text.h"

namespace octavo {
namespace {

constexpr std::string_view kBytes = "B";
constexpr double kRateMemory = 15;     // seconds after which a speed is forgotten to 1/e
constexpr double kLongMemory = 0.25;   // the same for the time left: this share of the run so far
constexpr double kRateInterval = 0.2;  // seconds between measurements, against jitter

// `width` columns, filled to `share` in eighths of a column.
std::string draw_bar(double share, int width) {
  static constexpr std::string_view kEighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  const int eighths = static_cast<int>(std::clamp(share, 0.0, 1.0) * width * 8);
  std::string bar;
  for (int i = 0; i < eighths / 8; ++i) bar += "█";
  bar += kEighths[eighths % 8];
  const int used = (eighths + 7) / 8;
  bar.append(static_cast<size_t>(width - used), ' ');
  return bar;
}

std::string field_text(const ProgressField& field) {
  return field.name.empty() ? field.value : field.name + " " + field.value;
}

}  // namespace

Progress::Progress(Console& console, int64_t total, Options options)
    : console_(console),
      total_(total),
      options_(std::move(options)),
      begin_(options_.clock()),
      last_shown_(begin_),
      last_measured_(begin_),
      last_measured_done_(options_.start),
      done_(options_.start) {}

Progress::~Progress() {
  if (!finished_) console_.set_status("");
}

void Progress::measure(double now) {
  const double elapsed = now - last_measured_;
  if (elapsed < kRateInterval || done_ == last_measured_done_) return;
  const double current = static_cast<double>(done_ - last_measured_done_) / elapsed;
  const auto update = [&](std::optional<double>& rate, double memory) {
    const double kept = rate ? std::exp(-elapsed / memory) : 0;
    rate = rate.value_or(0) * kept + current * (1 - kept);
  };
  update(rate_, kRateMemory);
  update(long_rate_, std::max(kRateMemory, kLongMemory * (now - begin_)));
  last_measured_ = now;
  last_measured_done_ = done_;
}

std::optional<double> Progress::seconds_left() const {
  if (!long_rate_ || *long_rate_ <= 0 || total_ <= 0) return {};
  return static_cast<double>(std::max<int64_t>(total_ - done_, 0)) / *long_rate_;
}

void Progress::update(int64_t done, std::span<const ProgressField> fields) {
  const double now = options_.clock();
  done_ = done;
  fields_.assign(fields.begin(), fields.end());
  measure(now);
  const bool bar = console_.is_terminal();
  if (now - last_shown_ < (bar ? options_.redraw_interval : options_.line_interval)) return;
  last_shown_ = now;
  if (bar) {
    console_.set_status(bar_line(console_.width() - 1));
  } else {
    console_.message(LogLevel::info, plain_line());
  }
}

std::string Progress::numbers() const {
  const auto text = [&](int64_t number) {
    return options_.unit == kBytes ? human_bytes(static_cast<double>(number))
                                   : std::to_string(number);
  };
  return total_ > 0 ? text(done_) + "/" + text(total_) : text(done_);
}

std::string Progress::rate_text() const {
  if (!rate_ || options_.unit.empty()) return "";
  return options_.unit == kBytes ? human_bytes(*rate_) + "/s"
                                 : fmt::format("{} {}/s", human_count(*rate_), options_.unit);
}

std::string Progress::bar_line(int width) const {
  const double share = total_ > 0 ? static_cast<double>(done_) / static_cast<double>(total_) : 0;
  std::string line = options_.title.empty() ? "" : options_.title + " ";
  if (total_ > 0) line += fmt::format("{:3.0f}% ", std::floor(share * 100));
  std::vector<std::string> parts{numbers()};
  for (const ProgressField& field : fields_) parts.push_back(field_text(field));
  if (const std::string rate = rate_text(); !rate.empty()) parts.push_back(rate);
  // The time left comes last but is among the last to go when the terminal is narrow.
  const std::string left =
      seconds_left() ? fmt::format("  {} left", human_seconds(*seconds_left())) : "";
  std::string right;
  const auto room = [&] {
    return width - static_cast<int>(display_width(line) + display_width(right) + left.size());
  };
  for (const std::string& part : parts) {
    if (room() < static_cast<int>(display_width(part)) + 2) break;
    right += "  " + part;
  }
  const int bar = std::min(room(), 30);
  if (total_ > 0 && bar >= 8) line += draw_bar(share, bar);
  line += right + left;
  // A terminal too narrow even for this: keep whole characters.
  while (static_cast<int>(display_width(line)) > std::max(width, 0)) {
    while (!line.empty() && (line.back() & 0xC0) == 0x80) line.pop_back();
    line.pop_back();
  }
  return line;
}

std::string Progress::plain_line() const {
  std::string line = options_.title.empty() ? "" : options_.title + " ";
  line += numbers();
  if (total_ > 0)
    line += fmt::format(" ({:.0f}%)",
                        std::floor(100 * static_cast<double>(done_) / static_cast<double>(total_)));
  for (const ProgressField& field : fields_) line += "  " + field_text(field);
  if (const std::string rate = rate_text(); !rate.empty()) line += "  " + rate;
  line += fmt::format("  {} elapsed", human_seconds(seconds()));
  if (!finished_ && seconds_left())
    line += fmt::format("  {} left", human_seconds(*seconds_left()));
  return line;
}

void Progress::finish() {
  if (finished_) return;
  finished_ = true;
  console_.set_status("");
  console_.message(LogLevel::info, plain_line());
}

}  // namespace octavo
