// safetensors: named tensors in one file, mapped rather than read.
//
// A file is eight bytes of header length, a JSON header, then the tensors' bytes back to back. The
// reader trusts nothing: the header must fit the file, extents must cover the data from its first
// to its last byte without hole or overlap, and each must be what its type and shape take. So a
// file accepted here can be used through its map without a further check, and one rejected has cost
// no more memory than its own size plus 16 MiB. NaN and Inf are values like others here; who needs
// finite weights checks them. Tested by tests/weights/safetensors_test.cpp and
// tests/fuzz/safetensors_fuzz.cpp. Format: https://github.com/huggingface/safetensors#format.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "octavo/base/files.h"
#include "octavo/tensor/tensor.h"

namespace octavo {

/// A tensor without its numbers.
struct TensorInfo {
  std::string name;
  DataType type = DataType::f32;
  Shape shape;

  int64_t bytes() const { return shape.elements() * static_cast<int64_t>(size_of(type)); }
};

using Metadata = std::map<std::string, std::string>;

class SafetensorsFile {
 public:
  static constexpr uint64_t kMaximumHeader = 100'000'000;

  /// Maps and checks a file. Throws `data`, naming file and tensor, if anything is not as it
  /// should.
  explicit SafetensorsFile(const std::filesystem::path& path);
  /// The same over bytes in memory, kept alive by `owner`; `name` stands for the path in messages.
  SafetensorsFile(std::string name, std::span<const std::byte> bytes,
                  std::shared_ptr<const void> owner);

  const std::string& name() const { return name_; }
  const Metadata& metadata() const { return metadata_; }

  /// In the order of their bytes in the file.
  std::span<const TensorInfo> tensors() const { return tensors_; }
  bool contains(std::string_view name) const { return index_of(name).has_value(); }
  /// Throws `data` if there is no such tensor.
  const TensorInfo& info(std::string_view name) const;

  /// A view of the map, which it keeps alive: no copy, not to be written to. A tensor that the file
  /// holds misaligned for its type is copied.
  Tensor tensor(std::string_view name) const;

 private:
  void read_header();
  std::optional<size_t> index_of(std::string_view name) const;
  size_t require_index(std::string_view name) const;

  std::string name_;
  std::span<const std::byte> bytes_;
  std::shared_ptr<const void> owner_;
  std::vector<TensorInfo> tensors_;
  std::vector<size_t> offsets_;    // of tensors_[i] in bytes_
  std::vector<uint32_t> by_name_;  // indices of tensors_, sorted by name
  Metadata metadata_;
};

/// Writes one file, tensor by tensor: what will come is said first, the numbers follow in that
/// order. The header is padded so that the data starts 8-byte aligned.
class SafetensorsWriter {
 public:
  /// Throws `usage` on two tensors of one name.
  SafetensorsWriter(std::filesystem::path path, std::vector<TensorInfo> tensors,
                    const Metadata& metadata = {{"format", "pt"}});

  /// The next tensor; its type and shape must be those announced.
  void write(const Tensor& tensor);
  /// Puts the file in place; returns its hash (base/hash.h). Every tensor must have been written.
  std::string finish();

 private:
  FileWriter file_;
  std::vector<TensorInfo> tensors_;
  size_t next_ = 0;
};

}  // namespace octavo
