// Every differentiable operation, declared once: its inputs and how to call it. The checks of
// operations_test.cpp (finite differences, every kernel set and type, every number of threads) walk
// this list.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include "octavo/base/error.h"
#include "octavo/ops/parameter.h"

namespace octavo {

struct Operation {
  /// What an input is decides its type: see `type_of`.
  enum class Role { residual, compute, parameter };
  struct Input {
    Shape shape;
    Role role = Role::compute;
    double scale = 1, offset = 0;  ///< normal numbers · scale + offset
    bool positive = false;         ///< of their absolute values
  };
  using Inputs = std::vector<Value>;

  std::string name;
  std::vector<Input> inputs;
  std::function<Value(Tape&, const Inputs&, Precision)> run;
};

const std::vector<Operation>& operations();

DataType type_of(Operation::Role role, Precision precision);
inline Value::Kind kind_of(Operation::Role role) {
  return role == Operation::Role::parameter ? Value::Kind::parameter : Value::Kind::activation;
}

/// The inputs' numbers: all are exact in bf16, so that every precision starts from the same ones.
std::vector<Tensor> inputs_of(const Operation& operation, Precision precision);

/// A result and the gradient of Σ result · projection for every input. The projection is random but
/// fixed, and exact in bf16.
struct Outcome {
  Tensor result;
  std::vector<Tensor> gradients;
};
Outcome run(const Operation& operation, const std::vector<Tensor>& inputs, Precision precision);

/// Calls body(precision) with every kernel set in use, in f32 and in bf16.
template <class Body>
void for_each_engine(const Body& body) {
  for (const Kernels* set : available_kernels())
    for (const Precision precision : {Precision::f32(), Precision::bf16()}) {
      SCOPED_TRACE(testing::Message() << set->name() << ", " << name_of(precision.compute));
      const UseKernels use(*set);
      body(precision);
    }
}

/// Expects an Error whose message contains `text`.
template <class Body>
void expect_error(const Body& body, std::string_view text) {
  try {
    body();
    ADD_FAILURE() << "no error, expected \"" << text << "\"";
  } catch (const Error& error) {
    EXPECT_NE(std::string_view(error.what()).find(text), std::string_view::npos)
        << "\"" << error.what() << "\" does not contain \"" << text << "\"";
  }
}

/// Normal numbers, rounded to bf16 and stored in `type`; a function of shape, seed and index.
Tensor random_tensor(const Shape& shape, DataType type, uint64_t seed, double scale = 1);
/// A parameter of such numbers.
Parameter random_parameter(const std::string& name, const Shape& shape, DataType type,
                           uint64_t seed, double scale = 1);
Tensor int32_tensor(std::vector<int32_t> numbers);

/// The numbers in f64, which only the reference kernels know.
Tensor widened(const Tensor& x);
/// True if both have the same type, shape and bytes.
bool same_bits(const Tensor& a, const Tensor& b);
/// ‖a − b‖ / ‖b‖.
double relative_error(const Tensor& a, const Tensor& b);

inline void PrintTo(const Operation& operation, std::ostream* out) { *out << operation.name; }

}  // namespace octavo
