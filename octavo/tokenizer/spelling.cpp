#include "octavo/tokenizer/spelling.h"

#include <fmt/format.h>

#include <charconv>

#include "octavo/base/text.h"
#include "octavo/tokenizer/byte_characters.h"
#include "octavo/tokenizer/normalize.h"

namespace octavo {
std::string spelled(const TokenTable& tokens, int32_t id, Symbols symbols) {
  if (symbols == Symbols::bytes) return characters_of(tokens[id]);
  if (tokens.is_byte_token(id))
    return fmt::format("<0x{:02X}>", static_cast<unsigned char>(tokens[id][0]));
  return replace_all(tokens[id], " ", kSpaceMark);
}

std::optional<std::string> bytes_spelled(std::string_view name, Symbols symbols) {
  if (symbols == Symbols::bytes) return bytes_of(name);
  if (name.find(' ') != name.npos || !is_utf8(name)) return std::nullopt;
  return replace_all(name, kSpaceMark, " ");
}

std::optional<unsigned char> byte_spelled(std::string_view name) {
  if (name.size() != 6 || !name.starts_with("<0x") || name[5] != '>') return std::nullopt;
  unsigned char byte = 0;
  const auto [end, error] = std::from_chars(name.data() + 3, name.data() + 5, byte, 16);
  if (error != std::errc() || end != name.data() + 5) return std::nullopt;
  return byte;
}

int32_t find_spelled(const TokenTable& tokens, std::string_view name, Symbols symbols) {
  if (symbols == Symbols::characters)
    if (const auto byte = byte_spelled(name); byte && tokens.byte_token(*byte) >= 0)
      return tokens.byte_token(*byte);
  const auto bytes = bytes_spelled(name, symbols);
  return bytes ? tokens.find(*bytes) : -1;
}

}  // namespace octavo
