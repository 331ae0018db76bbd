#include "octavo/train/step.h"

#include <algorithm>
#include <cmath>

#include "octavo/base/error.h"
#include "octavo/ops/numbers.h"
#include "octavo/train/gradients.h"

namespace octavo {
namespace {

// In order, in double precision. A plan has no numbers to add.
LossSum sum_of(const Tensor& losses, const Tensor& targets) {
  LossSum sum;
  if (memory_is_planned()) return sum;
  const std::span<const float> values = losses.as<float>();
  const std::span<const int32_t> wanted = targets.as<int32_t>();
  for (size_t i = 0; i < values.size(); ++i) {
    if (wanted[i] < 0) continue;
    sum.loss += static_cast<double>(values[i]);
    ++sum.tokens;
  }
  return sum;
}

int64_t count_targets(const Tensor& targets) {
  if (memory_is_planned()) return targets.elements();
  const auto wanted = targets.as<int32_t>();
  return std::count_if(wanted.begin(), wanted.end(), [](int32_t target) { return target >= 0; });
}

enum class Examine { nothing, everything };

// The sum of the losses of all micro-batches; their gradients of the mean go to the parameters.
double add_gradients(const GPT& model, std::span<const Parameter> parameters,
                     const StepBatch& batch, const StepSettings& settings, int64_t step,
                     Examine examine) {
  const ForwardOptions options{
      .dropout = DropoutDraw{settings.dropout_seed, static_cast<uint32_t>(step)},
      .recompute = settings.recompute,
      .observe = {}};
  const double tokens = static_cast<double>(count_targets(batch.targets));
  const LeafTree tree{settings.leaves, batch.sequences() / settings.micro_batch};
  double loss = 0;
  sum_gradients(parameters, tree, [&](int64_t m) {
    const int64_t first = m * settings.micro_batch;
    const Tensor targets = batch.targets.slice(first, settings.micro_batch);
    const Batch rows = Batch::of_windows(batch.tokens.slice(first, settings.micro_batch), first);
    Tape tape;
    tape.check_finite(examine == Examine::everything);
    const Value losses = model.losses(tape, rows, targets.reshaped({targets.elements()}), options);
    loss += sum_of(losses.data(), targets).loss;
    tape.backward(losses, 1 / tokens);
  });
  return loss / tokens;
}

// The step again, slowly, to say where NaN or Inf came from.
[[noreturn]] void explain_divergence(const GPT& model, const Optimizer& optimizer,
                                     const StepBatch& batch, const StepSettings& settings,
                                     int64_t step, const StepResult& result) {
  require_finite(optimizer.parameters(), step);
  clear_gradients(optimizer.parameters());
  try {
    add_gradients(model, optimizer.parameters(), batch, settings, step, Examine::everything);
  } catch (const Error& error) {
    clear_gradients(optimizer.parameters());
    fail(error.kind(), "step {}: {}", step, error.what());
  }
  clear_gradients(optimizer.parameters());
  fail(ErrorKind::diverged, "step {}: the sum of gradients is not finite (loss {}, norm {})", step,
       result.loss, result.gradient_norm);
}

}  // namespace

StepSettings step_settings(const TrainRecipe& train) {
  return {.micro_batch = train.micro_batch,
          .leaves = train.leaves,
          .clip = train.clip,
          .recompute = train.recompute ? Recompute::blocks : Recompute::nothing,
          .dropout_seed = train.seed};
}

StepBatch::StepBatch(int64_t sequences, int64_t context)
    : tokens({sequences, context}, DataType::i32), targets({sequences, context}, DataType::i32) {}

StepResult compute_gradients(const GPT& model, const Optimizer& optimizer, const StepBatch& batch,
                             const StepSettings& settings, int64_t step) {
  require(ErrorKind::usage, batch.sequences() % settings.micro_batch == 0,
          "a step of {} sequences: expected whole micro-batches of {}", batch.sequences(),
          settings.micro_batch);
  StepResult result;
  const std::span<const Parameter> parameters = optimizer.parameters();
  result.loss = add_gradients(model, parameters, batch, settings, step, Examine::nothing);
  std::vector<Tensor> gradients = gradients_of(parameters);
  std::erase_if(gradients, [](const Tensor& gradient) { return gradient.empty(); });
  result.gradient_norm = global_norm(gradients);
  return result;
}

StepResult train_step(const GPT& model, Optimizer& optimizer, const StepBatch& batch,
                      const StepSettings& settings, int64_t step, double learning_rate) {
  const StepResult result = compute_gradients(model, optimizer, batch, settings, step);
  if (!std::isfinite(result.loss) || !std::isfinite(result.gradient_norm))
    explain_divergence(model, optimizer, batch, settings, step, result);
  optimizer.update(step, learning_rate, clip_scale(result.gradient_norm, settings.clip));
  return result;
}

void require_finite(std::span<const Parameter> parameters, int64_t step) {
  for (const Parameter& parameter : parameters)
    if (const auto number = first_not_finite(parameter.value.data()))
      fail(ErrorKind::diverged, "step {}: the parameter {} holds {}", step, parameter.name,
           *number);
}

LossSum evaluate_loss(const GPT& model, const StepBatch& batch, int64_t micro_batch) {
  LossSum sum;
  for (int64_t first = 0; first < batch.sequences(); first += micro_batch) {
    const int64_t count = std::min(micro_batch, batch.sequences() - first);
    const Tensor targets = batch.targets.slice(first, count);
    const Batch rows = Batch::of_windows(batch.tokens.slice(first, count), first);
    Tape tape(Recording::off);
    const Value losses = model.losses(tape, rows, targets.reshaped({targets.elements()}));
    sum += sum_of(losses.data(), targets);
  }
  return sum;
}

}  // namespace octavo
