#include "octavo/tokenizer/split.h"

#include <algorithm>

#include "octavo/tokenizer/characters.h"

namespace octavo {
namespace {

using enum CharacterKind;

// Where the run of characters of one kind that begins at `position` ends.
inline size_t end_of_run(std::string_view text, size_t position, CharacterKind kind) {
  while (position < text.size()) {
    const Character next = character_at(text, position);
    if (next.kind != kind) break;
    position += next.length;
  }
  return position;
}

size_t end_of(std::string_view characters, std::string_view text, size_t position) {
  return std::min(text.find_first_not_of(characters, position), text.size());
}

// ---- GPT-2 --------------------------------------------------------------------------------------

// The length of 's, 't, 're, 've, 'm, 'll or 'd at the start, or 0.
size_t contraction(std::string_view text) {
  if (text.size() < 2 || text[0] != '\'') return 0;
  const char a = text[1], b = text.size() > 2 ? text[2] : '\0';
  if (a == 's' || a == 't' || a == 'm' || a == 'd') return 2;
  return (a == 'r' && b == 'e') || (a == 'v' && b == 'e') || (a == 'l' && b == 'l') ? 3 : 0;
}

// A run of white space: its last character goes to what follows, unless it is all there is.
size_t gpt2_space(std::string_view text, bool single_digits) {
  size_t end = 0, last = 0;
  while (end < text.size()) {
    const Character next = character_at(text, end);
    if (next.kind != space) {
      const bool follows = !single_digits || next.kind != number;
      return follows && last > 0 ? last : end;
    }
    last = end;
    end += next.length;
  }
  return end;
}

size_t gpt2_piece(std::string_view text, bool single_digits) {
  if (const size_t length = contraction(text)) return length;
  const Character first = character_at(text, 0);
  if (first.kind != space)
    return single_digits && first.kind == number ? first.length
                                                 : end_of_run(text, first.length, first.kind);
  if (text[0] == ' ' && text.size() > 1) {
    const Character next = character_at(text, 1);
    if (next.kind != space && !(single_digits && next.kind == number))
      return end_of_run(text, 1 + next.length, next.kind);
  }
  return gpt2_space(text, single_digits);
}

// ---- GPT-4, GPT-4o ------------------------------------------------------------------------------

constexpr std::string_view kLineEnds = "\r\n";

struct LaterSplit {
  size_t digits;                    // of one number, at most
  bool cased, contractions_follow;  // words as gpt4o has them; what may be at their end
  std::string_view after_others;    // what follows punctuation in its piece
};
constexpr LaterSplit kGpt4{3, false, false, "\r\n"}, kQwen2{1, false, false, "\r\n"},
    kGpt4o{3, true, true, "\r\n/"}, kTekken{1, true, false, "\r\n/"};

// Contractions in any case; to Unicode, U+017F (long s) is another case of s.
size_t contraction_of_any_case(std::string_view text) {
  if (text.size() < 2 || text[0] != '\'') return 0;
  if (text.substr(1).starts_with("\u017F")) return 3;
  const char lower[] = {'\'', static_cast<char>(text[1] | 0x20),
                        static_cast<char>(text.size() > 2 ? text[2] | 0x20 : 0)};
  return contraction({lower, std::min<size_t>(text.size(), 3)});
}

// A character that may stand before the letters of a word: no letter, number, or end of a line.
bool may_lead(const Character& first, char byte) {
  return first.kind != letter && first.kind != number && byte != '\r' && byte != '\n';
}

// Where U*L+ from `begin` ends, or 0. U* takes all it can; if no lower case follows, it gives back
// to L+ what it must: all up to the last character that is in both.
size_t end_of_lower(std::string_view text, size_t begin) {
  size_t position = begin, both = 0;
  Character next{};
  for (; position < text.size(); position += next.length) {
    next = character_at(text, position);
    if (next.letter_case != LetterCase::upper && next.letter_case != LetterCase::both) break;
    if (next.letter_case == LetterCase::both) both = position + next.length;
  }
  if (position == text.size() || next.letter_case != LetterCase::lower) return both;
  for (; position < text.size(); position += next.length) {
    next = character_at(text, position);
    if (next.letter_case != LetterCase::lower && next.letter_case != LetterCase::both) break;
  }
  return position;
}

// Where U+L* from `begin` ends, or 0, once it is known that U*L+ does not match there.
size_t end_of_upper(std::string_view text, size_t begin) {
  size_t position = begin;
  while (position < text.size()) {
    const Character next = character_at(text, position);
    if (next.letter_case != LetterCase::upper) break;
    position += next.length;
  }
  return position > begin ? position : 0;
}

// The length of a word at the start, with the character that leads it, or 0.
size_t later_word(std::string_view text, const Character& first, const LaterSplit& split) {
  const size_t after = may_lead(first, text[0]) ? first.length : 0;
  if (!split.cased) {
    const size_t end = end_of_run(text, after, letter);
    return end > after ? end : 0;
  }
  size_t end = end_of_lower(text, after);
  if (end == 0 && after > 0) end = end_of_lower(text, 0);
  if (end == 0) end = end_of_upper(text, after);
  if (end == 0 || !split.contractions_follow) return end;
  return end + contraction_of_any_case(text.substr(end));
}

// A run of white space: up to its last end of a line; else as gpt2 has it.
size_t later_space(std::string_view text) {
  size_t end = 0, last = 0, line = 0;
  while (end < text.size()) {
    const Character next = character_at(text, end);
    if (next.kind != space) break;
    last = end;
    end += next.length;
    if (text[last] == '\r' || text[last] == '\n') line = end;
  }
  if (line > 0) return line;
  return end < text.size() && last > 0 ? last : end;
}

size_t later_piece(std::string_view text, const LaterSplit& split) {
  if (!split.cased)
    if (const size_t length = contraction_of_any_case(text)) return length;
  const Character first = character_at(text, 0);
  if (const size_t length = later_word(text, first, split)) return length;
  if (first.kind == number) {
    size_t end = first.length;
    for (size_t count = 1; count < split.digits && end < text.size(); ++count) {
      const Character next = character_at(text, end);
      if (next.kind != number) break;
      end += next.length;
    }
    return end;
  }
  const size_t begin = text[0] == ' ' ? 1 : 0;
  const size_t end = end_of_run(text, begin, other);
  return end > begin ? end_of(split.after_others, text, end) : later_space(text);
}

}  // namespace

size_t first_piece(std::string_view text, TextSplit split) {
  switch (split) {
    case TextSplit::gpt2:
      return gpt2_piece(text, false);
    case TextSplit::gpt2_digits:
      return gpt2_piece(text, true);
    case TextSplit::gpt4:
      return later_piece(text, kGpt4);
    case TextSplit::qwen2:
      return later_piece(text, kQwen2);
    case TextSplit::gpt4o:
      return later_piece(text, kGpt4o);
    case TextSplit::tekken:
      return later_piece(text, kTekken);
    case TextSplit::spaces:
      return std::min(text.find(' ', 1), text.size());
    case TextSplit::words:
      return std::min(text.find(' ', end_of(" ", text, 0)), text.size());
    case TextSplit::none:
      break;
  }
  return text.size();
}

size_t safe_cut(std::string_view text, size_t position, TextSplit split) {
  if (split == TextSplit::none) return text.size();
  // Ends of lines belong to the punctuation before them, since GPT-4.
  const bool space_alone = split == TextSplit::spaces || split == TextSplit::words;
  const bool lines = split == TextSplit::gpt2 || split == TextSplit::gpt2_digits;
  const auto is_place = [&](char c) {
    if (space_alone) return c == ' ';
    return static_cast<unsigned char>(c) < 0x80 &&
           detail::kAscii[static_cast<size_t>(c)].kind == space &&
           (lines || kLineEnds.find(c) == kLineEnds.npos);
  };
  const auto follows_space = [&](std::string_view before) {
    return last_character(before).kind == space || (space_alone && before.ends_with("\u2581"));
  };
  for (position = std::max<size_t>(position, 1); position < text.size(); ++position)
    if (is_place(text[position]) && !follows_space(text.substr(0, position))) return position;
  return text.size();
}

}  // namespace octavo
