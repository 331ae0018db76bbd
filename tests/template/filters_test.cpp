// Every filter, on what it is for and on what it is not.
#include "tests/template/support.h"

namespace octavo {
namespace {

TEST(Filters, case_of_letters) {
  expect_rendered({
      {"{{ s | upper }} {{ s | lower }} {{ 'hELLO wORLD' | capitalize }} {{ u | upper }} {{ none | "
       "upper }} {{ 12 | lower }} {{ nothing | upper }}|",
       "HELLO WORLD hello world Hello world NÉ 你好 ☀SS NONE 12 |"},
      {R"({{ "they're foo-bar (x) {y [z <w é_a 1b" | title }} {{ 'HELLO wORLD' | title }} {{ '' | title }}|)",
       "They're Foo-Bar (X) {Y [Z <W É_a 1b Hello World |"},
  });
}

TEST(Filters, trim) {
  expect_rendered({
      {R"({{ '  x y ' | trim }}|{{ 'xxhixx' | trim('x') }} {{ 'abcba' | trim('ab') }} {{ none | trim }} {{ 5 | trim }} {{ nothing | trim }}|{{ '\u3000x\xa0' | trim }}|{{ '\n x' | trim(none) }}|{{ 'x' | trim(chars='x') }}|)",
       "x y|hi c None 5 |x|x||"},
  });
}

TEST(Filters, replace) {
  expect_rendered({
      {"{{ s | replace('l', 'L') }} {{ s | replace('l', 'L', 2) }} {{ s | replace('', '-') }} {{ s "
       "| replace('', '-', 3) }} {{ 'aaa' | replace('aa', 'b') }} {{ 1.5 | replace('.', ',') }} {{ "
       "s | replace('o', 0) }} {{ s | replace('q', 'x') }} {{ s | replace('l', '', count=1) }} {{ "
       "nothing | replace('a', 'b') }}|",
       "HeLLo WorLd HeLLo World -H-e-l-l-o- -W-o-r-l-d- -H-e-llo World ba 1,5 Hell0 W0rld Hello "
       "World Helo World |"},
  });
}

TEST(Filters, length_first_and_last) {
  expect_rendered({
      {"{{ l | length }} {{ s | length }} {{ u | length }} {{ d | length }} {{ e | count }} {{ "
       "nothing | length }} {{ (1, 2) | length }} {{ range(5) | length }} {{ d.items() | length }}",
       "3 11 8 2 0 0 2 5 2"},
      {"{{ l | first }} {{ l | last }} {{ e | first }}|{{ e | last is defined }} {{ s | first }} "
       "{{ u | last }} {{ d | first }} {{ d | last }} {{ nothing | first }}|{{ nothing | last "
       "}}|{{ range(5) | last }} {{ l | map('string') | first }} {{ d.values() | first }}",
       "1 3 |False H ß x y ||4 1 1"},
  });
}

TEST(Filters, length_and_last_of_what_has_none) {
  expect_failure({
      {"{{ none | length }}", "length: expected something with a length, found None"},
      {"{{ 5 | length }}", "length: expected something with a length, found the integer 5"},
      {"{{ l | map('string') | length }}",
       "length: expected something with a length, found a generator"},
      {"{{ l | map('string') | last }}", "last: expected a list or a text, found a generator"},
      {"{{ 5 | first }}", "expected something to iterate over, found the integer 5"},
  });
}

TEST(Filters, join) {
  expect_rendered({
      {"{{ l | join }} {{ l | join(', ') }} {{ m | join('-', attribute='role') }} {{ s | join('.') "
       "}} {{ nothing | join(',') }}|{{ [1, none, true, 'x', nothing] | join('|') }} {{ d | "
       "join(',') }} {{ l | join(1) }} {{ l | join(d='/') }}",
       "123 1, 2, 3 user-assistant-user H.e.l.l.o. .W.o.r.l.d |1|None|True|x| x,y 11213 1/2/3"},
  });
}

TEST(Filters, list_and_reverse) {
  expect_rendered({
      {"{{ s[:3] | list }} {{ d | list }} {{ range(3) | list }} {{ nothing | list }} {{ (1, 2) | "
       "list }} {{ 'é☀' | list }}",
       "['H', 'e', 'l'] ['x', 'y'] [0, 1, 2] [] [1, 2] ['é', '☀']"},
      {"{{ l | reverse | list }} {{ s | reverse }} {{ u | reverse }} {{ d | reverse | list }} {{ "
       "range(3) | reverse | list }} {{ l | map('string') | reverse }} {{ nothing | reverse | list "
       "}} {{ d.items() | reverse | list }}",
       "[3, 2, 1] dlroW olleH ß☀ 好你 én ['y', 'x'] [2, 1, 0] ['3', '2', '1'] [] [('y', {'z': [1, "
       "2]}), ('x', 1)]"},
  });
}

TEST(Filters, what_cannot_be_iterated_over) {
  expect_failure({
      {"{{ 5 | list }}", "expected something to iterate over, found the integer 5"},
      {"{{ none | join }}", "expected something to iterate over, found None"},
      {"{{ 5 | reverse }}", "expected something to iterate over, found the integer 5"},
      {"{{ true | sum }}", "expected something to iterate over, found True"},
      {"{{ 1.5 | sort }}", "expected something to iterate over, found the number 1.5"},
      {"{{ none | min }}", "expected something to iterate over, found None"},
      {"{{ 5 | unique | list }}", "expected something to iterate over, found the integer 5"},

      {"{{ 5 | map('upper') | list }}", "expected something to iterate over, found the integer 5"},
  });
}

TEST(Filters, default) {
  expect_rendered({
      {"{{ nothing | default('x') }} {{ '' | default('x') }}|{{ '' | default('x', true) }} {{ none "
       "| default('x') }} {{ none | d('x', true) }} {{ 0 | default(5, boolean=true) }} {{ nothing "
       "| default }}|{{ d.q | default(d.x) }} {{ nothing | default(none) }} {{ false | d(1) }}",
       "x |x None x 5 |1 None False"},
  });
}

TEST(Filters, int) {
  expect_rendered({
      {"{{ '42' | int }} {{ '42.9' | int }} {{ 'x' | int }} {{ 'x' | int(7) }}", "42 42 0 7"},
      {"{{ 3.99 | int }} {{ -3.99 | int }} {{ none | int }} {{ true | int }} {{ ' 12 ' | int }} {{ "
       "'1_000' | int }} {{ '1e3' | int }} {{ '' | int }} {{ '-7' | int }} {{ '+7' | int }} {{ "
       "'012' | int }} {{ [] | int }} {{ 'inf' | int }} {{ ('nan' | float) | int(9) }} {{ "
       "'-9223372036854775808' | int }}",
       "3 -3 0 1 12 1000 1000 0 -7 7 12 0 0 9 -9223372036854775808"},
  });
}

TEST(Filters, float) {
  expect_rendered({
      {"{{ '1.5' | float }} {{ 'x' | float }} {{ 'x' | float(2.5) }} {{ 3 | float }} {{ 'inf' | "
       "float }} {{ '-Infinity' | float }} {{ 'nan' | float }} {{ '1e5' | float }} {{ none | float "
       "}} {{ ' .5 ' | float }} {{ '5.' | float }} {{ '1_0.0' | float }} {{ '0x10' | float }} {{ "
       "'.' | float }} {{ '1e' | float }} {{ '' | float }} {{ true | float }}",
       "1.5 0.0 2.5 3.0 inf -inf nan 100000.0 0.0 0.5 5.0 10.0 0.0 0.0 0.0 0.0 1.0"},
  });
}

TEST(Filters, numbers_of_what_is_none) {
  expect_failure({
      {"{{ nothing | int }}", R"("nothing" is undefined)"},
      {"{{ nothing | float }}", R"("nothing" is undefined)"},
      {"{{ 'x' | abs }}", R"(abs: expected a number, found the text "x")"},
      {"{{ none | abs }}", "abs: expected a number, found None"},
      {"{{ 'x' | round }}", R"(round: expected a number, found the text "x")"},
      {"{{ nothing | round }}", R"("nothing" is undefined)"},
      {"{{ 1.5 | round('x') }}", R"(expected an integer for precision, found the text "x")"},
      {"{{ 1.5 | round(1, 'up') }}",
       R"(round: expected "common", "ceil" or "floor", found the text "up")"},

  });
}

TEST(Filters, abs_and_round) {
  expect_rendered({
      {"{{ -5 | abs }} {{ -5.5 | abs }} {{ true | abs }} {{ 0 | abs }}", "5 5.5 1 0"},
      {"{{ 42.55 | round }} {{ 42.55 | round(1, 'floor') }} {{ 42.55 | round(1, 'ceil') }} {{ 2.5 "
       "| round }} {{ 3.5 | round }} {{ 0.5 | round }} {{ -2.5 | round }} {{ 2.675 | round(2) }} "
       "{{ 1.23456 | round(precision=3) }} {{ 1e300 | round(2) }}",
       "43.0 42.5 42.6 2.0 4.0 0.0 -2.0 2.67 1.235 1e+300"},
      {"{{ 5 | round }} {{ 5 | round(0, 'ceil') }} {{ 7 | round(2, 'floor') }}", "5 5.0 7.0"},
  });
}

TEST(Filters, sum_min_and_max) {
  expect_rendered({
      {"{{ l | sum }} {{ [1.5, 2] | sum }} {{ [[1], [2]] | sum(start=[]) }} {{ [{'p': 2}, {'p': "
       "3}] | sum(attribute='p') }} {{ e | sum }} {{ l | sum(start=10) }} {{ m | "
       "map(attribute='content') | map('length') | sum }}",
       "6 3.5 [1, 2] 5 0 16 6"},
      {"{{ l | min }} {{ l | max }} {{ names | min }} {{ names | max }} {{ names | "
       "min(case_sensitive=true) }} {{ e | min is defined }} {{ m | max(attribute='content') }} {{ "
       "['b', 'B', 'a'] | max }} {{ [2, 1.5, true] | min }}",
       "1 3 Alice carol Alice False {'role': 'assistant', 'content': 'Yo'} b True"},
  });
}

TEST(Filters, what_does_not_add_up) {
  expect_failure({
      {"{{ ['a'] | sum }}",
       R"(expected two values for '+' that go together, found the integer 0 and the text "a")"},
      {"{{ [1, 'a'] | sort }}",
       R"(expected two values that have an order, found the text "a" and the integer 1)"},
      {"{{ [1, 'a'] | max }}",
       R"(expected two values that have an order, found the text "a" and the integer 1)"},
      {"{{ [none] | sum }}",
       "expected two values for '+' that go together, found the integer 0 and None"},

      {"{{ [[1]] | unique | list }}",
       "unique: expected items that are texts or numbers, found a list"},
  });
}

TEST(Filters, sort_and_unique) {
  expect_rendered({
      {"{{ names | sort }} {{ names | sort(reverse=true) }} {{ names | sort(case_sensitive=true) "
       "}} {{ [3, 1, 2] | sort }} {{ d | sort }} {{ 'hello' | sort }} {{ [2, 1.5, true] | sort }}",
       "['Alice', 'alice', 'bob', 'carol'] ['carol', 'bob', 'Alice', 'alice'] ['Alice', 'alice', "
       "'bob', 'carol'] [1, 2, 3] ['x', 'y'] ['e', 'h', 'l', 'l', 'o'] [True, 1.5, 2]"},
      {"{{ m | sort(attribute='content') | map(attribute='content') | list }} {{ [{'a': {'b': 2}}, "
       "{'a': {'b': 1}}] | sort(attribute='a.b') }} {{ [[2, 'x'], [1, 'y']] | sort(attribute=0) }} "
       "{{ [[2, 'x'], [1, 'y']] | sort(attribute='1') }}",
       "['Hi', 'x?', 'Yo'] [{'a': {'b': 1}}, {'a': {'b': 2}}] [[1, 'y'], [2, 'x']] [[2, 'x'], [1, "
       "'y']]"},
      {"{{ ['b', 'B', 'a', 'A'] | sort }} {{ ['b', 'B', 'a', 'A'] | sort(reverse=true) }}",
       "['a', 'A', 'b', 'B'] ['b', 'B', 'a', 'A']"},
      {"{{ names | unique | list }} {{ names | unique(true) | list }} {{ [1, 1.0, true, 2, '1', "
       "none, none] | unique | list }} {{ m | unique(attribute='role') | map(attribute='content') "
       "| list }}",
       "['bob', 'Alice', 'carol'] ['bob', 'Alice', 'carol', 'alice'] [1, 2, '1', None] ['Hi', "
       "'Yo']"},
  });
}

TEST(Filters, dictsort_and_items) {
  expect_rendered({
      {"{{ {'b': 1, 'A': 3, 'c': 2} | dictsort }} {{ {'b': 1, 'A': 3, 'c': 2} | dictsort(true) }} "
       "{{ {'b': 1, 'A': 3, 'c': 2} | dictsort(by='value') }} {{ {'b': 1, 'A': 3, 'c': 2} | "
       "dictsort(false, 'value', true) }}",
       "[('A', 3), ('b', 1), ('c', 2)] [('A', 3), ('b', 1), ('c', 2)] [('b', 1), ('c', 2), ('A', "
       "3)] [('A', 3), ('c', 2), ('b', 1)]"},
      {"{{ d | items | list }} {{ nothing | items | list }} {% for k, v in d | items %}{{ k }}={{ "
       "v }};{% endfor %}",
       "[('x', 1), ('y', {'z': [1, 2]})] [] x=1;y={'z': [1, 2]};"},
  });
}

TEST(Filters, dictsort_and_items_of_others) {
  expect_failure({
      {"{{ l | dictsort }}", "dictsort: expected a dict, found a list"},
      {"{{ d | dictsort(by='size') }}",
       R"(dictsort: expected "key" or "value", found the text "size")"},
      {"{{ 5 | items | list }}", "items: expected a dict, found the integer 5"},
  });
}

TEST(Filters, map) {
  expect_rendered({
      {"{{ m | map(attribute='role') | list }} {{ m | map('length') | list }} {{ l | map('string') "
       "| join('+') }} {{ names | map('upper') | list }} {{ ['a', 'b'] | map('replace', 'a', 'z') "
       "| list }} {{ [1.25, 2] | map('round', precision=1) | list }}",
       "['user', 'assistant', 'user'] [2, 2, 2] 1+2+3 ['BOB', 'ALICE', 'CAROL', 'ALICE'] ['z', "
       "'b'] [1.2, 2]"},
      {"{{ m | map(attribute='q', default='?') | join }} {{ m | map(attribute='q') | list }} {{ "
       "[[1, 2], [3, 4]] | map('first') | list }} {{ [[1, 2], [3, 4]] | map(attribute=1) | list }} "
       "{{ [{'a': {'b': 1}}, {'a': [5]}] | map(attribute='a.b', default=0) | list }} {{ [{'a': "
       "[5]}] | map(attribute='a.0') | list }} {{ [[1, 2]] | map('join', '-') | list }}",
       "??? [Undefined, Undefined, Undefined] [1, 3] [2, 4] [1, 0] [5] ['1-2']"},
      {"{{ none | map('upper') | list }} {{ nothing | map('upper') | list }}", "[] []"},
  });
}

TEST(Filters, what_cannot_be_mapped) {
  expect_failure({

      {"{{ l | map | list }}",
       "map: expected the name of a filter, or an attribute, found neither"},

      {"{{ l | map(attribute='x', other=1) | list }}",
       "map: expected the name of a filter, or an attribute, found neither"},
      {"{{ m | selectattr | list }}", "expected the name of an attribute, found none"},

  });
}

TEST(Filters, select_and_reject) {
  expect_rendered({
      {"{{ l | select('odd') | list }} {{ l | select('greaterthan', 1) | list }} {{ l | "
       "reject('even') | list }} {{ [0, 1, '', none, 'a'] | select | list }} {{ [0, 1, '', none, "
       "'a'] | reject | list }} {{ l | select('divisibleby', 3) | list }} {{ l | select('in', [1, "
       "3]) | list }} {{ l | select('>=', 2) | list }} {{ l | select('ne', 2) | list }} {{ names | "
       "select('lower') | list }} {{ none | select | list }}",
       "[1, 3] [2, 3] [1, 3] [1, 'a'] [0, '', None] [3] [1, 3] [2, 3] [1, 3] ['bob', 'carol', "
       "'alice'] []"},
      {"{{ m | selectattr('role', 'equalto', 'user') | map(attribute='content') | list }} {{ m | "
       "rejectattr('role', '==', 'user') | map(attribute='content') | list }} {{ m | "
       "selectattr('tool') | list }} {{ m | selectattr('content', 'in', ['Hi', 'Yo']) | list | "
       "length }} {{ m | selectattr('tool', 'defined') | list }} {{ m | rejectattr('tool', "
       "'defined') | list | length }} {{ [{'a': {'b': 1}}, {}] | selectattr('a.b', 'defined') | "
       "list if f else 0 }}",
       "['Hi', 'x?'] ['Yo'] [] 2 [] 3 0"},
  });
}

TEST(Filters, indent) {
  expect_rendered({
      {R"({{ 'a\nb\n\nc' | indent }}|)", "a\n    b\n\n    c|"},
      {R"({{ 'a\nb\n\nc' | indent(2, true) }}|)", "  a\n  b\n\n  c|"},
      {R"({{ 'a\nb\n\nc' | indent(2, blank=true) }}|)", "a\n  b\n  \n  c|"},
      {R"({{ 'a\nb' | indent('> ') }}|{{ 'a\nb' | indent(width='--', first=true) }}|)",
       "a\n> b|--a\n--b|"},
      {R"({{ 'a\n' | indent }}|{{ '' | indent }}|{{ 'a\r\nb\u2028c' | indent(1) }}|{{ 'a\nb' | indent(-1) }})",
       "a\n||a\n b\n c|a\nb"},
  });
}

TEST(Filters, indent_of_others) {
  expect_failure({
      {"{{ none | indent }}", "expected a text for indent, found None"},
      {"{{ nothing | indent }}", R"("nothing" is undefined)"},
      {"{{ 'a' | indent(1.5) }}", "expected an integer for width, found the number 1.5"},
  });
}

TEST(Filters, string_attr_and_urlencode) {
  expect_rendered({
      {"{{ 5 | string + 'x' }} {{ none | string }} {{ nothing | string }}|{{ [1] | string | length "
       "}}",
       "5x None |3"},

  });
}

// What is added to a safe text is escaped; `~` and joining make plain texts.
TEST(Filters, escape_and_safe) {
  expect_rendered({
      {"{{ html | e }} {{ html | safe }} {{ none | e }} {{ 5 | escape }}",
       R"(&lt;b&gt;&amp;&#39;&#34;&lt;/b&gt; <b>&'"</b> None 5)"},
      {"{{ (html | e) ~ '<' }} {{ ['<' | safe, '>'] | join('&') }}",
       "&lt;b&gt;&amp;&#39;&#34;&lt;/b&gt;< <&>"},
      {"{{ ('a' | safe) == 'a' }} {{ ('a' | safe) is string }}", "True True"},

  });
}

TEST(Filters, tojson) {
  expect_rendered({
      {"{{ l | tojson }} {{ d | tojson }} {{ s | tojson }} {{ none | tojson }} {{ t | tojson }} {{ "
       "1.0 | tojson }} {{ 1e20 | tojson }} {{ (1, 'a') | tojson }} {{ [] | tojson }} {{ {} | "
       "tojson }}",
       R"([1, 2, 3] {"x": 1, "y": {"z": [1, 2]}} "Hello World" null true 1.0 1e+20 [1, "a"] [] {})"},
      {R"({{ 'é"\n\t\r\b\f\\/<>&\'\x01\x7f☀😀' | tojson }} {{ 'é☀😀\x7f' | tojson(ensure_ascii=true) }} {{ 'é' | tojson(true) }})",
       "\"é\\\"\\n\\t\\r\\b\\f\\\\/<>&'\\u0001\177☀😀\" \"\\u00e9\\u2600\\ud83d\\ude00\\u007f\" "
       "\"\\u00e9\""},
      {"{{ {'b': 1, 'a': [2, {'d': 3, 'c': 4}]} | tojson(sort_keys=true) }} {{ d | "
       "tojson(separators=(',', ':')) }} {{ {1: 2, none: 3, true: 4, 1.5: 5} | tojson }} {{ ('<' | "
       "safe) | tojson }}",
       R"({"a": [2, {"c": 4, "d": 3}], "b": 1} {"x":1,"y":{"z":[1,2]}} {"1": 4, "null": 3, "1.5": 5} "<")"},
      {"{{ d | tojson(indent=2) }}",
       "{\n  \"x\": 1,\n  \"y\": {\n    \"z\": [\n      1,\n      2\n    ]\n  }\n}"},
      {R"({{ d | tojson(indent='\t') }})",
       "{\n\t\"x\": 1,\n\t\"y\": {\n\t\t\"z\": [\n\t\t\t1,\n\t\t\t2\n\t\t]\n\t}\n}"},
      {"{{ [1, [], {}] | tojson(indent=0) }}", "[\n1,\n[],\n{}\n]"},
      {"{{ l | tojson(indent=2, separators=(' ;', '=')) }}", "[\n  1 ;\n  2 ;\n  3\n]"},
      {"{{ [[1]] | tojson(indent=-1) }}", "[\n[\n1\n]\n]"},
      {"{{ {'a': {'b': [1, {'c': 'd'}]}} | tojson(indent=4) }}",
       "{\n    \"a\": {\n        \"b\": [\n            1,\n            {\n                \"c\": "
       "\"d\"\n            }\n        ]\n    }\n}"},
  });
}

TEST(Filters, what_json_does_not_have) {
  expect_failure({
      {"{{ nothing | tojson }}", "expected a value that JSON has, found an undefined value"},
      {"{{ [nothing] | tojson }}", "expected a value that JSON has, found an undefined value"},

      {"{{ {(1, 2): 3} | tojson }}", "expected a key that is a text or a number, found a tuple"},
      {"{{ (l | map('string')) | tojson }}", "expected a value that JSON has, found a generator"},
      {"{{ s.upper | tojson }}", "expected a value that JSON has, found a function"},
      {"{{ l | tojson(separators=',') }}", "tojson: expected two separators, found 1"},
      {"{{ {1: 2, 'a': 3} | tojson(sort_keys=true) }}",
       R"(expected two values that have an order, found the text "a" and the integer 1)"},
  });
}

TEST(Filters, filters_that_there_are_none_of) {
  expect_failure({

      {"{{ s | no.filter }}", R"(expected '}}', found ".")"},

  });
}

TEST(Filters, unknown_filters_may_stand_where_a_condition_leads) {
  expect_rendered({
      {"{% if f %}{{ s | nofilter }}{% endif %}{{ 'x' if t else (s | nofilter) }} {{ (s is notest) "
       "if f else 'y' }}",
       "x y"},
  });
}

TEST(Filters, results_are_asked_for_once) {
  expect_rendered({
      {"{% set x = l | map('string') %}{{ x | list }}{{ x | list }} {% set y = ['a', 1] | "
       "map('replace', 'a', 'b') %}{{ y | first }}{{ y | list }} {{ (l | select('odd'))[0] is "
       "defined }} {{ 1 if l | select('gt', 5) }}",
       "['1', '2', '3'][] b['1'] False 1"},
  });
}

}  // namespace
}  // namespace octavo
