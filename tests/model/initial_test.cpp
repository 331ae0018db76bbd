// How parameters begin: heads that look back do so from the start, wherever they stand and whatever
// the tokens are. (GPT-2's own beginning is tested in gpt_test.cpp.)
#include <algorithm>
#include <cmath>

#include "octavo/model/gpt.h"
#include "tests/model/support.h"

namespace octavo {
namespace {

// Of one head of the first layer: which key each query attends to most, and with what weight.
struct Attended {
  int64_t key;
  double weight;
};
Attended most_attended(const Tensor& qkv, int64_t query, int64_t head, int64_t size) {
  const int64_t C = qkv.shape()[1] / 3;
  const auto numbers = qkv.as<float>();
  const auto at = [&](int64_t row, int64_t column) {
    return double{numbers[static_cast<size_t>(row * 3 * C + column)]};
  };
  std::vector<double> weights;
  double sum = 0;
  for (int64_t key = 0; key <= query; ++key) {
    double product = 0;
    for (int64_t i = head * size; i < (head + 1) * size; ++i)
      product += at(query, i) * at(key, C + i);
    weights.push_back(std::exp(product / std::sqrt(static_cast<double>(size))));
    sum += weights.back();
  }
  const auto most = std::max_element(weights.begin(), weights.end());
  return {most - weights.begin(), *most / sum};
}

TEST(Initial, heads_that_look_back) {
  ModelConfig config;
  config.vocabulary = 500, config.context = 256, config.layers = 2;
  config.width = 192, config.heads = 6;
  config.initial_positions = InitialPositions::look_back;
  const GPT model(config, 1);
  Tensor qkv;
  ForwardOptions options;
  options.observe = [&](std::string_view name, const Tensor& value) {
    if (name == "block 0 attention qkv" || name == "block 0 qkv") qkv = value.clone();
  };
  Tape tape;
  const std::vector<int32_t> tokens = random_tokens(256, 500, 3);
  const Tensor window = Tensor::of<int32_t>({1, 256}, std::span<const int32_t>(tokens));
  model.hidden(tape, Batch::of_windows(window, 0), options);
  ASSERT_EQ(qkv.shape(), (Shape{256, 3 * 192}));
  for (const int64_t query : {5, 20, 100, 255})
    for (const int64_t head : {0, 1, 2}) {
      const Attended attended = most_attended(qkv, query, head, 32);
      EXPECT_EQ(attended.key, query - head - 1) << "head " << head << " at " << query;
      EXPECT_GT(attended.weight, 0.6) << "head " << head << " at " << query;
    }
  EXPECT_LT(most_attended(qkv, 255, 4, 32).weight, 0.1);
}

// The other parameters are those of a model that begins as GPT-2 does.
TEST(Initial, only_what_looks_back_differs) {
  ModelConfig config = tiny_config();
  const GPT usual(config, 1);
  config.initial_positions = InitialPositions::look_back;
  const GPT other(config, 1);
  for (size_t i = 0; i < usual.parameters().size(); ++i) {
    const Parameter &a = usual.parameters()[i], &b = other.parameters()[i];
    const bool differs =
        a.name.ends_with("_embedding.weight") || a.name == "blocks.0.attention.qkv.weight";
    EXPECT_EQ(!same_bits(a.value.data(), b.value.data()), differs) << a.name;
  }
}

}  // namespace
}  // namespace octavo
