#include "octavo/tokenizer/byte_characters.h"

#include <array>

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
  for (size_t i = 0; i < characters.size(); ++i) {
    int c = static_cast<unsigned char>(characters[i]);
    if (c >= 0x80) {
      if ((c & 0xE0) != 0xC0 || ++i == characters.size()) return std::nullopt;
      c = (c & 0x1F) << 6 | (static_cast<unsigned char>(characters[i]) & 0x3F);
    }
    if (c >= kCodePoints || kAlphabet.bytes[static_cast<size_t>(c)] < 0) return std::nullopt;
    bytes += static_cast<char>(kAlphabet.bytes[static_cast<size_t>(c)]);
  }
  return bytes;
}

}  // namespace octavo
