// Text as a tokenizer wants it, before it is split: Unicode's form C, and spaces that stand for
// U+2581. Linear time, whatever the text; bytes that are no UTF-8 stay. Tested by
// tests/tokenizer/normalize_test.cpp. Unicode Standard Annex 15; tables of utf8proc.
#pragma once

#include <string>
#include <string_view>

#include "octavo/tokenizer/rules.h"

namespace octavo {

/// How SentencePiece writes a space.
inline constexpr std::string_view kSpaceMark = "\u2581";

/// Every `from` in the text as `to`.
std::string replace_all(std::string_view text, std::string_view from, std::string_view to);

/// The text with the rules' normalization, and with a space for each U+2581 if symbols are
/// characters. The result is the text itself where nothing changes, else lies in `buffer`.
std::string_view normalized(std::string_view text, const TokenizerRules& rules,
                            std::string& buffer);

}  // namespace octavo
