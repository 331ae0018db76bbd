#include "octavo/train/data.h"

#include <algorithm>
#include <chrono>

#include "octavo/base/clock.h"
#include "octavo/base/error.h"
#include "octavo/base/hash.h"
#include "octavo/base/text.h"
#include "octavo/checkpoint/tokenizer_io.h"
#include "octavo/dataset/text_files.h"
#include "octavo/dataset/write_dataset.h"
#include "octavo/tokenizer/tokenizer_trainer.h"

namespace octavo {
namespace {

namespace fs = std::filesystem;

// A shard is held in memory while it is written: 16 MiB at a time.
constexpr int64_t kShardTokens = int64_t{1} << 22;
// Seconds between words on how far the reading of text is.
constexpr double kProgressInterval = 10;
// With fewer documents than this, "auto" validates on the end of the text.
constexpr size_t kManyDocuments = 20;
// Which documents validate does not depend on the seed: runs of all seeds can be compared.
constexpr uint64_t kSplitSeed = 0;

bool holds_tokens(const fs::path& path) {
  if (path.extension() == ".bin" || path.extension() == ".idx") return true;
  if (!fs::is_directory(path)) return false;
  if (fs::exists(path / "dataset.json")) return true;
  return std::any_of(fs::directory_iterator(path), fs::directory_iterator(),
                     [](const auto& entry) { return entry.path().extension() == ".bin"; });
}

Tokenizer learn_tokenizer(const Recipe& recipe, const fs::path& folder, const Report& report) {
  std::vector<std::string> paths;
  for (const SourceRecipe& source : recipe.data.sources)
    if (const fs::path path = recipe.source_path(source); !holds_tokens(path))
      paths.push_back(path.string());
  require(ErrorKind::usage, !paths.empty(),
          "data.tokenizer = \"{}\" expects text to learn from, found only token shards (.bin)",
          kLearnedTokenizer);
  make_directories(folder);
  TokenizerTrainer trainer(
      {.vocabulary = recipe.data.vocabulary, .split = recipe.data.text_split, .scratch = folder});
  for (const fs::path& file : find_text_files(paths))
    for_each_document(file, BinaryText::refused, [&](std::string_view text) { trainer.add(text); });
  const TrainedTokenizer trained = trainer.finish();
  trained.tokenizer.save(folder);
  if (report)
    report(LogLevel::info,
           fmt::format("{} merges learned from {} of text", trained.tokenizer.bpe().merges().size(),
                       human_bytes(static_cast<double>(trained.text_bytes))));
  return trained.tokenizer;
}

// Changes if a file is added, removed, renamed, edited or touched, or with another tokenizer.
std::string key_of(std::span<const std::string> paths, const Tokenizer& tokenizer) {
  Hasher hasher;
  hasher.update(tokenizer.fingerprint());
  for (const fs::path& file : find_text_files(paths))
    hasher.update(fmt::format("\n{}\t{}\t{}", fs::absolute(file).string(), fs::file_size(file),
                              fs::last_write_time(file).time_since_epoch().count()));
  return hasher.hex().substr(0, 16);
}

class Preparation {
 public:
  Preparation(const Recipe& recipe, const RunFolder& folder,
              const std::optional<Tokenizer>& tokenizer, const Report& report)
      : recipe_(recipe), folder_(folder), tokenizer_(tokenizer), report_(report) {}

  std::vector<Source> sources() {
    // Without weights all text is one source and mixes by size.
    const bool weighted = recipe_.data.sources.front().weight > 0;
    std::vector<std::string> texts;
    std::vector<Source> sources;
    for (const SourceRecipe& one : recipe_.data.sources) {
      const fs::path path = recipe_.source_path(one);
      if (holds_tokens(path))
        sources.push_back(open_whole(path, one.weight));
      else if (weighted)
        sources.push_back(open_text({path.string()}, one.weight));
      else
        texts.push_back(path.string());
    }
    if (!texts.empty()) sources.push_back(open_text(texts, 0));
    for (Source& source : sources) {
      if (!weighted) source.weight = static_cast<double>(source.size());
      check_tokenizer(source);
    }
    return sources;
  }

 private:
  Source open_text(const std::vector<std::string>& paths, double weight) {
    require(ErrorKind::usage, tokenizer_.has_value(),
            "{}: data.tokenizer = \"none\" expects token shards (.bin), found text", paths.front());
    const std::string number = fmt::format("source-{}", prepared_++);
    const bool own = recipe_.data.cache.empty();
    const fs::path target =
        own ? folder_.new_data() / number : recipe_.data.cache / key_of(paths, *tokenizer_);
    if (!fs::exists(target / "dataset.json"))
      write(paths, target, own ? folder_.data() / number : target);
    Source source = open_whole(target, weight);
    source.name = paths.front();
    if (paths.size() > 1) source.name += fmt::format(" and {} more", paths.size() - 1);
    return source;
  }

  // A resumed run trains on what it began with: shards of ours are held against their hashes.
  Source open_whole(const fs::path& path, double weight) const {
    if (folder_.start() == RunStart::resume) verify_dataset(path);
    return open_source(path, weight);
  }

  // `place`: where it will be found.
  void write(const std::vector<std::string>& paths, const fs::path& target,
             const fs::path& place) const {
    DatasetOptions options;
    options.shard_tokens = kShardTokens;
    options.existing = Existing::replaced;
    options.progress = [&, told = monotonic_seconds()](const DatasetProgress& progress) mutable {
      if (!report_ || monotonic_seconds() - told < kProgressInterval) return;
      told = monotonic_seconds();
      report_(LogLevel::info, fmt::format("reading text: {} documents, {} tokens so far",
                                          human_count(static_cast<double>(progress.documents)),
                                          human_count(static_cast<double>(progress.tokens))));
    };
    const DatasetSummary summary = write_dataset(paths, target, *tokenizer_, options);
    if (report_)
      report_(LogLevel::info,
              fmt::format("{} in {}, {}: {} tokens in {}", counted(summary.documents, "document"),
                          counted(summary.files, "file"),
                          human_bytes(static_cast<double>(summary.text_bytes)),
                          human_count(static_cast<double>(summary.tokens)), place.string()));
  }

  void check_tokenizer(const Source& source) const {
    if (!tokenizer_ || source.tokenizer.empty()) return;
    require(source.tokenizer == tokenizer_->fingerprint(),
            "{}: expected shards made by the recipe's tokenizer \"{}\" ({}), found another's ({})",
            source.name, recipe_.data.tokenizer, tokenizer_->fingerprint(), source.tokenizer);
  }

  const Recipe& recipe_;
  const RunFolder& folder_;
  const std::optional<Tokenizer>& tokenizer_;
  const Report& report_;
  int prepared_ = 0;
};

Split split_of(const DataRecipe& data, const std::vector<Source>& sources) {
  const auto many = [](const Source& source) {
    return source.has_documents() && source.documents().size() >= kManyDocuments;
  };
  switch (data.split) {
    case ValidationSplit::none:
      return {};
    case ValidationSplit::documents:
      return {SplitBy::document, data.validation_fraction};
    case ValidationSplit::tail:
      return {SplitBy::position, data.validation_fraction};
    default:
      return {
          std::all_of(sources.begin(), sources.end(), many) ? SplitBy::document : SplitBy::position,
          data.validation_fraction};
  }
}

}  // namespace

std::optional<Tokenizer> open_tokenizer(const Recipe& recipe, const RunFolder& folder,
                                        const Report& report) {
  const std::string& name = recipe.data.tokenizer;
  if (name == "none") return {};
  if (name == "bytes") return Tokenizer::bytes();
  if (name != kLearnedTokenizer) return load_tokenizer(name);
  const fs::path learned = folder.new_data() / RunFolder::kTokenizer;
  if (folder.start() == RunStart::resume) return Tokenizer::load(learned);
  return learn_tokenizer(recipe, learned, report);
}

Batches open_data(const Recipe& recipe, const RunFolder& folder,
                  const std::optional<Tokenizer>& tokenizer, const Report& report) {
  std::vector<Source> sources = Preparation(recipe, folder, tokenizer, report).sources();
  const Split split = split_of(recipe.data, sources);
  return Batches(std::move(sources),
                 {.context = recipe.train.context,
                  .rows = recipe.train.batch,
                  .vocabulary = static_cast<int32_t>(recipe.model.config.vocabulary),
                  .seed = recipe.train.seed,
                  .split = split,
                  .split_seed = kSplitSeed});
}

}  // namespace octavo
