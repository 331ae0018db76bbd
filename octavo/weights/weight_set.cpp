#include "octavo/weights/weight_set.h"

#include <algorithm>
#include <map>
#include <set>

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

  std::map<std::string, std::string_view> shard_of;  // tensor → file
  std::set<std::string_view> names;                  // of files, sorted: in the order of numbers
  for (const Json& entry : weight_map.members()) {
    require(is_plain_name(entry.text()), "{}: tensor \"{}\" is said to be in \"{}\", no file name",
            index_path.string(), entry.key(), entry.text());
    shard_of.emplace(entry.key(), entry.text());
    names.insert(entry.text());
  }

  std::vector<SafetensorsFile> shards;
  for (const std::string_view name : names) {
    const fs::path path = index_path.parent_path() / name;
    require(fs::exists(path), "{}: its shard {} is missing", index_path.string(), name);
    const SafetensorsFile& shard = shards.emplace_back(path);
    for (const TensorInfo& tensor : shard.tensors()) {
      const auto entry = shard_of.find(tensor.name);
      require(entry != shard_of.end(), "{}: tensor \"{}\" is not in {}", path.string(), tensor.name,
              index_path.string());
      require(entry->second == name, "{}: tensor \"{}\" belongs to {} says {}", path.string(),
              tensor.name, entry->second, index_path.string());
    }
  }
  for (const Json& entry : weight_map.members()) {
    const auto shard = static_cast<size_t>(
        std::distance(names.begin(), names.find(std::string_view(entry.text()))));
    require(shards[shard].contains(entry.key()), "{}: tensor \"{}\" is missing, {} promises it",
            shards[shard].name(), entry.key(), index_path.string());
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
