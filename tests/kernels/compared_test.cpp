// The comparison itself: it must see what is wrong, say where, and leave rounding alone.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "octavo/base/error.h"
#include "octavo/kernels/element.h"
#include "octavo/kernels/reference/reference.h"

namespace octavo {
namespace {

/// The reference, but for one number of one output.
class WrongKernels final : public Kernels {
 public:
  double error = 0;

  std::string_view name() const override { return "wrong"; }
  std::string_view description() const override { return "errs"; }

  void map(const Map& m) const override {
    right_.map(m);
    set(m.out, 1, 2, get(m.out, 1, 2) + error);
  }
  void attention_backward(const AttentionBackward& b) const override {
    right_.attention_backward(b);
    const Array& dk = b.gradients[1].dk;
    set(dk, 2, 1, get(dk, 2, 1) + error);
  }
  void product(const Product& p) const override {
    right_.product(p);
    set(p.out, 0, 0, get(p.out, 0, 0) + error);
  }

  size_t packed_bytes(int64_t k, int64_t n, DataType t) const override {
    return right_.packed_bytes(k, n, t);
  }
  void pack(const Pack& p) const override { right_.pack(p); }
  size_t quantized_product_scratch(const QuantizedProduct& p) const override {
    return right_.quantized_product_scratch(p);
  }
  void quantized_product(const QuantizedProduct& p) const override {
    right_.quantized_product(p);
    set(p.out, 1, 1, get(p.out, 1, 1) + error);
  }
  void embedding(const Embedding& e) const override { right_.embedding(e); }
  void embedding_backward(const EmbeddingBackward& e) const override {
    right_.embedding_backward(e);
  }
  void layernorm(const LayerNorm& l) const override { right_.layernorm(l); }
  void layernorm_backward(const LayerNormBackward& l) const override {
    right_.layernorm_backward(l);
  }
  void rmsnorm(const RmsNorm& n) const override { right_.rmsnorm(n); }
  void rmsnorm_backward(const RmsNormBackward& n) const override { right_.rmsnorm_backward(n); }
  void rotary(const Rotary& r) const override { right_.rotary(r); }
  void swiglu(const SwiGlu& s) const override { right_.swiglu(s); }
  void swiglu_backward(const SwiGluBackward& s) const override { right_.swiglu_backward(s); }
  void sum_rows(const SumRows& s) const override { right_.sum_rows(s); }
  void sum_columns(const SumColumns& s) const override { right_.sum_columns(s); }
  size_t key_value_bytes(const KeyValues& kept) const override {
    return right_.key_value_bytes(kept);
  }
  void attention(const Attention& a) const override {
    right_.attention(a);
    const Array& out = a.sequences[0].out;
    set(out, 0, 0, get(out, 0, 0) + error);
  }
  size_t attention_backward_scratch(const Attention&) const override { return 64; }
  void cross_entropy(const CrossEntropy& e) const override { right_.cross_entropy(e); }
  void cross_entropy_backward(const CrossEntropyBackward& e) const override {
    right_.cross_entropy_backward(e);
  }
  void combine(const Combine& c) const override { right_.combine(c); }
  void dropout(const Dropout& d) const override { right_.dropout(d); }
  void squared_norm(const SquaredNorm& s) const override { right_.squared_norm(s); }
  void adamw(const AdamW& a) const override { right_.adamw(a); }
  double spin(DataType type) const override { return right_.spin(type); }

 private:
  ReferenceKernels right_;
};

template <class T>
Array array_of(std::vector<T>& numbers, int64_t rows, int64_t stride, int64_t columns) {
  return {numbers.data(), data_type_of<T>, rows, columns, stride};
}

template <class Run>
std::string message_of(const Run& run) {
  try {
    run();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::internal);
    return error.what();
  }
  return "";
}

TEST(ComparedKernels, NameTheElementThatIsWrong) {
  WrongKernels wrong;
  const auto compared = compared_kernels(wrong, reference_kernels());
  std::vector<float> x = {1, 2, 3, 9, 4, 5, 6, 9}, out(8, 9.0f);
  const Map map{
      .function = Unary::square, .x = array_of(x, 2, 4, 3), .out = array_of(out, 2, 4, 3)};

  EXPECT_EQ(message_of([&] { compared->map(map); }), "");
  EXPECT_EQ(out, (std::vector<float>{1, 4, 9, 9, 16, 25, 36, 9}));

  wrong.error = 0.5;
  EXPECT_NE(message_of([&] {
              compared->map(map);
            }).find("map: out[1, 2] of [2, 3] f32: wrong gives 36.5, reference 36;"),
            std::string::npos);
  wrong.error = std::numeric_limits<double>::quiet_NaN();
  EXPECT_NE(message_of([&] { compared->map(map); }).find("out[1, 2]"), std::string::npos);
  wrong.error = std::numeric_limits<double>::infinity();
  EXPECT_NE(message_of([&] { compared->map(map); }).find("out[1, 2]"), std::string::npos);
}

TEST(ComparedKernels, AllowWhatTheTypeRounds) {
  WrongKernels wrong;
  const auto compared = compared_kernels(wrong, reference_kernels());
  std::vector<float> x = {1, 1, 1, 1, 1, 1}, out(6);
  std::vector<bf16> out16(6);
  const Map map{.x = array_of(x, 2, 3, 3), .out = array_of(out, 2, 3, 3)};
  Map map16 = map;
  map16.out = array_of(out16, 2, 3, 3);

  wrong.error = 0x1p-23;
  EXPECT_EQ(message_of([&] { compared->map(map); }), "");
  wrong.error = 0x1p-17;
  EXPECT_NE(message_of([&] { compared->map(map); }), "");
  wrong.error = 0x1p-7;  // the next bf16 number
  EXPECT_EQ(message_of([&] { compared->map(map16); }), "");
  wrong.error = 0x1p-6;
  EXPECT_NE(message_of([&] { compared->map(map16); }), "");
}

TEST(ComparedKernels, ShowBothTheSameInputs) {
  // In place, and added to what is there: the second to run must not see the first's result.
  const WrongKernels same;
  const auto compared = compared_kernels(same, reference_kernels());
  std::vector<float> x = {1, 2, 3, 4, 5, 6}, sum = {1, 1, 1, 1, 1, 1};
  const Array in_place = array_of(x, 2, 3, 3);
  EXPECT_EQ(
      message_of([&] {
        compared->map({.function = Unary::square, .x = in_place, .out = in_place});
        compared->map({.x = in_place, .out = array_of(sum, 2, 3, 3), .write = Write::accumulate});
      }),
      "");
  EXPECT_EQ(x, (std::vector<float>{1, 4, 9, 16, 25, 36}));
  EXPECT_EQ(sum, (std::vector<float>{2, 5, 10, 17, 26, 37}));
}

TEST(ComparedKernels, PackBothLayouts) {
  WrongKernels wrong;
  const auto compared = compared_kernels(wrong, reference_kernels());
  std::vector<float> left = {1, 2, 3}, right = {1, 2, 3, 4, 5, 6}, out(2);
  std::vector<double> packed(compared->packed_bytes(3, 2, DataType::f32) / 8 + 1);
  compared->pack({array_of(right, 3, 2, 2), MatrixOrder::plain, DataType::f32, packed.data()});
  const Product product{.left = array_of(left, 1, 3, 3),
                        .right = {packed.data(), DataType::f32, 3, 2},
                        .out = array_of(out, 1, 2, 2)};
  EXPECT_EQ(message_of([&] { compared->product(product); }), "");
  EXPECT_EQ(out, (std::vector<float>{22, 28}));
  wrong.error = 1;
  EXPECT_NE(message_of([&] { compared->product(product); }).find("product: out[0, 0]"),
            std::string::npos);
}

TEST(ComparedKernels, KeepBothLayoutsOfKeysAndValues) {
  WrongKernels wrong;
  const auto compared = compared_kernels(wrong, reference_kernels());
  std::vector<float> q = {1, 0}, k = {5, 1}, v = {3, 4}, out(2);
  KeyValues kept{.head_size = 2, .capacity = 1};
  std::vector<double> memory(compared->key_value_bytes(kept) / 8 + 1);
  kept.data = memory.data();
  std::vector<AttentionSequence> sequences(1);
  sequences[0].q = array_of(q, 1, 2, 2);
  sequences[0].k = array_of(k, 1, 2, 2);
  sequences[0].v = array_of(v, 1, 2, 2);
  sequences[0].kept = kept;
  sequences[0].out = array_of(out, 1, 2, 2);
  const Attention attention{.head_size = 2, .sequences = sequences};
  EXPECT_EQ(message_of([&] { compared->attention(attention); }), "");
  EXPECT_EQ(out, v);
  wrong.error = 1;
  EXPECT_NE(message_of([&] { compared->attention(attention); }).find("attention: out[0, 0]"),
            std::string::npos);
}

TEST(ComparedKernels, LookIntoSequencesAndPutTheirArraysBack) {
  WrongKernels wrong;
  const auto compared = compared_kernels(wrong, reference_kernels());
  std::vector<float> qkv(2 * 3 * 6), out(2 * 3 * 2), dqkv(2 * 3 * 6);
  for (size_t i = 0; i < qkv.size(); ++i) qkv[i] = std::sin(static_cast<float>(i));
  std::vector<AttentionSequence> sequences(2);
  std::vector<AttentionGradient> gradients(2);
  const auto columns = [](std::vector<float>& memory, int64_t sequence, int64_t first) {
    return Array{memory.data() + sequence * 18 + first, DataType::f32, 3, 2, 6};
  };
  for (int64_t i = 0; i < 2; ++i) {
    AttentionSequence& s = sequences[static_cast<size_t>(i)];
    s.q = columns(qkv, i, 0), s.k = columns(qkv, i, 2), s.v = columns(qkv, i, 4);
    s.out = {out.data() + i * 6, DataType::f32, 3, 2, 2};
    gradients[static_cast<size_t>(i)] = {s.q, columns(dqkv, i, 0), columns(dqkv, i, 2),
                                         columns(dqkv, i, 4)};
  }
  const Attention forward{.head_size = 2, .sequences = sequences};
  const AttentionBackward backward{forward, gradients, nullptr};
  EXPECT_EQ(message_of([&] { compared->attention(forward); }), "");
  EXPECT_EQ(message_of([&] { compared->attention_backward(backward); }), "");
  EXPECT_NE(dqkv[20], 0);
  wrong.error = 1;
  EXPECT_NE(message_of([&] {
              compared->attention_backward(backward);
            }).find("attention_backward: dk[2, 1]"),
            std::string::npos);
  EXPECT_EQ(gradients[1].dk.data, dqkv.data() + 18 + 2);
  EXPECT_EQ(sequences[1].out.data, out.data() + 6);
  EXPECT_EQ(compared->attention_backward_scratch(forward), 64u);
}

}  // namespace
}  // namespace octavo
