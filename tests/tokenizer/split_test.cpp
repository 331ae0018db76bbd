// The split against GPT-2's pattern in PCRE2: every character, random text of troublesome ones,
// long runs, digits one by one, cuts, and bytes that are no text.
#define PCRE2_CODE_UNIT_WIDTH 8
#include "octavo/tokenizer/split.h"

#include <pcre2.h>

#include "octavo/base/text.h"
#include "octavo/tokenizer/characters.h"
#include "tests/tokenizer/support.h"

namespace octavo {
namespace {

using Pieces = std::vector<std::string>;

// White_Space, written out: PCRE2's \s has U+180E too.
const std::string kSpace =
    R"(\x{9}-\x{D}\x{20}\x{85}\x{A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000})";
const std::string kPattern = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^" + kSpace +
                             "\\p{L}\\p{N}]+|[" + kSpace + "]+(?![^" + kSpace + "])|[" + kSpace +
                             "]+";

// All matches of a pattern, one after the other.
class Pattern {
 public:
  explicit Pattern(const std::string& pattern) {
    int error = 0;
    size_t place = 0;
    code_ = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(),
                          PCRE2_UTF | PCRE2_UCP, &error, &place, nullptr);
    if (!code_) throw std::runtime_error(fmt::format("PCRE2 error {} at {}", error, place));
    pcre2_jit_compile(code_, PCRE2_JIT_COMPLETE);
    match_ = pcre2_match_data_create_from_pattern(code_, nullptr);
  }
  Pattern(const Pattern&) = delete;
  Pattern& operator=(const Pattern&) = delete;
  ~Pattern() {
    pcre2_match_data_free(match_);
    pcre2_code_free(code_);
  }

  // How far the match at the start of the rest reaches; 0: there is none.
  size_t match(std::string_view text, size_t begin) const {
    const int found = pcre2_match(code_, reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(),
                                  begin, PCRE2_ANCHORED | PCRE2_NO_UTF_CHECK, match_, nullptr);
    return found < 0 ? 0 : pcre2_get_ovector_pointer(match_)[1];
  }
  bool matches(std::string_view text) const { return match(text, 0) == text.size(); }
  Pieces split(std::string_view text) const {
    Pieces pieces;
    for (size_t begin = 0, end; begin < text.size(); begin = end) {
      end = match(text, begin);
      if (end == 0) throw std::runtime_error("no match");
      pieces.emplace_back(text.substr(begin, end - begin));
    }
    return pieces;
  }

 private:
  pcre2_code* code_;
  pcre2_match_data* match_;
};

const Pattern& oracle() {
  static const Pattern pattern(kPattern);
  return pattern;
}

Pieces pieces_of(std::string_view text, Digits digits = Digits::together) {
  Pieces pieces;
  while (!text.empty()) {
    const size_t length = first_piece(text, digits);
    if (length == 0 || length > text.size()) throw std::runtime_error("no piece");
    pieces.emplace_back(text.substr(0, length));
    text.remove_prefix(length);
  }
  return pieces;
}

std::string utf8(uint32_t code) {
  std::string text;
  const auto byte = [&](uint32_t bits) { text += static_cast<char>(bits); };
  if (code < 0x80) return byte(code), text;
  if (code >= 0x10000) byte(0xF0 | code >> 18), byte(0x80 | (code >> 12 & 0x3F));
  if (code >= 0x800 && code < 0x10000) byte(0xE0 | code >> 12);
  if (code >= 0x800) byte(0x80 | (code >> 6 & 0x3F));
  if (code < 0x800) byte(0xC0 | code >> 6);
  return byte(0x80 | (code & 0x3F)), text;
}

// Characters that a split may get wrong: white space and what only looks like it, apostrophes,
// digits of several kinds, combining marks, letters of 1 to 4 bytes, emoji, controls.
const std::vector<std::string> kTrouble = [] {
  std::vector<std::string> characters{"'", "s", "t", "r", "e", "v", "m", "l", "d", "'re", "'ll"};
  for (const uint32_t code :
       {0x00,    0x01,    0x09,    0x0A,    0x0B,    0x0C,    0x0D,    0x1B,    0x1C,
        0x1D,    0x1E,    0x1F,    0x20,    0x20,    0x20,    0x21,    0x2D,    0x30,
        0x39,    0x41,    0x5F,    0x7A,    0x7F,    0x80,    0x84,    0x85,    0x86,
        0xA0,    0xAA,    0xAD,    0xB2,    0xBC,    0xDF,    0x130,   0x300,   0x345,
        0x660,   0x6D4,   0x903,   0xE33,   0x1680,  0x180E,  0x2000,  0x200A,  0x200B,
        0x200D,  0x2019,  0x2028,  0x2029,  0x202F,  0x205F,  0x2060,  0x2160,  0x2180,
        0x24B6,  0x3000,  0x3007,  0x4E00,  0xAC00,  0xFE0F,  0xFEFF,  0xFFFD,  0xFFFF,
        0x10450, 0x1D7D8, 0x1F600, 0x1F1E6, 0x20000, 0x2F800, 0xE0020, 0x10FFFF})
    characters.push_back(utf8(code));
  return characters;
}();

std::string random_trouble(Dice& dice, size_t characters) {
  std::string text;
  for (size_t i = 0; i < characters; ++i) text += dice.one_of(kTrouble);
  return text;
}

TEST(Split, the_examples_of_papers_and_manuals) {
  EXPECT_EQ(
      pieces_of("Hello  world, it's 1984's\n\n end  "),
      (Pieces{"Hello", " ", " world", ",", " it", "'s", " 1984", "'s", "\n\n", " end", "  "}));
  EXPECT_EQ(pieces_of("'S we'Ve ''ll \xC2\xA0x"),
            (Pieces{"'", "S", " we", "'", "Ve", " ''", "ll", " ", "\xC2\xA0", "x"}));
}

// PCRE2 10.42 knows Unicode 14, our tables 15: what it has no name for is left out.
TEST(Split, every_character_alone_and_among_others) {
  const Pattern unknown("\\p{Cn}");
  size_t known = 0, newer = 0;
  for (uint32_t code = 0; code <= 0x10FFFF; ++code) {
    if (code >= 0xD800 && code < 0xE000) continue;
    const std::string c = utf8(code);
    const Character character = first_character(c);
    ASSERT_EQ(character.length, c.size());
    if (unknown.matches(c)) {
      newer += character.kind != CharacterKind::other;
      continue;
    }
    ++known;
    const std::string text = c + "a" + c + "b 1" + c + "1 " + c + " " + c + c + "! " + c + "\n";
    ASSERT_EQ(pieces_of(text), oracle().split(text)) << fmt::format("U+{:04X}", code);
  }
  EXPECT_GT(known, 280'000u);
  EXPECT_LT(newer, 4489u);  // what Unicode 15 added
}

TEST(Split, random_text_of_troublesome_characters) {
  for (uint64_t round = 0; round < 60'000; ++round) {
    Dice dice(round);
    const std::string text = random_trouble(dice, 1 + dice(24));
    ASSERT_EQ(pieces_of(text), oracle().split(text)) << round;
  }
}

TEST(Split, every_short_text_of_the_characters_that_matter) {
  const std::vector<std::string> characters{" ", "\n", "'", "s",      "r",
                                            "e", "7",  "!", "\u00a0", "\u00e9"};
  for (int i = 0; i < 100'000; ++i) {
    std::string text;
    for (int rest = i, place = 0; place < 5; ++place, rest /= 10)
      text += characters[static_cast<size_t>(rest % 10)];
    ASSERT_EQ(pieces_of(text), oracle().split(text)) << text;
  }
}

TEST(Split, long_runs) {
  for (const std::string& c : kTrouble)
    for (const std::string before : {"", " ", "a", "\n"})
      for (const std::string after : {"", " ", "b", "7"}) {
        std::string text = before;
        for (int i = 0; i < 2000; ++i) text += c;
        text += after;
        ASSERT_EQ(pieces_of(text), oracle().split(text)) << c;
      }
}

// Hugging Face: first Digits, then the pattern on every part for itself.
TEST(Split, single_digits_are_parts_of_their_own) {
  const Pattern parts("\\p{N}|\\P{N}+");
  for (uint64_t round = 0; round < 30'000; ++round) {
    Dice dice(round);
    const std::string text = random_trouble(dice, 1 + dice(24));
    Pieces expected;
    for (const std::string& part : parts.split(text))
      for (std::string& piece : oracle().split(part)) expected.push_back(std::move(piece));
    ASSERT_EQ(pieces_of(text, Digits::single), expected) << round;
  }
}

TEST(Split, cuts_change_nothing) {
  size_t cuts = 0;
  for (uint64_t round = 0; round < 20'000; ++round) {
    Dice dice(round);
    std::string text = round % 3 == 0 ? dice.bytes(dice(60)) : random_trouble(dice, dice(60));
    for (const Digits digits : {Digits::together, Digits::single}) {
      Pieces pieces;
      for (std::string_view rest = text; !rest.empty();) {
        const size_t at_least = dice(20), cut = safe_cut(rest, at_least);
        ASSERT_GE(cut, std::min(std::max<size_t>(at_least, 1), rest.size()));
        for (std::string& piece : pieces_of(rest.substr(0, cut), digits))
          pieces.push_back(std::move(piece));
        rest.remove_prefix(cut);
        cuts += !rest.empty();
      }
      ASSERT_EQ(pieces, pieces_of(text, digits)) << round;
    }
  }
  EXPECT_GT(cuts, 20'000u);
}

TEST(Split, text_without_ascii_is_cut_at_its_lines) {
  for (const std::string line : {"\u4f60\u597d\u3002", "\U0001F600", "\u00e9", "a"}) {
    const std::string text = line + "\n" + line;
    EXPECT_EQ(safe_cut(text, 1), line.size()) << line;
  }
  for (const std::string_view space : {"\u3000", "\u0085", "\u00a0", "\n"})
    EXPECT_EQ(safe_cut(fmt::format("a{}\nb", space), 2), space.size() + 3) << space;
}

// A byte that belongs to no character is one of its own, neither letter nor number nor space.
TEST(Split, bytes_that_are_no_text) {
  EXPECT_EQ(pieces_of("a\xFF\xC3 b\x80"), (Pieces{"a", "\xFF\xC3", " b", "\x80"}));
  const std::string_view bytes =
      "a1 '\n\x80\x8F\xA0\xBF\xC0\xC2\xDF\xE0\xE2\xED\xEF\xF0\xF4\xF5\xFF";
  for (uint64_t round = 0; round < 30'000; ++round) {
    Dice dice(round);
    std::string text = dice.text(bytes, dice(30));
    if (round % 4 == 0) text += kTrouble[dice(kTrouble.size())].substr(0, 1 + dice(3));
    if (text.find("\uFFFD") != std::string::npos) continue;
    Pieces pieces = pieces_of(text), single = pieces_of(text, Digits::single);
    std::string whole;
    for (std::string& piece : pieces) whole += piece, piece = repair_utf8(piece);
    ASSERT_EQ(whole, text);
    ASSERT_EQ(pieces, oracle().split(repair_utf8(text))) << round;
    whole.clear();
    for (const std::string& piece : single) whole += piece;
    ASSERT_EQ(whole, text);
  }
}

}  // namespace
}  // namespace octavo
