// Families: how one kind of other people's checkpoints writes its config and names its tensors.
//
// A family knows two mappings and nothing of files: config.json ↔ ModelConfig, and parameter ↔
// stored tensors; for GGUF, whose keys are the same for all, it has names alone. model_files.cpp
// does the rest the same way for all. One file per family; a new one is a class and a line in
// family.cpp, before octavo_gpt's (family_config.h has what their readers of config.json share).
// docs/formats.md adds one as an example. Tested by tests/checkpoint/gpt2_test.cpp,
// families_test.cpp and octavo_gpt_test.cpp.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "octavo/base/json.h"
#include "octavo/model/gpt.h"

namespace octavo {

enum class StoredOrder {
  same,
  transposed,  ///< [inputs, outputs], as GPT-2's Conv1D keeps its matrices
  /// Rows of queries, keys and values by turns, a head of each after the other, as GPT-NeoX has it.
  by_head,
  /// Rows of queries and keys so that two which turn together are neighbours, as llama.cpp has
  /// Llama's; ours lie half a head apart.
  neighbours,
};

struct StoredTensor {
  std::string name;
  Shape shape;
};

/// Where a parameter is in the files: in one tensor, or in several whose rows follow each other.
struct StoredParameter {
  std::vector<StoredTensor> parts;
  /// `transposed` and `by_head` only of a single part, `neighbours` of the first two.
  StoredOrder order = StoredOrder::same;
  int64_t head_size = 1;
};

/// A part of the model and its name in the files; `theirs` may be several, joined by '+': queries,
/// keys and values, or gates and ups.
struct NamePair {
  std::string_view ours, theirs;
  StoredOrder order = StoredOrder::same;  ///< of the weight; but for `transposed`, of the bias too
};

/// How a family names its tensors: prefix + part + ".weight", in blocks prefix + block + layer +
/// "." + part + ".weight".
struct NameMap {
  std::string_view prefix;  ///< of all but the head; other writers may leave it out
  std::string_view block;   ///< "h."
  std::string_view head;    ///< "lm_head"
  std::span<const NamePair> model_parts, block_parts;
  // Tensors that are no parameters: of blocks, and of the whole model.
  std::span<const std::string_view> block_buffers = {}, model_buffers = {};
};

/// A kind of model in GGUF: general.architecture, and what that name implies (the sizes of
/// `granted` say nothing).
struct GgufForm {
  std::string_view architecture;  ///< "gpt2"
  const NameMap* names = nullptr;
  ModelConfig granted;
};

/// What a stored tensor that is no parameter may be.
enum class ExtraTensor {
  unknown,    ///< an error
  buffer,     ///< of no meaning here, or read with the config: ignored
  tied_head,  ///< the token table once more: must agree with it
};

class Family {
 public:
  virtual ~Family() = default;
  virtual std::string_view name() const = 0;  ///< "GPT-2"
  /// The model_type values of config.json that this family reads.
  virtual std::span<const std::string_view> model_types() const = 0;

  /// Throws `data`, naming key and value, on what is missing, contradictory or would compute
  /// something else.
  virtual ModelConfig read_config(const Json& config) const = 0;
  /// `weights` is the type that the tensors are written in.
  virtual Json write_config(const ModelConfig& config, DataType weights) const = 0;
  /// True if this family can express the model.
  virtual bool expresses(const ModelConfig& config) const = 0;

  virtual const NameMap& names() const = 0;  ///< in a folder
  virtual std::span<const GgufForm> gguf_forms() const = 0;
};

StoredParameter stored_parameter(const NameMap& names, const ParameterInfo& parameter,
                                 const ModelConfig& config);
/// `name` with the prefix or without.
ExtraTensor extra_tensor(const NameMap& names, std::string_view name, const ModelConfig& config);

const Family& gpt2_family();
const Family& gpt_neo_family();
const Family& gpt_neox_family();
const Family& llama_family();
const Family& octavo_gpt_family();

/// All families, in the order in which a model to be written is offered to them; the last takes
/// every one.
std::span<const Family* const> families();
/// The family that reads this config.json; throws `data` naming those that are supported.
const Family& family_of(const Json& config);
/// The family that writes this model.
const Family& family_for(const ModelConfig& config);

// The names that most architectures share in GGUF: queries, keys and values in one matrix.
extern const NameMap kGgufFusedNames;

}  // namespace octavo
