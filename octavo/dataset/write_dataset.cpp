#include "octavo/dataset/write_dataset.h"

#include <algorithm>

#include "octavo/base/error.h"
#include "octavo/base/files.h"
#include "octavo/base/json.h"
#include "octavo/base/text.h"
#include "octavo/dataset/token_file.h"

namespace octavo {
namespace {

namespace fs = std::filesystem;

constexpr const char* kManifest = "dataset.json";

// Collects tokens and writes a file whenever it has enough. A document may cross from one into the
// next; it starts in the first.
class ShardWriter {
 public:
  ShardWriter(fs::path folder, int64_t shard_tokens, int32_t vocabulary)
      : folder_(std::move(folder)), shard_tokens_(shard_tokens), vocabulary_(vocabulary) {}

  void add_document(std::span<const int32_t> tokens) {
    starts_.push_back(static_cast<int64_t>(tokens_.size()));
    while (!tokens.empty()) {
      const auto room = static_cast<size_t>(shard_tokens_) - tokens_.size();
      const auto part = tokens.first(std::min(room, tokens.size()));
      tokens_.insert(tokens_.end(), part.begin(), part.end());
      tokens = tokens.subspan(part.size());
      if (static_cast<int64_t>(tokens_.size()) == shard_tokens_) write_shard();
    }
  }

  Json finish() {
    if (!tokens_.empty()) write_shard();
    return std::move(shards_);
  }

 private:
  void write_shard() {
    const std::string name = fmt::format("tokens-{:05}.bin", shards_.size());
    const TokenFileHashes hashes = write_token_file(folder_ / name, tokens_, vocabulary_, starts_);
    shards_.append(Json::object({{"file", name},
                                 {"tokens", tokens_.size()},
                                 {"documents", starts_.size()},
                                 {"hash", hashes.tokens},
                                 {"documents_hash", hashes.documents}}));
    tokens_.clear();
    starts_.clear();
  }

  const fs::path folder_;
  const int64_t shard_tokens_;
  const int32_t vocabulary_;
  std::vector<int32_t> tokens_;
  std::vector<int64_t> starts_;
  Json shards_ = Json::array();
};

std::string_view name_of(EndOfTextPlace placement) {
  switch (placement) {
    case EndOfTextPlace::after:
      return "after";
    case EndOfTextPlace::before:
      return "before";
    default:
      return "none";
  }
}

bool is_shard(const fs::path& path) {
  const std::string name = path.filename().string();
  return name.starts_with("tokens-") && (name.ends_with(".bin") || name.ends_with(".docs"));
}

// A place for the new shards, within the folder so that they need only be renamed. What was in the
// folder stays until they are whole, and stays if they never are.
class Scratch {
 public:
  explicit Scratch(const fs::path& folder) : folder_(folder), path_(folder / ".unfinished") {
    remove_all_quietly(path_);
    make_directories(path_);
  }
  ~Scratch() { remove_all_quietly(path_); }

  const fs::path& path() const { return path_; }

  // The old manifest goes first and the new one comes last: in between there is no data set.
  void publish(const Json& manifest) {
    remove_all_quietly(folder_ / kManifest);
    for (const fs::path& old : shards_in(folder_)) remove_all_quietly(old);
    for (const fs::path& shard : shards_in(path_))
      rename_durably(shard, folder_ / shard.filename());
    write_file(folder_ / kManifest, manifest.dump(2) + "\n");
  }

 private:
  static std::vector<fs::path> shards_in(const fs::path& folder) {
    std::vector<fs::path> shards;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder))
      if (is_shard(entry.path())) shards.push_back(entry.path());
    return shards;
  }

  const fs::path folder_, path_;
};

}  // namespace

DatasetSummary write_dataset(std::span<const std::string> paths, const fs::path& folder,
                             const Tokenizer& tokenizer, const DatasetOptions& options) {
  require(ErrorKind::usage, options.shard_tokens >= 1 && options.shard_tokens <= INT32_MAX,
          "[dataset] shards of 1 to {} tokens were expected, not {}", INT32_MAX,
          options.shard_tokens);
  const std::vector<fs::path> files = find_text_files(paths);
  make_directories(folder);
  const FileLock lock(folder / ".lock");
  require(ErrorKind::conflict,
          options.existing == Existing::replaced || !fs::exists(folder / kManifest),
          "{}: there is a data set already", folder.string());

  Scratch scratch(folder);
  ShardWriter shards(scratch.path(), options.shard_tokens, tokenizer.vocabulary_size());
  DatasetSummary total{.files = static_cast<int64_t>(files.size())};
  DatasetProgress progress;
  for (const fs::path& file : files)
    progress.total_bytes += static_cast<int64_t>(fs::file_size(file));
  Json sources = Json::array();
  std::vector<int32_t> tokens;
  for (const fs::path& file : files) {
    const DatasetSummary before = total;
    Hasher hasher;
    for_each_document(file, options.binary, [&](std::string_view text) {
      if (text.empty()) return;
      tokens.clear();
      if (options.end_of_text == EndOfTextPlace::before) tokens.push_back(tokenizer.end_of_text());
      tokenizer.encode_into(text, tokens);
      if (options.end_of_text == EndOfTextPlace::after) tokens.push_back(tokenizer.end_of_text());
      shards.add_document(tokens);
      hasher.update(text);
      ++total.documents;
      total.tokens += static_cast<int64_t>(tokens.size());
      total.text_bytes += static_cast<int64_t>(text.size());
      progress.documents = total.documents;
      progress.tokens = total.tokens;
      if (options.progress) options.progress(progress);
    });
    progress.bytes += static_cast<int64_t>(fs::file_size(file));
    if (options.progress) options.progress(progress);
    sources.append(Json::object({{"file", file.string()},
                                 {"documents", total.documents - before.documents},
                                 {"tokens", total.tokens - before.tokens},
                                 {"text_bytes", total.text_bytes - before.text_bytes},
                                 {"text_hash", hasher.hex()}}));
  }
  require(total.documents > 0, "{}: no text in {}", files.front().string(),
          counted(static_cast<int64_t>(files.size()), "file"));

  Json written = shards.finish();
  total.shards = static_cast<int64_t>(written.size());
  const Json manifest =
      Json::object({{"format", "octavo-dataset"},
                    {"version", 1},
                    {"tokenizer", Json::object({{"fingerprint", tokenizer.fingerprint()},
                                                {"vocabulary_size", tokenizer.vocabulary_size()},
                                                {"end_of_text", tokenizer.end_of_text()}})},
                    {"end_of_text", name_of(options.end_of_text)},
                    {"documents", total.documents},
                    {"tokens", total.tokens},
                    {"shards", std::move(written)},
                    {"sources", std::move(sources)}});
  scratch.publish(manifest);
  return total;
}

}  // namespace octavo
