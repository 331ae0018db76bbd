// Shapes, order and errors of scoring; that its numbers are one number is tested in tests/model.
#include "octavo/generate/scorer.h"

#include <cmath>

#include "octavo/ops/cross_entropy.h"
#include "tests/base/temporary_folder.h"
#include "tests/model/support.h"

namespace octavo {
namespace {

TEST(Scorer, probabilities_of_all_continuations_add_up_to_one) {
  const GPT model(tiny_config(), 1);
  std::vector<std::vector<int32_t>> texts;
  for (int32_t last = 0; last < 131; ++last) texts.push_back({5, 6, last});
  const auto scores = score(model, texts);
  double sum = 0;
  for (const auto& one : scores) {
    ASSERT_EQ(one.size(), 3u);
    EXPECT_TRUE(std::isnan(one[0]));
    EXPECT_LT(one[1], 0);
    sum += std::exp(double{one[2]});
  }
  EXPECT_NEAR(sum, 1, 1e-5);
}

TEST(Scorer, short_texts_have_their_shape_and_come_in_order) {
  const UseThreads one(1);
  const GPT model(tiny_config(), 1);
  const std::vector<std::vector<int32_t>> texts = {
      {}, {1}, {1, 2}, {}, random_tokens(97, 131, 1), {3, 4, 5}};
  for (const ScoreOptions& options :
       {ScoreOptions{}, ScoreOptions{.batch_rows = 1}, ScoreOptions{.batch_rows = 5},
        ScoreOptions{.chunk_rows = 2}}) {
    size_t next = 0;
    const auto scores =
        score(model, texts, options, [&](size_t text, const std::vector<float>& one) {
          EXPECT_EQ(text, next++);
          EXPECT_EQ(one.size(), texts[text].size());
        });
    EXPECT_EQ(next, texts.size());
    EXPECT_EQ(scores.size(), texts.size());
  }
  EXPECT_TRUE(score(model, {}).empty());
}

TEST(Scorer, what_cannot_be_scored_is_named) {
  const GPT model(tiny_config(), 1);
  const auto message = [&](std::vector<int32_t> text, ScoreOptions options = {}) {
    const std::vector<std::vector<int32_t>> texts = {{1, 2}, std::move(text)};
    return error_of(ErrorKind::usage, [&] { score(model, texts, options); });
  };
  EXPECT_NE(message(random_tokens(98, 131, 1)).find("text 1 has 98 tokens"), std::string::npos);
  EXPECT_NE(message({1, 131}).find("token 131 of text 1"), std::string::npos);
  EXPECT_NE(message({-1}).find("token -1"), std::string::npos);
  EXPECT_NE(message({1}, {.batch_rows = 0}).find("batches of 0"), std::string::npos);
}

}  // namespace
}  // namespace octavo
