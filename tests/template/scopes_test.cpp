// What a name means where, which Jinja decides for each frame of a template before it runs.
#include "tests/template/support.h"

namespace octavo {
namespace {

// What is set in a loop is forgotten at the end of each turn; each begins with what is outside.
TEST(Scopes, loops_forget) {
  expect_rendered({
      {"{% set x = 1 %}{% for i in l %}{% set x = x + 1 %}{{ x }}{% endfor %}{{ x }} {% for i in "
       "[1, 2] %}{% if i == 1 %}{% set q = 'set' %}{% endif %}{{ q is defined }}{{ q }}{% endfor "
       "%}{{ q is defined }}",
       "2221 TruesetFalseFalse"},
      {"{% for i in l %}{% set y = i %}{% endfor %}{{ y is defined }} {% for x in l %}{% endfor "
       "%}{{ x is defined }} {% set x = 'o' %}{% for x in l %}{{ x }}{% endfor %}{{ x }} {% for i "
       "in l %}{% for j in l %}{% set i = i * 10 %}{% endfor %}{{ i }}{% endfor %}",
       "False False 123o 123"},
  });
}

TEST(Scopes, conditions_do_not) {
  expect_rendered({
      {"{% set x = 1 %}{% set y %}{% set x = 5 %}{{ x }}{% endset %}{{ y }}{{ x }} {% generation "
       "%}{% set x = 6 %}{{ x }}{% endgeneration %}{{ x }} {% macro g() %}{% set x = 7 %}{{ x }}{% "
       "endmacro %}{{ g() }}{{ x }}",
       "51 61 71"},

      {"{% if t %}{% set x = 9 %}{% endif %}{{ x }} {% if f %}{% set z = 1 %}{% endif %}{{ z is "
       "defined }} {% if f %}{% set a = 5 %}{% endif %}{{ a }} {% if t %}{% set a = 6 %}{% else "
       "%}{% set a = 7 %}{% endif %}{{ a }}",
       "9 False 1 6"},
  });
}

// A name that the template is certain to set is the template's from its beginning; one that it may
// set is the caller's until then.
TEST(Scopes, a_name_that_is_set_below) {
  expect_rendered({
      {"{% for i in [1, 2] %}{{ a }}{% set a = 5 %}{{ a }}{% endfor %}{{ a }}", "15151"},

      {"{% set a = 2 %}{{ a }} {% for i in l %}{{ a }}{% endfor %}", "2 222"},
      {"{{ a }}{% set a = 2 %}{{ a }}", "12"},

      {"{% for i in [1] %}[{{ a }}]{% endfor %}{% if f %}{% set a = 2 %}{% endif %}{{ a }}",
       "[1]1"},

      {"{% for i in [1, 2] %}{% if i == 2 %}{{ a }}{% endif %}{% if i == 1 %}{% set a = 5 %}{% "
       "endif %}{% endfor %}",
       "1"},
  });
}

TEST(Scopes, macros_see_what_is_around_them) {
  expect_rendered({
      {"{% set x = 1 %}{% macro g() %}{{ x }}{% endmacro %}{% set x = 2 %}{{ g() }} {% for x in l "
       "%}{{ g() }}{% endfor %}",
       "2 222"},

      {"{% macro g(a) %}{{ a }}{{ b }}{% endmacro %}{{ g('x') }} {% macro h(x=a) %}{{ x }}{% set a "
       "= 3 %}{{ a }}{% endmacro %}{{ h() }}{{ a }} {% macro even(n) %}{{ 'yes' if n == 0 else "
       "odd(n - 1) }}{% endmacro %}{% macro odd(n) %}{{ 'no' if n == 0 else even(n - 1) }}{% "
       "endmacro %}{{ even(4) }} {{ even(3) }}",
       "x2.5 131 yes no"},
  });
}

TEST(Scopes, loop_is_the_nearest) {
  expect_rendered({
      {"{{ loop is defined }} {% for x in l %}{% if loop.first %}{% for y in [9] %}{{ y }}{{ "
       "loop.length }}{% endfor %}{% endif %}{{ loop.length }}{% endfor %}",
       "False 91333"},

      {"{% for x in l %}{% for y in range(loop.index) %}{{ y }}{% else %}{{ loop.index }}{% endfor "
       "%},{% endfor %} {% for x in l %}{% set ns = namespace(l=loop) %}{{ ns.l.index }}{% endfor "
       "%} {% for x in l %}{% for y in e %}{% else %}{{ loop.index }}{% endfor %}{% endfor %}",
       "0,01,012, 123 123"},
  });
}

TEST(Scopes, given_names_win_over_functions) {
  expect_rendered({
      {"{{ range is defined }} {{ names is defined }} {{ caller is defined }} {{ varargs is "
       "defined }} {% set range = 5 %}{{ range }} {% set dict = 1 %}{{ dict }}",
       "True True False False 5 1"},
  });
}

}  // namespace
}  // namespace octavo
