// Each filter against a plain count of what may be drawn; draws follow the probabilities and
// repeat.
#include "octavo/generate/sampler.h"

#include <cmath>
#include <set>

#include "tests/base/temporary_folder.h"

namespace octavo {
namespace {

// Probabilities 0.5, 0.25, 0.15, 0.07, 0.03, in a scattered order.
std::vector<float> logits() {
  std::vector<float> result;
  for (const double p : {0.15, 0.03, 0.5, 0.07, 0.25})
    result.push_back(static_cast<float>(std::log(p)));
  return result;
}

/// How often each token is drawn in 20,000 draws at different positions.
std::vector<int> counts(const SamplingOptions& options, std::vector<float> scores = logits()) {
  std::vector<int> result(scores.size());
  std::vector<int32_t> text;
  for (int i = 0; i < 20'000; ++i) {
    ++result[static_cast<size_t>(sample_token(scores, text, options, 0))];
    text.push_back(1000);
  }
  return result;
}

std::set<int> drawn(const SamplingOptions& options) {
  std::set<int> result;
  const std::vector<int> found = counts(options);
  for (size_t i = 0; i < found.size(); ++i)
    if (found[i] > 0) result.insert(static_cast<int>(i));
  return result;
}

void expect_shares(const std::vector<int>& found, const std::vector<double>& shares) {
  for (size_t i = 0; i < shares.size(); ++i)
    EXPECT_NEAR(found[i] / 20'000.0, shares[i],
                5 * std::sqrt(shares[i] * (1 - shares[i]) / 20'000) + 1e-9)
        << "token " << i;
}

TEST(Sampler, draws_follow_the_probabilities) {
  expect_shares(counts({}), {0.15, 0.03, 0.5, 0.07, 0.25});
}

TEST(Sampler, temperature_flattens_and_sharpens) {
  const auto shares = [](double temperature) {
    std::vector<double> result;
    double sum = 0;
    for (const double p : {0.15, 0.03, 0.5, 0.07, 0.25}) {
      result.push_back(std::pow(p, 1 / temperature));
      sum += result.back();
    }
    for (double& p : result) p /= sum;
    return result;
  };
  expect_shares(counts({.temperature = 2}), shares(2));
  expect_shares(counts({.temperature = 0.5}), shares(0.5));
  EXPECT_EQ(drawn({.temperature = 0}), std::set<int>{2});
}

TEST(Sampler, top_k) {
  EXPECT_EQ(drawn({.top_k = 1}), (std::set{2}));
  EXPECT_EQ(drawn({.top_k = 3}), (std::set{0, 2, 4}));
  EXPECT_EQ(drawn({.top_k = 99}).size(), 5u);
  expect_shares(counts({.top_k = 2}), {0, 0, 2 / 3.0, 0, 1 / 3.0});
}

TEST(Sampler, top_p) {
  EXPECT_EQ(drawn({.top_p = 0.1}), (std::set{2}));
  EXPECT_EQ(drawn({.top_p = 0.49}), (std::set{2}));
  EXPECT_EQ(drawn({.top_p = 0.51}), (std::set{2, 4}));
  EXPECT_EQ(drawn({.top_p = 0.95}), (std::set{0, 2, 3, 4}));
  expect_shares(counts({.top_p = 0.7}), {0, 0, 2 / 3.0, 0, 1 / 3.0});
  // Of what top-k left: 0.5 of 0.75 is two thirds.
  EXPECT_EQ(drawn({.top_k = 2, .top_p = 0.66}), (std::set{2}));
}

TEST(Sampler, min_p) {
  EXPECT_EQ(drawn({.min_p = 0.29}), (std::set{0, 2, 4}));
  EXPECT_EQ(drawn({.min_p = 0.31}), (std::set{2, 4}));
  EXPECT_EQ(drawn({.min_p = 1}), (std::set{2}));
}

// The nucleus is a share of everything, and min-p chooses among what it holds: 0.5 is less than
// 0.6, so 0.3 comes in, and 0.3 is more than half of 0.5.
TEST(Sampler, filters_apply_in_their_order) {
  const std::vector<float> four = {std::log(0.5f), std::log(0.3f), std::log(0.1f), std::log(0.1f)};
  const std::vector<int> found = counts({.top_p = 0.6, .min_p = 0.5}, four);
  EXPECT_GT(found[1], 0);
  EXPECT_EQ(found[2] + found[3], 0);
  EXPECT_EQ(drawn({.top_k = 4, .top_p = 0.99, .min_p = 0.29}), (std::set{0, 2, 4}));
}

TEST(Sampler, repetition_penalty_counts_a_token_once) {
  const std::vector<float> scores = {2, 1.5f, -1};
  const SamplingOptions greedy{.temperature = 0, .repetition_penalty = 1.4};
  const auto after = [&](std::vector<int32_t> text) {
    return sample_token(scores, text, greedy, 0);
  };
  EXPECT_EQ(after({}), 0);
  EXPECT_EQ(after({0}), 1);           // 2 / 1.4 < 1.5
  EXPECT_EQ(after({0, 0, 0, 1}), 0);  // 2 / 1.4 > 1.5 / 1.4
  // A negative score moves down too.
  const std::vector<float> negative = {-1, -1.2f};
  EXPECT_EQ(sample_token(negative, std::vector<int32_t>{0}, greedy, 0), 1);
}

TEST(Sampler, equal_logits_take_the_lowest_token) {
  EXPECT_EQ(most_likely(std::vector<float>{1, 3, 3, 2}), 1);
}

TEST(Sampler, a_draw_is_a_function_of_seed_sample_and_position) {
  std::vector<float> flat(100);
  const auto draws = [&](uint64_t seed, uint32_t sample) {
    std::vector<int32_t> text;
    for (int i = 0; i < 30; ++i) text.push_back(sample_token(flat, text, {.seed = seed}, sample));
    return text;
  };
  EXPECT_EQ(draws(1, 0), draws(1, 0));
  EXPECT_NE(draws(1, 0), draws(1, 1));
  EXPECT_NE(draws(1, 0), draws(2, 0));
  const std::vector<int32_t> draw = draws(1, 0);
  EXPECT_GT(std::set(draw.begin(), draw.end()).size(), 15u);  // positions differ
}

TEST(Sampler, options_and_logits_that_cannot_be_are_named) {
  const auto message = [](const SamplingOptions& options) {
    return error_of(ErrorKind::usage, [&] { options.validate(); });
  };
  EXPECT_NE(message({.temperature = -1}).find("temperature"), std::string::npos);
  EXPECT_NE(message({.top_k = -1}).find("top-k"), std::string::npos);
  EXPECT_NE(message({.top_p = 0}).find("top-p"), std::string::npos);
  EXPECT_NE(message({.min_p = 1.5}).find("min-p"), std::string::npos);
  for (const double penalty : {0.0, 1e-300, 1e300})
    EXPECT_NE(message({.repetition_penalty = penalty}).find("repetition"), std::string::npos);
  EXPECT_NO_THROW(SamplingOptions{}.validate());
  const std::vector<float> bad(3, std::nanf(""));
  error_of(ErrorKind::diverged, [&] { sample_token(bad, {}, {}, 0); });
}

}  // namespace
}  // namespace octavo
