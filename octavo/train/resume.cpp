#include "octavo/train/resume.h"

#include <algorithm>
#include <map>

#include "octavo/base/error.h"

namespace octavo {
namespace {

// What a run may change on the way without becoming another: where things are, how long it goes on
// and how often it looks up. Whether the data is the same is checked by its fingerprint.
bool may_change(std::string_view key, RunData data) {
  const bool is_path =
      key == "data.path" || (key.starts_with("data.sources[") && key.ends_with("].path"));
  if (is_path) return data == RunData::in_place;
  constexpr std::string_view kHarmless[] = {"model.start_from",
                                            "data.directory",
                                            "data.cache",
                                            "train.steps",
                                            "train.tokens",
                                            "train.validate_every",
                                            "train.validation_batches",
                                            "train.sample_every",
                                            "train.sample_prompts",
                                            "train.sample_tokens",
                                            "train.checkpoint_every",
                                            "train.recompute",
                                            "train.keep_checkpoints"};
  return std::find(std::begin(kHarmless), std::end(kHarmless), key) != std::end(kHarmless) ||
         key.starts_with("run.");
}

}  // namespace

Settings settings_of(std::string_view as_run) {
  Settings settings;
  std::string table;
  std::map<std::string, int> seen;  // of each array of tables
  while (!as_run.empty()) {
    const size_t end = std::min(as_run.find('\n'), as_run.size());
    const std::string_view line = as_run.substr(0, end);
    as_run.remove_prefix(std::min(end + 1, as_run.size()));
    if (line.starts_with("[[")) {
      const std::string name(line.substr(2, line.size() - 4));
      table = fmt::format("{}[{}].", name, seen[name]++);
    } else if (line.starts_with('[')) {
      table = fmt::format("{}.", line.substr(1, line.size() - 2));
    } else if (const size_t equals = line.find(" = "); equals != line.npos) {
      settings.emplace_back(fmt::format("{}{}", table, line.substr(0, equals)),
                            line.substr(equals + 3));
    }
  }
  return settings;
}

void require_resumable(std::string_view before_as_run, std::string_view now_as_run, RunData data) {
  std::map<std::string, std::string> before;
  for (auto& [key, value] : settings_of(before_as_run)) before.emplace(key, value);
  const auto refuse = [&](const std::string& key, std::string_view was, std::string_view is) {
    const bool is_data = !may_change(key, data) && may_change(key, RunData::in_place);
    fail(ErrorKind::usage, "{}: this run began with {} and the recipe now says {}; {}", key, was,
         is,
         is_data ? "it trains on its own copy of what it began with: --overwrite or another "
                   "--output begins a run on other data"
                 : "a resumed run may change only where things are, how long it goes on, and how "
                   "often it validates, samples and saves");
  };
  for (const auto& [key, value] : settings_of(now_as_run)) {
    const auto old = before.extract(key);
    if (may_change(key, data) || (!old.empty() && old.mapped() == value)) continue;
    refuse(key, old.empty() ? "nothing" : old.mapped(), value);
  }
  for (const auto& [key, value] : before)
    if (!may_change(key, data)) refuse(key, value, "nothing");
}

void require_same_function(const ModelConfig& recipe, const ModelConfig& found,
                           const std::filesystem::path& folder) {
  const auto same = [&](const char* key, const auto& wanted, const auto& is) {
    require(ErrorKind::usage, wanted == is,
            "model.{}: the recipe says {}, the model that it goes on with, {}, has {}", key, wanted,
            folder.string(), is);
  };
  const auto activation = [](const ModelConfig& config) {
    return config.activation == Activation::gelu_exact ? "gelu_exact" : "gelu_tanh";
  };
  const auto band = [](const ModelConfig& config) {
    return config.has_bands() ? config.band_width : config.context;
  };
  same("vocabulary", recipe.vocabulary, found.vocabulary);
  same("layers", recipe.layers, found.layers);
  same("heads", recipe.heads, found.heads);
  same("width", recipe.width, found.width);
  same("context", recipe.context, found.context);
  same("inner_width", recipe.feed_forward_width(), found.feed_forward_width());
  same("band_width", band(recipe), band(found));
  same("activation", std::string_view(activation(recipe)), std::string_view(activation(found)));
  same("norm_epsilon", recipe.norm_epsilon, found.norm_epsilon);
  same("tied_head", recipe.head == HeadKind::tied, found.head == HeadKind::tied);
}

}  // namespace octavo
