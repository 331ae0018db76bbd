#include "octavo/train/plan.h"

#include <algorithm>
#include <utility>

#include "octavo/train/step.h"

namespace octavo {
namespace {

constexpr int64_t kBytesPerNumber = 4;  // weights, gradients and moments are f32

// One step and one evaluation of the recipe. What does not change the peak is cut short: beyond two
// micro-batches in every leaf nothing new is held.
int64_t planned_peak(const Recipe& recipe) {
  const std::unique_ptr<Kernels> planned = planned_kernels(kernels());
  const UseKernels use(*planned);
  const PlannedMemory memory;
  const TrainRecipe& train = recipe.train;
  const GPT model(recipe.model.config, train.seed, train.precision);
  Optimizer optimizer(model.parameters(), train.adamw);
  const int64_t micro_batches = std::min(train.batch / train.micro_batch, 2 * train.leaves);
  const StepBatch batch(micro_batches * train.micro_batch, train.context);
  train_step(model, optimizer, batch, step_settings(train), 1, train.learning_rate.peak);
  if (recipe.data.split != ValidationSplit::none && train.validate_every > 0)
    evaluate_loss(model, StepBatch(train.micro_batch, train.context), train.micro_batch);
  return static_cast<int64_t>(memory_use().peak);
}

}  // namespace

TrainingPlan plan_training(const Recipe& recipe, double peak_gflops) {
  const TrainRecipe& train = recipe.train;
  TrainingPlan plan{.parameters = count_parameters(recipe.model.config).total(),
                    .precision = train.precision,
                    .steps = train.steps,
                    .tokens = recipe.total_tokens(),
                    .batch_sequences = train.batch,
                    .context = train.context,
                    .micro_batches = train.batch / train.micro_batch};
  plan.weight_bytes = kBytesPerNumber * plan.parameters;
  plan.gradient_bytes = kBytesPerNumber * plan.parameters;
  plan.optimizer_bytes = 2 * kBytesPerNumber * plan.parameters;
  const int64_t tensors = planned_peak(recipe);
  plan.activation_bytes = tensors - plan.weight_bytes - plan.gradient_bytes - plan.optimizer_bytes;
  plan.peak_bytes = tensors + kProcessBytes;

  plan.flops_per_token = training_flops_per_token(recipe.model.config, train.context);
  plan.total_flops = plan.flops_per_token * static_cast<double>(plan.tokens);
  plan.peak_gflops = peak_gflops;
  plan.expected_fraction = kExpectedFractionOfPeak;
  if (peak_gflops > 0)
    plan.seconds = plan.total_flops / (peak_gflops * 1e9 * plan.expected_fraction);
  return plan;
}

}  // namespace octavo
