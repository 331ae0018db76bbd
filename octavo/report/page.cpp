#include "octavo/report/page.h"

#include <fmt/core.h>

#include <algorithm>

#include "octavo/base/text.h"

namespace octavo {
namespace {

constexpr std::string_view kPageCss = R"(
:root{color-scheme:light dark}
*{box-sizing:border-box}
body{margin:0 auto;padding:2.5rem 1.25rem 4rem;max-width:1180px;background:#fff;color:#1f2328;
font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
h1{margin:0;font-size:1.9rem;line-height:1.2;letter-spacing:-.015em}
h2{margin:2.6rem 0 1rem;font-size:1.25rem;letter-spacing:-.01em}
p{max-width:44rem;margin:.6rem 0}
.subtitle,figcaption,dt,th{color:#57606a}
.subtitle{margin-top:.4rem}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:.8rem;margin:1.6rem 0}
.figures div,.plots>figure,pre,.table{border:1px solid #d8dee4;border-radius:10px}
.figures div{padding:.8rem 1rem}
.figures dt{font-size:.85rem}
.figures dd{margin:.1rem 0 0;font-size:1.2rem;overflow-wrap:anywhere;font-weight:600;font-variant-numeric:tabular-nums}
.plots{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,460px),1fr));gap:1rem}
figure{margin:0}
.plots>figure{padding:.6rem .6rem .2rem}
.plot{display:block;width:100%;height:auto}
.table{overflow-x:auto;width:fit-content;max-width:100%;margin:.8rem 0}
table{border-collapse:collapse;font-size:.93rem}
th,td{padding:.4rem .9rem;text-align:left;vertical-align:top;border-top:1px solid #e6eaee}
tr:first-child>*{border-top:0}
th{font-weight:500}
thead th{font-weight:600}
tbody tr:first-child>*{border-top:1px solid #d8dee4}
.pairs tbody tr:first-child>*{border-top:0}
.number{text-align:right;font-variant-numeric:tabular-nums}
.sample{margin:.9rem 0}
figcaption{font-size:.88rem;margin-bottom:.3rem}
pre{margin:0;padding:.9rem 1.1rem;overflow-x:auto;white-space:pre-wrap;overflow-wrap:anywhere;
background:#f6f8fa;font:13.5px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
@media (prefers-color-scheme:dark){
body{background:#12151a;color:#e6e9ed}
.subtitle,figcaption,dt,th{color:#9aa4b0}
.figures div,.plots>figure,pre,.table,th,td,tbody tr:first-child>*{border-color:#2c333c}
pre{background:#191d24}
}
@media print{body{max-width:none;padding:0}figure,.figures div{break-inside:avoid}}
)";

bool looks_like_number(std::string_view cell) {
  if (cell.starts_with('-') || cell.starts_with('+') || cell.starts_with("−"))
    cell.remove_prefix(cell[0] == '-' || cell[0] == '+' ? 1 : std::string_view("−").size());
  return !cell.empty() && cell[0] >= '0' && cell[0] <= '9';
}

std::string table_cell(std::string_view tag, std::string_view cell, bool number) {
  return fmt::format("<{0}{1}>{2}</{0}>", tag, number ? " class=\"number\"" : "",
                     escape_html(cell));
}

}  // namespace

std::string escape_html(std::string_view text) {
  std::string out;
  for (const char c : repair_utf8(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        // Control characters are not allowed in SVG, not even escaped.
        if ((static_cast<uint8_t>(c) < 0x20 && c != '\n' && c != '\t') || c == 0x7F) {
          out += "\uFFFD";
        } else {
          out += c;
        }
    }
  }
  return out;
}

Page::Page(std::string title, std::string subtitle)
    : title_(std::move(title)), subtitle_(std::move(subtitle)) {}

Page& Page::section(std::string_view heading) {
  body_ += fmt::format("<h2>{}</h2>\n", escape_html(heading));
  return *this;
}

Page& Page::paragraph(std::string_view text) {
  body_ += fmt::format("<p>{}</p>\n", escape_html(text));
  return *this;
}

Page& Page::figures(std::span<const std::pair<std::string, std::string>> figures) {
  body_ += "<dl class=\"figures\">\n";
  for (const auto& [name, value] : figures)
    body_ +=
        fmt::format("<div><dt>{}</dt><dd>{}</dd></div>\n", escape_html(name), escape_html(value));
  body_ += "</dl>\n";
  return *this;
}

Page& Page::pairs(std::span<const std::pair<std::string, std::string>> rows) {
  body_ += "<div class=\"table pairs\"><table><tbody>\n";
  for (const auto& [name, value] : rows)
    body_ += fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td></tr>\n", escape_html(name),
                         escape_html(value));
  body_ += "</tbody></table></div>\n";
  return *this;
}

Page& Page::table(std::span<const std::string> header,
                  std::span<const std::vector<std::string>> rows) {
  // A heading stands as the cells below it do.
  const auto is_number_column = [&](size_t column) {
    return !rows.empty() && std::all_of(rows.begin(), rows.end(), [&](const auto& row) {
      return column < row.size() && looks_like_number(row[column]);
    });
  };
  body_ += "<div class=\"table\"><table><thead><tr>";
  for (size_t i = 0; i < header.size(); ++i)
    body_ += table_cell("th", header[i], is_number_column(i));
  body_ += "</tr></thead><tbody>\n";
  for (const auto& row : rows) {
    body_ += "<tr>";
    for (const std::string& cell : row) body_ += table_cell("td", cell, looks_like_number(cell));
    body_ += "</tr>\n";
  }
  body_ += "</tbody></table></div>\n";
  return *this;
}

Page& Page::sample(std::string_view caption, std::string_view text) {
  // A newline right after <pre> would be swallowed, so one is always given.
  body_ +=
      fmt::format("<figure class=\"sample\"><figcaption>{}</figcaption><pre>\n{}</pre></figure>\n",
                  escape_html(caption), escape_html(text));
  return *this;
}

Page& Page::plots(std::span<const Plot> plots) {
  body_ += "<div class=\"plots\">\n";
  for (const Plot& plot : plots) body_ += fmt::format("<figure>{}</figure>\n", draw_plot(plot));
  body_ += "</div>\n";
  return *this;
}

std::string Page::html() const {
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<title>{0}</title>\n<style>{1}{2}</style>\n</head>\n<body>\n<header><h1>{0}</h1>{3}</"
      "header>\n"
      "{4}</body>\n</html>\n",
      escape_html(title_), kPageCss, plot_css(),
      subtitle_.empty() ? "" : fmt::format("<p class=\"subtitle\">{}</p>", escape_html(subtitle_)),
      body_);
}

}  // namespace octavo
