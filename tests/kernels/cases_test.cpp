// Every operation of the contract, by every implementation that this processor supports, in f32 and
// bf16: against the reference over odd sizes and misplaced memory, and row by row.
#include "octavo/kernels/cases/cases.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "octavo/base/error.h"
#include "octavo/base/threads.h"

namespace octavo {
namespace {

constexpr DataType kTypes[] = {DataType::f32, DataType::bf16};
// On a boundary and dense; one number off it, with rows apart by an odd number of others.
constexpr Placement kPlacements[] = {{0, 0}, {1, 3}};

class KernelCases : public testing::TestWithParam<CaseDeclaration> {
 protected:
  // On one thread, but for the test that is about threads: small operations gain nothing from more.
  void SetUp() override { set_threads(1); }
  void TearDown() override { set_threads(default_threads_); }

  /// Calls check(case, kernels, type) for each implementation and type.
  template <class Check>
  void for_each_case(CaseSizes sizes, Placement placement, const Check& check) {
    for (const Kernels* kernels : available_kernels())
      for (const DataType type : kTypes) {
        SCOPED_TRACE(testing::Message()
                     << kernels->name() << " " << name_of(type) << " " << sizes.rows << " × "
                     << sizes.columns << " × " << sizes.inner << ", offset " << placement.offset);
        check(*GetParam().make(sizes, type, placement), *kernels, type);
        if (HasFailure()) return;
      }
  }

 private:
  const int default_threads_ = threads();
};

TEST_P(KernelCases, AgreeWithTheReferenceAndStayInTheirMemory) {
  for (const CaseSizes& sizes : GetParam().odd_sizes)
    for (const Placement& placement : kPlacements)
      for_each_case(sizes, placement, [](KernelCase& c, const Kernels& kernels, DataType) {
        const auto compared = compared_kernels(kernels, reference_kernels());
        try {
          c.prepare(*compared);
          c.run(*compared);
        } catch (const Error& error) {
          ADD_FAILURE() << error.what();
        }
        EXPECT_EQ(c.damage(), "");
      });
}

TEST_P(KernelCases, DoNotDependOnTheNumberOfThreads) {
  const CaseDeclaration& declaration = GetParam();
  const auto numbers = [](const CaseSizes& s) { return s.rows * s.columns * s.inner; };
  const CaseSizes sizes = declaration.divided.rows > 0
                              ? declaration.divided
                              : std::ranges::max(declaration.odd_sizes, {}, numbers);
  std::map<std::pair<const Kernels*, DataType>, std::vector<std::byte>> expected;
  for (const int count : {1, 2, 3, 8, 16}) {
    set_threads(count);
    for_each_case(sizes, {}, [&](KernelCase& c, const Kernels& kernels, DataType type) {
      c.prepare(kernels);
      c.run(kernels);
      const auto bytes = c.output_bytes(KernelCase::Which::all);
      const auto& of_one_thread = expected.try_emplace({&kernels, type}, bytes).first->second;
      EXPECT_TRUE(bytes == of_one_thread) << count << " threads";
    });
  }
}

using KernelCasesByRow = KernelCases;

TEST_P(KernelCasesByRow, GiveARowTheSameBitsInAnyCompany) {
  const CaseSizes sizes = GetParam().divided;
  for_each_case(sizes, {1, 3}, [&](KernelCase& c, const Kernels& kernels, DataType) {
    c.prepare(kernels);
    c.run(kernels);
    const auto expected = c.output_bytes(KernelCase::Which::by_rows);
    // Alone; in batches of several sizes, the first of them cut short so that none begins where
    // another does.
    for (const int64_t batch : {1, 2, 5, 6, 7, 33, 64}) {
      c.reset();
      c.run_rows(kernels, 0, std::min(sizes.rows, batch / 2 + 1));
      for (int64_t row = batch / 2 + 1; row < sizes.rows; row += batch)
        c.run_rows(kernels, row, std::min(sizes.rows, row + batch));
      EXPECT_TRUE(c.output_bytes(KernelCase::Which::by_rows) == expected) << "by " << batch;
    }
  });
}

std::string name_of_test(const testing::TestParamInfo<CaseDeclaration>& info) {
  std::string name = info.param.name;
  for (char& c : name)
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  return name;
}

std::vector<CaseDeclaration> cases_by_row() {
  std::vector<CaseDeclaration> cases = kernel_cases();
  std::erase_if(cases, [](const CaseDeclaration& each) { return each.divided.rows == 0; });
  return cases;
}

INSTANTIATE_TEST_SUITE_P(All, KernelCases, testing::ValuesIn(kernel_cases()), name_of_test);
INSTANTIATE_TEST_SUITE_P(All, KernelCasesByRow, testing::ValuesIn(cases_by_row()), name_of_test);

}  // namespace

// How gtest prints a declaration.
void PrintTo(const CaseDeclaration& declaration, std::ostream* out) { *out << declaration.name; }

}  // namespace octavo
