// A source: token files read as one stream, and its division into what trains and what validates.
//
// By document, each document falls to one side by a random number of its own (GPT-3's way for many
// documents: near-copies aside, nothing of a validation text is trained on). By position, the end
// of the stream validates (nanoGPT's way for one text). A part is again one stream: the documents
// that are in it, joined. Tested by tests/dataset/source_test.cpp.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "octavo/dataset/token_file.h"

namespace octavo {

struct Source {
  std::string name;
  std::vector<TokenFile> files;
  double weight = 1;      ///< its share of the training samples, relative to the other sources
  std::string tokenizer;  ///< fingerprint of the tokenizer that made it; empty if unknown

  int64_t size() const;  ///< tokens
  /// Tokens [position, …) of the files, joined. Throws `data` as TokenFile::read does.
  void read(int64_t position, std::span<int32_t> tokens, int32_t vocabulary) const;
  bool has_documents() const;  ///< whether every file says where its documents start
  /// Where documents start in the joined stream, ascending from 0.
  std::vector<int64_t> documents() const;
};

/// Opens one token file, a folder that `write_dataset` made (its dataset.json names the shards), or
/// a folder of *.bin. Throws `data` if there is nothing to read or a shard is not as recorded.
Source open_source(const std::filesystem::path& path, double weight = 1,
                   TokenFormat format = TokenFormat::automatic);

/// Reads every shard of a data set of write_dataset's and holds it against the hashes in its
/// dataset.json. Throws `data` naming the first file that is not as it was written; false if there
/// is no dataset.json, so that nothing is known.
bool verify_dataset(const std::filesystem::path& folder);

/// A subsequence of a source's stream, itself addressed from 0 without gaps.
class TokenPart {
 public:
  /// Source positions [first, last) follow what was added before.
  explicit TokenPart(std::shared_ptr<const Source> source) : source_(std::move(source)) {}
  void append(int64_t first, int64_t last);

  const Source& source() const { return *source_; }
  int64_t size() const { return size_; }
  /// Tokens [position, position + tokens.size()) of the part. Time: log of the number of runs.
  void read(int64_t position, std::span<int32_t> tokens, int32_t vocabulary) const;

 private:
  struct Run {
    int64_t in_part, in_source;
  };
  std::shared_ptr<const Source> source_;
  std::vector<Run> runs_;  // ascending in both
  int64_t size_ = 0;
};

enum class SplitBy { position, document };

struct Split {
  SplitBy by = SplitBy::position;
  double validation_fraction = 0;  ///< in [0, 1); 0: everything trains
};

struct SplitSource {
  TokenPart training, validation;
};

/// Divides a source. By document, which side a document falls to is a function of seed, stream and
/// the document's number, and each side gets at least one; throws `data` if there are fewer than
/// two documents or their starts are not known.
SplitSource split(std::shared_ptr<const Source> source, const Split& how, uint64_t seed,
                  uint32_t stream);

}  // namespace octavo
