// The model's own promises: initialisation, dropout and recomputation that do not depend on how a
// step is cut, packing, embeddings in place of tokens, segments, plans, errors.
#include "octavo/model/gpt.h"

#include <cmath>

#include "octavo/ops/embedding.h"
#include "octavo/ops/optimizer.h"
#include "tests/base/temporary_folder.h"
#include "tests/model/support.h"

namespace octavo {
namespace {

struct Moments {
  double mean, deviation;
};
Moments moments_of(const Tensor& tensor) {
  double sum = 0, squares = 0;
  for (const float x : tensor.as<float>()) sum += x, squares += double{x} * x;
  const double n = static_cast<double>(tensor.elements());
  return {sum / n, std::sqrt(squares / n - sum / n * (sum / n))};
}

Tensor parameter(const GPT& model, std::string_view name) {
  for (const Parameter& p : model.parameters())
    if (p.name == name) return p.value.data();
  ADD_FAILURE() << "no " << name;
  return {};
}

/// Mean loss and gradients of windows [B, T + 1], taken `micro` windows at a time.
struct Step {
  std::vector<float> losses;
  std::vector<Tensor> gradients;
};
Step step_of(GPT& model, const Tensor& windows, int64_t micro, const ForwardOptions& options) {
  const int64_t B = windows.shape()[0], T = windows.shape()[1] - 1;
  Step step;
  for (const Parameter& p : model.parameters()) p.value.set_gradient({});
  for (int64_t first = 0; first < B; first += micro) {
    Tensor tokens({micro, T}, DataType::i32), targets({micro * T}, DataType::i32);
    for (int64_t b = 0; b < micro; ++b) {
      const auto window = windows.slice(first + b, 1).as<int32_t>();
      std::copy_n(window.data(), T, tokens.slice(b, 1).as<int32_t>().data());
      std::copy_n(window.data() + 1, T, targets.as<int32_t>().data() + b * T);
    }
    Tape tape;
    const Batch batch = Batch::of_windows(tokens, first);
    const Value losses = model.losses(tape, batch, targets, options);
    for (const float loss : losses.data().as<float>()) step.losses.push_back(loss);
    tape.backward(losses, 1 / static_cast<double>(B * T));
  }
  for (const Parameter& p : model.parameters()) step.gradients.push_back(p.value.gradient());
  return step;
}

Tensor random_windows(int64_t B, int64_t T) {
  return Tensor::of<int32_t>({B, T}, std::span<const int32_t>(random_tokens(B * T, 131, 5)));
}

TEST(Gpt, initialisation_is_gpt2s) {
  ModelConfig config = tiny_config();
  config.initializer_range = 0.02;
  config.layers = 8;
  const GPT model(config, 1);
  const auto near = [](const Tensor& tensor, double deviation) {
    const auto [mean, found] = moments_of(tensor);
    const double error = deviation / std::sqrt(static_cast<double>(tensor.elements()));
    EXPECT_NEAR(mean, 0, 5 * error);
    EXPECT_NEAR(found, deviation, 5 * error);
  };
  near(parameter(model, "token_embedding.weight"), 0.02);
  near(parameter(model, "position_embedding.weight"), 0.02);
  near(parameter(model, "blocks.3.attention.qkv.weight"), 0.02);
  near(parameter(model, "blocks.3.attention.projection.weight"), 0.02 / 4);  // √(2·8)
  near(parameter(model, "blocks.7.feed_forward.up.weight"), 0.02);
  near(parameter(model, "blocks.7.feed_forward.down.weight"), 0.02 / 4);
  for (const float x : parameter(model, "blocks.0.attention.qkv.bias").as<float>()) EXPECT_EQ(x, 0);
  for (const float x : parameter(model, "final_norm.weight").as<float>()) EXPECT_EQ(x, 1);
}

TEST(Gpt, initialisation_depends_on_the_seed_and_nothing_else) {
  const auto all = [](uint64_t seed, int count) {
    const UseThreads use(count);
    std::vector<float> numbers;
    const GPT model(tiny_config(), seed);
    for (const Parameter& p : model.parameters())
      for (const float x : p.value.data().as<float>()) numbers.push_back(x);
    return numbers;
  };
  EXPECT_TRUE(same_bits(all(3, 1), all(3, 5)));
  EXPECT_FALSE(same_bits(all(3, 1), all(4, 1)));
}

TEST(Gpt, dropout_and_recomputation_do_not_depend_on_the_cut) {
  const UseThreads one(1);
  ModelConfig config = tiny_config();
  config.embedding_dropout = config.attention_dropout = config.residual_dropout = 0.2;
  const Tensor windows = random_windows(4, 33);
  on_each_kernels([&] {
    for (const Precision precision : {Precision::f32(), Precision::bf16()}) {
      GPT model(config, 1, precision);
      const ForwardOptions options{.dropout = DropoutDraw{9, 3}};
      const Step whole = step_of(model, windows, 4, options);
      EXPECT_TRUE(same_bits(whole.losses, step_of(model, windows, 1, options).losses));
      EXPECT_TRUE(same_bits(whole.losses, step_of(model, windows, 2, options).losses));

      ForwardOptions recompute = options;
      recompute.recompute = Recompute::blocks;
      const Step again = step_of(model, windows, 4, recompute);
      EXPECT_TRUE(same_bits(whole.losses, again.losses));
      for (size_t i = 0; i < whole.gradients.size(); ++i)
        EXPECT_TRUE(same_bits(whole.gradients[i], again.gradients[i]))
            << model.parameters()[i].name;

      const UseThreads three(3);
      const Step shared = step_of(model, windows, 4, options);
      for (size_t i = 0; i < whole.gradients.size(); ++i)
        EXPECT_TRUE(same_bits(whole.gradients[i], shared.gradients[i]))
            << model.parameters()[i].name << ", three threads";

      EXPECT_FALSE(same_bits(whole.losses, step_of(model, windows, 4, {}).losses));
      EXPECT_FALSE(same_bits(whole.losses,
                             step_of(model, windows, 4, {.dropout = DropoutDraw{9, 4}}).losses));
    }
  });
}

// A loss that falls along the negative gradient by what the gradient says: every parameter reached.
TEST(Gpt, the_gradient_reaches_every_parameter_and_points_uphill) {
  const UseThreads one(1);
  ModelConfig config = tiny_config();
  config.head = HeadKind::untied;
  GPT model(config, 1);
  const Tensor windows = random_windows(2, 33);
  const auto mean = [](const std::vector<float>& losses) {
    double sum = 0;
    for (const float loss : losses) sum += loss;
    return sum / static_cast<double>(losses.size());
  };
  const Step step = step_of(model, windows, 2, {});
  for (size_t i = 0; i < step.gradients.size(); ++i) {
    const Parameter& p = model.parameters()[i];
    const Tensor gradient = step.gradients[i];
    ASSERT_FALSE(gradient.empty()) << p.name;
    const double norm = global_norm(std::span(&gradient, 1));
    ASSERT_GT(norm, 0) << p.name;
    const auto numbers = p.value.data().as<float>();
    const std::vector<float> before(numbers.begin(), numbers.end());
    const double distance = 2e-3;
    double slope = 0;
    for (const double sign : {1.0, -1.0}) {
      for (size_t j = 0; j < numbers.size(); ++j)
        numbers[j] =
            static_cast<float>(before[j] + sign * distance * gradient.as<float>()[j] / norm);
      slope += sign * mean(step_of(model, windows, 2, {}).losses) / (2 * distance);
    }
    std::ranges::copy(before, numbers.begin());
    EXPECT_NEAR(slope / norm, 1, 0.02) << p.name;
  }
}

TEST(Gpt, packing_changes_no_bit) {
  const UseThreads one(1);
  on_each_kernels([] {
    for (const Precision precision : {Precision::f32(), Precision::bf16()}) {
      for (const HeadKind head : {HeadKind::tied, HeadKind::untied}) {
        ModelConfig config = tiny_config();
        config.head = head;
        GPT model(config, 1, precision);
        const std::vector<int32_t> text = random_tokens(70, 131, 2);
        const auto logits = [&] {
          Tape tape(Recording::off);
          return model.logits(model.hidden(tape, Batch::of_sequence(text)).data());
        };
        const Tensor before = logits();
        model.pack();
        EXPECT_TRUE(same_bits(before, logits()));
        EXPECT_EQ(model.purpose(), Purpose::inference);
        error_of(ErrorKind::usage, [&] { model.parameters(); });
        error_of(ErrorKind::usage, [&] { model.set_precision(Precision::f64()); });
      }
    }
  });
}

TEST(Gpt, embeddings_may_take_the_place_of_tokens) {
  for (const Precision precision : {Precision::f32(), Precision::bf16()}) {
    const GPT model(tiny_config(), 1, precision);
    const std::vector<int32_t> text = random_tokens(20, 131, 2);
    Tape tape(Recording::off);
    Batch batch = Batch::of_sequence(text);
    const Tensor expected = model.hidden(tape, batch).data();
    batch.embeddings = embedding(tape, batch.tokens, batch.positions, model.parameters()[0],
                                 Parameter(), precision);
    batch.tokens = {};
    EXPECT_TRUE(same_bits(expected, model.hidden(tape, batch).data()));
  }
}

TEST(Gpt, segments_do_not_see_each_other) {
  ModelConfig config = tiny_config();
  const GPT model(config, 1);
  const std::vector<int32_t> first = random_tokens(30, 131, 2);
  std::vector<int32_t> other = random_tokens(30, 131, 3);
  const std::vector<int32_t> second = random_tokens(20, 131, 4);
  const auto second_after = [&](std::vector<int32_t> text) {
    text.insert(text.end(), second.begin(), second.end());
    Batch batch = Batch::of_sequence(text);
    std::vector<int32_t> starts(50, 0);
    std::fill(starts.begin() + 30, starts.end(), 30);
    batch.segments = Tensor::of<int32_t>({50}, std::span<const int32_t>(starts));
    Tape tape(Recording::off);
    return model.hidden(tape, batch).data().slice(30, 20).clone();
  };
  EXPECT_TRUE(same_bits(second_after(first), second_after(other)));
}

TEST(Gpt, a_plan_backs_no_memory) {
  ModelConfig config = tiny_config();
  config.vocabulary = 1 << 20;
  config.width = 4096;
  config.heads = 32;
  config.layers = 48;
  const auto planned = planned_kernels(kernels());
  const UseKernels use(*planned);
  const PlannedMemory plan;
  const GPT model(config, 1);
  Tape tape;
  const Tensor tokens({2, 64}, DataType::i32), targets({128}, DataType::i32);
  const Batch batch = Batch::of_windows(tokens);
  const Value losses = model.losses(tape, batch, targets);
  tape.backward(losses);
  const auto weights = static_cast<size_t>(4 * count_parameters(config).total());
  EXPECT_GT(memory_use().peak, 2 * weights);  // and as much for gradients
  EXPECT_LT(memory_use().peak, 2 * weights + weights / 5);
}

TEST(Gpt, a_context_that_nobody_reaches_costs_nothing) {
  ModelConfig config = tiny_config();
  config.positions = PositionKind::rotary;
  const GPT small(config, 5);
  config.context = (int64_t{1} << 31) - 1;
  const size_t before = memory_use().current;
  const GPT large(config, 5);
  const auto hidden = [](const GPT& model) {
    Tape tape(Recording::off);
    const auto tokens = random_tokens(70, model.config().vocabulary, 2);
    return numbers_of(model.hidden(tape, Batch::of_sequence(tokens)).data());
  };
  EXPECT_TRUE(same_bits(hidden(large), hidden(small)));
  EXPECT_LT(memory_use().current - before, size_t{1} << 20);
}

TEST(Gpt, what_does_not_fit_is_named) {
  const GPT model(tiny_config(), 1);
  Tape tape(Recording::off);
  const auto message = [&](const Batch& batch) {
    return error_of(ErrorKind::data, [&] { model.hidden(tape, batch); });
  };
  const auto has = [](const std::string& text, std::string_view part) {
    EXPECT_NE(text.find(part), std::string::npos) << text;
  };
  has(message(Batch::of_sequence(random_tokens(97, 131, 1))), "97 tokens, the context is 96");
  has(message(Batch::of_sequence(std::vector<int32_t>{3, 131})), "131");
  has(message(Batch::of_sequence(std::vector<int32_t>{-1})), "-1");
  Batch batch = Batch::of_sequence(random_tokens(8, 131, 1));
  batch.sequences[0].rows = 7;
  has(message(batch), "the sequences have 7 rows, the batch has 8");
  KeyValueCaches caches(model.config(), model.precision(), 10);
  model.hidden(tape, Batch::of_sequence(random_tokens(8, 131, 1), &caches));
  EXPECT_EQ(caches.length(), 8);
  has(message(Batch::of_sequence(random_tokens(3, 131, 1), &caches)), "10 positions");
}

TEST(KeyValueCaches, clone_and_truncate) {
  const GPT model(tiny_config(), 1);
  Tape tape(Recording::off);
  const std::vector<int32_t> text = random_tokens(20, 131, 1), other = random_tokens(4, 131, 2);
  const auto continued = [&](KeyValueCaches& caches) {
    return model.hidden(tape, Batch::of_sequence(std::span(text).subspan(12, 8), &caches)).data();
  };
  KeyValueCaches caches(model.config(), model.precision(), 40);
  model.hidden(tape, Batch::of_sequence(std::span(text).first(12), &caches));
  KeyValueCaches copy = caches.clone();
  model.hidden(tape, Batch::of_sequence(other, &copy));  // a detour, forgotten
  const Tensor expected = continued(caches);
  copy.truncate(12);
  EXPECT_TRUE(same_bits(expected, continued(copy)));
  EXPECT_EQ(copy.length(), 20);
  const size_t before = memory_use().current;
  const KeyValueCaches more(model.config(), model.precision(), 40);
  const auto bytes = static_cast<double>(memory_use().current - before);
  EXPECT_NEAR(bytes, KeyValueCaches::bytes(model.config(), model.precision(), 40), 0.01 * bytes);
  const UseKernels reference(reference_kernels());  // which keeps them as they came
  EXPECT_EQ(KeyValueCaches::bytes(model.config(), Precision::bf16(), 40), 2 * 2 * 40 * 40 * 2);
}

}  // namespace
}  // namespace octavo
