#include "octavo/tokenizer/split.h"

#include <algorithm>
#include <array>

#include "octavo/tokenizer/characters.h"

namespace octavo {
namespace {

using enum CharacterKind;

constexpr auto kAscii = [] {
  std::array<CharacterKind, 128> kinds{};
  for (size_t c = 0; c < 128; ++c)
    kinds[c] = (c >= '0' && c <= '9')                             ? number
               : (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ? letter
               : c == ' ' || (c >= '\t' && c <= '\r')             ? space
                                                                  : other;
  return kinds;
}();

inline Character character_at(std::string_view text, size_t position) {
  const auto byte = static_cast<unsigned char>(text[position]);
  if (byte < 0x80) return {1, kAscii[byte]};
  return first_character(text.substr(position, 4));
}

// Where the run of characters of one kind that begins at `position` ends.
inline size_t end_of_run(std::string_view text, size_t position, CharacterKind kind) {
  while (position < text.size()) {
    const Character next = character_at(text, position);
    if (next.kind != kind) break;
    position += next.length;
  }
  return position;
}

// The length of 's, 't, 're, 've, 'm, 'll or 'd at the start, or 0.
size_t contraction(std::string_view text) {
  if (text.size() < 2 || text[0] != '\'') return 0;
  const char a = text[1], b = text.size() > 2 ? text[2] : '\0';
  if (a == 's' || a == 't' || a == 'm' || a == 'd') return 2;
  return (a == 'r' && b == 'e') || (a == 'v' && b == 'e') || (a == 'l' && b == 'l') ? 3 : 0;
}

// A run of white space: its last character goes to what follows, unless it is all there is.
size_t space_piece(std::string_view text, Digits digits) {
  size_t end = 0, last = 0;
  while (end < text.size()) {
    const Character next = character_at(text, end);
    if (next.kind != space) {
      const bool follows = digits == Digits::together || next.kind != number;
      return follows && last > 0 ? last : end;
    }
    last = end;
    end += next.length;
  }
  return end;
}

// Whether a whole character other than white space is the last one.
bool ends_in_no_space(std::string_view text) {
  size_t begin = text.size() - 1;
  while (begin > 0 && text.size() - begin < 4 && (text[begin] & 0xC0) == 0x80) --begin;
  const Character last = character_at(text, begin);
  return begin + last.length == text.size() && last.kind != space;
}

}  // namespace

size_t first_piece(std::string_view text, Digits digits) {
  if (const size_t length = contraction(text)) return length;
  const Character first = character_at(text, 0);
  const bool single = digits == Digits::single;
  if (first.kind != space)
    return single && first.kind == number ? first.length
                                          : end_of_run(text, first.length, first.kind);
  if (text[0] == ' ' && text.size() > 1) {
    const Character next = character_at(text, 1);
    if (next.kind != space && !(single && next.kind == number))
      return end_of_run(text, 1 + next.length, next.kind);
  }
  return space_piece(text, digits);
}

size_t safe_cut(std::string_view text, size_t position) {
  const auto is_ascii_space = [](char c) {
    return static_cast<unsigned char>(c) < 0x80 && kAscii[static_cast<size_t>(c)] == space;
  };
  for (position = std::max<size_t>(position, 1); position < text.size(); ++position)
    if (is_ascii_space(text[position]) && ends_in_no_space(text.substr(0, position)))
      return position;
  return text.size();
}

}  // namespace octavo
