// octavo bench: what it prints is there, and the figures agree with each other.
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

TEST_F(BenchCommandTest, a_table_for_people) {
  const Outcome outcome = run({"bench", "decode", "--tokens", "5", "--layers", "1", "--width", "16",
                               "--heads", "1", "--vocabulary", "50", "--steps", "1"});
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  for (const char* part : {"decode 5 tokens", "tokens/s", "GFLOP/s", "GB/s", " % "})
    EXPECT_NE(outcome.out.find(part), std::string::npos) << part << "\n" << outcome.out;
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
