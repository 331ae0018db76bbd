// Every intermediate of a recorded forward pass of a trained GPT (minGPT's sorting demo):
// embeddings, norms, queries, keys, values, scores, softmax, projections, residuals, GELU, logits,
// probabilities.
#include <cmath>
#include <map>

#include "octavo/base/error.h"
#include "octavo/base/files.h"
#include "octavo/base/json.h"
#include "octavo/checkpoint/family.h"
#include "octavo/ops/cross_entropy.h"
#include "octavo/ops/embedding.h"
#include "octavo/ops/linear.h"
#include "octavo/weights/safetensors.h"
#include "tests/model/support.h"

namespace octavo {
namespace {

namespace fs = std::filesystem;

constexpr int64_t B = 3, T = 11, C = 48, H = 3, D = 16, V = 3;

/// Little-endian f32 numbers in base64.
std::vector<float> decode(const std::string& text) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    if (c == '=') break;
    bits = bits << 6 | static_cast<uint32_t>(kDigits.find(c));
    if ((count += 6) >= 8) bytes += static_cast<char>(bits >> (count -= 8) & 0xFF);
  }
  std::vector<float> numbers(bytes.size() / 4);
  std::memcpy(numbers.data(), bytes.data(), numbers.size() * 4);
  return numbers;
}

/// Columns [first, first + count) of a matrix in memory of their own.
Tensor columns(const Tensor& matrix, int64_t first, int64_t count) {
  Tensor result({matrix.rows(), count}, DataType::f32);
  for (int64_t r = 0; r < matrix.rows(); ++r)
    std::copy_n(matrix.as<float>().data() + r * matrix.columns() + first, count,
                result.as<float>().data() + r * count);
  return result;
}

class NanoSort : public testing::Test {
 protected:
  void SetUp() override {
    const fs::path folder = test_data() / "data" / "weights-gpt-nano-sort";
    if (!fs::exists(folder)) GTEST_SKIP() << folder << " is not there (set OCTAVO_TEST_DATA)";
    const Json json = Json::parse(read_file(folder / "gpt-nano-sort-t0-partials.json"), "partials");
    for (const Json& tensor : json.members())
      if (tensor.is_object() && tensor.find("data"))
        recorded[std::string(tensor.key())] = decode(tensor.at("data").text());
    weights.emplace(folder / "gpt-nano-sort.safetensors");
  }

  GPT load() const {
    ModelConfig config;
    config.vocabulary = V;
    config.context = T;
    config.layers = 3;
    config.width = C;
    config.heads = H;
    config.head = HeadKind::untied;
    const ParameterSource source = [&](const ParameterInfo& info) {
      // Hugging Face's names, but matrices as nn.Linear keeps them: [outputs, inputs], as ours.
      return weights->tensor(stored_parameter(gpt2_family().names(), info, config).parts[0].name)
          .clone();
    };
    return GPT(config, source, Precision::f32(), Purpose::training);
  }

  void expect(const std::string& name, const Tensor& found) {
    ASSERT_TRUE(recorded.contains(name)) << name;
    const std::vector<float>& expected = recorded[name];
    ASSERT_EQ(found.as<float>().size(), expected.size()) << name;
    double largest = 0, worst = 0;
    for (size_t i = 0; i < expected.size(); ++i) {
      if (std::isinf(expected[i])) continue;  // a masked score
      largest = std::max(largest, std::abs(double{expected[i]}));
      worst = std::max(worst, std::abs(double{found.as<float>()[i]} - expected[i]));
    }
    EXPECT_LE(worst, 4e-6 * std::max(1.0, largest)) << name;
    checked.insert_or_assign(name, true);
  }

  /// Recorded as [B, H, T, n]; `make` gives [T, n] for one sequence and head.
  void expect_heads(const std::string& name, int64_t n,
                    const std::function<Tensor(int64_t b, int64_t h)>& make) {
    Tensor all({B, H, T, n}, DataType::f32);
    for (int64_t b = 0; b < B; ++b)
      for (int64_t h = 0; h < H; ++h)
        std::ranges::copy(make(b, h).as<float>(), all.as<float>().begin() + (b * H + h) * T * n);
    expect(name, all);
  }

  std::map<std::string, std::vector<float>> recorded;
  std::map<std::string, bool> checked;
  std::optional<SafetensorsFile> weights;
};

TEST_F(NanoSort, every_recorded_intermediate) {
  const UseThreads one(1);
  Tensor tokens({B, T}, DataType::i32);
  for (size_t i = 0; i < recorded["idx"].size(); ++i)
    tokens.as<int32_t>()[i] = static_cast<int32_t>(recorded["idx"][i]);
  on_each_kernels([&] {
    checked = {{"idx", true}};
    const GPT model = load();
    const auto parameter = [&](std::string_view name) {
      return *std::ranges::find(model.parameters(), name, &Parameter::name);
    };
    std::map<std::string, Tensor> seen;
    const ForwardOptions options{.observe = [&](std::string_view name, const Tensor& value) {
      seen[std::string(name)] = value;
    }};
    Tape tape(Recording::off);
    const Batch batch = Batch::of_windows(tokens);
    const Tensor hidden = model.hidden(tape, batch, options).data();

    // Around and inside the first block.
    expect("tok_emb", embedding(tape, batch.tokens, batch.positions,
                                parameter("token_embedding.weight"), Parameter(), Precision::f32())
                          .data());
    const Tensor first_positions = batch.positions.slice(0, T);
    expect("pos_emb",
           embedding(tape, first_positions, first_positions, parameter("position_embedding.weight"),
                     Parameter(), Precision::f32())
               .data());
    expect("x", seen["embedding out"]);
    expect("ln1", seen["block 0 attention norm"]);
    expect("qkv", seen["block 0 qkv"]);
    expect("y", seen["block 0 attention"]);
    expect("yProj", seen["block 0 attention projection"]);
    expect("attnResid", seen["block 0 attention residual"]);
    expect("ln2", seen["block 0 feed-forward norm"]);
    expect("gelu", seen["block 0 activation"]);
    expect("mlp", seen["block 0 feed-forward"]);
    expect("mlpResid", seen["block 0 out"]);
    for (const int layer : {0, 1, 2})
      expect(fmt::format("block{}", layer), seen[fmt::format("block {} out", layer)]);

    // What the fused operations do not show.
    expect("fc", linear(tape, Value(seen["block 0 feed-forward norm"]),
                        parameter("blocks.0.feed_forward.up.weight"),
                        parameter("blocks.0.feed_forward.up.bias"))
                     .data());
    const auto part = [&](int64_t which, int64_t b, int64_t h) {  // 0, 1, 2: q, k, v
      return columns(seen["block 0 qkv"].slice(b * T, T), which * C + h * D, D);
    };
    for (const int64_t which : {0, 1, 2})
      expect_heads(std::string(1, "qkv"[which]), D,
                   [&](int64_t b, int64_t h) { return part(which, b, h); });
    expect_heads("att", T, [&](int64_t b, int64_t h) {
      Tensor scaled = part(0, b, h);
      for (float& x : scaled.as<float>()) x /= 4;  // √D
      return logits(scaled, Parameter("keys", part(1, b, h)));
    });
    expect_heads("attSm", T, [&](int64_t b, int64_t h) {
      // Attention over the rows of the identity gives the probabilities themselves.
      Tensor qkv = Tensor::zeros({T, 3 * D}, DataType::f32);
      for (int64_t t = 0; t < T; ++t) {
        float* const row = qkv.as<float>().data() + t * 3 * D;
        std::copy_n(part(0, b, h).as<float>().data() + t * D, D, row);
        std::copy_n(part(1, b, h).as<float>().data() + t * D, D, row + D);
        row[2 * D + t] = 1;
      }
      const SequenceRows rows{.rows = T};
      const Value out = attention(tape, Value(qkv), {&rows, 1}, {.heads = 1, .scale = 0.25});
      return columns(out.data(), 0, T);
    });

    expect("ln_f", hidden);
    const Tensor out = model.logits(hidden);
    expect("lm_head", out);
    Tensor probabilities({B * T, V}, DataType::f32);
    for (int32_t token = 0; token < V; ++token) {
      Tensor targets({B * T}, DataType::i32);
      std::ranges::fill(targets.as<int32_t>(), token);
      const Tensor losses = cross_entropy_of_logits(out, targets);
      for (int64_t row = 0; row < B * T; ++row)
        probabilities.as<float>()[static_cast<size_t>(row * V + token)] =
            std::exp(-losses.as<float>()[static_cast<size_t>(row)]);
    }
    expect("probs", probabilities);

    for (const auto& [name, numbers] : recorded)
      EXPECT_TRUE(checked.contains(name)) << name << " was not compared";
    EXPECT_EQ(checked.size(), 25u);
  });
}

}  // namespace
}  // namespace octavo
