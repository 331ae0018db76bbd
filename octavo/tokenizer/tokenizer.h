// The tokenizer: text to token ids and back.
//
// Byte-pair encoding (bpe.h) with added tokens beside it, under rules that are choices (rules.h):
// byte-level as GPT-2's and its successors', or SentencePiece's with characters and scores. Text is
// only text to `encode`: "<|endoftext|>" written in a document does not become the special token
// unless the caller asks. A tokenizer is a value: copies share what they are made of, and any
// number of threads may use one. Without merges it is the plain byte vocabulary: ids 0 … 255 are
// the bytes, 256 the end of a text. Files of all kinds are read and written by tokenizer_files.h,
// which refuses what it does not know, never misreads it; gguf_tokenizer.h does the same for the
// metadata of GGUF. Tested by tests/tokenizer/tokenizer_test.cpp.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "octavo/tokenizer/added_tokens.h"
#include "octavo/tokenizer/bpe.h"
#include "octavo/tokenizer/text_windows.h"

namespace octavo {

class Json;

/// What encode does with the written form of a special token.
enum class SpecialTokens {
  as_text,     ///< it is text like any other
  recognised,  ///< it becomes the token
};

/// Where in its text a part stands: a space is put or dropped only at a start (rules.h).
enum class TextPlace { start, middle };

/// The tokens with a part to play; −1: none.
struct TokenRoles {
  int32_t begin_of_text = -1, end_of_text = -1, unknown = -1, padding = -1;
  bool operator==(const TokenRoles&) const = default;
};

/// The tokens that files say belong around a text: an offer to whoever encodes one, `encode` does
/// not put them.
struct TextFrame {
  std::vector<int32_t> before, after;
  bool operator==(const TextFrame&) const = default;
};

/// A chat template in Jinja, for others to read; "default" where there is only one.
struct ChatTemplate {
  std::string name, text;
  bool operator==(const ChatTemplate&) const = default;
};

/// What a tokenizer is made of.
struct TokenizerParts {
  TokenTable tokens;  ///< indexed; empty where an added token has the id
  std::vector<Merge> merges;
  std::vector<AddedToken> added;
  TokenizerRules rules;
  std::vector<float> scores;  ///< of all tokens, if they rank merges (merges_by_score); else none
  TokenRoles roles;
  TextFrame frame;
  std::vector<ChatTemplate> chat_templates;
  /// tokenizer.json without its lists, and tokenizer_config.json, if it was read from them: what
  /// they say beside all this is written again.
  std::shared_ptr<const Json> tokenizer_json, tokenizer_config;
};

class Tokenizer {
 public:
  static constexpr std::string_view kEndOfText = "<|endoftext|>";

  /// The 256 bytes and the end of text.
  static Tokenizer bytes();
  /// From a folder, or one file of it; see tokenizer_files.h for what is known.
  static Tokenizer load(const std::filesystem::path& path);
  /// Throws `data` if a byte is no token that characters up to U+3FFFF have, a merge is there
  /// twice, an added token has the id or the name of another, or a role or frame an id that no
  /// token has.
  explicit Tokenizer(TokenizerParts parts);

  /// Throws `data` on a byte that has no token: those of broken or very rare text may lack one.
  std::vector<int32_t> encode(std::string_view text,
                              SpecialTokens special = SpecialTokens::as_text) const;
  /// Appends to `tokens`. A long text is cut where pieces end and encoded by all threads.
  void encode_into(std::string_view text, std::vector<int32_t>& tokens,
                   SpecialTokens special = SpecialTokens::as_text,
                   TextPlace place = TextPlace::start) const;
  /// Where a text may be cut, to be encoded in parts: all but the first stand in the middle.
  TextCuts cuts(SpecialTokens special = SpecialTokens::as_text) const;

  /// The exact bytes, which need not be UTF-8. Added tokens are written out. Throws `data` on an id
  /// outside the vocabulary.
  std::string decode(std::span<const int32_t> tokens) const;
  /// The bytes of one token; none if no token has this id.
  std::string_view text_of(int32_t token) const;

  /// One more than the largest id.
  int32_t vocabulary_size() const;
  /// The token that ends a text, or −1 if there is none: the role, else the one with a usual name.
  int32_t end_of_text() const;
  /// As files say; those that say nothing of it have none, and no frame.
  const TokenRoles& roles() const;
  const TextFrame& frame() const;
  std::span<const ChatTemplate> chat_templates() const;

  const Bpe& bpe() const;
  std::span<const AddedToken> added() const;
  /// All it is made of, but tokens and merges, which lie in bpe().
  const TokenizerParts& parts() const;
  const TokenizerRules& rules() const { return parts().rules; }
  /// The added token with this id, or null.
  const AddedToken* added_token(int32_t token) const;

  /// Hash of all that decides which ids a text becomes. For lineage.
  std::string fingerprint() const;

  /// Writes tokenizer.json, tokenizer_config.json, special_tokens_map.json, and for byte-level ones
  /// vocab.json and merges.txt, into the folder. Returns the names of the files.
  std::vector<std::string> save(const std::filesystem::path& folder) const;

 private:
  struct Shared;
  void encode_plain(std::string_view text, std::vector<int32_t>& tokens) const;

  std::shared_ptr<const Shared> shared_;
};

/// The texts of tokens that follow each other, as decode joins them: without the space that a start
/// was given.
class TokenTexts {
 public:
  explicit TokenTexts(const Tokenizer& tokenizer, TextPlace place = TextPlace::start)
      : tokenizer_(&tokenizer), at_start_(place == TextPlace::start) {}
  std::string_view next(int32_t token);

 private:
  const Tokenizer* tokenizer_;
  bool at_start_;
};

/// Turns a stream of tokens into a stream of text that is always whole UTF-8 characters: bytes of
/// an unfinished character wait for the rest, bytes that are no character become U+FFFD.
class StreamDecoder {
 public:
  /// `place`: where the first token stands; what a model continues is the middle of a text.
  explicit StreamDecoder(const Tokenizer& tokenizer, TextPlace place = TextPlace::middle)
      : texts_(tokenizer, place) {}

  /// What the token makes certain: nothing, or whole characters.
  std::string push(int32_t token);
  /// At the end: a cut character becomes U+FFFD.
  std::string finish();

 private:
  TokenTexts texts_;
  std::string pending_;
};

}  // namespace octavo
