// One engine, one number: however a text is computed, each token's log-probability is the same
// bits.
//
// The base is each text alone, on one thread, with a model in training. Against it: batches of 2 to
// 33 texts (every row of every batch holds a text that is compared), padding, threads, packed
// weights, caches with chunks of any size, the trainer's recorded and recomputed forward, and the
// logits that a sampler sees; in both precisions, on every kernel set.
#include "octavo/base/error.h"
#include "octavo/generate/scorer.h"
#include "octavo/ops/cross_entropy.h"
#include "tests/model/support.h"

namespace octavo {
namespace {

using Texts = std::vector<std::vector<int32_t>>;
using Scores = std::vector<std::vector<float>>;

Texts make_texts() {
  Texts texts;
  for (uint64_t i = 0; i < 33; ++i) {
    // Most are short; some pass a block of 64 keys, one is the context and one token more.
    const int64_t length = i == 7        ? 97
                           : i % 16 == 3 ? 61 + static_cast<int64_t>(i)
                                         : 2 + 3 * (i % 5);
    texts.push_back(random_tokens(length, tiny_config().vocabulary, i));
  }
  return texts;
}

Scores alone(const GPT& model, const Texts& texts) {
  Scores scores;
  for (const auto& text : texts) scores.push_back(score(model, {&text, 1})[0]);
  return scores;
}

void expect_same(const Scores& expected, const Scores& found, const std::string& how) {
  ASSERT_LE(found.size(), expected.size());
  for (size_t i = 0; i < found.size(); ++i)
    EXPECT_TRUE(same_bits(expected[i], found[i])) << "text " << i << ", " << how;
}

/// Right-padded to one length, as trainers of other programs do it.
Scores padded(const GPT& model, const Texts& texts, const ForwardOptions& options,
              Recording recording) {
  const auto B = static_cast<int64_t>(texts.size()), T = model.config().context;
  Tensor tokens = Tensor::zeros({B, T}, DataType::i32), targets({B * T}, DataType::i32);
  std::ranges::fill(targets.as<int32_t>(), -1);
  for (size_t i = 0; i < texts.size(); ++i) {
    const auto rows = static_cast<int64_t>(texts[i].size()) - 1;
    const auto start = static_cast<int64_t>(i) * T;
    std::copy_n(texts[i].begin(), rows, tokens.as<int32_t>().begin() + start);
    std::copy_n(texts[i].begin() + 1, rows, targets.as<int32_t>().begin() + start);
  }
  Tape tape(recording);
  const Batch batch = Batch::of_windows(tokens);
  const Tensor losses = model.losses(tape, batch, targets, options).data();
  Scores scores;
  for (size_t i = 0; i < texts.size(); ++i) {
    auto& one = scores.emplace_back(1, std::numeric_limits<float>::quiet_NaN());
    for (size_t t = 0; t + 1 < texts[i].size(); ++t)
      one.push_back(-losses.as<float>()[i * static_cast<size_t>(T) + t]);
  }
  return scores;
}

/// Token by token through caches, all texts side by side, from the logits a sampler sees.
Scores decoded(const GPT& model, const Texts& texts) {
  Scores scores(texts.size(), {std::numeric_limits<float>::quiet_NaN()});
  std::vector<KeyValueCaches> caches;
  for (size_t i = 0; i < texts.size(); ++i)
    caches.emplace_back(model.config(), model.precision(), model.config().context);
  Tape tape(Recording::off);
  for (size_t t = 0;; ++t) {
    std::vector<std::span<const int32_t>> inputs;
    std::vector<KeyValueCaches*> used;
    std::vector<size_t> numbers;
    std::vector<int32_t> targets;
    for (size_t i = 0; i < texts.size(); ++i) {
      if (t + 1 >= texts[i].size()) continue;
      inputs.push_back(std::span(texts[i]).subspan(t, 1));
      used.push_back(&caches[i]);
      targets.push_back(texts[i][t + 1]);
      numbers.push_back(i);
    }
    if (inputs.empty()) return scores;
    const Tensor hidden = model.hidden(tape, Batch::of_sequences(inputs, used)).data();
    const Tensor losses = cross_entropy_of_logits(
        model.logits(hidden), Tensor::of<int32_t>({static_cast<int64_t>(targets.size())},
                                                  std::span<const int32_t>(targets)));
    for (size_t row = 0; row < numbers.size(); ++row)
      scores[numbers[row]].push_back(-losses.as<float>()[row]);
  }
}

/// Batches of 2, 3, … texts, turned until each text has been in each row. A few tokens of each do:
/// what comes after changes nothing before.
void check_every_row(const GPT& model, const Texts& texts, const Scores& expected) {
  constexpr size_t kTokens = 3;
  Texts batch;
  Scores scores;
  for (size_t n = 2; n <= texts.size(); ++n)
    for (size_t turn = 0; turn < n; ++turn) {
      batch.clear(), scores.clear();
      for (size_t row = 0; row < n; ++row) {
        const size_t i = (row + turn) % n, tokens = std::min(kTokens, texts[i].size());
        batch.emplace_back(texts[i].begin(),
                           texts[i].begin() + static_cast<std::ptrdiff_t>(tokens));
        scores.emplace_back(expected[i].begin(),
                            expected[i].begin() + static_cast<std::ptrdiff_t>(tokens));
      }
      expect_same(scores, score(model, batch, {.batch_rows = 1 << 20}),
                  fmt::format("batch of {} turned by {}", n, turn));
    }
}

void check_all(const ModelConfig& config, Precision precision) {
  const Texts texts = make_texts();
  GPT model(config, 1, precision);
  const UseThreads one(1);
  const Scores expected = alone(model, texts);

  for (const ForwardOptions& options :
       {ForwardOptions{}, ForwardOptions{.recompute = Recompute::blocks}})
    expect_same(expected, padded(model, texts, options, Recording::on), "padded, as in training");
  expect_same(expected, padded(model, texts, {}, Recording::off), "padded");

  model.pack();
  expect_same(expected, alone(model, texts), "packed");
  for (size_t n = 2; n <= texts.size(); ++n) {
    // The first n or the last n, so that texts change their rows.
    const auto first = static_cast<std::ptrdiff_t>(n % 2 ? 0 : texts.size() - n);
    const Texts some(texts.begin() + first, texts.begin() + first + static_cast<std::ptrdiff_t>(n));
    const Scores part(expected.begin() + first,
                      expected.begin() + first + static_cast<std::ptrdiff_t>(n));
    expect_same(part, score(model, some, {.batch_rows = 1 << 20}), fmt::format("batch of {}", n));
  }
  // The reference computes every row alone.
  if (&kernels() != &reference_kernels()) check_every_row(model, texts, expected);
  for (const int64_t rows : {1, 2, 3, 5, 31, 63, 64, 65})
    expect_same(expected, score(model, texts, {.chunk_rows = rows}),
                fmt::format("chunks of {}", rows));
  expect_same(expected, decoded(model, texts), "decoded");
  for (const int count : {2, 3, 8, 16}) {
    const UseThreads use(count);
    expect_same(expected, score(model, texts), fmt::format("{} threads", count));
    expect_same({expected[7]}, score(model, {&texts[7], 1}, {.chunk_rows = 40}),
                fmt::format("in chunks, {} threads", count));
    if (count == 2 || count == 16) {
      expect_same(expected, decoded(model, texts), fmt::format("decoded, {} threads", count));
      expect_same(expected, padded(model, texts, {}, Recording::off),
                  fmt::format("padded, {} threads", count));
    }
  }
}

/// Part of each head turns, attention and feed-forward stand side by side.
ModelConfig neox_config() {
  ModelConfig config = tiny_config();
  config.attention = AttentionPattern::dense;
  config.positions = PositionKind::rotary;
  config.rotary.fraction = 0.4;
  config.residual = ResidualKind::parallel;
  config.activation = Activation::gelu_exact;
  config.head = HeadKind::untied;
  return config;
}

/// Four heads of a width of their own share two heads of keys, a stretched context, no biases.
ModelConfig llama_config() {
  ModelConfig config = tiny_config();
  config.attention = AttentionPattern::dense;
  config.heads = 4;
  config.key_heads = 2;
  config.head_width = 18;
  config.positions = PositionKind::rotary;
  config.rotary = {
      .scaling = RotaryScaling::yarn, .factor = 4, .original_context = 24, .amplitude = 1.1};
  config.norm = NormKind::rmsnorm;
  config.feed_forward = FeedForwardKind::swiglu;
  config.inner_width = 56;
  config.biases = {.qkv = false, .projection = false, .feed_forward = false};
  return config;
}

class OneNumber : public testing::TestWithParam<std::pair<const char*, ModelConfig>> {};

TEST_P(OneNumber, f32) {
  on_each_kernels([] { check_all(GetParam().second, Precision::f32()); });
}

TEST_P(OneNumber, bf16) {
  on_each_kernels([] { check_all(GetParam().second, Precision::bf16()); });
}

INSTANTIATE_TEST_SUITE_P(, OneNumber,
                         testing::Values(std::pair("gpt", tiny_config()),
                                         std::pair("neox", neox_config()),
                                         std::pair("llama", llama_config())),
                         [](const auto& info) { return std::string(info.param.first); });

}  // namespace
}  // namespace octavo
