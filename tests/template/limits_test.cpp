// What a template may cost: each limit, the templates that try to get past it, and that nothing
// breaks on the way.
#include <array>

#include "tests/base/resident_peak.h"
#include "tests/template/support.h"

namespace octavo {
namespace {

std::string repeated(std::string_view text, size_t count) {
  std::string all;
  for (size_t i = 0; i < count; ++i) all += text;
  return all;
}

/// Renders, or fails, with these limits; the message of the failure without its place.
std::string cost(std::string_view text, const TemplateLimits& limits = {},
                 const Json& globals = usual_globals()) {
  const std::string message = failure(text, globals, limits);
  const size_t place = message.find(": ");
  return message.substr(0, 10) == "rendered: " ? message : message.substr(place + 2);
}

TEST(Limits, of_a_template) {
  TemplateLimits limits{.template_bytes = 10};
  EXPECT_EQ(cost("0123456789", limits), "rendered: 0123456789");
  EXPECT_EQ(cost("01234567890", limits), "expected a template of at most 10 B, found 11 B");
  limits = {.template_nodes = 5};
  EXPECT_EQ(cost("{{ 1 }}{{ 2 }}", limits), "rendered: 12");
  EXPECT_EQ(cost("{{ 1 }}{{ 2 }}{{ 3 }}", limits),
            "expected at most 5 parts of a template, found more");
  EXPECT_EQ(cost("{{ [" + repeated("1,", 200000) + "] }}"),
            "expected at most 100000 parts of a template, found more");
}

TEST(Limits, of_depth_in_a_template) {
  const std::string expected = "expected at most 200 levels within each other, found more";
  for (const auto& [before, middle, after] : std::initializer_list<std::array<const char*, 3>>{
           {"(", "1", ")"},       {"[", "", "]"},     {"{1:", "1", "}"},
           {"not ", "1", ""},     {"- ", "1", ""},    {"1 if 1 else ", "1", ""},
           {"a[", "1", "]"},      {"a(", "1", ")"},   {"", "1", ".a"},
           {"", "1", "[0]"},      {"", "1", "()"},    {"", "1", "|e"},
           {"", "1", " + 1"},     {"", "1", " ** 1"}, {"", "1", " or 1"},
           {"1 ~ (", "1", ")"},   {"", "1", " if 1"}, {"a|f(", "1", ")"},
           {"1 is f(", "1", ")"},
       }) {
    const std::string text = repeated(before, 5000) + middle + repeated(after, 5000);
    const std::string message = cost("{{ " + text + " }}");
    EXPECT_EQ(message, expected) << before << middle << after;
  }
  for (const auto& [before, after] : std::initializer_list<std::pair<const char*, const char*>>{
           {"{% if 1 %}", "{% endif %}"},
           {"{% for x in l %}", "{% endfor %}"},
           {"{% set x %}", "{% endset %}"},
           {"{% generation %}", "{% endgeneration %}"},
       }) {
    EXPECT_EQ(cost(repeated(before, 1000) + repeated(after, 1000)), expected) << before;
    EXPECT_NE(cost(repeated(before, 50) + repeated(after, 50)), expected) << before;
  }
  EXPECT_EQ(cost("{{ " + repeated("1 ~ ", 5000) + "1 }}"), "rendered: " + std::string(5001, '1'));
  EXPECT_EQ(cost("{{ " + repeated("1 == ", 5000) + "1 }}"), "rendered: True");
  EXPECT_EQ(cost("{% if f %}" + repeated("{% elif f %}", 5000) + "{% else %}x{% endif %}"),
            "rendered: x");
}

TEST(Limits, of_depth_while_rendering) {
  const std::string expected =
      "expected at most 1000 levels of evaluation within each other, found more";
  EXPECT_EQ(cost("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}"), expected);
  EXPECT_EQ(
      cost("{% macro m(n) %}{% if n %}{{ m(n - 1) }}{% endif %}{{ n }}{% endmacro %}{{ m(50) }}")
          .substr(0, 18),
      "rendered: 01234567");
  EXPECT_EQ(cost("{% set ns = namespace() %}{% for x in l if ns.l is undefined or ns.l.last %}"
                 "{% set ns.l = loop %}{% endfor %}ok"),
            "rendered: ok");
  EXPECT_EQ(cost("{% set ns = namespace(x=l) %}{% for i in range(999) %}{% set ns.x = [ns.x] %}{% "
                 "endfor %}"),
            "expected values nested at most 200 deep, found more");
  EXPECT_EQ(cost("{% set ns = namespace(x=l) %}{% for i in range(999) %}{% set ns.x = {1: ns.x} "
                 "%}{% endfor %}"),
            "expected values nested at most 200 deep, found more");
  EXPECT_EQ(cost("{% set ns = namespace(x=d) %}{% for i in range(999) %}"
                 "{% set ns.x = {1: ns.x.items} %}{% endfor %}"),
            "expected values nested at most 200 deep, found more");
  TemplateLimits limits{.evaluation_depth = 5};
  EXPECT_EQ(cost("{{ 1 + (2 + (3 + (4 + 5))) }}", limits), "rendered: 15");
  EXPECT_EQ(cost("{{ 1 + (2 + (3 + (4 + (5 + 6)))) }}", limits),
            "expected at most 5 levels of evaluation within each other, found more");
}

TEST(Limits, of_depth_in_what_is_given) {
  Json deep = Json::array();
  for (int i = 0; i < 150; ++i) deep = Json::array({deep});
  EXPECT_EQ(cost("{{ x | tojson | length }}", {}, Json::object({{"x", deep}})), "rendered: 302");
  for (int i = 0; i < 100; ++i) deep = Json::array({deep});
  EXPECT_EQ(cost("x", {}, Json::object({{"x", deep}})),
            "expected values nested at most 200 deep, found more");
}

TEST(Limits, of_steps) {
  const std::string expected = "expected at most 1000000 steps, found more";
  const auto cost_of = [](const std::string& text) { return cost(text, {.steps = 1'000'000}); };
  EXPECT_EQ(
      cost_of("{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}"),
      expected);
  EXPECT_EQ(cost_of("{% set x = range(100000) | list %}{% for i in x %}{{ x | sum }}{% endfor %}"),
            expected);
  EXPECT_EQ(
      cost_of(
          "{% set x = range(100000) | list %}{% for i in x %}{{ x | sort | first }}{% endfor %}"),
      expected);
  EXPECT_EQ(cost_of("{% set x = range(100000) | list %}{% for i in x %}{{ i in x }}{% endfor %}"),
            expected);
  EXPECT_EQ(cost_of("{% set x = 'ab' * 1000000 %}{% for i in range(100000) %}{% if x.find('c') > 0 "
                    "%}{% endif %}{% endfor %}"),
            expected);
  EXPECT_EQ(cost_of("{% set x = 'é' * 1000000 %}{% for i in range(100000) %}{% if x[i] == 1 %}{% "
                    "endif %}{% endfor %}"),
            expected);
  EXPECT_EQ(
      cost_of("{% set x = 'a' * 1000000 %}{% set y = 'a' * 1000000 %}{% for i in range(100000) "
              "%}{% if x != y %}{% endif %}{% endfor %}"),
      expected);
  EXPECT_EQ(
      cost_of("{% set x = 'a' * 1000000 %}{% for i in range(100000) %}{% if x.upper() == 1 %}{% "
              "endif %}{% endfor %}"),
      expected);
  EXPECT_EQ(cost_of("{% set x = 'a' * 1000000 %}{% set d = {x ~ 1: 1} %}{% for i in range(100000) "
                    "%}{% if d[x ~ 2] %}{% endif %}{% endfor %}"),
            expected);
  // What grows with the number of its levels, as nothing is copied to make it.
  const std::string doubled =
      "{% set ns = namespace(x=[1]) %}{% for i in range(60) %}{% set ns.x = [ns.x, ns.x] %}{% "
      "endfor %}";
  EXPECT_EQ(cost_of(doubled + "{{ ns.x == ns.x }}{{ ns.x | length }}"), "rendered: True2");
  EXPECT_EQ(
      cost_of(doubled + "{% set a = ns.x %}{% set ns.x = [1] %}{% for i in range(60) %}{% set "
                        "ns.x = [ns.x, ns.x] %}{% endfor %}{{ a == ns.x }}"),
      expected);
  EXPECT_EQ(cost_of(doubled + "{{ ns.x | tojson | length }}"), expected);
  EXPECT_EQ(cost_of(doubled + "{{ ns.x | string | length }}"), expected);
  const std::string tuples =
      "{% set ns = namespace(x=(1,)) %}{% for i in range(60) %}{% set ns.x = (ns.x, ns.x) %}{% "
      "endfor %}{% set a = ns.x %}{% set ns.x = (1,) %}{% for i in range(60) %}{% set ns.x = "
      "(ns.x, ns.x) %}{% endfor %}";
  EXPECT_EQ(cost_of(tuples + "{{ a < ns.x }}"), expected);
  TemplateLimits limits{.steps = 300};
  EXPECT_EQ(cost("{% for i in range(10) %}{{ i }}{% endfor %}", limits), "rendered: 0123456789");
  EXPECT_EQ(cost("{% for i in range(100) %}{{ i }}{% endfor %}", limits),
            "expected at most 300 steps, found more");
  EXPECT_EQ(cost("{{ 'x' * 100000 }}", limits), "expected at most 300 steps, found more");
}

TEST(Limits, of_output) {
  TemplateLimits limits{.output_bytes = 10};
  EXPECT_EQ(cost("{{ '12345' }}67890", limits), "rendered: 1234567890");
  const std::string expected = "expected at most 10 B of text, found more";
  EXPECT_EQ(cost("{{ '12345' }}678901", limits), expected);
  EXPECT_EQ(cost("{% set x %}12345678901{% endset %}", limits), expected);
  EXPECT_EQ(cost("12345{% set x %}123456{% endset %}", limits), expected);
  EXPECT_EQ(cost("{% for i in l %}{% set x %}12345{% endset %}{% endfor %}{% macro m() %}1234567{% "
                 "endmacro %}{{ m() | length }}",
                 limits),
            "rendered: 7");
}

TEST(Limits, of_memory) {
  const std::string expected = "expected values of at most 1 MB at one time, found more";
  for (const char* text : {
           "{{ 'x' * 1000000000000 }}",
           "{{ '' * 9223372036854775807 }}{{ 'x' * 9223372036854775807 }}",
           "{{ [1] * 1000000000000 }}",
           "{{ [1, 2] * 9223372036854775807 }}",
           "{{ (1, 2) * 4611686018427387904 }}",
           "{% set ns = namespace(x='x') %}{% for i in range(100) %}{% set ns.x = ns.x ~ ns.x %}{% "
           "endfor %}",
           "{% set ns = namespace(x='x') %}{% for i in range(100) %}{% set ns.x = ns.x + ns.x %}{% "
           "endfor %}",
           "{% set ns = namespace(x=[1]) %}{% for i in range(100) %}{% set ns.x = ns.x + ns.x %}{% "
           "endfor %}",
           "{% set ns = namespace(x='x') %}{% for i in range(100) %}{% set ns.x = ns.x | "
           "replace('x', 'xxxxxxxx') %}{% endfor %}",
           "{% set ns = namespace(x='&') %}{% for i in range(100) %}{% set ns.x = ns.x | "
           "escape | replace('a', '&&') %}{% endfor %}",
           "{{ 'a' | indent(1000000000000) }}",
           "{{ [[1]] | tojson(indent=1000000000) }}",
           "{{ ('x' * 1000000) | list | join('x' * 1000000) }}",
           "{{ ('x' * 10000000) | list }}",
           "{{ ('x' * 10000000).split('x') }}",
           "{{ ('x ' * 10000000).split() }}",
           "{{ ('x\n' * 10000000).splitlines() }}",
           "{% set ns = namespace(x=[]) %}{% for i in range(100000) %}{% set ns.x = ns.x + ['x' * "
           "10000] %}{% endfor %}",
       }) {
    EXPECT_EQ(cost(text, {.memory_bytes = 1'000'000}), expected) << text;
  }
  EXPECT_EQ(cost("{{ strftime_now('%99999999d') }}"),
            "strftime_now: expected a directive such as %d, found \"%9\"");
  TemplateLimits limits{.memory_bytes = 200'000};
  EXPECT_EQ(cost("{{ 'x' * 1000 }}", limits).size(), 1010u);
  EXPECT_EQ(cost("{{ 'x' * 300000 }}", limits),
            "expected values of at most 200 kB at one time, found more");
  EXPECT_EQ(cost("x", limits, Json::object({{"x", std::string(300000, 'x')}})),
            "expected values of at most 200 kB at one time, found more");
  EXPECT_EQ(cost("{% for i in range(1000) %}{% set x = 'x' * 1000 %}{% endfor %}ok", limits),
            "rendered: ok");
  EXPECT_EQ(cost("{% for i in range(1000) %}{% set x %}{{ 'x' * 100 }}{% endset %}{{ x[0] if i == "
                 "0 }}{% endfor %}",
                 limits),
            "rendered: x");
  EXPECT_EQ(cost("{% macro m(x) %}{{ x * 100 }}{% endmacro %}{% for i in range(1000) %}{% set x = "
                 "m('y') %}{% endfor %}ok",
                 limits),
            "rendered: ok");
}

TEST(Limits, of_ranges) {
  const TemplateLimits limits{.range_items = 10};
  EXPECT_EQ(cost("{{ range(10) | list | length }}", limits), "rendered: 10");
  EXPECT_EQ(cost("{{ range(11) }}", limits), "range: expected at most 10 numbers, found 11");
}

// What the values take is what is counted, about.
TEST(Limits, of_memory_are_those_of_the_process) {
  const TemplateLimits limits{.memory_bytes = size_t{32} << 20};
  const Template hungry = Template::parse(
      "{% set ns = namespace(x=[]) %}{% for i in range(100000) %}{% set ns.x = [[ns.x[0], i, 'abc' "
      "~ i]] "
      "if i % 100 else [[ns.x, i]] %}{% endfor %}",
      "hungry", limits);
  EXPECT_LT(resident_rise([&] { EXPECT_THROW(hungry.render(Json::object()), Error); }),
            size_t{64} << 20);
}

// Objects that hold themselves, and chains of them, are let go of at the end (the address sanitizer
// tells if they are not).
TEST(Limits, nothing_is_left_behind) {
  EXPECT_EQ(cost("{% set ns = namespace() %}{% set ns.me = [ns, {1: ns}] %}ok"), "rendered: ok");
  EXPECT_EQ(cost("{% set ns = namespace(n=none) %}{% for i in range(50000) %}{% set ns.n = "
                 "namespace(n=ns.n) %}{% endfor %}ok"),
            "rendered: ok");
  EXPECT_EQ(cost("{% set ns = namespace() %}{% for x in l if x > 1 %}{% set ns.l = loop %}{% "
                 "endfor %}{{ ns.l.index }}{{ ns.l.last }}"),
            "rendered: 2True");
}

}  // namespace
}  // namespace octavo
