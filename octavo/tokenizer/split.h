// The split of text into pieces that merges never cross. Those in use, as regular expressions:
//
//   gpt2    's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
//   gpt4    (?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|
//            ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+
//   gpt4o   [^\r\n\p{L}\p{N}]?U*L+C?|[^\r\n\p{L}\p{N}]?U+L*C?|\p{N}{1,3}|
//            ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+
//           where U = [\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}], L = [\p{Ll}\p{Lm}\p{Lo}\p{M}] and
//           C = (?i:'s|'t|'re|'ve|'m|'ll|'d)
//
// (split_patterns.h has them as files spell them, under which names.) Each is a hand-written
// scanner, linear in the text, a table look-up a byte where the text is ASCII. Tested by
// tests/tokenizer/split_test.cpp, with the patterns in PCRE2 as the oracle. Paper: Radford et al.,
// "Language Models are Unsupervised Multitask Learners" (2019), and openai/gpt-2's encoder.py;
// the later patterns are OpenAI's too, from tiktoken.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace octavo {

enum class TextSplit : uint8_t {
  gpt2,         ///< GPT-2, GPT-3, GPT-NeoX, MPT
  gpt2_digits,  ///< StarCoder, SmolLM: each number character alone, what is between as gpt2
  gpt4,         ///< GPT-4 (cl100k), Llama 3
  qwen2,        ///< as gpt4, but numbers one character at a time
  gpt4o,        ///< GPT-4o (o200k)
  tekken,       ///< Mistral's: as gpt4o, without contractions, numbers one character at a time
  spaces,       ///< before every space
  words,        ///< before every run of spaces
  none,         ///< all text is one piece
};

/// The length of the first piece of a text that is not empty.
size_t first_piece(std::string_view text, TextSplit split = TextSplit::gpt2);

/// The first place, at or after `position`, that no piece crosses: before a white space of ASCII
/// that follows any other character, or the end. The parts split as the whole does. For `spaces`
/// and `words`, U+2581 is white space too: it stands for a space (rules.h).
size_t safe_cut(std::string_view text, size_t position, TextSplit split = TextSplit::gpt2);

}  // namespace octavo
