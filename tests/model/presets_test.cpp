// Every preset against the published parameter counts.
#include "octavo/model/presets.h"

#include <cmath>
#include <map>

#include "tests/base/temporary_folder.h"
#include "tests/model/support.h"

namespace octavo {
namespace {

// Brown et al. 2020, Table D.1, in millions. The paper rounds XL's 1,315.7 up to 1,320.
TEST(Presets, gpt3_counts_are_those_of_table_D1) {
  struct Row {
    const char* name;
    double millions, tolerance;
  };
  for (const auto& [name, millions, tolerance] : std::vector<Row>{{"gpt3-small", 125, 2e-3},
                                                                  {"gpt3-medium", 356, 2e-3},
                                                                  {"gpt3-large", 760, 2e-3},
                                                                  {"gpt3-xl", 1320, 4e-3},
                                                                  {"gpt3-2.7b", 2650, 2e-3},
                                                                  {"gpt3-6.7b", 6660, 2e-3},
                                                                  {"gpt3-13b", 12850, 1e-3},
                                                                  {"gpt3-175b", 174600, 1e-3}}) {
    const ModelConfig config = preset(name);
    EXPECT_NO_THROW(config.validate());
    const double ours = static_cast<double>(count_parameters(config).total()) * 1e-6;
    EXPECT_NEAR(ours / millions, 1, tolerance) << name << " has " << ours << " million";
    EXPECT_EQ(config.context, 2048);
    EXPECT_TRUE(config.has_bands());
  }
  EXPECT_EQ(preset("gpt3-13b").width, 5120);      // printed: 5140
  EXPECT_EQ(preset("gpt3-xl").head_size(), 128);  // printed: 24 heads
}

TEST(Presets, gpt2_counts_are_those_of_the_released_models) {
  const std::map<std::string, int64_t> published = {{"gpt2", 124'439'808},
                                                    {"gpt2-medium", 354'823'168},
                                                    {"gpt2-large", 774'030'080},
                                                    {"gpt2-xl", 1'557'611'200}};
  for (const auto& [name, count] : published) {
    EXPECT_EQ(count_parameters(preset(name)).total(), count) << name;
    EXPECT_FALSE(preset(name).has_bands());
  }
}

TEST(Presets, counting_allocates_nothing) {
  const size_t before = memory_use().peak;
  count_parameters(preset("gpt3-175b"));
  parameters_of(preset("gpt3-175b"));
  inference_bytes(preset("gpt3-175b"), Precision::f32());
  EXPECT_EQ(memory_use().peak, before);
}

TEST(Presets, a_misspelt_name_gets_a_suggestion) {
  const std::string message = error_of(ErrorKind::usage, [] { preset("gpt3-smal"); });
  EXPECT_NE(message.find("did you mean \"gpt3-small\""), std::string::npos) << message;
  EXPECT_NE(message.find("gpt2-xl"), std::string::npos) << message;
  EXPECT_EQ(preset_names().size(), 12u);
}

}  // namespace
}  // namespace octavo
