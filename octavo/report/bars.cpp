#include "octavo/report/bars.h"

#include <algorithm>

#include "octavo/report/svg.h"

namespace octavo {
namespace {

constexpr double kWidth = 720, kTop = 66, kRow = 24, kBar = 15;
constexpr double kBelow = 14;

std::string draw_part(std::string_view css, double x, double y, double width, double height) {
  return fmt::format(
      "<rect class=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{}\"/>\n", css, x, y,
      width, height);
}

}  // namespace

std::string draw_bars(const Bars& bars, PlotStyle style) {
  double names = 0, notes = 0, longest = 0;
  for (const Bar& bar : bars.bars) {
    names = std::max(names, detail::text_width(bar.name, 12));
    notes = std::max(notes, detail::text_width(bar.note, 12));
    longest = std::max(longest, bar.value);
  }
  const double left = names + 18, room = std::max(40.0, kWidth - left - notes - 24);
  const double height = kTop + kRow * static_cast<double>(bars.bars.size()) + kBelow;

  std::string out = detail::open_drawing(kWidth, height, bars.title, style);
  double x = 10;
  for (const auto& [css, name] : {std::pair{"bar c0", std::string_view(bars.part_name)},
                                  std::pair{"bar faint c0", std::string_view(bars.rest_name)}}) {
    out += draw_part(css, x, 37, 12, 12) + detail::draw_text("legend", x + 18, 48, name);
    x += 42 + detail::text_width(name, 13);
  }
  double y = kTop;
  for (const Bar& bar : bars.bars) {
    const double scale = longest > 0 ? room / longest : 0;
    const double part = std::clamp(bar.part, 0.0, bar.value) * scale;
    const double whole = bar.value * scale;
    out += detail::draw_text("tick end", left - 8, y + 12, bar.name);
    out += draw_part("bar c0", left, y, part, kBar);
    out += draw_part("bar faint c0", left + part, y, whole - part, kBar);
    out += detail::draw_text("tick", left + whole + 8, y + 12, bar.note);
    y += kRow;
  }
  return out + "</svg>\n";
}

}  // namespace octavo
