#include "octavo/tokenizer/normalize.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <vector>

#include "octavo/base/text.h"
#include "octavo/tokenizer/characters.h"

namespace octavo {
namespace {

// Below U+0300 every character is in form C and none joins the one before it.
constexpr unsigned char kFirstLead = 0xCC;

// Whether a normal form may differ from the text; most text says no at a glance.
bool may_change(std::string_view text) {
  return std::ranges::any_of(text,
                             [](char c) { return static_cast<unsigned char>(c) >= kFirstLead; });
}

// Appends form C of well-formed UTF-8: decomposed, marks in the order of their classes, composed.
// utf8proc orders marks by swapping neighbours, so runs of them are sorted here.
void append_nfc(std::string_view text, std::string& out) {
  constexpr auto kDecompose = static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_DECOMPOSE);
  constexpr auto kCompose = static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE);
  std::vector<utf8proc_int32_t> characters;
  characters.reserve(text.size());
  for (size_t begin = 0; begin < text.size();) {
    const size_t length = utf8_length(text.substr(begin, 4));
    const auto c = static_cast<utf8proc_int32_t>(code_point_of(text.substr(begin), length));
    begin += length;
    std::array<utf8proc_int32_t, 8> parts;  // no character decomposes into more than four
    int last_class = 0;
    const auto count =
        utf8proc_decompose_char(c, parts.data(), parts.size(), kDecompose, &last_class);
    characters.insert(characters.end(), parts.begin(), parts.begin() + count);
  }
  const auto class_of = [](utf8proc_int32_t c) {
    return utf8proc_get_property(c)->combining_class;
  };
  const auto is_mark = [&](utf8proc_int32_t c) { return class_of(c) != 0; };
  for (auto begin = characters.begin(); begin != characters.end();) {
    begin = std::find_if(begin, characters.end(), is_mark);
    const auto end = std::find_if_not(begin, characters.end(), is_mark);
    std::stable_sort(begin, end, [&](auto a, auto b) { return class_of(a) < class_of(b); });
    begin = end;
  }
  const auto count = utf8proc_normalize_utf32(
      characters.data(), static_cast<utf8proc_ssize_t>(characters.size()), kCompose);
  for (utf8proc_ssize_t i = 0; i < count; ++i) {
    std::array<utf8proc_uint8_t, 4> bytes;
    const auto length = utf8proc_encode_char(characters[static_cast<size_t>(i)], bytes.data());
    out.append(reinterpret_cast<const char*>(bytes.data()), static_cast<size_t>(length));
  }
}

// What does not change is copied in stretches: up to the last character below U+0300 before one
// that may.
std::string nfc(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    size_t plain = 0, end = 0;  // ... [plain, end) is to be normalized
    while (end < text.size() && static_cast<unsigned char>(text[end]) < kFirstLead) ++end;
    plain = end;
    if (end < text.size()) {
      // The character before may be the base of a mark.
      if (plain > 0) --plain;
      while (plain > 0 && (text[plain] & 0xC0) == 0x80) --plain;
      if (utf8_length(text.substr(plain, 4)) == 0) plain = end;
    }
    result += text.substr(0, plain);
    text.remove_prefix(plain);
    end = 0;
    for (size_t length; end < text.size() && (length = utf8_length(text.substr(end, 4))) > 0;
         end += length)
      if (end > 0 && length == 1) break;
    append_nfc(text.substr(0, end), result);
    text.remove_prefix(end);
    if (!text.empty() && utf8_length(text.substr(0, 4)) == 0) {
      result += text[0];
      text.remove_prefix(1);
    }
  }
  return result;
}

}  // namespace

std::string replace_all(std::string_view text, std::string_view from, std::string_view to) {
  std::string result;
  result.reserve(text.size());
  for (size_t found; (found = text.find(from)) != text.npos;) {
    result.append(text.substr(0, found)) += to;
    text.remove_prefix(found + from.size());
  }
  return result += text;
}

std::string_view normalized(std::string_view text, const TokenizerRules& rules,
                            std::string& buffer) {
  if (rules.normalization == Normalization::nfc && may_change(text)) text = buffer = nfc(text);
  if (rules.symbols == Symbols::characters && text.find(kSpaceMark) != text.npos)
    text = buffer = replace_all(text, kSpaceMark, " ");
  return text;
}

}  // namespace octavo
