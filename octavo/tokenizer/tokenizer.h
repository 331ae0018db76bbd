// The tokenizer: text to token ids and back.
//
// For now the plain byte vocabulary: ids 0 … 255 are the bytes, 256 is the end of a text. In files
// it is what Hugging Face calls a byte-level BPE without merges, so their libraries load it and
// ours loads theirs once merges are supported; a file that asks for anything else is refused, never
// misread. Text is only bytes to `encode`: "<|endoftext|>" written in a document does not become
// the special token unless the caller asks. Tested by tests/tokenizer/tokenizer_test.cpp. Format:
// tokenizer.json of https://github.com/huggingface/tokenizers, bytes written as GPT-2's characters.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace octavo {

/// What encode does with the written form of a special token.
enum class SpecialTokens {
  as_text,     ///< it is text like any other
  recognised,  ///< it becomes the token
};

class Tokenizer {
 public:
  static constexpr std::string_view kEndOfText = "<|endoftext|>";

  /// The 256 bytes and the end of text.
  static Tokenizer bytes();
  /// Reads `tokenizer.json` in a folder, or the file itself. Throws `data` on what differs from the
  /// byte vocabulary.
  static Tokenizer load(const std::filesystem::path& path);
  /// The same from the text of a tokenizer.json; `source` names it in messages.
  static Tokenizer parse(std::string_view json, std::string_view source);

  std::vector<int32_t> encode(std::string_view text,
                              SpecialTokens special = SpecialTokens::as_text) const;
  /// Appends to `tokens`.
  void encode_into(std::string_view text, std::vector<int32_t>& tokens,
                   SpecialTokens special = SpecialTokens::as_text) const;

  /// The exact bytes, which need not be UTF-8. The end of text is written out. Throws `data` on an
  /// id outside the vocabulary.
  std::string decode(std::span<const int32_t> tokens) const;
  /// The bytes of one token.
  std::string_view text_of(int32_t token) const;

  int32_t vocabulary_size() const { return 257; }
  int32_t end_of_text() const { return 256; }

  /// Hash of the vocabulary: equal for tokenizers that give equal ids. For lineage.
  std::string fingerprint() const;

  /// Writes tokenizer.json, tokenizer_config.json, special_tokens_map.json, vocab.json and
  /// merges.txt into the folder. Returns the names of the files.
  std::vector<std::string> save(const std::filesystem::path& folder) const;

 private:
  Tokenizer() = default;
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
