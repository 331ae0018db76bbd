#include "octavo/weights/gguf_set.h"

#include <algorithm>
#include <optional>

#include "octavo/base/error.h"
#include "octavo/base/files.h"
#include "octavo/base/text.h"

namespace octavo {
namespace {

namespace fs = std::filesystem;

constexpr const char* kNumber = "split.no";
constexpr const char* kCount = "split.count";
constexpr const char* kTensors = "split.tensors.count";
constexpr int64_t kMaximumSplits = 65'535;

fs::path split_path(const fs::path& folder, std::string_view name, int64_t number, int64_t count) {
  return folder / fmt::format("{}-{:05}-of-{:05}.gguf", name, number + 1, count);
}

// The name before "-00001-of-00003.gguf", if the path ends like that with this number and count.
std::optional<std::string> name_of_split(const fs::path& path, int64_t number, int64_t count) {
  const std::string ending = split_path("", "", number, count).string();
  const std::string file = path.filename().string();
  if (!file.ends_with(ending)) return std::nullopt;
  return file.substr(0, file.size() - ending.size());
}

void require_split(const GgufFile& split, int64_t number, const GgufFile& given) {
  const auto expect = [&](const char* key, int64_t expected) {
    const GgufValue& value = split.metadata().at(key);
    require(value.integer() == expected, "{}: expected {}, found {}", value.where(), expected,
            value.integer());
  };
  expect(kNumber, number);
  expect(kCount, given.metadata().at(kCount).integer());
  expect(kTensors, given.metadata().at(kTensors).integer());
}

// Of one split of `count`, or of the only file; what is said comes with the first.
GgufMetadata metadata_of_split(const GgufMetadata& metadata, int64_t number, int64_t count,
                               size_t tensors) {
  GgufMetadata own;
  for (const GgufValue& value : metadata.values())
    if ((number == 0 || value.key() == GgufFile::kAlignmentKey) &&
        !value.key().starts_with("split."))  // they may come from a model that was split
      own.set(value);
  if (count > 1)
    own.set(kNumber, static_cast<uint16_t>(number))
        .set(kCount, static_cast<uint16_t>(count))
        .set(kTensors, static_cast<int32_t>(tensors));
  return own;
}

}  // namespace

GgufSet GgufSet::open(const fs::path& path) {
  GgufFile given(path);
  const GgufValue* count_value = given.metadata().find(kCount);
  const int64_t count = count_value == nullptr ? 0 : count_value->integer(0, kMaximumSplits);
  std::vector<GgufFile> splits;
  if (count <= 1) {
    splits.push_back(std::move(given));
    return GgufSet(path.string(), splits);
  }
  const int64_t given_number = given.metadata().at(kNumber).integer(0, count - 1);
  const auto name = name_of_split(path, given_number, count);
  require(name.has_value(), "{}: is split {} of {}, so its name must end in {}", path.string(),
          given_number + 1, count, split_path("", "", given_number, count).string());

  int64_t tensors = 0;
  for (int64_t number = 0; number < count; ++number) {
    const fs::path split = split_path(path.parent_path(), *name, number, count);
    require(fs::exists(split), "{}: its split {} is missing", path.string(), split.string());
    splits.emplace_back(split);
    require_split(splits.back(), number, given);
    tensors += static_cast<int64_t>(splits.back().tensors().size());
    require(tensors <= static_cast<int64_t>(GgufFile::kMaximumTensors),
            "{}: more than {} tensors in all splits", path.string(), GgufFile::kMaximumTensors);
  }
  const GgufValue& claimed = given.metadata().at(kTensors);
  require(claimed.integer() == tensors, "{}: claims {} tensors, the splits hold {}",
          claimed.where(), claimed.integer(), tensors);

  GgufSet result(path.string(), splits);
  std::vector<std::string_view> names;
  for (const TensorInfo& tensor : result.tensors()) names.push_back(tensor.name);
  std::ranges::sort(names);
  const auto twice = std::ranges::adjacent_find(names);
  require(twice == names.end(), "{}: tensor {} is in two splits", path.string(),
          twice == names.end() ? "" : in_quotes(*twice));
  return result;
}

GgufSet::GgufSet(std::string name, const std::vector<GgufFile>& files)
    : TensorFiles(std::move(name), {files.begin(), files.end()}),
      metadata_(files.front().metadata()) {}

std::vector<WeightFile> write_gguf(const fs::path& path, const GgufMetadata& metadata,
                                   std::span<const TensorInfo> tensors,
                                   const std::function<Tensor(const TensorInfo&)>& produce,
                                   ShardLimit limit) {
  const auto shards = in_shards(tensors, limit);
  require(ErrorKind::usage, shards.size() <= kMaximumSplits,
          "{}: {} splits, at most {} are possible", path.string(), shards.size(), kMaximumSplits);
  const auto count = static_cast<int64_t>(shards.size());
  const auto file_of = [&](int64_t number) {
    return count == 1 ? path : split_path(path.parent_path(), path.stem().string(), number, count);
  };
  if (count > 1)
    for (int64_t number = 0; number < count; ++number)
      require(ErrorKind::conflict, !fs::exists(file_of(number)),
              "{}: is there already and is not overwritten", file_of(number).string());
  std::vector<WeightFile> written;
  std::vector<fs::path> parts, named;  // splits take their names when all of them are whole
  try {
    for (int64_t number = 0; number < count; ++number) {
      const auto& shard = shards[static_cast<size_t>(number)];
      const fs::path target = file_of(number);
      const fs::path file = count == 1 ? target : parts.emplace_back(temporary_beside(target));
      GgufWriter writer(file, metadata_of_split(metadata, number, count, tensors.size()), shard);
      for (const TensorInfo& tensor : shard) writer.write(produce(tensor));
      std::string hash = writer.finish();
      written.push_back(
          {target.filename().string(), std::move(hash), static_cast<int64_t>(fs::file_size(file))});
    }
    // The first split comes last: before it is there, nothing takes the others for a model.
    for (size_t left = parts.size(); left-- > 0;) {
      const fs::path target = file_of(static_cast<int64_t>(left));
      rename_to_new(parts[left], target);
      named.push_back(target);
      if (left <= 1) sync_directory(fs::absolute(target).parent_path());
    }
  } catch (...) {
    for (const auto* files : {&parts, &named})  // ours: what another has put there stays
      for (const fs::path& file : *files) remove_all_quietly(file);
    throw;
  }
  return written;
}

}  // namespace octavo
