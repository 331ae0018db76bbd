// The parts of a transformer block, each a few parameters and one forward function.
//
// A part knows its shape from the parameters' source (gpt.h) and its settings from the pass, so a
// block of another family is another combination. Pre-norm as GPT-2: x + f(norm(x)). The fused
// query-key-value matrix holds queries, keys, values in this order, heads side by side within each;
// that of a gated feed-forward holds gates, then ups. Papers: Vaswani et al. 2017; Radford et al.
// 2019; Black et al. 2022 (GPT-NeoX); Touvron et al. 2023 (Llama). Tested by tests/model (every
// intermediate of a recorded model, golden logits and gradients).
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "octavo/model/batch.h"
#include "octavo/model/config.h"

namespace octavo {

/// How a new model's parameter begins.
enum class Initial {
  normal,           ///< N(0, initializer_range²)
  normal_residual,  ///< the same, divided by √(2·layers): a projection into the residual stream
  zeros,
  ones,
};

/// A parameter before it has numbers.
struct ParameterInfo {
  std::string name;  ///< "blocks.3.attention.qkv.weight"
  Shape shape;       ///< matrices [outputs, inputs], tables [entries, C], vectors [n]
  Initial initial = Initial::normal;
  uint32_t number = 0;  ///< in the model's order
};

/// Gives each parameter as the parts are built, in the model's order.
using MakeParameter = std::function<Parameter(std::string name, Shape shape, Initial initial)>;

/// Sees intermediate results by name ("block 0 attention qkv"); inspection and tests.
using Observer = std::function<void(std::string_view name, const Tensor& value)>;

/// Which random numbers dropout takes.
struct DropoutDraw {
  uint64_t seed = 0;
  uint32_t step = 0;
};

enum class Recompute {
  nothing,
  blocks,  ///< keep each block's input only; its backward pass computes the block again
};

struct ForwardOptions {
  std::optional<DropoutDraw> dropout;  ///< absent: no dropout (evaluation)
  Recompute recompute = Recompute::nothing;
  Observer observe;
};

/// What the blocks of one forward pass share.
struct Pass {
  ModelConfig config;
  Precision precision;
  Batch batch;
  ForwardOptions options;
  RotaryTable rotary;  ///< empty with learned positions

  /// The sequences' rows as attention wants them in this layer.
  std::vector<SequenceRows> rows_of_layer(int64_t layer) const;
  /// The dropout at one of the model's places (0: the embeddings; then three for each layer).
  DropoutMask dropout(double probability, int64_t place) const;
  /// x [R, n] after that dropout, elements counted from the batch's first row in the whole step.
  Value drop(Tape& tape, const Value& x, double probability, int64_t place) const;
  void observe(std::string_view part, std::string_view what, const Value& value) const;
};

struct Norm {
  Parameter weight;
  Parameter bias;  ///< none with RMSNorm

  Norm() = default;
  Norm(const MakeParameter& make, const std::string& name, const ModelConfig& config);
  Value forward(Tape& tape, const Value& x, const Pass& pass) const;  ///< → the compute type
};

struct Linear {
  Parameter weight;
  Parameter bias;  ///< or none

  enum class Bias { none, zeros };
  Linear(const MakeParameter& make, const std::string& name, int64_t inputs, int64_t outputs,
         Initial initial, Bias bias);
  Value forward(Tape& tape, const Value& x, Activation activation = Activation::none) const;
};

struct SelfAttention {
  Linear qkv, projection;

  SelfAttention(const MakeParameter& make, const std::string& name, const ModelConfig& config);
  Value forward(Tape& tape, const Value& x, const Pass& pass, int64_t layer) const;
};

struct FeedForward {
  Linear up;  ///< with SwiGLU [2F, C]: gates, then ups
  Linear down;

  FeedForward(const MakeParameter& make, const std::string& name, const ModelConfig& config);
  Value forward(Tape& tape, const Value& x, const Pass& pass) const;
};

struct Block {
  int64_t layer;
  Norm attention_norm;
  SelfAttention attention;
  Norm feed_forward_norm;
  FeedForward feed_forward;

  Block(const MakeParameter& make, int64_t layer, const ModelConfig& config);
  /// Keeps the matrices in their packed form only.
  void pack(DataType type, PackingSpace& space);
  Value forward(Tape& tape, const Value& x, const Pass& pass) const;
};

}  // namespace octavo
