// A continuation is a function of prompt, options and sample number, whatever else is generated;
// it equals what repeated full forwards give; it ends where it should and says why.
#include "octavo/generate/generator.h"

#include "octavo/base/text.h"
#include "octavo/device/memory.h"
#include "tests/base/temporary_folder.h"
#include "tests/model/support.h"

namespace octavo {
namespace {

ModelConfig byte_config() {
  ModelConfig config = tiny_config();
  config.vocabulary = 257;
  config.context = 48;
  config.end_of_text = 256;
  return config;
}

class GeneratorTest : public testing::Test {
 protected:
  std::vector<int32_t> prompt(int64_t length, uint64_t seed = 1) const {
    return random_tokens(length, 256, seed);
  }
  std::vector<int32_t> generated(const GenerationRequest& request) const {
    return Generator(model, &tokenizer).generate({&request, 1}).continuations[0][0].tokens;
  }

  const UseThreads one{1};  // for so small a model more only wait for each other
  const Tokenizer tokenizer = Tokenizer::bytes();
  const GPT model{byte_config(), 1};
};

TEST_F(GeneratorTest, equals_full_forwards_without_a_cache) {
  for (const SamplingOptions& sampling :
       {SamplingOptions{.temperature = 0},
        SamplingOptions{.temperature = 0.8, .top_k = 40, .seed = 5}}) {
    const std::vector<int32_t> start = prompt(7);
    std::vector<int32_t> text = start;
    for (int i = 0; i < 20; ++i) {
      Tape tape(Recording::off);
      const Batch batch = Batch::of_sequence(text);
      const Tensor logits = model.logits(last_rows(model.hidden(tape, batch).data(), batch));
      text.push_back(sample_token(logits.as<float>(), text, sampling, 0));
    }
    text.erase(text.begin(), text.begin() + 7);
    EXPECT_EQ(generated({.prompt = start,
                         .sampling = sampling,
                         .max_tokens = 20,
                         .end_of_text = EndOfText::continues}),
              text);
  }
}

TEST_F(GeneratorTest, company_changes_nothing) {
  std::vector<GenerationRequest> requests;
  for (uint64_t i = 0; i < 12; ++i)
    requests.push_back({.prompt = prompt(1 + static_cast<int64_t>(i * 3), i),
                        .sampling = {.temperature = i % 3 == 0 ? 0.0 : 1.0, .seed = i},
                        .max_tokens = 3 + static_cast<int64_t>(i),
                        .samples = i == 5 ? 60 : 1 + static_cast<int64_t>(i % 4),
                        .end_of_text = EndOfText::continues});
  const Generator generator(model, &tokenizer);
  const GenerationResult together = generator.generate(requests);
  for (size_t i = 0; i < requests.size(); ++i) {
    const GenerationResult alone = generator.generate({&requests[i], 1});
    const auto& expected = alone.continuations[0];
    const auto& found = together.continuations[i];
    ASSERT_EQ(found.size(), static_cast<size_t>(requests[i].samples));
    for (size_t sample = 0; sample < found.size(); ++sample) {
      EXPECT_EQ(found[sample].tokens, expected[sample].tokens) << i << ", sample " << sample;
      EXPECT_EQ(found[sample].text, expected[sample].text);
    }
  }
  EXPECT_NE(together.continuations[5][0].tokens, together.continuations[5][1].tokens);
  EXPECT_EQ(together.continuations[6][0].tokens, together.continuations[6][1].tokens);  // greedy

  // Nor do the places that there are, or the memory for them.
  for (const GeneratorOptions& options :
       {GeneratorOptions{.streams = 1}, {.streams = 7}, {.cache_bytes = 1}}) {
    const auto found = Generator(model, &tokenizer, options).generate(requests).continuations;
    for (size_t i = 0; i < requests.size(); ++i)
      for (size_t sample = 0; sample < found[i].size(); ++sample)
        EXPECT_EQ(found[i][sample].tokens, together.continuations[i][sample].tokens) << i;
  }
  error_of(ErrorKind::usage, [&] { Generator(model, &tokenizer, {.streams = 0}); });

  // Fewer samples are the first of more.
  GenerationRequest fewer = requests[5];
  fewer.samples = 2;
  EXPECT_EQ(generator.generate({&fewer, 1}).continuations[0][1].tokens,
            together.continuations[5][1].tokens);
}

TEST_F(GeneratorTest, max_tokens_and_a_full_context_end_it) {
  const auto run = [&](int64_t length, int64_t max_tokens) {
    const GenerationRequest request{
        .prompt = prompt(length), .max_tokens = max_tokens, .end_of_text = EndOfText::continues};
    return Generator(model, &tokenizer).generate({&request, 1}).continuations[0][0];
  };
  EXPECT_EQ(run(5, 9).tokens.size(), 9u);
  EXPECT_EQ(run(5, 9).finish, FinishReason::max_tokens);
  // Positions 5 … 47 are fed back; the token drawn after the last of them is one more.
  EXPECT_EQ(run(5, 500).tokens.size(), 44u);
  EXPECT_EQ(run(5, 500).finish, FinishReason::context_full);
  EXPECT_EQ(run(48, 500).tokens.size(), 1u);
  EXPECT_EQ(run(48, 500).finish, FinishReason::context_full);
  EXPECT_EQ(run(48, 1).finish, FinishReason::max_tokens);
}

TEST_F(GeneratorTest, a_full_context_may_slide) {
  const auto run = [&](std::vector<int32_t> start, int64_t max_tokens, FullContext full_context) {
    return generated({.prompt = std::move(start),
                      .sampling = {.temperature = 0},
                      .max_tokens = max_tokens,
                      .end_of_text = EndOfText::continues,
                      .full_context = full_context});
  };
  const std::vector<int32_t> all = run(prompt(5), 60, FullContext::slides);
  ASSERT_EQ(all.size(), 60u);
  EXPECT_EQ(run(prompt(5), 60, FullContext::ends), std::vector(all.begin(), all.begin() + 44));
  // A prompt that is longer than the context is read from its end: half a context.
  const std::vector<int32_t> end(all.begin() + 36, all.end());
  EXPECT_EQ(run(all, 10, FullContext::slides), run(end, 10, FullContext::ends));
  // After 44 tokens, 24 of them (half the context) are the prompt of the rest.
  EXPECT_EQ(run({all.begin() + 20, all.begin() + 44}, 16, FullContext::ends),
            std::vector(all.begin() + 44, all.end()));
}

/// A model whose head always says `said`: that token's row is the only one that is not zero.
GPT always_saying(int32_t said, const ModelConfig& config) {
  const ParameterSource source =
      [said, first = initial_parameters(config, 1)](const ParameterInfo& info) {
        const Tensor tensor = first(info);
        if (info.name == "final_norm.weight") tensor.fill_zero();
        if (info.name == "final_norm.bias") tensor.as<float>()[0] = 1;
        if (info.name == "token_embedding.weight")
          for (int64_t token = 0; token < 257; ++token)
            tensor.as<float>()[static_cast<size_t>(token * 40)] = token == said ? 50.0f : 0.0f;
        return tensor;
      };
  return GPT(config, source, Precision::f32(), Purpose::inference);
}

TEST_F(GeneratorTest, end_of_text_ends_it_or_not) {
  const GPT ends = always_saying(256, byte_config());
  const Generator generator(ends, &tokenizer);
  GenerationRequest request{.prompt = prompt(3), .max_tokens = 4};
  Continuation result = generator.generate({&request, 1}).continuations[0][0];
  EXPECT_EQ(result.finish, FinishReason::end_of_text);
  EXPECT_TRUE(result.tokens.empty());
  EXPECT_EQ(result.text, "");
  request.end_of_text = EndOfText::continues;
  result = generator.generate({&request, 1}).continuations[0][0];
  EXPECT_EQ(result.finish, FinishReason::max_tokens);
  EXPECT_EQ(result.tokens, std::vector<int32_t>(4, 256));
}

TEST_F(GeneratorTest, a_text_ends_at_any_of_several_tokens) {
  const GenerationRequest request{.prompt = prompt(3), .max_tokens = 4};
  const auto finish = [&](std::vector<int32_t> ends, const Tokenizer* tokenizer) {
    ModelConfig config = byte_config();
    config.end_of_text = ends.front();
    config.other_ends.assign(ends.begin() + 1, ends.end());
    const GPT model = always_saying(7, config);
    return Generator(model, tokenizer).generate({&request, 1}).continuations[0][0].finish;
  };
  for (const Tokenizer* of_model : {&tokenizer, static_cast<const Tokenizer*>(nullptr)}) {
    EXPECT_EQ(finish({256, 9, 7}, of_model), FinishReason::end_of_text);
    EXPECT_EQ(finish({7, 256}, of_model), FinishReason::end_of_text);
    EXPECT_EQ(finish({256, 9}, of_model), FinishReason::max_tokens);
    EXPECT_EQ(finish({7}, of_model), FinishReason::end_of_text);
  }
  const GPT silent = always_saying(256, [] {
    ModelConfig config = byte_config();
    config.end_of_text = 7;
    return config;
  }());
  EXPECT_EQ(Generator(silent, &tokenizer).generate({&request, 1}).continuations[0][0].finish,
            FinishReason::end_of_text);  // the tokenizer's, which the model does not name
}

TEST_F(GeneratorTest, pieces_add_up_to_the_text_and_stop_strings_stay_hidden) {
  GenerationRequest request{
      .prompt = prompt(4), .sampling = {.seed = 3}, .max_tokens = 40, .samples = 3};
  const Generator generator(model, &tokenizer);
  const std::string whole = generator.generate({&request, 1}).continuations[0][1].text;
  ASSERT_GT(whole.size(), 20u);
  ASSERT_TRUE(whole ==
                  tokenizer.decode(generator.generate({&request, 1}).continuations[0][1].tokens) ||
              whole.find("\uFFFD") != std::string::npos);
  const std::string stop = whole.substr(12, 3);
  request.stop = {stop};

  std::vector<std::string> shown(3);
  std::vector<int> ends(3), tokens(3);
  const GenerationResult result =
      generator.generate({&request, 1}, [&](const GeneratedPiece& piece) {
        EXPECT_EQ(piece.request, 0u);
        EXPECT_EQ(ends[piece.sample], 0) << "news after the last piece";
        EXPECT_EQ(piece.token < 0, piece.finish.has_value());
        shown[piece.sample] += piece.text;
        EXPECT_EQ(shown[piece.sample].find(stop), std::string::npos);
        ends[piece.sample] += piece.finish.has_value();
        tokens[piece.sample] += piece.token >= 0;
      });
  for (size_t sample = 0; sample < 3; ++sample) {
    const Continuation& one = result.continuations[0][sample];
    EXPECT_EQ(shown[sample], one.text);
    EXPECT_EQ(ends[sample], 1);
    const bool stopped = one.finish == FinishReason::stop_string;
    EXPECT_EQ(static_cast<size_t>(tokens[sample]) > one.tokens.size(), stopped);
  }
  EXPECT_EQ(result.continuations[0][1].finish, FinishReason::stop_string);
  EXPECT_EQ(result.continuations[0][1].text, whole.substr(0, whole.find(stop)));
}

TEST_F(GeneratorTest, tokens_end_where_the_text_does) {
  GenerationRequest request{
      .prompt = prompt(4), .max_tokens = 40, .end_of_text = EndOfText::continues};
  const Generator generator(model, &tokenizer);
  int stopped = 0;
  for (request.sampling.seed = 0; request.sampling.seed < 20; ++request.sampling.seed) {
    request.stop = {};
    const Continuation whole = generator.generate({&request, 1}).continuations[0][0];
    // A character that was written, and bytes that were none.
    const auto letter = std::find_if(whole.tokens.begin() + 9, whole.tokens.end(),
                                     [](int32_t token) { return token < 0x80; });
    ASSERT_NE(letter, whole.tokens.end());
    request.stop = {std::string(tokenizer.text_of(*letter)), "\uFFFD\uFFFD\uFFFD"};
    const Continuation cut = generator.generate({&request, 1}).continuations[0][0];
    if (cut.finish != FinishReason::stop_string) continue;
    ++stopped;
    EXPECT_EQ(repair_utf8(tokenizer.decode(cut.tokens)), cut.text);
    EXPECT_LT(cut.tokens.size(), whole.tokens.size());
    EXPECT_TRUE(std::equal(cut.tokens.begin(), cut.tokens.end(), whole.tokens.begin()));
  }
  EXPECT_GT(stopped, 10);
}

// The prompt's cache is copied for those that are being decoded, not for all that were asked for.
TEST_F(GeneratorTest, many_samples_take_the_memory_of_a_few) {
  GenerationRequest request{
      .prompt = prompt(20), .max_tokens = 3, .samples = 64, .end_of_text = EndOfText::continues};
  const Generator generator(model);
  const auto few = generator.generate({&request, 1}).continuations[0];
  release_kept_memory();
  const size_t before = memory_use().peak;
  request.samples = 2000;
  const auto many = generator.generate({&request, 1}).continuations[0];
  EXPECT_LE(memory_use().peak, before + (size_t{1} << 20));
  ASSERT_EQ(many.size(), 2000u);
  for (size_t sample = 0; sample < few.size(); ++sample)
    EXPECT_EQ(many[sample].tokens, few[sample].tokens);
  EXPECT_EQ(many[1999].tokens.size(), 3u);
}

TEST_F(GeneratorTest, speed_is_counted) {
  const std::vector<GenerationRequest> requests(
      2,
      {.prompt = prompt(10), .max_tokens = 5, .samples = 3, .end_of_text = EndOfText::continues});
  const GenerationSpeed speed = Generator(model).generate(requests).speed;
  EXPECT_EQ(speed.prompt_tokens, 20);
  EXPECT_EQ(speed.decoded_tokens, 2 * 3 * 4);  // the first of five comes with the prompt
  EXPECT_GT(speed.prefill_rate(), 0);
  EXPECT_GT(speed.decode_rate(), 0);
}

TEST_F(GeneratorTest, what_cannot_be_is_named_before_anything_is_computed) {
  const Generator generator(model, &tokenizer);
  const auto message = [&](const Generator& with, GenerationRequest request) {
    std::vector<GenerationRequest> requests = {{.prompt = prompt(3)}, std::move(request)};
    return error_of(ErrorKind::usage, [&] {
      with.generate(requests, [](const GeneratedPiece&) { ADD_FAILURE() << "computed"; });
    });
  };
  const auto has = [](const std::string& text, std::string_view part) {
    EXPECT_NE(text.find(part), std::string::npos) << text;
  };
  has(message(generator, {.prompt = prompt(49)}),
      "the prompt has 49 tokens, the model's context is 48");
  has(message(generator, {.prompt = {}}), "the prompt is empty");
  has(message(generator, {.prompt = {1, 257}}), "token 257");
  has(message(generator, {.prompt = {1}, .max_tokens = 0}), "at least one token");
  has(message(generator, {.prompt = {1}, .samples = 0}), "at least one sample");
  has(message(generator, {.prompt = {1}, .stop = {""}}), "empty");
  has(message(generator, {.prompt = {1}, .sampling = {.top_p = 2}}), "top-p");
  has(message(Generator(model), {.prompt = {1}, .stop = {"x"}}), "need a tokenizer");
  error_of(ErrorKind::usage, [&] { Generator(model).encode_prompt("x"); });
  EXPECT_EQ(generator.encode_prompt(""), std::vector<int32_t>{256});
  EXPECT_EQ(generator.encode_prompt("ab"), (std::vector<int32_t>{97, 98}));
}

}  // namespace
}  // namespace octavo
