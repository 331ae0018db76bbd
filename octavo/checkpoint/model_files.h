// A model as it lies in files: what it is, and where each of its numbers is.
//
// Three layouts are read: Hugging Face's folder (config.json and safetensors), GGUF (one file or
// splits), and llama2.c's .bin. They differ in where the configuration comes from and in the names
// of tensors; from here on they are one. Reading trusts nothing: every tensor that the
// configuration implies must be there once, in its shape and finite, and nothing else may be (mask
// buffers and a repeated tied head excepted). Nothing is read before it is asked for. Tested by
// tests/checkpoint/model_folder_test.cpp, families_test.cpp and gguf_model_test.cpp.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "octavo/base/json.h"
#include "octavo/checkpoint/family.h"
#include "octavo/tokenizer/tokenizer.h"
#include "octavo/weights/gguf_set.h"

namespace octavo {

enum class ModelLayout { folder, gguf, llama2c };

class ModelFiles {
 public:
  /// A model folder, a .gguf file (of several splits whichever) or llama2.c's .bin. Throws `data`
  /// if it is none of them or its configuration cannot be read.
  static ModelFiles open(const std::filesystem::path& path);

  const std::filesystem::path& path() const { return path_; }
  ModelLayout layout() const { return layout_; }
  const Family& family() const { return *family_; }
  const std::string& model_type() const { return model_type_; }  ///< "gpt2", as the files say it
  const ModelConfig& config() const { return config_; }
  const TensorFiles& tensors() const { return tensors_; }
  bool has_quantized_tensors() const;
  const std::optional<GgufMetadata>& metadata() const { return metadata_; }  ///< of GGUF
  /// What is wrong beside the weights and was ignored (a folder's generation_config.json).
  const std::vector<std::string>& notes() const { return notes_; }

  /// Every parameter is there in its shape, and nothing else is. Stops at the first that is
  /// missing, so a config of many layers costs no more than the file has tensors.
  void check_structure() const;

  /// The tokenizer that came with the model, if one did. Throws `data` if it cannot be read or has
  /// more tokens than the model.
  std::optional<Tokenizer> tokenizer() const;

  /// The type that a parameter's numbers have in the files (of its first tensor).
  DataType type_of(const ParameterInfo& parameter) const;
  /// The tensors of a matrix that is quantized, in our order of rows (a copy only where theirs is
  /// another); none if it is not, or not all of it.
  std::vector<Tensor> quantized(const ParameterInfo& parameter) const;
  /// The parameter's numbers in f32, finite. A view of the file where that is possible and allowed:
  /// a model made for inference writes to none of them.
  Tensor numbers(const ParameterInfo& parameter, Purpose purpose) const;

 private:
  ModelFiles(std::filesystem::path path, ModelLayout layout, const Family& family,
             std::string model_type, const NameMap& names, ModelConfig config, TensorFiles tensors);
  static ModelFiles open_folder(const std::filesystem::path& folder);
  static ModelFiles open_gguf(const std::filesystem::path& file);
  static ModelFiles open_llama2c(const std::filesystem::path& file);

  StoredParameter find(const ParameterInfo& parameter) const;
  void check_extra(const TensorInfo& tensor) const;
  void check_tied_head(const TensorInfo& head) const;
  [[noreturn]] void fail_not_finite(const StoredParameter& stored,
                                    std::span<const Tensor> parts) const;

  std::filesystem::path path_;
  ModelLayout layout_;
  const Family* family_;
  std::string model_type_;
  const NameMap* names_;
  ModelConfig config_;
  TensorFiles tensors_;
  std::optional<GgufMetadata> metadata_;
  std::vector<std::string> notes_;
  bool prefixed_ = true;
};

/// Throws `data`, beginning with `where`, if the tokenizer has more tokens than the model.
void check_tokenizer(const Tokenizer& tokenizer, const ModelConfig& config,
                     const std::string& where);

/// Throws `data` if the file is a pickle by its name or its first bytes, and says what to do.
void refuse_pickle(const std::filesystem::path& file);

/// What a folder says of its model: config.json, and generation_config.json of the tokens that end
/// a text. What the family takes for granted where config.json names no such token counts only if
/// no other file names one, a tokenizer's included.
struct FolderConfig {
  const Family* family = nullptr;
  std::string model_type;
  ModelConfig config;
  std::vector<std::string> notes;  ///< what is wrong with generation_config.json, then ignored
};
/// Throws `data` if it is no model folder or its config.json cannot be read.
FolderConfig read_folder_config(const std::filesystem::path& folder);

inline constexpr const char* kGenerationConfig = "generation_config.json";

}  // namespace octavo
