// What an action costs in memory, as the system sees it: for the bound on refusing a file.
#pragma once

#include <cstddef>
#include <fstream>
#include <string>

namespace octavo {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif

/// How far memory rises above what it was while the action runs. 0 if a sanitizer watches: it keeps
/// freed memory.
template <class Action>
size_t resident_rise(const Action& action) {
  const auto peak = [] {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
      if (line.starts_with("VmHWM:")) return std::stoul(line.substr(6)) << 10;
    return size_t{0};
  };
  std::ofstream("/proc/self/clear_refs") << "5";  // forget the peak so far
  const size_t before = peak();
  action();
  const size_t after = peak();  // what the system counts may lag behind, and so seem to fall
  return kSanitized || after < before ? 0 : after - before;
}

}  // namespace octavo
