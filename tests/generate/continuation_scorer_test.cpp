// Continuations have score()'s numbers to the bit, alone or among others, and are greedy exactly
// where greedy decoding would write them.
#include "octavo/generate/continuation_scorer.h"

#include "octavo/generate/generator.h"
#include "octavo/generate/scorer.h"
#include "tests/base/temporary_folder.h"
#include "tests/model/support.h"

namespace octavo {
namespace {

constexpr int64_t kVocabulary = 131;

std::vector<int32_t> joined(std::vector<int32_t> a, std::span<const int32_t> b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

/// Prompts of 1 to 60 tokens with one to five continuations of 1 to 37; some fill the context.
std::vector<ContinuationRequest> make_requests() {
  std::vector<ContinuationRequest> requests;
  for (uint64_t i = 0; i < 12; ++i) {
    ContinuationRequest request{
        random_tokens(1 + static_cast<int64_t>(i % 4) * 19 + (i == 9) * 40, kVocabulary, i), {}};
    for (uint64_t n = 0; n < 1 + i % 5; ++n)
      request.continuations.push_back(random_tokens(
          i == 9 ? 37 : 1 + static_cast<int64_t>((i + n * 5) % 9), kVocabulary, 100 + 10 * i + n));
    requests.push_back(std::move(request));
  }
  return requests;
}

TEST(ContinuationScorer, numbers_are_those_of_whole_texts) {
  for (const Precision precision : {Precision::f32(), Precision::bf16()}) {
    GPT model(tiny_config(), 1, precision);
    const std::vector<ContinuationRequest> requests = make_requests();
    std::vector<std::vector<std::vector<float>>> expected;
    {
      const UseThreads one(1);
      for (const ContinuationRequest& request : requests) {
        auto& own = expected.emplace_back();
        for (const auto& one : request.continuations) {
          const std::vector<std::vector<int32_t>> text{joined(request.prompt, one)};
          const std::vector<float> all = score(model, text)[0];
          own.emplace_back(all.end() - std::ssize(one), all.end());
        }
      }
    }
    model.pack();
    for (const int64_t batch_rows : {1, 50, 100'000})
      for (const int threads : {1, 3}) {
        const UseThreads use(threads);
        const auto found = score_continuations(model, requests, 0, batch_rows);
        ASSERT_EQ(found.size(), requests.size());
        for (size_t i = 0; i < found.size(); ++i) {
          ASSERT_EQ(found[i].size(), expected[i].size());
          for (size_t n = 0; n < found[i].size(); ++n) {
            std::vector<float> numbers;
            for (const TokenScore& score : found[i][n]) numbers.push_back(score.log_probability);
            EXPECT_TRUE(same_bits(numbers, expected[i][n])) << "request " << i << ", " << n;
          }
        }
      }
  }
}

TEST(ContinuationScorer, greedy_tokens_are_those_that_greedy_decoding_writes) {
  const UseThreads one(1);
  const GPT model(tiny_config(), 1);
  const std::vector<int32_t> prompt = random_tokens(9, kVocabulary, 1);
  const GenerationRequest request{.prompt = prompt,
                                  .sampling = {.temperature = 0},
                                  .max_tokens = 12,
                                  .end_of_text = EndOfText::continues};
  const std::vector<int32_t> written =
      Generator(model).generate({&request, 1}).continuations[0][0].tokens;
  ASSERT_EQ(written.size(), 12u);
  std::vector<int32_t> other = written;
  other[5] = (other[5] + 1) % kVocabulary;
  const std::vector<ContinuationRequest> requests{{prompt, {written, other}}, {prompt, {other}}};
  const auto scores = score_continuations(model, requests);
  for (size_t t = 0; t < 12; ++t) EXPECT_TRUE(scores[0][0][t].is_greedy) << t;
  for (const auto& of_other : {scores[0][1], scores[1][0]}) {
    for (size_t t = 0; t < 5; ++t) EXPECT_TRUE(of_other[t].is_greedy) << t;
    EXPECT_FALSE(of_other[5].is_greedy);
  }
}

TEST(ContinuationScorer, of_equals_the_lowest_is_greedy_among_those_that_compete) {
  // All logits are 0 but for token 7's.
  const auto model_with = [](float of_seven) {
    const ParameterSource source = [=](const ParameterInfo& info) {
      const Tensor tensor = Tensor::zeros(info.shape, DataType::f32);
      if (info.name == "final_norm.bias") tensor.as<float>()[0] = 1;
      if (info.name == "token_embedding.weight") tensor.as<float>()[7 * 40] = of_seven;
      return tensor;
    };
    return GPT(tiny_config(), source, Precision::f32(), Purpose::inference);
  };
  const std::vector<ContinuationRequest> requests{{{3}, {{0}, {1}, {7}, {130}}}};
  const auto greedy = [&](float of_seven, int64_t vocabulary) {
    std::vector<bool> result;
    const GPT model = model_with(of_seven);
    const auto scores = score_continuations(model, requests, vocabulary);
    for (const auto& one : scores[0]) result.push_back(one[0].is_greedy);
    return result;
  };
  EXPECT_EQ(greedy(0, 0), (std::vector<bool>{true, false, false, false}));
  EXPECT_EQ(greedy(-1, 0), (std::vector<bool>{true, false, false, false}));
  EXPECT_EQ(greedy(1, 0), (std::vector<bool>{false, false, true, false}));
  EXPECT_EQ(greedy(1, 7), (std::vector<bool>{true, false, false, false}));
}

TEST(ContinuationScorer, what_cannot_be_scored_is_named) {
  const GPT model(tiny_config(), 1);
  const auto message = [&](ContinuationRequest request, int64_t batch_rows = 10) {
    const std::vector<ContinuationRequest> requests{std::move(request)};
    return error_of(ErrorKind::usage, [&] { score_continuations(model, requests, 0, batch_rows); });
  };
  const auto has = [](const std::string& text, std::string_view part) {
    EXPECT_NE(text.find(part), std::string::npos) << text;
  };
  has(message({{}, {{1}}}), "a prompt is empty");
  has(message({{1}, {{}}}), "a continuation is empty");
  has(message({{131}, {{1}}}), "token 131 of a prompt");
  has(message({{1}, {{-1}}}), "token -1 of a continuation");
  has(message({random_tokens(60, kVocabulary, 1), {random_tokens(38, kVocabulary, 1)}}),
      "60 tokens and a continuation of 38 do not fit the model's context of 96");
  has(message({{1}, {{1}}}, 0), "batches of 0");
  EXPECT_TRUE(score_continuations(model, {}).empty());
  const std::vector<ContinuationRequest> nothing_asked{{{1, 2}, {}}};
  EXPECT_TRUE(score_continuations(model, nothing_asked)[0].empty());
}

}  // namespace
}  // namespace octavo
