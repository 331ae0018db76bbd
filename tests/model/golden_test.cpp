// A small model of each family against answers of float64 PyTorch: logits, loss, every gradient,
// ten AdamW steps, greedy text; on every kernel set.
#include <cmath>
#include <set>

#include "octavo/base/files.h"
#include "octavo/base/json.h"
#include "octavo/checkpoint/convert.h"
#include "octavo/checkpoint/model_folder.h"
#include "octavo/generate/generator.h"
#include "octavo/ops/optimizer.h"
#include "octavo/weights/safetensors.h"
#include "tests/model/support.h"

namespace octavo {
namespace {

namespace fs = std::filesystem;

std::vector<int32_t> tokens_of(const Json& json) {
  std::vector<int32_t> result;
  for (const int64_t token : json.integers()) result.push_back(static_cast<int32_t>(token));
  return result;
}

std::vector<int32_t> continuation(const GPT& model, std::vector<int32_t> prompt, int64_t count) {
  const GenerationRequest request{.prompt = std::move(prompt),
                                  .sampling = {.temperature = 0},
                                  .max_tokens = count,
                                  .end_of_text = EndOfText::continues};
  return Generator(model).generate({&request, 1}).continuations[0][0].tokens;
}

class Golden : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    if (!fs::exists(folder)) GTEST_SKIP() << folder << " is not there (set OCTAVO_TEST_DATA)";
    answers.emplace(folder / "golden.safetensors");
    json = Json::parse(read_file(folder / "golden.json"), "golden.json");
    tokens = answers->tensor("input_ids");
    targets = answers->tensor("target_ids");
    targets = targets.reshaped({targets.elements()});
  }
  GPT load(Precision precision) const {
    return load_model(folder, {.purpose = Purpose::training, .precision = precision}).model;
  }
  /// The mean loss, and its gradients in the model's parameters.
  double loss_and_gradients(const GPT& model) const {
    Tape tape;
    const Batch batch = Batch::of_windows(tokens);
    const Value losses = model.losses(tape, batch, targets);
    const auto rows = static_cast<double>(targets.elements());
    tape.backward(losses, 1 / rows);
    double sum = 0;
    for (const float loss : losses.data().as<float>()) sum += loss;
    return sum / rows;
  }
  /// The losses of ten steps of the recorded recipe, and the norms of the first gradients (in bf16
  /// the weights take another way before long, and a norm follows each bend of it).
  void expect_losses(Precision precision, double tolerance, size_t norms_of_steps) const {
    const GPT model = load(precision);
    const std::vector<double> losses = json.at("loss_before_each_step_and_after_last").numbers();
    const std::vector<double> norms = json.at("grad_norm_before_clip").numbers();
    std::vector<Tensor> first, second;
    for (const Parameter& p : model.parameters()) {
      first.push_back(Tensor::zeros(p.shape, DataType::f32));
      second.push_back(Tensor::zeros(p.shape, DataType::f32));
    }
    for (size_t step = 0; step <= 10; ++step) {
      for (const Parameter& p : model.parameters()) p.value.set_gradient({});
      EXPECT_NEAR(loss_and_gradients(model), losses[step], tolerance) << "step " << step;
      if (step == 10) break;
      std::vector<Tensor> gradients;
      for (const Parameter& p : model.parameters()) gradients.push_back(p.value.gradient());
      const double norm = global_norm(gradients);
      if (step < norms_of_steps) {
        EXPECT_NEAR(norm / norms[step], 1, tolerance) << "step " << step;
      }
      for (size_t i = 0; i < gradients.size(); ++i) {
        const Parameter& p = model.parameters()[i];
        adamw(p.value.data(), gradients[i], first[i], second[i],
              {.learning_rate = 1e-3, .weight_decay = p.shape.rank() >= 2 ? 0.1 : 0.0},
              static_cast<int64_t>(step) + 1, std::min(1.0, 1 / norm));
      }
    }
  }

  const UseThreads one{1};  // for so small a model more only wait for each other
  const fs::path folder = test_data() / "golden" / GetParam();
  std::optional<SafetensorsFile> answers;
  Json json;
  Tensor tokens, targets;
};

TEST_P(Golden, logits) {
  const auto expected = numbers_of(answers->tensor("logits"));
  double largest = 0;
  for (const float x : expected) largest = std::max(largest, std::abs(double{x}));
  on_each_kernels([&] {
    const GPT model = load(Precision::f32());
    Tape tape(Recording::off);
    const auto found =
        numbers_of(model.logits(model.hidden(tape, Batch::of_windows(tokens)).data()));
    ASSERT_EQ(found.size(), expected.size());
    double worst = 0;
    for (size_t i = 0; i < found.size(); ++i)
      worst = std::max(worst, std::abs(double{found[i]} - expected[i]));
    EXPECT_LE(worst / largest, 2e-5);
  });
}

TEST_P(Golden, gradients) {
  on_each_kernels([&] {
    const GPT model = load(Precision::f32());
    EXPECT_NEAR(loss_and_gradients(model), answers->tensor("loss").as<double>()[0], 2e-5);
    std::set<std::string> compared;
    for (const Parameter& p : model.parameters()) {
      const StoredParameter stored =
          stored_parameter(family_for(model.config()).names(), {p.name, p.shape}, model.config());
      for (size_t part = 0; part < stored.parts.size(); ++part) {
        const std::string name = "grad." + stored.parts[part].name;
        const auto expected = numbers_of(answers->tensor(name));
        const auto found = numbers_of(to_stored(p.value.gradient(), stored, part, DataType::f32));
        ASSERT_EQ(found.size(), expected.size());
        double difference = 0, norm = 0;
        for (size_t i = 0; i < found.size(); ++i) {
          difference += std::pow(double{found[i]} - expected[i], 2);
          norm += std::pow(double{expected[i]}, 2);
        }
        EXPECT_LE(std::sqrt(difference), 1e-4 * std::sqrt(norm) + 1e-12) << name;
        compared.insert(name);
      }
    }
    for (const TensorInfo& tensor : answers->tensors()) {
      const bool is_gradient = tensor.name.starts_with("grad.");
      EXPECT_EQ(compared.contains(tensor.name), is_gradient) << tensor.name;
    }
  });
}

TEST_P(Golden, ten_steps_of_adamw) {
  on_each_kernels([&] { expect_losses(Precision::f32(), 1e-4, 10); });
}

TEST_P(Golden, ten_steps_of_adamw_in_bf16) {
  on_each_kernels([&] { expect_losses(Precision::bf16(), 2e-2, 5); });
}

TEST_P(Golden, greedy_text) {
  const std::vector<int32_t> expected = tokens_of(json.at("greedy_continuation"));
  on_each_kernels([&] {
    const GPT model = load_model(folder, {.precision = Precision::f32()}).model;
    EXPECT_EQ(continuation(model, tokens_of(json.at("greedy_prompt")),
                           static_cast<int64_t>(expected.size())),
              expected);
  });
}

INSTANTIATE_TEST_SUITE_P(, Golden, testing::Values("gpt2", "gpt_neo", "gpt_neox", "llama"),
                         [](const auto& info) { return std::string(info.param); });

TEST(TinyRandomGpt2, greedy_text) {
  const UseThreads one(1);
  const fs::path folder = test_data() / "data" / "weights-tiny-random-gpt2";
  if (!fs::exists(folder)) GTEST_SKIP() << folder << " is not there (set OCTAVO_TEST_DATA)";
  const Json json = Json::parse(read_file(folder / "expected-greedy.json"), "expected-greedy.json");
  on_each_kernels([&] {
    for (const Precision precision : {Precision::f32(), Precision::bf16()}) {
      const GPT model = load_model(folder, {.precision = precision}).model;
      for (const Json& one : json.at("cases").items()) {
        std::vector<int32_t> text = tokens_of(one.at("input_ids"));
        const auto more = continuation(
            model, text, json.at("max_length").integer() - static_cast<int64_t>(text.size()));
        text.insert(text.end(), more.begin(), more.end());
        EXPECT_EQ(text, tokens_of(one.at("sequence")));
      }
    }
  });
}

}  // namespace
}  // namespace octavo
