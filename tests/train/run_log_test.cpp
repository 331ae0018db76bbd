// The log: what it writes it reads back, and what came after the checkpoint is cut.
#include "octavo/train/run_log.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "support.h"

namespace octavo {
namespace {

namespace fs = std::filesystem;

class RunLogTest : public TrainingTest {
 protected:
  static void note(RunLog& log, int64_t step) {
    log.add(StepRecord{.step = step,
                       .tokens = 100 * step,
                       .sequences = 4,
                       .loss = 1.0 / static_cast<double>(step),
                       .learning_rate = 1e-3,
                       .gradient_norm = 0.1,
                       .seconds = 0.5,
                       .tokens_per_second = 200,
                       .fraction_of_peak = 0.25});
    if (step % 2 == 0)
      log.add(ValidationRecord{
          .step = step, .tokens = 100 * step, .loss = 2.5, .loss_tokens = 77, .bytes = 308});
    if (step % 3 == 0) log.add(SampleRecord{step, "Once", " upon \"a\" time\n"});
  }
  const RunFolder place{folder / "run", RunStart::fresh};
};

TEST_F(RunLogTest, ReadsBackWhatItWrote) {
  LogPosition position;
  {
    RunLog log(place);
    for (int64_t step = 1; step <= 6; ++step) note(log, step);
    position = log.sync();
    for (int64_t step = 7; step <= 9; ++step) note(log, step);  // lost with the crash
  }
  RunLog log(place, position);
  const RunHistory& history = log.history();
  ASSERT_EQ(history.steps.size(), 6u);
  EXPECT_EQ(history.steps[5].loss, 1.0 / 6);
  EXPECT_EQ(history.steps[5].tokens_per_second, 200);
  ASSERT_EQ(history.validations.size(), 3u);
  EXPECT_EQ(history.validations[2].loss_tokens, 77);
  EXPECT_EQ(history.validations[2].bytes, 308);
  ASSERT_EQ(history.samples.size(), 2u);
  EXPECT_EQ(history.samples[1].text, " upon \"a\" time\n");
  const std::string before = read_file(place.metrics());
  note(log, 7);
  EXPECT_TRUE(read_file(place.metrics()).starts_with(before));
}

TEST_F(RunLogTest, TheLinesAreAsDocumented) {
  RunLog log(place);
  note(log, 2);
  EXPECT_EQ(read_file(place.metrics()),
            R"({"step": 2, "tokens": 200, "loss": 0.5, "learning_rate": 0.001, )"
            R"("gradient_norm": 0.1, "sequences": 4})"
            "\n"
            R"({"step": 2, "tokens": 200, "validation_loss": 2.5, "validation_tokens": 77, )"
            R"("validation_bytes": 308})"
            "\n");
}

TEST_F(RunLogTest, BitsPerByteAreOfAllTokensOverAllBytes) {
  const ValidationRecord record{.loss = 4 * std::numbers::ln2, .loss_tokens = 77, .bytes = 308};
  EXPECT_DOUBLE_EQ(record.bits_per_byte(), 1);
  EXPECT_TRUE(std::isnan(ValidationRecord{.loss = 2.5}.bits_per_byte()));
}

TEST_F(RunLogTest, LostTimingIsAGapNotAnError) {
  LogPosition position;
  {
    RunLog log(place);
    for (int64_t step = 1; step <= 5; ++step) note(log, step);
    position = log.sync();
  }
  fs::resize_file(place.timing(), fs::file_size(place.timing()) - 20);
  const RunLog log(place, position);
  ASSERT_EQ(log.history().steps.size(), 5u);
  EXPECT_EQ(log.history().steps[3].seconds, 0.5);
  EXPECT_TRUE(std::isnan(log.history().steps[4].seconds));
}

TEST_F(RunLogTest, LostMetricsAreAGapThatIsReported) {
  LogPosition position;
  {
    RunLog log(place);
    for (int64_t step = 1; step <= 5; ++step) note(log, step);
    position = log.sync();
    note(log, 6);  // lost with the crash
  }
  const std::string whole = read_file(place.metrics());
  const size_t second = whole.find('\n') + 1;
  std::string flipped = whole;
  flipped[second] = '[';
  for (const auto& [text, steps] : {std::pair{flipped, 4u},
                                    {whole.substr(0, second + 9), 1u},
                                    {std::string(), 0u},
                                    {whole, 5u}}) {
    write_file(place.metrics(), text);
    std::string told;
    RunLog log(place, position, [&](LogLevel, std::string_view words) { told += words; });
    EXPECT_EQ(log.history().steps.size(), steps);
    EXPECT_EQ(told.find("metrics.jsonl: expected ") != told.npos, steps < 5) << told;
    note(log, 7);
    const RunLog again(place, {7, log.sync().metrics_bytes});
    ASSERT_EQ(again.history().steps.size(), steps + 1);
    EXPECT_EQ(again.history().steps.back().step, 7);
  }
  fs::remove(place.metrics());
  EXPECT_TRUE(RunLog(place, position).history().steps.empty());
}

}  // namespace
}  // namespace octavo
