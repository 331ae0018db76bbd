// Horizontal bars as SVG: parts of a whole by name, each with the part of it that could not be
// less. Styled as plots are (plot.h). Tested by tests/report/bars_test.cpp.
#pragma once

#include <string>
#include <vector>

#include "octavo/report/plot.h"

namespace octavo {

struct Bar {
  std::string name{};
  std::string note{};  ///< behind the bar: "12.3 %"
  double value = 0;    ///< its length; at least 0
  double part = 0;     ///< drawn in full colour from the left, at most value; the rest is faint
};

struct Bars {
  std::string title{};
  std::string part_name{}, rest_name{};  ///< of the two colours: the legend
  std::vector<Bar> bars{};               ///< from above
};

/// The bars as an <svg> element, as high as they need.
std::string draw_bars(const Bars& bars, PlotStyle style = PlotStyle::from_page);

}  // namespace octavo
