// Report pages: one HTML file with everything in it, readable without a network or a script, in
// light and dark, on a phone and on paper. Whatever comes from outside (names, samples) is escaped.
// Tested by tests/report/page_test.cpp.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "octavo/report/plot.h"

namespace octavo {

/// Escapes text for HTML and SVG, and replaces what is no UTF-8 or no character there.
std::string escape_html(std::string_view text);

/// Builds a page from top to bottom; each call adds below.
class Page {
 public:
  explicit Page(std::string title, std::string subtitle = "");

  Page& section(std::string_view heading);
  Page& paragraph(std::string_view text);
  /// A row of figures that sum the page up: {"validation loss", "1.47"}.
  Page& figures(std::span<const std::pair<std::string, std::string>> figures);
  /// Two columns: what, and its value.
  Page& pairs(std::span<const std::pair<std::string, std::string>> rows);
  /// A table; cells that look like numbers are set to the right.
  Page& table(std::span<const std::string> header, std::span<const std::vector<std::string>> rows);
  /// Preformatted text, such as a sample or a recipe, with a caption.
  Page& sample(std::string_view caption, std::string_view text);
  /// Plots, two in a row where the window is wide enough.
  Page& plots(std::span<const Plot> plots);

  /// The whole document.
  std::string html() const;

 private:
  std::string title_;
  std::string subtitle_;
  std::string body_;
};

}  // namespace octavo
