// Every statement, and what it may not be.
#include "tests/template/support.h"

namespace octavo {
namespace {

TEST(Statements, if_and_elif) {
  expect_rendered({
      {"{% if a == 1 %}one{% elif a == 2 %}two{% else %}other{% endif %} {% if nothing %}x{% else "
       "%}y{% endif %} {% if f %}1{% elif t %}2{% endif %} {% if f %}x{% endif %}|{% if a, "
       "%}tuple{% endif %}",
       "one y 2 |tuple"},
      {"{% if t %}{% if f %}a{% else %}b{% endif %}c{% endif %} {% if f %}1{% elif f %}2{% elif t "
       "%}3{% elif t %}4{% else %}5{% endif %} {% if t: %}colon{% endif %}",
       "bc 3 colon"},
  });
}

TEST(Statements, for_and_loop) {
  expect_rendered({
      {"{% for x in l %}{{ loop.index }}/{{ loop.length }} {{ loop.index0 }} {{ loop.revindex }} "
       "{{ loop.revindex0 }} {{ loop.first }} {{ loop.last }} [{{ loop.previtem }},{{ "
       "loop.nextitem }}] {{ loop.foo is defined }};{% endfor %}",
       "1/3 0 3 2 True False [,2] False;2/3 1 2 1 False False [1,3] False;3/3 2 1 0 False True "
       "[2,] False;"},
      {"{% for x in l %}{% for y in l %}{{ loop.index }}{% endfor %}{{ loop.index }} {% endfor %}",
       "1231 1232 1233 "},

      {"{% for x in e %}x{% else %}empty{% endfor %} {% for x in nothing %}x{% else %}empty{% "
       "endfor %} {% for c in 'añ☀' %}[{{ c }}]{% endfor %} {% for k in d %}{{ k }}{% endfor %} {% "
       "for x in 1, 2 %}{{ x }}{% endfor %} {% for x in range(3) %}{{ loop.length }}{% endfor %}",
       "empty empty [a][ñ][☀] xy 12 333"},
      {"{% for x, y in [(1, 2), [3, 4], 'ab'] %}{{ x }}-{{ y }} {% endfor %}{% for k, v in "
       "d.items() %}{{ k }}:{{ v }} {% endfor %}{% for (x, y), z in [((1, 2), 3)] %}{{ x + y + z "
       "}}{% endfor %}",
       "1-2 3-4 a-b x:1 y:{'z': [1, 2]} 6"},

      {"{% set it = l | map('string') %}{% for x in it %}{{ x }}{% if loop.first %}{{ loop.length "
       "}}{% endif %}{{ loop.last }}{% endfor %} {% for x in l | map('string') %}{{ loop.revindex "
       "}}{{ loop.nextitem }}{% endfor %}",
       "13False2False3True 32231"},
  });
}

TEST(Statements, for_with_a_condition) {
  expect_rendered({
      {"{% for x in l if x > 1 %}{{ x }}{{ loop.index }}{{ loop.last }}{{ loop.length }}{{ "
       "loop.nextitem }};{% else %}none{% endfor %} {% for x in l if x > 5 %}x{% else %}none{% "
       "endfor %} {% for x, y in [(1, 2), (3, 1)] if x < y %}{{ x }}{% endfor %} {% for x in l if "
       "x is odd and x != 1 %}{{ x }}{% endfor %}",
       "21False23;32True2; none 1 3"},
      {"{% for x in l %}{% for y in l if y > loop.index %}{{ y }}{% endfor %};{% endfor %} {% for "
       "m in m if m.role == 'user' %}{{ m.content }}{{ loop.first }}{% endfor %}",
       "23;3;; HiTruex?False"},
  });
}

// A turn that break or continue ends does not count for else.
TEST(Statements, break_and_continue) {
  expect_rendered({
      {"{% for x in l %}{% for y in e %}{% else %}{% break %}{% endfor %}{{ x }}{% endfor %}|",
       "|"},

      {"{% for x in l %}{% if x == 2 %}{% continue %}{% endif %}{{ x }}{% endfor %} {% for x in l "
       "%}{% if x == 2 %}{% break %}{% endif %}{{ x }}{% endfor %} {% for x in l %}{% for y in l "
       "%}{% if y == 2 %}{% break %}{% endif %}{{ x }}{{ y }} {% endfor %}{% endfor %}",
       "13 1 11 21 31 "},
      {"{% for x in [1] %}{% continue %}{% else %}E{% endfor %} {% for x in [1, 2] %}{% break %}{% "
       "else %}E{% endfor %} {% for x in [1, 2] %}{% if x == 2 %}{% break %}{% endif %}{% else "
       "%}E{% endfor %}",
       "E E "},

  });
}

TEST(Statements, loops_that_fail) {
  expect_failure({
      {"{% for x in 5 %}{% endfor %}", "expected something to iterate over, found the integer 5"},
      {"{% for x in none %}{% endfor %}", "expected something to iterate over, found None"},
      {"{% for x, y in [(1,)] %}{% endfor %}", "expected 2 values to unpack, found 1"},
      {"{% for x, y in [(1, 2, 3)] %}{% endfor %}", "expected 2 values to unpack, found 3"},
      {"{% for x, y in [1] %}{% endfor %}",
       "expected something to iterate over, found the integer 1"},
      {"{% for x in l %}{{ loop(x) }}{% endfor %}", "expected something to call, found a loop"},

      {"{% for x in l %}{{ loop.cycle() }}{% endfor %}", R"(a loop has no attribute "cycle")"},
      {"{% for x in l %}{{ loop.previtem.y }}{% endfor %}", "there is no previous item"},
      {"{% for x in l %}{% set loop = 1 %}{% endfor %}",
       R"(expected a name to assign to, found "loop")"},
      {"{% for loop in l %}{% endfor %}", R"(expected a name to assign to, found "loop")"},
      {"{% break %}", "expected a loop around 'break', found none"},
      {"{% if t %}{% continue %}{% endif %}", "expected a loop around 'continue', found none"},
      {"{% macro g() %}{% break %}{% endmacro %}", "expected a loop around 'break', found none"},
      {"{% for x in l %}{% macro g() %}{% break %}{% endmacro %}{% endfor %}",
       "expected a macro outside of loops and blocks, found one inside"},
      {"{% for x in l %}{% generation %}{% break %}{% endgeneration %}{% endfor %}",
       "expected a loop around 'break', found none"},
      {"{% for x in l %}{% else %}{% break %}{% endfor %}",
       "expected a loop around 'break', found none"},
  });
}

TEST(Statements, set) {
  expect_rendered({
      {"{% set x = 5 %}{{ x }} {% set x, y = 1, 2 %}{{ x }}{{ y }} {% set (p, q) = (1, 2) %}{{ p + "
       "q }} {% set x, y = y, x %}{{ x }}{{ y }} {% set v = 1, %}{{ v }} {% set x, (y, z) = [1, "
       "[2, 3]] %}{{ x }}{{ y }}{{ z }}",
       "5 12 3 21 (1,) 123"},

      {"{% set z %}block {{ a }}{% endset %}{{ z }} {% set w | upper %}abc{% endset %}{{ w }} {% "
       "set v | replace('a', 'b') | length %}aaa{% endset %}{{ v + 1 }} {% set z %}{% endset %}[{{ "
       "z }}]",
       "block 1 ABC 4 []"},
  });
}

TEST(Statements, namespaces) {
  expect_rendered({
      {"{% set ns = namespace({'k': 1}, y='q') %}{% for i in l %}{% set ns.k = ns.k + i %}{% "
       "endfor %}{{ ns.k }} {{ ns['y'] }} {{ ns.zz is defined }} {{ ns is mapping }} {{ ns is "
       "iterable }} {% set ns.a, ns.b = 1, 2 %}{{ ns.a }}{{ ns.b }} {% set ns.c %}blk{% endset "
       "%}{{ ns.c }}{{ 1 if ns }}",
       "7 q False False False 12 blk1"},

      {"{% set ns = namespace(found=false) %}{% for x in m %}{% if x.role == 'assistant' %}{% set "
       "ns.found = true %}{% endif %}{% endfor %}{{ ns.found }} {% set ns.me = ns %}{{ "
       "ns.me.me.found }} {% set other = ns %}{% set other.found = 5 %}{{ ns.found }}",
       "True True 5"},

  });
}

TEST(Statements, assignments_that_fail) {
  expect_failure({
      {"{% set q = {} %}{% set q.x = 1 %}", "expected a namespace to assign to, found a dict"},
      {"{% set nothing.x = 1 %}", R"("nothing" is undefined)"},
      {"{% set x, y = 1 %}", "expected something to iterate over, found the integer 1"},
      {"{% set x, y = 1, 2, 3 %}", "expected 2 values to unpack, found 3"},
      {"{% set x, y = [1] %}", "expected 2 values to unpack, found 1"},
      {"{% set 1 = 2 %}", R"(expected a name to assign to, found "1")"},
      {"{% set none = 2 %}", R"(expected a name to assign to, found "none")"},
      {"{% set a.b.c = 2 %}", R"(expected '%}', found ".")"},
      {"{% set a[0] = 2 %}", R"(expected '%}', found "[")"},
      {"{% set 'a' = 2 %}", R"(expected a name to assign to, found "'a'")"},
      {"{% set x + y = 2 %}", R"(expected '%}', found "+")"},
      {"{% set [x] = [2] %}", R"(expected a name to assign to, found "[")"},
  });
}

TEST(Statements, macros) {
  expect_rendered({
      {"{% macro g(x, y=2, z=x) %}[{{ x }},{{ y }},{{ z }}]{% endmacro %}{{ g(1) }}{{ g(1, 3) }}{{ "
       "g(y=5, x=4) }}{{ g() }}{{ g(1, 2, 3) }} {{ g is callable }}",
       "[1,2,1][1,3,1][4,5,4][,2,][1,2,3] True"},

      {"{% macro fact(n) %}{% if n <= 1 %}1{% else %}{{ n * fact(n - 1) | int }}{% endif %}{% "
       "endmacro %}{{ fact(5) }} {{ fact(3) + fact(3) }}",
       "120 66"},
      {"{% macro g(x) %}{{ x }}{% endmacro %}{% macro h(x) %}<{{ g(x) }}{{ g(x=x) }}>{% endmacro "
       "%}{{ h(1) }} {{ h(h(2)) }} {{ l | map('string') | list if g(0) == '0' }}",
       "<11> <<22><22>> ['1', '2', '3']"},
      {"{% macro g(x, y) %}{{ x }}{{ y is defined }}{{ y }}{% endmacro %}{{ g(1) }} {% macro "
       "h(x=nothing) %}{{ x is defined }}{% endmacro %}{{ h() }} {% macro i(x=none) %}{{ x is none "
       "}}{{ x }}{% endmacro %}{{ i() }}{{ i(1) }}",
       "1False False TrueNoneFalse1"},
  });
}

TEST(Statements, macros_that_fail) {
  expect_failure({
      {"{% macro g(x) %}{% endmacro %}{{ g(1, 2) }}", "g: expected at most 1 argument, found 2"},
      {"{% macro g(x) %}{% endmacro %}{{ g(q=2) }}", R"(g: expected no argument "q", found one)"},
      {"{% macro g(x) %}{% endmacro %}{{ g(1, x=2) }}",
       R"(g: expected no argument "x", found one)"},
      {"{% macro g(x) %}{{ x.y }}{% endmacro %}{{ g() }}", "g: expected a value for x, found none"},

      {"{% macro g(x, x) %}{% endmacro %}",
       R"(expected parameters of different names, found "x" twice)"},
      {"{% macro g(x=1, y) %}{% endmacro %}",
       "expected a default, as the parameter before has one, found none"},
      {"{% macro g(1) %}{% endmacro %}", R"(expected the name of a parameter, found "1")"},
      {"{% macro g %}{% endmacro %}", R"(expected '(', found "%}")"},

  });
}

TEST(Statements, with_generation_print_and_raw) {
  expect_rendered({

      {"{% generation %}gen {{ a }}{% set g = 1 %}{% endgeneration %}{{ g is defined }} {% for x "
       "in l %}{% generation %}{{ x }}{{ loop.index }}{% endgeneration %}{% endfor %}",
       "gen 1False 112233"},

      {"{% raw %}{{ not rendered }} {% if %} {# no comment #}{% endraw %} {# comment {{ a }} {% if "
       "%} #}x",
       "{{ not rendered }} {% if %} {# no comment #} x"},
  });
}

TEST(Statements, raise_exception_from_within) {
  expect_rendered({
      {"{% if f %}{{ raise_exception('x') }}{% endif %}fine {{ 'a' if t else raise_exception('no') "
       "}} {{ raise_exception is callable }}",
       "fine a True"},
  });
}

}  // namespace
}  // namespace octavo
