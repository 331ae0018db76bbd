// The plan's memory against what a process that trains really takes, and its other numbers.
#include "octavo/train/plan.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include "child.h"
#include "octavo/base/text.h"
#include "octavo/model/presets.h"
#include "support.h"

namespace octavo {
namespace {

namespace fs = std::filesystem;

// Large enough that the process itself does not matter.
const std::vector<std::string> kLarge = {
    "model.width=256",       "model.layers=4",        "model.heads=4",       "model.context=256",
    "model.vocabulary=8192", "train.batch=8",         "train.micro_batch=2", "train.batch_start=8",
    "train.steps=2",         "train.validate_every=2"};

// A model so small that the process matters.
const std::vector<std::string> kSmall = {
    "model.width=128",      "model.layers=4",       "model.heads=4",
    "model.context=64",     "train.batch=12",       "train.steps=2",
    "train.batch_start=12", "train.micro_batch=12", "train.validate_every=2"};

Recipe large(const fs::path& folder, const std::string& variant) {
  std::vector<std::string> overrides =
      variant == "small" || variant == "all data" ? kSmall : kLarge;
  if (variant == "all data")
    overrides.insert(overrides.end(),
                     {"data.path=many.jsonl", "train.steps=80", "train.validation_batches=1"});
  if (variant == "bf16") overrides.push_back("train.precision=bf16");
  if (variant == "recompute") overrides.push_back("train.recompute=true");
  if (variant == "one leaf") overrides.push_back("train.micro_batch=8");
  return Recipe::parse(kTinyRecipe, "large.toml", overrides, folder);
}

int64_t peak_resident_bytes() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmHWM:")) return std::stoll(line.substr(6)) * 1024;
  return 0;
}

TEST(PlanChild, DISABLED_Train) {
  const fs::path run = ChildTest::argument();
  Trainer(large(run.parent_path(), run.filename().string()), RunFolder(run, RunStart::fresh)).run();
  write_file(run.string() + ".peak", std::to_string(peak_resident_bytes()));
}

class PlanTest : public TrainingTest {
 protected:
  void expect_predicted(const std::string& variant) {
#ifdef __SANITIZE_ADDRESS__
    GTEST_SKIP() << "the sanitizer takes memory of its own";
#endif
    write_file(folder / "corpus.txt", tiny_corpus(20'000));
    std::string many;  // tens of megabytes
    if (variant == "all data")
      for (int i = 0; i < 400; ++i) many += "{\"text\": \"" + tiny_corpus(20'000) + "\"}\n";
    write_file(folder / "many.jsonl", many);
    ASSERT_TRUE(ChildTest("PlanChild.DISABLED_Train", (folder / variant).string()).wait());
    const double measured = std::stod(read_file(folder / (variant + ".peak")));
    const auto predicted =
        static_cast<double>(plan_training(large(folder, variant), 100).peak_bytes);
    EXPECT_NEAR(predicted / measured, 1, 0.1) << variant << ": predicted " << human_bytes(predicted)
                                              << ", measured " << human_bytes(measured);
    RecordProperty(variant, fmt::format("{:.3f}", predicted / measured));
  }
};

TEST_F(PlanTest, PredictsThePeakInFp32) { expect_predicted("fp32"); }
TEST_F(PlanTest, PredictsThePeakInBf16) { expect_predicted("bf16"); }
TEST_F(PlanTest, PredictsThePeakWithRecomputation) { expect_predicted("recompute"); }
TEST_F(PlanTest, PredictsThePeakOfOneMicroBatch) { expect_predicted("one leaf"); }

TEST_F(PlanTest, PredictsThePeakOfASmallModel) { expect_predicted("small"); }
TEST_F(PlanTest, PredictsThePeakBesideManyTokens) { expect_predicted("all data"); }

TEST_F(PlanTest, PlansGpt3WithoutAllocatingIt) {
  const Recipe recipe = Recipe::load(fs::path(OCTAVO_SOURCE_DIR) / "recipes" / "gpt3-175b.toml");
  const int64_t before = peak_resident_bytes();
  const TrainingPlan plan = plan_training(recipe, 1e6);
  EXPECT_LT(peak_resident_bytes() - before, int64_t{100} << 20);
  EXPECT_EQ(plan.parameters, count_parameters(preset("gpt3-175b")).total());
  EXPECT_GT(plan.peak_bytes, 16 * plan.parameters);  // weights, gradients, two moments
  EXPECT_GE(plan.tokens, 300'000'000'000);
  EXPECT_NEAR(plan.total_flops, 3.14e23, 0.1e23);  // the paper's table D.1
  EXPECT_NEAR(plan.seconds, plan.total_flops / (1e15 * plan.expected_fraction), 1e3);
}

TEST_F(PlanTest, WhatTheMachineCannotHoldIsRefusedFirst) {
  const std::vector<std::string> settings{"data.path=nowhere.txt"};
  const Recipe giant =
      Recipe::load(fs::path(OCTAVO_SOURCE_DIR) / "recipes" / "gpt3-175b.toml", settings);
  for (const std::string& words : {std::string("gpt3-175b: training would hold "),
                                   human_bytes(static_cast<double>(memory_limit()))})
    expect_error(ErrorKind::usage, words, [&] { train("run", giant); });

  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_AS, &before), 0);
  const int64_t machine = memory_limit();
  const rlimit lower{static_cast<rlim_t>(machine - 4096), before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_AS, &lower), 0);
  EXPECT_EQ(memory_limit(), machine - 4096);
  ASSERT_EQ(setrlimit(RLIMIT_AS, &before), 0);
}

TEST_F(PlanTest, ATrialMeasuresTheShareOfThePeak) {
  const Recipe tiny = recipe();
  const TrainingPlan assumed = plan_training(tiny, 100);
  EXPECT_EQ(assumed.expected_fraction, kExpectedFractionOfPeak);
  const TrainingPlan tried = plan_training(tiny, 100, Trial::if_short);
  EXPECT_NE(tried.expected_fraction, kExpectedFractionOfPeak);
  EXPECT_GT(tried.seconds, 0);
  const Recipe gpt3 = Recipe::load(fs::path(OCTAVO_SOURCE_DIR) / "recipes" / "gpt3-small.toml");
  EXPECT_EQ(plan_training(gpt3, 100, Trial::if_short).expected_fraction, kExpectedFractionOfPeak);
}

TEST_F(PlanTest, RecomputationAndSmallerMicroBatchesTakeLess) {
  const int64_t kept = plan_training(large(folder, "fp32"), 100).peak_bytes;
  EXPECT_LT(plan_training(large(folder, "recompute"), 100).peak_bytes, kept);
  EXPECT_GT(plan_training(large(folder, "one leaf"), 100).peak_bytes, kept);
}

}  // namespace
}  // namespace octavo
