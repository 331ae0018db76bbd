// ModelConfig: everything that shapes a GPT, and what follows from the shape alone.
//
// The parts of a block (positions, norms, activation, which keys a layer sees) are choices here, so
// that a relative of GPT-2 becomes another configuration rather than another model. Parameters,
// arithmetic and memory are counted from the shape, nothing is allocated: 175B counts as fast as
// 1M. Papers: Radford et al. 2019 (GPT-2), Brown et al. 2020 (GPT-3, section 2.1). Tested by
// tests/model/config_test.cpp and presets_test.cpp.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "octavo/model/rotary_table.h"
#include "octavo/ops/attention.h"

namespace octavo {

enum class PositionKind {
  learned,  ///< a table added to the token embeddings (GPT-2)
  rotary,   ///< queries and keys turn (GPT-NeoX, Llama)
};
enum class NormKind { layernorm, rmsnorm };
enum class FeedForwardKind {
  plain,   ///< down(activation(up(x)))
  swiglu,  ///< down(silu(gate(x)) · up(x))
};
enum class ResidualKind {
  sequential,  ///< the feed-forward sees what attention has added
  parallel,    ///< both see the block's input, each by its own norm (GPT-NeoX)
};
/// Which matrices have a bias beside them.
struct Biases {
  bool qkv = true, projection = true, feed_forward = true;
  bool operator==(const Biases&) const = default;
};
/// What turns the last hidden state into logits: the token table again, or a matrix of its own.
enum class HeadKind { tied, untied };
/// How a new model's learned positions begin.
enum class InitialPositions {
  normal,  ///< N(0, initializer_range²), GPT-2's
  /// As waves, so that half of the first layer's heads begin by looking 1, 2, 3 … tokens back: what
  /// a small model needs to learn to copy, and otherwise finds late.
  look_back,
};
/// Which layers see everything before, and which only a band of the last keys.
enum class AttentionPattern {
  dense,
  alternating,  ///< layers 0, 2, … dense, 1, 3, … banded (GPT-3; Child et al. 2019)
};

/// The deepest published have a tenth. A layer takes some kilobytes beside its weights, which may
/// be few: a file of a million thin ones would cost a hundred times its size.
inline constexpr int64_t kMaximumLayers = 1024;

/// How many tokens may end a text. The published know a handful.
inline constexpr size_t kMaximumEnds = 256;

struct ModelConfig {
  int64_t vocabulary = 0;   ///< V, token ids
  int64_t context = 0;      ///< positions, the longest sequence
  int64_t layers = 0;       ///< L
  int64_t width = 0;        ///< C, of the residual stream
  int64_t heads = 0;        ///< H
  int64_t key_heads = 0;    ///< G, of keys and values, divides H; 0 means H
  int64_t head_width = 0;   ///< D, of a head; 0 means width / heads
  int64_t inner_width = 0;  ///< of the feed-forward layer; 0 means 4·width

  PositionKind positions = PositionKind::learned;
  RotarySettings rotary = {};
  NormKind norm = NormKind::layernorm;
  FeedForwardKind feed_forward = FeedForwardKind::plain;
  ResidualKind residual = ResidualKind::sequential;
  Biases biases = {};
  double attention_scale = 0;  ///< of scores; 0 means 1/√D
  double norm_epsilon = 1e-5;
  Activation activation = Activation::gelu_tanh;
  HeadKind head = HeadKind::tied;
  AttentionPattern attention = AttentionPattern::dense;
  int64_t band_width = 256;  ///< keys that a banded layer sees, the query's own included

  double initializer_range = 0.02;  ///< standard deviation of a new model's matrices
  InitialPositions initial_positions = InitialPositions::normal;
  double embedding_dropout = 0, attention_dropout = 0, residual_dropout = 0;
  int32_t end_of_text = -1;              ///< the token that ends a text; −1: none is known
  std::vector<int32_t> other_ends = {};  ///< tokens that end one too, as a chat model's turns do

  int64_t head_size() const { return head_width ? head_width : width / heads; }
  int64_t key_value_heads() const { return key_heads ? key_heads : heads; }
  int64_t attention_width() const { return heads * head_size(); }
  int64_t key_value_width() const { return key_value_heads() * head_size(); }
  int64_t feed_forward_width() const { return inner_width ? inner_width : 4 * width; }
  /// Every token that ends a text, end_of_text first.
  std::vector<int32_t> ends() const;
  /// One more token that ends a text; the first is end_of_text. Nothing changes if it is known, or
  /// outside the vocabulary: such a token is never drawn. Throws `usage` past kMaximumEnds.
  void add_end(int64_t token);
  /// A tokenizer's token that ends a text; what else ends one stays only where it is among these.
  void set_end_of_text(int32_t token);
  /// Which keys layer `layer` sees.
  AttentionMask attention_mask(int64_t layer) const;
  /// True if some layer sees less than the whole context.
  bool has_bands() const;

  /// Throws `usage`, naming the first size that cannot be and why.
  void validate() const;
  bool operator==(const ModelConfig&) const = default;
};

struct ParameterCount {
  int64_t token_table = 0, position_table = 0, blocks = 0, final_norm = 0;
  int64_t head = 0;  ///< 0 when tied

  int64_t total() const { return token_table + position_table + blocks + final_norm + head; }
  int64_t without_positions() const { return total() - position_table; }
  /// Those a token's arithmetic goes through: N of "6N" (without positions, and without an untied
  /// input table, whose rows are only looked up).
  int64_t active() const { return without_positions() - (head ? token_table : 0); }
};
ParameterCount count_parameters(const ModelConfig& config);

/// Model FLOPs per token in training on sequences of `tokens`: 6N + 6·L·T·C, where a band of width
/// w counts w − w²/2T keys in place of T/2. Recomputation is not counted.
double training_flops_per_token(const ModelConfig& config, int64_t tokens);
/// The same for prefill of `tokens`, with the logits of the last position only:
/// 2(N − V·C) + 2·V·C/T + 2·L·T·C.
double prefill_flops_per_token(const ModelConfig& config, int64_t tokens);

/// Bytes that decoding one token must read: the weights in `precision` once, and `keys` cached
/// positions (a banded layer at most its width).
double decode_bytes_per_token(const ModelConfig& config, Precision precision, double keys);

}  // namespace octavo
