// Clocks: seconds that only grow, for rates and durations, and the wall's, for records that people
// read. Whatever depends on them goes into timing.jsonl, never into a result.
#pragma once

#include <chrono>

namespace octavo {

/// Seconds from an arbitrary start, unaffected by changes of the date.
inline double monotonic_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// Seconds since 1970, UTC.
inline double wall_seconds() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

}  // namespace octavo
