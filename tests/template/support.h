// What the tests of templates share: rendering a line, and tables of templates beside what Jinja2
// 3.1.6 makes of them (on Python 3.11, set up as transformers does it).
#pragma once

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <string_view>

#include "octavo/base/error.h"
#include "octavo/base/json.h"
#include "octavo/template/template.h"

namespace octavo {

/// What every template of the tables sees, unless it is told otherwise.
inline const Json& usual_globals() {
  static const Json globals = Json::parse(R"({
    "a": 1, "b": 2.5, "s": "Hello World", "u": "né 你好 ☀ß", "n": null, "t": true, "f": false,
    "l": [1, 2, 3], "e": [], "d": {"x": 1, "y": {"z": [1, 2]}},
    "m": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Yo"},
          {"role": "user", "content": "x?"}],
    "names": ["bob", "Alice", "carol", "alice"], "html": "<b>&'\"</b>"})",
                                          "globals");
  return globals;
}

/// Monday, 2026-11-23, 14:05:09.
inline RenderOptions usual_options() {
  RenderOptions options;
  options.now.tm_year = 126;
  options.now.tm_mon = 10;
  options.now.tm_mday = 23;
  options.now.tm_hour = 14;
  options.now.tm_min = 5;
  options.now.tm_sec = 9;
  options.now.tm_wday = 1;
  options.now.tm_yday = 326;
  return options;
}

inline std::string rendered(std::string_view text, const Json& globals = usual_globals(),
                            const TemplateLimits& limits = {}) {
  return Template::parse(text, "chat.jinja", limits).render(globals, usual_options());
}

/// The message of the error that parsing or rendering ends with, or what is rendered.
inline std::string failure(std::string_view text, const Json& globals = usual_globals(),
                           const TemplateLimits& limits = {}) {
  try {
    return "rendered: " + rendered(text, globals, limits);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::data) << text;
    EXPECT_EQ(std::string_view(error.what()).find('\n'), std::string_view::npos) << error.what();
    return error.what();
  }
}

struct Case {
  std::string_view text;
  std::string_view expected;
};

inline void expect_rendered(std::initializer_list<Case> cases) {
  for (const Case& one : cases) {
    SCOPED_TRACE(one.text);
    try {
      EXPECT_EQ(rendered(one.text), one.expected);
    } catch (const Error& error) {
      ADD_FAILURE() << error.what();
    }
  }
}

/// The messages, without the "chat.jinja:1: " that each begins with.
inline void expect_failure(std::initializer_list<Case> cases) {
  for (const Case& one : cases) {
    SCOPED_TRACE(one.text);
    EXPECT_EQ(failure(one.text), "chat.jinja:1: " + std::string(one.expected));
  }
}

}  // namespace octavo
