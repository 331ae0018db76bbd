// The tokenizer: text to token ids and back.
//
// Byte-level BPE (bpe.h) with special tokens beside it. Text is only bytes to `encode`:
// "<|endoftext|>" written in a document does not become the special token unless the caller asks.
// A tokenizer is a value: copies share what they are made of, and any number of threads may use
// one. Without merges it is the plain byte vocabulary: ids 0 … 255 are the bytes, 256 the end of a
// text. Files of all kinds are read and written by tokenizer_files.h, which refuses what it does
// not know, never misreads it. Tested by tests/tokenizer/tokenizer_test.cpp.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "octavo/tokenizer/bpe.h"

namespace octavo {

/// What encode does with the written form of a special token.
enum class SpecialTokens {
  as_text,     ///< it is text like any other
  recognised,  ///< it becomes the token
};

/// A token that merges do not make.
struct AddedToken {
  std::string text;
  int32_t id = 0;
  /// Special ones are recognised where that is asked, others always.
  bool special = true;
  bool operator==(const AddedToken&) const = default;
};

/// What a tokenizer is made of.
struct TokenizerParts {
  TokenTable tokens;  ///< indexed; empty where an added token has the id
  std::vector<Merge> merges;
  std::vector<AddedToken> added;
  Digits digits = Digits::together;
};

class Tokenizer {
 public:
  static constexpr std::string_view kEndOfText = "<|endoftext|>";

  /// The 256 bytes and the end of text.
  static Tokenizer bytes();
  /// From a folder, or one file of it; see tokenizer_files.h for what is known.
  static Tokenizer load(const std::filesystem::path& path);
  /// Throws `data` if a byte is not a token, a merge is there twice, or an added token has the id
  /// or the name of another.
  explicit Tokenizer(TokenizerParts parts);

  std::vector<int32_t> encode(std::string_view text,
                              SpecialTokens special = SpecialTokens::as_text) const;
  /// Appends to `tokens`. A long text is cut where pieces end and encoded by all threads.
  void encode_into(std::string_view text, std::vector<int32_t>& tokens,
                   SpecialTokens special = SpecialTokens::as_text) const;

  /// The exact bytes, which need not be UTF-8. Added tokens are written out. Throws `data` on an id
  /// outside the vocabulary.
  std::string decode(std::span<const int32_t> tokens) const;
  /// The bytes of one token; none if no token has this id.
  std::string_view text_of(int32_t token) const;

  /// One more than the largest id.
  int32_t vocabulary_size() const;
  /// The token that ends a text, or −1 if there is none.
  int32_t end_of_text() const;

  const Bpe& bpe() const;
  std::span<const AddedToken> added() const;

  /// Hash of all that decides which ids a text becomes. For lineage.
  std::string fingerprint() const;

  /// Writes tokenizer.json, tokenizer_config.json, special_tokens_map.json, vocab.json and
  /// merges.txt into the folder. Returns the names of the files.
  std::vector<std::string> save(const std::filesystem::path& folder) const;

 private:
  struct Shared;
  void encode_plain(std::string_view text, std::vector<int32_t>& tokens) const;

  std::shared_ptr<const Shared> shared_;
};

/// Turns a stream of tokens into a stream of text that is always whole UTF-8 characters: bytes of
/// an unfinished character wait for the rest, bytes that are no character become U+FFFD.
class StreamDecoder {
 public:
  explicit StreamDecoder(const Tokenizer& tokenizer) : tokenizer_(&tokenizer) {}

  /// What the token makes certain: nothing, or whole characters.
  std::string push(int32_t token);
  /// At the end: a cut character becomes U+FFFD.
  std::string finish();

 private:
  const Tokenizer* tokenizer_;
  std::string pending_;
};

}  // namespace octavo
