#include "octavo/base/text.h"

#include <fmt/core.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <cstring>
#include <system_error>
#include <utility>
#include <vector>

namespace octavo {

size_t utf8_length(std::string_view text) {
  const auto byte = [&](size_t i) { return i < text.size() ? static_cast<uint8_t>(text[i]) : 0; };
  const auto follows = [&](size_t i, int low, int high) {
    return byte(i) >= low && byte(i) <= high;
  };
  const int lead = byte(0);
  if (text.empty()) return 0;
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return follows(1, 0x80, 0xBF) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    const int low = lead == 0xE0 ? 0xA0 : 0x80, high = lead == 0xED ? 0x9F : 0xBF;
    return follows(1, low, high) && follows(2, 0x80, 0xBF) ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    const int low = lead == 0xF0 ? 0x90 : 0x80, high = lead == 0xF4 ? 0x8F : 0xBF;
    return follows(1, low, high) && follows(2, 0x80, 0xBF) && follows(3, 0x80, 0xBF) ? 4 : 0;
  }
  return 0;
}

int64_t bytes_not_utf8(std::string_view text) {
  int64_t broken = 0;
  while (!text.empty()) {
    uint64_t eight = 0;  // most text is ASCII: eight bytes of it at once
    if (text.size() >= sizeof eight) {
      std::memcpy(&eight, text.data(), sizeof eight);
      if ((eight & 0x8080808080808080) == 0) {
        text.remove_prefix(sizeof eight);
        continue;
      }
    }
    const size_t length = utf8_length(text);
    broken += length == 0;
    text.remove_prefix(std::max<size_t>(length, 1));
  }
  return broken;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n\v\f";
  const size_t first = std::min(text.find_first_not_of(kSpace), text.size());
  return text.substr(first, text.find_last_not_of(kSpace) + 1 - first);
}

bool is_utf8(std::string_view text) { return bytes_not_utf8(text) == 0; }

std::string repair_utf8(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const size_t length = utf8_length(text);
    result += length ? text.substr(0, length) : std::string_view("\uFFFD");
    text.remove_prefix(std::max<size_t>(length, 1));
  }
  return result;
}

std::string in_quotes(std::string_view text) {
  size_t end = 0;
  while (end < std::min<size_t>(text.size(), 40))
    end += std::max<size_t>(1, utf8_length(text.substr(end, 4)));
  std::string line = repair_utf8(text.substr(0, end));
  for (char& c : line)
    if (static_cast<unsigned char>(c) < ' ' || c == '\x7F') c = '?';
  return fmt::format("\"{}{}\"", line, end < text.size() ? "…" : "");
}

size_t display_width(std::string_view text) {
  return static_cast<size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

int edit_distance(std::string_view a, std::string_view b) {
  // Rows i − 2, i − 1 and i of the table of distances between prefixes.
  std::vector<int> before_last(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = static_cast<int>(j);
  for (size_t i = 1; i <= a.size(); ++i) {
    before_last.swap(last);
    last.swap(row);
    row[0] = static_cast<int>(i);
    for (size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] != b[j - 1])});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
  }
  return row[b.size()];
}

std::string suggest(std::string_view name, std::span<const std::string> candidates) {
  // A third of the name may be wrong, and one letter always. A hostile name is not worth the time.
  if (name.size() > 100) return {};
  int best = std::max(1, static_cast<int>(name.size()) / 3) + 1;
  std::string nearest;
  for (const std::string& candidate : candidates) {
    if (candidate.size() > 200) continue;
    const int distance = edit_distance(name, candidate);
    if (distance < best) {
      best = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

std::string did_you_mean(std::string_view name, std::span<const std::string> candidates) {
  const std::string nearest = suggest(name, candidates);
  return nearest.empty() ? "" : fmt::format(" (did you mean \"{}\"?)", nearest);
}

namespace {

// Three significant digits and the largest unit that leaves a number of at least 1.
std::string with_unit(double value, std::span<const std::string_view> units) {
  size_t unit = 0;
  for (; std::abs(value) >= 999.5 && unit + 1 < units.size(); ++unit) value /= 1000;
  const double magnitude = std::abs(value);
  const int decimals = value == std::floor(value) && unit == 0 ? 0
                       : magnitude >= 99.95                    ? 0
                       : magnitude >= 9.995                    ? 1
                                                               : 2;
  std::string number = fmt::format("{:.{}f}", value, decimals);
  if (number.find('.') != std::string::npos) {
    while (number.back() == '0') number.pop_back();
    if (number.back() == '.') number.pop_back();
  }
  return number + std::string(units[unit]);
}

}  // namespace

std::string counted(int64_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::optional<int64_t> parse_bytes(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  std::string unit(text.substr(static_cast<size_t>(end - text.data())));
  if (unit.starts_with(' ')) unit.erase(0, 1);
  for (char& c : unit) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  if (unit.ends_with('b')) unit.pop_back();
  constexpr std::string_view kUnits = "kmgtp";
  const size_t power = unit.empty() ? 0 : kUnits.find(unit.front()) + 1;  // 0 if there is none
  if (error != std::errc() || unit.size() > 1 || (power == 0) != unit.empty()) return std::nullopt;
  const double bytes = std::round(number * std::pow(1000.0, static_cast<double>(power)));
  if (!(bytes >= 0 && bytes < 0x1p63)) return std::nullopt;
  return static_cast<int64_t>(bytes);
}

std::string human_bytes(double bytes) {
  static constexpr std::string_view kUnits[] = {" B", " kB", " MB", " GB", " TB", " PB"};
  return with_unit(bytes, kUnits);
}

std::string human_count(double count) {
  static constexpr std::string_view kUnits[] = {"", "k", "M", "B", "T"};
  return with_unit(count, kUnits);
}

std::string human_seconds(double seconds) {
  if (!std::isfinite(seconds) || seconds < 0) return "?";
  if (seconds < 9.995) return fmt::format("{:.2f}s", seconds);
  if (seconds < 59.95) return fmt::format("{:.1f}s", seconds);
  const auto whole = static_cast<int64_t>(std::min(std::round(seconds), 1e15));
  if (whole < 3600) return fmt::format("{}m{:02}s", whole / 60, whole % 60);
  if (whole < 86400) return fmt::format("{}h{:02}m", whole / 3600, whole % 3600 / 60);
  constexpr int64_t kYear = 31'557'600;
  if (whole < 10 * kYear) return fmt::format("{}d{:02}h", whole / 86400, whole % 86400 / 3600);
  return fmt::format("{} years", human_count(static_cast<double>(whole / kYear)));
}

}  // namespace octavo
