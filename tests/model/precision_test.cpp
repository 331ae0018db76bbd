#include "octavo/model/precision.h"

#include "tests/base/temporary_folder.h"
#include "tests/model/support.h"

namespace octavo {
namespace {

TEST(Precision, names_go_both_ways) {
  for (const char* name : {"fp32", "bf16"}) EXPECT_EQ(name_of(precision_named(name)), name);
  EXPECT_EQ(precision_named("bf16"), Precision::bf16());
  EXPECT_NE(error_of(ErrorKind::usage, [] { precision_named("fp16"); }).find("\"fp16\""),
            std::string::npos);
}

TEST(Precision, the_default_is_what_the_machine_multiplies) {
  on_each_kernels([] {
    EXPECT_EQ(default_precision(),
              kernels().has_bf16_arithmetic() ? Precision::bf16() : Precision::f32());
  });
}

}  // namespace
}  // namespace octavo
