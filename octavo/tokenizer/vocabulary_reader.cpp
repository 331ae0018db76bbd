#include "octavo/tokenizer/vocabulary_reader.h"

#include <algorithm>
#include <unordered_map>

#include "octavo/base/error.h"
#include "octavo/base/text.h"
#include "octavo/tokenizer/byte_characters.h"
#include "octavo/tokenizer/spelling.h"

namespace octavo {
namespace {

constexpr auto kMaximumId = static_cast<int32_t>(TokenTable::kMaximumSize) - 1;
constexpr uint32_t kNone = UINT32_MAX;

std::string name_of(const TokenTable& tokens, int32_t id, Symbols symbols) {
  return in_quotes(spelled(tokens, id, symbols));
}

// C0 and C1 would begin overlong forms, F1 and above what is past U+3FFFF, where tags and private
// characters are all there is: an alphabet that was learned may lack them.
bool is_common(int byte) { return byte < 0xC0 || (byte >= 0xC2 && byte <= 0xF0); }

void require_bytes(const TokenizerParts& parts, std::string_view where) {
  const bool level = parts.rules.symbols == Symbols::bytes;
  for (int byte = 0; byte < 256; ++byte) {
    const std::string one(1, static_cast<char>(byte));
    const int32_t token =
        level ? parts.tokens.find(one) : parts.tokens.byte_token(static_cast<unsigned char>(byte));
    if (token < 0 && is_common(byte))
      fail(ErrorKind::data, "{}: the vocabulary lacks the byte 0x{:02x} ({})", where, byte,
           in_quotes(level ? characters_of(one) : fmt::format("<0x{:02X}>", byte)));
  }
}

void require_roles(const TokenizerParts& parts, std::string_view where) {
  const auto require_token = [&](int32_t id, const char* role) {
    const auto has_id = [&](const AddedToken& token) { return token.id == id; };
    const bool is_plain =
        id >= 0 && id < static_cast<int32_t>(parts.tokens.size()) && !parts.tokens[id].empty();
    if (!is_plain && std::ranges::none_of(parts.added, has_id))
      fail(ErrorKind::data, "{}: the {} is token {}, which the vocabulary lacks", where, role, id);
  };
  const auto [begin, end, unknown, padding] = parts.roles;
  if (begin != -1) require_token(begin, "begin of text");
  if (end != -1) require_token(end, "end of text");
  if (unknown != -1) require_token(unknown, "unknown token");
  if (padding != -1) require_token(padding, "padding");
  for (const int32_t id : parts.frame.before) require_token(id, "start of the frame of a text");
  for (const int32_t id : parts.frame.after) require_token(id, "end of the frame of a text");
}

}  // namespace

// ---- What must hold -----------------------------------------------------------------------------

void require_sound(const TokenizerParts& parts, std::string_view where) {
  const TokenTable& tokens = parts.tokens;
  require_bytes(parts, where);
  std::unordered_map<int32_t, std::string_view> by_id;
  std::unordered_map<std::string_view, int32_t> by_text;
  for (const AddedToken& token : parts.added) {
    const std::string name = fmt::format("{}: the added token {}", where, in_quotes(token.text));
    require(!token.text.empty() && is_utf8(token.text), "{}: expected text", name);
    require(token.id >= 0 && token.id <= kMaximumId, "{}: expected an id from 0 to {}, found {}",
            name, kMaximumId, token.id);
    require(by_text.emplace(token.text, token.id).second, "{} is there twice", name);
    const auto [same, is_new] = by_id.emplace(token.id, token.text);
    require(is_new, "{} has the id {} of {}", name, token.id, in_quotes(same->second));
    const bool is_free =
        token.id >= static_cast<int32_t>(tokens.size()) || tokens[token.id].empty();
    if (!is_free)
      fail(ErrorKind::data, "{} has the id {} of {}", name, token.id,
           name_of(tokens, token.id, parts.rules.symbols));
    const int32_t other = find_spelled(tokens, token.text, parts.rules.symbols);
    require(other < 0, "{} has the id {}, but files write the token {} like that", name, token.id,
            other);
  }
  require(parts.scores.empty() || parts.scores.size() == tokens.size(),
          "{}: expected the scores of {} tokens, found {}", where, tokens.size(),
          parts.scores.size());
  require_roles(parts, where);
}

// ---- JSON ---------------------------------------------------------------------------------------

bool is_on(const Json& object, std::string_view key, bool if_absent) {
  const Json* value = object.find(key);
  return !value || value->is_null() ? if_absent : value->boolean();
}

AddedToken read_added_token(const Json& token, int32_t id) {
  const bool special = is_on(token, "special");
  return {.text = token.at("content").text(),
          .id = id,
          .special = special,
          .normalized = is_on(token, "normalized", !special),
          .takes_space_before = is_on(token, "lstrip"),
          .takes_space_after = is_on(token, "rstrip"),
          .single_word = is_on(token, "single_word")};
}

// ---- Vocabulary ---------------------------------------------------------------------------------

void VocabularyReader::count_characters(size_t count, const WhereInFile& where) {
  character_count_ += count;
  if (character_count_ > TokenTable::kMaximumCharacters)
    fail(ErrorKind::data, "{}: expected tokens of at most {} together, found more", where(),
         human_bytes(TokenTable::kMaximumCharacters));
}

void VocabularyReader::add(std::string_view characters, int64_t id, const WhereInFile& where) {
  if (id < 0 || id > kMaximumId)
    fail(ErrorKind::data, "{}: expected an id from 0 to {}, found {}", where(), kMaximumId, id);
  if (characters.empty())
    fail(ErrorKind::data, "{}: expected a token, found an empty one", where());
  if (entries_.size() == TokenTable::kMaximumSize)
    fail(ErrorKind::data, "{}: expected at most {} tokens, found more", where(), entries_.size());
  count_characters(characters.size(), where);
  characters_ += characters;
  entries_.push_back({static_cast<int32_t>(id), static_cast<uint32_t>(characters_.size())});
}

void VocabularyReader::add(const Json& entry) {
  add(entry.key(), entry.integer(), [&] { return entry.where(); });
}

void VocabularyReader::add_added(AddedToken token, const WhereInFile& where) {
  if (added_.size() == kMaximumAdded)
    fail(ErrorKind::data, "{}: expected at most {} added tokens, found more", where(),
         kMaximumAdded);
  count_characters(token.text.size(), where);
  added_.push_back(std::move(token));
}

std::string_view VocabularyReader::characters(size_t entry) const {
  const uint32_t begin = entry == 0 ? 0 : entries_[entry - 1].end;
  return std::string_view(characters_).substr(begin, entries_[entry].end - begin);
}

// The number of the entry with each id; none where it is an added token's, and none at the end.
std::vector<uint32_t> VocabularyReader::entries_by_id() const {
  std::unordered_map<std::string_view, int32_t> added;
  for (const AddedToken& token : added_) added.emplace(token.text, token.id);
  int32_t largest = -1;
  for (const Entry& entry : entries_) largest = std::max(largest, entry.id);
  std::vector<uint32_t> result(static_cast<size_t>(largest + 1), kNone);
  for (uint32_t i = 0; i < entries_.size(); ++i) {
    const int32_t id = entries_[i].id;
    uint32_t& entry = result[static_cast<size_t>(id)];
    if (entry != kNone)
      fail(ErrorKind::data, "{}: {} and {} have the same id {}", source_,
           in_quotes(characters(entry)), in_quotes(characters(i)), id);
    entry = i;
  }
  for (uint32_t& entry : result) {
    const auto found = entry == kNone ? added.end() : added.find(characters(entry));
    if (found == added.end()) continue;
    const int32_t id = entries_[entry].id;
    if (found->second != id)
      fail(ErrorKind::data, "{}: {} has the id {} in the vocabulary, {} as an added token", source_,
           in_quotes(found->first), id, found->second);
    entry = kNone;
  }
  while (!result.empty() && result.back() == kNone) result.pop_back();
  return result;
}

TokenizerParts VocabularyReader::finish(Symbols symbols) {
  TokenizerParts parts;
  parts.rules.symbols = symbols;
  const std::vector<uint32_t> entries = entries_by_id();
  parts.added = std::move(added_);
  parts.tokens.reserve(entries.size(), characters_.size());
  for (const uint32_t i : entries) {
    if (symbols == Symbols::characters && i != kNone)
      if (const auto byte = byte_spelled(characters(i))) {
        if (parts.tokens.byte_token(*byte) >= 0)
          fail(ErrorKind::data, "{}: {} has two ids, {} and {}", source_, in_quotes(characters(i)),
               parts.tokens.byte_token(*byte), parts.tokens.size());
        parts.tokens.add_byte(*byte);
        continue;
      }
    const auto bytes = i == kNone ? std::string() : bytes_spelled(characters(i), symbols);
    if (!bytes)
      fail(
          ErrorKind::data, "{}: {} is not written {}, and no added token", source_,
          in_quotes(characters(i)),
          symbols == Symbols::bytes ? "in GPT-2's characters for bytes" : "with U+2581 for spaces");
    parts.tokens.add(*bytes);
  }
  if (const auto same = parts.tokens.index())
    fail(ErrorKind::data, "{}: {} has two ids, {} and {}", source_,
         name_of(parts.tokens, same->first, symbols), same->first, same->second);
  require_sound(parts, source_);
  return parts;
}

// ---- Merges -------------------------------------------------------------------------------------

uint32_t& MergeReader::slot_of(const Merge& merge) {
  size_t slot = hash_of_pair(merge.left, merge.right) & (slots_.size() - 1);
  while (slots_[slot] != kNone && merges_[slots_[slot]] != merge)
    slot = (slot + 1) & (slots_.size() - 1);
  return slots_[slot];
}

void MergeReader::add(std::string_view left, std::string_view right, const WhereInFile& where) {
  const auto id_of = [&](std::string_view name) {
    const int32_t id = find_spelled(tokens_, name, symbols_);
    if (id < 0)
      fail(ErrorKind::data,
           "{}: the merge of {} and {} needs the token {}, which the vocabulary lacks", where(),
           in_quotes(left), in_quotes(right), in_quotes(name));
    return id;
  };
  const int32_t left_id = id_of(left), right_id = id_of(right);
  const Merge merge{left_id, right_id, id_of(std::string(left) + std::string(right))};
  if (merges_.size() == kMaximumMerges)
    fail(ErrorKind::data, "{}: expected at most {} merges, found more", where(), kMaximumMerges);
  uint32_t& slot = slot_of(merge);
  if (slot != kNone)
    fail(ErrorKind::data, "{}: the merge of {} and {} is there twice, first as number {}", where(),
         in_quotes(left), in_quotes(right), slot + 1);
  slot = static_cast<uint32_t>(merges_.size());
  merges_.push_back(merge);
  if (2 * merges_.size() <= slots_.size()) return;
  slots_.assign(2 * slots_.size(), kNone);
  for (uint32_t rank = 0; rank < merges_.size(); ++rank) slot_of(merges_[rank]) = rank;
}

void MergeReader::add(std::string_view line, const WhereInFile& where) {
  const size_t space = line.find(' ');
  if (space == std::string_view::npos || line.find(' ', space + 1) != std::string_view::npos)
    fail(ErrorKind::data, "{}: expected two tokens with a space between them, found {}", where(),
         in_quotes(line));
  add(line.substr(0, space), line.substr(space + 1), where);
}

}  // namespace octavo
