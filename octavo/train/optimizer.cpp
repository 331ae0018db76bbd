#include "octavo/train/optimizer.h"

#include <utility>

namespace octavo {

Optimizer::Optimizer(std::vector<Parameter> parameters, AdamWSettings settings)
    : parameters_(std::move(parameters)), settings_(settings) {
  for (const Parameter& parameter : parameters_) {
    first_.push_back(Tensor::zeros(parameter.shape, DataType::f32));
    second_.push_back(Tensor::zeros(parameter.shape, DataType::f32));
  }
}

void Optimizer::update(int64_t step, double learning_rate, double gradient_scale) {
  for (size_t i = 0; i < parameters_.size(); ++i) {
    const Value& value = parameters_[i].value;
    if (value.gradient().empty()) continue;
    AdamWSettings settings = settings_;
    settings.learning_rate = learning_rate;
    if (parameters_[i].shape.rank() < 2) settings.weight_decay = 0;
    adamw(value.data(), value.gradient(), first_[i], second_[i], settings, step, gradient_scale);
    value.set_gradient({});
  }
}

std::vector<NamedTensor> Optimizer::state() const {
  std::vector<NamedTensor> state;
  for (size_t i = 0; i < parameters_.size(); ++i) {
    state.push_back({"first_moment." + parameters_[i].name, first_[i]});
    state.push_back({"second_moment." + parameters_[i].name, second_[i]});
  }
  return state;
}

double clip_scale(double norm, double clip) { return clip > 0 && norm > clip ? clip / norm : 1; }

}  // namespace octavo
