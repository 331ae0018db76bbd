#include "octavo/model/gpt.h"

#include <algorithm>
#include <map>
#include <memory>

#include "octavo/base/error.h"
#include "octavo/ops/cross_entropy.h"
#include "octavo/ops/elementwise.h"
#include "octavo/ops/embedding.h"
#include "octavo/ops/linear.h"
#include "octavo/ops/numbers.h"

namespace octavo {

namespace {

bool is_table(const ParameterInfo& info) {
  return info.name == "token_embedding.weight" || info.name == "position_embedding.weight";
}

/// Of the matrices of a model made for inference; `is_packed` says which of them are.
template <class Predicate>
int64_t packed_bytes(const ModelConfig& config, Precision precision, const Predicate& is_packed) {
  const auto packed = [&](const Shape& matrix) {
    return PackingSpace::bytes(matrix, precision.compute);
  };
  int64_t bytes = 0;
  for (const ParameterInfo& info : parameters_of(config)) {
    const bool is_head = config.head == HeadKind::tied && info.name == "token_embedding.weight";
    if (info.shape.rank() == 2 && (is_head || !is_table(info)) && is_packed(info))
      bytes += packed(info.shape);
  }
  return bytes;
}

int64_t packed_bytes(const ModelConfig& config, Precision precision) {
  return packed_bytes(config, precision, [](const ParameterInfo&) { return true; });
}

}  // namespace

// ---- Construction -------------------------------------------------------------------------------

GPT::GPT(const ModelConfig& config, uint64_t seed, Precision precision)
    : GPT(config, initial_parameters(config, seed), precision, Purpose::training) {}

GPT::GPT(const ModelConfig& config, const ParameterSource& source, Precision precision,
         Purpose purpose, const QuantizedSource& quantized)
    : config_(config), precision_(precision), purpose_(purpose) {
  config.validate();
  std::map<uint32_t, std::vector<Tensor>> blocks;  // by the parameter's number
  if (quantized)
    for (const ParameterInfo& info : parameters_of(config))
      if (auto tensors = quantized(info); !tensors.empty())
        blocks.emplace(info.number, std::move(tensors));
  uint32_t number = 0;
  const MakeParameter make = [&](std::string name, Shape shape, Initial initial) {
    const ParameterInfo info{name, shape, initial, number++};
    if (const auto found = blocks.find(info.number); found != blocks.end())
      return Parameter(std::move(name), shape, found->second, precision.quantized);
    const Tensor numbers = source(info);
    require(numbers.shape() == shape, "[model] {} is {}, expected {}", name, numbers.shape(),
            shape);
    Parameter parameter(std::move(name), numbers);
    parameter.rounding = precision.quantized;
    if (purpose == Purpose::training) parameters_.push_back(parameter);
    return parameter;
  };

  const int64_t V = config.vocabulary, C = config.width;
  token_embedding_ = make("token_embedding.weight", {V, C}, Initial::normal);
  if (config.positions == PositionKind::learned)
    position_embedding_ = make("position_embedding.weight", {config.context, C}, Initial::normal);
  else
    rotary_ = {config.rotary, config.head_size(), config.context, sum_type(precision.compute)};
  const auto is_packed = [&](const ParameterInfo& info) { return !blocks.contains(info.number); };
  PackingSpace space(purpose == Purpose::inference ? packed_bytes(config, precision, is_packed)
                                                   : 0);
  for (int64_t layer = 0; layer < config.layers; ++layer) {
    blocks_.emplace_back(make, layer, config);
    if (purpose == Purpose::inference) blocks_.back().pack(precision.compute, space);
  }
  final_norm_ = Norm(make, "final_norm", config);
  if (config.head == HeadKind::untied) head_ = make("head.weight", {V, C}, Initial::normal);
  if (purpose == Purpose::inference) pack_tables(space);
}

void GPT::pack() {
  if (purpose_ == Purpose::inference) return;
  purpose_ = Purpose::inference;
  parameters_.clear();
  PackingSpace space(packed_bytes(config_, precision_));
  for (Block& block : blocks_) block.pack(precision_.compute, space);
  pack_tables(space);
}

// The head is packed; the tables keep their rows, rounded as a product would round them.
void GPT::pack_tables(PackingSpace& space) {
  if (config_.head == HeadKind::tied) head_ = token_embedding_;
  pack_for_inference(head_, precision_.compute, space);
  if (precision_.compute != DataType::bf16) return;
  for (Parameter* table : {&token_embedding_, &position_embedding_})
    if (*table && !table->quantized())
      *table = Parameter(table->name, octavo::cast(table->value.data(), precision_.compute));
}

void GPT::set_precision(Precision precision) {
  require(ErrorKind::usage, purpose_ == Purpose::training || precision == precision_,
          "[model] packed for {}, cannot compute in {}", name_of(precision_), name_of(precision));
  if (rotary_ && sum_type(precision.compute) != sum_type(precision_.compute))
    rotary_ = {config_.rotary, config_.head_size(), config_.context, sum_type(precision.compute)};
  precision_ = precision;
}

const std::vector<Parameter>& GPT::parameters() const {
  require(ErrorKind::usage, purpose_ == Purpose::training,
          "[model] a model packed for inference has no parameters to train or save");
  return parameters_;
}

// ---- The forward pass ---------------------------------------------------------------------------

Value GPT::hidden(Tape& tape, const Batch& batch, const ForwardOptions& options) const {
  check(batch);
  const auto pass =
      std::make_shared<const Pass>(Pass{config_, precision_, batch, options, rotary_of(batch)});

  Value x = embed(tape, *pass);  // [R, C]
  for (const Block& block : blocks_) {
    const auto forward = [&block, pass](Tape& tape, const Value& x) {
      return block.forward(tape, x, *pass);
    };
    x = options.recompute == Recompute::blocks ? recomputed(tape, x, forward) : forward(tape, x);
  }
  tape.enter("final norm");
  const Value normed = final_norm_.forward(tape, x, *pass);
  pass->observe("final norm", "out", normed);
  return normed;
}

RotaryTable GPT::rotary_of(const Batch& batch) const {
  if (!rotary_) return {};
  int64_t end = 0;
  for (const Batch::Sequence& sequence : batch.sequences)
    end = std::max(end, (sequence.caches ? sequence.caches->length() : 0) + sequence.rows);
  if (batch.positions.data())  // in a plan they have none
    for (const int32_t position : batch.positions.as<int32_t>())
      end = std::max<int64_t>(end, position + int64_t{1});
  return rotary_.first(end);
}

Value GPT::losses(Tape& tape, const Batch& batch, const Tensor& targets,
                  const ForwardOptions& options) const {
  const Value x = hidden(tape, batch, options);
  tape.enter("head");
  return cross_entropy(tape, x, head(), targets,
                       options.recompute == Recompute::blocks ? Logits::recomputed : Logits::kept);
}

Tensor GPT::logits(const Tensor& hidden_rows) const { return octavo::logits(hidden_rows, head()); }

Value GPT::embed(Tape& tape, const Pass& pass) const {
  const Batch& batch = pass.batch;
  tape.enter("embedding");
  Value x;
  if (batch.embeddings) {
    x = batch.embeddings;
    if (position_embedding_)
      x = add(tape, x,
              embedding(tape, batch.positions, batch.positions, position_embedding_, Parameter(),
                        precision_));
  } else {
    x = embedding(tape, batch.tokens, batch.positions, token_embedding_, position_embedding_,
                  precision_);
  }
  pass.observe("embedding", "out", x);
  return pass.drop(tape, x, config_.embedding_dropout, 0);
}

void GPT::check(const Batch& batch) const {
  const int64_t R = batch.rows();
  int64_t rows = 0;
  for (const Batch::Sequence& sequence : batch.sequences) {
    const int64_t before = sequence.caches ? sequence.caches->length() : 0;
    require(before + sequence.rows <= config_.context,
            "[model] a sequence of {} tokens, the context is {}", before + sequence.rows,
            config_.context);
    rows += sequence.rows;
  }
  require(R > 0 && rows == R, "[model] the sequences have {} rows, the batch has {}", rows, R);
  require(batch.tokens.empty() == bool(batch.embeddings),
          "[model] a batch has either tokens or embeddings");
  require(!batch.embeddings || batch.embeddings.shape() == Shape({R, config_.width}),
          "[model] the embeddings are {}, expected {}",
          batch.embeddings ? batch.embeddings.shape() : Shape(), Shape({R, config_.width}));
  require(batch.segments.empty() || batch.segments.elements() == R,
          "[model] {} segment starts for {} rows", batch.segments.elements(), R);
}

// ---- Parameters ---------------------------------------------------------------------------------

void for_each_parameter(const ModelConfig& config,
                        const std::function<void(const ParameterInfo&)>& visit) {
  const ParameterSource outline = [&](const ParameterInfo& info) {
    visit(info);
    return Tensor(info.shape, DataType::f32, nullptr, nullptr);  // a shape without memory
  };
  GPT(config, outline, Precision::f32(), Purpose::training);
}

std::vector<ParameterInfo> parameters_of(const ModelConfig& config) {
  std::vector<ParameterInfo> result;
  for_each_parameter(config, [&](const ParameterInfo& info) { result.push_back(info); });
  return result;
}

int64_t inference_bytes(const ModelConfig& config, Precision precision) {
  int64_t bytes = packed_bytes(config, precision);
  for (const ParameterInfo& info : parameters_of(config)) {
    if (info.shape.rank() == 1)
      bytes += info.shape.elements() * 4;
    else if (is_table(info))
      bytes += info.shape.elements() * static_cast<int64_t>(size_of(precision.compute));
  }
  return bytes;
}

}  // namespace octavo
