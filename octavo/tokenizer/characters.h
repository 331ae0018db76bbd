// Characters: what splits of text tell apart, by Unicode's categories.
//
// \p{L}, \p{N}, \s (White_Space, 25 characters) and the letters' cases come from utf8proc's tables
// (Unicode 15), packed once per process into one byte a code point, in blocks that repeat. A byte
// that belongs to no UTF-8 sequence is a character of its own kind "other". Tested by
// tests/tokenizer/split_test.cpp against PCRE2.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace octavo {

enum class CharacterKind : uint8_t { other, letter, number, space };

/// Which of the two classes of GPT-4o's words a character is in: those that begin one (\p{Lu} and
/// \p{Lt}), those that end one (\p{Ll}), or both (\p{Lm}, \p{Lo}, and \p{M}, whose kind is other).
enum class LetterCase : uint8_t { none, upper, lower, both };

struct Character {
  size_t length;  ///< bytes
  CharacterKind kind;
  LetterCase letter_case;
};

/// The first character of a text that is not empty.
Character first_character(std::string_view text);

/// The code point of `length` bytes of well-formed UTF-8.
uint32_t code_point_of(std::string_view text, size_t length);

/// \w of Unicode's regular expressions (UTS 18): letters, marks, decimal numbers, connectors.
bool is_word_character(uint32_t code_point);

namespace detail {

struct AsciiCharacter {
  CharacterKind kind;
  LetterCase letter_case;
};
inline constexpr auto kAscii = [] {
  std::array<AsciiCharacter, 128> characters{};
  for (size_t c = 0; c < 128; ++c) {
    const bool upper = c >= 'A' && c <= 'Z', lower = c >= 'a' && c <= 'z';
    characters[c].kind = c >= '0' && c <= '9'                   ? CharacterKind::number
                         : upper || lower                       ? CharacterKind::letter
                         : c == ' ' || (c >= '\t' && c <= '\r') ? CharacterKind::space
                                                                : CharacterKind::other;
    characters[c].letter_case = upper   ? LetterCase::upper
                                : lower ? LetterCase::lower
                                        : LetterCase::none;
  }
  return characters;
}();

}  // namespace detail

/// The character at a position; one look where it is ASCII.
inline Character character_at(std::string_view text, size_t position) {
  const auto byte = static_cast<unsigned char>(text[position]);
  if (byte < 0x80) return {1, detail::kAscii[byte].kind, detail::kAscii[byte].letter_case};
  return first_character(text.substr(position, 4));
}

/// The last character of a text that is not empty.
Character last_character(std::string_view text);

}  // namespace octavo
