#include "octavo/tokenizer/characters.h"

#include <utf8proc.h>

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

// The kind in the two low bits, the case in the next two.
constexpr uint8_t packed(CharacterKind kind, LetterCase letter_case = LetterCase::none) {
  return static_cast<uint8_t>(static_cast<int>(kind) | static_cast<int>(letter_case) << 2);
}

uint8_t look_up(int32_t code_point) {
  if (is_white_space(code_point)) return packed(CharacterKind::space);
  switch (utf8proc_category(code_point)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LT:
      return packed(CharacterKind::letter, LetterCase::upper);
    case UTF8PROC_CATEGORY_LL:
      return packed(CharacterKind::letter, LetterCase::lower);
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
      return packed(CharacterKind::letter, LetterCase::both);
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ME:
      return packed(CharacterKind::other, LetterCase::both);
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
      return packed(CharacterKind::number);
    default:
      return packed(CharacterKind::other);
  }
}

class CharacterTable {
 public:
  CharacterTable() {
    std::map<std::array<uint8_t, kBlock>, uint16_t> numbers;
    for (int32_t first = 0; first < kCodePoints; first += kBlock) {
      std::array<uint8_t, kBlock> block;
      for (int32_t i = 0; i < kBlock; ++i) block[static_cast<size_t>(i)] = look_up(first + i);
      const auto [entry, is_new] = numbers.try_emplace(block, blocks_.size());
      if (is_new) blocks_.push_back(block);
      block_of_[static_cast<size_t>(first / kBlock)] = entry->second;
    }
  }

  uint8_t operator[](uint32_t code_point) const {
    return blocks_[block_of_[code_point / kBlock]][code_point % kBlock];
  }

 private:
  std::array<uint16_t, kCodePoints / kBlock> block_of_;
  std::vector<std::array<uint8_t, kBlock>> blocks_;
};

}  // namespace

uint32_t code_point_of(std::string_view text, size_t length) {
  static constexpr uint32_t kLeadBits[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
  uint32_t code_point = static_cast<unsigned char>(text[0]) & kLeadBits[length];
  for (size_t i = 1; i < length; ++i)
    code_point = code_point << 6 | (static_cast<unsigned char>(text[i]) & 0x3F);
  return code_point;
}

Character first_character(std::string_view text) {
  static const CharacterTable characters;
  const size_t length = utf8_length(text);
  if (length == 0) return {1, CharacterKind::other, LetterCase::none};
  const uint8_t character = characters[code_point_of(text, length)];
  return {length, static_cast<CharacterKind>(character & 3),
          static_cast<LetterCase>(character >> 2)};
}

Character last_character(std::string_view text) {
  size_t begin = text.size() - 1;
  while (begin > 0 && text.size() - begin < 4 && (text[begin] & 0xC0) == 0x80) --begin;
  const Character last = character_at(text, begin);
  return begin + last.length == text.size() ? last
                                            : Character{1, CharacterKind::other, LetterCase::none};
}

bool is_word_character(uint32_t c) {
  switch (utf8proc_category(static_cast<int32_t>(c))) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ME:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_PC:
      return true;
    case UTF8PROC_CATEGORY_CF:
      return c == 0x200C || c == 0x200D;  // Join_Control
    case UTF8PROC_CATEGORY_SO:            // Other_Alphabetic: letters in circles and squares
      return (c >= 0x24B6 && c <= 0x24E9) || (c >= 0x1F130 && c <= 0x1F149) ||
             (c >= 0x1F150 && c <= 0x1F169) || (c >= 0x1F170 && c <= 0x1F189);
    default:
      return false;
  }
}

}  // namespace octavo
