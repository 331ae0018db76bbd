// Characters: the four kinds that GPT-2's split of text tells apart, by Unicode's categories.
//
// \p{L}, \p{N} and \s of the pattern (White_Space, 25 characters) come from utf8proc's tables
// (Unicode 15), packed once per process into one byte a code point, in blocks that repeat. A byte
// that belongs to no UTF-8 sequence is a character of its own kind "other". Tested by
// tests/tokenizer/split_test.cpp against PCRE2.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace octavo {

enum class CharacterKind : uint8_t { other, letter, number, space };

struct Character {
  size_t length;  ///< bytes
  CharacterKind kind;
};

/// The first character of a text that is not empty.
Character first_character(std::string_view text);

}  // namespace octavo
