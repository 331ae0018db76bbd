// What a tokenizer does beside its vocabulary and merges: choices, each a value of its own.
#pragma once

#include <cstdint>

#include "octavo/tokenizer/split.h"

namespace octavo {

/// What a piece of text begins as, before merges.
enum class Symbols : uint8_t {
  /// Its bytes: "byte-level" BPE, of GPT-2 and most since. Files spell them as byte_characters.h.
  bytes,
  /// Its characters; those that are no token, as bytes. SentencePiece's, of Llama 1 and 2, Mistral.
  /// Files spell a space "▁" (U+2581), a byte "<0x0A>"; in text too, U+2581 is a space.
  characters,
};

enum class WholePieces : uint8_t {
  merged,  ///< merges decide
  taken,   ///< a piece that is a token is that token, whatever merges say (tiktoken, Llama 3)
};

enum class Normalization : uint8_t {
  none,
  nfc,  ///< Unicode's form C: what can be one character is one (GPT-NeoX, Qwen)
};

/// A space before text, so that its first word is spelled like the others.
enum class PrefixSpace : uint8_t {
  none,
  always,              ///< before all text between added tokens, if there is any (SentencePiece)
  if_missing,          ///< the same, but not where a space begins it
  if_missing_at_start  ///< the same, but only where all text begins
};

/// What decoding does with a space where `PrefixSpace` may have put it.
enum class LeadingSpace : uint8_t { kept, dropped };

struct TokenizerRules {
  TextSplit split = TextSplit::gpt2;
  Symbols symbols = Symbols::bytes;
  WholePieces whole_pieces = WholePieces::merged;
  Normalization normalization = Normalization::none;
  PrefixSpace prefix = PrefixSpace::none;
  LeadingSpace leading_space = LeadingSpace::kept;
  bool operator==(const TokenizerRules&) const = default;
};

}  // namespace octavo
