// --compare FILE of `octavo bench`: what a run wrote with --json before, beside what is measured
// now. Shares are compared rather than times: a shared machine's speed changes from hour to hour,
// and its yardsticks with it.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "octavo/base/json.h"

namespace CLI {
class App;
}

namespace octavo {

void add_compare_option(CLI::App& app, std::string& path);

class EarlierResults {
 public:
  /// Reads the JSON lines of a file; no path, no results. Throws `data`.
  explicit EarlierResults(const std::string& path);

  bool asked() const { return !path_.empty(); }
  /// The line whose members of these names are those of `now`, or null.
  const Json* find(const Json& now, std::span<const std::string_view> names) const;
  /// The same; throws `data` if there is none, saying what the nearest line has otherwise.
  const Json& expect(const Json& now, std::span<const std::string_view> names) const;

 private:
  std::string path_;
  std::vector<Json> lines_;
};

/// Two lines and a verdict: the median and the spread of the shares of both runs. Each has
/// "tokens_per_s" and "fractions".
std::string comparison(const Json& before, const Json& now);

/// "× 1.07", or nothing where `before` is 0.
std::string ratio_text(double now, double before);

}  // namespace octavo
