// Families: how one kind of other people's checkpoints writes its config and names its tensors.
//
// A family knows two mappings and nothing of files: config.json ↔ ModelConfig, and parameter ↔
// stored tensor. model_folder.cpp does the rest the same way for all. One file per family; a new
// one is a class and a line in family.cpp. Tested by tests/checkpoint/gpt2_test.cpp.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "octavo/base/json.h"
#include "octavo/model/gpt.h"

namespace octavo {

enum class StoredOrder {
  same,
  transposed,  ///< [inputs, outputs], as GPT-2's Conv1D keeps its matrices
};

/// Where a parameter is in the files.
struct StoredParameter {
  std::string name;
  Shape shape;
  StoredOrder order = StoredOrder::same;
};

/// What a stored tensor that is no parameter may be.
enum class ExtraTensor {
  unknown,      ///< an error
  mask_buffer,  ///< of no meaning here: ignored
  tied_head,    ///< the token table once more: must agree with it
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

  /// The names begin with this, or (other writers) lack it.
  virtual std::string_view prefix() const = 0;
  virtual StoredParameter stored(const ParameterInfo& parameter) const = 0;
  /// `name` with the prefix put before it if it was missing.
  virtual ExtraTensor extra(std::string_view name, const ModelConfig& config) const = 0;
};

const Family& gpt2_family();

/// All families, in the order in which a model to be written is offered to them.
std::span<const Family* const> families();
/// The family that reads this config.json; throws `data` naming those that are supported.
const Family& family_of(const Json& config);
/// The family that writes this model.
const Family& family_for(const ModelConfig& config);

}  // namespace octavo
