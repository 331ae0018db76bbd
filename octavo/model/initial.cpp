// How a new model's parameters begin: GPT-2's way, or with heads that look back.
//
// GPT-2 draws matrices from N(0, 0.02²), those into the residual stream divided by √(2·layers). A
// model that is to learn from its context needs heads that attend to the token before, or two
// before (the first half of an induction head), and from random positions it finds them only after
// many millions of tokens. InitialPositions::look_back gives them to it: the first `head size`
// columns of the residual stream begin as sines and cosines of the position alone (tokens leave
// them empty), and half of the heads of the first layer begin as rotations of them by 1, 2, 3 …
// tokens. It is GPT-2 all the same; training may undo it. Tested by tests/model/initial_test.cpp.
// Papers: Radford et al. 2019; Olsson et al., "In-context Learning and Induction Heads" (2022);
// Trockman and Kolter, "Mimetic Initialization of Self-Attention Layers" (2023).
#include <algorithm>
#include <cmath>
#include <numbers>

#include "octavo/base/random.h"
#include "octavo/base/threads.h"
#include "octavo/model/gpt.h"

namespace octavo {
namespace {

// [head size / 2] turns a token, in radians: from nearly a half to few enough that no two positions
// of a long context look alike.
double turn_of(int64_t wave, int64_t waves) {
  constexpr double kFastest = 0.9 * std::numbers::pi, kSlowest = 0.05;
  const double place = waves > 1 ? static_cast<double>(wave) / static_cast<double>(waves - 1) : 0;
  return kFastest * std::pow(kSlowest / kFastest, place);
}

// Tokens leave the columns of the waves to the positions.
void clear_waves(std::span<float> table, const ModelConfig& config) {
  const auto width = static_cast<size_t>(config.width);
  for (size_t row = 0; row < table.size() / width; ++row)
    std::ranges::fill(table.subspan(row * width, static_cast<size_t>(config.head_size())), 0.0f);
}

// As large as the tokens are in the other columns.
void write_waves(std::span<float> table, const ModelConfig& config) {
  const double amplitude = config.initializer_range * std::numbers::sqrt2;
  const int64_t waves = config.head_size() / 2;
  for (int64_t position = 0; position < config.context; ++position)
    for (int64_t wave = 0; wave < waves; ++wave) {
      const double angle = turn_of(wave, waves) * static_cast<double>(position);
      float* out = table.data() + position * config.width + 2 * wave;
      out[0] = static_cast<float>(amplitude * std::sin(angle));
      out[1] = static_cast<float>(amplitude * std::cos(angle));
    }
}

// Of the first layer's [3C, C]: for head h of the first half, queries are the waves of h + 1
// tokens before, keys the waves.
void write_look_back(std::span<float> qkv, const ModelConfig& config) {
  constexpr double kSharpness = 1.75;
  const int64_t size = config.head_size(), C = config.width;
  for (int64_t head = 0; head < std::max<int64_t>(config.heads / 2, 1); ++head)
    for (int64_t wave = 0; wave < size / 2; ++wave) {
      const int64_t row = head * size + 2 * wave;
      float* queries = qkv.data() + row * C;
      float* keys = queries + C * C;
      std::fill_n(queries, 2 * C, 0.0f);
      std::fill_n(keys, 2 * C, 0.0f);
      const double angle = turn_of(wave, size / 2) * static_cast<double>(head + 1);
      const auto cosine = static_cast<float>(kSharpness * std::cos(angle));
      const auto sine = static_cast<float>(kSharpness * std::sin(angle));
      queries[2 * wave] = cosine, queries[2 * wave + 1] = -sine;
      queries[C + 2 * wave] = sine, queries[C + 2 * wave + 1] = cosine;
      keys[2 * wave] = keys[C + 2 * wave + 1] = static_cast<float>(kSharpness);
    }
}

void draw_normal(std::span<float> numbers, double deviation, const RandomStream& stream) {
  constexpr size_t kBlock = 1 << 14;
  parallel_for(static_cast<int64_t>((numbers.size() + kBlock - 1) / kBlock), [&](int64_t block) {
    const size_t first = static_cast<size_t>(block) * kBlock;
    const auto own = numbers.subspan(first, std::min(kBlock, numbers.size() - first));
    stream.normals(first, own);
    for (float& number : own) number *= static_cast<float>(deviation);
  });
}

void look_back(const ParameterInfo& info, std::span<float> numbers, const ModelConfig& config) {
  if (info.name == "token_embedding.weight") clear_waves(numbers, config);
  if (info.name == "position_embedding.weight") write_waves(numbers, config);
  if (info.name == "blocks.0.attention.qkv.weight") write_look_back(numbers, config);
}

}  // namespace

ParameterSource initial_parameters(const ModelConfig& config, uint64_t seed) {
  return [config, seed](const ParameterInfo& info) {
    Tensor tensor(info.shape, DataType::f32);
    if (memory_is_planned()) return tensor;
    const auto numbers = tensor.as<float>();
    switch (info.initial) {
      case Initial::zeros:
        tensor.fill_zero();
        return tensor;
      case Initial::ones:
        std::ranges::fill(numbers, 1.0f);
        return tensor;
      case Initial::normal:
      case Initial::normal_residual:
        break;
    }
    const double scale = info.initial == Initial::normal_residual
                             ? 1 / std::sqrt(2 * static_cast<double>(config.layers))
                             : 1;
    draw_normal(numbers, config.initializer_range * scale,
                {seed, stream_of("initial parameters") + info.number, 0});
    if (config.initial_positions == InitialPositions::look_back) look_back(info, numbers, config);
    return tensor;
  };
}

}  // namespace octavo
