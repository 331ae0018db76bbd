// A model's weights: one logical set of named tensors, in one safetensors file or in numbered
// shards with an index.
//
// Names and layout are Hugging Face's: `model.safetensors`, or `model-00001-of-0000N.safetensors`
// with `model.safetensors.index.json` ({"metadata": {"total_size": …}, "weight_map": {tensor:
// shard}}). The map is checked both ways: each entry must be in its shard, and each tensor of a
// shard must have an entry. Tested by tests/weights/weight_set_test.cpp.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "octavo/weights/safetensors.h"

namespace octavo {

class WeightSet {
 public:
  /// Opens a folder's weights, one .safetensors file, or an .index.json with its shards; in a
  /// folder the single file is taken where both are (as other readers do). Throws `data`, naming
  /// file and tensor, on missing shards, tensors that the index does not know, entries without a
  /// tensor.
  static WeightSet open(const std::filesystem::path& path);

  /// All tensors, in the order of the shards and of their bytes within.
  std::span<const TensorInfo> tensors() const { return tensors_; }
  bool contains(std::string_view name) const { return shard_of(name) != nullptr; }
  /// Throws `data` if there is no such tensor, like the two below.
  const TensorInfo& info(std::string_view name) const { return require_shard(name).info(name); }
  /// A view of the map (SafetensorsFile::tensor).
  Tensor tensor(std::string_view name) const { return require_shard(name).tensor(name); }
  /// The file that holds a tensor, for messages.
  const std::string& file_of(std::string_view name) const { return require_shard(name).name(); }

  std::span<const SafetensorsFile> shards() const { return shards_; }
  const Metadata& metadata() const { return shards_.front().metadata(); }
  int64_t bytes() const;  ///< of all tensors

 private:
  WeightSet(std::string name, std::vector<SafetensorsFile> shards);
  const SafetensorsFile* shard_of(std::string_view name) const;
  const SafetensorsFile& require_shard(std::string_view name) const;

  std::string name_;
  std::vector<SafetensorsFile> shards_;
  std::vector<TensorInfo> tensors_;
};

struct WeightFile {
  std::string name;  ///< within the folder
  std::string hash;  ///< XXH3-128
  int64_t bytes = 0;
};

struct ShardLimit {
  int64_t bytes = 5'000'000'000;  ///< of tensors per file; a larger tensor gets a file of its own
};

/// Writes a folder's weights in the given order, as one file or, past the limit, as shards with an
/// index, which comes last. `produce` makes each tensor when its turn comes, so that a conversion
/// holds one at a time. Returns the files written. Throws `conflict` if the folder holds weights in
/// the other layout, which a reader would take for these.
std::vector<WeightFile> write_weights(const std::filesystem::path& folder,
                                      std::span<const TensorInfo> tensors,
                                      const std::function<Tensor(const TensorInfo&)>& produce,
                                      ShardLimit limit = {});

}  // namespace octavo
