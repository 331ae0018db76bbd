#include "octavo/cli/bench_compare.h"

#include <CLI/CLI.hpp>

#include <algorithm>

#include "octavo/base/error.h"
#include "octavo/base/line_reader.h"
#include "octavo/cli/command.h"

namespace octavo {
namespace {

/// Members of these names that differ, as "its batch is 4, now 8".
std::vector<std::string> differences(const Json& line, const Json& now,
                                     std::span<const std::string_view> names) {
  std::vector<std::string> result;
  for (const std::string_view name : names) {
    const Json* found = line.is_object() ? line.find(name) : nullptr;
    const Json& wanted = now.at(name);
    if (!found || !(*found == wanted))
      result.push_back(fmt::format("its {} is {}, now {}", name,
                                   found ? found->dump() : "not there", wanted.dump()));
  }
  return result;
}

struct Spread {
  double least = 0, median = 0, most = 0;
};

Spread spread_of(std::vector<double> values) {
  require(!values.empty(), "--compare: a measurement without repeats");
  std::ranges::sort(values);
  return {values.front(), values[(values.size() - 1) / 2], values.back()};
}

std::string line_of(std::string_view name, const Json& run, const Spread& spread) {
  return fmt::format("  {:<12}{:>9} tokens/s   {:.1f} % of the limit (of {}: {:.1f} to {:.1f} %)\n",
                     name, grouped(static_cast<int64_t>(run.at("tokens_per_s").number() + 0.5)),
                     100 * spread.median, run.at("fractions").size(), 100 * spread.least,
                     100 * spread.most);
}

}  // namespace

void add_compare_option(CLI::App& app, std::string& path) {
  add_text(app, "--compare", path, "FILE", "Set beside an earlier run's --json");
}

EarlierResults::EarlierResults(const std::string& path) : path_(path) {
  if (path.empty()) return;
  LineReader reader(path);
  for (int64_t number = 1; const auto line = reader.next(); ++number)
    if (!line->empty()) lines_.push_back(Json::parse(*line, path, {.first_line = number}));
  require(!lines_.empty(), "{}: expected what `octavo bench … --json` writes, found nothing", path);
}

const Json* EarlierResults::find(const Json& now, std::span<const std::string_view> names) const {
  for (const Json& line : lines_)
    if (differences(line, now, names).empty()) return &line;
  return nullptr;
}

const Json& EarlierResults::expect(const Json& now, std::span<const std::string_view> names) const {
  if (const Json* found = find(now, names)) return *found;
  const auto nearest = std::ranges::min_element(
      lines_, {}, [&](const Json& line) { return differences(line, now, names).size(); });
  std::string list;
  for (const std::string& one : differences(*nearest, now, names))
    list += (list.empty() ? "" : "; ") + one;
  fail(ErrorKind::data, "{}: no measurement of the same thing: {}", path_, list);
}

std::string comparison(const Json& before, const Json& now) {
  const Spread old = spread_of(before.at("fractions").numbers());
  const Spread fresh = spread_of(now.at("fractions").numbers());
  const bool apart = fresh.least > old.most || fresh.most < old.least;
  return line_of("before", before, old) + line_of("now", now, fresh) +
         fmt::format("  {:<12}{:>9} by the share: {}\n", "change",
                     ratio_text(fresh.median, old.median),
                     apart ? "the repeats of both lie apart"
                           : "the repeats of both overlap, it may be noise");
}

std::string ratio_text(double now, double before) {
  return before > 0 ? fmt::format("× {:.3g}", now / before) : "";
}

}  // namespace octavo
