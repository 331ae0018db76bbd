// Given continuations have score()'s numbers to the bit, alone or among others and beside what is
// written, and are greedy exactly where greedy decoding would write them.
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

/// A request that only weighs.
GenerationRequest weighing(std::vector<int32_t> prompt,
                           std::vector<std::vector<int32_t>> continuations) {
  return {.prompt = std::move(prompt), .samples = 0, .weighed = std::move(continuations)};
}

/// Prompts of 1 to 60 tokens with one to five continuations of 1 to 37, some of which fill the
/// context; every third is written on too, once or more.
std::vector<GenerationRequest> make_requests() {
  std::vector<GenerationRequest> requests;
  for (uint64_t i = 0; i < 12; ++i) {
    GenerationRequest request = weighing(
        random_tokens(1 + static_cast<int64_t>(i % 4) * 19 + (i == 9) * 40, kVocabulary, i), {});
    for (uint64_t n = 0; n < 1 + i % 5; ++n)
      request.weighed.push_back(random_tokens(
          i == 9 ? 37 : 1 + static_cast<int64_t>((i + n * 5) % 9), kVocabulary, 100 + 10 * i + n));
    if (i % 3 == 1) request.samples = static_cast<int64_t>(i), request.max_tokens = 6;
    request.end_of_text = EndOfText::continues;
    requests.push_back(std::move(request));
  }
  return requests;
}

TEST(Weighed, numbers_are_those_of_whole_texts) {
  for (const Precision precision : {Precision::f32(), Precision::bf16()}) {
    GPT model(tiny_config(), 1, precision);
    std::vector<GenerationRequest> requests = make_requests();
    std::vector<std::vector<std::vector<float>>> expected;
    std::vector<std::vector<int32_t>> written;  // the last sample of each, without weighing
    {
      const UseThreads one(1);
      for (GenerationRequest request : requests) {
        auto& own = expected.emplace_back();
        for (const auto& one : request.weighed) {
          const std::vector<std::vector<int32_t>> text{joined(request.prompt, one)};
          const std::vector<float> all = score(model, text)[0];
          own.emplace_back(all.end() - std::ssize(one), all.end());
        }
        request.weighed.clear();
        auto& last = written.emplace_back();
        if (request.samples > 0)
          last = Generator(model).generate({&request, 1}).continuations[0].back().tokens;
      }
    }
    model.pack();
    for (const int64_t streams : {1, 3, 64})
      for (const int threads : {1, 3}) {
        const UseThreads use(threads);
        const GenerationResult found =
            Generator(model, nullptr, {.streams = streams}).generate(requests);
        ASSERT_EQ(found.weighed.size(), requests.size());
        for (size_t i = 0; i < requests.size(); ++i) {
          ASSERT_EQ(found.weighed[i].size(), expected[i].size());
          for (size_t n = 0; n < expected[i].size(); ++n) {
            std::vector<float> numbers;
            for (const TokenScore& score : found.weighed[i][n])
              numbers.push_back(score.log_probability);
            EXPECT_TRUE(same_bits(numbers, expected[i][n])) << "request " << i << ", " << n;
          }
          ASSERT_EQ(std::ssize(found.continuations[i]), requests[i].samples);
          if (requests[i].samples > 0) {
            EXPECT_EQ(found.continuations[i].back().tokens, written[i]);
          }
        }
      }
  }
}

// More rows than are read together, in prompts and in continuations.
TEST(Weighed, long_ones_are_read_in_parts) {
  ModelConfig config = tiny_config();
  config.context = 3000;
  const GPT model(config, 1);
  const std::vector<int32_t> text = random_tokens(3001, kVocabulary, 1);
  const std::vector<float> expected = score(model, {&text, 1})[0];
  std::vector<GenerationRequest> requests;
  for (const std::ptrdiff_t split : {1, 700, 1025, 2500, 2999})
    requests.push_back(weighing({text.begin(), text.begin() + split},
                                {{text.begin() + split, text.end()}, {5, 6}}));
  const GenerationResult found = Generator(model).generate(requests);
  for (size_t i = 0; i < requests.size(); ++i) {
    std::vector<float> numbers;
    for (const TokenScore& score : found.weighed[i][0]) numbers.push_back(score.log_probability);
    EXPECT_TRUE(same_bits(numbers, std::span(expected).last(numbers.size()))) << i;
    EXPECT_EQ(found.weighed[i][1].size(), 2u);
  }
}

TEST(Weighed, greedy_tokens_are_those_that_greedy_decoding_writes) {
  const UseThreads one(1);
  const GPT model(tiny_config(), 1);
  GenerationRequest request{.prompt = random_tokens(9, kVocabulary, 1),
                            .sampling = {.temperature = 0},
                            .max_tokens = 12,
                            .end_of_text = EndOfText::continues};
  const Generator generator(model);
  const std::vector<int32_t> written = generator.generate({&request, 1}).continuations[0][0].tokens;
  ASSERT_EQ(written.size(), 12u);
  std::vector<int32_t> other = written;
  other[5] = (other[5] + 1) % kVocabulary;
  request.weighed = {written, other};
  const GenerationResult result = generator.generate({&request, 1});
  EXPECT_EQ(result.continuations[0][0].tokens, written);
  const ContinuationScores& scores = result.weighed[0];
  for (size_t t = 0; t < 12; ++t) EXPECT_TRUE(scores[0][t].is_greedy) << t;
  for (size_t t = 0; t < 5; ++t) EXPECT_TRUE(scores[1][t].is_greedy) << t;
  EXPECT_FALSE(scores[1][5].is_greedy);
}

TEST(Weighed, of_equals_the_lowest_is_greedy_among_those_that_compete) {
  // All logits are 0 but for token 130's, which no tokenizer of 100 tokens knows.
  const auto greedy = [&](float of_last, int64_t competing) {
    const ParameterSource source = [=](const ParameterInfo& info) {
      const Tensor tensor = Tensor::zeros(info.shape, DataType::f32);
      if (info.name == "final_norm.bias") tensor.as<float>()[0] = 1;
      if (info.name == "token_embedding.weight") tensor.as<float>()[130 * 40] = of_last;
      return tensor;
    };
    const GPT model(tiny_config(), source, Precision::f32(), Purpose::inference);
    Tape tape(Recording::off);
    const std::vector<int32_t> text{3, 4};
    const Tensor hidden = model.hidden(tape, Batch::of_sequence(text)).data();
    std::vector<TokenScore> scores(4);
    const std::vector<ScoredRow> rows{
        {1, 0, &scores[0]}, {0, 1, &scores[1]}, {1, 7, &scores[2]}, {1, 130, &scores[3]}};
    score_rows(model, hidden, rows, competing);
    return std::vector<bool>{scores[0].is_greedy, scores[1].is_greedy, scores[2].is_greedy,
                             scores[3].is_greedy};
  };
  EXPECT_EQ(greedy(0, 131), (std::vector<bool>{true, false, false, false}));
  EXPECT_EQ(greedy(-1, 131), (std::vector<bool>{true, false, false, false}));
  EXPECT_EQ(greedy(1, 131), (std::vector<bool>{false, false, false, true}));
  EXPECT_EQ(greedy(1, 100), (std::vector<bool>{true, false, false, false}));
}

TEST(Weighed, what_cannot_be_scored_is_named) {
  const GPT model(tiny_config(), 1);
  const auto message = [&](GenerationRequest request) {
    return error_of(ErrorKind::usage, [&] { Generator(model).generate({&request, 1}); });
  };
  const auto has = [](const std::string& text, std::string_view part) {
    EXPECT_NE(text.find(part), std::string::npos) << text;
  };
  const std::vector<int32_t> nothing;
  has(message(weighing({1}, {nothing})), "a continuation to weigh is empty");
  has(message(weighing({1}, {{-1}})), "token -1 of a continuation");
  has(message(weighing({131}, {{1}})), "token 131 of the prompt");
  has(message(weighing({1}, {})), "at least one sample, found 0");
  has(message(weighing(random_tokens(60, kVocabulary, 1), {random_tokens(38, kVocabulary, 1)})),
      "60 tokens and a continuation of 38 do not fit the model's context of 96");
}

}  // namespace
}  // namespace octavo
