// What operations cost, counted by hand; and kernels that tell of it leave the numbers alone.
#include "octavo/kernels/cost.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <vector>

#include "octavo/kernels/cases/cases.h"
#include "octavo/kernels/timed.h"

namespace octavo {
namespace {

constexpr DataType kF32 = DataType::f32, kBf16 = DataType::bf16;

TEST(Cost, ProductsMultiplyAndReadBothSides) {
  float memory[1];
  Product p;
  p.left = {memory, kBf16, 3, 5, 5};
  p.right = {memory, kBf16, 5, 64};
  p.bias = {memory, kF32, 1, 7, 7};
  p.out = {memory, kF32, 3, 7, 7};
  EXPECT_EQ(cost_of(p).arithmetic, 2 * 3 * 7 * 5);
  EXPECT_EQ(cost_of(p).bytes, 3 * 5 * 2 + 5 * 7 * 2 + 7 * 4 + 3 * 7 * 4);  // of 64 columns 7
  p.left = {};
  p.left_transposed = {memory, kBf16, 5, 3};
  EXPECT_EQ(cost_of(p).arithmetic, 2 * 3 * 7 * 5);
  EXPECT_EQ(cost_of(p).bytes, 3 * 5 * 2 + 5 * 7 * 2 + 7 * 4 + 3 * 7 * 4);
}

TEST(Cost, AttentionCountsTheKeysThatAreSeen) {
  float memory[1];
  constexpr int64_t kHeads = 2, kSize = 3, kWidth = kHeads * kSize;
  const ConstArray rows(memory, kF32, 4, kWidth, kWidth);
  AttentionSequence sequence;
  sequence.q = sequence.k = sequence.v = rows;
  sequence.out = {memory, kF32, 4, kWidth, kWidth};
  Attention a{.heads = kHeads, .head_size = kSize, .sequences = {&sequence, 1}};
  EXPECT_EQ(cost_of(a).arithmetic, 4 * (1 + 2 + 3 + 4) * kWidth);
  EXPECT_EQ(cost_of(a).bytes, 4 * 4 * kWidth * 4);
  a.mask = {AttentionMask::Kind::full};
  EXPECT_EQ(cost_of(a).arithmetic, 4 * 16 * kWidth);
  a.mask = {AttentionMask::Kind::banded, 2};
  EXPECT_EQ(cost_of(a).arithmetic, 4 * (1 + 2 + 2 + 2) * kWidth);
  const int32_t segments[] = {0, 0, 2, 2};
  sequence.segments = segments;
  EXPECT_EQ(cost_of(a).arithmetic, 4 * (1 + 2 + 1 + 2) * kWidth);
  EXPECT_EQ(cost_of(AttentionBackward{.forward = a, .gradients = {}}).arithmetic,
            10 * (1 + 2 + 1 + 2) * kWidth);
}

TEST(Cost, OneQueryReadsTheKeptKeysAndValues) {
  float memory[1];
  AttentionSequence sequence{.first = 9};
  sequence.q = {memory, kBf16, 1, 6, 6};
  sequence.kept = {memory, kBf16, 2, 3, 16};
  sequence.out = {memory, kBf16, 1, 6, 6};
  const Attention a{.heads = 2, .head_size = 3, .sequences = {&sequence, 1}};
  EXPECT_EQ(cost_of(a).arithmetic, 4 * 10 * 6);
  EXPECT_EQ(cost_of(a).bytes, 2 * 6 * 2 + 2 * 10 * 6 * 2);
}

TEST(Cost, TablesAreReadWhereTheyAreLookedUp) {
  float memory[1];
  Embedding e;
  e.token_table = {memory, kF32, 50000, 8, 8};
  e.out = {memory, kBf16, 3, 8, 8};
  EXPECT_EQ(cost_of(e).bytes, 3 * 8 * (2 + 4));
  e.position_table = {memory, kF32, 1000, 8, 8};
  EXPECT_EQ(cost_of(e).bytes, 3 * 8 * (2 + 4 + 4));
  EmbeddingBackward b;
  b.dout = {memory, kF32, 3, 8, 8};
  b.dtoken_table = {memory, kF32, 50000, 8, 8};
  EXPECT_EQ(cost_of(b).bytes, 3 * 8 * (4 + 4 + 4));
}

TEST(Cost, AdamWReadsFourNumbersAndWritesThree) {
  float memory[1];
  AdamW a;
  a.gradient = {memory, kF32, 1, 10, 10};
  a.parameter = a.first_moment = a.second_moment = {memory, kF32, 1, 10, 10};
  EXPECT_EQ(cost_of(a).bytes, 10 * 28);
  EXPECT_EQ(cost_of(a).arithmetic, 0);
}

/// Every operation on the timed kernels: reported once, with its cost, and to the bit the same.
TEST(TimedKernels, TellOfEachCallAndChangeNothing) {
  const Kernels& inner = kernels_named("portable");
  std::vector<KernelCall> calls;
  const auto timed = timed_kernels(inner, [&](const KernelCall& call) { calls.push_back(call); });
  EXPECT_EQ(timed->name(), inner.name());
  for (const CaseDeclaration& declaration : kernel_cases()) {
    SCOPED_TRACE(declaration.name);
    const CaseSizes sizes = declaration.odd_sizes.front();
    const auto one = declaration.make(sizes, kBf16, {}), other = declaration.make(sizes, kBf16, {});
    one->prepare(inner), other->prepare(*timed);
    one->run(inner);
    calls.clear();
    other->run(*timed);
    EXPECT_EQ(one->output_bytes(KernelCase::Which::all),
              other->output_bytes(KernelCase::Which::all));
    ASSERT_EQ(calls.size(), 1u);
    EXPECT_TRUE(declaration.name.starts_with(calls[0].operation));
    EXPECT_EQ(calls[0].cost.arithmetic, one->cost().arithmetic);
    EXPECT_EQ(calls[0].cost.bytes, one->cost().bytes);
    EXPECT_GT(calls[0].cost.bytes, 0);
    EXPECT_GT(calls[0].seconds, 0);
  }
}

TEST(TimedKernels, NameVariantsAndSizes) {
  std::vector<std::string> names;
  const auto timed = timed_kernels(kernels_named("portable"), [&](const KernelCall& call) {
    names.push_back(fmt::format("{}|{}|{} {} {}", call.operation, call.variant, call.sizes[0],
                                call.sizes[1], call.sizes[2]));
  });
  for (const CaseDeclaration& declaration : kernel_cases()) {
    if (!declaration.name.starts_with("product")) continue;
    const auto one = declaration.make({3, 5, 7}, kBf16, {});
    one->prepare(*timed);
    one->run(*timed);
  }
  EXPECT_EQ(names.front(), "pack|transposed|7 5 0");
  const auto has = [&](const char* name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  for (const char* name : {"product||3 5 7", "product|gelu_tanh|3 5 7", "product|gelu_exact|3 5 7",
                           "product|to f32|3 5 7", "product|transposed|3 5 7", "pack||7 5 0"})
    EXPECT_TRUE(has(name)) << name;
}

}  // namespace
}  // namespace octavo
