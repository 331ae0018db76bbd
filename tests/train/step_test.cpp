// A step that is not finite: found, named, and without effect.
#include "octavo/train/step.h"

#include <gtest/gtest.h>

#include <cmath>

#include "support.h"

namespace octavo {
namespace {

using DivergenceTest = TrainingTest;

TEST_F(DivergenceTest, AHugeLearningRateStopsTheRunAndNamesTheOperation) {
  const Recipe wild =
      recipe({"train.learning_rate=1e30", "train.warmup_tokens=0", "train.steps=40"});
  int64_t last = 0;
  TrainerEvents events;
  events.on_step = [&](const StepRecord& record) {
    last = record.step;
    EXPECT_TRUE(std::isfinite(record.loss) && std::isfinite(record.gradient_norm));
  };
  try {
    train("run", wild, RunStart::fresh, events);
    FAIL() << "expected it to diverge";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::diverged);
    const std::string message = error.what();
    EXPECT_NE(message.find(fmt::format("step {}", last + 1)), std::string::npos) << message;
    EXPECT_NE(message.find(" of "), std::string::npos) << message;
    EXPECT_NE(message.find("checkpoint"), std::string::npos) << message;
  }
  // What was logged is what was done.
  const std::string metrics = read_file(folder / "run" / "metrics.jsonl");
  EXPECT_EQ(metrics.find("nan"), std::string::npos);
  EXPECT_EQ(metrics.find("null"), std::string::npos);
}

StepBatch tiny_batch(const ModelConfig& config) {
  StepBatch batch(2, config.context);
  for (auto* tensor : {&batch.tokens, &batch.targets})
    for (size_t i = 0; i < static_cast<size_t>(tensor->elements()); ++i)
      tensor->as<int32_t>()[i] = static_cast<int32_t>(i % 50);
  return batch;
}

TEST_F(DivergenceTest, ANaNWeightIsNamedAndNothingIsApplied) {
  const Recipe tiny = recipe();
  const GPT model(tiny.model.config, 1);
  Optimizer optimizer(model.parameters(), {});
  const Parameter& poisoned = model.parameters()[4];
  poisoned.value.data().as<float>()[3] = std::nanf("");
  const std::vector<float> before(model.parameters()[0].value.data().as<float>().begin(),
                                  model.parameters()[0].value.data().as<float>().end());
  expect_error(ErrorKind::diverged, "step 5: the parameter " + poisoned.name, [&] {
    train_step(model, optimizer, tiny_batch(tiny.model.config), {.micro_batch = 1}, 5, 1e-3);
  });
  const auto after = model.parameters()[0].value.data().as<float>();
  EXPECT_TRUE(std::equal(before.begin(), before.end(), after.begin()));
}

TEST_F(DivergenceTest, AnOverflowInTheForwardPassIsNamed) {
  const Recipe tiny = recipe();
  const GPT model(tiny.model.config, 1);
  Optimizer optimizer(model.parameters(), {});
  for (const Parameter& parameter : model.parameters())
    if (parameter.name.find("up.weight") != std::string::npos)
      std::ranges::fill(parameter.value.data().as<float>(), 3e38f);
  expect_error(ErrorKind::diverged, "step 1: Inf in the result of linear (block 0)", [&] {
    train_step(model, optimizer, tiny_batch(tiny.model.config), {.micro_batch = 2}, 1, 1e-3);
  });
}

TEST_F(DivergenceTest, PositionsWithoutATargetDoNotCount) {
  const Recipe tiny = recipe({"model.dropout=0"});
  const GPT model(tiny.model.config, 1);
  StepBatch batch = tiny_batch(tiny.model.config);
  const LossSum all = evaluate_loss(model, batch, 2);
  EXPECT_EQ(all.tokens, 32);
  std::ranges::fill(batch.targets.as<int32_t>().subspan(5), -1);
  const LossSum five = evaluate_loss(model, batch, 1);
  EXPECT_EQ(five.tokens, 5);
  Optimizer optimizer(model.parameters(), {});
  EXPECT_DOUBLE_EQ(compute_gradients(model, optimizer, batch, {.micro_batch = 2}, 1).loss,
                   five.mean());
}

}  // namespace
}  // namespace octavo
