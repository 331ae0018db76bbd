#include "octavo/train/recipe.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>
#include <string_view>
#include <utility>

#include "octavo/base/error.h"
#include "octavo/base/files.h"
#include "octavo/base/json.h"
#include "octavo/base/recipe_file.h"
#include "octavo/checkpoint/model_folder.h"
#include "octavo/checkpoint/tokenizer_io.h"
#include "octavo/model/presets.h"
#include "octavo/tokenizer/tokenizer.h"
#include "octavo/train/resume.h"

namespace octavo {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kNoLimit = std::numeric_limits<int64_t>::max();
constexpr int64_t kMaximumSteps = 1'000'000'000;
constexpr int64_t kMaximumSequences = 1 << 24;
constexpr int64_t kMaximumStepTokens = int64_t{1} << 31;
constexpr int64_t kMaximumTokens = int64_t{1} << 60;

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

// What a model must know of the recipe's tokenizer; nothing of "none".
struct TokenizerFacts {
  int64_t vocabulary;
  int32_t end_of_text;
};

std::optional<TokenizerFacts> read_tokenizer(const RecipeFile& file) {
  const std::string name = file.text("data.tokenizer", "bytes");
  const bool learned = name == kLearnedTokenizer;
  for (const char* key : {"data.vocabulary", "data.digits"})
    check(file, key, learned || !file.has(key), "it only with data.tokenizer = \"learn\"");
  if (learned) {
    check(file, "data.tokenizer", file.text("model.start_from", "").empty(),
          "the tokenizer that the model of model.start_from knows");
    const int64_t vocabulary = file.integer("data.vocabulary", std::nullopt, 258,
                                            static_cast<int64_t>(TokenTable::kMaximumSize));
    return TokenizerFacts{vocabulary, static_cast<int32_t>(vocabulary) - 1};
  }
  if (name == "none") return {};
  check(file, "data.tokenizer", name == "bytes" || fs::exists(name),
        "bytes, learn, none or a folder with a tokenizer, found nothing at \"{}\"", name);
  const Tokenizer tokenizer = name == "bytes" ? Tokenizer::bytes() : load_tokenizer(name);
  return TokenizerFacts{tokenizer.vocabulary_size(), tokenizer.end_of_text()};
}

// What the sizes default to: a preset, another model's, or nothing (then they are required). A run
// that is resumed has its sizes.
ModelConfig starting_config(const RecipeFile& file, ModelRecipe& model, RunStart start) {
  model.preset = file.text("model.preset", "");
  model.start_from = file.text("model.start_from", "");
  check(file, "model.preset", model.preset.empty() || model.start_from.empty(),
        "either a preset or model.start_from");
  if (!model.start_from.empty() && start != RunStart::resume) {
    check(file, "model.start_from", fs::exists(model.start_from),
          "a model folder or a run's, found nothing at \"{}\"", model.start_from.string());
    return load_config(model.start_from);
  }
  if (model.preset.empty()) return {};
  std::vector<std::string> names = preset_names();
  const std::vector<std::string_view> choices(names.begin(), names.end());
  return preset(file.choice("model.preset", choices));
}

void read_attention(const RecipeFile& file, ModelConfig& config) {
  const bool banded = config.has_bands() || file.has("model.band_width");
  config.attention = file.choice("model.attention", {"dense", "alternating"},
                                 banded ? "alternating" : "dense") == "dense"
                         ? AttentionPattern::dense
                         : AttentionPattern::alternating;
  const int64_t band = file.integer("model.band_width", std::min(config.band_width, config.context),
                                    1, config.context);
  if (config.attention == AttentionPattern::alternating) config.band_width = band;
}

// What other people's models do in ways of their own.
void read_ways(const RecipeFile& file, ModelConfig& config) {
  const bool exact = config.activation == Activation::gelu_exact;
  config.activation = file.choice("model.activation", {"gelu_tanh", "gelu_exact"},
                                  exact ? "gelu_exact" : "gelu_tanh") == "gelu_exact"
                          ? Activation::gelu_exact
                          : Activation::gelu_tanh;
  config.initializer_range = file.number("model.initializer_range", config.initializer_range, 0, 1);
  config.initial_positions =
      file.choice("model.initial_positions", {"normal", "look_back"}, "normal") == "normal"
          ? InitialPositions::normal
          : InitialPositions::look_back;
  config.norm_epsilon = file.number("model.norm_epsilon", config.norm_epsilon, 1e-30, 0.5);
  config.head = file.boolean("model.tied_head", config.head == HeadKind::tied) ? HeadKind::tied
                                                                               : HeadKind::untied;
}

ModelRecipe read_model(const RecipeFile& file, RunStart start) {
  ModelRecipe model;
  ModelConfig& config = model.config;
  config = starting_config(file, model, start);
  const auto tokenizer = read_tokenizer(file);
  const auto size = [&](std::string_view key, int64_t& value, int64_t limit) {
    value = file.integer(key, value ? std::optional(value) : std::nullopt, 1, limit);
  };
  if (config.vocabulary == 0 && tokenizer) config.vocabulary = tokenizer->vocabulary;
  size("model.vocabulary", config.vocabulary, std::numeric_limits<int32_t>::max());
  size("model.layers", config.layers, kMaximumLayers);
  size("model.heads", config.heads, 10'000);
  size("model.width", config.width, 1'000'000);
  size("model.context", config.context, 100'000'000);
  check(file, "model.width", config.width % config.heads == 0,
        "a multiple of model.heads = {}, found {}", config.heads, config.width);
  config.inner_width = file.integer("model.inner_width", config.inner_width, 0, 10'000'000);

  read_attention(file, config);
  read_ways(file, config);
  const double dropout = file.number("model.dropout", config.residual_dropout, 0, 0.99);
  config.embedding_dropout = config.attention_dropout = config.residual_dropout = dropout;
  if (tokenizer) {
    check(file, "model.vocabulary", config.vocabulary >= tokenizer->vocabulary,
          "at least the tokenizer's {} tokens, found {}", tokenizer->vocabulary, config.vocabulary);
    config.set_end_of_text(tokenizer->end_of_text);
  }
  try {
    config.validate();
  } catch (const Error& error) {
    fail(ErrorKind::usage, "{}: [model]: {}", file.source(), error.what());
  }
  return model;
}

DataRecipe read_data(const RecipeFile& file) {
  DataRecipe data;
  const std::vector<RecipeFile> tables = file.tables("data.sources");
  for (const RecipeFile& table : tables)
    data.sources.push_back({table.text("path"), table.number("weight", 0, 0)});
  if (tables.empty())
    for (const std::string& path : file.texts("data.path")) data.sources.push_back({path, 0});
  else
    check(file, "data.path", !file.has("data.path"), "either data.path or [[data.sources]]");
  for (const SourceRecipe& source : data.sources)
    check(file, tables.empty() ? "data.path" : "data.sources", !source.path.empty(),
          "a file or folder, found an empty path");
  check(file, "data.path", !data.sources.empty(), "at least one file or folder");
  const auto weighted = [](const SourceRecipe& source) { return source.weight > 0; };
  check(file, "data.sources",
        std::all_of(data.sources.begin(), data.sources.end(), weighted) ||
            std::none_of(data.sources.begin(), data.sources.end(), weighted),
        "a weight above 0 for all sources or for none");

  data.directory = file.text("data.directory", "");
  data.tokenizer = file.text("data.tokenizer", "bytes");
  if (data.tokenizer == kLearnedTokenizer) {
    data.vocabulary = file.integer("data.vocabulary");
    data.text_split = file.choice("data.digits", {"together", "single"}, "together") == "single"
                          ? TextSplit::gpt2_digits
                          : TextSplit::gpt2;
  }
  data.cache = file.text("data.cache", "");

  const std::string split =
      file.choice("data.validation", {"auto", "none", "documents", "tail"}, "auto");
  data.split = split == "none"        ? ValidationSplit::none
               : split == "documents" ? ValidationSplit::documents
               : split == "tail"      ? ValidationSplit::tail
                                      : ValidationSplit::automatic;
  data.validation_fraction = file.number("data.validation_fraction", 0.02);
  check(file, "data.validation_fraction",
        data.validation_fraction > 0 && data.validation_fraction < 1, "a fraction between 0 and 1");
  return data;
}

// Sequences per step and per micro-batch, and the ramp. Like every key, those of the ramp are read
// even where they change nothing.
void read_batch(const RecipeFile& file, TrainRecipe& train) {
  train.batch = file.integer("train.batch", 32, 1, kMaximumSequences);
  check(file, "train.batch", train.batch <= kMaximumStepTokens / train.context,
        "at most {} tokens per step, found {} sequences of {}", kMaximumStepTokens, train.batch,
        train.context);
  BatchSchedule& ramp = train.batch_schedule;
  constexpr std::string_view kStart = "train.batch_start", kTokens = "train.batch_ramp_tokens";
  check(file, file.has(kStart) ? kStart : kTokens, file.has(kStart) == file.has(kTokens),
        "{} beside it, found none", file.has(kStart) ? kTokens : kStart);
  ramp.full = train.batch;
  ramp.start = file.integer(kStart, train.batch, 1, train.batch);
  ramp.ramp_tokens = file.integer(kTokens, 0, 0, kNoLimit);
  train.micro_batch =
      file.integer("train.micro_batch", default_micro_batch(train.context, train.batch, ramp.start),
                   1, kMaximumSequences);
  check(file, "train.micro_batch", train.batch % train.micro_batch == 0,
        "a divisor of train.batch = {}, found {}", train.batch, train.micro_batch);
  train.leaves = file.integer("train.leaves", 8, 1, 1024);
  check(file, "train.leaves", (train.leaves & (train.leaves - 1)) == 0, "a power of two, found {}",
        train.leaves);

  ramp.micro_batch = train.micro_batch;
  check(file, kStart, ramp.start % train.micro_batch == 0,
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
    train.tokens = file.integer("train.tokens", {}, 1, kMaximumTokens);
    const RunLength length = steps_for_tokens(train.batch_schedule, train.context, train.tokens);
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

std::string as_setting(std::string_view key, const std::string& text) {
  return fmt::format("{}={}", key, Json(text).dump());
}

void read_place(const RecipeFile& file, Recipe& recipe) {
  const std::string stem = fs::path(file.source()).stem().string();
  recipe.name = file.text("run.name", stem.empty() || stem == "recipe" ? "run" : stem);
  recipe.directory = file.text("run.directory", (fs::path("runs") / recipe.name).string());
}

// The settings of the run that this recipe resumes; nothing of a run that begins.
Settings own_settings(const RecipeFile& given, RunStart start) {
  Recipe recipe;
  read_place(given, recipe);
  const fs::path path = recipe.directory / "recipe.toml";
  if (start != RunStart::resume || !fs::exists(path)) return {};
  return settings_of(read_file(path, RecipeFile::kMaximumBytes));
}

// Adds what the run has held on to since it began, where nobody says otherwise. What stands for
// something given (a length in tokens for one in steps) is given too.
void add_own(std::vector<std::string>& settings, const RecipeFile& given, const Settings& own) {
  const auto is_given = [&](std::string_view key) {
    for (const auto& [one, other] :
         {std::pair{"train.steps", "train.tokens"}, std::pair{"data.path", "data.sources"}})
      if (key == one || key == other) return given.has(one) || given.has(other);
    return given.has(key);
  };
  for (const auto& [key, value] : own)
    if (key.find('[') == key.npos && !key.starts_with("run.") && !is_given(key))
      settings.push_back(fmt::format("{}={}", key, value));
}

// What is decided when a run begins and is part of its recipe from then on: what this machine
// computes in, where the data is, and which of a run's checkpoints the weights come from.
void add_decisions(std::vector<std::string>& settings, const RecipeFile& given, const Settings& own,
                   const fs::path& data_directory) {
  const auto own_or = [&](std::string_view key, const auto& otherwise) {
    const auto found = std::ranges::find(own, key, &Settings::value_type::first);
    settings.push_back(found != own.end() ? fmt::format("{}={}", key, found->second)
                                          : as_setting(key, otherwise()));
  };
  if (given.choice("train.precision", {"auto", "fp32", "bf16"}, "auto") == "auto")
    own_or("train.precision", [] { return std::string(name_of(default_precision())); });
  const bool moved = !own.empty() && std::ranges::any_of(settings, [](const std::string& one) {
    return one.starts_with("model.start_from=");
  });
  if (const std::string from = given.text("model.start_from", ""); !from.empty() && !moved)
    own_or("model.start_from", [&] { return model_folder_of(from).string(); });
  const char* variable = std::getenv("OCTAVO_DATA");
  if (!data_directory.empty())
    settings.push_back(as_setting("data.directory", data_directory.string()));
  else if (variable && *variable)
    settings.push_back(as_setting("data.directory", variable));
}

}  // namespace

Recipe Recipe::load(const fs::path& path, std::span<const std::string> overrides,
                    const fs::path& data_directory, RunStart start) {
  return parse(read_file(path, RecipeFile::kMaximumBytes), path.string(), overrides, data_directory,
               start);
}

Recipe Recipe::parse(std::string_view text, std::string_view source,
                     std::span<const std::string> overrides, const fs::path& data_directory,
                     RunStart start) {
  const RecipeFile given = RecipeFile::parse(text, source, overrides);
  const Settings own = own_settings(given, start);
  std::vector<std::string> settings(overrides.begin(), overrides.end());
  add_decisions(settings, given, own, data_directory);
  add_own(settings, given, own);
  const RecipeFile file = RecipeFile::parse(text, source, settings);

  Recipe recipe;
  recipe.model = read_model(file, own.empty() ? RunStart::fresh : start);
  recipe.data = read_data(file);
  recipe.train = read_train(file, recipe.model.config);
  read_place(file, recipe);
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

}  // namespace octavo
