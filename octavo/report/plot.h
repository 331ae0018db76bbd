// Line plots as SVG: drawn from numbers to text here, so that a report needs neither a script nor a
// network.
//
// Colours and fonts are CSS classes: a page (page.h) styles them for light and dark; a plot written
// alone carries its own style. Long series are thinned by keeping the extremes of each column, so a
// spike never vanishes. Tested by tests/report/plot_test.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace octavo {

enum class AxisScale { linear, logarithmic };

struct PlotAxis {
  std::string label{};  ///< with its unit: "loss (nats per token)"
  AxisScale scale = AxisScale::linear;
  std::optional<double> minimum{};  ///< else from the data
  std::optional<double> maximum{};
  std::vector<std::string> names{};  ///< of x: what stands at 0, 1, 2, …, in place of numbers
};

struct PlotSeries {
  std::string name{};
  std::vector<double> x{};
  std::vector<double> y{};  ///< as many as x; NaN and infinities are gaps
  /// Draws the raw line faint and an exponential average over about this many points above it.
  double smoothing = 0;
  bool markers = false;  ///< a dot at each point, for sparse series such as validation
};

struct Plot {
  std::string title{};
  PlotAxis x{};
  PlotAxis y{};
  std::vector<PlotSeries> series{};
};

/// Where a plot's style comes from: the page around it, or itself.
enum class PlotStyle { from_page, own };

/// The plot as an <svg> element. Throws `data` if a series' x and y differ in length.
std::string draw_plot(const Plot& plot, PlotStyle style = PlotStyle::from_page);

/// The CSS that plots need, with light and dark colours.
std::string_view plot_css();

/// Round positions for about `count` ticks in [low, high].
std::vector<double> nice_ticks(double low, double high, int count);
/// Powers of ten, and 2 and 5 times them where the range is short.
std::vector<double> log_ticks(double low, double high);

/// The indices to draw of a series cut into `columns` parts: the first, last, least and greatest of
/// each, in order; all of them if there are at most `limit`.
std::vector<size_t> thin(std::span<const double> y, size_t limit);

}  // namespace octavo
