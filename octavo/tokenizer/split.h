// The split of text into pieces that merges never cross, GPT-2's:
//
//     's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
//
// A hand-written scanner, linear in the text, a table look-up a byte where the text is ASCII.
// Digits::single is the split of StarCoder and others: every number character alone, and the text
// between two of them split for itself (Hugging Face: Digits before ByteLevel). Tested by
// tests/tokenizer/split_test.cpp, with the pattern in PCRE2 as the oracle. Paper: Radford et al.,
// "Language Models are Unsupervised Multitask Learners" (2019), and openai/gpt-2's encoder.py.
#pragma once

#include <cstddef>
#include <string_view>

namespace octavo {

enum class Digits {
  together,  ///< "1984" is one piece
  single,    ///< "1984" is four
};

/// The length of the first piece of a text that is not empty.
size_t first_piece(std::string_view text, Digits digits = Digits::together);

/// The first place, at or after `position`, that no piece crosses: before a white space of ASCII
/// that follows any other character, or the end. The parts split as the whole does.
size_t safe_cut(std::string_view text, size_t position);

}  // namespace octavo
