// Tokenizer files, other people's and ours: all of them say the same, a vocabulary and merges.
//
//     tokenizer.json                    Hugging Face tokenizers; model "BPE", byte-level or with
//                                       bytes as a fallback, and its components
//     vocab.json + merges.txt           the same two lists alone (transformers), byte-level
//     encoder.json + vocab.bpe          the same two, as OpenAI named them for GPT-2
//     NAME.tiktoken                     tiktoken's ranks: a token in base64 and its rank a line
//     tokenizer.bin                     llama2.c's: SentencePiece's tokens and scores
//     tokenizer_config.json             transformers': roles of tokens, chat templates
//     chat_template.jinja               the chat template in a file of its own
//
// A folder may hold several; they must agree. What a file asks for and this program does not do is
// refused by name, never ignored; truncation and padding are the caller's, as in transformers.
// tiktoken's files have neither the split nor special tokens: those of OpenAI's (r50k_base,
// p50k_base, cl100k_base, o200k_base) are known by the file's name, with any other GPT-2's split
// and an end of text after the last rank are taken. Tested by
// tests/tokenizer/tokenizer_files_test.cpp and tests/tokenizer/bad_tokenizer_files_test.cpp, fuzzed
// by tests/fuzz/tokenizer_fuzz.cpp.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "octavo/tokenizer/tokenizer.h"

namespace octavo {

enum class TokenizerFormat {
  hugging_face,  ///< tokenizer.json, two files for transformers, vocab.json and merges.txt
  vocabulary,    ///< vocab.json and merges.txt
  gpt2,          ///< encoder.json and vocab.bpe
  tiktoken,      ///< tokenizer.tiktoken
};

/// llama2.c's, in a folder.
inline constexpr const char* kLlama2cTokenizer = "tokenizer.bin";

/// Whether the folder has any of the files that hold a tokenizer.
bool has_tokenizer(const std::filesystem::path& folder);
/// From a folder with any of the files above, or one of the files. Throws `data`.
TokenizerParts read_tokenizer(const std::filesystem::path& path);

// The same from texts; `source` names each in messages.
TokenizerParts parse_tokenizer_json(std::string_view json, std::string_view source);
/// `added`: what is no text among the names; if none are known, "<|endoftext|>" is.
TokenizerParts parse_vocabulary_and_merges(std::string_view vocabulary,
                                           std::string_view vocabulary_source,
                                           std::string_view merges, std::string_view merges_source,
                                           std::span<const AddedToken> added = {});
TokenizerParts parse_tiktoken(std::string_view ranks, std::string_view source);
TokenizerParts parse_llama2c(std::string_view bytes, std::string_view source);

/// Names and texts of the files of the format. Throws `data` if it cannot say what the tokenizer
/// is: only tokenizer.json has added tokens but "<|endoftext|>", and other rules than GPT-2's;
/// tiktoken's needs ids in the order of merges, and "<|endoftext|>" after them.
std::vector<std::pair<std::string, std::string>> tokenizer_files(const Tokenizer& tokenizer,
                                                                 TokenizerFormat format);
/// Writes them into the folder, which is made if need be, and returns their names.
std::vector<std::string> write_tokenizer(const Tokenizer& tokenizer,
                                         const std::filesystem::path& folder,
                                         TokenizerFormat format);
/// The same, and removes files of other formats: the folder holds this tokenizer alone.
std::vector<std::string> replace_tokenizer(const Tokenizer& tokenizer,
                                           const std::filesystem::path& folder,
                                           TokenizerFormat format);
/// Throws `conflict` if files in the folder are a tokenizer's by their names.
void require_no_tokenizer(const std::filesystem::path& folder);

std::string tokenizer_json(const Tokenizer& tokenizer);   ///< tokenizer.json
std::string vocabulary_json(const Tokenizer& tokenizer);  ///< vocab.json, on one line
std::string merges_text(const Tokenizer& tokenizer);      ///< merges.txt
/// NAME.tiktoken. Throws `data` if ranks cannot say what the tokenizer is.
std::string tiktoken_text(const Tokenizer& tokenizer);

}  // namespace octavo
