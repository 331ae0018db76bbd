#include "octavo/kernels/timed.h"

#include <algorithm>
#include <utility>

#include "octavo/base/clock.h"

namespace octavo {
namespace {

using Sizes = std::array<int64_t, 3>;

Sizes sizes_of(const ConstArray& array) { return {array.rows, array.columns}; }

/// Queries, keys, and the width of all heads. Over kept keys, whose number grows with every token,
/// queries and width.
Sizes sizes_of(const Attention& attention) {
  const int64_t width = attention.heads * attention.head_size;
  int64_t queries = 0, keys = 0;
  for (const AttentionSequence& s : attention.sequences) {
    queries += s.q.rows;
    keys = std::max(keys, s.kept ? 0 : s.keys());
  }
  return keys > 0 ? Sizes{queries, keys, width} : Sizes{queries, width};
}

std::string_view variant_of(const Product& p) {
  if (p.left_transposed) return "transposed";
  if (p.activation == Activation::gelu_tanh) return "gelu_tanh";
  if (p.activation == Activation::gelu_exact) return "gelu_exact";
  return p.out.type == p.right.type ? "" : "to f32";
}

std::string_view variant_of(const Map& m) {
  return m.function != Unary::copy ? "" : m.x.type == m.out.type ? "copy" : "cast";
}

std::string_view variant_of(const Combine& c) {
  switch (c.function) {
    case Binary::add:
      return "add";
    case Binary::gelu_tanh_gradient:
      return "gelu_tanh_gradient";
    case Binary::gelu_exact_gradient:
      return "gelu_exact_gradient";
    default:
      return "";
  }
}

class TimedKernels final : public Kernels {
 public:
  TimedKernels(const Kernels& inner, std::function<void(const KernelCall&)> report)
      : inner_(inner), report_(std::move(report)) {}

  std::string_view name() const override { return inner_.name(); }
  std::string_view description() const override { return inner_.description(); }
  bool has_bf16_arithmetic() const override { return inner_.has_bf16_arithmetic(); }
  size_t packed_bytes(int64_t k, int64_t n, DataType type) const override {
    return inner_.packed_bytes(k, n, type);
  }
  size_t key_value_bytes(const KeyValues& kept) const override {
    return inner_.key_value_bytes(kept);
  }
  size_t quantized_product_scratch(const QuantizedProduct& product) const override {
    return inner_.quantized_product_scratch(product);
  }
  size_t attention_backward_scratch(const Attention& attention) const override {
    return inner_.attention_backward_scratch(attention);
  }
  double spin(DataType type) const override { return inner_.spin(type); }

  void pack(const Pack& p) const override {
    run("pack", p.order == MatrixOrder::transposed ? "transposed" : "", Sizes{p.k(), p.n()},
        &Kernels::pack, p);
  }
  void product(const Product& p) const override {
    run("product", variant_of(p), Sizes{p.out.rows, p.out.columns, p.right.k}, &Kernels::product,
        p);
  }
  void quantized_product(const QuantizedProduct& p) const override {
    run("quantized_product", name_of(p.right.type),
        Sizes{p.out.rows, p.out.columns, p.right.columns}, &Kernels::quantized_product, p);
  }
  void embedding(const Embedding& e) const override {
    run("embedding", "", sizes_of(e.out), &Kernels::embedding, e);
  }
  void embedding_backward(const EmbeddingBackward& e) const override {
    run("embedding_backward", "", sizes_of(e.dout), &Kernels::embedding_backward, e);
  }
  void layernorm(const LayerNorm& l) const override {
    run("layernorm", "", sizes_of(l.x), &Kernels::layernorm, l);
  }
  void layernorm_backward(const LayerNormBackward& l) const override {
    run("layernorm_backward", "", sizes_of(l.x), &Kernels::layernorm_backward, l);
  }
  void rmsnorm(const RmsNorm& n) const override {
    run("rmsnorm", "", sizes_of(n.x), &Kernels::rmsnorm, n);
  }
  void rmsnorm_backward(const RmsNormBackward& n) const override {
    run("rmsnorm_backward", "", sizes_of(n.x), &Kernels::rmsnorm_backward, n);
  }
  void sum_rows(const SumRows& s) const override {
    run("sum_rows", "", sizes_of(s.x), &Kernels::sum_rows, s);
  }
  void sum_columns(const SumColumns& s) const override {
    run("sum_columns", "", sizes_of(s.x), &Kernels::sum_columns, s);
  }
  void rotary(const Rotary& r) const override {
    run("rotary", "", sizes_of(r.x), &Kernels::rotary, r);
  }
  void attention(const Attention& a) const override {
    run("attention", "", sizes_of(a), &Kernels::attention, a);
  }
  void attention_backward(const AttentionBackward& b) const override {
    run("attention_backward", "", sizes_of(b.forward), &Kernels::attention_backward, b);
  }
  void cross_entropy(const CrossEntropy& e) const override {
    run("cross_entropy", "", sizes_of(e.logits), &Kernels::cross_entropy, e);
  }
  void cross_entropy_backward(const CrossEntropyBackward& e) const override {
    run("cross_entropy_backward", "", sizes_of(e.logits), &Kernels::cross_entropy_backward, e);
  }
  void swiglu(const SwiGlu& s) const override {
    run("swiglu", "", sizes_of(s.out), &Kernels::swiglu, s);
  }
  void swiglu_backward(const SwiGluBackward& s) const override {
    run("swiglu_backward", "", sizes_of(s.dout), &Kernels::swiglu_backward, s);
  }
  void map(const Map& m) const override {
    run("map", variant_of(m), sizes_of(m.out), &Kernels::map, m);
  }
  void combine(const Combine& c) const override {
    run("combine", variant_of(c), sizes_of(c.out), &Kernels::combine, c);
  }
  void dropout(const Dropout& d) const override {
    run("dropout", "", sizes_of(d.out), &Kernels::dropout, d);
  }
  void squared_norm(const SquaredNorm& s) const override {
    run("squared_norm", "", sizes_of(s.x), &Kernels::squared_norm, s);
  }
  void adamw(const AdamW& a) const override {
    run("adamw", "", sizes_of(a.parameter), &Kernels::adamw, a);
  }

 private:
  template <class Operation>
  void run(std::string_view name, std::string_view variant, Sizes sizes,
           void (Kernels::*function)(const Operation&) const, const Operation& operation) const {
    const double begin = monotonic_seconds();
    (inner_.*function)(operation);
    const double seconds = monotonic_seconds() - begin;
    report_({name, variant, sizes, seconds, cost_of(operation)});
  }

  const Kernels& inner_;
  std::function<void(const KernelCall&)> report_;
};

}  // namespace

std::unique_ptr<Kernels> timed_kernels(const Kernels& inner,
                                       std::function<void(const KernelCall&)> report) {
  return std::make_unique<TimedKernels>(inner, std::move(report));
}

}  // namespace octavo
