// Normalization: form C against utf8proc's own, which does the same in one call, and in linear time
// where that is slow.
#include "octavo/tokenizer/normalize.h"

#include <utf8proc.h>

#include <chrono>

#include "octavo/base/text.h"
#include "tests/tokenizer/support.h"

namespace octavo {
namespace {

std::string nfc(std::string_view text) {
  std::string buffer;
  return std::string(normalized(text, {.normalization = Normalization::nfc}, buffer));
}

std::string nfc_of_utf8proc(const std::string& text) {
  utf8proc_uint8_t* result = nullptr;
  const auto length =
      utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                   static_cast<utf8proc_ssize_t>(text.size()), &result,
                   static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
  EXPECT_GE(length, 0);
  std::string copy(reinterpret_cast<const char*>(result), static_cast<size_t>(length));
  std::free(result);
  return copy;
}

std::string utf8(int32_t code) {
  utf8proc_uint8_t bytes[4];
  const auto length = utf8proc_encode_char(code, bytes);
  return std::string(reinterpret_cast<const char*>(bytes), static_cast<size_t>(length));
}

TEST(Normalize, characters_that_can_be_one_are_one) {
  EXPECT_EQ(nfc("plain"), "plain");
  EXPECT_EQ(nfc("\u00e9 e\u0301"), "\u00e9 \u00e9");
  EXPECT_EQ(nfc("a\u0323\u0302 a\u0302\u0323"), "\u1ead \u1ead");
  EXPECT_EQ(nfc("\u1112\u1161\u11ab"), "\ud55c");  // Hangul
  EXPECT_EQ(nfc("\u212b\u2126\u037e"), "\u00c5\u03a9;");
  EXPECT_EQ(nfc(" \u0301"), " \u0301");
  EXPECT_EQ(nfc("e\xFF\u0301"), "e\xFF\u0301");  // bytes that are no text stand between
  EXPECT_EQ(nfc("\xCCx\xE3\x80"), "\xCCx\xE3\x80");
}

TEST(Normalize, nothing_is_copied_that_stays) {
  const std::string text = "caf\u00e9 \u024f";
  std::string buffer;
  const auto same = normalized(text, {.normalization = Normalization::nfc}, buffer);
  EXPECT_EQ(same.data(), text.data());
  EXPECT_TRUE(buffer.empty());
}

TEST(Normalize, every_character_and_random_sequences) {
  for (int32_t code = 0; code <= 0x10FFFF; ++code) {
    if (code >= 0xD800 && code < 0xE000) continue;
    const std::string text = "a" + utf8(code) + "\u0323" + utf8(code) + "b";
    ASSERT_EQ(nfc(text), nfc_of_utf8proc(text)) << code;
  }
  const int32_t codes[] = {'a',    'e',    ' ',    0xE9,   0x2B0,  0x300,  0x301,   0x302,
                           0x323,  0x345,  0x1100, 0x1161, 0x11A8, 0xAC00, 0x1E0A,  0x9C7,
                           0x9BE,  0x9D7,  0xF71,  0xF72,  0xF73,  0x2126, 0x1D15E, 0x1D165,
                           0x3099, 0x304B, 0x4E00, 0x2000, 0x3B1,  0x1F00, 0x110B9, 0x110BA};
  for (uint64_t round = 0; round < 100'000; ++round) {
    Dice dice(round);
    std::string text;
    for (uint64_t i = dice(12); i > 0; --i) text += utf8(dice.one_of(codes));
    ASSERT_EQ(nfc(text), nfc_of_utf8proc(text)) << round;
  }
}

// Swapping neighbours, as utf8proc orders marks, takes time with the square of their number.
TEST(Normalize, a_million_marks_take_no_longer_than_other_text) {
  std::string text = "a";
  for (int i = 0; i < 500'000; ++i) text += "\u0301\u0323";
  const auto begin = std::chrono::steady_clock::now();
  const std::string result = nfc(text);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(20));
  EXPECT_TRUE(result.starts_with("\u1ea1\u0323")) << in_quotes(result);
  EXPECT_TRUE(result.ends_with("\u0301\u0301"));
}

TEST(Normalize, marks_of_sentencepiece_are_spaces) {
  std::string buffer;
  const TokenizerRules rules{.symbols = Symbols::characters};
  EXPECT_EQ(normalized("a\u2581b\u2581", rules, buffer), "a b ");
  EXPECT_EQ(normalized("a b", rules, buffer), "a b");
  EXPECT_EQ(normalized("a\u2581b", {}, buffer), "a\u2581b");
}

}  // namespace
}  // namespace octavo
