#include "octavo/train/recipe.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include "octavo/base/error.h"
#include "octavo/base/files.h"
#include "octavo/base/recipe_file.h"
#include "octavo/checkpoint/model_folder.h"
#include "octavo/model/presets.h"

namespace octavo {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kNoLimit = std::numeric_limits<int64_t>::max();
constexpr int64_t kMaximumSteps = 1'000'000'000;
constexpr int64_t kMaximumSequences = 1 << 24;
constexpr int64_t kMaximumStepTokens = int64_t{1} << 31;
constexpr int64_t kMaximumTokens = int64_t{1} << 60;
constexpr int64_t kMicroBatchTokens = 4096;  // the default micro-batch holds at most this many

// GPT-3's (Brown et al. 2020, appendix B); a shorter run warms up for a hundredth of its tokens.
constexpr int64_t kWarmupTokens = 375'000'000;
constexpr int64_t kDecayTokens = 260'000'000'000;

template <class... Arguments>
void check(const RecipeFile& file, std::string_view key, bool good,
           fmt::format_string<Arguments...> expectation, Arguments&&... arguments) {
  if (!good)
    fail(ErrorKind::usage, "{}: expected {}", file.where(key),
         fmt::format(expectation, std::forward<Arguments>(arguments)...));
}

// A tokenizer by the recipe's name for it; nothing for "none".
std::optional<Tokenizer> tokenizer_named(const std::string& name) {
  if (name == "none") return {};
  return name == "bytes" ? Tokenizer::bytes() : Tokenizer::load(name);
}

// What the sizes default to: a preset, another model's, or nothing (then they are required).
ModelConfig starting_config(const RecipeFile& file, ModelRecipe& model) {
  model.preset = file.text("model.preset", "");
  model.start_from = file.text("model.start_from", "");
  check(file, "model.preset", model.preset.empty() || model.start_from.empty(),
        "either a preset or model.start_from");
  if (!model.start_from.empty()) return load_config(model.start_from);
  if (model.preset.empty()) return {};
  std::vector<std::string> names = preset_names();
  const std::vector<std::string_view> choices(names.begin(), names.end());
  return preset(file.choice("model.preset", choices));
}

ModelRecipe read_model(const RecipeFile& file) {
  ModelRecipe model;
  ModelConfig& config = model.config;
  config = starting_config(file, model);
  const auto tokenizer = tokenizer_named(file.text("data.tokenizer", "bytes"));
  const auto size = [&](std::string_view key, int64_t& value, int64_t limit) {
    value = file.integer(key, value ? std::optional(value) : std::nullopt, 1, limit);
  };
  if (config.vocabulary == 0 && tokenizer) config.vocabulary = tokenizer->vocabulary_size();
  size("model.vocabulary", config.vocabulary, std::numeric_limits<int32_t>::max());
  size("model.layers", config.layers, 10'000);
  size("model.heads", config.heads, 10'000);
  size("model.width", config.width, 1'000'000);
  size("model.context", config.context, 100'000'000);
  check(file, "model.width", config.width % config.heads == 0,
        "a multiple of model.heads = {}, found {}", config.heads, config.width);
  config.inner_width = file.integer("model.inner_width", config.inner_width, 0, 10'000'000);

  const bool banded = config.has_bands() || file.has("model.band_width");
  config.attention = file.choice("model.attention", {"dense", "alternating"},
                                 banded ? "alternating" : "dense") == "dense"
                         ? AttentionPattern::dense
                         : AttentionPattern::alternating;
  if (config.attention == AttentionPattern::alternating)
    config.band_width = file.integer(
        "model.band_width", std::min(config.band_width, config.context), 1, config.context);

  const double dropout = file.number("model.dropout", config.residual_dropout, 0, 0.99);
  config.embedding_dropout = config.attention_dropout = config.residual_dropout = dropout;
  if (tokenizer) {
    check(file, "model.vocabulary", config.vocabulary >= tokenizer->vocabulary_size(),
          "at least the tokenizer's {} tokens, found {}", tokenizer->vocabulary_size(),
          config.vocabulary);
    config.end_of_text = tokenizer->end_of_text();
  }
  try {
    config.validate();
  } catch (const Error& error) {
    fail(ErrorKind::usage, "{}: [model]: {}", file.source(), error.what());
  }
  return model;
}

DataRecipe read_data(const RecipeFile& file, const fs::path& data_directory) {
  DataRecipe data;
  const std::vector<RecipeFile> tables = file.tables("data.sources");
  for (const RecipeFile& table : tables)
    data.sources.push_back({table.text("path"), table.number("weight", 0, 0)});
  if (tables.empty())
    for (const std::string& path : file.texts("data.path")) data.sources.push_back({path, 0});
  else
    check(file, "data.path", !file.has("data.path"), "either data.path or [[data.sources]]");
  check(file, "data.path", !data.sources.empty(), "at least one file or folder");
  const auto weighted = [](const SourceRecipe& source) { return source.weight > 0; };
  check(file, "data.sources",
        std::all_of(data.sources.begin(), data.sources.end(), weighted) ||
            std::none_of(data.sources.begin(), data.sources.end(), weighted),
        "a weight above 0 for all sources or for none");

  data.directory = file.text("data.directory", "");
  if (const char* variable = std::getenv("OCTAVO_DATA"); variable && *variable)
    data.directory = variable;
  if (!data_directory.empty()) data.directory = data_directory;
  data.tokenizer = file.text("data.tokenizer", "bytes");
  data.cache = file.text("data.cache", "");

  const std::string split =
      file.choice("data.validation", {"auto", "none", "documents", "tail"}, "auto");
  data.split = split == "none"        ? ValidationSplit::none
               : split == "documents" ? ValidationSplit::documents
               : split == "tail"      ? ValidationSplit::tail
                                      : ValidationSplit::automatic;
  if (data.split == ValidationSplit::none) return data;
  data.validation_fraction = file.number("data.validation_fraction", 0.02);
  check(file, "data.validation_fraction",
        data.validation_fraction > 0 && data.validation_fraction < 1, "a fraction between 0 and 1");
  return data;
}

// Sequences per step and per micro-batch, and the ramp.
void read_batch(const RecipeFile& file, TrainRecipe& train) {
  train.batch = file.integer("train.batch", 32, 1, kMaximumSequences);
  check(file, "train.batch", train.batch <= kMaximumStepTokens / train.context,
        "at most {} tokens per step, found {} sequences of {}", kMaximumStepTokens, train.batch,
        train.context);
  // The largest divisor of the batch that keeps the activations of a micro-batch small.
  int64_t micro_batch = std::clamp<int64_t>(kMicroBatchTokens / train.context, 1, train.batch);
  while (train.batch % micro_batch != 0) --micro_batch;
  train.micro_batch = file.integer("train.micro_batch", micro_batch, 1, kMaximumSequences);
  check(file, "train.micro_batch", train.batch % train.micro_batch == 0,
        "a divisor of train.batch = {}, found {}", train.batch, train.micro_batch);
  train.leaves = file.integer("train.leaves", 8, 1, 1024);
  check(file, "train.leaves", (train.leaves & (train.leaves - 1)) == 0, "a power of two, found {}",
        train.leaves);

  BatchSchedule& ramp = train.batch_schedule;
  ramp.full = train.batch;
  ramp.micro_batch = train.micro_batch;
  ramp.ramp_tokens = file.integer("train.batch_ramp_tokens", 0, 0, kNoLimit);
  ramp.start = file.integer("train.batch_start", train.batch, 1, train.batch);
  check(file, "train.batch_start", ramp.start % train.micro_batch == 0,
        "a multiple of train.micro_batch = {}, found {}", train.micro_batch, ramp.start);
}

void read_schedule(const RecipeFile& file, TrainRecipe& train, int64_t total_tokens) {
  LearningRateSchedule& rate = train.learning_rate;
  rate.peak = file.number("train.learning_rate", 6e-4, 0);
  rate.final_ratio = file.number("train.final_learning_rate_ratio", 0.1, 0, 1);
  rate.warmup_tokens =
      file.integer("train.warmup_tokens", std::min(kWarmupTokens, total_tokens / 100), 0, kNoLimit);
  rate.decay_tokens =
      file.integer("train.decay_tokens",
                   std::max(std::min(kDecayTokens, total_tokens), rate.warmup_tokens), 0, kNoLimit);
  check(file, "train.decay_tokens", rate.decay_tokens >= rate.warmup_tokens,
        "at least train.warmup_tokens = {}, found {}", rate.warmup_tokens, rate.decay_tokens);
}

void read_optimizer(const RecipeFile& file, TrainRecipe& train) {
  train.adamw.beta1 = file.number("train.beta1", 0.9, 0, 0.999999);
  train.adamw.beta2 = file.number("train.beta2", 0.95, 0, 0.9999999);
  train.adamw.epsilon = file.number("train.epsilon", 1e-8, 1e-30, 1);
  train.adamw.weight_decay = file.number("train.weight_decay", 0.1, 0, 1e6);
  train.clip = file.number("train.clip", 1.0, 0);
}

void read_intervals(const RecipeFile& file, TrainRecipe& train) {
  train.validate_every = file.integer("train.validate_every", 250, 0, kMaximumSteps);
  train.validation_batches = file.integer("train.validation_batches", 0, 0, kMaximumSteps);
  train.checkpoint_every = file.integer("train.checkpoint_every", 500, 0, kMaximumSteps);
  train.keep_checkpoints = file.integer("train.keep_checkpoints", 2, 0, kMaximumSteps);
  check(file, "train.keep_checkpoints", train.keep_checkpoints != 1,
        "at least 2, so that a damaged checkpoint leaves one before it, or 0 for all");
  train.sample_every = file.integer("train.sample_every", 0, 0, kMaximumSteps);
  train.sample_prompts = file.texts("train.sample_prompts", std::vector<std::string>{"\n"});
  train.sample_tokens = file.integer("train.sample_tokens", 200, 1, 1'000'000);
}

TrainRecipe read_train(const RecipeFile& file, const ModelConfig& model) {
  TrainRecipe train;
  train.context = file.integer("train.context", model.context, 1, kNoLimit);
  check(file, "train.context", train.context <= model.context,
        "at most the model's context of {}, found {}", model.context, train.context);
  read_batch(file, train);
  int64_t total_tokens = 0;
  if (file.has("train.tokens")) {
    check(file, "train.tokens", !file.has("train.steps"), "either train.steps or train.tokens");
    const int64_t tokens = file.integer("train.tokens", {}, 1, kMaximumTokens);
    const RunLength length = steps_for_tokens(train.batch_schedule, train.context, tokens);
    train.steps = length.steps, total_tokens = length.tokens;
  } else {
    train.steps = file.integer("train.steps", {}, 1, kMaximumSteps);
    total_tokens = tokens_of_steps(train.batch_schedule, train.context, train.steps);
  }
  train.precision = precision_named(file.choice("train.precision", {"fp32", "bf16"}));
  train.recompute = file.boolean("train.recompute", false);
  train.seed = static_cast<uint64_t>(file.integer("train.seed", 1, 0, kNoLimit));
  read_schedule(file, train, total_tokens);
  read_optimizer(file, train);
  read_intervals(file, train);
  return train;
}

// Settings of a recipe as `as_run` writes it: "train.steps" → "2000".
std::vector<std::pair<std::string, std::string>> settings_of(std::string_view as_run) {
  std::vector<std::pair<std::string, std::string>> settings;
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

// What a run may change on the way without becoming another: where things are, how long it goes on
// and how often it looks up. Whether the data is the same is checked by its fingerprint.
bool may_change(std::string_view key) {
  constexpr std::string_view kHarmless[] = {"model.start_from",     "data.path",
                                            "data.directory",       "data.cache",
                                            "train.steps",          "train.tokens",
                                            "train.validate_every", "train.validation_batches",
                                            "train.sample_every",   "train.sample_prompts",
                                            "train.sample_tokens",  "train.checkpoint_every",
                                            "train.recompute",      "train.keep_checkpoints"};
  return std::find(std::begin(kHarmless), std::end(kHarmless), key) != std::end(kHarmless) ||
         key.starts_with("run.") || (key.starts_with("data.sources[") && key.ends_with("].path"));
}

constexpr size_t kMaximumRecipeBytes = size_t{1} << 20;

}  // namespace

Recipe Recipe::load(const fs::path& path, std::span<const std::string> overrides,
                    const fs::path& data_directory) {
  return parse(read_file(path, kMaximumRecipeBytes), path.string(), overrides, data_directory);
}

Recipe Recipe::parse(std::string_view text, std::string_view source,
                     std::span<const std::string> overrides, const fs::path& data_directory) {
  // What this machine does best becomes part of the recipe: another machine must repeat it.
  std::vector<std::string> settings(overrides.begin(), overrides.end());
  if (RecipeFile::parse(text, source, overrides)
          .choice("train.precision", {"auto", "fp32", "bf16"}, "auto") == "auto")
    settings.push_back(fmt::format("train.precision=\"{}\"", name_of(default_precision())));
  const RecipeFile file = RecipeFile::parse(text, source, settings);

  Recipe recipe;
  recipe.model = read_model(file);
  recipe.data = read_data(file, data_directory);
  recipe.train = read_train(file, recipe.model.config);
  const std::string stem = fs::path(source).stem().string();
  recipe.name = file.text("run.name", stem.empty() || stem == "recipe" ? "run" : stem);
  recipe.directory = file.text("run.directory", (fs::path("runs") / recipe.name).string());
  file.finish();
  recipe.as_run = file.as_run();
  return recipe;
}

int64_t Recipe::total_tokens() const {
  return tokens_of_steps(train.batch_schedule, train.context, train.steps);
}

fs::path Recipe::source_path(const SourceRecipe& source) const {
  return data.directory / source.path;  // an absolute path stays itself
}

std::optional<Tokenizer> Recipe::tokenizer() const { return tokenizer_named(data.tokenizer); }

void require_resumable(const std::string& old_recipe, const Recipe& now) {
  std::map<std::string, std::string> before;
  for (auto& [key, value] : settings_of(old_recipe)) before.emplace(key, value);
  const auto refuse = [&](const std::string& key, std::string_view was, std::string_view is) {
    fail(ErrorKind::usage,
         "{}: this run began with {} and the recipe now says {}; a resumed run may change only "
         "where "
         "things are, how long it goes on, and how often it validates, samples and saves",
         key, was, is);
  };
  for (const auto& [key, value] : settings_of(now.as_run)) {
    const auto old = before.extract(key);
    if (may_change(key) || (!old.empty() && old.mapped() == value)) continue;
    refuse(key, old.empty() ? "nothing" : old.mapped(), value);
  }
  for (const auto& [key, value] : before)
    if (!may_change(key)) refuse(key, value, "nothing");
}

}  // namespace octavo
