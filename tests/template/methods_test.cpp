// Methods of texts, lists and dicts, the functions that every template has, and every test.
#include "tests/template/support.h"

namespace octavo {
namespace {

TEST(Methods, case_of_letters) {
  expect_rendered({
      {R"({{ s.upper() }} {{ s.lower() }} {{ "they're bill's" .title() }} {{ 'hELLO'.capitalize() }})",
       "HELLO WORLD hello world They'Re Bill'S Hello"},
  });
}

TEST(Methods, questions) {
  expect_rendered({
      {"{{ s.startswith('Hell') }} {{ s.startswith(('x', 'H')) }} {{ s.endswith('ld') }} {{ "
       "s.startswith('') }} {{ s.startswith(()) }}",
       "True True True True False"},

  });
}

TEST(Methods, find_and_count) {
  expect_rendered({
      {"{{ s.find('o') }} {{ s.find('zz') }} {{ u.find('☀') }} {{ 'abc'.find('') }}", "4 -1 6 0"},
      {"{{ s.count('l') }} {{ s.count('') }} {{ 'aaaa'.count('aa') }}", "3 12 2"},
  });
}

TEST(Methods, split_and_join) {
  expect_rendered({
      {"{{ 'a b  c '.split() }} {{ 'a b  c '.split(' ') }} {{ 'a,b,c'.split(',', 1) }} {{ "
       "'a,b,c'.rsplit(',', 1) }} {{ ' a  b c'.split(none, 1) }} {{ ' a  b c '.rsplit(none, 1) }} "
       "{{ 'abc'.split('x') }} {{ ''.split() }} {{ ''.split(',') }}",
       "['a', 'b', 'c'] ['a', 'b', '', 'c', ''] ['a', 'b,c'] ['a,b', 'c'] ['a', 'b c'] [' a  b', "
       "'c'] ['abc'] [] ['']"},
      {"{{ 'a,b'.split(sep=',', maxsplit=-1) }} {{ 'a b c d'.rsplit(' ', 2) }} {{ 'a "
       "b'.rsplit(maxsplit=0) }} {{ ' x '.split(maxsplit=0) }} {{ 'aaa'.rsplit('aa') }} {{ "
       "'aaa'.split('aa') }} {{ 'é☀é'.split('☀') }}",
       "['a', 'b'] ['a b', 'c', 'd'] ['a b'] ['x '] ['a', ''] ['', 'a'] ['é', 'é']"},
      {R"({{ 'a\nb\r\nc\vd\u2028e'.splitlines() }} {{ 'a\n\nb\n'.splitlines(true) }} {{ ''.splitlines() }} {{ 'a\r\n'.splitlines(keepends=true) }})",
       R"(['a', 'b', 'c', 'd', 'e'] ['a\n', '\n', 'b\n'] [] ['a\r\n'])"},

      {"{{ 'x'.join(['a', 'b']) }} {{ ''.join('abc') }} {{ ', '.join(d) }} {{ ','.join(m | "
       "map(attribute='role')) }} {{ 'x'.join([]) }}|",
       "axb abc x, y user,assistant,user |"},
  });
}

TEST(Methods, strip_replace_and_fill) {
  expect_rendered({
      {R"({{ '  x '.strip() }}|{{ '  x '.lstrip() }}|{{ '  x '.rstrip() }}|{{ 'xxhixx'.strip('x') }} {{ 'xxhixx'.lstrip('x') }} {{ 'xxhixx'.rstrip('x') }} {{ 'éxé'.strip('é') }} {{ 'abc'.strip('') }} {{ ' a '.strip(none) }}|{{ '\x1c\u2003x\x85'.strip() }}|)",
       "x|x |  x|hi hixx xxhi x abc a|x|"},
      {"{{ 'abc'.replace('b', 'X') }} {{ 'aaa'.replace('a', 'b', 2) }} {{ 'ab'.replace('', '-') }}",
       "aXc bba -a-b-"},

  });
}

TEST(Methods, methods_of_texts_that_fail) {
  expect_failure({
      {"{{ s.index('zz') }}", R"(the text "Hello World" has no attribute "index")"},
      {"{{ s.rindex('zz') }}", R"(the text "Hello World" has no attribute "rindex")"},
      {"{{ s.split('') }}", "split: expected a separator, found an empty text"},
      {"{{ s.split(1) }}", "expected a text for sep, found the integer 1"},
      {"{{ s.partition('') }}", R"(the text "Hello World" has no attribute "partition")"},
      {"{{ 'x'.join([1]) }}", "expected a text for an item to join, found the integer 1"},
      {"{{ 'x'.join(5) }}", "expected something to iterate over, found the integer 5"},
      {"{{ s.startswith(1) }}", "expected a text for a start or end, found the integer 1"},
      {"{{ s.startswith(['H']) }}", "expected a text for a start or end, found a list"},
      {"{{ s.replace(1, 'x') }}", "expected a text for old, found the integer 1"},
      {"{{ s.find(none) }}", "expected a text for sub, found None"},
      {"{{ s.find('l', 'x') }}", "find: expected at most 1 argument, found 2"},
      {"{{ s.center('x') }}", R"(the text "Hello World" has no attribute "center")"},
      {"{{ s.ljust(20, 'ab') }}", R"(the text "Hello World" has no attribute "ljust")"},
  });
}

TEST(Methods, lists_and_dicts) {
  expect_rendered({

      {"{{ d.get('x') }} {{ d.get('q') }} {{ d.get('q', 5) }} {{ d.items() | list }} {{ {}.keys() "
       "| list }} {{ m[0].get('content', '') | upper }}",
       "1 None 5 [('x', 1), ('y', {'z': [1, 2]})] [] HI"},
  });
}

TEST(Methods, methods_of_lists_and_dicts_that_fail) {
  expect_failure({
      {"{{ l.index(9) }}", R"(a list has no attribute "index")"},
      {"{{ l.index(1, 1) }}", R"(a list has no attribute "index")"},
      {"{{ d.get() }}", "get: expected a value for key, found none"},

      {"{{ d.get('x', default=1) }}", R"(get: expected no argument "default", found one)"},
  });
}

TEST(Methods, range) {
  expect_rendered({
      {"{{ range(1, 5) | list }} {{ range(10, 0, -3) | list }} {{ range(0, 10, 2)[1] }} {{ "
       "range(0) | list }} {{ range(-5) | list }} {{ range(3) == range(0, 3) }} {{ range(0) == "
       "range(5, 5) }} {{ range(9223372036854775806, 9223372036854775807) | list }} {{ "
       "range(-9223372036854775807, 9223372036854775807, 9223372036854775807) | list }}",
       "[1, 2, 3, 4] [10, 7, 4, 1] 2 [] [] True True [9223372036854775806] [-9223372036854775807, "
       "0]"},
  });
}

TEST(Methods, range_that_fails) {
  expect_failure({
      {"{{ range(100001) }}", "range: expected at most 100000 numbers, found 100001"},
      {"{{ range(-9223372036854775807, 9223372036854775807) }}",
       "range: expected at most 100000 numbers, found 18446744073709551614"},
      {"{{ range(1, 2, 0) }}", "range: expected a step other than 0, found 0"},
      {"{{ range('a') }}", R"(expected an integer for stop, found the text "a")"},
      {"{{ range(1.5) }}", "expected an integer for stop, found the number 1.5"},
      {"{{ range(1, 2, 3, 4) }}", "range: expected at most 3 arguments, found 4"},
  });
}

TEST(Methods, dict) {
  expect_rendered({
      {"{{ dict(a=1, b=2) }} {{ dict({'x': 1}, y=2) }} {{ dict() }} {{ dict({'x': 1}, x=2) }} {{ "
       "dict(m[0], content='c') }}",
       "{'a': 1, 'b': 2} {'x': 1, 'y': 2} {} {'x': 2} {'role': 'user', 'content': 'c'}"},

  });
}

TEST(Methods, functions_that_fail) {
  expect_failure({
      {"{{ dict(1) }}", "dict: expected a dict and values with names, found another argument"},
      {"{{ dict(nothing) }}",
       "dict: expected a dict and values with names, found another argument"},
      {"{{ {[1]: 2} }}", "expected a key that is a text or a number, found a list"},
      {"{{ namespace(1) }}", "dict: expected a dict and values with names, found another argument"},
      {"{{ cycler() }}", R"("cycler" is undefined)"},
      {"{{ raise_exception() }}", "raise_exception: expected a value for message, found none"},
      {"{{ strftime_now() }}", "strftime_now: expected a value for format, found none"},
      {"{{ strftime_now(5) }}", "expected a text for format, found the integer 5"},
  });
}

TEST(Methods, strftime_now) {
  expect_rendered({
      {"{{ strftime_now('%Y-%m-%d %H:%M:%S') }} {{ strftime_now('%d %b %Y') }} {{ "
       "strftime_now('%A, %B %-d %j %% %p %I %y %e') }} {{ strftime_now('') }}|{{ "
       "strftime_now('no') }}",
       "2026-11-23 14:05:09 23 Nov 2026 Monday, November 23 327 % PM 02 26 23 |no"},
  });
}

TEST(Methods, kinds) {
  expect_rendered({
      {"{{ a is number }} {{ b is float }} {{ a is integer }} {{ t is integer }} {{ t is boolean "
       "}} {{ t is number }} {{ 1 is boolean }} {{ t is true }} {{ f is false }} {{ 1 is true }} "
       "{{ n is none }} {{ nothing is none }} {{ '1' is number }} {{ b is integer }} {{ a is float "
       "}}",
       "True True True False True True False True True False True False False False False"},
      {"{{ s is string }} {{ n is string }} {{ d is mapping }} {{ l is mapping }} {{ l is sequence "
       "}} {{ s is sequence }} {{ d is sequence }} {{ nothing is sequence }} {{ a is sequence }} "
       "{{ (1,) is sequence }} {{ range(3) is sequence }} {{ (l | map('string')) is sequence }}",
       "True False True False True True True True False True True False"},
      {"{{ l is iterable }} {{ s is iterable }} {{ d is iterable }} {{ a is iterable }} {{ n is "
       "iterable }} {{ nothing is iterable }} {{ range(3) is iterable }} {{ (l | map('string')) is "
       "iterable }} {{ d.items() is iterable }} {{ s.upper is iterable }}",
       "True True True False False True True True True False"},
      {"{{ range is callable }} {{ s is callable }} {{ s.upper is callable }} {{ nothing is "
       "callable }} {{ d is callable }}",
       "True False True True False"},
      {"{{ a is defined }} {{ nothing is defined }} {{ nothing is undefined }} {{ d.q is undefined "
       "}} {{ n is defined }} {{ a is not defined }} {{ d.x is defined and d.x is not none }}",
       "True False True True True False True"},
  });
}

TEST(Methods, numbers_and_texts) {
  expect_rendered({
      {"{{ 4 is even }} {{ 4 is odd }} {{ -3 is odd }} {{ 2.0 is even }} {{ 3.5 is odd }} {{ true "
       "is odd }} {{ 9 is divisibleby 3 }} {{ 9 is divisibleby(2) }} {{ 9 is divisibleby(num=3) }} "
       "{{ 'abc' is lower }} {{ 'ABC' is upper }} {{ 'aB' is lower }} {{ 5 is lower }} {{ none is "
       "lower }}",
       "True False True True False True True False True True True False False False"},
  });
}

TEST(Methods, comparisons) {
  expect_rendered({
      {"{{ none is sameas none }} {{ true is sameas true }} {{ 1 is sameas true }} {{ l is sameas "
       "l }} {{ l is sameas [1, 2, 3] }}",
       "True True False True False"},

      {"{{ 1 is eq 1 }} {{ 1 is equalto(1) }} {{ 1 is ne 2 }} {{ 1 is lt 2 }} {{ 1 is lessthan 2 "
       "}} {{ 2 is gt 1 }} {{ 2 is greaterthan 1 }} {{ 2 is ge 2 }} {{ 2 is le 1 }} {{ 1 is in [1, "
       "2] }} {{ 1 is not in [1, 2] }} {{ 'x' is in 'xyz' }} {{ 'q' is in d }} {{ s is eq 'Hello "
       "World' }} {{ 1 is eq m[0].q }}",
       "True True True True True True True True False True False True False True False"},
      {"{{ none is sameas none }} {{ true is sameas true }} {{ 1 is sameas true }} {{ l is sameas "
       "l }} {{ l is sameas [1, 2, 3] }}",
       "True True False True False"},
  });
}

TEST(Methods, tests_that_fail) {
  expect_failure({

      {"{{ nothing is odd }}", R"("nothing" is undefined)"},
      {"{{ 1 is divisibleby 0 }}", "expected no division by zero, found 1 % 0"},
      {"{{ 1 is in 5 }}", "expected something to iterate over, found the integer 5"},
      {"{{ 1 is lt 'a' }}",
       R"(expected two values that have an order, found the integer 1 and the text "a")"},
      {"{{ 1 is defined(2) }}", "defined: expected at most 0 arguments, found 1"},
  });
}

}  // namespace
}  // namespace octavo
