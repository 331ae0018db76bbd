// GGUF: typed metadata and named tensors in one file, mapped rather than read.
//
// A file is "GGUF", a version, two counts, the metadata, a line per tensor (name, dimensions, type,
// offset), then the tensors' bytes, each beginning at a multiple of the alignment. Dimensions are
// given here in our order, the reverse of the file's: a weight matrix is [outputs, inputs]. The
// reader trusts nothing: each count and length is checked against what is left of the file before
// anything is reserved for it, extents must lie in the file and apart from each other. So a file
// accepted here can be used through its map without a further check, and one rejected has cost no
// more memory than its own size plus 16 MiB. Tested by tests/weights/gguf_test.cpp and
// tests/fuzz/gguf_fuzz.cpp. Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "octavo/weights/gguf_metadata.h"
#include "octavo/weights/tensor_table.h"
#include "octavo/weights/tensor_writer.h"

namespace octavo {

class GgufFile : public TensorTable {
 public:
  static constexpr uint64_t kMaximumTensors = 32'768;
  static constexpr uint64_t kMaximumNameBytes = 127;  ///< of a tensor
  static constexpr const char* kAlignmentKey = "general.alignment";
  static constexpr int64_t kDefaultAlignment = 32, kMaximumAlignment = int64_t{1} << 20;

  /// Maps and checks a file of version 2 or 3. Throws `data`, naming file and tensor or key, if
  /// anything is not as it should.
  explicit GgufFile(const std::filesystem::path& path);
  /// The same over bytes in memory, kept alive by `owner`; `name` stands for the path in messages.
  GgufFile(std::string name, std::span<const std::byte> bytes, std::shared_ptr<const void> owner);

  const GgufMetadata& metadata() const { return metadata_; }

 private:
  void read(std::span<const std::byte> bytes, std::shared_ptr<const void> owner);

  GgufMetadata metadata_;
};

/// Writes one file of version 3, tensor by tensor. The alignment is that of the metadata's
/// "general.alignment", else 32.
class GgufWriter : public TensorWriter {
 public:
  static constexpr size_t kMaximumNameBytes = 63;  ///< llama.cpp reads no longer names

  /// Throws `usage` on two tensors of one name, a name too long, and types that the format lacks.
  GgufWriter(std::filesystem::path path, const GgufMetadata& metadata,
             std::vector<TensorInfo> tensors);
};

}  // namespace octavo
