// GPT: token and position embeddings, pre-norm blocks, a final norm, and a head that is usually the
// token table again (Radford et al. 2019; Brown et al. 2020).
//
// One forward pass serves training, scoring and generation: it differs in the tape, the caches and
// dropout, never in the arithmetic, so a token's log-probability is one number everywhere. A model
// in training keeps f32 masters; one made for inference keeps matrices packed in the compute type
// only. Tested by tests/model: golden logits, gradients and losses (gpt_test.cpp), recorded
// intermediates (nano_sort_test.cpp), equal bits however a text is computed (one_number_test.cpp).
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "octavo/model/batch.h"
#include "octavo/model/block.h"
#include "octavo/model/config.h"
#include "octavo/model/precision.h"

namespace octavo {

/// Where a model's numbers come from: the f32 tensor of one parameter, of the shape asked for.
using ParameterSource = std::function<Tensor(const ParameterInfo&)>;

/// The tensors of a matrix that is to be used as it lies, quantized, its rows one below the other;
/// none for a parameter whose numbers are asked for instead.
using QuantizedSource = std::function<std::vector<Tensor>(const ParameterInfo&)>;

/// Visits a model's parameters in its order, without memory for their numbers.
void for_each_parameter(const ModelConfig& config,
                        const std::function<void(const ParameterInfo&)>& visit);
std::vector<ParameterInfo> parameters_of(const ModelConfig& config);

/// A new model's numbers: GPT-2's initialisation, drawn by counter from (seed, parameter's number).
/// In a plan (memory_is_planned()) the memory is there and nothing is filled.
ParameterSource initial_parameters(const ModelConfig& config, uint64_t seed);

enum class Purpose {
  training,   ///< f32 masters; can be trained, saved and used
  inference,  ///< packed in the compute type; can only be used
};

class GPT {
 public:
  /// A new model to train. Throws `usage` if the configuration cannot be.
  GPT(const ModelConfig& config, uint64_t seed, Precision precision = Precision::f32());
  /// A model of given numbers. For inference each block is packed as soon as it has come, so that
  /// only one is there twice; what `quantized` has stays as it lies, and takes no memory here.
  GPT(const ModelConfig& config, const ParameterSource& source, Precision precision,
      Purpose purpose, const QuantizedSource& quantized = {});
  GPT(GPT&&) = default;
  GPT& operator=(GPT&&) = default;

  const ModelConfig& config() const { return config_; }
  Precision precision() const { return precision_; }
  Purpose purpose() const { return purpose_; }

  /// Computes in another precision from now on. Throws `usage` on a model made for inference.
  void set_precision(Precision precision);
  /// Packs everything for inference in the present precision and forgets the masters.
  void pack();

  /// Every parameter in the model's order; handles that share numbers and gradients with the model.
  /// Throws `usage` on a model made for inference.
  const std::vector<Parameter>& parameters() const;

  /// The normed hidden states after the last block, [R, C] in the compute type. Batch and model
  /// must outlive the tape's backward pass. Throws `data` on a token outside the vocabulary or a
  /// position outside the context.
  Value hidden(Tape& tape, const Batch& batch, const ForwardOptions& options = {}) const;

  /// −log p(target) of every row, [R] f32; targets [R] i32, −1 for a row without a loss.
  Value losses(Tape& tape, const Batch& batch, const Tensor& targets,
               const ForwardOptions& options = {}) const;

  /// Logits of rows of `hidden`, [n, C] → [n, V] f32: losses() saw the same bits.
  Tensor logits(const Tensor& hidden_rows) const;

 private:
  Value embed(Tape& tape, const Pass& pass) const;
  void check(const Batch& batch) const;
  RotaryTable rotary_of(const Batch& batch) const;
  void pack_tables(PackingSpace& space);
  const Parameter& head() const { return head_ ? head_ : token_embedding_; }

  ModelConfig config_;
  Precision precision_;
  Purpose purpose_ = Purpose::training;

  Parameter token_embedding_;     // [V, C]
  Parameter position_embedding_;  // [context, C], or none:
  RotaryPositions rotary_;
  std::vector<Block> blocks_;
  Norm final_norm_;
  Parameter head_;  // [V, C]; tied: absent in training, in inference the packed token table

  std::vector<Parameter> parameters_;  // handles to all of the above; none in inference
};

/// What a model of this shape takes when made for inference.
int64_t inference_bytes(const ModelConfig& config, Precision precision);

}  // namespace octavo
