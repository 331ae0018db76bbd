// Splits as files name them: regular expressions in tokenizer.json, names in GGUF. A pattern is
// known by its text; what it means is split.h's to do. Tested by tests/tokenizer/split_test.cpp.
#pragma once

#include <optional>
#include <string_view>

#include "octavo/tokenizer/rules.h"

namespace octavo {

std::string_view name_of(TextSplit split);  ///< "gpt2", for messages and fingerprints

/// The split that a regular expression describes, if it is a known one.
std::optional<TextSplit> split_of_pattern(std::string_view pattern);
/// The regular expression of one of the splits that have one alone: not of gpt2_digits, spaces,
/// words, none.
std::string_view pattern_of(TextSplit split);

/// What GGUF says by one name ("tokenizer.ggml.pre").
struct GgufSplit {
  std::string_view name;
  TextSplit split;
  WholePieces whole_pieces;
  bool begins_text;  ///< a begin of text is put before a text unless the file says otherwise
};
/// Nothing if the name is not known.
std::optional<GgufSplit> gguf_split(std::string_view name);
/// The name for a split; nothing if GGUF has none.
std::optional<GgufSplit> gguf_split(TextSplit split, WholePieces whole_pieces);

}  // namespace octavo
