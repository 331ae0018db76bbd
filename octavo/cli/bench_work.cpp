#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstring>
#include <memory>

#include "octavo/base/clock.h"
#include "octavo/base/random.h"
#include "octavo/checkpoint/convert_model.h"
#include "octavo/checkpoint/gguf_model.h"
#include "octavo/cli/bench.h"
#include "octavo/device/memory.h"
#include "octavo/model/precision.h"
#include "octavo/model/presets.h"
#include "octavo/ops/quantize.h"
#include "octavo/train/schedule.h"

namespace octavo {
namespace {

constexpr uint64_t kSeed = 1;

StepSettings step_settings_of(const BenchCommand& command) {
  const int64_t B = command.batch, T = command.context;
  return {
      .micro_batch = command.micro_batch > 0 ? command.micro_batch : default_micro_batch(T, B, B),
      .recompute = command.recompute ? Recompute::blocks : Recompute::nothing};
}

std::vector<int32_t> random_tokens(int64_t count, int64_t vocabulary) {
  const RandomStream random{kSeed, stream_of("bench tokens")};
  std::vector<int32_t> tokens(static_cast<size_t>(count));
  for (size_t i = 0; i < tokens.size(); ++i)
    tokens[i] = static_cast<int32_t>(random.below(i, static_cast<uint64_t>(vocabulary)));
  return tokens;
}

/// The type that a GGUF file would have a parameter in, where the shape asks for quantized weights.
DataType stored_type(const ModelConfig& config, const ShapeOption& shape,
                     const ParameterInfo& info) {
  return gguf_type(config, info, *data_type_named(shape.type));
}

ParameterSource drawn_weights(const ModelConfig& config, Console& console) {
  console.set_status("drawing the weights");
  return initial_parameters(config, kSeed);
}

}  // namespace

ModelConfig ShapeOption::config(int64_t tokens) const {
  ModelConfig config = preset(preset_name);
  const auto replace = [](int64_t& size, int64_t by) { size = by ? by : size; };
  replace(config.layers, layers), replace(config.width, width);
  replace(config.heads, heads), replace(config.vocabulary, vocabulary);
  config.context = std::max(config.context, tokens);
  config.embedding_dropout = config.attention_dropout = config.residual_dropout = 0;
  config.end_of_text = -1;  // of no meaning to random weights
  config.validate();
  return config;
}

Precision ShapeOption::precision() const {
  if (!dtype.empty()) return precision_named(dtype);
  return type.empty() ? Precision::bf16() : Precision::int8(DataType::bf16);
}

void add_shape(CLI::App& app, ShapeOption& shape) {
  const std::string group = "Model (random weights)";
  add_choice(app, "--preset", shape.preset_name, preset_names(),
             "A published shape (default gpt2, 124M)")
      ->group(group)
      ->type_name("NAME");
  add_integer(app, "--layers", shape.layers, 1, kLargestSize, "In place of the preset's")
      ->group(group);
  add_integer(app, "--width", shape.width, 1, kLargestSize, "Of the residual stream")->group(group);
  add_integer(app, "--heads", shape.heads, 1, kLargestSize, "Attention heads")->group(group);
  add_integer(app, "--vocabulary", shape.vocabulary, 1, kLargestSize, "Tokens")->group(group);
  add_precision(app, "--dtype", shape.dtype,
                "What to compute in (default bf16; quantized weights: int8)")
      ->group(group);
}

void add_weight_type(CLI::App& app, ShapeOption& shape) {
  std::vector<std::string> types;
  for (const DataType type : types_to_write())
    if (is_quantized(type)) types.emplace_back(name_of(type));
  add_choice(app, "--type", shape.type, types, "Of quantized weights (default: none, dense)")
      ->group("Model (random weights)");
}

void add_training_options(CLI::App& app, BenchCommand& command) {
  add_integer(app, "--batch", command.batch, 1, kLargestSize, "Sequences per step (default 4)");
  add_integer(app, "--context", command.context, 1, kLargestSize, "Their tokens (default 1024)");
  add_integer(app, "--micro-batch", command.micro_batch, 1, kLargestSize,
              "Sequences held at once (default: about 4,096 tokens)");
  app.add_flag("--recompute", command.recompute, "Recompute activations to save memory");
}

GPT random_model(const ModelConfig& config, const ShapeOption& shape, Console& console) {
  const ParameterSource weights = drawn_weights(config, console);
  if (shape.type.empty()) return GPT(config, weights, shape.precision(), Purpose::inference);
  // Blocks lie behind one another, as in a file.
  int64_t bytes = 0;
  for (const ParameterInfo& info : parameters_of(config))
    bytes += row_bytes(stored_type(config, shape, info), info.shape.elements());
  const auto file = std::make_shared<Buffer>(static_cast<size_t>(bytes));
  std::byte* next = file->data();
  const QuantizedSource quantized = [&](const ParameterInfo& info) {
    const DataType type = stored_type(config, shape, info);
    if (!is_quantized(type)) return std::vector<Tensor>();
    const Tensor made = quantize(weights(info), type);
    const Tensor kept(made.shape(), made.type(), next, file);
    std::memcpy(next, made.data(), made.bytes());
    next += made.bytes();
    return std::vector{kept};
  };
  return GPT(config, weights, shape.precision(), Purpose::inference, quantized);
}

double weight_bytes(const ModelConfig& config, const ShapeOption& shape) {
  if (shape.type.empty()) return decode_bytes_per_token(config, shape.precision(), 0);
  int64_t bytes = 0;
  for (const ParameterInfo& info : parameters_of(config)) {
    const bool looked_up = info.name == "position_embedding.weight" ||
                           (info.name == "token_embedding.weight" && config.head != HeadKind::tied);
    if (!looked_up) bytes += row_bytes(stored_type(config, shape, info), info.shape.elements());
  }
  return static_cast<double>(bytes);
}

GenerationRequest reading_request(int64_t tokens, int64_t vocabulary) {
  return {
      .prompt = random_tokens(tokens, vocabulary), .sampling = {.temperature = 0}, .max_tokens = 1};
}

GenerationRequest writing_request(int64_t texts, int64_t tokens) {
  return {.prompt = {0},
          .sampling = {.temperature = 0},
          .max_tokens = tokens + 1,
          .samples = texts,
          .end_of_text = EndOfText::continues};
}

TrainingWork::TrainingWork(const BenchCommand& command, Console& console)
    : settings_(step_settings_of(command)),
      config_(command.shape.config(command.context)),
      model_(config_, drawn_weights(config_, console), command.shape.precision(),
             Purpose::training),
      optimizer_(model_.parameters(), {}),
      batch_(command.batch, command.context) {
  const int64_t count = command.batch * command.context;
  const std::vector<int32_t> tokens = random_tokens(count, config_.vocabulary);
  std::ranges::copy(tokens, batch_.tokens.as<int32_t>().begin());
  std::ranges::copy(tokens, batch_.targets.as<int32_t>().begin());
}

double TrainingWork::step() {
  const double begin = monotonic_seconds();
  train_step(model_, optimizer_, batch_, settings_, ++steps_, 1e-4);
  return monotonic_seconds() - begin;
}

}  // namespace octavo
