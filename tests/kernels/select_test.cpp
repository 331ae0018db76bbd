// Choosing an implementation: by name, by environment, for a while.
#include <gtest/gtest.h>

#include <cstdlib>

#include "octavo/base/error.h"
#include "octavo/kernels/kernels.h"

namespace octavo {
namespace {

TEST(SelectKernels, HasTheReferenceLast) {
  const auto available = available_kernels();
  ASSERT_FALSE(available.empty());
  EXPECT_EQ(available.back(), &reference_kernels());
  for (const Kernels* k : available) {
    EXPECT_TRUE(k->supported()) << k->name();
    EXPECT_FALSE(k->description().empty()) << k->name();
    EXPECT_EQ(&kernels_named(k->name()), k);
  }
}

TEST(SelectKernels, NamesWhatThereIs) {
  try {
    kernels_named("referense");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    const std::string message = error.what();
    EXPECT_NE(message.find("did you mean \"reference\""), std::string::npos) << message;
    EXPECT_NE(message.find("compared:NAME"), std::string::npos) << message;
  }
  EXPECT_THROW(kernels_named("compared:referense"), Error);
  EXPECT_THROW(kernels_named(""), Error);
}

TEST(SelectKernels, Compares) {
  EXPECT_EQ(kernels_named("compared").name(),
            "compared:" + std::string(available_kernels().front()->name()));
  EXPECT_EQ(kernels_named("compared:reference").name(), "compared:reference");
  EXPECT_EQ(&kernels_named("compared:reference"), &kernels_named("compared:reference"));
}

TEST(SelectKernels, UsesOthersForAWhile) {
  const Kernels& usual = kernels();
  const auto planned = planned_kernels(usual);
  {
    const UseKernels use(reference_kernels());
    EXPECT_EQ(&kernels(), &reference_kernels());
    {
      const UseKernels inner(*planned);
      EXPECT_EQ(&kernels(), planned.get());
    }
    EXPECT_EQ(&kernels(), &reference_kernels());
  }
  EXPECT_EQ(&kernels(), &usual);
}

// The environment is read once per process, so each name is tried in a process of its own.
TEST(SelectKernelsDeathTest, ReadsTheEnvironment) {
  testing::GTEST_FLAG(death_test_style) = "threadsafe";
  const auto chosen = [](const char* name) {
    setenv("OCTAVO_KERNELS", name, 1);
    try {
      std::fprintf(stderr, "chosen %s.", std::string(kernels().name()).c_str());
    } catch (const Error& error) {
      std::fprintf(stderr, "%s", error.what());
    }
    std::exit(0);
  };
  EXPECT_EXIT(chosen("reference"), testing::ExitedWithCode(0), "chosen reference\\.");
  EXPECT_EXIT(chosen("portable"), testing::ExitedWithCode(0), "chosen portable\\.");
  EXPECT_EXIT(chosen("compared:portable"), testing::ExitedWithCode(0), "chosen compared:portable");
  EXPECT_EXIT(chosen("avx3"), testing::ExitedWithCode(0),
              "OCTAVO_KERNELS or --set: there is no \"avx3\"");
}

TEST(PlannedKernels, AskForTheSameMemoryAndDoNothing) {
  const Kernels& like = *available_kernels().front();
  const auto planned = planned_kernels(like);
  EXPECT_EQ(planned->packed_bytes(77, 130, DataType::bf16),
            like.packed_bytes(77, 130, DataType::bf16));
  AttentionSequence sequence;
  sequence.q.rows = sequence.k.rows = 100;
  const Attention attention{.heads = 3, .head_size = 20, .sequences = {&sequence, 1}};
  EXPECT_EQ(planned->attention_backward_scratch(attention),
            like.attention_backward_scratch(attention));
  const KeyValues kept{.heads = 3, .head_size = 20, .capacity = 100};
  EXPECT_EQ(planned->key_value_bytes(kept), like.key_value_bytes(kept));
  EXPECT_EQ(planned->has_bf16_arithmetic(), like.has_bf16_arithmetic());
  planned->adamw({.gradient = {nullptr, DataType::f32, 1, 1000, 1000}});  // would crash if it read
}

}  // namespace
}  // namespace octavo
