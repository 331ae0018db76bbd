// The trainer of a tokenizer: documents in, a tokenizer of the asked size out.
//
// First the pieces of all documents are counted (piece_counts.h), then merges are learned from them
// (merge_learner.h). Ids: the 256 bytes as themselves, then what merges make in their order, then
// the special tokens. The result depends on the documents alone: not on threads, memory, or the
// order of documents. Tested by tests/tokenizer/training_test.cpp.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "octavo/tokenizer/piece_counts.h"
#include "octavo/tokenizer/tokenizer.h"

namespace octavo {

struct TokenizerTrainingOptions {
  int64_t vocabulary = 0;  ///< tokens in all: bytes, merges and special tokens
  std::vector<std::string> special = {std::string(Tokenizer::kEndOfText)};
  TextSplit split = TextSplit::gpt2;
  size_t memory = size_t{4} << 30;  ///< bytes for counting and learning
  std::filesystem::path scratch;    ///< a folder for what does not fit; empty: the system's
};

struct TrainedTokenizer {
  Tokenizer tokenizer;
  int64_t documents = 0, text_bytes = 0;
  int64_t broken_bytes = 0;  ///< that belong to no UTF-8 character; they are bytes like others
  int64_t pieces = 0;        ///< different ones
  int64_t runs = 0;          ///< written to the disk because memory was full
};

class TokenizerTrainer {
 public:
  /// Throws `usage` for a vocabulary without room for the bytes and one merge, or past 2¹⁹, and for
  /// special tokens that are empty, there twice, one byte, or written like one in files.
  explicit TokenizerTrainer(TokenizerTrainingOptions options);

  void add(std::string_view document);
  /// More of the last document, cut where for_each_window cuts.
  void add_window(std::string_view text);

  /// Throws `data` if there was no text, if it supports fewer tokens than asked, if learning does
  /// not fit into memory, or if the tokens become more than files may have. `progress` is told the
  /// tokens so far.
  TrainedTokenizer finish(const std::function<void(int64_t tokens)>& progress = {});

 private:
  TokenizerTrainingOptions options_;
  PieceCounter counter_;
  int64_t documents_ = 0, text_bytes_ = 0, broken_bytes_ = 0;
};

}  // namespace octavo
