#include "octavo/tokenizer/byte_characters.h"

#include <array>

#include "octavo/base/text.h"

namespace octavo {
namespace {

constexpr int kCodePoints = 0x100 + 68;  // 68 bytes are not visible

// Code points below U+0800 are all that is needed.
struct Alphabet {
  std::array<int, 256> code_points{};
  std::array<int, kCodePoints> bytes{};

  constexpr Alphabet() {
    bytes.fill(-1);
    int replacement = 0x100;
    for (int byte = 0; byte < 256; ++byte) {
      const bool visible =
          (byte >= '!' && byte <= '~') || (byte >= 0xA1 && byte <= 0xAC) || byte >= 0xAE;
      const int code_point = visible ? byte : replacement++;
      code_points[static_cast<size_t>(byte)] = code_point;
      bytes[static_cast<size_t>(code_point)] = byte;
    }
  }
};
constexpr Alphabet kAlphabet;

}  // namespace

std::string characters_of(std::string_view bytes) {
  std::string characters;
  for (const char byte : bytes) {
    const int c = kAlphabet.code_points[static_cast<unsigned char>(byte)];
    if (c >= 0x80) characters += static_cast<char>(0xC0 | c >> 6);
    characters += static_cast<char>(c < 0x80 ? c : 0x80 | (c & 0x3F));
  }
  return characters;
}

std::optional<std::string> bytes_of(std::string_view characters) {
  std::string bytes;
  bytes.reserve(characters.size());
  while (!characters.empty()) {
    const size_t length = utf8_length(characters.substr(0, 4));
    int c = static_cast<unsigned char>(characters[0]);
    if (length == 2) c = (c & 0x1F) << 6 | (static_cast<unsigned char>(characters[1]) & 0x3F);
    if (length == 0 || length > 2 || c >= kCodePoints) return std::nullopt;
    const int byte = kAlphabet.bytes[static_cast<size_t>(c)];
    if (byte < 0) return std::nullopt;
    bytes += static_cast<char>(byte);
    characters.remove_prefix(length);
  }
  return bytes;
}

}  // namespace octavo
