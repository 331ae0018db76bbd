// One model from one layout to another: Hugging Face's folder, GGUF, llama2.c's file (read only).
//
// A conversion holds one parameter at a time, so a model larger than the memory can be converted.
// A folder appears whole with its manifest or not at all; so does a GGUF file, and so do splits
// unless the process dies while they are renamed (gguf_set.h). Tested by tests/cli/convert_test.cpp
// and tests/checkpoint/convert_model_test.cpp.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "octavo/checkpoint/model_files.h"

namespace octavo {

struct ConvertOptions {
  /// Of matrices; as they are if none is given (in a folder f32 for what is quantized).
  std::optional<DataType> type;
  ShardLimit shards = {.bytes = INT64_MAX};
  /// What is written beside the weights, once these are: texts by the names of files. For a folder.
  std::function<std::map<std::string, std::string>(const ModelFiles& source,
                                                   std::span<const WeightFile> written)>
      beside;
  /// More of GGUF's metadata (name, licence).
  std::function<GgufMetadata(const ModelFiles& source)> metadata;
  /// Called with the parameters converted so far and in all.
  std::function<void(int64_t done, int64_t total)> progress;
};

struct ConvertedModel {
  std::string from, to;             ///< "GPT-2 folder", "GGUF"
  std::vector<TensorInfo> tensors;  ///< as written
  std::vector<WeightFile> files;
  std::vector<std::string> notes;  ///< what whoever uses the target should know
};

/// `target` is a GGUF file if it ends in .gguf, else a folder. Throws `conflict` if there is
/// anything at the target but an empty folder, `usage` if the target cannot hold the type or the
/// model, `data` if the source is not as it should be.
ConvertedModel convert_model(const std::filesystem::path& source,
                             const std::filesystem::path& target, const ConvertOptions& options);

/// The types that a target can be given, "f32" first; those of a folder are the first three.
std::span<const DataType> types_to_write();

}  // namespace octavo
