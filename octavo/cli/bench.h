// What the measurements of `octavo bench` share: which model, and the work it does.
// Random weights of the shape asked for, through the code that trains and generates.
#pragma once

#include <cstdint>
#include <string>

#include "octavo/cli/command.h"
#include "octavo/generate/generator.h"
#include "octavo/model/gpt.h"
#include "octavo/model/precision.h"
#include "octavo/train/step.h"

namespace octavo {

inline constexpr int64_t kLargestSize = 1 << 30;

/// The model to measure: a preset, and sizes that replace its own.
struct ShapeOption {
  std::string preset_name = "gpt2";
  int64_t layers = 0, width = 0, heads = 0, vocabulary = 0;
  std::string type;   ///< of quantized weights; empty: dense
  std::string dtype;  ///< empty: bf16, beside quantized weights int8

  /// With room for `tokens` positions.
  ModelConfig config(int64_t tokens) const;
  Precision precision() const;
  std::string_view precision_name() const { return name_of(precision()); }
};

struct BenchCommand {
  ShapeOption shape;
  int64_t batch = 4, context = 1024, micro_batch = 0, tokens = 0, repeats = 0;
  bool recompute = false;
  std::string compare;  ///< a file of earlier results
};

void add_shape(CLI::App& app, ShapeOption& shape);
/// --batch, --context, --micro-batch, --recompute.
void add_training_options(CLI::App& app, BenchCommand& command);
void add_breakdown_bench(CLI::App& bench, CommonOptions& common);

/// --type, of what is measured in use.
void add_weight_type(CLI::App& app, ShapeOption& shape);
/// For inference: packed, or in quantized blocks.
GPT random_model(const ModelConfig& config, const ShapeOption& shape, Console& console);
/// Bytes of weights that a forward pass of one row reads.
double weight_bytes(const ModelConfig& config, const ShapeOption& shape);
/// A prompt of random tokens, up to the logits behind it.
GenerationRequest reading_request(int64_t tokens, int64_t vocabulary);
/// From one token of prompt, `tokens` forward passes of as many texts together.
GenerationRequest writing_request(int64_t texts, int64_t tokens);

/// A model in training, and a batch of random tokens to train it on.
class TrainingWork {
 public:
  TrainingWork(const BenchCommand& command, Console& console);
  /// One whole step: forward, backward, clip, AdamW. Returns its seconds.
  double step();
  int64_t micro_batch() const { return settings_.micro_batch; }

 private:
  StepSettings settings_;
  ModelConfig config_;
  GPT model_;
  Optimizer optimizer_;
  StepBatch batch_;
  int64_t steps_ = 0;
};

}  // namespace octavo
