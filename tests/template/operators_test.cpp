// Operators on values are Python's, in Jinja's order of precedence.
#include "tests/template/support.h"

namespace octavo {
namespace {

TEST(Operators, arithmetic_of_numbers) {
  expect_rendered({
      {"{{ 1 + 2 }} {{ 1 - 2 }} {{ 2 * 3 }} {{ a + b }} {{ b - 1 }} {{ 2.5 * 2 }}",
       "3 -1 6 3.5 1.5 5.0"},
      {"{{ 7 / 2 }} {{ 6 / 3 }} {{ 1 / 3 }}", "3.5 2.0 0.3333333333333333"},
      {"{{ 7 // 2 }} {{ -7 // 2 }} {{ 7 // -2 }} {{ 7.5 // 2 }} {{ -7.5 // 2 }}",
       "3 -4 -4 3.0 -4.0"},
      {"{{ 7 % 3 }} {{ -7 % 3 }} {{ 7 % -3 }} {{ 7.5 % 2 }} {{ -7.5 % 2 }} {{ 7.5 % -2 }}",
       "1 2 -2 1.5 0.5 -0.5"},
      {"{{ 2 ** 10 }} {{ 2 ** -1 }} {{ 2 ** 0.5 }} {{ (-2) ** 3 }} {{ 0 ** 0 }} {{ (-1) ** 1001 }} "
       "{{ 2.0 ** 1023 }}",
       "1024 0.5 1.4142135623730951 -8 1 -1 8.98846567431158e+307"},
      {"{{ true + true }} {{ true * 3 }} {{ false - 1 }} {{ true / 2 }} {{ true ** 2 }} {{ 5 % "
       "true }}",
       "2 3 -1 0.5 1 0"},
      {"{{ -a }} {{ +b }} {{ -true }} {{ +true }} {{ - -1 }}", "-1 2.5 -1 1 1"},
      {"{{ 9223372036854775807 }} {{ -9223372036854775807 - 1 }} {{ 3037000499 ** 2 }} {{ 2 ** 62 "
       "}}",
       "9223372036854775807 -9223372036854775808 9223372030926249001 4611686018427387904"},
      {"{{ 1e308 * 10 }} {{ -1e308 * 10 }}", "inf -inf"},
  });
}

TEST(Operators, division_by_zero) {
  expect_failure({
      {"{{ 1 / 0 }}", "expected no division by zero, found 1 / 0"},
      {"{{ 1 // 0 }}", "expected no division by zero, found 1 // 0"},
      {"{{ 1 % 0 }}", "expected no division by zero, found 1 % 0"},
      {"{{ 1.5 / 0 }}", "expected no division by zero, found 1.5 / 0"},
      {"{{ 1 % 0.0 }}", "expected no division by zero, found 1 % 0.0"},
      {"{{ 0 ** -1 }}", "expected no division by zero, found 0 ** -1"},
      {"{{ 10.0 ** 400 }}", "expected a number of 64 bits as the result of '**', found more"},
  });
}

TEST(Operators, texts_and_lists) {
  expect_rendered({
      {"{{ 'a' + 'b' }} {{ 'ab' * 3 }} {{ 3 * 'ab' }} {{ 'ab' * 0 }}|{{ 'ab' * -1 }}|",
       "ab ababab ababab ||"},
      {"{{ [1] + [2] }} {{ (1,) + (2, 3) }} {{ [0] * 3 }} {{ (1, 2) * 2 }} {{ 2 * [none] }}",
       "[1, 2] (1, 2, 3) [0, 0, 0] (1, 2, 1, 2) [None, None]"},
      {"{{ a ~ b ~ n ~ t ~ nothing ~ [1] }} {{ 'a' ~ 1 + '2' }} {{ 1 ~ 2 * 3 }}",
       "12.5NoneTrue[1] a12 16"},
  });
}

TEST(Operators, operands_that_do_not_go_together) {
  expect_failure({
      {"{{ 1 + '2' }}",
       R"(expected two values for '+' that go together, found the integer 1 and the text "2")"},
      {"{{ 'a' + 1 }}",
       R"(expected two values for '+' that go together, found the text "a" and the integer 1)"},
      {"{{ 'a' + none }}",
       R"(expected two values for '+' that go together, found the text "a" and None)"},
      {"{{ [1] + (2,) }}",
       "expected two values for '+' that go together, found a list and a tuple"},
      {"{{ none + 1 }}",
       "expected two values for '+' that go together, found None and the integer 1"},
      {"{{ {} + {} }}", "expected two values for '+' that go together, found a dict and a dict"},
      {"{{ 'a' * 'b' }}",
       R"(expected two values for '*' that go together, found the text "a" and the text "b")"},
      {"{{ 'a' - 'b' }}",
       R"(expected two values for '-' that go together, found the text "a" and the text "b")"},
      {"{{ [1] * 1.5 }}",
       "expected two values for '*' that go together, found a list and the number 1.5"},
      {"{{ -'a' }}", R"(expected a number after a sign, found the text "a")"},
      {"{{ +none }}", "expected a number after a sign, found None"},
      {"{{ nothing + 1 }}", R"("nothing" is undefined)"},
      {"{{ 'a' + nothing }}", R"("nothing" is undefined)"},
      {"{{ -nothing }}", R"("nothing" is undefined)"},
      {"{{ d.nothing * 2 }}", R"(a dict has no attribute "nothing")"},
  });
}

TEST(Operators, comparisons) {
  expect_rendered({
      {"{{ 1 < 2 }} {{ 2 <= 2 }} {{ 3 > 4 }} {{ 4 >= 4 }} {{ 1 == 1.0 }} {{ 1 != 1 }} {{ true == 1 "
       "}} {{ 0 == false }} {{ 1 == '1' }}",
       "True True False True True False True True False"},
      {"{{ 'a' < 'b' }} {{ 'A' < 'a' }} {{ 'é' > 'z' }} {{ 'abc' < 'abd' }} {{ '' < 'a' }}",
       "True True True True True"},
      {"{{ [1, 2] < [1, 3] }} {{ [] < [1] }} {{ (1, 2) <= (1, 2) }} {{ [2] > [1, 5] }}",
       "True True True True"},
      {"{{ [1] == (1,) }} {{ {'a': 1, 'b': 2} == {'b': 2, 'a': 1} }} {{ {'a': 1} == {'a': 2} }} {{ "
       "[[1], {'x': (1,)}] == [[1], {'x': (1,)}] }}",
       "False True False True"},
      {"{{ none == none }} {{ none == false }} {{ none != 0 }} {{ '' == none }}",
       "True False True False"},
      {"{{ 1 < 2 < 3 }} {{ 1 < 3 < 2 }} {{ 3 > 2 > 1 == 1 }} {{ 1 == 1 in [1] }}",
       "True False True True"},
      {"{{ 9007199254740993 == 9007199254740992.0 }} {{ 9007199254740993 > 9007199254740992.0 }} "
       "{{ 1e300 > 1 }} {{ -1e300 < 1 }} {{ 2 < 2.5 }} {{ 2.5 < 2 }}",
       "False True True True True False"},
      {"{{ nothing == other }} {{ nothing != 1 }} {{ nothing == none }} {{ nothing == '' }}",
       "True True False False"},
      {"{{ ('nan' | float) == ('nan' | float) }} {{ ('nan' | float) < 1 }} {{ ('nan' | float) >= 1 "
       "}}",
       "False False False"},
  });
}

TEST(Operators, comparisons_that_fail) {
  expect_failure({
      {"{{ 1 < 'a' }}",
       R"(expected two values that have an order, found the integer 1 and the text "a")"},
      {"{{ none < 1 }}", "expected two values that have an order, found None and the integer 1"},
      {"{{ {} < {} }}", "expected two values that have an order, found a dict and a dict"},
      {"{{ [1] < ['a'] }}",
       R"(expected two values that have an order, found the integer 1 and the text "a")"},
      {"{{ [1] < (1,) }}", "expected two values that have an order, found a list and a tuple"},
      {"{{ nothing < 1 }}", R"("nothing" is undefined)"},
      {"{{ 1 >= nothing }}", R"("nothing" is undefined)"},
  });
}

TEST(Operators, membership) {
  expect_rendered({
      {"{{ 1 in l }} {{ 9 in l }} {{ 9 not in l }} {{ 1.0 in l }} {{ none in [none] }} {{ [1] in "
       "[[1]] }} {{ 1 in (1, 2) }}",
       "True False True True True True True"},
      {"{{ 'x' in d }} {{ 'q' in d }} {{ 'role' in m[0] }} {{ 1 in {1.0: 2} }}",
       "True False True True"},
      {"{{ 'ell' in s }} {{ '' in s }} {{ '好' in u }} {{ 'zz' not in s }}", "True True True True"},
      {"{{ 3 in range(5) }} {{ 5 in range(0, 10, 3) }} {{ 6 in range(0, 10, 3) }} {{ 4 in "
       "range(10, 0, -2) }} {{ 1.0 in range(3) }} {{ 1 in range(0) }}",
       "True False True True True False"},
      {"{{ 'a' in nothing }} {{ nothing in l }} {{ 'x' in d.keys() }} {{ 1 in d.values() }} {{ "
       "('x', 1) in d.items() }} {{ 2 in (l | map('int')) }}",
       "False False True True True True"},
  });
}

TEST(Operators, membership_that_fails) {
  expect_failure({
      {"{{ 1 in 'abc' }}", "expected a text on the left of 'in' a text, found the integer 1"},
      {"{{ 1 in 1 }}", "expected something to iterate over, found the integer 1"},
      {"{{ 1 in none }}", "expected something to iterate over, found None"},

      {"{{ nothing in 'abc' }}",
       "expected a text on the left of 'in' a text, found an undefined value"},
  });
}

TEST(Operators, logic_gives_operands) {
  expect_rendered({
      {"{{ a and b }} {{ 0 or 'x' }} {{ '' and 1 }}|{{ none or false }} {{ 1 or nothing.x }} {{ 0 "
       "and nothing.x }}",
       "2.5 x |False 1 0"},
      {"{{ not a }} {{ not 0 }} {{ not '' }} {{ not [] }} {{ not {} }} {{ not nothing }} {{ not "
       "none }} {{ not 0.0 }} {{ not range(0) }} {{ not d.keys() }}",
       "False True True True True True True True True False"},
      {"{{ not a == 1 }} {{ not not a }} {{ a or b and n }} {{ (a or b) and n }} {{ not a or t }}",
       "False True 1 None True"},
  });
}

TEST(Operators, inline_if) {
  expect_rendered({
      {"{{ 'yes' if a else 'no' }} {{ 'yes' if f else 'no' }} {{ 'a' if f else 'b' if t else 'c' "
       "}} {{ 'x' if f }}|{{ ('x' if f) is defined }}",
       "yes no b |False"},
      {"{{ 1 + 2 if f else 4 }} {{ [1 if t else 2, 3] }} {{ 'a' if a is defined else 'b' }} {{ 'a' "
       "if 1 if f else 2 }}",
       "4 [1, 3] a 2"},
  });
}

TEST(Operators, precedence) {
  expect_rendered({
      {"{{ 2 + 3 * 4 }} {{ 10 - 2 - 3 }} {{ 100 / 10 / 2 }} {{ '7' + 2 ~ 3 }} {{ 2 ** 3 ** 2 }} {{ "
       "-2 ** 2 }} {{ 2 * 3 % 4 }} {{ 2 + 2 == 4 and 1 < 2 }}",
       "14 5 5.0 723 64 4 2 True"},
      {"{{ -5 | abs }} {{ 'a' ~ 'b' | upper }} {{ ('a' ~ 'b') | upper }} {{ 1 + 2 | string | "
       "length }} {{ 2 * l | length }} {{ l | length - 1 }} {{ l|length-1 }} {{ [1, 2, 3] | sum / "
       "2 }}",
       "5 aB AB 2 6 2 2 3.0"},
      {"{{ a + 1 is even }} {{ (a + 1) is even }} {{ not a is string }} {{ a is defined and b is "
       "defined }} {{ not d.q is defined }} {{ a is string or 'q' }} {{ 4 is divisibleby 2 and t "
       "}}",
       "1 True True True True q True"},
      {"{{ {'a': 1}['a'] }} {{ {'a': 1}.a }} {{ [1, 2][1] }} {{ 'abc'[1] }} {{ 'abc'.upper()[0] }} "
       "{{ (1, 2)[0] }} {{ 'x'.upper().lower() }}",
       "1 1 2 b A 1 x"},
  });
}

TEST(Operators, items_and_attributes) {
  expect_rendered({
      {"{{ l[0] }} {{ l[-1] }} {{ l[5] }}|{{ l[-5] }} {{ l[true] }} {{ s[0] }} {{ s[-1] }} {{ u[3] "
       "}} {{ u[-1] }} {{ (1, 2)[1] }}",
       "1 3 | 2 H d 你 ß 2"},
      {"{{ d.x }} {{ d['x'] }} {{ d.y.z[1] }} {{ m[0].role }} {{ m[-1]['content'] }}",
       "1 1 2 user x?"},
      {"{{ d.q }}|{{ d['q'] is defined }} {{ d.q is defined }} {{ n.x is defined }} {{ a.x is "
       "defined }} {{ l['a'] is defined }} {{ l[1.0] is defined }} {{ d[l] is defined }} {{ "
       "d[none] is defined }}",
       "|False False False False False False False False"},
      {"{{ d['items'] is callable }} {{ d.items is callable }} {{ d.y.items() | list }} {{ "
       "{'items': 5}['items'] }} {{ {'items': 5}.items is callable }}",
       "True True [('z', [1, 2])] 5 True"},
      {"{{ {1: 'a'}[true] }} {{ {none: 1}[none] }} {{ {'_x': 1}._x }}", "a 1 1"},
      {"{{ range(5)[2] }} {{ range(10, 0, -3)[1] }} {{ range(5)[-1] }} {{ range(3)[5] is defined "
       "}}",
       "2 7 4 False"},
  });
}

TEST(Operators, items_of_what_has_none) {
  expect_failure({
      {"{{ nothing.x }}", R"("nothing" is undefined)"},
      {"{{ nothing['x'] }}", R"("nothing" is undefined)"},
      {"{{ nothing[0] }}", R"("nothing" is undefined)"},
      {"{{ d.q.r }}", R"(a dict has no attribute "q")"},
      {"{{ d.q['r'] }}", R"(a dict has no attribute "q")"},
      {"{{ n.x.y }}", R"(None has no attribute "x")"},
      {"{{ l[9].x }}", "a list has no item 9"},
      {"{{ l[9][0] }}", "a list has no item 9"},
      {"{{ a.real_part.x }}", R"(the integer 1 has no attribute "real_part")"},
  });
}

TEST(Operators, slices) {
  expect_rendered({
      {"{{ l[1:] }} {{ l[:-1] }} {{ l[:] }} {{ l[::-1] }} {{ l[::2] }} {{ l[10:] }} {{ l[-10:2] }} "
       "{{ l[5:1:-1] }} {{ l[-1:0:-1] }} {{ l[2:1] }} {{ (1, 2, 3)[1:] }} {{ l[none:2:none] }} {{ "
       "l[true:] }}",
       "[2, 3] [1, 2] [1, 2, 3] [3, 2, 1] [1, 3] [] [1, 2] [3] [3, 2] [] (2, 3) [1, 2] [2, 3]"},
      {"{{ s[-3:] }} {{ s[2:8:3] }} {{ s[::-1] }} {{ s[5:2] }}|{{ u[3:5] }} {{ u[::-2] }} {{ u[:2] "
       "}} {{ u[-2:] }} {{ s[:9223372036854775807] }} {{ s[-9223372036854775807:3] }} {{ "
       "l[::-9223372036854775807] }}",
       "rld l  dlroW olleH |你好 ß 你é né ☀ß Hello World Hel [3]"},
      {"{{ range(10)[::3] | list }} {{ range(10)[::-1] | list }} {{ range(10)[8:2:-2] | list }}",
       "[0, 3, 6, 9] [9, 8, 7, 6, 5, 4, 3, 2, 1, 0] [8, 6, 4]"},
      {"{{ m[1:] | length }} {{ 'abc'[1:][0] }}", "2 b"},
  });
}

TEST(Operators, slices_that_fail) {
  expect_failure({
      {"{{ l[::0] }}", "expected a step of a slice other than 0, found 0"},
      {"{{ l['a':] }}", R"(expected an integer for a slice, found the text "a")"},
      {"{{ l[1.5:] }}", "expected an integer for a slice, found the number 1.5"},
      {"{{ d[1:2] }}", "expected a text or a list to slice, found a dict"},
      {"{{ n[1:] }}", "expected a text or a list to slice, found None"},
      {"{{ nothing[1:] }}", R"("nothing" is undefined)"},
  });
}

// Python's own attributes, and what would change a list or a dict, are there but undefined.
TEST(Operators, what_is_not_safe) {
  expect_rendered({
      {"{{ l.append is defined }} {{ l.append }}|{{ d.update is defined }} {{ d.pop }}|{{ "
       "s.__class__ }}|{{ d.__class__ is defined }} {{ l['__class__'] is defined }} {{ d.clear is "
       "defined }} {{ l.sort is defined }}",
       "False |False ||False False False False"},
  });
}

TEST(Operators, what_is_not_safe_fails_when_used) {
  expect_failure({
      {"{{ l.append(4) }}", R"(expected nothing that changes a list, found its method "append")"},
      {"{{ l.insert(0, 1) }}",
       R"(expected nothing that changes a list, found its method "insert")"},
      {"{{ l.pop() }}", R"(expected nothing that changes a list, found its method "pop")"},
      {"{{ l.sort() }}", R"(expected nothing that changes a list, found its method "sort")"},
      {"{{ d.update({'x': 2}) }}",
       R"(expected nothing that changes a dict, found its method "update")"},
      {"{{ d.pop('x') }}", R"(expected nothing that changes a dict, found its method "pop")"},
      {"{{ d.setdefault('x', 1) }}",
       R"(expected nothing that changes a dict, found its method "setdefault")"},
      {"{{ s.__class__.__mro__ }}", R"(the text "Hello World" has no attribute "__class__")"},
      {"{{ d.__class__() }}", R"(a dict has no attribute "__class__")"},
  });
}

TEST(Operators, calls_that_fail) {
  expect_failure({
      {"{{ nothing() }}", R"("nothing" is undefined)"},
      {"{{ d.q() }}", R"(a dict has no attribute "q")"},
      {"{{ a() }}", "expected something to call, found the integer 1"},
      {"{{ 'x'() }}", R"(expected something to call, found the text "x")"},
      {"{{ s.nothing() }}", R"(the text "Hello World" has no attribute "nothing")"},
      {"{{ s.upper(1) }}", "upper: expected at most 0 arguments, found 1"},
      {"{{ s.upper(x=1) }}", R"(upper: expected no argument "x", found one)"},
      {"{{ s.replace('a') }}", "replace: expected a value for new, found none"},
      {"{{ s.replace('a', 'b', 1, 2) }}", "replace: expected at most 3 arguments, found 4"},
      {"{{ range() }}", "range: expected a value for start, found none"},

      {"{{ s | replace }}", "replace: expected a value for old, found none"},
      {"{{ s | replace('a', new='b', old='c') }}",
       "replace: expected one value for old, found two"},
      {"{{ s | upper(1) }}", "upper: expected at most 0 arguments, found 1"},
      {"{{ s | indent(widths=2) }}", R"(indent: expected no argument "widths", found one)"},
      {"{{ 1 is divisibleby }}", "divisibleby: expected a value for num, found none"},
  });
}

}  // namespace
}  // namespace octavo
