// JSON: round trips, hostile texts, messages. nlohmann's parser is the oracle of json_fuzz.cpp.
#include "octavo/base/json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>

#include "octavo/base/random.h"
#include "tests/base/temporary_folder.h"

namespace octavo {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Json parse(std::string_view text) { return Json::parse(text, "file.json"); }

std::string parse_error(std::string_view text) {
  return error_of(ErrorKind::data, [&] { parse(text); });
}

TEST(Json, KeepsTheOrderOfKeys) {
  const std::string text = R"({"z": 1, "a": [true, false, null], "m": {"x": -2.5, "y": "t"}})";
  const Json json = parse(text);
  EXPECT_EQ(json.dump(), text);
  EXPECT_EQ(json.members()[0].key(), "z");
  EXPECT_EQ(json.size(), 3u);
  EXPECT_EQ(json.at("a").size(), 3u);
}

TEST(Json, IndentsAndReadsBack) {
  const Json json = Json::object(
      {{"a", 1}, {"b", Json::array({1, "two", Json::array()})}, {"c", Json::object()}});
  EXPECT_EQ(json.dump(2),
            "{\n  \"a\": 1,\n  \"b\": [\n    1,\n    \"two\",\n    []\n  ],\n  \"c\": {}\n}");
  EXPECT_EQ(parse(json.dump(2)), json);
  EXPECT_EQ(parse(json.dump()), json);
}

TEST(Json, ReadsNumbersExactly) {
  EXPECT_EQ(parse("9223372036854775807").integer(), std::numeric_limits<int64_t>::max());
  EXPECT_EQ(parse("-9223372036854775808").integer(), std::numeric_limits<int64_t>::min());
  EXPECT_FALSE(parse("9223372036854775808").is_integer());
  EXPECT_EQ(parse("9223372036854775808").number(), 0x1p63);
  EXPECT_EQ(parse("1.0").number(), 1.0);
  EXPECT_FALSE(parse("1.0").is_integer());
  EXPECT_EQ(parse("3").number(), 3.0);
  EXPECT_EQ(parse("4.9406564584124654e-324").number(), 4.9406564584124654e-324);
  EXPECT_EQ(parse("1e-999").number(), 0);
  EXPECT_TRUE(std::signbit(parse("-1e-99999").number()));
  EXPECT_EQ(parse("0." + std::string(400, '0') + "1").number(), 0);
  EXPECT_THAT(parse_error("1e999"), HasSubstr("file.json:1:1: expected a number that fits"));
  EXPECT_THAT(parse_error("[1, " + std::string(400, '9') + "]"), HasSubstr("file.json:1:5"));
}

TEST(Json, RealNumbersRoundTrip) {
  const RandomStream random{5, 0, 0};
  for (int i = 0; i < 20'000; ++i) {
    const double value = std::bit_cast<double>(random.bits64(i));
    if (!std::isfinite(value)) continue;
    const Json back = parse(Json(value).dump());
    ASSERT_FALSE(back.is_integer());
    ASSERT_EQ(std::bit_cast<uint64_t>(back.number()), std::bit_cast<uint64_t>(value));
    const auto single = std::bit_cast<float>(random.bits(i)[3]);
    if (!std::isfinite(single)) continue;
    ASSERT_EQ(static_cast<float>(parse(Json::number9(single).dump()).number()), single);
  }
  EXPECT_EQ(Json(1.0).dump(), "1.0");
  EXPECT_EQ(Json(0.1).dump(), "0.1");
  EXPECT_EQ(Json(1e300).dump(), "1e+300");
  EXPECT_EQ(Json::number9(-2.30258512f).dump(), "-2.30258512");
  EXPECT_EQ(Json::number9(0.1f).dump(), "0.100000001");
}

TEST(Json, NonFiniteNumbersBecomeNull) {
  EXPECT_EQ(Json(std::nan("")).dump(), "null");
  EXPECT_EQ(Json::number9(std::numeric_limits<float>::infinity()).dump(), "null");
}

TEST(Json, DecodesEscapes) {
  EXPECT_EQ(parse(R"("\"\\\/\b\f\n\r\t\u0041\u00e9\u20ac\ud83d\ude00")").text(),
            "\"\\/\b\f\n\r\tA\u00e9\u20ac\U0001F600");
  EXPECT_EQ(parse(R"("\u0000")").text(), std::string(1, '\0'));
  const std::string odd("\0\x1f\x7f\"\\\n", 6);
  EXPECT_EQ(parse(Json(odd).dump()).text(), odd);
  EXPECT_EQ(Json("a\xff").dump(), "\"a\uFFFD\"");
}

TEST(Json, RejectsWithLineAndColumn) {
  EXPECT_EQ(parse_error("{\n  \"a\": 1,\n  \"b\" 2\n}"), "file.json:3:7: expected ':', found '2'");
  EXPECT_EQ(parse_error(""), "file.json:1:1: expected a value, found the end of the text");
  EXPECT_EQ(parse_error("{\"a\": 1,}"), "file.json:1:9: expected a key in quotes, found '}'");
  EXPECT_EQ(parse_error("[1] x"), "file.json:1:5: expected the end of the text, found 'x'");
  EXPECT_EQ(parse_error("{\"a\": 1,\n\"b\": 2,\n\"a\": 3}"),
            "file.json:3: \"a\": this key appears twice in one object");
}

TEST(Json, RejectsHostileTexts) {
  for (const std::string_view text : {"[1,]",
                                      "[,1]",
                                      "{,}",
                                      "{1: 2}",
                                      "01",
                                      "-",
                                      "+1",
                                      ".5",
                                      "1.",
                                      "1e",
                                      "1e+",
                                      "0x1",
                                      "NaN",
                                      "Infinity",
                                      "tru",
                                      "nul",
                                      "\"abc",
                                      "\"\\x\"",
                                      "\"\\u12g4\"",
                                      "\"\\ud800\"",
                                      "\"\\udc00\"",
                                      "\"\\ud800\\u0041\"",
                                      "\"a\nb\"",
                                      "\"\xff\"",
                                      "\"\xed\xa0\x80\"",
                                      "[1 2]",
                                      "{\"a\" 1}",
                                      "[",
                                      "{",
                                      "{\"a\":",
                                      "'a'",
                                      "// c\n1",
                                      "1 2",
                                      "\"\\"})
    EXPECT_THROW(parse(text), Error) << text;
  EXPECT_THROW(parse(std::string_view("1\0", 2)), Error);
}

TEST(Json, CapsDepth) {
  const auto nested = [](int depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_NO_THROW(parse(nested(Json::kMaximumDepth)));
  EXPECT_THAT(parse_error(nested(Json::kMaximumDepth + 1)), HasSubstr("deeper than 64 levels"));
  EXPECT_THROW(parse(std::string(10'000'000, '[')), Error);
  std::string objects;
  for (int i = 0; i < 100'000; ++i) objects += "{\"a\":";
  EXPECT_THROW(parse(objects), Error);
}

TEST(Json, CapsMemory) {
  std::string many = "[1";
  for (int i = 0; i < 2'000'000; ++i) many += ",1";
  EXPECT_THAT(parse_error(many + "]"), HasSubstr("too many values"));
  EXPECT_EQ(Json::parse(many + "]", "big", {.memory_limit = size_t{1} << 30}).size(), 2'000'001u);
  std::string keys = "{\"\":0";
  for (int i = 0; i < 300'000; ++i) keys += fmt::format(",\"{}\":0", i);
  EXPECT_THAT(parse_error(keys + "}"), HasSubstr("too many values"));
  // The text itself is not counted: what is read of it is.
  const std::string large = '"' + std::string(50'000'000, 'x') + '"';
  EXPECT_THAT(parse_error(large), HasSubstr("file.json:1: too many values"));
  EXPECT_EQ(Json::parse(large, "big", {.memory_limit = size_t{64} << 20}).text().size(),
            50'000'000u);
}

// As large as Llama 3's tokenizer.json: 128,000 tokens, 280,000 merges.
TEST(Json, StreamsWhatIsLong) {
  std::string text = "{\"model\": {\"type\": \"BPE\", \"vocab\": {";
  for (int i = 0; i < 128'000; ++i)
    text += fmt::format("{}\"\u0120token{}\": {}", i ? ", " : "", i, i);
  text += "}, \"merges\": [";
  for (int i = 0; i < 280'000; ++i)
    text += fmt::format("{}\n[\"\u0120begin{}\", \"end{}\"]", i ? "," : "", i, i);
  text += "]}, \"after\": 5}";
  EXPECT_THAT(parse_error(text), HasSubstr("too many values"));

  int64_t tokens = 0, merges = 0;
  const JsonStream streams[] = {{"vocab",
                                 [&](const Json& entry) {
                                   EXPECT_EQ(entry.integer(), tokens);
                                   EXPECT_EQ(entry.key(), fmt::format("\u0120token{}", tokens++));
                                 }},
                                {"merges", [&](const Json& pair) {
                                   EXPECT_EQ(pair.at(1).text(), fmt::format("end{}", merges++));
                                 }}};
  const Json json = Json::parse(text, "tokenizer.json", {.streams = streams});
  EXPECT_EQ(tokens, 128'000);
  EXPECT_EQ(merges, 280'000);
  EXPECT_EQ(json.dump(), R"({"model": {"type": "BPE", "vocab": {}, "merges": []}, "after": 5})");
}

TEST(Json, StreamsTheNamedMembersOnly) {
  std::string seen;
  const JsonStream stream{"list", [&](const Json& item) { seen += item.dump() + ";"; }};
  const Json json = Json::parse(R"({"list": [1, [2, [3]], {"list": [4]}], "other": [5, [6]]})", "x",
                                {.streams = {&stream, 1}});
  EXPECT_EQ(seen, R"(1;[2, [3]];{"list": [4]};)");
  EXPECT_EQ(json.dump(), R"({"list": [], "other": [5, [6]]})");
  EXPECT_THROW(Json::parse(R"({"list": [1, 2})", "x", {.streams = {&stream, 1}}), Error);
  EXPECT_EQ(Json::parse(R"({"list": 5})", "x", {.streams = {&stream, 1}}).at("list").integer(), 5);
}

TEST(Json, CountsLinesFromWhereTheTextBegins) {
  const JsonOptions third{.first_line = 3};
  EXPECT_EQ(error_of(ErrorKind::data, [&] { Json::parse("{\"a\" 1}", "x.jsonl", third); }),
            "x.jsonl:3:6: expected ':', found '1'");
  EXPECT_EQ(error_of(ErrorKind::data, [&] { Json::parse("{}", "x.jsonl", third).at("text"); }),
            "x.jsonl:3: expected the key \"text\", found none");
}

TEST(Json, TypedAccessNamesFileAndKey) {
  const Json json = parse("{\"n\": 12,\n\"name\": \"gpt\", \"list\": [1, 2.5], \"flag\": true}");
  EXPECT_EQ(json.at("n").integer(), 12);
  EXPECT_EQ(json.at("list").numbers(), (std::vector<double>{1, 2.5}));
  EXPECT_TRUE(json.at("flag").boolean());
  EXPECT_EQ(json.find("absent"), nullptr);
  const auto error = [&](auto action) { return error_of(ErrorKind::data, action); };
  EXPECT_EQ(error([&] { json.at("absent"); }),
            "file.json:1: expected the key \"absent\", found none");
  EXPECT_EQ(error([&] { json.at("name").integer(); }),
            "file.json:2: \"name\": expected an integer, found the text \"gpt\"");
  EXPECT_EQ(error([&] { json.at("n").integer(1, 10); }),
            "file.json:1: \"n\": expected an integer from 1 to 10, found 12");
  EXPECT_EQ(error([&] { json.at("list").integers(); }),
            "file.json:2: \"list\": expected an integer, found 2.5");
  EXPECT_EQ(error([&] { json.at("n").text(); }), "file.json:1: \"n\": expected a text, found 12");
  EXPECT_EQ(error([&] { json.at("flag").at("x"); }),
            "file.json:2: \"flag\": expected an object, found true");
  EXPECT_EQ(error([&] { json.at("list").at(2); }),
            "file.json:2: \"list\": expected at least 3 elements, found 2");
  EXPECT_EQ(error([&] { Json(1).text(); }), "JSON: expected a text, found 1");
}

TEST(Json, IsBuilt) {
  Json json;
  json.set("a", 1).set("b", Json::array_of(std::vector<int>{1, 2})).set("a", 2.5);
  json.set("list", Json().append("x").append(true).append(nullptr));
  EXPECT_EQ(json.dump(), R"({"a": 2.5, "b": [1, 2], "list": ["x", true, null]})");
  EXPECT_THAT(json.at("b").integers(), ElementsAre(1, 2));
  EXPECT_THROW(Json(1).set("a", 1), Error);
  EXPECT_THROW(Json("x").append(1), Error);
}

TEST(Json, ComparesValues) {
  EXPECT_EQ(parse(R"({"a": 1, "b": [2]})"), parse(R"({"b": [2.0], "a": 1})"));
  EXPECT_FALSE(parse("[1, 2]") == parse("[2, 1]"));
  EXPECT_FALSE(parse("{\"a\": 1}") == parse("{\"b\": 1}"));
  EXPECT_FALSE(parse("1") == parse("\"1\""));
  EXPECT_EQ(Json(1), Json(1.0));
  EXPECT_EQ(Json(), parse("null"));
}

TEST(Json, SkipsAByteOrderMark) { EXPECT_EQ(parse("\xEF\xBB\xBF 1").integer(), 1); }

}  // namespace
}  // namespace octavo
