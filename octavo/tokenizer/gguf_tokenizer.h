// The tokenizer that GGUF's metadata describe, in and out, as plain data: whoever reads the file
// (checkpoint/tokenizer_io.h) fills the struct from the keys named here, and writes them from it.
//
// Model "gpt2" is byte-level BPE, split as "tokenizer.ggml.pre" names (split_patterns.h); without
// that key, which old files lack, as GPT-2's. Model "llama" is SentencePiece's BPE by scores. What
// the metadata have no words for is refused in writing, but for two things that llama.cpp's own
// converters leave out too: NFC, and the space before a text that is put only where none is. Tested
// by tests/tokenizer/gguf_tokenizer_test.cpp.
// Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md, and llama.cpp's
// src/llama-vocab.cpp for what it leaves open.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "octavo/tokenizer/tokenizer.h"

namespace octavo {

/// "tokenizer.ggml.token_type"
enum class GgufTokenType : int32_t {
  normal = 1,
  unknown = 2,
  control = 3,       ///< a special token
  user_defined = 4,  ///< added, but not special
  unused = 5,        ///< fills up to the model's vocabulary
  byte = 6,
};

namespace gguf_key {
inline constexpr std::string_view kModel = "tokenizer.ggml.model", kPre = "tokenizer.ggml.pre",
                                  kTokens = "tokenizer.ggml.tokens",
                                  kScores = "tokenizer.ggml.scores",
                                  kTypes = "tokenizer.ggml.token_type",
                                  kMerges = "tokenizer.ggml.merges",
                                  kBegin = "tokenizer.ggml.bos_token_id",
                                  kEnd = "tokenizer.ggml.eos_token_id",
                                  kUnknown = "tokenizer.ggml.unknown_token_id",
                                  kPadding = "tokenizer.ggml.padding_token_id",
                                  kAddsBegin = "tokenizer.ggml.add_bos_token",
                                  kAddsEnd = "tokenizer.ggml.add_eos_token",
                                  kAddsSpace = "tokenizer.ggml.add_space_prefix",
                                  kTemplate = "tokenizer.chat_template",  // and ".NAME"
    kTemplateNames = "tokenizer.chat_templates";
}  // namespace gguf_key

/// A member for each key, in their order; what is empty or nothing is not there.
struct GgufTokenizer {
  std::string_view model, pre;
  std::vector<std::string_view> tokens;
  std::vector<float> scores;
  std::vector<int32_t> types;  ///< GgufTokenType; if there are none, all are normal
  std::vector<std::string_view> merges;
  std::optional<int64_t> begin_of_text, end_of_text, unknown, padding;
  std::optional<bool> adds_begin, adds_end, adds_space;
  std::vector<ChatTemplate> chat_templates;
  /// What the views point to, if they were made for writing.
  std::shared_ptr<const std::string> text;
};

/// Throws `data`, beginning with `source` and naming the key.
TokenizerParts parse_gguf_tokenizer(const GgufTokenizer& metadata, std::string_view source);

/// With as many tokens as the model has, if it has more. Throws `data` if the metadata cannot say
/// what the tokenizer is.
GgufTokenizer gguf_tokenizer(const Tokenizer& tokenizer, int64_t vocabulary);

}  // namespace octavo
