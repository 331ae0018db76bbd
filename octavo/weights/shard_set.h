// One logical set of named tensors over the files that hold them, for each format.
//
// Tested by tests/weights/weight_set_test.cpp and gguf_set_test.cpp.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "octavo/base/error.h"
#include "octavo/weights/tensor_table.h"

namespace octavo {

template <class File>
class ShardSet {
 public:
  /// All tensors, in the order of the shards and of the tensors within.
  std::span<const TensorInfo> tensors() const { return tensors_; }
  bool contains(std::string_view name) const { return shard_of(name) != nullptr; }
  /// Throws `data` if there is no such tensor, like the two below.
  const TensorInfo& info(std::string_view name) const { return require_shard(name).info(name); }
  /// A view of the map (TensorTable::tensor).
  Tensor tensor(std::string_view name) const { return require_shard(name).tensor(name); }
  /// The file that holds a tensor, for messages.
  const std::string& file_of(std::string_view name) const { return require_shard(name).name(); }

  std::span<const File> shards() const { return shards_; }
  const auto& metadata() const { return shards_.front().metadata(); }  ///< the first shard's
  int64_t bytes() const {                                              ///< of all tensors
    int64_t sum = 0;
    for (const TensorInfo& tensor : tensors_) sum += tensor.bytes();
    return sum;
  }

 protected:
  /// `name` stands for the whole in messages.
  ShardSet(std::string name, std::vector<File> shards)
      : name_(std::move(name)), shards_(std::move(shards)) {
    for (const File& shard : shards_)
      tensors_.insert(tensors_.end(), shard.tensors().begin(), shard.tensors().end());
  }

 private:
  const File* shard_of(std::string_view name) const {
    const auto found =
        std::ranges::find_if(shards_, [&](const File& shard) { return shard.contains(name); });
    return found == shards_.end() ? nullptr : &*found;
  }
  const File& require_shard(std::string_view name) const {
    const File* shard = shard_of(name);
    require(shard != nullptr, "{}: there is no tensor \"{}\"", name_, name);
    return *shard;
  }

  std::string name_;
  std::vector<File> shards_;
  std::vector<TensorInfo> tensors_;
};

}  // namespace octavo
