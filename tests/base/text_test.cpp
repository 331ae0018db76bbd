// UTF-8, near names and numbers for people.
#include "octavo/base/text.h"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

namespace octavo {
namespace {

TEST(Utf8, KnowsGoodFromBad) {
  for (const char* good : {"", "a", "\u00e9", "\u20ac", "\U0001f4d6", "\U0010ffff", "\ud7ff\ue000"})
    EXPECT_TRUE(is_utf8(good)) << good;
  for (const char* bad :
       {"\x80", "\xc0\xaf", "\xc1\xbf", "\xe0\x80\x80", "\xed\xa0\x80", "\xf0\x80\x80\x80",
        "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xc3", "\xe2\x82", "a\xff"})
    EXPECT_FALSE(is_utf8(bad)) << bad;
}

TEST(Utf8, CountsWhatIsNot) {
  EXPECT_EQ(bytes_not_utf8("all of this is ASCII, and longer than a word"), 0);
  EXPECT_EQ(bytes_not_utf8("caf\u00e9 \u20ac \U0001f4d6, caf\u00e9"), 0);
  EXPECT_EQ(bytes_not_utf8("seven..\xff\xe2\x82z\u00e9 and on for eight\x80"), 4);
}

TEST(Utf8, IsRepairedByteByByte) {
  EXPECT_EQ(repair_utf8("a\xff\xe2\x82z\u00e9"), "a\uFFFD\uFFFD\uFFFDz\u00e9");
  EXPECT_EQ(display_width("\u00e9\u20acx"), 3u);
}

TEST(Text, trimmed_loses_the_space_around_it) {
  EXPECT_EQ(trimmed(" \t\n a b\r\n"), "a b");
  EXPECT_EQ(trimmed("a"), "a");
  EXPECT_EQ(trimmed(" \n"), "");
  EXPECT_EQ(trimmed(""), "");
}

TEST(Text, in_quotes_is_short_and_on_one_line) {
  EXPECT_EQ(in_quotes("a\n\x1B[1m\x7F\xC3\u00e9"), "\"a??[1m?\uFFFD\u00e9\"");
  EXPECT_EQ(in_quotes(std::string(39, 'x') + "\u20ac"), '"' + std::string(39, 'x') + "\u20ac\"");
  EXPECT_EQ(in_quotes(std::string(1000, 'x')), '"' + std::string(40, 'x') + "…\"");
}

TEST(EditDistance, CountsEdits) {
  EXPECT_EQ(edit_distance("", ""), 0);
  EXPECT_EQ(edit_distance("abc", ""), 3);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3);
  EXPECT_EQ(edit_distance("steps", "setps"), 1);
  EXPECT_EQ(edit_distance("learning_rate", "learnig_rate"), 1);
}

TEST(Suggest, FindsTheNearNameOnly) {
  const std::vector<std::string> names{"train.steps", "train.seed", "model.layers"};
  EXPECT_EQ(suggest("train.stpes", names), "train.steps");
  EXPECT_EQ(suggest("model.layer", names), "model.layers");
  EXPECT_EQ(suggest("something.else", names), "");
  EXPECT_EQ(suggest(std::string(100'000, 'x'), names), "");
  EXPECT_EQ(did_you_mean("train.sed", names), " (did you mean \"train.seed\"?)");
  EXPECT_EQ(did_you_mean("zzz", names), "");
}

TEST(Human, SizesAreRead) {
  EXPECT_EQ(parse_bytes("20MB"), 20'000'000);
  EXPECT_EQ(parse_bytes("1.5 GB"), 1'500'000'000);
  EXPECT_EQ(parse_bytes("300k"), 300'000);
  EXPECT_EQ(parse_bytes("2m"), 2'000'000);
  EXPECT_EQ(parse_bytes("1tb"), 1'000'000'000'000);
  EXPECT_EQ(parse_bytes("4096"), 4096);
  EXPECT_EQ(parse_bytes("12 B"), 12);
  EXPECT_EQ(parse_bytes("0"), 0);
  EXPECT_EQ(parse_bytes("1e3"), 1000);
  for (const char* wrong : {"", "MB", "-1MB", "20 XB", "20MBB", "20MiB", "1 2", "20 MB ", "nan",
                            "inf", "1e30", "9223372036854775808", "20  MB", "km", "1km"})
    EXPECT_EQ(parse_bytes(wrong), std::nullopt) << wrong;
}

TEST(Human, NumbersAreShort) {
  EXPECT_EQ(human_bytes(0), "0 B");
  EXPECT_EQ(human_bytes(999), "999 B");
  EXPECT_EQ(human_bytes(1000), "1 kB");
  EXPECT_EQ(human_bytes(1.234e9), "1.23 GB");
  EXPECT_EQ(human_count(950), "950");
  EXPECT_EQ(human_count(12'345), "12.3k");
  EXPECT_EQ(human_count(999'999), "1M");
  EXPECT_EQ(human_count(124'439'808), "124M");
  EXPECT_EQ(human_count(0.5), "0.5");
  EXPECT_EQ(human_seconds(0.417), "0.42s");
  EXPECT_EQ(human_seconds(12.34), "12.3s");
  EXPECT_EQ(human_seconds(192), "3m12s");
  EXPECT_EQ(human_seconds(7500), "2h05m");
  EXPECT_EQ(human_seconds(3 * 86400 + 4 * 3600), "3d04h");
  EXPECT_EQ(human_seconds(59.96), "1m00s");
  EXPECT_EQ(human_seconds(1.735e12), "55k years");
  EXPECT_EQ(human_seconds(std::numeric_limits<double>::infinity()), "?");
}

TEST(Text, CountsInWords) {
  EXPECT_EQ(counted(0, "file"), "0 files");
  EXPECT_EQ(counted(1, "file"), "1 file");
  EXPECT_EQ(counted(2, "document"), "2 documents");
}

}  // namespace
}  // namespace octavo
