#include "octavo/checkpoint/stored_tensors.h"

#include <algorithm>
#include <map>

#include "octavo/base/error.h"
#include "octavo/checkpoint/convert.h"

namespace octavo {

ParameterSource source_of(const GPT& model) {
  std::map<std::string, Tensor, std::less<>> by_name;
  for (const Parameter& parameter : model.parameters())
    by_name.emplace(parameter.name, parameter.value.data());
  return [by_name](const ParameterInfo& info) { return by_name.at(info.name); };
}

StoredTensors::StoredTensors(const ModelConfig& config, const NameMap& names,
                             ParameterSource numbers, const TypeOf& type_of)
    : numbers_(std::move(numbers)) {
  for_each_parameter(config, [&](const ParameterInfo& parameter) {
    const StoredParameter stored = stored_parameter(names, parameter, config);
    for (size_t i = 0; i < stored.parts.size(); ++i) {
      tensors_.push_back({stored.parts[i].name, type_of(parameter), stored.parts[i].shape});
      parts_.push_back({parameter, stored, i});
    }
  });
}

Tensor StoredTensors::next() {
  const Part& part = parts_[next_];
  if (part.number == 0) current_ = numbers_(part.parameter);
  const TensorInfo& tensor = tensors_[next_++];
  try {
    return to_stored(current_, part.stored, part.number, tensor.type);
  } catch (const Error& error) {
    fail(error.kind(), "tensor \"{}\": {}", tensor.name, error.what());
  }
}

}  // namespace octavo
