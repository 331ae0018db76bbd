// Stop strings in a stream of text: what may be shown, and when to stop.
//
// Text that could be the beginning of a stop string is held back until it is known not to be one,
// so a reader never sees half of it. Tested by tests/generate/stop_strings_test.cpp.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace octavo {

class StopStrings {
 public:
  /// Throws `usage` on an empty stop string.
  explicit StopStrings(std::vector<std::string> stops);

  /// Adds text; returns what may be shown now. After a stop string was met: what came before it,
  /// then nothing.
  std::string push(std::string_view text);
  /// At the end of the text: what was held back.
  std::string finish();
  bool met() const { return met_; }

 private:
  std::vector<std::string> stops_;
  std::string held_;
  bool met_ = false;
};

}  // namespace octavo
