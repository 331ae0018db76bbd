// GPT-2's alphabet: in files, a byte is one visible character, so that any token is text.
//
// A byte that Latin-1 shows stands for itself; the others are the characters from U+0100 on, in the
// order of the bytes ("Ġ" is a space). From openai/gpt-2, encoder.py, bytes_to_unicode.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace octavo {

/// The bytes as characters: "Ġthe" for " the".
std::string characters_of(std::string_view bytes);
/// The way back; nothing if a character is not of the alphabet.
std::optional<std::string> bytes_of(std::string_view characters);

}  // namespace octavo
