// The model folder: config.json, weights and tokenizer in Hugging Face's layout, as a whole.
//
// Reading trusts nothing: every tensor that the config implies must be there once, in its shape and
// finite, and nothing else may be (mask buffers and a repeated tied head excepted). Writing fills a
// folder beside the target and renames it, manifest last. Tested by tests/checkpoint/
// model_folder_test.cpp. Format: docs of transformers' PreTrainedModel.save_pretrained.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "octavo/checkpoint/manifest.h"
#include "octavo/checkpoint/model_files.h"
#include "octavo/model/gpt.h"
#include "octavo/tokenizer/tokenizer.h"
#include "octavo/weights/weight_set.h"

namespace octavo {

enum class Verify {
  structure,  ///< sizes, names, shapes, finite numbers
  hashes,     ///< also the manifest, which must be there
};
enum class LoadTokenizer { if_present, never };

struct LoadOptions {
  Purpose purpose = Purpose::inference;
  /// None: int8 if the model is quantized, else f32.
  std::optional<Precision> precision = default_precision();
  Verify verify = Verify::structure;
  LoadTokenizer tokenizer = LoadTokenizer::if_present;
};

struct LoadedModel {
  GPT model;
  std::optional<Tokenizer> tokenizer;
};

/// Reads a model in any layout (model_files.h). Throws `data` naming file, tensor, expectation and
/// find.
LoadedModel load_model(const std::filesystem::path& path, const LoadOptions& options = {});
/// Only its configuration.
ModelConfig load_config(const std::filesystem::path& path);

struct SaveOptions {
  const Tokenizer* tokenizer = nullptr;
  DataType type = DataType::f32;  ///< or bf16, f16
  ShardLimit shards{};
  /// generation_config.json as it is to be; else it has the tokens that begin and end a text.
  std::optional<std::string> generation_config = {};
};

/// Writes a model folder that appears whole or not at all. Throws `conflict` if there is anything
/// at the target but an empty folder, `usage` on a model made for inference.
void save_model(const std::filesystem::path& folder, const GPT& model, const SaveOptions& options);

/// Calls `write` with a new folder beside `folder`, adds a manifest (which takes over the hashes of
/// the files that `write` returns) and puts it in place. Throws `conflict` like save_model.
void in_new_folder(
    const std::filesystem::path& folder,
    const std::function<std::vector<WeightFile>(const std::filesystem::path&)>& write);

/// Writes the files of a model into an existing folder, without a manifest: for what is more than a
/// model. Returns what was written, for write_manifest.
std::vector<WeightFile> write_model_files(const std::filesystem::path& folder, const GPT& model,
                                          const SaveOptions& options);
/// The same of numbers from anywhere, one parameter at a time.
std::vector<WeightFile> write_model_files(const std::filesystem::path& folder,
                                          const ModelConfig& config, const ParameterSource& numbers,
                                          const SaveOptions& options);

/// What a folder (or a file of another layout) holds, found without loading its numbers.
struct ModelFolderInfo {
  ModelLayout layout = ModelLayout::folder;
  std::string family;      ///< "GPT-2"
  std::string model_type;  ///< as the files say it
  ModelConfig config;
  ParameterCount parameters;
  std::vector<TensorInfo> tensors;
  int64_t weight_bytes = 0;              ///< of the tensors in the files
  std::optional<std::string> tokenizer;  ///< "257 tokens", or why it cannot be used
  int64_t inference_bytes_as_is = 0;     ///< of quantized weights, mapped; 0 of others
  int64_t inference_bytes_f32 = 0, inference_bytes_bf16 = 0;  ///< with one full context's cache
  int64_t training_bytes = 0;  ///< weights, gradients and two moments in f32; without activations
  bool has_manifest = false;
  std::optional<int64_t> training_step;  ///< of a training checkpoint
};
ModelFolderInfo inspect_model_folder(const ModelFiles& files);
ModelFolderInfo inspect_model_folder(const std::filesystem::path& path);

}  // namespace octavo
