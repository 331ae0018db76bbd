// The planned kernels do nothing. With memory that is counted but not backed (PlannedMemory) a
// training step on them predicts the peak of the real one, for a model of any size; so only the
// questions about sizes have answers, those of the implementation that will run.
#include "octavo/kernels/kernels.h"

namespace octavo {
namespace {

class PlannedKernels final : public Kernels {
 public:
  explicit PlannedKernels(const Kernels& like) : like_(like) {}

  std::string_view name() const override { return "planned"; }
  std::string_view description() const override { return "does nothing, to predict memory"; }
  bool has_bf16_arithmetic() const override { return like_.has_bf16_arithmetic(); }

  size_t packed_bytes(int64_t k, int64_t n, DataType type) const override {
    return like_.packed_bytes(k, n, type);
  }
  size_t key_value_bytes(const KeyValues& kept) const override {
    return like_.key_value_bytes(kept);
  }
  size_t quantized_product_scratch(const QuantizedProduct& product) const override {
    return like_.quantized_product_scratch(product);
  }
  size_t attention_backward_scratch(const Attention& attention) const override {
    return like_.attention_backward_scratch(attention);
  }

  void pack(const Pack&) const override {}
  void product(const Product&) const override {}
  void quantized_product(const QuantizedProduct&) const override {}
  void embedding(const Embedding&) const override {}
  void embedding_backward(const EmbeddingBackward&) const override {}
  void layernorm(const LayerNorm&) const override {}
  void layernorm_backward(const LayerNormBackward&) const override {}
  void rmsnorm(const RmsNorm&) const override {}
  void rmsnorm_backward(const RmsNormBackward&) const override {}
  void sum_rows(const SumRows&) const override {}
  void sum_columns(const SumColumns&) const override {}
  void rotary(const Rotary&) const override {}
  void attention(const Attention&) const override {}
  void attention_backward(const AttentionBackward&) const override {}
  void cross_entropy(const CrossEntropy&) const override {}
  void cross_entropy_backward(const CrossEntropyBackward&) const override {}
  void swiglu(const SwiGlu&) const override {}
  void swiglu_backward(const SwiGluBackward&) const override {}
  void map(const Map&) const override {}
  void combine(const Combine&) const override {}
  void dropout(const Dropout&) const override {}
  void squared_norm(const SquaredNorm&) const override {}
  void adamw(const AdamW&) const override {}
  double spin(DataType) const override { return 0; }

 private:
  const Kernels& like_;
};

}  // namespace

std::unique_ptr<Kernels> planned_kernels(const Kernels& like) {
  return std::make_unique<PlannedKernels>(like);
}

}  // namespace octavo
