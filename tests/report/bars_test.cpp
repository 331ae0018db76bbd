// Bars: well-formed whatever the data, each as long as its share, its part within it.
#include "octavo/report/bars.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>

#include "tests/report/markup.h"

namespace octavo {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::vector<double> widths_of(const std::string& svg) {
  std::vector<double> widths;
  const std::regex rectangle("<rect class=\"bar[^>]* width=\"([0-9.]+)\"");
  for (std::sregex_iterator at(svg.begin(), svg.end(), rectangle), end; at != end; ++at)
    widths.push_back(std::stod((*at)[1]));
  return {widths.begin() + 2, widths.end()};  // behind the legend's
}

TEST(Bars, AreAsLongAsTheirShare) {
  const Bars bars{.title = "a step",
                  .part_name = "at best",
                  .rest_name = "beyond",
                  .bars = {{.name = "product", .note = "80 %", .value = 8, .part = 6},
                           {.name = "attention <&>", .note = "10 %", .value = 4, .part = 5},
                           {.name = "nothing", .note = "", .value = 0, .part = 0}}};
  const std::string svg = draw_bars(bars, PlotStyle::own);
  EXPECT_EQ(markup_problem(svg), "");
  for (const char* text :
       {"a step", "at best", "beyond", "product", "attention &lt;&amp;&gt;", "80 %"})
    EXPECT_THAT(svg, HasSubstr(text));
  EXPECT_THAT(svg, HasSubstr(".faint"));  // its own style
  EXPECT_THAT(draw_bars(bars), Not(HasSubstr("<style>")));

  const std::vector<double> widths = widths_of(svg);
  ASSERT_EQ(widths.size(), 6u);
  EXPECT_NEAR(widths[0] / widths[1], 3, 0.02);  // 6 and the 2 beyond
  EXPECT_NEAR((widths[0] + widths[1]) / (widths[2] + widths[3]), 2, 0.02);
  EXPECT_EQ(widths[3], 0);  // a part is never more than the whole
  EXPECT_EQ(widths[4] + widths[5], 0);
}

TEST(Bars, NoneIsADrawingToo) {
  EXPECT_EQ(markup_problem(draw_bars({.title = "nothing"}, PlotStyle::own)), "");
  const Bars zero{.title = "zero", .bars = {{.name = "a", .value = 0}}};
  EXPECT_THAT(draw_bars(zero), Not(HasSubstr("nan")));
}

}  // namespace
}  // namespace octavo
