#include "octavo/generate/stop_strings.h"

#include <algorithm>

#include "octavo/base/error.h"

namespace octavo {
namespace {

/// How many of the text's last bytes could be the beginning of `stop`.
size_t begun(std::string_view text, std::string_view stop) {
  for (size_t n = std::min(text.size(), stop.size() - 1); n > 0; --n)
    if (text.ends_with(stop.substr(0, n))) return n;
  return 0;
}

}  // namespace

StopStrings::StopStrings(std::vector<std::string> stops) : stops_(std::move(stops)) {
  for (const std::string& stop : stops_)
    require(ErrorKind::usage, !stop.empty(), "[generate] a stop string is empty");
}

std::string StopStrings::push(std::string_view text) {
  std::string shown;
  for (const char c : text) {
    if (met_) break;
    held_ += c;
    size_t end = held_.size(), keep = 0;
    for (const std::string& stop : stops_) {
      if (held_.ends_with(stop)) {
        met_ = true;
        end = std::min(end, held_.size() - stop.size());
      }
      keep = std::max(keep, begun(held_, stop));
    }
    if (!met_) end -= keep;
    shown += held_.substr(0, end);
    held_.erase(0, met_ ? held_.size() : end);
  }
  return shown;
}

std::string StopStrings::finish() { return std::exchange(held_, {}); }

}  // namespace octavo
