// octavo bench: what it prints is there, and the figures agree with each other.
#include <gmock/gmock.h>

#include "octavo/base/files.h"
#include "tests/cli/support.h"

namespace octavo {
namespace {

class BenchCommandTest : public ProgramTest {
 protected:
  /// The JSON of a measurement of a tiny shape.
  Json bench(const std::string& what, std::vector<std::string> more) const {
    std::vector<std::string> words = {"bench",   what, "--json",  "--quiet", "--layers",     "2",
                                      "--width", "32", "--heads", "2",       "--vocabulary", "100",
                                      "--steps", "2"};
    words.insert(words.end(), more.begin(), more.end());
    const Outcome outcome = run(words);
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_EQ(outcome.err, "");
    const Json result = outcome.lines().at(0);
    EXPECT_EQ(result.at("bench").text(), what);
    EXPECT_EQ(result.at("threads").integer(), 1);
    EXPECT_EQ(result.at("seconds").size(), 2u);
    const double gflops = result.at("achieved_gflops").number();
    EXPECT_NEAR(result.at("tokens_per_s").number() * result.at("model_flops_per_token").number(),
                gflops * 1e9, gflops);
    EXPECT_NEAR(gflops / result.at("peak_gflops").number(), result.at("fraction_of_peak").number(),
                1e-9);
    EXPECT_GT(result.at("peak_memory_bytes").integer(), 0);
    return result;
  }

  ModelConfig config() const {
    ModelConfig config;
    config.layers = 2, config.width = 32, config.heads = 2, config.vocabulary = 100;
    config.context = 1024;
    return config;
  }
};

TEST_F(BenchCommandTest, train) {
  for (const std::vector<std::string>& more :
       {std::vector<std::string>{}, {"--recompute", "--micro-batch", "1"}}) {
    std::vector<std::string> words = {"--batch", "2", "--context", "16", "--dtype", "fp32"};
    words.insert(words.end(), more.begin(), more.end());
    const Json result = bench("train", words);
    EXPECT_EQ(result.at("model_flops_per_token").number(), training_flops_per_token(config(), 16));
    EXPECT_EQ(result.at("recompute").boolean(), !more.empty());
    EXPECT_EQ(result.at("micro_batch").integer(), more.empty() ? 2 : 1);
  }
}

TEST_F(BenchCommandTest, prefill_and_decode) {
  const Json prefill = bench("prefill", {"--tokens", "24"});
  EXPECT_EQ(prefill.at("model_flops_per_token").number(), prefill_flops_per_token(config(), 24));
  EXPECT_EQ(prefill.at("dtype").text(), "bf16");
  const Json decode = bench("decode", {"--tokens", "9", "--dtype", "fp32"});
  // Two to ten keys, six on average.
  EXPECT_EQ(decode.at("bytes_per_token").number(),
            decode_bytes_per_token(config(), Precision::f32(), 6));
  EXPECT_NEAR(decode.at("fraction_of_bandwidth").number(),
              decode.at("bytes_per_token").number() * decode.at("tokens_per_s").number() /
                  decode.at("read_bandwidth").number(),
              1e-9);
  const Json together = bench("decode", {"--tokens", "9", "--batch", "4", "--dtype", "fp32"});
  EXPECT_LT(together.at("bytes_per_token").number(), decode.at("bytes_per_token").number());
}

TEST_F(BenchCommandTest, kernels) {
  const Outcome outcome = run(
      {"bench", "kernels", "--only", "adamw", "--seconds", "0.01", "--dtype", "fp32", "--json"});
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  ASSERT_EQ(outcome.lines().size(), 1u);
  EXPECT_EQ(outcome.lines().at(0).at("operation").text(), "adamw");
  EXPECT_GT(outcome.lines().at(0).at("achieved_gbytes_per_s").number(), 0);
}

TEST_F(BenchCommandTest, breakdown) {
  for (const std::string work : {"train", "prefill", "decode"}) {
    SCOPED_TRACE(work);
    const Outcome outcome = run({"bench",
                                 "breakdown",
                                 "--json",
                                 "--work",
                                 work,
                                 "--layers",
                                 "2",
                                 "--width",
                                 "32",
                                 "--heads",
                                 "2",
                                 "--vocabulary",
                                 "100",
                                 "--batch",
                                 "2",
                                 "--context",
                                 "16",
                                 "--tokens",
                                 "16",
                                 "--steps",
                                 "2",
                                 "--dtype",
                                 "fp32",
                                 "--plot",
                                 "breakdown.svg"});
    ASSERT_EQ(outcome.code, 0) << outcome.err;
    const Json result = outcome.lines().at(0);
    double seconds = result.at("seconds_between_kernels").number(), attention = 0, calls = 0;
    for (const Json& row : result.at("operations").items()) {
      seconds += row.at("seconds").number();
      EXPECT_GT(row.at("calls").number(), 0);
      EXPECT_GT(row.at("fraction_of_limit").number(), 0);
      if (row.at("operation").text() != "attention") continue;
      attention += row.at("flops").number(), calls += row.at("calls").number();
    }
    // The parts are the whole; of attention's arithmetic there is as much as there should be.
    EXPECT_NEAR(seconds, result.at("seconds").number(), 1e-9 + 1e-9 * seconds);
    if (work == "train") {
      EXPECT_EQ(calls, 2);
      EXPECT_EQ(attention, 2 * 2 * (16 * 17 / 2) * 4 * 32);
    }
    EXPECT_THAT(read_file(folder.path() / "breakdown.svg"),
                testing::HasSubstr("between the kernels"));
  }
}

TEST_F(BenchCommandTest, compare) {
  const std::vector<std::string> tiny = {"--layers",     "1",  "--width", "16",  "--heads", "1",
                                         "--vocabulary", "50", "--dtype", "fp32"};
  const auto with = [&](std::vector<std::string> words, const std::vector<std::string>& more) {
    words.insert(words.end(), tiny.begin(), tiny.end());
    words.insert(words.end(), more.begin(), more.end());
    return run(words);
  };
  const std::vector<std::string> decode = {"bench", "decode", "--tokens", "5", "--steps", "3"};
  write_file(folder.path() / "before.json", with(decode, {"--json"}).out);
  const Outcome table = with(decode, {"--compare", "before.json"});
  ASSERT_EQ(table.code, 0) << table.err;
  for (const char* part : {"before", "now", "of 3", "change", "×"})
    EXPECT_THAT(table.out, testing::HasSubstr(part));
  const Json json = with(decode, {"--compare", "before.json", "--json"}).lines().at(0);
  EXPECT_EQ(json.at("fractions").size(), 3u);
  EXPECT_EQ(json.at("before").at("bench").text(), "decode");

  const std::vector<std::string> step = {"bench", "breakdown", "--batch", "1", "--context", "8"};
  write_file(folder.path() / "step.json", with(step, {"--json"}).out);
  EXPECT_THAT(with(step, {"--compare", "step.json"}).out, testing::HasSubstr("×"));

  const std::vector<std::string> kernel = {"bench", "kernels", "--only", "adamw", "--seconds", "0"};
  write_file(folder.path() / "kernel.json",
             run({kernel[0], kernel[1], kernel[2], kernel[3], kernel[4], kernel[5], "--json"}).out);
  EXPECT_THAT(run({kernel[0], kernel[1], kernel[2], kernel[3], kernel[4], kernel[5], "--compare",
                   "kernel.json"})
                  .out,
              testing::HasSubstr("×"));

  // What is not of the same thing is no comparison.
  expect_error(ErrorKind::data,
               {"bench", "decode", "--tokens", "6", "--layers", "1", "--width", "16", "--heads",
                "1", "--vocabulary", "50", "--dtype", "fp32", "--steps", "1", "--quiet",
                "--compare", "before.json"},
               {"before.json", "tokens is 5, now 6"});
  write_file(folder.path() / "empty.json", "");
  expect_error(ErrorKind::data, {"bench", "decode", "--compare", "empty.json"}, {"empty.json"});
  expect_error(ErrorKind::data, {"bench", "decode", "--compare", "absent.json"}, {"absent.json"});
}

TEST_F(BenchCommandTest, a_table_for_people) {
  const Outcome outcome = run({"bench", "decode", "--tokens", "5", "--layers", "1", "--width", "16",
                               "--heads", "1", "--vocabulary", "50", "--steps", "1"});
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  for (const char* part : {"decode 5 tokens", "tokens/s", "GFLOP/s", "GB/s", " % "})
    EXPECT_NE(outcome.out.find(part), std::string::npos) << part << "\n" << outcome.out;
  const Outcome breakdown =
      run({"bench", "breakdown", "--layers", "1", "--width", "16", "--heads", "1", "--vocabulary",
           "50", "--steps", "1", "--batch", "1", "--context", "8"});
  ASSERT_EQ(breakdown.code, 0) << breakdown.err;
  for (const char* part : {"a training step of 1 × 8 tokens", "adamw", "attention_backward",
                           "between the kernels", "all ", "GFLOP/s", "GB/s", " % "})
    EXPECT_NE(breakdown.out.find(part), std::string::npos) << part << "\n" << breakdown.out;
}

TEST_F(BenchCommandTest, breakdown_of_quantized_weights) {
  std::vector<std::string> command = {
      "bench",    "breakdown", "--work",  "decode", "--tokens",     "3",
      "--layers", "1",         "--width", "32",     "--vocabulary", "50",
      "--heads",  "1",         "--steps", "1",      "--type",       "q4_0"};
  const Outcome outcome = run(command);
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  for (const char* part : {"decoding 3 tokens, weights in q4_0", "quantized_product q4_0"})
    EXPECT_NE(outcome.out.find(part), std::string::npos) << part << "\n" << outcome.out;
  command[3] = "train";
  expect_error(ErrorKind::usage, command, {"--type", "prefill or decode"});
}

TEST_F(BenchCommandTest, shapes_that_cannot_be) {
  expect_error(ErrorKind::usage, {"bench", "train", "--width", "100", "--heads", "7"},
               {"width", "100", "7"});
  expect_error(ErrorKind::usage, {"bench", "kernels", "--set", "avx1"}, {"avx1"});
  expect_error(ErrorKind::usage,
               {"bench", "train", "--batch", "3", "--micro-batch", "2", "--layers", "1", "--width",
                "16", "--heads", "1", "--context", "8", "--vocabulary", "50", "--quiet"},
               {"3", "2"});
}

}  // namespace
}  // namespace octavo
