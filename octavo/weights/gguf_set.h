// A model in GGUF: one file, or splits NAME-00001-of-00003.gguf, NAME-00002-of-… beside each other.
//
// As llama.cpp's gguf-split writes them: the first split has the model's metadata, and each has
// "split.no" (from 0), "split.count" and "split.tensors.count" (of all splits together). Names and
// keys must agree, or the set is refused. Tested by tests/weights/gguf_set_test.cpp.
#pragma once

#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "octavo/weights/gguf.h"
#include "octavo/weights/tensor_table.h"

namespace octavo {

class GgufSet : public TensorFiles {
 public:
  /// Opens one file, and if it is a split, whichever, all of them. Throws `data`, naming the file,
  /// on missing splits, numbers that disagree, a tensor in two splits.
  static GgufSet open(const std::filesystem::path& path);

  const GgufMetadata& metadata() const { return metadata_; }  ///< the first file's

 private:
  GgufSet(std::string name, const std::vector<GgufFile>& files);

  GgufMetadata metadata_;
};

/// Writes a model in the given order as the file `path` or, past the limit, as splits in its place:
/// NAME.gguf becomes NAME-00001-of-0000N.gguf and so on. `produce` makes each tensor when its turn
/// comes. Returns the files written. After an error none of them is there, nor was anything of
/// others touched; a process that dies between the renaming of splits leaves some without the
/// first, which is no model and is to be removed. Throws `usage` as GgufWriter does, `conflict` if
/// there is anything at a split's name.
std::vector<WeightFile> write_gguf(const std::filesystem::path& path, const GgufMetadata& metadata,
                                   std::span<const TensorInfo> tensors,
                                   const std::function<Tensor(const TensorInfo&)>& produce,
                                   ShardLimit limit = {.bytes = INT64_MAX});

}  // namespace octavo
