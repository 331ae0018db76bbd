// Pages: well-formed, escaped, and with nothing to load from anywhere.
#include "octavo/report/page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "octavo/base/text.h"
#include "tests/report/markup.h"

namespace octavo {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(EscapeHtml, LeavesNoMarkup) {
  EXPECT_EQ(escape_html("<a href='x'>\"&"), "&lt;a href=&#39;x&#39;&gt;&quot;&amp;");
  EXPECT_EQ(escape_html(std::string_view("a\0\x1b\xff\tz\n", 7)), "a\uFFFD\uFFFD\uFFFD\tz\n");
}

TEST(Page, HoldsEverythingEscaped) {
  const std::string evil = "<script>alert('&')</script>\xff";
  const std::vector<std::pair<std::string, std::string>> pairs{{evil, evil}, {"seed", "1"}};
  const std::vector<std::string> header{"step", evil};
  const std::vector<std::vector<std::string>> rows{{"1", evil}, {"-2.5%", "b"}};
  const std::vector<Plot> plots{
      {.title = evil, .series = {{.name = evil, .x = {1}, .y = {1}}, {.name = evil}}}};
  const std::string html = Page(evil, evil)
                               .section(evil)
                               .paragraph(evil)
                               .figures(pairs)
                               .pairs(pairs)
                               .table(header, rows)
                               .sample(evil, evil)
                               .plots(plots)
                               .html();
  EXPECT_EQ(markup_problem(html), "");
  EXPECT_TRUE(is_utf8(html));
  EXPECT_THAT(html, Not(HasSubstr("<script")));
  EXPECT_THAT(html, HasSubstr("<td class=\"number\">-2.5%</td>"));
  EXPECT_THAT(html, HasSubstr("<th class=\"number\">step</th>"));
  EXPECT_THAT(html, HasSubstr("prefers-color-scheme:dark"));
}

TEST(Page, LoadsNothing) {
  const std::vector<Plot> plots{
      {.title = "t", .series = {{.name = "s", .x = {1, 2}, .y = {1, 2}}}}};
  std::string html = Page("t").plots(plots).html();
  const std::string name_space = "xmlns=\"http://www.w3.org/2000/svg\"";  // a name, not an address
  for (size_t at; (at = html.find(name_space)) != html.npos;) html.erase(at, name_space.size());
  for (const char* reference : {"http", "src=", "href=", "url(", "@import"})
    EXPECT_THAT(html, Not(HasSubstr(reference)));
}

TEST(Page, KeepsTheLinesOfASample) {
  EXPECT_THAT(Page("t").sample("c", "\nfirst\n  second").html(),
              HasSubstr("<pre>\n\nfirst\n  second</pre>"));
}

}  // namespace
}  // namespace octavo
