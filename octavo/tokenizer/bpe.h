// Byte-pair encoding: the vocabulary, the merges, and the encoder that applies them.
//
// A piece of text (split.h) begins as its bytes, or as its characters (rules.h); of all neighbours
// that a merge joins, the one of the lowest rank is joined, the leftmost first, until none is left
// (Sennrich et al., "Neural Machine Translation of Rare Words with Subword Units", 2016; GPT-2 on
// bytes). A merge's rank is its place in their list; or, where tokens have scores (Kudo and
// Richardson, "SentencePiece", 2018; tiktoken's ranks are such), any two tokens that make a third
// are a merge, ranked by its score. Pieces repeat, so the encoder remembers what a piece of up to
// 15 bytes became. A short piece is merged by looking at all its neighbours each time; a long one
// by a queue of places for every rank, so a million equal characters take time and memory in
// proportion, and a text without any split takes O(n log n). Tested by
// tests/tokenizer/bpe_test.cpp against the definition in plain loops.
#pragma once

#include <array>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "octavo/tokenizer/rules.h"

namespace octavo {

/// Two tokens become one; which wins is the order of a list of them.
struct Merge {
  int32_t left, right, result;
  bool operator==(const Merge&) const = default;
};

/// More merges are neither read nor made.
inline constexpr size_t kMaximumMerges = size_t{1} << 20;

/// Where a table of pairs looks for one first.
inline size_t hash_of_pair(int32_t left, int32_t right) {
  const uint64_t key = uint64_t{static_cast<uint32_t>(left)} << 32 | static_cast<uint32_t>(right);
  return key * 0x9E3779B97F4A7C15u >> 32;
}

/// The bytes of the tokens by id, one after the other in memory, and the way back.
class TokenTable {
 public:
  static constexpr size_t kMaximumSize = size_t{1} << 19;
  /// Bytes of all tokens as files write them, in GPT-2's characters; more is neither read nor made.
  static constexpr size_t kMaximumCharacters = size_t{6} << 20;

  TokenTable() { byte_tokens_.fill(-1); }

  void reserve(size_t tokens, size_t bytes);
  /// The next id. Empty: an id that no bytes have (a special token's, or a hole).
  void add(std::string_view bytes);
  /// The next id, of a byte where no character is a token. `find` does not find it. Throws `data`
  /// if the byte has one.
  void add_byte(unsigned char byte);
  /// To be called once all are there, before `find`. The lowest of ids with the same bytes is
  /// returned: `first` and `second`, or nothing if all differ.
  std::optional<std::pair<int32_t, int32_t>> index();

  size_t size() const { return ends_.size(); }
  std::string_view operator[](int32_t id) const {
    const auto i = static_cast<size_t>(id);
    const uint32_t begin = i == 0 ? 0 : ends_[i - 1];
    return std::string_view(bytes_).substr(begin, ends_[i] - begin);
  }
  /// The token with these bytes, or −1.
  int32_t find(std::string_view bytes) const;
  /// The token of add_byte, or −1.
  int32_t byte_token(unsigned char byte) const { return byte_tokens_[byte]; }
  bool is_byte_token(int32_t id) const {
    const std::string_view bytes = (*this)[id];
    return bytes.size() == 1 && byte_token(static_cast<unsigned char>(bytes[0])) == id;
  }

 private:
  size_t slot_of(std::string_view bytes) const;

  std::string bytes_;
  std::vector<uint32_t> ends_;
  std::vector<int32_t> slots_;  // open addressing, at most half full; −1: free
  std::array<int32_t, 256> byte_tokens_;
};

/// Every two tokens that are a third one together, the best score first; among equal ones in the
/// order of their result, then of the two. Throws `data`, beginning with `source`, if there are
/// more merges than files may have.
std::vector<Merge> merges_by_score(const TokenTable& tokens, std::span<const float> scores,
                                   std::string_view source);

/// What all encoders of a tokenizer share.
class Bpe {
 public:
  /// With `scores`, of every token, merges whose results have the same rank equally. Throws `data`
  /// if a merge is there twice.
  Bpe(TokenTable tokens, std::vector<Merge> merges, const TokenizerRules& rules = {},
      std::span<const float> scores = {});

  const TokenTable& tokens() const { return tokens_; }
  std::span<const Merge> merges() const { return merges_; }
  Symbols symbols() const { return symbols_; }
  WholePieces whole_pieces() const { return whole_pieces_; }
  /// The one of the rules, or `words` instead of `none` if no merge crosses the beginning of a run
  /// of spaces: the same tokens, but pieces are short.
  TextSplit split() const { return split_; }
  /// The token of a byte; −1: none, as vocabularies have it whose alphabet was learned.
  int32_t byte_token(unsigned char byte) const { return byte_tokens_[byte]; }

  struct Joined {
    uint32_t rank = kNone;
    int32_t token = -1;
    static constexpr uint32_t kNone = UINT32_MAX;
  };
  size_t ranks() const { return results_.size(); }
  /// What the neighbours become that a merge of this rank joins, or −1: that depends on them.
  int32_t result_of(uint32_t rank) const { return results_[rank]; }
  /// What the two become, if a merge joins them.
  Joined join(int32_t left, int32_t right) const {
    const uint64_t key = key_of(left, right);
    for (size_t slot = hash_of_pair(left, right) & mask_;; slot = (slot + 1) & mask_) {
      if (slots_[slot].key == key) return slots_[slot].joined;
      if (slots_[slot].key == kFree) return {};
    }
  }

 private:
  struct Slot {
    uint64_t key;
    Joined joined;
  };
  static constexpr uint64_t kFree = UINT64_MAX;
  static uint64_t key_of(int32_t left, int32_t right) {
    return uint64_t{static_cast<uint32_t>(left)} << 32 | static_cast<uint32_t>(right);
  }

  TokenTable tokens_;
  std::vector<Merge> merges_;
  Symbols symbols_;
  WholePieces whole_pieces_;
  TextSplit split_;
  std::array<int32_t, 256> byte_tokens_;
  std::vector<int32_t> results_;  // by rank
  std::vector<Slot> slots_;
  size_t mask_ = 0;
};

/// Places of a piece that wait to be joined: the lowest rank first, within it the lowest place.
class RankQueue {
 public:
  void push(uint32_t rank, uint32_t place);
  /// {rank, place}, or nothing.
  std::optional<std::pair<uint32_t, uint32_t>> pop();

 private:
  std::vector<std::vector<uint32_t>> ranks_;  // heaps; what comes in order makes one at no cost
  // Bits: ranks that have places, and words of those that are not zero.
  std::vector<uint64_t> waiting_, waiting_words_;
};

/// Encodes text without added tokens. Not for two threads at once: it has a memory of pieces.
class Encoder {
 public:
  explicit Encoder(const Bpe& bpe);

  /// Appends the tokens of the text. Throws `data` on a byte that has no token.
  void encode(std::string_view text, std::vector<int32_t>& tokens);
  /// The same without a split: all of it is one piece, which may not be empty.
  void encode_piece(std::string_view piece, std::vector<int32_t>& tokens);

 private:
  // A piece of up to 15 bytes and the tokens it became, if they are few. All zero: none.
  struct Remembered {
    std::array<uint64_t, 2> piece{};  // its bytes, then zeros; the last byte is its length
    std::array<int32_t, 3> tokens{};
    int32_t count = 0;
  };
  static constexpr size_t kShort = 15, kRemembered = size_t{1} << 16;

  void begin_with_bytes(std::string_view piece);
  void begin_with_characters(std::string_view piece);
  void merge_short(std::vector<int32_t>& tokens);
  void merge_long(std::vector<int32_t>& tokens);

  const Bpe& bpe_;
  struct Free {
    void operator()(Remembered* memory) const { std::free(memory); }
  };
  std::unique_ptr<Remembered[], Free> memory_;
  std::vector<int32_t> parts_;   // of the piece in hand
  std::vector<uint32_t> ranks_;  // of its neighbours, if it is short
  RankQueue queue_;              // if it is long
};

}  // namespace octavo
