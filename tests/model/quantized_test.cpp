// A small GPT-2 in each type of GGUF, its weights as they lie in the file, against logits that
// float64 computes from the numbers they stand for; on every kernel set.
#include <gtest/gtest.h>

#include <cmath>

#include "octavo/checkpoint/model_folder.h"
#include "octavo/weights/safetensors.h"
#include "tests/model/support.h"

namespace octavo {
namespace {

namespace fs = std::filesystem;

class GoldenGguf : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    if (!fs::exists(folder)) GTEST_SKIP() << folder << " is not there (set OCTAVO_TEST_DATA)";
    const SafetensorsFile answers(folder / "logits.safetensors");
    tokens = answers.tensor("input_ids");
    expected = answers.tensor(std::string("logits.") + GetParam());
  }

  GPT load(Precision precision) const {
    return load_model(folder / (std::string("gpt2-") + GetParam() + ".gguf"),
                      {.precision = precision, .tokenizer = LoadTokenizer::never})
        .model;
  }
  Tensor logits(const GPT& model, std::span<const int32_t> text,
                KeyValueCaches* caches = nullptr) const {
    Tape tape(Recording::off);
    return model.logits(model.hidden(tape, Batch::of_sequence(text, caches)).data());
  }
  /// The largest difference from the answers, relative to the largest of them.
  double error(Precision precision) const {
    const auto found = numbers_of(logits(load(precision), tokens.as<int32_t>()));
    const auto right = numbers_of(expected);
    double largest = 0, worst = 0;
    for (size_t i = 0; i < right.size(); ++i) {
      largest = std::max(largest, std::abs(double{right[i]}));
      worst = std::max(worst, std::abs(double{found[i]} - right[i]));
    }
    return worst / largest;
  }

  /// bf16 holds the integers of quantized weights; that it rounds those of f32 and f16 is 6e-3.
  static double bf16_limit() {
    const std::string type = GetParam();
    return type == "f32" || type == "F16" ? 1.2e-2 : 1e-2;
  }

  const UseThreads one{1};  // for so small a model more only wait for each other
  const fs::path folder = test_data() / "golden" / "gguf";
  Tensor tokens, expected;
};

Precision of_bytes(Precision precision) {
  precision.quantized = LeftRounding::bytes;
  return precision;
}

TEST_P(GoldenGguf, logits) {
  on_each_kernels([&] {
    EXPECT_LE(error(Precision::f32()), 2e-5);
    EXPECT_LE(error(Precision::bf16()), bf16_limit());
    EXPECT_LE(error(of_bytes(Precision::f32())), 4e-2);
    EXPECT_LE(error(of_bytes(Precision::bf16())), 4e-2);
  });
}

TEST_P(GoldenGguf, one_number) {
  on_each_kernels([&] {
    for (const Precision precision :
         {Precision::f32(), Precision::bf16(), of_bytes(Precision::bf16())}) {
      const GPT model = load(precision);
      const auto text = tokens.as<int32_t>();
      const Tensor all = logits(model, text);
      const auto row = [](const Tensor& rows, int64_t r) { return numbers_of(rows.slice(r, 1)); };
      // The text read in pieces of 1, 2, 3, … tokens, with caches.
      KeyValueCaches caches(model.config(), precision, 64);
      for (size_t first = 0, count = 1; first < text.size(); first += count++) {
        count = std::min(count, text.size() - first);
        const Tensor piece = logits(model, text.subspan(first, count), &caches);
        for (size_t i = 0; i < count; ++i)
          EXPECT_EQ(row(piece, static_cast<int64_t>(i)), row(all, static_cast<int64_t>(first + i)));
      }
    }
  });
}

INSTANTIATE_TEST_SUITE_P(Types, GoldenGguf,
                         testing::Values("f32", "F16", "BF16", "Q8_0", "Q4_0", "Q4_1", "Q5_0",
                                         "Q5_1", "Q4_K_M", "Q5_K_M", "Q6_K"));

}  // namespace
}  // namespace octavo
