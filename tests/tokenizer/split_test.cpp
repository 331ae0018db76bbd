// The splits against their patterns in PCRE2: every character, random text of troublesome ones,
// long runs, digits one by one, cuts, and bytes that are no text; and literal pieces of each.
#define PCRE2_CODE_UNIT_WIDTH 8
#include "octavo/tokenizer/split.h"

#include <pcre2.h>

#include <map>

#include "octavo/base/text.h"
#include "octavo/tokenizer/characters.h"
#include "octavo/tokenizer/split_patterns.h"
#include "tests/tokenizer/support.h"

namespace octavo {
namespace {

using Pieces = std::vector<std::string>;

// White_Space, written out: PCRE2's \s has U+180E too.
const std::string kSpace =
    R"(\x{9}-\x{D}\x{20}\x{85}\x{A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000})";

// A pattern as files have it, with White_Space for \s.
std::string with_white_space(std::string_view pattern) {
  std::string result;
  for (size_t i = 0, in_class = 0; i < pattern.size(); ++i) {
    const std::string_view rest = pattern.substr(i);
    if (rest.starts_with("\\s") || rest.starts_with("\\S")) {
      result += in_class ? kSpace : rest[1] == 's' ? "[" + kSpace + "]" : "[^" + kSpace + "]";
      ++i;
      continue;
    }
    if (rest.starts_with("\\"))
      result += pattern[i++];
    else
      in_class = rest[0] == '[' ? 1 : rest[0] == ']' ? 0 : in_class;
    result += pattern[i];
  }
  return result;
}

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

constexpr TextSplit kPatterned[] = {TextSplit::gpt2, TextSplit::gpt4, TextSplit::qwen2,
                                    TextSplit::gpt4o, TextSplit::tekken};

const Pattern& oracle(TextSplit split = TextSplit::gpt2) {
  static std::map<TextSplit, Pattern> patterns;
  return patterns.try_emplace(split, with_white_space(pattern_of(split))).first->second;
}

Pieces pieces_of(std::string_view text, TextSplit split = TextSplit::gpt2) {
  Pieces pieces;
  while (!text.empty()) {
    const size_t length = first_piece(text, split);
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
  std::vector<std::string> characters{"'", "s", "t",   "r",   "e",   "v",  "m", "l",
                                      "d", "R", "'re", "'ll", "'Ve", "'S", "/"};
  for (const uint32_t code :
       {0x00,    0x01,    0x09,    0x0A,    0x0A,    0x0B,    0x0C,    0x0D,   0x1B,   0x1C,
        0x1D,    0x1E,    0x1F,    0x20,    0x20,    0x20,    0x21,    0x2D,   0x30,   0x39,
        0x41,    0x5F,    0x7A,    0x7F,    0x80,    0x84,    0x85,    0x86,   0xA0,   0xAA,
        0xAD,    0xB2,    0xBC,    0xDF,    0x130,   0x300,   0x345,   0x17F,  0x1C5,  0x2B0,
        0x430,   0x416,   0x660,   0x6D4,   0x903,   0xE33,   0x1680,  0x180E, 0x2000, 0x200A,
        0x200B,  0x200D,  0x2019,  0x2028,  0x2029,  0x202F,  0x205F,  0x2060, 0x2160, 0x2180,
        0x24B6,  0x3000,  0x3007,  0x4E00,  0xAC00,  0xFE0F,  0xFEFF,  0xFFFD, 0xFFFF, 0x10450,
        0x1D7D8, 0x1F600, 0x1F1E6, 0x20000, 0x2F800, 0xE0020, 0x10FFFF})
    characters.push_back(utf8(code));
  return characters;
}();

std::string random_trouble(Dice& dice, size_t characters) {
  std::string text;
  for (size_t i = 0; i < characters; ++i) text += dice.one_of(kTrouble);
  return text;
}

// What the patterns say, by hand.
TEST(TextSplit, gpt4s_pieces) {
  const auto expect = [](const std::string& text, const Pieces& pieces) {
    EXPECT_EQ(pieces_of(text, TextSplit::gpt4), pieces) << text;
  };
  expect("Hello  world, IT'S 1984567!\n\n  end \n ",
         {"Hello", " ", " world", ",", " IT", "'S", " ", "198", "456", "7", "!\n\n", " ", " end",
          " \n", " "});
  expect("we'LL 'Tis \"quoted\"", {"we", "'LL", " '", "Tis", " \"", "quoted", "\""});
  expect("'\u017Ft's", {"'\u017F", "t", "'s"});  // to Unicode, a long s is an s of another case
  expect("\tif(x)\r\n\t\treturn;\n", {"\tif", "(x", ")\r\n", "\t", "\treturn", ";\n"});
  expect("   12  !!", {"  ", " ", "12", " ", " !!"});
  expect("a\n \n  b", {"a", "\n \n", " ", " b"});
  expect("$x_1\u00b2", {"$x", "_", "1\u00b2"});
  expect("e\u0301te", {"e", "\u0301te"});  // a mark is no letter
}

TEST(TextSplit, qwen2s_numbers_are_single) {
  EXPECT_EQ(pieces_of("In 1984: 12's", TextSplit::qwen2),
            (Pieces{"In", " ", "1", "9", "8", "4", ":", " ", "1", "2", "'s"}));
}

TEST(TextSplit, gpt4os_words_have_cases) {
  const auto expect = [](const std::string& text, const Pieces& pieces) {
    EXPECT_EQ(pieces_of(text, TextSplit::gpt4o), pieces) << text;
  };
  expect("HelloWORLDfoo iPhone's", {"Hello", "WORLDfoo", " i", "Phone's"});
  expect("DON'T don'T 'tis", {"DON'T", " don'T", " '", "tis"});
  expect("a/b //\n/c 12345", {"a", "/b", " //\n/", "c", " ", "123", "45"});
  expect("AB\u4e2dCD", {"AB\u4e2d", "CD"});  // what has no case ends a word
  expect("e\u0301T\u00c9 \u0301", {"e\u0301", "T\u00c9", " \u0301"});
  EXPECT_EQ(pieces_of("DON'T 12/\n", TextSplit::tekken),
            (Pieces{"DON", "'T", " ", "1", "2", "/\n"}));
}

TEST(TextSplit, spaces_words_and_none) {
  EXPECT_EQ(pieces_of("  a b\n c  ", TextSplit::spaces),
            (Pieces{" ", " a", " b\n", " c", " ", " "}));
  EXPECT_EQ(pieces_of("  a b\n c  ", TextSplit::words), (Pieces{"  a", " b\n", " c", "  "}));
  EXPECT_EQ(pieces_of("  a b\n c  ", TextSplit::none), (Pieces{"  a b\n c  "}));
}

TEST(TextSplit, patterns_are_known_by_their_text) {
  for (const TextSplit split : kPatterned) EXPECT_EQ(split_of_pattern(pattern_of(split)), split);
  EXPECT_EQ(split_of_pattern("\\s+"), std::nullopt);
  EXPECT_EQ(gguf_split("llama-bpe")->split, TextSplit::gpt4);
  EXPECT_EQ(gguf_split("deepseek-llm"), std::nullopt);
  EXPECT_EQ(gguf_split(TextSplit::gpt2_digits, WholePieces::merged)->name, "starcoder");
}

TEST(TextSplit, the_examples_of_papers_and_manuals) {
  EXPECT_EQ(
      pieces_of("Hello  world, it's 1984's\n\n end  "),
      (Pieces{"Hello", " ", " world", ",", " it", "'s", " 1984", "'s", "\n\n", " end", "  "}));
  EXPECT_EQ(pieces_of("'S we'Ve ''ll \xC2\xA0x"),
            (Pieces{"'", "S", " we", "'", "Ve", " ''", "ll", " ", "\xC2\xA0", "x"}));
}

// PCRE2 10.42 knows Unicode 14, our tables 15: what it has no name for is left out.
TEST(TextSplit, every_character_alone_and_among_others) {
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
    for (const TextSplit split : kPatterned)
      ASSERT_EQ(pieces_of(text, split), oracle(split).split(text)) << fmt::format("U+{:04X}", code);
  }
  EXPECT_GT(known, 280'000u);
  EXPECT_LT(newer, 4489u);  // what Unicode 15 added
}

TEST(TextSplit, random_text_of_troublesome_characters) {
  for (uint64_t round = 0; round < 60'000; ++round) {
    Dice dice(round);
    const std::string text = random_trouble(dice, 1 + dice(24));
    for (const TextSplit split : kPatterned)
      ASSERT_EQ(pieces_of(text, split), oracle(split).split(text)) << round;
  }
}

TEST(TextSplit, every_short_text_of_the_characters_that_matter) {
  const std::vector<std::string> characters{" ", "\n", "'", "s",      "r",
                                            "e", "7",  "!", "\u00a0", "\u00e9"};
  for (int i = 0; i < 100'000; ++i) {
    std::string text;
    for (int rest = i, place = 0; place < 5; ++place, rest /= 10)
      text += characters[static_cast<size_t>(rest % 10)];
    for (const TextSplit split : kPatterned)
      ASSERT_EQ(pieces_of(text, split), oracle(split).split(text)) << text;
  }
}

TEST(TextSplit, long_runs) {
  for (const std::string& c : kTrouble)
    for (const std::string before : {"", " ", "a", "\n"})
      for (const std::string after : {"", " ", "b", "7"}) {
        std::string text = before;
        for (int i = 0; i < 2000; ++i) text += c;
        text += after;
        for (const TextSplit split : kPatterned)
          ASSERT_EQ(pieces_of(text, split), oracle(split).split(text)) << c;
      }
}

// Hugging Face: first Digits, then the pattern on every part for itself.
TEST(TextSplit, single_digits_are_parts_of_their_own) {
  const Pattern parts("\\p{N}|\\P{N}+");
  for (uint64_t round = 0; round < 30'000; ++round) {
    Dice dice(round);
    const std::string text = random_trouble(dice, 1 + dice(24));
    Pieces expected;
    for (const std::string& part : parts.split(text))
      for (std::string& piece : oracle().split(part)) expected.push_back(std::move(piece));
    ASSERT_EQ(pieces_of(text, TextSplit::gpt2_digits), expected) << round;
  }
}

TEST(TextSplit, cuts_change_nothing) {
  size_t cuts = 0;
  for (uint64_t round = 0; round < 20'000; ++round) {
    Dice dice(round);
    std::string text = round % 3 == 0 ? dice.bytes(dice(60)) : random_trouble(dice, dice(60));
    for (int number = 0; number < 9; ++number) {
      const auto split = static_cast<TextSplit>(number);
      Pieces pieces;
      for (std::string_view rest = text; !rest.empty();) {
        const size_t at_least = dice(20), cut = safe_cut(rest, at_least, split);
        ASSERT_GE(cut, std::min(std::max<size_t>(at_least, 1), rest.size()));
        for (std::string& piece : pieces_of(rest.substr(0, cut), split))
          pieces.push_back(std::move(piece));
        rest.remove_prefix(cut);
        cuts += !rest.empty();
      }
      ASSERT_EQ(pieces, pieces_of(text, split)) << round << ' ' << name_of(split);
    }
  }
  EXPECT_GT(cuts, 60'000u);
}

TEST(TextSplit, text_without_ascii_is_cut_at_its_lines) {
  for (const std::string line : {"\u4f60\u597d\u3002", "\U0001F600", "\u00e9", "a"}) {
    const std::string text = line + "\n" + line;
    EXPECT_EQ(safe_cut(text, 1), line.size()) << line;
  }
  for (const std::string_view space : {"\u3000", "\u0085", "\u00a0", "\n"})
    EXPECT_EQ(safe_cut(fmt::format("a{}\nb", space), 2), space.size() + 3) << space;
}

// A byte that belongs to no character is one of its own, neither letter nor number nor space.
TEST(TextSplit, bytes_that_are_no_text) {
  EXPECT_EQ(pieces_of("a\xFF\xC3 b\x80"), (Pieces{"a", "\xFF\xC3", " b", "\x80"}));
  const std::string_view bytes =
      "a1 '\n\x80\x8F\xA0\xBF\xC0\xC2\xDF\xE0\xE2\xED\xEF\xF0\xF4\xF5\xFF";
  for (uint64_t round = 0; round < 30'000; ++round) {
    Dice dice(round);
    std::string text = dice.text(bytes, dice(30));
    if (round % 4 == 0) text += kTrouble[dice(kTrouble.size())].substr(0, 1 + dice(3));
    if (text.find("\uFFFD") != std::string::npos) continue;
    for (const TextSplit split : kPatterned) {
      Pieces pieces = pieces_of(text, split);
      std::string whole;
      for (std::string& piece : pieces) whole += piece, piece = repair_utf8(piece);
      ASSERT_EQ(whole, text);
      ASSERT_EQ(pieces, oracle(split).split(repair_utf8(text))) << round;
    }
    std::string whole;
    for (const std::string& piece : pieces_of(text, TextSplit::gpt2_digits)) whole += piece;
    ASSERT_EQ(whole, text);
  }
}

}  // namespace
}  // namespace octavo
