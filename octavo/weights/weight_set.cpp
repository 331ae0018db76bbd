#include "octavo/weights/weight_set.h"

#include <algorithm>

#include "octavo/base/error.h"
#include "octavo/base/json.h"

namespace octavo {
namespace {

namespace fs = std::filesystem;

constexpr const char* kSingle = "model.safetensors";
constexpr const char* kIndex = "model.safetensors.index.json";

// A shard is a file beside its index: a map that points elsewhere is hostile.
bool is_plain_name(const std::string& name) {
  return !name.empty() && name != "." && name != ".." && name.find('/') == std::string::npos &&
         name.find('\0') == std::string::npos;
}

std::vector<SafetensorsFile> open_shards(const fs::path& index_path) {
  const MappedFile map(index_path);
  const Json index = Json::parse(map.text(), index_path.string());
  const Json& weight_map = index.at("weight_map");
  require(weight_map.size() > 0, "{}: its weight_map is empty", index_path.string());

  // Views and no copies: the index itself may have taken most of what reading it is allowed.
  std::vector<const Json*> entries;     // by the names of tensors
  std::vector<std::string_view> names;  // of files, sorted: in the order of numbers
  entries.reserve(weight_map.size()), names.reserve(weight_map.size());
  for (const Json& entry : weight_map.members()) {
    require(is_plain_name(entry.text()), "{}: tensor \"{}\" is said to be in \"{}\", no file name",
            index_path.string(), entry.key(), entry.text());
    entries.push_back(&entry);
    names.push_back(entry.text());
  }
  std::ranges::sort(entries, {}, &Json::key);
  std::ranges::sort(names);
  names.erase(std::unique(names.begin(), names.end()), names.end());

  std::vector<SafetensorsFile> shards;
  for (const std::string_view name : names) {
    const fs::path path = index_path.parent_path() / name;
    require(fs::exists(path), "{}: its shard {} is missing", index_path.string(), name);
    const SafetensorsFile& shard = shards.emplace_back(path);
    for (const TensorInfo& tensor : shard.tensors()) {
      const auto entry =
          std::ranges::lower_bound(entries, std::string_view(tensor.name), {}, &Json::key);
      require(entry != entries.end() && (*entry)->key() == tensor.name,
              "{}: tensor \"{}\" is not in {}", path.string(), tensor.name, index_path.string());
      require((*entry)->text() == name, "{}: tensor \"{}\" belongs to {} says {}", path.string(),
              tensor.name, (*entry)->text(), index_path.string());
    }
  }
  for (const Json& entry : weight_map.members()) {
    const auto place = std::ranges::lower_bound(names, std::string_view(entry.text()));
    const SafetensorsFile& shard = shards[static_cast<size_t>(place - names.begin())];
    require(shard.contains(entry.key()), "{}: tensor \"{}\" is missing, {} promises it",
            shard.name(), entry.key(), index_path.string());
  }
  return shards;
}

}  // namespace

WeightSet WeightSet::open(const fs::path& path) {
  fs::path file = path;
  if (fs::is_directory(path)) {
    file = path / kSingle;
    if (!fs::exists(file)) file = path / kIndex;
    require(fs::exists(file), "{}: holds neither {} nor {}", path.string(), kSingle, kIndex);
  }
  std::vector<SafetensorsFile> shards;
  if (file.extension() == ".json")
    shards = open_shards(file);
  else
    shards.emplace_back(file);
  return WeightSet(file.string(), shards);
}

WeightSet::WeightSet(std::string name, const std::vector<SafetensorsFile>& files)
    : TensorFiles(std::move(name), {files.begin(), files.end()}),
      metadata_(files.front().metadata()) {}

std::vector<WeightFile> write_weights(const fs::path& folder, std::span<const TensorInfo> tensors,
                                      const std::function<Tensor(const TensorInfo&)>& produce,
                                      ShardLimit limit) {
  const auto shards = in_shards(tensors, limit);
  const bool single = shards.size() == 1;
  const fs::path other = folder / (single ? kIndex : kSingle);
  require(ErrorKind::conflict, !fs::exists(other),
          "{}: is there already, beside it no {} is written", other.string(),
          single ? kSingle : kIndex);

  int64_t total = 0;
  std::vector<WeightFile> written;
  Json weight_map = Json::object();
  for (size_t number = 0; number < shards.size(); ++number) {
    const std::string name =
        single ? kSingle
               : fmt::format("model-{:05}-of-{:05}.safetensors", number + 1, shards.size());
    SafetensorsWriter writer(folder / name, shards[number]);
    for (const TensorInfo& tensor : shards[number]) {
      writer.write(produce(tensor));
      total += tensor.bytes();
      if (!single) weight_map.set(tensor.name, name);
    }
    std::string hash = writer.finish();
    written.push_back({name, std::move(hash), static_cast<int64_t>(fs::file_size(folder / name))});
  }
  if (!single) {
    const Json index = Json::object({{"metadata", Json::object({{"total_size", total}})},
                                     {"weight_map", std::move(weight_map)}});
    const std::string text = index.dump(2) + "\n";
    written.push_back(
        {kIndex, write_file(folder / kIndex, text), static_cast<int64_t>(text.size())});
  }
  return written;
}

}  // namespace octavo
