// How files write tokens as text.
//
// Byte-level ones in GPT-2's alphabet (byte_characters.h). SentencePiece's are text, with "▁"
// (U+2581) for a space; a byte that no character covers is "<0x0A>".
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "octavo/tokenizer/bpe.h"

namespace octavo {

/// The token, which has bytes, as files write it.
std::string spelled(const TokenTable& tokens, int32_t id, Symbols symbols);

/// The bytes of what a file writes; nothing if it is not spelled like that.
std::optional<std::string> bytes_spelled(std::string_view name, Symbols symbols);

/// The byte of "<0x0A>", if that is what it is.
std::optional<unsigned char> byte_spelled(std::string_view name);

/// The token that a file writes like that, or −1.
int32_t find_spelled(const TokenTable& tokens, std::string_view name, Symbols symbols);

}  // namespace octavo
