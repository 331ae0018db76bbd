// A model's numbers on their way into files: the tensors of a layout, one after the other.
//
// A conversion holds one parameter at a time: they come from a source when they are asked for, and
// one that is stored in several tensors comes once. Tested through what writes models
// (tests/checkpoint/model_folder_test.cpp, gguf_model_test.cpp).
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "octavo/checkpoint/family.h"
#include "octavo/weights/tensor_table.h"

namespace octavo {

/// The numbers of a model in training, parameter by parameter.
ParameterSource source_of(const GPT& model);

class StoredTensors {
 public:
  using TypeOf = std::function<DataType(const ParameterInfo&)>;

  /// `type_of` says what each parameter is stored as.
  StoredTensors(const ModelConfig& config, const NameMap& names, ParameterSource numbers,
                const TypeOf& type_of);

  std::span<const TensorInfo> tensors() const { return tensors_; }
  /// The numbers of the next tensor, in the order of tensors().
  Tensor next();

 private:
  struct Part {
    ParameterInfo parameter;
    StoredParameter stored;
    size_t number;  // among the parameter's parts
  };

  ParameterSource numbers_;
  std::vector<TensorInfo> tensors_;
  std::vector<Part> parts_;
  size_t next_ = 0;
  Tensor current_;  // the parameter whose parts are being asked for
};

}  // namespace octavo
