// Values as they come from JSON and as they are printed: Python's str() and repr(). And what the
// language cannot hold, which is an error rather than another number.
#include <fmt/core.h>

#include <thread>
#include <vector>

#include "tests/template/support.h"

namespace octavo {
namespace {

std::string printed(const Json& value) { return rendered("{{ x }}", Json::object({{"x", value}})); }

TEST(Values, of_json_are_printed_as_python_prints_them) {
  EXPECT_EQ(printed(nullptr), "None");
  EXPECT_EQ(printed(true), "True");
  EXPECT_EQ(printed(false), "False");
  EXPECT_EQ(printed(int64_t{-9223372036854775807} - 1), "-9223372036854775808");
  EXPECT_EQ(printed("it's"), "it's");
  EXPECT_EQ(printed(Json::array({"it's", 1, nullptr, Json::array(), Json::object()})),
            R"(["it's", 1, None, [], {}])");
  EXPECT_EQ(printed(Json::object({{"b", 1}, {"a", Json::object({{"c", true}})}})),
            "{'b': 1, 'a': {'c': True}}");
  EXPECT_EQ(printed(Json::parse("[1, 1.0, 1e3, 1e22, -0.0, 2.5]", "numbers")),
            "[1, 1.0, 1000.0, 1e+22, -0.0, 2.5]");
  EXPECT_EQ(printed(Json::number9(0.1f)), "0.10000000149011612");
}

TEST(Values, floats_have_the_fewest_digits_that_read_back) {
  const std::pair<double, const char*> cases[] = {
      {1.0, "1.0"},
      {0.1, "0.1"},
      {0.1 + 0.2, "0.30000000000000004"},
      {1e15, "1000000000000000.0"},
      {1e16, "1e+16"},
      {123456789012345680.0, "1.2345678901234568e+17"},
      {1e-4, "0.0001"},
      {1e-5, "1e-05"},
      {1.5e-7, "1.5e-07"},
      {9007199254740993.0, "9007199254740992.0"},
      {1e100, "1e+100"},
      {5e-324, "5e-324"},
      {1.7976931348623157e308, "1.7976931348623157e+308"},
      {-2.5, "-2.5"},
      {1.0 / 3, "0.3333333333333333"},
  };
  for (const auto& [number, expected] : cases) EXPECT_EQ(printed(number), expected);
  expect_rendered(
      {{"{{ 'inf' | float }} {{ -('inf' | float) }} {{ 'nan' | float }}", "inf -inf nan"},

       {"{{ [1e308 * b * 10] | tojson }} {{ 'nan' | float | tojson }}", "[Infinity] NaN"}});
}

TEST(Values, texts_inside_of_others_are_quoted) {
  const auto quoted = [](std::string_view text) { return printed(Json::array({text})); };
  EXPECT_EQ(quoted(""), "['']");
  EXPECT_EQ(quoted("it's"), R"(["it's"])");
  EXPECT_EQ(quoted("say \"hi\""), R"(['say "hi"'])");
  EXPECT_EQ(quoted("both ' and \""), R"(['both \' and "'])");
  EXPECT_EQ(quoted("\n\r\t\\\x01\x7f"), R"(['\n\r\t\\\x01\x7f'])");
  EXPECT_EQ(quoted("é☀😀"), "['é☀😀']");
  EXPECT_EQ(quoted("\u200b\u00a0\u2028\U000e0001\u00ad"), R"(['\u200b\xa0\u2028\U000e0001\xad'])");
}

TEST(Values, objects_are_shown_without_addresses) {
  expect_rendered({{"{{ l | map('string') }}", "<generator object>"},
                   {"{{ range }} {{ s.upper }}", "<function object> <function object>"},
                   {"{{ [nothing] }} {{ nothing }}|", "[Undefined] |"}});
}

TEST(Values, undefined_is_empty_false_and_nothing_else) {
  const Json globals = Json::object();
  EXPECT_EQ(
      rendered("[{{ x }}{% if x %}a{% else %}b{% endif %}{% for y in x %}c{% endfor %}]", globals),
      "[b]");
  EXPECT_EQ(rendered("{{ x | length }}{{ x is defined }}{{ x ~ 'a' }}", globals), "0Falsea");
  EXPECT_EQ(failure("a\n{{ x.y }}", globals), "chat.jinja:2: \"x\" is undefined");
  EXPECT_EQ(
      failure("{{ x.role }}", Json::object({{"x", Json::object({{"rule", 1}})}})).substr(0, 15),
      "rendered: ");
}

TEST(Values, integers_have_64_bits) {
  expect_failure({

      {"{{ 9223372036854775807 + 1 }}",
       "expected an integer of 64 bits as the result of '+', found more"},
      {"{{ -9223372036854775807 - 2 }}",
       "expected an integer of 64 bits as the result of '-', found more"},
      {"{{ 9223372036854775807 * 2 }}",
       "expected an integer of 64 bits as the result of '*', found more"},
      {"{{ 2 ** 63 }}", "expected an integer of 64 bits as the result of '**', found more"},
      {"{{ 10 ** 1000000000000 }}",
       "expected an integer of 64 bits as the result of '**', found more"},
      {"{{ -(-9223372036854775807 - 1) }}",
       "expected an integer of 64 bits as the result of '-', found more"},
      {"{{ (-9223372036854775807 - 1) // -1 }}",
       "expected an integer of 64 bits as the result of '//', found more"},
      {"{{ (-9223372036854775807 - 1) | abs }}",
       "expected an integer of 64 bits as the result of '-', found more"},

      {"{{ (-8) ** 0.5 }}", "expected a real number as the result of '**', found a complex one"},
  });
  expect_rendered(
      {{"{{ (-9223372036854775807 - 1) % -1 }} {{ (-2) ** 63 }}", "0 -9223372036854775808"}});
}

TEST(Values, a_dict_of_any_size_keeps_its_order_and_finds_its_keys) {
  Json big = Json::object();
  for (int i = 0; i < 500; ++i) big.set(fmt::format("key{}", i * 7919 % 500), i);
  const Json globals = Json::object({{"x", big}});
  EXPECT_EQ(
      rendered("{{ x.key0 }} {{ x['key1'] }} {{ x.key499 }} {{ x.q is defined }} {{ x | length }} "
               "{{ 'key77' in x }} {{ (x | list)[:3] }}",
               globals),
      "0 179 321 False 500 True ['key0', 'key419', 'key338']");
  EXPECT_EQ(
      rendered(
          "{% set y = dict(x, key0='new', q=1) %}{{ y.key0 }} {{ y | length }} {{ y | first }} "
          "{{ y == x }} {{ dict(y) == y }}",
          globals),
      "new 501 key0 False True");
  EXPECT_EQ(
      rendered("{% set y = {1: 'a', '1': 'b', none: 'd', 1.5: 'e', 2: 'f', 3: 'g', 4: 'h', 5: 'i', "
               "true: 'j', '': 'k'} %}{{ y }} {{ y[1.0] }}{{ y['1'] }}"
               "{{ y[none] }}{{ y[1.5] }}{{ y[''] }}{{ y[9] is defined }}"),
      "{1: 'j', '1': 'b', None: 'd', 1.5: 'e', 2: 'f', 3: 'g', 4: 'h', 5: 'i', '': "
      "'k'} "
      "jbdekFalse");
}

TEST(Values, what_is_given_must_be_an_object_of_utf8) {
  EXPECT_EQ(failure("x", Json::array()),
            "chat.jinja:1: expected an object of values for names, found another value");
  EXPECT_EQ(failure("x", Json::object({{"x", "a\xff"}})),
            "chat.jinja:1: expected a text in UTF-8, found \"a\uFFFD\"");
  EXPECT_EQ(failure("x", Json::object({{"x", Json::object({{"\xff", 1}})}})),
            "chat.jinja:1: expected a key in UTF-8, found \"\uFFFD\"");
  EXPECT_EQ(failure("a\n\xff{{ x }}"),
            "chat.jinja: expected UTF-8, found 1 byte of something else");
}

TEST(Values, a_template_can_be_rendered_again_and_in_several_threads) {
  const Template chat =
      Template::parse("{% set x = 'é' %}{% for i in l %}{{ x }}{{ i }}{% endfor %}", "chat");
  std::vector<std::string> results(8);
  std::vector<std::thread> threads;
  for (std::string& result : results)
    threads.emplace_back([&] {
      for (int i = 0; i < 50; ++i) result = chat.render(usual_globals());
    });
  for (std::thread& thread : threads) thread.join();
  for (const std::string& result : results) EXPECT_EQ(result, "é1é2é3");
}

}  // namespace
}  // namespace octavo
