#include "octavo/tokenizer/added_tokens.h"

#include <algorithm>

#include "octavo/base/text.h"
#include "octavo/tokenizer/characters.h"

namespace octavo {
namespace {

bool begins_with_word(std::string_view text) {
  const size_t length = utf8_length(text.substr(0, 4));
  return length > 0 && is_word_character(code_point_of(text, length));
}

bool ends_with_word(std::string_view text) {
  return !text.empty() && begins_with_word(text.substr(text.size() - last_character(text).length));
}

}  // namespace

bool AddedTokenFinder::is_taken(std::string_view text, size_t position) const {
  return character_at(text, position).kind == CharacterKind::space &&
         (taken_ == TakenSpace::any || text[position] != ' ');
}

size_t AddedTokenFinder::taken_at_start(std::string_view text) const {
  size_t end = 0;
  while (end < text.size() && is_taken(text, end)) end += character_at(text, end).length;
  return end;
}

size_t AddedTokenFinder::taken_at_end(std::string_view text) const {
  size_t begin = text.size();
  while (begin > 0) {
    const size_t length = last_character(text.substr(0, begin)).length;
    if (!is_taken(text, begin - length)) break;
    begin -= length;
  }
  return text.size() - begin;
}

void AddedTokenFinder::add(const AddedToken& token, std::string_view text) {
  texts_.add(text, static_cast<int32_t>(asks_.size()));
  asks_.push_back({token.id, token.takes_space_before, token.takes_space_after, token.single_word});
}

std::optional<AddedTokenFinder::Found> AddedTokenFinder::next(std::string_view text,
                                                              size_t begin) const {
  for (size_t from = begin; const auto found = texts_.find(text, from);) {
    const size_t end = found->place + found->length;
    const Asks& asks = asks_[static_cast<size_t>(found->id)];
    from = end;
    if (asks.single_word &&
        (ends_with_word(text.substr(0, found->place)) || begins_with_word(text.substr(end))))
      continue;
    Found result{found->place, end, asks.id};
    if (asks.space_before) result.begin -= taken_at_end(text.substr(begin, found->place - begin));
    if (asks.space_after) result.end += taken_at_start(text.substr(end));
    return result;
  }
  return std::nullopt;
}

}  // namespace octavo
