#include "octavo/template/characters.h"

#include <utf8proc.h>

#include <algorithm>
#include <cstring>
#include <limits>

#include "octavo/base/text.h"

namespace octavo::jinja {
namespace {

utf8proc_category_t category(char32_t code) {
  return utf8proc_category(static_cast<utf8proc_int32_t>(code));
}

void append_in_case(std::string& out, char32_t code, Case which) {
  if (code == 0xDF && which == Case::upper) {
    out += "SS";  // utf8proc has a capital for it
    return;
  }
  const auto one = static_cast<utf8proc_int32_t>(code);
  const auto changed = which == Case::upper ? utf8proc_toupper(one) : utf8proc_tolower(one);
  append_character(out, static_cast<char32_t>(changed));
}

bool is_line_end(char32_t code) {
  return (code >= 0x0A && code <= 0x0D) || (code >= 0x1C && code <= 0x1E) || code == 0x85 ||
         code == 0x2028 || code == 0x2029;
}

template <class Belongs>
std::string_view without(std::string_view text, Side side, Belongs belongs) {
  while (side != Side::right && !text.empty() && belongs(first_character(text).code))
    text.remove_prefix(first_character(text).length);
  while (side != Side::left && !text.empty() && belongs(last_character(text).code))
    text.remove_suffix(last_character(text).length);
  return text;
}

uint64_t limit_of(int64_t count) {
  return count < 0 ? std::numeric_limits<uint64_t>::max() : static_cast<uint64_t>(count);
}

}  // namespace

Character first_character(std::string_view text) {
  static constexpr uint32_t kLeadBits[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  if (byte(0) < 0x80) return {byte(0), 1};
  const size_t length = std::min(text.size(), byte(0) < 0xE0 ? size_t{2} : byte(0) < 0xF0 ? 3 : 4);
  char32_t code = byte(0) & kLeadBits[length];
  for (size_t i = 1; i < length; ++i) code = code << 6 | (byte(i) & 0x3F);
  return {code, length};
}

Character last_character(std::string_view text) {
  size_t begin = text.size() - 1;
  while (begin > 0 && (text[begin] & 0xC0) == 0x80) --begin;
  return first_character(text.substr(begin));
}

void append_character(std::string& out, char32_t code) {
  utf8proc_uint8_t bytes[4];
  const auto length = utf8proc_encode_char(static_cast<utf8proc_int32_t>(code), bytes);
  out.append(reinterpret_cast<const char*>(bytes), static_cast<size_t>(length));
}

bool is_space(char32_t code) {
  if (code < 0x80)
    return code == ' ' || (code >= 0x09 && code <= 0x0D) || (code >= 0x1C && code <= 0x1F);
  return code == 0x85 || code == 0xA0 || code == 0x1680 || (code >= 0x2000 && code <= 0x200A) ||
         code == 0x2028 || code == 0x2029 || code == 0x202F || code == 0x205F || code == 0x3000;
}

bool is_cased(char32_t code) {
  const auto kind = category(code);
  return kind >= UTF8PROC_CATEGORY_LU && kind <= UTF8PROC_CATEGORY_LT;
}

bool is_printable(char32_t code) {
  const auto kind = category(code);
  const bool separates = kind >= UTF8PROC_CATEGORY_ZS && kind <= UTF8PROC_CATEGORY_ZP;
  const bool controls = kind >= UTF8PROC_CATEGORY_CC || kind == UTF8PROC_CATEGORY_CN;
  return code == ' ' || !(separates || controls);
}

bool has_case(std::string_view text, Case which) {
  const auto wanted = which == Case::upper ? UTF8PROC_CATEGORY_LU : UTF8PROC_CATEGORY_LL;
  bool any = false;
  for (; !text.empty(); text.remove_prefix(first_character(text).length)) {
    const char32_t code = first_character(text).code;
    if (!is_cased(code)) continue;
    if (category(code) != wanted) return false;
    any = true;
  }
  return any;
}

std::string upper(std::string_view text) {
  return titled(text, [](char32_t) { return true; });
}

std::string lower(std::string_view text) {
  std::string out;
  for (; !text.empty(); text.remove_prefix(first_character(text).length))
    append_in_case(out, first_character(text).code, Case::lower);
  return out;
}

std::string capitalized(std::string_view text) {
  return titled(text, [](char32_t) { return false; });
}

std::string titled(std::string_view text, bool (*ends_word)(char32_t code)) {
  std::string out;
  bool begins = true;
  for (; !text.empty(); text.remove_prefix(first_character(text).length)) {
    const char32_t code = first_character(text).code;
    append_in_case(out, code, begins ? Case::upper : Case::lower);
    begins = ends_word(code);
  }
  return out;
}

std::string_view without_space(std::string_view text, Side side) {
  return without(text, side, is_space);
}

std::string_view stripped(Runtime& runtime, std::string_view text, Side side, const Value& chars) {
  runtime.spend_bytes(text.size());
  if (chars.is_missing() || chars.is_none()) return without_space(text, side);
  std::string_view which = text_of(runtime, chars, "chars").bytes;
  runtime.spend_characters(which.size());
  std::u32string codes;
  for (; !which.empty(); which.remove_prefix(first_character(which).length))
    codes += first_character(which).code;
  std::ranges::sort(codes);
  return without(text, side,
                 [&](char32_t code) { return std::ranges::binary_search(codes, code); });
}

// glibc's memmem is linear.
size_t find(Runtime& runtime, std::string_view text, std::string_view wanted, size_t from) {
  const void* found = memmem(text.data() + from, text.size() - from, wanted.data(), wanted.size());
  const size_t place =
      found ? static_cast<size_t>(static_cast<const char*>(found) - text.data()) : text.npos;
  runtime.spend_call();
  runtime.spend_bytes((found ? place : text.size()) - from + wanted.size());
  return place;
}

std::string replaced(Runtime& runtime, std::string_view text, std::string_view old,
                     std::string_view replacement, int64_t count) {
  TextBuilder out(runtime);
  uint64_t left = limit_of(count);
  if (old.empty()) {  // before every character and at the end
    for (; left > 0; --left) {
      out += replacement;
      if (text.empty()) return out.take();
      const size_t length = utf8_length(text);
      out += text.substr(0, length);
      text.remove_prefix(length);
    }
  }
  size_t begin = 0;
  for (; left > 0; --left) {
    const size_t place = find(runtime, text, old, begin);
    if (place == text.npos) break;
    out += text.substr(begin, place - begin);
    out += replacement;
    begin = place + old.size();
  }
  out += text.substr(begin);
  return out.take();
}

std::vector<Value> lines_of(Runtime& runtime, std::string_view text, LineEnds ends) {
  std::vector<Value> lines;
  runtime.spend_characters(text.size());
  while (!text.empty()) {
    size_t end = 0, length = 0;
    for (; end < text.size(); end += length) {
      const Character one = first_character(text.substr(end));
      length = one.length;
      if (is_line_end(one.code)) break;
    }
    size_t next = std::min(end + length, text.size());
    if (text.substr(end, 2) == "\r\n") ++next;
    lines.push_back(runtime.text(text.substr(0, ends == LineEnds::kept ? next : end)));
    text.remove_prefix(next);
  }
  return lines;
}

std::vector<Value> split(Runtime& runtime, std::string_view text, int64_t count, From from) {
  const bool from_left = from == From::left;
  std::vector<Value> parts;
  runtime.spend_characters(text.size());
  for (uint64_t left = limit_of(count);; --left) {
    text = without_space(text, from_left ? Side::left : Side::right);
    if (text.empty()) break;
    size_t length = left == 0 ? text.size() : 0;  // of the word at the side
    while (length < text.size()) {
      const Character one = from_left ? first_character(text.substr(length))
                                      : last_character(text.substr(0, text.size() - length));
      if (is_space(one.code)) break;
      length += one.length;
    }
    parts.push_back(
        runtime.text(from_left ? text.substr(0, length) : text.substr(text.size() - length)));
    from_left ? text.remove_prefix(length) : text.remove_suffix(length);
  }
  if (!from_left) std::ranges::reverse(parts);
  return parts;
}

std::vector<Value> split_at(Runtime& runtime, std::string_view text, std::string_view separator,
                            int64_t count, From from) {
  std::vector<Value> parts;
  if (from == From::right) {  // the other way round, in linear time as well
    runtime.allow(2 * text.size());
    const std::string backwards(text.rbegin(), text.rend());
    const std::string mirrored(separator.rbegin(), separator.rend());
    parts = split_at(runtime, backwards, mirrored, count, From::left);
    std::ranges::reverse(parts);
    for (Value& part : parts)
      part = runtime.text(std::string(part.view().rbegin(), part.view().rend()));
    return parts;
  }
  for (uint64_t left = limit_of(count); left > 0; --left) {
    const size_t place = find(runtime, text, separator);
    if (place == text.npos) break;
    parts.push_back(runtime.text(text.substr(0, place)));
    text.remove_prefix(place + separator.size());
  }
  parts.push_back(runtime.text(text));
  return parts;
}

}  // namespace octavo::jinja
