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
  if (met_) return "";
  held_ += text;
  size_t end = std::string::npos, keep = 0;
  for (const std::string& stop : stops_) {
    end = std::min(end, held_.find(stop));
    keep = std::max(keep, begun(held_, stop));
  }
  met_ = end != std::string::npos;
  const size_t shown = met_ ? end : held_.size() - keep;
  std::string result = held_.substr(0, shown);
  if (met_)
    held_.clear();
  else
    held_.erase(0, shown);
  return result;
}

std::string StopStrings::finish() { return std::exchange(held_, {}); }

}  // namespace octavo
