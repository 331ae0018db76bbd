#include "octavo/tokenizer/vocabulary_reader.h"

#include <algorithm>
#include <unordered_map>

#include "octavo/base/error.h"
#include "octavo/base/text.h"
#include "octavo/tokenizer/byte_characters.h"

namespace octavo {
namespace {

// A name in a message: whole characters, not too many.
std::string shown(std::string_view characters) {
  constexpr size_t kShown = 40;
  const std::string text = repair_utf8(characters.substr(0, kShown));
  return fmt::format("\"{}{}\"", text, characters.size() > kShown ? "…" : "");
}

}  // namespace

void VocabularyReader::check_id(int64_t id, std::string_view where) const {
  require(id >= 0 && id < static_cast<int64_t>(TokenTable::kMaximumSize),
          "{}: expected an id from 0 to {}, found {}", where, TokenTable::kMaximumSize - 1, id);
}

void VocabularyReader::add(const Json& entry) {
  const int64_t id = entry.integer();
  check_id(id, entry.where());
  require(!entry.key().empty(), "{}: an empty token", entry.where());
  require(entries_.size() < TokenTable::kMaximumSize, "{}: expected at most {} tokens, found more",
          source_, TokenTable::kMaximumSize);
  characters_ += entry.key();
  require(characters_.size() <= UINT32_MAX, "{}: the tokens have more than 4 GiB", source_);
  entries_.push_back({static_cast<int32_t>(id), static_cast<uint32_t>(characters_.size())});
}

void VocabularyReader::add_added(AddedToken token) {
  const std::string where = fmt::format("{}: the added token {}", source_, shown(token.text));
  check_id(token.id, where);
  require(!token.text.empty(), "{}: is empty", where);
  for (const AddedToken& other : added_)
    require(other.text != token.text && other.id != token.id, "{}: is there twice", where);
  added_.push_back(std::move(token));
}

std::string_view VocabularyReader::characters(size_t entry) const {
  const uint32_t begin = entry == 0 ? 0 : entries_[entry - 1].end;
  return std::string_view(characters_).substr(begin, entries_[entry].end - begin);
}

TokenizerParts VocabularyReader::finish() {
  std::unordered_map<std::string_view, const AddedToken*> added;
  for (const AddedToken& token : added_) added.emplace(token.text, &token);

  // Entries by id; an added token has none.
  int32_t largest = -1;
  for (const Entry& entry : entries_) largest = std::max(largest, entry.id);
  constexpr uint32_t kNone = UINT32_MAX;
  std::vector<uint32_t> entry_of(static_cast<size_t>(largest + 1), kNone);
  for (uint32_t i = 0; i < entries_.size(); ++i) {
    uint32_t& entry = entry_of[static_cast<size_t>(entries_[i].id)];
    if (entry != kNone)
      fail(ErrorKind::data, "{}: {} and {} have the same id {}", source_, shown(characters(entry)),
           shown(characters(i)), entries_[i].id);
    entry = i;
  }
  TokenizerParts parts;
  parts.tokens.reserve(entry_of.size(), characters_.size());
  for (const uint32_t i : entry_of) {
    const std::string_view name = i == kNone ? std::string_view() : characters(i);
    const auto is_added = added.find(name);
    if (is_added != added.end())
      require(is_added->second->id == entries_[i].id,
              "{}: {} has the id {} in the vocabulary, {} as an added token", source_, shown(name),
              entries_[i].id, is_added->second->id);
    if (i == kNone || is_added != added.end()) {
      parts.tokens.add({});
      continue;
    }
    const auto bytes = bytes_of(name);
    require(bytes.has_value(),
            "{}: {} is not written in GPT-2's characters for bytes, and no added token", source_,
            shown(name));
    parts.tokens.add(*bytes);
  }
  if (const auto same = parts.tokens.index())
    fail(ErrorKind::data, "{}: {} has two ids, {} and {}", source_,
         shown(characters_of(parts.tokens[same->first])), same->first, same->second);
  for (int byte = 0; byte < 256; ++byte) {
    const std::string one(1, static_cast<char>(byte));
    require(parts.tokens.find(one) >= 0, "{}: the vocabulary lacks the byte 0x{:02x} ({})", source_,
            byte, shown(characters_of(one)));
  }
  parts.added = std::move(added_);
  return parts;
}

Merge merge_of(const TokenTable& tokens, std::string_view left, std::string_view right,
               std::string_view where) {
  const auto id_of = [&](std::string_view name) {
    const auto bytes = bytes_of(name);
    const int32_t id = bytes ? tokens.find(*bytes) : -1;
    require(id >= 0, "{}: the merge of {} and {} needs the token {}, which the vocabulary lacks",
            where, shown(left), shown(right), shown(name));
    return id;
  };
  const int32_t left_id = id_of(left), right_id = id_of(right);
  return {left_id, right_id, id_of(std::string(left) + std::string(right))};
}

Merge merge_of(const TokenTable& tokens, std::string_view line, std::string_view where) {
  const size_t space = line.find(' ');
  require(space != std::string_view::npos && line.find(' ', space + 1) == std::string_view::npos,
          "{}: expected two tokens with a space between them, found {}", where, shown(line));
  return merge_of(tokens, line.substr(0, space), line.substr(space + 1), where);
}

}  // namespace octavo
