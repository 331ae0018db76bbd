// The reader of the layer table on made-up tables, so that check_layers is known to be able to
// fail.
#include "layer_table.h"

#include <gtest/gtest.h>

#include "octavo/base/error.h"

namespace octavo {
namespace {

constexpr std::string_view kTable =
    "# House\n"
    "| need | library |\n|---|---|\n| text | fmt |\n"
    "\n"
    "| folder | holds | may include |\n"
    "|---|---|---|\n"
    "| `base/` | errors | – |\n"
    "| `kernels/` | machines | base |\n"
    "| `ops/` | operations | kernels |\n"
    "| `model/` | a model | ops |\n"
    "| `serve/` | *(to come)* a server | model, base |\n"
    "| `cli/` | commands | all |\n"
    "\n"
    "| `after/` | another table | base |\n";

std::vector<std::string> problems(std::string file, std::string target) {
  return forbidden_includes(read_layer_table(kTable), {{std::move(file), 7, std::move(target)}});
}

TEST(LayerTable, ReadsRowsInOrder) {
  const std::vector<Layer> table = read_layer_table(kTable);
  ASSERT_EQ(table.size(), 6u);
  EXPECT_EQ(table[0].folder, "base");
  EXPECT_EQ(table[0].may_include, std::set<std::string>({"base"}));
  EXPECT_EQ(table[2].may_include, std::set<std::string>({"ops", "kernels", "base"}));
  EXPECT_FALSE(table[3].to_come);
  EXPECT_TRUE(table[4].to_come);
}

TEST(LayerTable, IncludesReachDownThroughOthersButNotToKernels) {
  const std::vector<Layer> table = read_layer_table(kTable);
  EXPECT_EQ(table[3].may_include, std::set<std::string>({"model", "ops", "base"}));
  EXPECT_TRUE(problems("octavo/model/gpt.h", "octavo/base/error.h").empty());
  EXPECT_TRUE(problems("octavo/ops/linear.cpp", "octavo/kernels/kernels.h").empty());
  EXPECT_TRUE(problems("octavo/model/gpt.cpp", "octavo/model/gpt.h").empty());
  EXPECT_TRUE(problems("octavo/cli/main.cpp", "octavo/model/gpt.h").empty());
  EXPECT_EQ(problems("octavo/model/gpt.h", "octavo/kernels/kernels.h").size(), 1u);
}

TEST(LayerTable, FindsWhatIsForbidden) {
  const std::vector<std::string> upward = problems("octavo/base/error.h", "octavo/ops/linear.h");
  ASSERT_EQ(upward.size(), 1u);
  EXPECT_EQ(upward[0],
            "octavo/base/error.h:7 includes octavo/ops/linear.h, but base may not include ops");
  EXPECT_EQ(problems("octavo/model/gpt.h", "octavo/cli/main.h").size(), 1u);
  EXPECT_EQ(problems("octavo/model/gpt.h", "gpt.h").size(), 1u);
  EXPECT_EQ(problems("octavo/model/gpt.h", "tests/base/temporary_folder.h").size(), 1u);
  EXPECT_EQ(problems("octavo/unknown/file.h", "octavo/base/error.h").size(), 1u);
}

TEST(LayerTable, RefusesTablesThatCannotBe) {
  EXPECT_THROW(read_layer_table("no table here"), Error);
  EXPECT_THROW(read_layer_table("| folder | holds | may include |\n|---|---|---|\n"
                                "| `ops/` | operations | tensor |\n| `tensor/` | | – |\n"),
               Error);
}

}  // namespace
}  // namespace octavo
