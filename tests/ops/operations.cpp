#include "tests/ops/operations.h"

#include <cmath>
#include <cstring>

#include "octavo/base/random.h"
#include "octavo/ops/attention.h"
#include "octavo/ops/cross_entropy.h"
#include "octavo/ops/dropout.h"
#include "octavo/ops/elementwise.h"
#include "octavo/ops/embedding.h"
#include "octavo/ops/layernorm.h"
#include "octavo/ops/linear.h"
#include "octavo/ops/numbers.h"
#include "octavo/ops/rmsnorm.h"
#include "octavo/ops/rotary.h"

namespace octavo {
namespace {

using Inputs = Operation::Inputs;
using Input = Operation::Input;
using enum Operation::Role;

Parameter named(const char* name, const Value& value) {
  Parameter parameter;
  parameter.name = name;
  parameter.value = value;
  parameter.shape = value.shape();
  return parameter;
}

void add_linear(std::vector<Operation>& list) {
  struct Kind {
    const char* name;
    Activation activation;
  };
  for (const auto& [name, activation] :
       {Kind{"linear", Activation::none}, Kind{"linear_gelu_tanh", Activation::gelu_tanh},
        Kind{"linear_gelu_exact", Activation::gelu_exact}})
    list.push_back({name,
                    {{{7, 20}}, {{9, 20}, parameter, 0.3}, {{9}, parameter}},
                    [activation = activation](Tape& tape, const Inputs& in, Precision) {
                      return linear(tape, in[0], named("weight", in[1]), named("bias", in[2]),
                                    activation);
                    }});
  list.push_back({"linear_without_bias",
                  {{{3, 5}}, {{70, 5}, parameter}},
                  [](Tape& tape, const Inputs& in, Precision) {
                    return linear(tape, in[0], named("weight", in[1]), {});
                  }});
  // More rows than one block of the weight gradient.
  list.push_back({"linear_many_rows",
                  {{{kGradientRows + 77, 6}}, {{5, 6}, parameter}, {{5}, parameter}},
                  [](Tape& tape, const Inputs& in, Precision) {
                    return linear(tape, in[0], named("weight", in[1]), named("bias", in[2]));
                  }});
}

void add_norm_and_embedding(std::vector<Operation>& list) {
  list.push_back({"layernorm",
                  {{{130, 24}, residual, 2, 0.5}, {{24}, parameter, 0.2, 1}, {{24}, parameter}},
                  [](Tape& tape, const Inputs& in, Precision precision) {
                    return layernorm(tape, in[0], named("weight", in[1]), named("bias", in[2]),
                                     1e-5, precision.compute);
                  }});
  list.push_back({"rmsnorm",
                  {{{130, 24}, residual, 2, 0.5}, {{24}, parameter, 0.2, 1}},
                  [](Tape& tape, const Inputs& in, Precision precision) {
                    return rmsnorm(tape, in[0], named("weight", in[1]), 1e-5, precision.compute);
                  }});
  const Tensor tokens = int32_tensor({3, 0, 3, 3, 10, 1, 0, 7});
  const Tensor positions = int32_tensor({0, 1, 2, 3, 0, 1, 2, 3});
  const Tensor targets = int32_tensor({0, 3, 3, 10, 1, 0, 7, -1});
  list.push_back({"embedding",
                  {{{11, 6}, parameter}, {{5, 6}, parameter}},
                  [=](Tape& tape, const Inputs& in, Precision precision) {
                    return embedding(tape, tokens, positions, named("tokens", in[0]),
                                     named("positions", in[1]), precision);
                  }});
  list.push_back({"embedding_without_positions",
                  {{{11, 6}, parameter}},
                  [=](Tape& tape, const Inputs& in, Precision precision) {
                    return embedding(tape, tokens, {}, named("tokens", in[0]), {}, precision);
                  }});
  list.push_back({"embedding_tied_to_the_head",
                  {{{11, 6}, parameter}},
                  [=](Tape& tape, const Inputs& in, Precision precision) {
                    const Parameter table = named("table", in[0]);
                    const Value x = embedding(tape, tokens, {}, table, {}, precision);
                    return cross_entropy(tape, cast(tape, x, precision.compute), table, targets);
                  }});
}

/// Of five positions, for `pairs` pairs; T is float or double.
template <class T>
RotaryTable rotary_table(int64_t pairs) {
  const RotaryTable table{Tensor({5, pairs}, data_type_of<T>), Tensor({5, pairs}, data_type_of<T>)};
  for (size_t i = 0; i < table.sines.as<T>().size(); ++i) {
    table.cosines.as<T>()[i] = static_cast<T>(std::cos(0.7 * static_cast<double>(i)));
    table.sines.as<T>()[i] = static_cast<T>(std::sin(0.7 * static_cast<double>(i)));
  }
  return table;
}

void add_rotary(std::vector<Operation>& list) {
  const Tensor positions = int32_tensor({0, 1, 2, 3, 4, 0, 1, 4, 4});
  for (const int64_t pairs : {6, 4})
    list.push_back(
        {pairs == 6 ? "rotary" : "rotary_partial",
         {{{9, 3 * 12}}},
         [positions, narrow = rotary_table<float>(pairs), wide = rotary_table<double>(pairs)](
             Tape& tape, const Inputs& in, Precision p) {
           const bool is_wide = sum_type(p.compute) == DataType::f64;
           return rotary(tape, in[0], positions, is_wide ? wide : narrow, 2, 12);
         }});
}

void add_attention(std::vector<Operation>& list) {
  constexpr int64_t kLong = kKeyBlock + 9, kShort = 5;  // two blocks of keys, and a part of one
  // Three documents in the long sequence, two in the short one.
  static const std::vector<int32_t> long_segments = [] {
    std::vector<int32_t> starts(kLong, 0);
    for (size_t i = 20; i < starts.size(); ++i) starts[i] = i < 66 ? 20 : 66;
    return starts;
  }();
  static const std::vector<int32_t> short_segments = {0, 0, 2, 2, 2};
  struct Kind {
    const char* name;
    AttentionMask mask;
    bool segments;
    double dropout;
    int64_t key_heads = 2;
  };
  using enum AttentionMask::Kind;
  for (const Kind& kind :
       {Kind{"attention_causal", {causal}, false, 0},
        Kind{"attention_banded", {banded, 7}, false, 0}, Kind{"attention_full", {full}, false, 0},
        Kind{"attention_prefix", {prefix, 4}, false, 0},
        Kind{"attention_segments", {causal}, true, 0},
        Kind{"attention_banded_segments", {banded, 7}, true, 0},
        Kind{"attention_dropout", {causal}, false, 0.3},
        Kind{"attention_banded_dropout", {banded, 7}, true, 0.3},
        Kind{"attention_shared_keys", {causal}, false, 0, 1},
        Kind{"attention_shared_keys_dropout", {banded, 7}, true, 0.3, 1}})
    list.push_back({kind.name,
                    {{{kLong + kShort, (2 + 2 * kind.key_heads) * 12}}},
                    [kind](Tape& tape, const Inputs& in, Precision) {
                      const SequenceRows sequences[] = {
                          {.rows = kLong,
                           .segments = kind.segments ? long_segments.data() : nullptr,
                           .number = 4},
                          {.rows = kShort,
                           .segments = kind.segments ? short_segments.data() : nullptr,
                           .number = 5}};
                      return attention(tape, in[0], sequences,
                                       {.heads = 2,
                                        .key_heads = kind.key_heads,
                                        .scale = 1 / std::sqrt(12.0),
                                        .mask = kind.mask,
                                        .dropout = {kind.dropout, 1234, 5, 6}});
                    }});
}

void add_losses(std::vector<Operation>& list) {
  std::vector<int32_t> cycled(1100);
  for (size_t i = 0; i < cycled.size(); ++i) cycled[i] = static_cast<int32_t>(i * 7 % 14) - 1;
  const int32_t last = kVocabularyChunk + 66;
  const auto add_loss = [&](const char* name, Shape x, Shape head, std::vector<int32_t> targets) {
    list.push_back(
        {name,
         {{x}, {head, parameter, 0.5}},
         [targets = int32_tensor(std::move(targets))](Tape& tape, const Inputs& in, Precision) {
           return cross_entropy(tape, in[0], named("head", in[1]), targets);
         }});
  };
  add_loss("cross_entropy", {6, 10}, {33, 10}, {0, 32, -1, 7, 7, -1});
  add_loss("cross_entropy_chunks_of_vocabulary", {3, 10}, {last + 1, 10},
           {17, kVocabularyChunk, last});
  add_loss("cross_entropy_chunks_of_rows", {1100, 5}, {13, 5}, cycled);
}

void add_elementwise(std::vector<Operation>& list) {
  using BinaryFunction = Value (*)(Tape&, const Value&, const Value&);
  struct Pair {
    const char* name;
    BinaryFunction function;
    double offset;
    bool positive;
  };
  struct Shapes {
    const char* name;
    Shape a, b;
  };
  // A third of an offset keeps the two operands of minimum and maximum from being equal.
  for (const Pair& pair : {Pair{"add", add, 0, false}, Pair{"subtract", subtract, 0, false},
                           Pair{"multiply", multiply, 0, false}, Pair{"divide", divide, 0.5, true},
                           Pair{"minimum", minimum, 0, false}, Pair{"maximum", maximum, 0, false}})
    for (const Shapes& shapes :
         {Shapes{"", {5, 7}, {5, 7}}, Shapes{"_row", {5, 7}, {1, 7}},
          Shapes{"_column", {5, 7}, {5, 1}}, Shapes{"_scalar", {5, 7}, {1, 1}},
          Shapes{"_to_row", {1, 7}, {5, 7}}, Shapes{"_outer", {5, 1}, {1, 7}},
          Shapes{"_vectors", {7}, {1, 7}}})
      list.push_back({pair.name + std::string(shapes.name),
                      {{shapes.a}, {shapes.b, compute, 1, pair.offset, pair.positive}},
                      [function = pair.function](Tape& tape, const Inputs& in, Precision) {
                        return function(tape, in[0], in[1]);
                      }});

  using UnaryFunction = Value (*)(Tape&, const Value&);
  struct One {
    const char* name;
    UnaryFunction function;
    double offset = 0;
    bool positive = false;
  };
  for (const One& one :
       {One{"exp", exp}, One{"log", log, 0.25, true}, One{"sigmoid", sigmoid},
        One{"log_sigmoid", log_sigmoid}, One{"tanh", tanh}, One{"square", square},
        One{"sum_columns", sum_columns}, One{"sum_rows", sum_rows}, One{"sum", sum},
        One{"mean", mean},
        One{"gelu_tanh", [](Tape&t, const Value&x) { return gelu(t, x, Activation::gelu_tanh); }},
        One{"gelu_exact", [](Tape&t, const Value&x) { return gelu(t, x, Activation::gelu_exact); }},
        One{"scaled", [](Tape&t, const Value&x) { return scaled(t, x, -2.5); }},
        // Both operands the same value, and a result that is used twice.
        One{"multiply_by_itself", [](Tape&t, const Value&x) { return multiply(t, x, x); }},
        One{"add_to_itself", [](Tape&t, const Value&x) { return add(t, x, x); }},
        One{"used_twice", [](Tape&t, const Value&x) {
              const Value y = tanh(t, x);
              return add(t, y, square(t, y));
            }}})
    list.push_back({one.name,
                    {{{70, 5}, compute, 1, one.offset, one.positive}},
                    [function = one.function](Tape& tape, const Inputs& in, Precision) {
                      return function(tape, in[0]);
                    }});

  list.push_back(
      {"cast", {{{5, 7}, residual}}, [](Tape& tape, const Inputs& in, Precision precision) {
         return cast(tape, in[0], precision.compute);
       }});
  list.push_back({"swiglu", {{{9, 62}, compute, 2}}, [](Tape& tape, const Inputs& in, Precision) {
                    return swiglu(tape, in[0]);
                  }});
  list.push_back({"residual_add",
                  {{{5, 7}, residual}, {{5, 7}, compute}},
                  [](Tape& tape, const Inputs& in, Precision) { return add(tape, in[0], in[1]); }});
  list.push_back({"dropout", {{{9, 31}}}, [](Tape& tape, const Inputs& in, Precision) {
                    return dropout(tape, in[0], {0.4, 99, 3, 2}, 1001);
                  }});
}

void add_recomputed(std::vector<Operation>& list) {
  list.push_back(
      {"recomputed",
       {{{20, 16}, residual},
        {{16}, parameter, 0.2, 1},
        {{16}, parameter},
        {{16, 16}, parameter, 0.25}},
       [](Tape& tape, const Inputs& in, Precision precision) {
         const auto block = [in, precision](Tape& tape, const Value& x) {
           const Value y = layernorm(tape, x, named("weight", in[1]), named("bias", in[2]), 1e-5,
                                     precision.compute);
           return add(tape, x, linear(tape, y, named("weight", in[3]), {}, Activation::gelu_tanh));
         };
         return recomputed(tape, recomputed(tape, in[0], block), block);
       }});
}

}  // namespace

const std::vector<Operation>& operations() {
  static const std::vector<Operation> all = [] {
    std::vector<Operation> list;
    add_linear(list);
    add_norm_and_embedding(list);
    add_rotary(list);
    add_attention(list);
    add_losses(list);
    add_elementwise(list);
    add_recomputed(list);
    return list;
  }();
  return all;
}

DataType type_of(Operation::Role role, Precision precision) {
  switch (role) {
    case residual:
      return precision.residual;
    case compute:
      return precision.compute;
    default:
      return sum_type(precision.compute);
  }
}

Tensor random_tensor(const Shape& shape, DataType type, uint64_t seed, double scale) {
  const Tensor numbers(shape, DataType::f32);
  const RandomStream stream{seed, static_cast<uint32_t>(shape.columns())};
  stream.normals(0, numbers.as<float>());
  for (float& number : numbers.as<float>()) number = bf16(static_cast<float>(number * scale));
  if (type == DataType::f32) return numbers;
  const UseKernels reference(reference_kernels());  // the only ones that know f64
  return cast(numbers, type);
}

Parameter random_parameter(const std::string& name, const Shape& shape, DataType type,
                           uint64_t seed, double scale) {
  return Parameter(name, random_tensor(shape, type, seed, scale));
}

Tensor int32_tensor(std::vector<int32_t> numbers) {
  return Tensor::of<int32_t>({static_cast<int64_t>(numbers.size())}, numbers);
}

std::vector<Tensor> inputs_of(const Operation& operation, Precision precision) {
  std::vector<Tensor> tensors;
  for (const Input& input : operation.inputs) {
    const Tensor numbers = random_tensor(input.shape, DataType::f32, 100 + tensors.size());
    for (float& number : numbers.as<float>()) {
      const double chosen = input.positive ? std::abs(number) : number;
      number = bf16(static_cast<float>(chosen * input.scale + input.offset));
    }
    tensors.push_back(cast(numbers, type_of(input.role, precision)));
  }
  return tensors;
}

Outcome run(const Operation& operation, const std::vector<Tensor>& inputs, Precision precision) {
  Inputs values;
  for (size_t i = 0; i < inputs.size(); ++i)
    values.emplace_back(inputs[i], kind_of(operation.inputs[i].role));
  Tape tape;
  const Value result = operation.run(tape, values, precision);
  tape.backward(result, random_tensor(result.shape(), result.type(), 7));
  Outcome outcome{result.data(), {}};
  for (const Value& value : values) outcome.gradients.push_back(value.gradient());
  return outcome;
}

bool same_bits(const Tensor& a, const Tensor& b) {
  return a.type() == b.type() && a.shape() == b.shape() &&
         std::memcmp(a.data(), b.data(), a.bytes()) == 0;
}

Tensor widened(const Tensor& x) {
  const UseKernels reference(reference_kernels());
  return cast(x, DataType::f64);
}

double relative_error(const Tensor& a, const Tensor& b) {
  const Tensor found = widened(a), expected = widened(b);
  double difference = 0, norm = 0;
  for (size_t i = 0; i < expected.as<double>().size(); ++i) {
    difference += std::pow(found.as<double>()[i] - expected.as<double>()[i], 2);
    norm += std::pow(expected.as<double>()[i], 2);
  }
  return std::sqrt(difference) / std::max(std::sqrt(norm), 1e-30);
}

}  // namespace octavo
