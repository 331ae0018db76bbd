// Ten AdamW steps on a small GPT-2 as float64 PyTorch made them: losses and gradient norms of the
// real training step, on every kernel set of this machine, recomputed and not, cut into
// micro-batches.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>

#include "octavo/base/files.h"
#include "octavo/base/json.h"
#include "octavo/checkpoint/model_folder.h"
#include "octavo/kernels/kernels.h"
#include "octavo/train/step.h"

namespace octavo {
namespace {

namespace fs = std::filesystem;

fs::path golden_folder() {
  const char* given = std::getenv("OCTAVO_TEST_DATA");
  return (given ? fs::path(given) : fs::path(OCTAVO_SOURCE_DIR) / ".." / "shared") / "golden/gpt2";
}

struct Trajectory {
  std::vector<double> losses, norms;
};

// Eleven losses: before each of ten steps, and after the last.
Trajectory train_ten_steps(Precision precision, int64_t micro_batch, Recompute recompute) {
  const fs::path folder = golden_folder();
  const LoadedModel loaded = load_model(
      folder,
      {.purpose = Purpose::training, .precision = precision, .tokenizer = LoadTokenizer::never});
  const SafetensorsFile golden(folder / "golden.safetensors");
  const Tensor tokens = golden.tensor("input_ids"), targets = golden.tensor("target_ids");
  StepBatch batch(tokens.shape()[0], tokens.shape()[1]);
  std::ranges::copy(tokens.as<int32_t>(), batch.tokens.as<int32_t>().begin());
  std::ranges::copy(targets.as<int32_t>(), batch.targets.as<int32_t>().begin());

  Optimizer optimizer(loaded.model.parameters(),
                      {.beta1 = 0.9, .beta2 = 0.95, .epsilon = 1e-8, .weight_decay = 0.1});
  const StepSettings settings{.micro_batch = micro_batch, .clip = 1, .recompute = recompute};
  Trajectory trajectory;
  for (int64_t step = 1; step <= 10; ++step) {
    const StepResult result = train_step(loaded.model, optimizer, batch, settings, step, 1e-3);
    trajectory.losses.push_back(result.loss);
    trajectory.norms.push_back(result.gradient_norm);
  }
  trajectory.losses.push_back(evaluate_loss(loaded.model, batch, micro_batch).mean());
  return trajectory;
}

class GoldenTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists(golden_folder() / "golden.json"))
      GTEST_SKIP() << golden_folder() << " is not there (OCTAVO_TEST_DATA)";
    const fs::path path = golden_folder() / "golden.json";
    const Json json = Json::parse(read_file(path), path.string());
    expected.losses = json.at("loss_before_each_step_and_after_last").numbers();
    expected.norms = json.at("grad_norm_before_clip").numbers();
  }
  Trajectory expected;
};

void expect_near(const std::vector<double>& found, const std::vector<double>& expected,
                 double tolerance, const std::string& what) {
  ASSERT_EQ(found.size(), expected.size());
  for (size_t i = 0; i < found.size(); ++i)
    EXPECT_NEAR(found[i], expected[i], tolerance) << what << " " << i;
}

TEST_F(GoldenTest, TenStepsInFp32OnEveryKernelSet) {
  for (const Kernels* kernels : available_kernels()) {
    const UseKernels use(*kernels);
    const std::string name(kernels->name());
    const Trajectory found = train_ten_steps(Precision::f32(), 2, Recompute::nothing);
    expect_near(found.losses, expected.losses, 1e-4, name + " loss");
    expect_near(found.norms, expected.norms, 1e-3, name + " norm");
  }
}

TEST_F(GoldenTest, TenStepsInBf16) {
  for (const Kernels* kernels : available_kernels()) {
    const UseKernels use(*kernels);
    const Trajectory found = train_ten_steps(Precision::bf16(), 2, Recompute::nothing);
    expect_near(found.losses, expected.losses, 2e-2, std::string(kernels->name()) + " loss");
  }
}

TEST_F(GoldenTest, MicroBatchesAddUpToTheSameStep) {
  const Trajectory found = train_ten_steps(Precision::f32(), 1, Recompute::nothing);
  expect_near(found.losses, expected.losses, 1e-4, "loss");
  expect_near(found.norms, expected.norms, 1e-3, "norm");
}

TEST_F(GoldenTest, RecomputingChangesNoBit) {
  for (const Precision precision : {Precision::f32(), Precision::bf16()}) {
    const Trajectory kept = train_ten_steps(precision, 2, Recompute::nothing);
    const Trajectory recomputed = train_ten_steps(precision, 2, Recompute::blocks);
    EXPECT_EQ(kept.losses, recomputed.losses);
    EXPECT_EQ(kept.norms, recomputed.norms);
  }
}

}  // namespace
}  // namespace octavo
