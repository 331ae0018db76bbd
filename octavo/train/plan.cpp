#include "octavo/train/plan.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "octavo/base/clock.h"
#include "octavo/base/error.h"
#include "octavo/base/random.h"
#include "octavo/base/text.h"
#include "octavo/train/gradients.h"
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

constexpr double kTrialFlops = 4e11;  // a second on a laptop
constexpr int64_t kTrialBytes = int64_t{1} << 30;

bool is_short(const TrainingPlan& plan, const Recipe& recipe) {
  const auto tokens = static_cast<double>(recipe.train.micro_batch * recipe.train.context);
  return plan.peak_bytes < kTrialBytes && plan.flops_per_token * tokens < kTrialFlops;
}

// The share of the peak in steps of one micro-batch; the first warms up.
double measured_fraction(const TrainingPlan& plan, const Recipe& recipe) {
  const TrainRecipe& train = recipe.train;
  const GPT model(recipe.model.config, train.seed, train.precision);
  Optimizer optimizer(model.parameters(), train.adamw);
  const StepBatch batch(train.micro_batch, train.context);
  const auto vocabulary = static_cast<uint64_t>(recipe.model.config.vocabulary);
  for (const Tensor* tokens : {&batch.tokens, &batch.targets})
    for (size_t i = 0; i < static_cast<size_t>(tokens->elements()); ++i)
      tokens->as<int32_t>()[i] =
          static_cast<int32_t>(RandomStream{train.seed}.below(i, vocabulary));
  double seconds = 0;
  for (int64_t step = 1; step <= 2; ++step) {
    const double begin = monotonic_seconds();
    train_step(model, optimizer, batch, step_settings(train), step, 1e-6);
    seconds = monotonic_seconds() - begin;
  }
  const double flops = plan.flops_per_token * static_cast<double>(batch.tokens.elements());
  return std::min(1.0, flops / (seconds * plan.peak_gflops * 1e9));
}

}  // namespace

TrainingPlan plan_training(const Recipe& recipe, double peak_gflops, Trial trial) {
  const TrainRecipe& train = recipe.train;
  TrainingPlan plan{.parameters = count_parameters(recipe.model.config).total(),
                    .precision = train.precision,
                    .steps = train.steps,
                    .tokens = recipe.total_tokens(),
                    .batch_sequences = train.batch,
                    .context = train.context,
                    .micro_batches = train.batch / train.micro_batch};
  plan.weight_bytes = kBytesPerNumber * plan.parameters;
  const LeafTree tree{train.leaves, plan.micro_batches};
  plan.gradient_bytes = tree.most_gradients() * kBytesPerNumber * plan.parameters;
  plan.optimizer_bytes = 2 * kBytesPerNumber * plan.parameters;
  const int64_t tensors = planned_peak(recipe);
  plan.activation_bytes = tensors - plan.weight_bytes - plan.gradient_bytes - plan.optimizer_bytes;
  plan.peak_bytes = tensors + kProcessBytes;

  plan.flops_per_token = training_flops_per_token(recipe.model.config, train.context);
  plan.total_flops = plan.flops_per_token * static_cast<double>(plan.tokens);
  plan.peak_gflops = peak_gflops;
  plan.expected_fraction = kExpectedFractionOfPeak;
  if (peak_gflops <= 0) return plan;
  if (trial == Trial::if_short && is_short(plan, recipe))
    plan.expected_fraction = measured_fraction(plan, recipe);
  plan.seconds = plan.total_flops / (peak_gflops * 1e9 * plan.expected_fraction);
  return plan;
}

int64_t memory_limit() {
  const auto machine = static_cast<uint64_t>(::sysconf(_SC_PHYS_PAGES)) *
                       static_cast<uint64_t>(::sysconf(_SC_PAGESIZE));
  rlimit limit{};
  const bool limited = ::getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY;
  return static_cast<int64_t>(limited ? std::min<uint64_t>(machine, limit.rlim_cur) : machine);
}

void require_memory(const Recipe& recipe) {
  const int64_t needed = plan_training(recipe, 0).peak_bytes, there = memory_limit();
  require(ErrorKind::usage, needed <= there,
          "{}: training would hold {} at its peak, this machine has {}; a smaller model, "
          "train.micro_batch or train.context, or train.recompute = true takes less",
          recipe.name, human_bytes(static_cast<double>(needed)),
          human_bytes(static_cast<double>(there)));
}

}  // namespace octavo
