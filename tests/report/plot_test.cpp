// Plots: ticks, thinning, gaps, and SVG that is well-formed whatever the data.
#include "octavo/report/plot.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>

#include "octavo/base/random.h"
#include "tests/base/temporary_folder.h"
#include "tests/report/markup.h"

namespace octavo {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
const double kNan = std::nan("");

TEST(Ticks, AreRound) {
  EXPECT_THAT(nice_ticks(0, 10, 5), ElementsAre(0, 2, 4, 6, 8, 10));
  EXPECT_THAT(nice_ticks(-1, 1, 4), ElementsAre(-1, -0.5, 0, 0.5, 1));
  EXPECT_THAT(nice_ticks(1.3, 4.9, 5), ElementsAre(2, 3, 4));
  EXPECT_THAT(nice_ticks(0, 6e-4, 3), ElementsAre(0, 2e-4, 4e-4, testing::DoubleNear(6e-4, 1e-18)));
  EXPECT_THAT(nice_ticks(1, 1, 5), ElementsAre());
  EXPECT_LE(nice_ticks(1e15, 1e15 + 1, 5).size(), 10u);
  EXPECT_THAT(log_ticks(0.5, 2000), ElementsAre(1, 10, 100, 1000));
  EXPECT_THAT(log_ticks(1, 50), ElementsAre(1, 2, 5, 10, 20, 50));
  const auto near = [](double tick) { return testing::DoubleNear(tick, 1e-12); };
  EXPECT_THAT(log_ticks(3, 4), ElementsAre(3, near(3.2), near(3.4), near(3.6), near(3.8), 4));
  EXPECT_LE(log_ticks(1e-300, 1e300).size(), 12u);
}

TEST(Thin, KeepsEndsAndExtremes) {
  const RandomStream random{1, 1, 1};
  std::vector<double> y(100'000);
  for (size_t i = 0; i < y.size(); ++i) y[i] = random.uniform(i);
  y[12'345] = 50;
  y[77'777] = -50;
  y[55'555] = kNan;
  const auto kept = thin(y, 1500);
  EXPECT_LE(kept.size(), 1500u);
  EXPECT_GE(kept.size(), 1000u);
  EXPECT_TRUE(std::is_sorted(kept.begin(), kept.end()));
  EXPECT_EQ(std::adjacent_find(kept.begin(), kept.end()), kept.end());
  for (const size_t index :
       {size_t{0}, size_t{12'345}, size_t{77'777}, size_t{55'555}, y.size() - 1})
    EXPECT_TRUE(std::binary_search(kept.begin(), kept.end(), index)) << index;
  EXPECT_THAT(thin(std::vector<double>{3, 1, 2}, 3), ElementsAre(0, 1, 2));
  EXPECT_LE(thin(std::vector<double>(10'000, kNan), 100).size(), 100u);
}

TEST(DrawPlot, NamesStandInPlaceOfNumbers) {
  const Plot plot{.x = {.names = {"0", "1", "8"}}, .series = {{.x = {0, 1, 2}, .y = {1, 2, 3}}}};
  const std::string svg = draw_plot(plot);
  EXPECT_THAT(svg, HasSubstr(">8</text>"));
  EXPECT_THAT(svg, Not(HasSubstr(">0.5</text>")));
}

Plot plot_of(std::vector<double> x, std::vector<double> y) {
  return {.title = "t", .series = {{.name = "s", .x = std::move(x), .y = std::move(y)}}};
}

TEST(Plot, BreaksTheLineAtGaps) {
  const std::string svg = draw_plot(plot_of({0, 1, 2, 3, 4}, {1, 2, kNan, 3, 4}));
  const std::string line = svg.substr(svg.find("<path class=\"line"));
  const std::string path = line.substr(0, line.find("/>"));
  EXPECT_EQ(std::count(path.begin(), path.end(), 'M'), 2);
  EXPECT_EQ(std::count(path.begin(), path.end(), 'L'), 2);
}

TEST(Plot, ThinsLongSeries) {
  std::vector<double> x(1'000'000), y(1'000'000);
  for (size_t i = 0; i < x.size(); ++i) x[i] = static_cast<double>(i), y[i] = std::sin(x[i]);
  EXPECT_LT(draw_plot(plot_of(x, y)).size(), 40'000u);
}

TEST(Plot, SaysWhatItShows) {
  Plot plot = plot_of({1, 2}, {3, 4});
  plot.title = "Loss <&>";
  plot.x.label = "step";
  plot.y.label = "nats per token";
  EXPECT_THAT(draw_plot(plot), Not(HasSubstr("class=\"legend\"")));  // one series is the title's
  plot.series.push_back({.name = "validation", .x = {1, 2}, .y = {3, 5}, .markers = true});
  const std::string svg = draw_plot(plot);
  for (const char* part :
       {"Loss &lt;&amp;&gt;", ">step<", ">nats per token<", ">validation<", "<circle"})
    EXPECT_THAT(svg, HasSubstr(part));
  EXPECT_THAT(svg, Not(HasSubstr("<style>")));
  EXPECT_THAT(draw_plot(plot, PlotStyle::own), HasSubstr("<style>"));
}

// Rows of the legend push the frame down, away from the title; colours come again with dashes.
TEST(Plot, NamesManySeries) {
  Plot plot;
  plot.y.label = "accuracy (%)";
  const auto legend_rows = [&](size_t count) {
    plot.series.clear();
    for (size_t i = 0; i < count; ++i)
      plot.series.push_back({.name = "two_digit_addition", .x = {0, 1}, .y = {0, double(i)}});
    const std::string svg = draw_plot(plot);
    std::set<std::string> rows;
    for (size_t at = 0; (at = svg.find("class=\"legend\"", at)) != svg.npos; ++at)
      rows.insert(svg.substr(svg.find(" y=", at), 9));
    EXPECT_THAT(svg,
                HasSubstr("viewBox=\"0 0 720 " + std::to_string(380 + 20 * rows.size()) + "\""));
    return rows.size();
  };
  EXPECT_EQ(legend_rows(2), 1u);
  EXPECT_EQ(legend_rows(15), 5u);
  const std::string svg = draw_plot(plot);
  EXPECT_THAT(svg, HasSubstr("translate(0 80)"));
  for (const char* style : {"\"line c5\"", "\"line c0 d1\"", "\"line c2 d2\""})
    EXPECT_THAT(svg, HasSubstr(style));
}

TEST(Plot, LabelsLargeAndSmallNumbers) {
  EXPECT_THAT(draw_plot(plot_of({0, 1}, {0, 20'000})), HasSubstr(">10k<"));
  EXPECT_THAT(draw_plot(plot_of({0, 1}, {0, 6e-4})), HasSubstr(">4e-4<"));
  EXPECT_THAT(draw_plot(plot_of({0, 1}, {1.402, 1.409})), HasSubstr(">1.404<"));
}

TEST(Plot, SurvivesAnyData) {
  const std::vector<std::vector<double>> hostile = {{},
                                                    {1},
                                                    {0, 0},
                                                    {kNan, kNan},
                                                    {kInfinity, -kInfinity},
                                                    {1e308, -1e308},
                                                    {1e-320, 2e-320},
                                                    {5, 5, 5},
                                                    {-1, 0, 1},
                                                    {1e15, 1e15 + 1}};
  for (const auto& values : hostile)
    for (const AxisScale scale : {AxisScale::linear, AxisScale::logarithmic})
      for (const double smoothing : {0.0, 5.0}) {
        Plot plot = plot_of(values, values);
        plot.x.scale = plot.y.scale = scale;
        plot.series[0].smoothing = smoothing;
        plot.series[0].markers = true;
        const std::string svg = draw_plot(plot, PlotStyle::own);
        EXPECT_EQ(markup_problem(svg), "") << svg;
        EXPECT_THAT(svg,
                    Not(testing::AnyOf(HasSubstr("nan\""), HasSubstr("inf"), HasSubstr("Mnan"))));
      }
  EXPECT_THAT(draw_plot(plot_of({}, {})), HasSubstr("no data"));
  EXPECT_THAT(error_of(ErrorKind::data,
                       [] {
                         draw_plot(plot_of({1, 2}, {1}));
                       }),
              HasSubstr("expected as many x as y, found 2 and 1"));
}

}  // namespace
}  // namespace octavo
