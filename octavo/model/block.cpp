#include "octavo/model/block.h"

#include <cmath>

#include "octavo/base/error.h"
#include "octavo/base/random.h"
#include "octavo/ops/dropout.h"
#include "octavo/ops/elementwise.h"
#include "octavo/ops/layernorm.h"
#include "octavo/ops/linear.h"
#include "octavo/ops/rmsnorm.h"

namespace octavo {

// ---- Pass ---------------------------------------------------------------------------------------

std::vector<SequenceRows> Pass::rows_of_layer(int64_t layer) const {
  std::vector<SequenceRows> result;
  result.reserve(batch.sequences.size());
  const int32_t* segments =
      batch.segments.empty() ? nullptr : static_cast<const int32_t*>(batch.segments.data());
  for (const Batch::Sequence& sequence : batch.sequences) {
    KeyValueCache* cache = sequence.caches ? &sequence.caches->layer(layer) : nullptr;
    result.push_back({sequence.rows, cache, segments, sequence.number});
    if (segments) segments += sequence.rows;
  }
  return result;
}

DropoutMask Pass::dropout(double probability, int64_t place) const {
  if (!options.dropout) return {};
  return {probability, options.dropout->seed, stream_of("dropout") + static_cast<uint32_t>(place),
          options.dropout->step};
}

Value Pass::drop(Tape& tape, const Value& x, double probability, int64_t place) const {
  const DropoutMask mask = dropout(probability, place);
  if (mask.probability == 0) return x;
  return octavo::dropout(tape, x, mask,
                         static_cast<uint64_t>(batch.first_row * x.data().columns()));
}

void Pass::observe(std::string_view part, std::string_view what, const Value& value) const {
  if (options.observe) options.observe(fmt::format("{} {}", part, what), value.data());
}

// ---- Parts --------------------------------------------------------------------------------------

namespace {

Linear::Bias bias_if(bool wanted) { return wanted ? Linear::Bias::zeros : Linear::Bias::none; }

}  // namespace

Norm::Norm(const MakeParameter& make, const std::string& name, const ModelConfig& config)
    : weight(make(name + ".weight", {config.width}, Initial::ones)) {
  if (config.norm == NormKind::layernorm)
    bias = make(name + ".bias", {config.width}, Initial::zeros);
}

Value Norm::forward(Tape& tape, const Value& x, const Pass& pass) const {
  if (pass.config.norm == NormKind::rmsnorm)
    return rmsnorm(tape, x, weight, pass.config.norm_epsilon, pass.precision.compute);
  return layernorm(tape, x, weight, bias, pass.config.norm_epsilon, pass.precision.compute);
}

Linear::Linear(const MakeParameter& make, const std::string& name, int64_t inputs, int64_t outputs,
               Initial initial, Bias kind)
    : weight(make(name + ".weight", {outputs, inputs}, initial)) {
  if (kind == Bias::zeros) bias = make(name + ".bias", {outputs}, Initial::zeros);
}

Value Linear::forward(Tape& tape, const Value& x, Activation activation) const {
  return linear(tape, x, weight, bias, activation);
}

SelfAttention::SelfAttention(const MakeParameter& make, const std::string& name,
                             const ModelConfig& config)
    : qkv(make, name + ".qkv", config.width,
          config.attention_width() + 2 * config.key_value_width(), Initial::normal,
          bias_if(config.biases.qkv)),
      projection(make, name + ".projection", config.attention_width(), config.width,
                 Initial::normal_residual, bias_if(config.biases.projection)) {}

Value SelfAttention::forward(Tape& tape, const Value& x, const Pass& pass, int64_t layer) const {
  const ModelConfig& config = pass.config;
  const double scale = config.attention_scale != 0
                           ? config.attention_scale
                           : 1 / std::sqrt(static_cast<double>(config.head_size()));
  const AttentionOptions options{.heads = config.heads,
                                 .key_heads = config.key_value_heads(),
                                 .scale = scale,
                                 .mask = config.attention_mask(layer),
                                 .dropout = pass.dropout(config.attention_dropout, 3 * layer + 1)};

  Value queries_keys_values = qkv.forward(tape, x);  // [R, (H + 2G)·D]
  pass.observe(tape.place(), "qkv", queries_keys_values);
  if (config.positions == PositionKind::rotary)
    queries_keys_values = rotary(tape, queries_keys_values, pass.batch.positions, pass.rotary,
                                 config.heads + config.key_value_heads(), config.head_size());
  const Value mixed =
      attention(tape, queries_keys_values, pass.rows_of_layer(layer), options);  // [R, H·D]
  pass.observe(tape.place(), "attention", mixed);
  return projection.forward(tape, mixed);
}

FeedForward::FeedForward(const MakeParameter& make, const std::string& name,
                         const ModelConfig& config)
    : up(make, name + ".up", config.width,
         (config.feed_forward == FeedForwardKind::swiglu ? 2 : 1) * config.feed_forward_width(),
         Initial::normal, bias_if(config.biases.feed_forward)),
      down(make, name + ".down", config.feed_forward_width(), config.width,
           Initial::normal_residual, bias_if(config.biases.feed_forward)) {}

Value FeedForward::forward(Tape& tape, const Value& x, const Pass& pass) const {
  const bool gated = pass.config.feed_forward == FeedForwardKind::swiglu;
  const Value inner = gated ? swiglu(tape, up.forward(tape, x))
                            : up.forward(tape, x, pass.config.activation);  // [R, F]
  pass.observe(tape.place(), "activation", inner);
  return down.forward(tape, inner);
}

// ---- Block --------------------------------------------------------------------------------------

Block::Block(const MakeParameter& make, int64_t layer, const ModelConfig& config)
    : layer(layer),
      attention_norm(make, fmt::format("blocks.{}.attention_norm", layer), config),
      attention(make, fmt::format("blocks.{}.attention", layer), config),
      feed_forward_norm(make, fmt::format("blocks.{}.feed_forward_norm", layer), config),
      feed_forward(make, fmt::format("blocks.{}.feed_forward", layer), config) {}

void Block::pack(DataType type, PackingSpace& space) {
  for (Linear* part : {&attention.qkv, &attention.projection, &feed_forward.up, &feed_forward.down})
    pack_for_inference(part->weight, type, space);
}

Value Block::forward(Tape& tape, const Value& x, const Pass& pass) const {
  const std::string place = fmt::format("block {}", layer);
  const double dropout = pass.config.residual_dropout;
  tape.enter(place);

  const Value normed = attention_norm.forward(tape, x, pass);
  pass.observe(place, "attention norm", normed);
  const Value attended = attention.forward(tape, normed, pass, layer);
  pass.observe(place, "attention projection", attended);
  const Value middle = add(tape, x, pass.drop(tape, attended, dropout, 3 * layer + 2));
  pass.observe(place, "attention residual", middle);

  const bool parallel = pass.config.residual == ResidualKind::parallel;
  const Value middle_normed = feed_forward_norm.forward(tape, parallel ? x : middle, pass);
  pass.observe(place, "feed-forward norm", middle_normed);
  const Value fed = feed_forward.forward(tape, middle_normed, pass);
  pass.observe(place, "feed-forward", fed);
  const Value out = add(tape, middle, pass.drop(tape, fed, dropout, 3 * layer + 3));
  pass.observe(place, "out", out);
  return out;
}

}  // namespace octavo
