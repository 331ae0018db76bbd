#include "octavo/dataset/source.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "octavo/base/error.h"
#include "octavo/base/files.h"
#include "octavo/base/json.h"
#include "octavo/base/random.h"

namespace octavo {

namespace fs = std::filesystem;

namespace {

fs::path manifest_path(const fs::path& folder) { return folder / "dataset.json"; }

// Where the tokens came from is for people: of many files, many times what the rest takes.
Json read_manifest(const fs::path& folder) {
  const JsonStream sources{"sources", [](const Json&) {}};
  const MappedFile map(manifest_path(folder));
  return Json::parse(map.text(), map.path().string(), {.streams = {&sources, 1}});
}

fs::path shard_path(const fs::path& folder, const Json& shard) {
  const fs::path file = shard.at("file").text();
  require(file == file.filename(), "{}: shard \"{}\" is no file name",
          manifest_path(folder).string(), file.string());
  return folder / file;
}

}  // namespace

int64_t Source::size() const {
  int64_t sum = 0;
  for (const TokenFile& file : files) sum += file.size();
  return sum;
}

void Source::read(int64_t position, std::span<int32_t> tokens, int32_t vocabulary) const {
  for (const TokenFile& file : files) {
    if (tokens.empty()) return;
    if (position < file.size()) {
      const auto count =
          std::min<int64_t>(static_cast<int64_t>(tokens.size()), file.size() - position);
      file.read(position, tokens.first(static_cast<size_t>(count)), vocabulary);
      tokens = tokens.subspan(static_cast<size_t>(count));
      position += count;
    }
    position -= file.size();
  }
  assert(tokens.empty());
}

bool Source::has_documents() const {
  return !files.empty() && std::all_of(files.begin(), files.end(), [](const TokenFile& file) {
    return file.documents().has_value();
  });
}

std::vector<int64_t> Source::documents() const {
  std::vector<int64_t> starts;
  int64_t before = 0;
  for (const TokenFile& file : files) {
    for (const int64_t start : file.documents().value()) starts.push_back(before + start);
    before += file.size();
  }
  // Tokens before the first start are a document's too, whose beginning lies elsewhere.
  if (before > 0 && (starts.empty() || starts.front() > 0)) starts.insert(starts.begin(), 0);
  return starts;
}

Source open_source(const fs::path& path, double weight, TokenFormat format) {
  Source source{path.string(), {}, weight, {}};
  if (!fs::is_directory(path)) {
    source.files.push_back(TokenFile::open(path, format));
  } else if (fs::exists(manifest_path(path))) {
    const Json manifest = read_manifest(path);
    source.tokenizer = manifest.at("tokenizer").at("fingerprint").text();
    for (const Json& shard : manifest.at("shards").items()) {
      source.files.push_back(TokenFile::open(shard_path(path, shard), TokenFormat::llmc));
      const TokenFile& opened = source.files.back();
      require(opened.size() == shard.at("tokens").integer(),
              "{}: {} tokens were recorded, it has {}", opened.name(), shard.at("tokens").integer(),
              opened.size());
      require(opened.documents().has_value(), "{}: its list of documents {} is missing",
              opened.name(), documents_path(opened.name()).string());
    }
  } else {
    std::vector<fs::path> shards;
    for (const fs::directory_entry& entry : fs::directory_iterator(path))
      if (entry.path().extension() == ".bin") shards.push_back(entry.path());
    std::sort(shards.begin(), shards.end());
    for (const fs::path& shard : shards) source.files.push_back(TokenFile::open(shard, format));
  }
  require(!source.files.empty(), "{}: there are no token files (*.bin) in this folder",
          path.string());
  return source;
}

bool verify_dataset(const fs::path& folder) {
  if (!fs::exists(manifest_path(folder))) return false;
  const auto check = [](const fs::path& file, const std::string& expected) {
    const std::string found = hash_file(file);
    require(found == expected, "{}: is damaged: its hash is {}, dataset.json says {}",
            file.string(), found, expected);
  };
  const Json manifest = read_manifest(folder);
  for (const Json& shard : manifest.at("shards").items()) {
    const fs::path tokens = shard_path(folder, shard);
    check(tokens, shard.at("hash").text());
    check(documents_path(tokens), shard.at("documents_hash").text());
  }
  return true;
}

void TokenPart::append(int64_t first, int64_t last) {
  assert(first <= last);
  const bool continues =
      !runs_.empty() && first - runs_.back().in_source == size_ - runs_.back().in_part;
  if (!continues && first < last) runs_.push_back({size_, first});
  size_ += last - first;
}

void TokenPart::read(int64_t position, std::span<int32_t> tokens, int32_t vocabulary) const {
  assert(position >= 0 && position + static_cast<int64_t>(tokens.size()) <= size_);
  auto run = std::upper_bound(runs_.begin(), runs_.end(), position,
                              [](int64_t p, const Run& r) { return p < r.in_part; });
  while (!tokens.empty()) {
    const int64_t end = run == runs_.end() ? size_ : run->in_part;
    const Run& current = *std::prev(run);
    const auto count = std::min(static_cast<int64_t>(tokens.size()), end - position);
    source_->read(current.in_source + position - current.in_part,
                  tokens.first(static_cast<size_t>(count)), vocabulary);
    tokens = tokens.subspan(static_cast<size_t>(count));
    position = end;
    ++run;
  }
}

SplitSource split(std::shared_ptr<const Source> source, const Split& how, uint64_t seed,
                  uint32_t stream) {
  const double fraction = how.validation_fraction;
  require(ErrorKind::usage, fraction >= 0 && fraction < 1,
          "[split] a validation fraction in [0, 1) was expected, it is {}", fraction);
  SplitSource parts{TokenPart(source), TokenPart(source)};
  const int64_t size = source->size();
  if (how.by == SplitBy::position || fraction == 0) {
    // As nanoGPT's n = int(0.9 * len(data)).
    const auto boundary = static_cast<int64_t>((1 - fraction) * static_cast<double>(size));
    parts.training.append(0, boundary);
    parts.validation.append(boundary, size);
    return parts;
  }

  require(source->has_documents(),
          "{}: where its documents start is not known (no .docs file); data.validation = "
          "\"tail\" splits by position",
          source->name);
  std::vector<int64_t> starts = source->documents();
  require(starts.size() >= 2,
          "{}: a split by document needs at least two documents, it has {}; data.validation = "
          "\"tail\" splits by position",
          source->name, starts.size());
  const RandomStream random{seed, stream, 0};
  std::vector<double> draws(starts.size());
  for (size_t document = 0; document < draws.size(); ++document)
    draws[document] = random.uniform(document);
  // At least the lowest draw validates, at least the highest trains.
  const auto [lowest, highest] = std::minmax_element(draws.begin(), draws.end());
  const double limit = std::clamp(fraction, std::nextafter(*lowest, 1.0), *highest);
  starts.push_back(size);
  for (size_t document = 0; document < draws.size(); ++document)
    (draws[document] < limit ? parts.validation : parts.training)
        .append(starts[document], starts[document + 1]);
  return parts;
}

}  // namespace octavo
