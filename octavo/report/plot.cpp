#include "octavo/report/plot.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

#include "octavo/base/error.h"
#include "octavo/report/svg.h"

namespace octavo {

using detail::draw_text;
using detail::text_width;

namespace {

constexpr double kWidth = 720, kHeight = 400;
constexpr double kTop = 62, kBottom = 350, kRight = 700;  // of the frame; its left fits the labels
constexpr size_t kMaximumPoints = 1500;
constexpr size_t kColours = 6;
constexpr double kLegendRow = 20;

// Where values lie on one side of the frame.
struct Scale {
  AxisScale kind;
  double low, high;    // values
  double start, stop;  // where they lie

  bool shows(double value) const {
    return std::abs(value) < 1e300 && (kind == AxisScale::linear || value > 0);
  }
  double place(double value) const {
    const auto bend = [this](double v) { return kind == AxisScale::linear ? v : std::log10(v); };
    const double share = (bend(value) - bend(low)) / (bend(high) - bend(low));
    // A range lost in rounding has no inside; a place far outside must stay a short number.
    return std::isfinite(share) ? std::clamp(start + (stop - start) * share, -9999.0, 9999.0)
                                : (start + stop) / 2;
  }
  std::vector<double> ticks(int count) const {
    return kind == AxisScale::linear ? nice_ticks(low, high, count) : log_ticks(low, high);
  }
};

// Axis limits from the data, with some air around a vertical axis.
Scale make_scale(const PlotAxis& axis, const Plot& plot, std::vector<double> PlotSeries::*values,
                 double air, double start, double stop) {
  Scale scale{axis.scale, std::numeric_limits<double>::infinity(),
              -std::numeric_limits<double>::infinity(), start, stop};
  for (const PlotSeries& series : plot.series)
    for (const double value : series.*values)
      if (scale.shows(value)) {
        scale.low = std::min(scale.low, value);
        scale.high = std::max(scale.high, value);
      }
  if (scale.low > scale.high) scale.low = 1, scale.high = 10;  // nothing to show
  const bool logarithmic = axis.scale == AxisScale::logarithmic;
  if (scale.low == scale.high) {
    const double half = scale.low == 0 ? 1 : std::abs(scale.low) * 0.1;
    scale.low -= half, scale.high += half;
  } else if (logarithmic) {
    const double factor = std::pow(scale.high / scale.low, air);
    scale.low /= factor, scale.high *= factor;
  } else {
    const double margin = (scale.high - scale.low) * air;
    const bool above_zero = scale.low >= 0;
    scale.low -= margin, scale.high += margin;
    if (above_zero) scale.low = std::max(scale.low, 0.0);
  }
  if (axis.minimum && (!logarithmic || *axis.minimum > 0)) scale.low = *axis.minimum;
  if (axis.maximum) scale.high = *axis.maximum;
  if (!(scale.low < scale.high)) scale.high = scale.low + std::max(std::abs(scale.low), 1.0);
  return scale;
}

int decimals_for(double step) {
  return std::clamp(static_cast<int>(std::ceil(-std::log10(step) - 1e-9)), 0, 12);
}

// Labels for the ticks of one axis, all with the same unit and decimals.
std::vector<std::string> tick_labels(const Scale& scale, const std::vector<double>& ticks) {
  std::vector<std::string> labels;
  const double greatest = std::max(std::abs(scale.low), std::abs(scale.high));
  const double step = ticks.size() > 1 ? ticks[1] - ticks[0] : greatest;
  for (const double tick : ticks) {
    const double size = scale.kind == AxisScale::linear ? greatest : std::abs(tick);
    const double unit_step = scale.kind == AxisScale::linear ? step : size;
    if (tick == 0) {
      labels.push_back("0");
    } else if (size >= 1e15) {
      labels.push_back(fmt::format("{:g}", tick));
    } else if (size >= 9999.5) {
      static constexpr const char* kUnits[] = {"", "k", "M", "B", "T"};
      const int thousands = std::min(static_cast<int>(std::log10(size * 1.0000001)) / 3, 4);
      const double unit = std::pow(1000.0, thousands);
      labels.push_back(
          fmt::format("{:.{}f}{}", tick / unit, decimals_for(unit_step / unit), kUnits[thousands]));
    } else if (size < 9.9995e-4) {
      const int exponent = static_cast<int>(std::floor(std::log10(size) + 1e-9));
      const double unit = std::pow(10.0, exponent);
      labels.push_back(
          fmt::format("{:.{}f}e{}", tick / unit, decimals_for(unit_step / unit), exponent));
    } else {
      labels.push_back(fmt::format("{:.{}f}", tick, decimals_for(unit_step)));
    }
  }
  return labels;
}

std::vector<double> smooth(const std::vector<double>& y, double points) {
  const double keep = 1 - 2 / (points + 1);
  double sum = 0, weight = 0;  // weight makes the first values an average of what there is
  std::vector<double> result(y.size());
  for (size_t i = 0; i < y.size(); ++i) {
    const bool finite = std::isfinite(y[i]);
    if (finite) {
      sum = keep * sum + (1 - keep) * y[i];
      weight = keep * weight + (1 - keep);
    }
    result[i] = finite ? sum / weight : y[i];
  }
  return result;
}

std::string draw_line(const std::vector<double>& x, const std::vector<double>& y,
                      const Scale& horizontal, const Scale& vertical, std::string_view css) {
  std::string path;
  bool drawing = false;
  for (const size_t i : thin(y, kMaximumPoints)) {
    const bool shown = horizontal.shows(x[i]) && vertical.shows(y[i]);
    if (shown) {
      path += fmt::format("{}{:.1f} {:.1f}", drawing ? "L" : "M", horizontal.place(x[i]),
                          vertical.place(y[i]));
      if (!drawing) path += "h0";  // a point between two gaps is seen as a dot
    }
    drawing = shown;
  }
  return path.empty() ? "" : fmt::format("<path class=\"{}\" d=\"{}\"/>\n", css, path);
}

std::string draw_markers(const PlotSeries& series, const Scale& horizontal, const Scale& vertical,
                         std::string_view css) {
  std::string out;
  for (const size_t i : thin(series.y, kMaximumPoints / 5))
    if (horizontal.shows(series.x[i]) && vertical.shows(series.y[i]))
      out += fmt::format(
          "<circle class=\"{}\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"3.2\"><title>{}: {:.5g} at "
          "{:.6g}</title></circle>\n",
          css, horizontal.place(series.x[i]), vertical.place(series.y[i]), escape_html(series.name),
          series.y[i], series.x[i]);
  return out;
}

std::string draw_axes(const Plot& plot, const Scale& horizontal, const Scale& vertical,
                      const std::vector<double>& ticks, const std::vector<std::string>& labels) {
  std::string out;
  const double left = horizontal.start;
  for (size_t i = 0; i < ticks.size(); ++i) {
    const double y = vertical.place(ticks[i]);
    out += fmt::format("<path class=\"grid\" d=\"M{:.1f} {:.1f}H{:.1f}\"/>\n", left, y, kRight);
    out += draw_text("tick end", left - 8, y + 4, labels[i]);
  }
  std::vector<double> x_ticks = horizontal.ticks(7);
  std::vector<std::string> x_labels = tick_labels(horizontal, x_ticks);
  if (!plot.x.names.empty()) {
    x_labels = plot.x.names;
    x_ticks.resize(x_labels.size());
    std::iota(x_ticks.begin(), x_ticks.end(), 0.0);
  }
  for (size_t i = 0; i < x_ticks.size(); ++i) {
    const double x = horizontal.place(x_ticks[i]);
    out += fmt::format("<path class=\"grid\" d=\"M{:.1f} {}V{}\"/>\n", x, kTop, kBottom);
    out += draw_text("tick middle", x, kBottom + 19, x_labels[i]);
  }
  out += fmt::format("<path class=\"axis\" d=\"M{:.1f} {}H{}\"/>\n", left, kBottom, kRight);
  out += draw_text("label middle", (left + kRight) / 2, kBottom + 40, plot.x.label);
  out += draw_text("label", 8, kTop - 14, plot.y.label);
  return out;
}

/// The colour of a series; more series than colours repeat them with dashes.
std::string colour_of(size_t series) {
  const size_t dashes = std::min<size_t>(series / kColours, 2);
  return fmt::format("c{}{}", series % kColours, dashes ? fmt::format(" d{}", dashes) : "");
}

struct Legend {
  std::string text{};
  double above = 0;  // how much higher it is than one row
};

// Names and colours of the series, to the right above the frame; a long row continues above.
Legend draw_legend(const Plot& plot) {
  if (plot.series.size() < 2) return {};
  Legend legend;
  double x = kRight, y = kTop - 14;
  const double label_end = 8 + text_width(plot.y.label, 13);
  for (size_t i = plot.series.size(); i-- > 0;) {
    const std::string& name = plot.series[i].name;
    const double width = text_width(name, 13) + 22;
    if (x < kRight && x - width < label_end + 12) x = kRight, y -= kLegendRow;
    legend.text += draw_text("legend", x - width + 22, y, name);
    legend.text += fmt::format("<path class=\"line {}\" d=\"M{:.1f} {:.1f}h16\"/>\n", colour_of(i),
                               x - width, y - 4.5);
    x -= width + 18;
  }
  legend.above = kTop - 14 - y;
  return legend;
}

}  // namespace

std::string draw_plot(const Plot& plot, PlotStyle style) {
  for (const PlotSeries& series : plot.series)
    require(series.x.size() == series.y.size(),
            "plot \"{}\", series \"{}\": expected as many x as y, found {} and {}", plot.title,
            series.name, series.x.size(), series.y.size());

  const Scale vertical = make_scale(plot.y, plot, &PlotSeries::y, 0.05, kBottom, kTop);
  const std::vector<double> ticks = vertical.ticks(5);
  const std::vector<std::string> labels = tick_labels(vertical, ticks);
  double label_width = 0;
  for (const std::string& label : labels)
    label_width = std::max(label_width, text_width(label, 12));
  const double left = std::max(40.0, label_width + 18);
  const Scale horizontal = make_scale(plot.x, plot, &PlotSeries::x, 0, left, kRight);

  const Legend legend = draw_legend(plot);
  std::string out = detail::open_drawing(kWidth, kHeight + legend.above, plot.title, style);
  out += fmt::format("<g transform=\"translate(0 {})\">\n", legend.above);
  out += draw_axes(plot, horizontal, vertical, ticks, labels) + legend.text;

  // An inner <svg> clips what lies outside the frame, without an id that a page would hold twice.
  constexpr double kMargin = 4;  // for the width of lines and markers at the edge
  out += fmt::format(
      "<svg x=\"{0:.1f}\" y=\"{1}\" width=\"{2:.1f}\" height=\"{3}\" viewBox=\"{0:.1f} {1} {2:.1f} "
      "{3}\">\n",
      left - kMargin, kTop - kMargin, kRight - left + 2 * kMargin, kBottom - kTop + 2 * kMargin);
  bool empty = true;
  for (size_t i = 0; i < plot.series.size(); ++i) {
    const PlotSeries& series = plot.series[i];
    const std::string colour = colour_of(i);
    std::string lines;
    if (series.smoothing > 1) {
      lines += draw_line(series.x, series.y, horizontal, vertical, "line raw " + colour);
      lines += draw_line(series.x, smooth(series.y, series.smoothing), horizontal, vertical,
                         "line " + colour);
    } else {
      lines += draw_line(series.x, series.y, horizontal, vertical, "line " + colour);
    }
    if (series.markers) lines += draw_markers(series, horizontal, vertical, "dot " + colour);
    empty = empty && lines.empty();
    out += lines;
  }
  out += "</svg>\n";
  if (empty) out += draw_text("label middle", (left + kRight) / 2, (kTop + kBottom) / 2, "no data");
  return out + "</g>\n</svg>\n";
}

std::string_view plot_css() {
  return R"(
.plot{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
.plot .ground{fill:#fff}
.plot text{fill:#57606a;font-size:12px}
.plot .title{fill:#1f2328;font-size:16px;font-weight:600}
.plot .label,.plot .legend{font-size:13px}
.plot .tick{font-variant-numeric:tabular-nums}
.plot .middle{text-anchor:middle}
.plot .end{text-anchor:end}
.plot .grid{stroke:#d0d7de;stroke-opacity:.6;fill:none}
.plot .axis{stroke:#8c959f;fill:none}
.plot .line{stroke:currentColor;stroke-width:2;stroke-linejoin:round;stroke-linecap:round;fill:none}
.plot .raw{stroke-opacity:.28;stroke-width:1.2}
.plot .dot,.plot .bar{fill:currentColor}
.plot .faint{fill-opacity:.28}
.plot .d1{stroke-dasharray:7 5}.plot .d2{stroke-dasharray:2 5}
.plot .c0{color:#2563eb}.plot .c1{color:#d9580d}.plot .c2{color:#0b8a5f}
.plot .c3{color:#8b3fd1}.plot .c4{color:#c8266f}.plot .c5{color:#5b6776}
@media (prefers-color-scheme:dark){
.plot .ground{fill:#12151a}
.plot text{fill:#9aa4b0}
.plot .title{fill:#e6e9ed}
.plot .grid{stroke:#3a424d}
.plot .axis{stroke:#6b7682}
.plot .c0{color:#6aa5ff}.plot .c1{color:#ff9552}.plot .c2{color:#3fce9b}
.plot .c3{color:#c08cff}.plot .c4{color:#ff7db4}.plot .c5{color:#a3afbd}
}
)";
}

std::vector<double> nice_ticks(double low, double high, int count) {
  std::vector<double> ticks;
  const double rough = (high - low) / std::max(count, 1);
  if (!(rough > 0) || !std::isfinite(rough)) return ticks;
  const double power = std::pow(10.0, std::floor(std::log10(rough)));
  double step = 10 * power;
  for (const double nice : {1.0, 2.0, 5.0})
    if (nice * power >= rough * 0.999) {
      step = nice * power;
      break;
    }
  if (!(step > 0) || high - low < step * 1e-9) return ticks;
  const double first = std::ceil(low / step - 1e-9), last = std::floor(high / step + 1e-9);
  if (!(std::abs(first) < 1e15) || last - first > 100) return ticks;  // steps lost in rounding
  for (double i = first; i <= last; ++i) ticks.push_back(i == 0 ? 0 : i * step);
  return ticks;
}

std::vector<double> log_ticks(double low, double high) {
  std::vector<double> ticks;
  const double decades = std::log10(high) - std::log10(low);
  const int every = std::max(1, static_cast<int>(std::ceil(decades / 8)));
  const int first = static_cast<int>(std::floor(std::log10(low)));
  const int last = static_cast<int>(std::ceil(std::log10(high)));
  for (int exponent = first; exponent <= last; exponent += every)
    for (const double factor : {1.0, 2.0, 5.0}) {
      const double tick = factor * std::pow(10.0, exponent);
      if (factor > 1 && decades > 3) break;
      if (tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9)) ticks.push_back(tick);
    }
  return ticks.size() >= 2 ? ticks : nice_ticks(low, high, 5);
}

std::vector<size_t> thin(std::span<const double> y, size_t limit) {
  std::vector<size_t> kept;
  if (y.size() <= limit) {
    kept.resize(y.size());
    for (size_t i = 0; i < y.size(); ++i) kept[i] = i;
    return kept;
  }
  const size_t columns = std::max<size_t>(limit / 5, 1);  // at most five points of each
  for (size_t column = 0; column < columns; ++column) {
    const size_t begin = y.size() * column / columns, end = y.size() * (column + 1) / columns;
    if (begin == end) continue;
    size_t least = begin, greatest = begin, gap = begin;
    for (size_t i = begin; i < end; ++i) {
      if (!std::isfinite(y[i])) {
        gap = i;
        continue;
      }
      if (!(y[i] >= y[least])) least = i;  // also true while `least` is itself a gap
      if (!(y[i] <= y[greatest])) greatest = i;
    }
    std::array<size_t, 5> points{begin, least, greatest, gap, end - 1};
    std::sort(points.begin(), points.end());
    kept.insert(kept.end(), points.begin(), std::unique(points.begin(), points.end()));
  }
  return kept;
}

}  // namespace octavo
