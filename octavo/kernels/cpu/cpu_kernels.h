// The contract, for one instruction set. Each operation is in the file of its family.
#pragma once

#include "octavo/kernels/cpu/vector.h"

namespace octavo::OCTAVO_ISA {

class CpuKernels final : public Kernels {
 public:
  std::string_view name() const override;
  std::string_view description() const override { return kDescription; }
  bool supported() const override { return processor_has_it(); }
  bool has_bf16_arithmetic() const override { return kBf16Arithmetic; }

  size_t packed_bytes(int64_t k, int64_t n, DataType type) const override;
  void pack(const Pack&) const override;
  void product(const Product&) const override;
  size_t quantized_product_scratch(const QuantizedProduct&) const override;
  void quantized_product(const QuantizedProduct&) const override;
  void embedding(const Embedding&) const override;
  void embedding_backward(const EmbeddingBackward&) const override;
  void layernorm(const LayerNorm&) const override;
  void layernorm_backward(const LayerNormBackward&) const override;
  void rmsnorm(const RmsNorm&) const override;
  void rmsnorm_backward(const RmsNormBackward&) const override;
  void sum_rows(const SumRows&) const override;
  void sum_columns(const SumColumns&) const override;
  void rotary(const Rotary&) const override;
  size_t key_value_bytes(const KeyValues&) const override;
  void attention(const Attention&) const override;
  size_t attention_backward_scratch(const Attention&) const override;
  void attention_backward(const AttentionBackward&) const override;
  void cross_entropy(const CrossEntropy&) const override;
  void cross_entropy_backward(const CrossEntropyBackward&) const override;
  void swiglu(const SwiGlu&) const override;
  void swiglu_backward(const SwiGluBackward&) const override;
  void map(const Map&) const override;
  void combine(const Combine&) const override;
  void dropout(const Dropout&) const override;
  void squared_norm(const SquaredNorm&) const override;
  void adamw(const AdamW&) const override;
  double spin(DataType type) const override;
};

}  // namespace octavo::OCTAVO_ISA
