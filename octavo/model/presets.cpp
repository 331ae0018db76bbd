#include "octavo/model/presets.h"

#include <array>

#include "octavo/base/error.h"
#include "octavo/base/text.h"

namespace octavo {
namespace {

struct Row {
  const char* name;
  int64_t layers, width, heads;
};

// GPT-2: Radford et al. 2019, Table 2; the heads are those of the released models.
constexpr std::array<Row, 4> kGpt2 = {{
    {"gpt2", 12, 768, 12},
    {"gpt2-medium", 24, 1024, 16},
    {"gpt2-large", 36, 1280, 20},
    {"gpt2-xl", 48, 1600, 25},
}};

// GPT-3: Brown et al. 2020, Table 2.1, mended (presets.h).
constexpr std::array<Row, 8> kGpt3 = {{
    {"gpt3-small", 12, 768, 12},
    {"gpt3-medium", 24, 1024, 16},
    {"gpt3-large", 24, 1536, 16},
    {"gpt3-xl", 24, 2048, 16},
    {"gpt3-2.7b", 32, 2560, 32},
    {"gpt3-6.7b", 32, 4096, 32},
    {"gpt3-13b", 40, 5120, 40},
    {"gpt3-175b", 96, 12288, 96},
}};

constexpr int64_t kVocabulary = 50257;

ModelConfig config_of(const Row& row, int64_t context) {
  ModelConfig config;
  config.vocabulary = kVocabulary;
  config.context = context;
  config.layers = row.layers;
  config.width = row.width;
  config.heads = row.heads;
  config.end_of_text = kVocabulary - 1;
  return config;
}

}  // namespace

std::vector<std::string> preset_names() {
  std::vector<std::string> names;
  for (const Row& row : kGpt2) names.emplace_back(row.name);
  for (const Row& row : kGpt3) names.emplace_back(row.name);
  return names;
}

ModelConfig preset(std::string_view name) {
  for (const Row& row : kGpt2) {
    if (name != row.name) continue;
    ModelConfig config = config_of(row, 1024);
    config.embedding_dropout = config.attention_dropout = config.residual_dropout = 0.1;
    return config;
  }
  for (const Row& row : kGpt3) {
    if (name != row.name) continue;
    ModelConfig config = config_of(row, 2048);
    config.attention = AttentionPattern::alternating;
    return config;
  }
  const std::vector<std::string> names = preset_names();
  std::string list;
  for (const std::string& known : names) list += (list.empty() ? "" : ", ") + known;
  fail(ErrorKind::usage, "there is no preset \"{}\"{}; there are {}", name,
       did_you_mean(name, names), list);
}

}  // namespace octavo
