// What the drawings of this folder share: the element around them, and text.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "octavo/base/text.h"
#include "octavo/report/page.h"
#include "octavo/report/plot.h"

namespace octavo::detail {

inline double text_width(std::string_view text, double font_size) {
  return static_cast<double>(display_width(text)) * font_size * 0.57;
}

inline std::string draw_text(std::string_view css, double x, double y, std::string_view text) {
  return fmt::format("<text class=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>\n", css, x, y,
                     escape_html(text));
}

/// The opening <svg> with its title, and its style if that is its own.
inline std::string open_drawing(double width, double height, std::string_view title,
                                PlotStyle style) {
  const bool own = style == PlotStyle::own;
  std::string out = fmt::format(
      "<svg class=\"plot\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" "
      "role=\"img\" aria-label=\"{2}\"{3}>\n",
      width, height, escape_html(title),
      own ? fmt::format(" width=\"{}\" height=\"{}\"", width, height) : "");
  if (own)
    out += fmt::format(
        "<style>{}</style>\n<rect class=\"ground\" width=\"100%\" height=\"100%\"/>\n", plot_css());
  return out + draw_text("title", 8, 24, title);
}

}  // namespace octavo::detail
