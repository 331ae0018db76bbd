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
#include "octavo/weights/tensor_table.h"

namespace octavo {

class WeightSet : public TensorFiles {
 public:
  /// Opens a folder's weights, one .safetensors file, or an .index.json with its shards; in a
  /// folder the single file is taken where both are (as other readers do). Throws `data`, naming
  /// file and tensor, on missing shards, tensors that the index does not know, entries without a
  /// tensor.
  static WeightSet open(const std::filesystem::path& path);

  const Metadata& metadata() const { return metadata_; }  ///< the first file's

 private:
  WeightSet(std::string name, const std::vector<SafetensorsFile>& files);

  Metadata metadata_;
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
