// Text: the few functions on strings that several layers need: UTF-8, near names, numbers for
// people. Tested by tests/base/text_test.cpp. UTF-8 as in RFC 3629 (no surrogates, no overlong
// forms, nothing past U+10FFFF).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace octavo {

/// The length (1–4) of the UTF-8 sequence at the start of the text, 0 if it is none or is cut off.
size_t utf8_length(std::string_view text);
bool is_utf8(std::string_view text);

/// The text without the white space (of ASCII) around it.
std::string_view trimmed(std::string_view text);

/// How many bytes belong to no UTF-8 sequence.
int64_t bytes_not_utf8(std::string_view text);

/// The text with every byte that belongs to no UTF-8 sequence replaced by U+FFFD.
std::string repair_utf8(std::string_view text);

/// Text from a file as a message shows it, in quotes: about 40 bytes of whole characters at most,
/// and '?' for control characters.
std::string in_quotes(std::string_view text);

/// How many columns a terminal needs, roughly: the number of code points.
size_t display_width(std::string_view text);

/// Insertions, deletions, substitutions and swaps of neighbours that turn one into the other.
int edit_distance(std::string_view a, std::string_view b);

/// The candidate nearest to a misspelt name, or empty if none is near.
std::string suggest(std::string_view name, std::span<const std::string> candidates);

/// " (did you mean \"steps\"?)" or nothing, to end a message with.
std::string did_you_mean(std::string_view name, std::span<const std::string> candidates);

/// "1 file", "3 files"
std::string counted(int64_t count, std::string_view noun);

/// The bytes of "20MB", "1.5 GB", "300k" or "4096" (powers of 1,000; units of any case); nothing if
/// it is no such size or does not fit.
std::optional<int64_t> parse_bytes(std::string_view text);

std::string human_bytes(double bytes);      ///< "1.2 GB" (powers of 1,000)
std::string human_count(double count);      ///< "950", "12.3k", "4.5M"
std::string human_seconds(double seconds);  ///< "0.42s", "12.3s", "3m12s", "2h05m", "3d04h"

}  // namespace octavo
