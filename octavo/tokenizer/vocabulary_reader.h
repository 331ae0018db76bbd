// What the readers of tokenizer files share: tokens as they come, in any order, to a vocabulary.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "octavo/base/json.h"
#include "octavo/tokenizer/tokenizer.h"

namespace octavo {

/// Throws `data`, beginning with `where`, unless every byte is a token that characters up to
/// U+3FFFF have, every added token is text, is there once, and has neither the id nor the written
/// form of another token, and roles and frame are of tokens.
void require_sound(const TokenizerParts& parts, std::string_view where);

/// How a message begins: file and place. Called only if there is one to write.
using WhereInFile = std::function<std::string()>;

/// Whether a switch of a JSON file is on; it may be absent or null.
bool is_on(const Json& object, std::string_view key, bool if_absent = false);
/// The text and the wishes of an added token, as both of Hugging Face's files list them.
AddedToken read_added_token(const Json& token, int32_t id);

class VocabularyReader {
 public:
  static constexpr size_t kMaximumAdded = size_t{1} << 16;

  /// `source` names the file in messages.
  explicit VocabularyReader(std::string_view source) : source_(source) {}

  /// A token as files spell it, and its id.
  void add(std::string_view characters, int64_t id, const WhereInFile& where);
  /// The same from a member of an object.
  void add(const Json& entry);
  /// A token of its own, whatever its characters. It may be in the vocabulary too, under its id.
  void add_added(AddedToken token, const WhereInFile& where);

  /// Tokens and added tokens, spelled as `symbols` are, sound; the other rules and merges are left
  /// to the caller. Throws `data` on what two tokens have in common.
  TokenizerParts finish(Symbols symbols = Symbols::bytes);

 private:
  struct Entry {
    int32_t id;
    uint32_t end;  // of its characters
  };
  std::string_view characters(size_t entry) const;
  void count_characters(size_t count, const WhereInFile& where);
  std::vector<uint32_t> entries_by_id() const;

  std::string source_;
  std::string characters_;
  std::vector<Entry> entries_;
  std::vector<AddedToken> added_;
  size_t character_count_ = 0;  // those of added tokens too
};

/// Merges as they come: two tokens as files spell them, whose bytes together are a token as well.
/// Throws `data` if one of the three is none, or if the merge was there before.
class MergeReader {
 public:
  explicit MergeReader(const TokenTable& tokens, Symbols symbols = Symbols::bytes)
      : tokens_(tokens), symbols_(symbols), slots_(1024, UINT32_MAX) {}

  void add(std::string_view left, std::string_view right, const WhereInFile& where);
  /// The same from "left right".
  void add(std::string_view line, const WhereInFile& where);

  std::vector<Merge> finish() { return std::move(merges_); }

 private:
  uint32_t& slot_of(const Merge& merge);

  const TokenTable& tokens_;
  const Symbols symbols_;
  std::vector<Merge> merges_;
  std::vector<uint32_t>
      slots_;  // by their tokens, their numbers: open addressing; UINT32_MAX: free
};

}  // namespace octavo
