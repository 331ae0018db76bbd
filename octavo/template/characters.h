// Characters as Python's str sees them: white space, line ends, case by Unicode's tables
// (utf8proc), and what of texts filters and methods share: stripping, splitting, searching,
// replacing. Texts are valid UTF-8. A character's case has one character, where Python has two for
// some ("ß"). Tested by tests/template/methods_test.cpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "octavo/template/runtime.h"
#include "octavo/template/value.h"

namespace octavo::jinja {

struct Character {
  char32_t code;
  size_t length;  ///< bytes
};

Character first_character(std::string_view text);  ///< of a text that is not empty
Character last_character(std::string_view text);   ///< likewise
void append_character(std::string& out, char32_t code);

bool is_space(char32_t code);
bool is_cased(char32_t code);      ///< a letter of upper or lower case
bool is_printable(char32_t code);  ///< repr() shows it as it is

enum class Case { lower, upper };
bool has_case(std::string_view text, Case which);  ///< letters with case, and all of this one
std::string upper(std::string_view text);
std::string lower(std::string_view text);
std::string capitalized(std::string_view text);  ///< the first character upper, the rest lower
/// Upper case where a word begins: at the start and after what `ends_word` is true of.
std::string titled(std::string_view text, bool (*ends_word)(char32_t code));

enum class Side { left, right, both };
std::string_view without_space(std::string_view text, Side side);
/// str.strip() and its likes: without the characters of a text at the sides asked for, or, where it
/// is missing or None, without white space.
std::string_view stripped(Runtime& runtime, std::string_view text, Side side, const Value& chars);

/// The first place of `wanted` at or after `from`, or npos. In linear time, whatever they are.
size_t find(Runtime& runtime, std::string_view text, std::string_view wanted, size_t from = 0);

/// str.replace(): the first `count` places, or all if that is negative.
std::string replaced(Runtime& runtime, std::string_view text, std::string_view old,
                     std::string_view replacement, int64_t count);

enum class LineEnds { kept, dropped };
/// str.splitlines()
std::vector<Value> lines_of(Runtime& runtime, std::string_view text, LineEnds ends);

/// str.split() and rsplit(): at most `count` cuts, from the left or the right; no limit if that is
/// negative. Without a separator: at runs of white space, and none of the parts is empty.
enum class From { left, right };
std::vector<Value> split(Runtime& runtime, std::string_view text, int64_t count, From from);
std::vector<Value> split_at(Runtime& runtime, std::string_view text, std::string_view separator,
                            int64_t count, From from);

}  // namespace octavo::jinja
