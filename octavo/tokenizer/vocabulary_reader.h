// What the readers of tokenizer files share: tokens as they come, in any order, to a vocabulary.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "octavo/base/json.h"
#include "octavo/tokenizer/tokenizer.h"

namespace octavo {

class VocabularyReader {
 public:
  /// `source` names the file in messages.
  explicit VocabularyReader(std::string_view source) : source_(source) {}

  /// A member of a vocabulary: the token in GPT-2's characters, and its id.
  void add(const Json& entry);
  /// A token of its own, whatever its characters. It may be in the vocabulary too, under its id.
  void add_added(AddedToken token);

  /// Tokens and added tokens; merges are left to the caller. Throws `data` on what two tokens have
  /// in common, and on a byte that is none.
  TokenizerParts finish();

 private:
  struct Entry {
    int32_t id;
    uint32_t end;  // of its characters
  };
  void check_id(int64_t id, std::string_view where) const;
  std::string_view characters(size_t entry) const;

  std::string source_;
  std::string characters_;
  std::vector<Entry> entries_;
  std::vector<AddedToken> added_;
};

/// The merge of two tokens, given as characters, whose bytes together are a token as well.
/// `where` begins the message if one of the three is none.
Merge merge_of(const TokenTable& tokens, std::string_view left, std::string_view right,
               std::string_view where);
/// The same from "left right".
Merge merge_of(const TokenTable& tokens, std::string_view line, std::string_view where);

}  // namespace octavo
