// White space around tags: trim_blocks takes the line end after a block, lstrip_blocks what is
// before it on its line, and the signs '-' and '+' take more or leave it.
#include "tests/template/support.h"

namespace octavo {
namespace {

TEST(Whitespace, blocks) {
  expect_rendered({
      {"{% if true %}\nx\n{% endif %}\ny\n", "x\ny"},
      {"  {% if true %}\n  x\n  {% endif %}\n  y", "  x\n  y"},
      {"a  {% if true %}  b{% endif %}", "a    b"},
      {"\t{% if true %}\tx\t{% endif %}\t\n", "\tx\t\t"},
      {"{% if true %}\n\nx{% endif %}", "\nx"},
      {"{% if true %} \nx{% endif %}", " \nx"},
      {"\n{% if true %}x{% endif %}", "\nx"},
      {"{% if true %}  {% endif %}  {% if true %}z{% endif %}", "    z"},
      {"{% for i in [1, 2] %}\n  {{ i }}\n{% endfor %}\n", "  1\n  2\n"},
      {"{% macro m() %}\n  hi\n{% endmacro %}\n[{{ m() }}]", "[  hi\n]"},
      {"{% set x %}\n  hi\n{% endset %}\n[{{ x }}]", "[  hi\n]"},
      {"{% if a %}\n  {% if b %}\n    x\n  {% endif %}\n{% endif %}\n", "    x\n"},
      {"a\343\200\200\n\343\200\200{% if true %}b{% endif %}", "a\343\200\200\nb"},
      {"\034 {% if true %}b{% endif %}", "b"},
  });
}

TEST(Whitespace, minus_takes_all) {
  expect_rendered({
      {"a \n {%- if true %} b {% endif -%}\n c", "a b c"},
      {"{% for i in [1, 2] -%}\n  {{ i }}\n{%- endfor %}\n", "12"},
      {"a\302\240{%- if true %}b{% endif %}", "ab"},
      {"a\013{%- if true %}b{% endif %}", "ab"},
      {"{% if a -%} x {%- else -%} y {%- endif %}", "x"},
      {"line1\n    {%- for x in l %}\n    {{- x }},\n    {%- endfor %}\nend", "line11,2,3,end"},
      {"{% if true -%}\n  {% endif %}z", "z"},
      {"{% set x -%}\n  y\n{%- endset %}[{{ x }}]", "[y]"},
  });
}

TEST(Whitespace, plus_leaves_it) {
  expect_rendered({
      {"a\n  {%+ if true %}b{% endif %}", "a\n  b"},
      {"{% set x = 1 +%}\nb", "\nb"},
      {"{%+ if a %}x{%+ endif +%}\n", "x"},
      {"  {%+ set x = 1 +%}\n", "  "},
  });
}

TEST(Whitespace, prints) {
  expect_rendered({
      {"{{ 'x' }}\n y", "x\n y"},
      {"  {{ 'x' }}  \n", "  x  "},
      {"{{ 'a' -}}\n  b", "ab"},
      {"a\n  {{- 'b' }}", "ab"},
      {"{{ 1 -}} {{- 2 }}", "12"},
      {"{{ 'x' }}  {% if true %}y{% endif %}", "x  y"},
      {"{{\n1\n}}\n", "1"},
      {"{{+1}} {{-1}} {{- -1 }}", "11-1"},
  });
}

TEST(Whitespace, comments) {
  expect_rendered({
      {"{# c #}\nx", "x"},
      {"  {# c #}\nx", "x"},
      {"x {# c #} y", "x  y"},
      {"{#- c -#}\n\n x", "x"},
      {"x{#-#}y {#+ c +#}\nz", "xy \nz"},
      {"x  {#+ c #}\nz", "x  z"},
      {"a\n{#c#}  {% if true %}x{% endif %}", "a\n  x"},
      {"{#\n#}\n{% if true %}x{% endif %}", "x"},
      {"{# {% if %} {{ #}x", "x"},
      {"{# a #} b #}", " b #}"},
  });
}

TEST(Whitespace, raw_blocks) {
  expect_rendered({
      {"{% raw %}\n x\n{% endraw %}\n y", "\n x\n y"},
      {"  {% raw %}  {{ x }}  {% endraw %}  ", "  {{ x }}    "},
      {"{%- raw -%} x {%- endraw -%} ", "x"},
      {"{% raw %}{% endraw -%} \n x", "x"},
      {"a {% raw %} {%+ endraw %}", "a  "},
      {"{%-   raw   -%}x{%-   endraw   -%}", "x"},
      {"{%raw%}{{x}}{%endraw%}", "{{x}}"},
      {"{% raw %}{% endrawx %}{% endraw %}", "{% endrawx %}"},
      {"{% raw %}{%{% endraw %}", "{%"},
      {"{% raw -%}\n  {%- if %}\n {% endraw %}", "{%- if %}\n"},
  });
}

TEST(Whitespace, line_ends) {
  expect_rendered({
      {"a\r\nb\rc\n", "a\nb\nc"},
      {"a\n\n", "a\n"},
      {"\n\na\n", "\n\na"},
      {"{% if true %}\r\nx\r\n{% endif %}", "x\n"},
      {"{{ 'a\r\nb\rc' | length }}", "5"},
      {"\n", ""},
      {"", ""},
      {"{{ 1 }}\n\n", "1\n"},
  });
}

TEST(Whitespace, what_is_no_tag) {
  expect_rendered({
      {"{", "{"},
      {"{ {", "{ {"},
      {"a { b } c", "a { b } c"},
      {"}} %} #}", "}} %} #}"},
      {"{{ '}}' }}", "}}"},
      {"{{ {'a': {'b': 1}} }}", "{'a': {'b': 1}}"},
      {"{{ {'a': {'b': 1}}}}", "{'a': {'b': 1}}"},
      {"{{ '%}' }}{% if '%}' %}x{% endif %}", "%}x"},
      {"{{ '{#' }}{{ '{%' }}", "{#{%"},
      {"{% if a%}x{%endif%}{{a}}{%set x=1%}{{x-1}}", "x10"},
      {"{ % if %}", "{ % if %}"},
      {"{{'a'}}{", "a{"},
  });
}

}  // namespace
}  // namespace octavo
