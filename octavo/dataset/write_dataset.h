// From text to token shards: the first step of every run.
//
// Text files and JSONL become `tokens-00000.bin` … with their documents (dataset/token_file.h) and
// a `dataset.json` that says what they hold and where it came from. The same input gives the same
// bytes. The manifest comes last: a folder without it was not finished and is written anew. Tested
// by tests/dataset/write_dataset_test.cpp.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "octavo/dataset/text_files.h"
#include "octavo/tokenizer/tokenizer.h"

namespace octavo {

/// Where end-of-text tokens go. Documents must be joined by one in training (GPT-3, section 2.2).
enum class EndOfTextPlace { after, before, none };

/// What to do if the folder holds a data set already.
enum class Existing {
  kept,  ///< a `conflict` error
  replaced,
};

struct DatasetProgress {
  int64_t bytes = 0, total_bytes = 0;  ///< of the files, as stored
  int64_t documents = 0, tokens = 0;
};

struct DatasetOptions {
  int64_t shard_tokens = int64_t{1} << 25;  ///< 4 bytes of memory each while writing
  EndOfTextPlace end_of_text = EndOfTextPlace::after;
  BinaryText binary = BinaryText::refused;
  Existing existing = Existing::kept;
  std::function<void(const DatasetProgress&)> progress;  ///< after each document, if given
};

struct DatasetSummary {
  int64_t files = 0, documents = 0, tokens = 0, shards = 0;
  int64_t text_bytes = 0;
};

/// Writes the documents of these paths (find_text_files) into the folder. Documents without text
/// are left out. Throws `data` on unusable input, `conflict` as `existing` says.
DatasetSummary write_dataset(std::span<const std::string> paths,
                             const std::filesystem::path& folder, const Tokenizer& tokenizer,
                             const DatasetOptions& options = {});

}  // namespace octavo
