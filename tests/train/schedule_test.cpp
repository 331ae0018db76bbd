// Schedules by hand-computed values, GPT-3's among them (Brown et al. 2020, appendix B).
#include "octavo/train/schedule.h"

#include <gtest/gtest.h>

namespace octavo {
namespace {

constexpr int64_t kMillion = 1'000'000, kBillion = 1'000'000'000;
constexpr LearningRateSchedule kGpt3{6e-5, 0.1, 375 * kMillion, 260 * kBillion};

TEST(LearningRate, WarmsUpLinearly) {
  EXPECT_DOUBLE_EQ(kGpt3.at(75 * kMillion), 6e-5 / 5);
  EXPECT_DOUBLE_EQ(kGpt3.at(3'145'728),
                   6e-5 * 3'145'728 / 375e6);  // the first step is no wasted one
  EXPECT_DOUBLE_EQ(kGpt3.at(375 * kMillion), 6e-5);
}

TEST(LearningRate, FallsAlongACosineToTenPercentAndStaysThere) {
  const int64_t span = 260 * kBillion - 375 * kMillion;
  EXPECT_NEAR(kGpt3.at(375 * kMillion + span / 2), 0.55 * 6e-5, 1e-18);  // cos(π/2) = 0
  EXPECT_NEAR(kGpt3.at(375 * kMillion + span / 3), (0.1 + 0.9 * 0.75) * 6e-5, 1e-15);
  EXPECT_DOUBLE_EQ(kGpt3.at(260 * kBillion), 6e-6);
  EXPECT_DOUBLE_EQ(kGpt3.at(300 * kBillion), 6e-6);
}

TEST(LearningRate, NeedsNeitherWarmupNorDecay) {
  EXPECT_DOUBLE_EQ((LearningRateSchedule{1e-3, 1.0, 0, 0}.at(0)), 1e-3);
  EXPECT_DOUBLE_EQ((LearningRateSchedule{1e-3, 0.1, 100, 100}.at(100)), 1e-4);
}

// 32k to 3.2M tokens over the first 12 billion.
constexpr BatchSchedule kRamp{16, 1536, 8, 12 * kBillion};

TEST(Batch, GrowsLinearlyInWholeMicroBatches) {
  EXPECT_EQ(kRamp.at(0), 16);
  EXPECT_EQ(kRamp.at(3 * kBillion), 392);  // 16 + 1,520/4 = 396, in eights
  EXPECT_EQ(kRamp.at(6 * kBillion), 776);
  EXPECT_EQ(kRamp.at(12 * kBillion), 1536);
  EXPECT_EQ(kRamp.at(200 * kBillion), 1536);
  EXPECT_EQ((BatchSchedule{32, 32, 4, 0}.at(0)), 32);
}

// The slow meaning of both functions.
RunLength walk(const BatchSchedule& batch, int64_t context, int64_t steps, int64_t tokens) {
  RunLength at;
  while (at.steps < steps && at.tokens < tokens)
    at.tokens += batch.at(at.tokens) * context, ++at.steps;
  return at;
}

TEST(Batch, RunLengthIsWhatWalkingGives) {
  for (const BatchSchedule& batch : {BatchSchedule{2, 8, 2, 256}, BatchSchedule{1, 64, 1, 100'000},
                                     BatchSchedule{8, 8, 8, 0}, BatchSchedule{4, 4, 4, 5'000}})
    for (const int64_t count : {1, 2, 3, 10, 77, 1000, 5001}) {
      EXPECT_EQ(tokens_of_steps(batch, 16, count), walk(batch, 16, count, INT64_MAX).tokens);
      const RunLength length = steps_for_tokens(batch, 16, count * 31);
      const RunLength walked = walk(batch, 16, INT64_MAX, count * 31);
      EXPECT_EQ(length.steps, walked.steps);
      EXPECT_EQ(length.tokens, walked.tokens);
    }
}

TEST(Batch, RunLengthOfGpt3) {
  const RunLength length = steps_for_tokens(kRamp, 2048, 300 * kBillion);
  const RunLength walked = walk(kRamp, 2048, INT64_MAX, 300 * kBillion);
  EXPECT_EQ(length.steps, walked.steps);
  EXPECT_EQ(length.tokens, walked.tokens);
  EXPECT_GE(length.tokens, 300 * kBillion);
  EXPECT_LT(length.tokens, 300 * kBillion + 1536 * 2048);
}

}  // namespace
}  // namespace octavo
