// Two implementations at once: the reference runs on copies of the outputs, then the fast one on
// the real memory, and a difference larger than rounding explains is an error that names the
// element. What arrays an operation has is read off its `arrays`; what rounding explains is said
// here, once, for whole runs (OCTAVO_KERNELS=compared) and for tests/kernels alike.
#include <algorithm>
#include <cmath>
#include <string>
#include <type_traits>

#include "octavo/base/error.h"
#include "octavo/kernels/element.h"
#include "octavo/kernels/kernels.h"
#include "octavo/kernels/quantized/codec.h"

namespace octavo {
namespace {

double largest(const ConstArray& array) {
  double largest = 0;
  if (array)
    for (int64_t r = 0; r < array.rows; ++r)
      for (int64_t c = 0; c < array.columns; ++c)
        if (const double x = std::abs(get(array, r, c)); std::isfinite(x))
          largest = std::max(largest, x);
  return largest;
}

/// What is known of the rounding errors of one output of an operation.
struct Output {
  const char* name;
  double terms = 1;           ///< numbers summed into one
  double magnitude = 0;       ///< of what cancels on the way, where that may exceed the output
  double bf16_roundings = 1;  ///< of the output and of what is kept in bf16 on the way to it
  double bf16_magnitude = 0;  ///< of what is kept in bf16 and cancels
};

/// How far apart two right answers may be. Each of n additions errs by up to u = ½ ulp of a partial
/// sum, in either direction, so n of them by about u · √n of the largest, five deviations at most
/// 4 u √n; 64 u are for the functions (an exponential of 30 errs by 30 u). To bf16 two right
/// answers may round to neighbours, 2⁻⁷ apart. Errors are relative to the largest number of the
/// output: small ones are what large ones left over.
double allowed_difference(const Output& output, DataType type, double largest) {
  const double half_ulp = type == DataType::f64 ? 0x1p-53 : 0x1p-24;
  const double relative = (64 + 4 * std::sqrt(output.terms)) * half_ulp;
  double allowed = relative * std::max(largest, output.magnitude);
  if (type == DataType::bf16)
    allowed += output.bf16_roundings * 0x1p-7 * largest + 0x1p-8 * output.bf16_magnitude;
  if (type == DataType::f16) allowed += 0x1p-10 * largest;
  return allowed;
}

bool agree(double a, double b, double allowed) {
  if (std::isfinite(a) && std::isfinite(b)) return std::abs(a - b) <= allowed;
  return a == b || (std::isnan(a) && std::isnan(b));
}

/// The output arrays of an operation, with copies in their place while one lives.
template <class Operation>
class CopiedOutputs {
 public:
  explicit CopiedOutputs(Operation& operation) {
    operation.arrays([this](auto& array) {
      if constexpr (std::is_same_v<decltype(array), Array&>) copy(array);
    });
    for (Copy& copy : copies_) *copy.field = copy.array();
  }
  CopiedOutputs(const CopiedOutputs&) = delete;
  CopiedOutputs& operator=(const CopiedOutputs&) = delete;
  ~CopiedOutputs() { put_back(); }

  /// The operation has its own arrays again; the copies stay.
  void put_back() {
    for (Copy& copy : copies_) *copy.field = copy.original;
  }

  /// Calls check(output's number, original, copy).
  template <class Check>
  void for_each(const Check& check) {
    for (size_t i = 0; i < copies_.size(); ++i)
      if (copies_[i].original) check(i, copies_[i].original, copies_[i].array());
  }

 private:
  struct Copy {
    Array* field;
    Array original;
    std::vector<double> memory;  ///< aligned for every type

    Array array() {
      Array copy = original;
      copy.stride = copy.columns;
      if (original) copy.data = memory.data();
      return copy;
    }
  };

  void copy(Array& field) {
    const size_t bytes = static_cast<size_t>(field.rows * field.columns) * size_of(field.type);
    Copy& copy = copies_.emplace_back(Copy{&field, field, {}});
    copy.memory.resize(bytes / sizeof(double) + 1);
    if (!field) return;
    for (int64_t r = 0; r < field.rows; ++r)
      for (int64_t c = 0; c < field.columns; ++c) set(copy.array(), r, c, get(field, r, c));
  }

  std::vector<Copy> copies_;
};

class ComparedKernels final : public Kernels {
 public:
  ComparedKernels(const Kernels& fast, const Kernels& reference)
      : fast_(fast), reference_(reference), name_("compared:" + std::string(fast.name())) {}

  std::string_view name() const override { return name_; }
  std::string_view description() const override {
    return "fails where it differs from the reference";
  }
  bool has_bf16_arithmetic() const override { return fast_.has_bf16_arithmetic(); }

  // Packed matrices hold both layouts, one after the other.
  size_t packed_bytes(int64_t k, int64_t n, DataType type) const override {
    return reference_offset(k, n, type) + reference_.packed_bytes(k, n, type);
  }

  void pack(const Pack& p) const override {
    fast_.pack(p);
    Pack copy = p;
    copy.packed = static_cast<std::byte*>(p.packed) + reference_offset(p.k(), p.n(), p.type);
    reference_.pack(copy);
  }

  void product(const Product& p) const override {
    Product copy = p;
    for (PackedMatrix* m : {&copy.right, &copy.left_transposed})
      if (*m)
        m->data = static_cast<const std::byte*>(m->data) + reference_offset(m->k, m->n, m->type);
    const auto terms = static_cast<double>(p.right.k);
    run("product", &Kernels::product, p, copy, {{"pre_activation", terms}, {"out", terms}});
  }

  size_t quantized_product_scratch(const QuantizedProduct& p) const override {
    return std::max(fast_.quantized_product_scratch(p), reference_.quantized_product_scratch(p));
  }

  void quantized_product(const QuantizedProduct& p) const override {
    // A weight is scale · q + minimum, and the sums of the two parts may cancel.
    std::vector<float> weights(static_cast<size_t>(p.right.columns));
    float weight = 0;
    for (int64_t r = 0; r < p.right.rows; ++r) {
      decode_row(p.right.type, p.right.row(r), p.right.columns, weights.data());
      for (const float each : weights) weight = std::max(weight, std::abs(each));
    }
    const double terms = count(p.right.columns);
    const double magnitude = weight * largest(p.left) * std::sqrt(terms);
    run("quantized_product", &Kernels::quantized_product, p, p, {{"out", terms, magnitude}});
  }

  void embedding(const Embedding& e) const override {
    run("embedding", &Kernels::embedding, e, e, {{"out"}});
  }

  void embedding_backward(const EmbeddingBackward& e) const override {
    const double terms = count(e.dout.rows), magnitude = largest(e.dout);
    run("embedding_backward", &Kernels::embedding_backward, e, e,
        {{"dtoken_table", terms, magnitude}, {"dposition_table", terms, magnitude}});
  }

  void layernorm(const LayerNorm& l) const override {
    const double terms = count(l.x.columns);
    run("layernorm", &Kernels::layernorm, l, l,
        {{"out", terms}, {"mean", terms, largest(l.x)}, {"rstd", terms}});
  }

  void layernorm_backward(const LayerNormBackward& l) const override {
    const double dout = largest(l.dout), x_hat = std::sqrt(count(l.x.columns));
    run("layernorm_backward", &Kernels::layernorm_backward, l, l,
        {{"dx", count(l.x.columns), dout * largest(l.weight) * largest(l.rstd)},
         {"dweight", count(l.x.rows), dout * x_hat},
         {"dbias", count(l.x.rows), dout}});
  }

  void rmsnorm(const RmsNorm& n) const override {
    const double terms = count(n.x.columns);
    run("rmsnorm", &Kernels::rmsnorm, n, n, {{"out", terms}, {"rstd", terms}});
  }

  void rmsnorm_backward(const RmsNormBackward& n) const override {
    const double dout = largest(n.dout), x_hat = std::sqrt(count(n.x.columns));
    run("rmsnorm_backward", &Kernels::rmsnorm_backward, n, n,
        {{"dx", count(n.x.columns), dout * largest(n.weight) * largest(n.rstd)},
         {"dweight", count(n.x.rows), dout * x_hat}});
  }

  void sum_rows(const SumRows& s) const override {
    run("sum_rows", &Kernels::sum_rows, s, s, {{"out", count(s.x.rows), largest(s.x)}});
  }

  void sum_columns(const SumColumns& s) const override {
    run("sum_columns", &Kernels::sum_columns, s, s, {{"out", count(s.x.columns), largest(s.x)}});
  }

  void rotary(const Rotary& r) const override {
    run("rotary", &Kernels::rotary, r, r, {{"out", 2, largest(r.x)}});
  }

  // So do kept keys and values.
  size_t key_value_bytes(const KeyValues& kept) const override {
    return reference_offset(kept) + reference_.key_value_bytes(kept);
  }

  void attention(const Attention& a) const override {
    const double terms = keys(a) + count(a.head_size);
    std::vector<AttentionSequence> sequences(a.sequences.begin(), a.sequences.end());
    for (AttentionSequence& s : sequences) s.kept = reference_part(s.kept);
    Attention copy = a;
    copy.sequences = sequences;
    // The probabilities are rounded to bf16 to be multiplied.
    run("attention", &Kernels::attention, a, copy, {{"out", terms, 0, 2}, {"log_sum", terms, 1}});
  }

  size_t attention_backward_scratch(const Attention& a) const override {
    return std::max(fast_.attention_backward_scratch(a), reference_.attention_backward_scratch(a));
  }

  void attention_backward(const AttentionBackward& b) const override {
    const double terms = keys(b.forward) + count(b.forward.head_size);
    // The gradient of a score is a difference of two inner products, dout · v and dout · out.
    // Rounded to bf16 are `out`, the probabilities and the scores' gradients.
    double dq = 0, dk = 0, rounded_dq = 0, rounded_dk = 0;
    for (size_t i = 0; i < b.gradients.size(); ++i) {
      const AttentionSequence& s = b.forward.sequences[i];
      const double scale =
          b.forward.scale * std::sqrt(count(b.forward.head_size)) * largest(b.gradients[i].dout);
      const double q = scale * largest(s.q), k = scale * largest(s.k);
      const double v = largest(s.v), out = largest(s.out);
      dq = std::max(dq, k * v), rounded_dq = std::max(rounded_dq, k * out);
      dk = std::max(dk, q * v), rounded_dk = std::max(rounded_dk, q * out);
    }
    run("attention_backward", &Kernels::attention_backward, b, b,
        {{"dq", terms, dq, 3, rounded_dq}, {"dk", terms, dk, 3, rounded_dk}, {"dv", terms, 0, 3}});
  }

  void cross_entropy(const CrossEntropy& e) const override {
    const double terms = count(e.vocabulary), logit = std::max(1.0, largest(e.logits));
    run("cross_entropy", &Kernels::cross_entropy, e, e,
        {{"maximum"},
         {"sum", terms},
         {"target_logit"},
         {"log_sum", terms, logit},
         {"loss", terms, logit}});
  }

  void cross_entropy_backward(const CrossEntropyBackward& e) const override {
    run("cross_entropy_backward", &Kernels::cross_entropy_backward, e, e,
        {{"dlogits", 1, largest(e.dloss)}});
  }

  void swiglu(const SwiGlu& s) const override {
    run("swiglu", &Kernels::swiglu, s, s, {{"out", 1, largest(s.x)}});
  }

  void swiglu_backward(const SwiGluBackward& s) const override {
    run("swiglu_backward", &Kernels::swiglu_backward, s, s,
        {{"dx", 2, largest(s.x) * largest(s.dout)}});
  }

  void map(const Map& m) const override {
    const bool exact = m.function == Unary::copy || m.function == Unary::negate ||
                       m.function == Unary::square || m.function == Unary::exp;
    run("map", &Kernels::map, m, m, {{"out", 1, exact ? 0 : std::abs(m.scale)}});
  }

  void combine(const Combine& c) const override {
    const bool gelu =
        c.function == Binary::gelu_tanh_gradient || c.function == Binary::gelu_exact_gradient;
    run("combine", &Kernels::combine, c, c, {{"out", 1, gelu ? largest(c.a) : 0}});
  }

  void dropout(const Dropout& d) const override {
    run("dropout", &Kernels::dropout, d, d, {{"out"}});
  }

  void squared_norm(const SquaredNorm& s) const override {
    run("squared_norm", &Kernels::squared_norm, s, s, {{"partials", count(kNormBlock)}});
  }

  void adamw(const AdamW& a) const override {
    run("adamw", &Kernels::adamw, a, a, {{"parameter"}, {"first_moment"}, {"second_moment"}});
  }
  double spin(DataType type) const override { return fast_.spin(type); }

 private:
  static double count(int64_t n) { return static_cast<double>(n); }

  static double keys(const Attention& a) {
    int64_t keys = 0;
    for (const AttentionSequence& s : a.sequences) keys = std::max(keys, s.keys());
    return count(keys);
  }

  size_t reference_offset(int64_t k, int64_t n, DataType type) const {
    return (fast_.packed_bytes(k, n, type) + 63) / 64 * 64;
  }

  size_t reference_offset(const KeyValues& kept) const {
    return (fast_.key_value_bytes(kept) + 63) / 64 * 64;
  }
  KeyValues reference_part(KeyValues kept) const {
    if (kept) kept.data = static_cast<std::byte*>(kept.data) + reference_offset(kept);
    return kept;
  }

  /// Runs both and compares what they wrote. `copy` is the operation as the reference takes it;
  /// `outputs` tells of its outputs in the order of `arrays`, again for each further sequence.
  template <class Operation>
  void run(const char* name, void (Kernels::*operation)(const Operation&) const,
           const Operation& original, Operation copy, const std::vector<Output>& outputs) const {
    // The reference first: then it sees the inputs as they are, should an output lie over them.
    CopiedOutputs<Operation> copied(copy);
    (reference_.*operation)(copy);
    copied.put_back();
    (fast_.*operation)(original);
    copied.for_each([&](size_t i, const Array& got, const Array& expected) {
      compare(name, outputs[i % outputs.size()], got, expected);
    });
  }

  void compare(const char* operation, const Output& output, const Array& got,
               const Array& expected) const {
    const double allowed = allowed_difference(output, got.type, largest(expected));
    for (int64_t r = 0; r < got.rows; ++r)
      for (int64_t c = 0; c < got.columns; ++c) {
        const double a = get(got, r, c), b = get(expected, r, c);
        if (!agree(a, b, allowed))
          fail(ErrorKind::internal,
               "{}: {}[{}, {}] of [{}, {}] {}: {} gives {:.9g}, {} {:.9g}; {:.3g} is allowed",
               operation, output.name, r, c, got.rows, got.columns, name_of(got.type), fast_.name(),
               a, reference_.name(), b, allowed);
      }
  }

  const Kernels& fast_;
  const Kernels& reference_;
  std::string name_;
};

}  // namespace

std::unique_ptr<Kernels> compared_kernels(const Kernels& fast, const Kernels& reference) {
  return std::make_unique<ComparedKernels>(fast, reference);
}

}  // namespace octavo
