#include "octavo/tokenizer/characters.h"

#include <utf8proc.h>

#include <array>
#include <map>
#include <vector>

#include "octavo/base/text.h"

namespace octavo {
namespace {

constexpr int32_t kCodePoints = 0x110000;
constexpr int32_t kBlock = 128;

bool is_white_space(int32_t c) {
  return (c >= 0x09 && c <= 0x0D) || c == ' ' || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F ||
         c == 0x3000;
}

CharacterKind look_up(int32_t code_point) {
  if (is_white_space(code_point)) return CharacterKind::space;
  switch (utf8proc_category(code_point)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
      return CharacterKind::letter;
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
      return CharacterKind::number;
    default:
      return CharacterKind::other;
  }
}

class KindTable {
 public:
  KindTable() {
    std::map<std::array<CharacterKind, kBlock>, uint16_t> numbers;
    for (int32_t first = 0; first < kCodePoints; first += kBlock) {
      std::array<CharacterKind, kBlock> block;
      for (int32_t i = 0; i < kBlock; ++i) block[static_cast<size_t>(i)] = look_up(first + i);
      const auto [entry, is_new] = numbers.try_emplace(block, blocks_.size());
      if (is_new) blocks_.push_back(block);
      block_of_[static_cast<size_t>(first / kBlock)] = entry->second;
    }
  }

  CharacterKind operator[](uint32_t code_point) const {
    return blocks_[block_of_[code_point / kBlock]][code_point % kBlock];
  }

 private:
  std::array<uint16_t, kCodePoints / kBlock> block_of_;
  std::vector<std::array<CharacterKind, kBlock>> blocks_;
};

// `length` bytes of well-formed UTF-8.
uint32_t code_point_of(std::string_view text, size_t length) {
  static constexpr uint32_t kLeadBits[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
  uint32_t code_point = static_cast<unsigned char>(text[0]) & kLeadBits[length];
  for (size_t i = 1; i < length; ++i)
    code_point = code_point << 6 | (static_cast<unsigned char>(text[i]) & 0x3F);
  return code_point;
}

}  // namespace

Character first_character(std::string_view text) {
  static const KindTable kinds;
  const size_t length = utf8_length(text);
  if (length == 0) return {1, CharacterKind::other};
  return {length, kinds[code_point_of(text, length)]};
}

}  // namespace octavo
