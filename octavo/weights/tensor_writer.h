// What the writers of weight files share: tensors announced first and then written one by one, and
// how many tensors are dealt to files of a limited size.
//
// A file appears whole or not at all (base/files.h). Tested by tests/weights.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "octavo/base/files.h"
#include "octavo/weights/tensor_table.h"

namespace octavo {

/// A file of named tensors in the making. Formats derive from it and write their header when they
/// are made; the numbers follow in the order announced, one tensor at a time in memory.
class TensorWriter {
 public:
  /// The next tensor; its type and shape must be those announced.
  void write(const Tensor& tensor);
  /// Puts the file in place; returns its hash (base/hash.h). Every tensor must have been written.
  std::string finish();

 protected:
  /// Throws `usage` on two tensors of one name. Each tensor, the last one too, will be filled up
  /// with zeros to a multiple of `alignment` bytes from the beginning of the file.
  TensorWriter(std::filesystem::path path, std::vector<TensorInfo> tensors, int64_t alignment = 1);
  ~TensorWriter() = default;

  void fill_up();

  FileWriter file_;
  std::vector<TensorInfo> tensors_;

 private:
  int64_t alignment_;
  size_t next_ = 0;
};

struct WeightFile {
  std::string name;  ///< within the folder
  std::string hash;  ///< XXH3-128
  int64_t bytes = 0;
};

struct ShardLimit {
  int64_t bytes = 5'000'000'000;  ///< of tensors per file; a larger tensor gets a file of its own
};

/// The tensors in their order, dealt to as many files as the limit asks for: at least one.
std::vector<std::vector<TensorInfo>> in_shards(std::span<const TensorInfo> tensors,
                                               ShardLimit limit);

}  // namespace octavo
