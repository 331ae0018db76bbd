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
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "octavo/weights/tensor_table.h"
#include "octavo/weights/tensor_writer.h"

namespace octavo {

using Metadata = std::map<std::string, std::string>;

class SafetensorsFile : public TensorTable {
 public:
  static constexpr uint64_t kMaximumHeader = 100'000'000;

  /// Maps and checks a file. Throws `data`, naming file and tensor, if anything is not as it
  /// should.
  explicit SafetensorsFile(const std::filesystem::path& path);
  /// The same over bytes in memory, kept alive by `owner`; `name` stands for the path in messages.
  SafetensorsFile(std::string name, std::span<const std::byte> bytes,
                  std::shared_ptr<const void> owner);

  const Metadata& metadata() const { return metadata_; }

 private:
  void read(std::span<const std::byte> bytes, std::shared_ptr<const void> owner);

  Metadata metadata_;
};

/// Writes one file, tensor by tensor. The header is padded so that the data starts 8-byte aligned.
class SafetensorsWriter : public TensorWriter {
 public:
  /// Throws `usage` on two tensors of one name and on types that the format lacks.
  SafetensorsWriter(std::filesystem::path path, std::vector<TensorInfo> tensors,
                    const Metadata& metadata = {{"format", "pt"}});
};

}  // namespace octavo
