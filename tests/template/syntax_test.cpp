// Literals and calls, and what is none of the language: each error names the line, what was
// expected and what was found.
#include "tests/template/support.h"

namespace octavo {
namespace {

TEST(Syntax, numbers) {
  expect_rendered({
      {"{{ 42 }} {{ 0 }} {{ 00 }}", "42 0 0"},
      {"{{ 1.0 }} {{ 1.5 }} {{ 1e3 }} {{ 1E+3 }} {{ 1e-3 }} {{ 2.5e1 }} {{ 0.5 }} {{ 00.5 }} {{ "
       "1.5.x is defined }} {{ 1.x is defined }}",
       "1.0 1.5 1000.0 1000.0 0.001 25.0 0.5 0.5 False False"},
  });
}

TEST(Syntax, texts) {
  expect_rendered({
      {R"({{ 'it"s' }} {{ "it's" }} {{ 'a' 'b' "c" }} {{ '' }}| {{ '\\ \' \" \n|\t|\r|\a\b\f\v' | tojson }} {{ '\q\.' }})",
       R"(it"s it's abc | "\\ ' \" \n|\t|\r|\u0007\b\f\u000b" \q\.)"},

      {"{{ 'line\\\ncontinued' }} {{ 'two\nlines' }}", "linecontinued two\nlines"},
  });
}

TEST(Syntax, collections) {
  expect_rendered({
      {"{{ [] }} {{ [1, 'a', none] }} {{ [1,] }} {{ () }} {{ (1,) }} {{ (1, 2) }} {{ (1) }} {{ 1, "
       "2 }} {{ {} }} {{ {'a': 1, 2: [3],} }} {{ {1: 'a', 1.0: 'b', true: 'c'} }} {{ {'a': 1, 'b': "
       "2, 'a': 3} }} {{ [[[]]] }}",
       "[] [1, 'a', None] [1] () (1,) (1, 2) 1 (1, 2) {} {'a': 1, 2: [3]} {1: 'c'} {'a': 3, 'b': "
       "2} [[[]]]"},
      {"{{ true }} {{ True }} {{ false }} {{ False }} {{ none }} {{ None }} {{ [true, none] }}",
       "True True False False None None [True, None]"},
  });
}

TEST(Syntax, calls) {
  expect_rendered({
      {"{{ 'abc'.replace('b', 'x').upper()[1:] }} {{ ('a'.upper)() }} {{ s.split()[0].lower() }}",
       "XC A hello"},
  });
}

TEST(Syntax, expressions_that_are_none) {
  expect_failure({
      {"{{ }}", R"(expected an expression, found "}}")"},
      {"{{ a b }}", R"(expected '}}', found "b")"},
      {"{{ 1 + }}", R"(expected an expression, found "}}")"},
      {"{{ a | }}", R"(expected the name of a filter, found "}}")"},
      {"{{ a | 5 }}", R"(expected the name of a filter, found "5")"},
      {"{{ a is }}", R"(expected the name of a test, found "}}")"},

      {"{{ a is defined is none }}", "expected one test after a value, found two"},
      {"{{ a == not b }}", R"(expected '}}', found "b")"},
      {"{{ a. }}", R"(expected a name after '.', found "}}")"},
      {"{{ a.'x' }}", R"(expected a name after '.', found "'x'")"},
      {"{{ a[] }", R"(expected an expression, found "]")"},
      {"{{ a[1 }}", "expected ']', found '}'"},
      {"{{ a[1,] }}", R"(expected ']', found ",")"},
      {"{{ a[1:2, 3] }}", R"(expected ']', found ",")"},
      {"{{ (1, 2 }}", "expected ')', found '}'"},
      {"{{ [1, 2) }}", "expected ']', found ')'"},
      {"{{ 1) }}", "expected nothing to close, found ')'"},
      {"{{ {'a' 1} }}", R"(expected ':', found "1")"},
      {"{{ {'a': 1, **d} }}", R"(expected an expression, found "**")"},
      {"{{ {'a'} }}", R"(expected ':', found "}")"},
      {"{{ [x for x in l] }}", R"(expected ',', found "for")"},
      {"{{ a if }}", R"(expected an expression, found "}}")"},
      {"{{ a if b else }}", R"(expected an expression, found "}}")"},
      {"{{ a;b }}", R"(expected '}}', found ";")"},
      {"{{ $ }}", R"(expected a name or an operator, found "$")"},
      {"{{ a ? b }}", R"(expected a name or an operator, found "?")"},
      {"{{ a & b }}", R"(expected a name or an operator, found "&")"},
      {"{{ a ! b }}", R"(expected a name or an operator, found "!")"},
      {"{{ a = 1 }}", R"(expected '}}', found "=")"},
      {"{{ lambda: 1 }}", R"(expected '}}', found ":")"},
      {"{{ a := 1 }}", R"(expected '}}', found ":")"},
      {"{{ ² }}", R"(expected a name or an operator, found "²")"},

      {"{{ 1__0 }}", R"(expected a decimal number of 64 bits, found "1_")"},
      {"{{ 1_ }}", R"(expected a decimal number of 64 bits, found "1_")"},
      {"{{ 0x }}", R"(expected a decimal number of 64 bits, found "0x")"},
      {"{{ 5x }}", R"(expected a decimal number of 64 bits, found "5x")"},
      {"{{ 'open }}", "expected ' to end a text, found none"},
      {R"({{ '\x4' }})", "expected 2 hexadecimal digits in an escape, found fewer"},
      {R"({{ '\u12' }})", "expected 4 hexadecimal digits in an escape, found fewer"},
      {R"({{ '\U00110000' }})", "expected the number of a character in an escape, found 110000"},
      {"{{ dict(a=1, a=2) }}", R"(expected arguments of different names, found "a" twice)"},
      {"{{ dict(a=1, 2) }}",
       "expected no argument without a name after one with a name, found one"},

      {"{{ dict(a b) }}", R"(expected ',', found "b")"},
      {"{{ dict(,) }}", R"(expected an expression, found ",")"},
      {"{{ not }}", R"(expected an expression, found "}}")"},
      {"{{ - }}", R"(expected an expression, found "}}")"},
      {"{{ 1 not 2 }}", R"(expected '}}', found "not")"},
  });
}

TEST(Syntax, tags_that_are_none) {
  expect_failure({
      {"{% foo %}", R"(expected a tag such as 'if', found "foo")"},
      {"{% %}", R"(expected the name of a tag, found "%}")"},
      {"{% 5 %}", R"(expected the name of a tag, found "5")"},
      {"{% endif %}", R"(expected a tag such as 'if', found "endif")"},
      {"{% else %}", R"(expected a tag such as 'if', found "else")"},
      {"{% elif t %}", R"(expected a tag such as 'if', found "elif")"},
      {"{% endfor %}", R"(expected a tag such as 'if', found "endfor")"},
      {"{% if %}{% endif %}", R"(expected an expression, found "%}")"},
      {"{% if t %}",
       "expected 'elif' or 'else' or 'endif' for the 'if' of line 1, found the end of the "
       "template"},
      {"{% if t %}{% endfor %}",
       R"(expected a tag such as 'if', or 'elif' or 'else' or 'endif' for the 'if' of line 1, found "endfor")"},
      {"{% if t %}{% else %}{% else %}{% endif %}",
       R"(expected a tag such as 'if', or 'endif' for the 'if' of line 1, found "else")"},
      {"{% if t %}{% else %}{% elif t %}{% endif %}",
       R"(expected a tag such as 'if', or 'endif' for the 'if' of line 1, found "elif")"},
      {"{% for x in l %}{% endif %}",
       R"(expected a tag such as 'if', or 'endfor' or 'else' for the 'for' of line 1, found "endif")"},
      {"{% for x in l %}{% for y in l %}{% endfor %}",
       "expected 'endfor' or 'else' for the 'for' of line 1, found the end of the template"},
      {"{% for %}{% endfor %}", R"(expected a name to assign to, found "%}")"},
      {"{% for x %}{% endfor %}", R"(expected 'in', found "%}")"},
      {"{% for x in %}{% endfor %}", R"(expected an expression, found "%}")"},
      {"{% for 1 in l %}{% endfor %}", R"(expected a name to assign to, found "1")"},
      {"{% for x.y in l %}{% endfor %}", R"(expected 'in', found ".")"},
      {"{% for x in l extra %}{% endfor %}", R"(expected '%}', found "extra")"},
      {"{% for x in l if %}{% endfor %}", R"(expected an expression, found "%}")"},
      {"{% set x %}", "expected 'endset' for the 'set' of line 1, found the end of the template"},
      {"{% set = 1 %}", R"(expected a name to assign to, found "=")"},
      {"{% set x = %}", R"(expected an expression, found "%}")"},
      {"{% set x == 1 %}", R"(expected '%}', found "==")"},
      {"{% set x = 1 2 %}", R"(expected '%}', found "2")"},

      {"{% macro %}{% endmacro %}", R"(expected the name of a macro, found "%}")"},
      {"{% macro g( %}{% endmacro %}", R"(expected the name of a parameter, found "%")"},

      {"{% generation x %}{% endgeneration %}", R"(expected '%}', found "x")"},

      {"{% break x %}", "expected a loop around 'break', found none"},
      {"{% if t", "expected '%}', found the end of the template"},
      {"{{ a", "expected '}}', found the end of the template"},
      {"{# open", "expected '#}' after '{#', found none"},
      {"{% raw %} open", "expected {% endraw %} after {% raw %}, found none"},

  });
}

TEST(Syntax, names) {
  expect_rendered({
      {"{% set _x1 = 3 %}{{ _x1 }} {% set iff = 4 %}{{ iff }} {% set not_ = 5 %}{{ not_ }}",
       "3 4 5"},
  });
}

// What Jinja has and this subset has not; names of filters and tests only where they are reached.
TEST(Syntax, what_is_not_supported_is_named) {
  expect_failure({
      {"{{ s | nofilter }}",
       R"(expected the name of a filter that is supported, found "nofilter")"},
      {"{{ s | batch(2) }}", R"(expected the name of a filter that is supported, found "batch")"},
      {"{{ s is notest }}", R"(expected the name of a test that is supported, found "notest")"},
      {"{{ l | map('groupby') }}",
       R"(expected the name of a filter that is supported, found the text "groupby")"},
      {"{{ l | select('escaped') }}",
       R"(expected the name of a test that is supported, found the text "escaped")"},
      {"{% if t %}{{ s | nofilter }}{% endif %}",
       R"(expected the name of a filter that is supported, found "nofilter")"},
      {"{% include 'x' %}", "expected a tag that is supported, found 'include'"},
      {"{% with x = 1 %}{% endwith %}", "expected a tag that is supported, found 'with'"},
      {"{% call g() %}{% endcall %}", "expected a tag that is supported, found 'call'"},
      {"{% filter upper %}{% endfilter %}", "expected a tag that is supported, found 'filter'"},
      {"{% for x in l recursive %}{% endfor %}",
       "expected a loop that is supported, found a recursive one"},
      {"{% for x in l %}{% macro g() %}{% endmacro %}{% endfor %}",
       "expected a macro outside of loops and blocks, found one inside"},
      {"{% macro g() %}{{ varargs }}{% endmacro %}",
       "expected a variable that is supported, found 'varargs'"},
      {"{{ dict(*l) }}", "expected an argument that is supported, found '*'"},
      {"{{ dict(**d) }}", "expected an argument that is supported, found '**'"},
      {"{{ '%s' % s }}", "expected numbers for '%', found a text: its formatting is not supported"},
      {"{{ '{}'.format(1) }}", R"(the text "{}" has no attribute "format")"},
      {"{{ l.index(1) }}", R"(a list has no attribute "index")"},
      {"{{ 0x1F }}", R"(expected a decimal number of 64 bits, found "0x")"},
      {"{{ 1_000 }}", R"(expected a decimal number of 64 bits, found "1_")"},
      {R"({{ '\101' }})", R"(expected an escape that is supported, found "\1")"},
      {"{{ é }}", R"(expected a name or an operator, found "é")"},
      {"{{ {(1, 2): 3} }}", "expected a key that is a text or a number, found a tuple"},
  });
  expect_rendered({
      {"{% if f %}{{ s | nofilter }}{% endif %}{{ 'x' if t else (s | nofilter) }}", "x"},
  });
}

}  // namespace
}  // namespace octavo
