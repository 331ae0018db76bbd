// The checks that every differentiable operation passes, walked from the one list in operations.h.
#include <gtest/gtest.h>

#include <cmath>

#include "octavo/base/random.h"
#include "octavo/base/threads.h"
#include "octavo/ops/numbers.h"
#include "tests/ops/operations.h"

namespace octavo {
namespace {

class EveryOperation : public testing::TestWithParam<Operation> {};

double projected(const Tensor& result) {
  const Tensor projection = random_tensor(result.shape(), DataType::f64, 7);
  double sum = 0;
  for (size_t i = 0; i < result.as<double>().size(); ++i)
    sum += result.as<double>()[i] * projection.as<double>()[i];
  return sum;
}

/// All elements of a small tensor; of a large one the first, the last and a fixed sample.
std::vector<size_t> elements_to_check(const Tensor& tensor) {
  constexpr size_t kAll = 64, kSample = 40;
  const size_t count = static_cast<size_t>(tensor.elements());
  std::vector<size_t> elements;
  for (size_t i = 0; i < std::min(count, kAll); ++i)
    elements.push_back(count <= kAll ? i : RandomStream{3}.below(i, count));
  if (count <= kAll) return elements;
  elements.resize(kSample);
  elements.front() = 0;
  elements.back() = count - 1;
  return elements;
}

TEST_P(EveryOperation, GradientsAreFiniteDifferencesInFloat64) {
  const UseKernels reference(reference_kernels());
  const Precision f64 = Precision::f64();
  const std::vector<Tensor> inputs = inputs_of(GetParam(), f64);
  const Outcome outcome = run(GetParam(), inputs, f64);
  constexpr double kStep = 1e-5;  // truncation 1e-10, rounding 1e-11 of the projected sum
  for (size_t i = 0; i < inputs.size(); ++i) {
    const std::span<double> gradient = outcome.gradients[i].as<double>();
    double largest = 0;
    for (const double number : gradient) largest = std::max(largest, std::abs(number));
    ASSERT_GT(largest, 0) << "input " << i << " has no gradient";
    for (const size_t element : elements_to_check(inputs[i])) {
      std::vector<Tensor> moved = inputs;
      const auto at = [&](double step) {
        moved[i] = inputs[i].clone();
        moved[i].as<double>()[element] += step;
        std::vector<Value> values;
        for (const Tensor& tensor : moved) values.emplace_back(tensor);
        Tape tape(Recording::off);
        return projected(GetParam().run(tape, values, f64).data());
      };
      const double expected = (at(kStep) - at(-kStep)) / (2 * kStep);
      EXPECT_NEAR(gradient[element], expected, 1e-7 * std::max(1.0, largest))
          << "input " << i << ", element " << element;
    }
  }
}

// Inputs are exact in every type, so what differs is the rounding of the operation itself. As a
// share of the norm: bf16 rounds a result by 2⁻⁹ at most, and here at most four are chained; f32
// sums of up to some thousand terms stay within a few dozen roundings of 2⁻²⁴.
TEST_P(EveryOperation, EveryKernelSetGivesTheFloat64Numbers) {
  Outcome expected;
  {
    const UseKernels reference(reference_kernels());
    expected = run(GetParam(), inputs_of(GetParam(), Precision::f64()), Precision::f64());
  }
  for_each_engine([&](Precision precision) {
    const double tolerance = precision == Precision::bf16() ? 4 * 0x1p-9 : 32 * 0x1p-24;
    const Outcome found = run(GetParam(), inputs_of(GetParam(), precision), precision);
    EXPECT_LT(relative_error(found.result, expected.result), tolerance);
    for (size_t i = 0; i < expected.gradients.size(); ++i)
      EXPECT_LT(relative_error(found.gradients[i], expected.gradients[i]), tolerance)
          << "gradient of input " << i;
  });
}

TEST_P(EveryOperation, ThreadsDoNotMatter) {
  const int before = threads();
  std::vector<Outcome> expected;  // of each engine, with one thread
  for (const int count : {1, 2, 3, 8, 16}) {
    SCOPED_TRACE(testing::Message() << count << " threads");
    set_threads(count);
    size_t engine = 0;
    for_each_engine([&](Precision precision) {
      const Outcome found = run(GetParam(), inputs_of(GetParam(), precision), precision);
      if (count == 1) expected.push_back(found);
      const Outcome& one = expected[engine++];
      EXPECT_TRUE(same_bits(found.result, one.result));
      for (size_t i = 0; i < one.gradients.size(); ++i)
        EXPECT_TRUE(same_bits(found.gradients[i], one.gradients[i])) << "input " << i;
    });
  }
  set_threads(before);
}

// A plan runs the same code on memory that is not there, and asks for exactly as much of it.
TEST_P(EveryOperation, APlanNeedsTheSameMemory) {
  for (const Precision precision : {Precision::f32(), Precision::bf16()}) {
    const std::vector<Tensor> numbers = inputs_of(GetParam(), precision);
    const auto used = [&] {
      std::vector<Value> values;
      for (size_t i = 0; i < numbers.size(); ++i) {
        const Tensor input(numbers[i].shape(), numbers[i].type());
        if (!memory_is_planned()) copy(numbers[i], input);
        values.emplace_back(input, kind_of(GetParam().inputs[i].role));
      }
      Tape tape;
      const Value result = GetParam().run(tape, values, precision);
      tape.backward(result);
      return memory_use();
    };
    const std::unique_ptr<Kernels> planned = planned_kernels(kernels());
    MemoryUse expected;
    {
      const UseKernels use(*planned);
      const PlannedMemory plan;
      expected = used();
    }
    release_kept_memory();
    const MemoryUse before = memory_use(), after = used();
    EXPECT_EQ(after.current - before.current, expected.current);
    EXPECT_EQ(after.reserved - before.reserved, expected.reserved);
  }
}

INSTANTIATE_TEST_SUITE_P(Operations, EveryOperation, testing::ValuesIn(operations()),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace octavo
