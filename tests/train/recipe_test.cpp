// Recipes: what the shipped ones say, what reads back the same, and every way to get one wrong.
#include "octavo/train/recipe.h"

#include <gtest/gtest.h>

#include <sstream>

#include "octavo/model/presets.h"
#include "octavo/train/resume.h"
#include "support.h"

namespace octavo {
namespace {

namespace fs = std::filesystem;

const fs::path kRecipes = fs::path(OCTAVO_SOURCE_DIR) / "recipes";

Recipe tiny(std::vector<std::string> overrides = {}) {
  return Recipe::parse(kTinyRecipe, "tiny.toml", overrides);
}

// The message of the tiny recipe with these overrides must hold the words.
void expect_refused(std::string_view words, std::vector<std::string> overrides) {
  expect_error(ErrorKind::usage, words, [&] { tiny(overrides); });
}

TEST(Recipe, ReadsBackAsRunTheSame) {
  for (const auto& entry : fs::directory_iterator(kRecipes)) {
    const Recipe recipe = Recipe::load(entry.path());
    const Recipe again = Recipe::parse(recipe.as_run, "recipe.toml");
    EXPECT_EQ(recipe.as_run, again.as_run) << entry.path();
    EXPECT_EQ(recipe.model.config, again.model.config) << entry.path();
    EXPECT_EQ(recipe.total_tokens(), again.total_tokens()) << entry.path();
    EXPECT_NO_THROW(require_resumable(recipe.as_run, again.as_run)) << entry.path();
  }
}

TEST(Recipe, ShakespeareIsNanoGptsSetting) {
  const Recipe recipe = Recipe::load(kRecipes / "shakespeare.toml");
  EXPECT_EQ(recipe.name, "shakespeare");
  EXPECT_EQ(recipe.directory, "runs/shakespeare");
  EXPECT_EQ(recipe.model.config.vocabulary, 257);
  EXPECT_EQ(recipe.model.config.width, 128);
  EXPECT_EQ(recipe.train.batch, 12);
  EXPECT_EQ(recipe.train.micro_batch, 12);
  EXPECT_EQ(recipe.total_tokens(), 2000 * 12 * 64);
  EXPECT_DOUBLE_EQ(recipe.train.learning_rate.at(100 * 12 * 64), 3e-3);
  EXPECT_DOUBLE_EQ(recipe.train.learning_rate.at(2000 * 12 * 64), 3e-4);
  EXPECT_DOUBLE_EQ(recipe.train.adamw.beta2, 0.99);
  EXPECT_EQ(recipe.data.split, ValidationSplit::tail);
}

TEST(Recipe, Gpt3IsThePapers) {
  const Recipe recipe = Recipe::load(kRecipes / "gpt3-175b.toml");
  ModelConfig config = preset("gpt3-175b");
  EXPECT_EQ(recipe.model.config, config);
  EXPECT_GE(recipe.total_tokens(), 300'000'000'000);
  EXPECT_EQ(recipe.train.batch_schedule.at(0) * recipe.train.context, 32'768);
  EXPECT_DOUBLE_EQ(recipe.train.learning_rate.at(375'000'000), 6e-5);
  EXPECT_DOUBLE_EQ(recipe.train.adamw.beta2, 0.95);
  EXPECT_DOUBLE_EQ(recipe.train.clip, 1.0);
  EXPECT_DOUBLE_EQ(recipe.train.adamw.weight_decay, 0.1);
}

TEST(Recipe, DefaultsAreGpt3s) {
  const Recipe recipe = Recipe::parse(
      "[model]\nlayers = 1\nheads = 1\nwidth = 8\ncontext = 8\n[data]\npath = 'x'\n[train]\n"
      "tokens = 300_000_000_000\n",
      "r.toml");
  EXPECT_EQ(recipe.train.learning_rate.warmup_tokens, 375'000'000);
  EXPECT_EQ(recipe.train.learning_rate.decay_tokens, 260'000'000'000);
  EXPECT_DOUBLE_EQ(recipe.train.learning_rate.final_ratio, 0.1);
  EXPECT_DOUBLE_EQ(recipe.train.adamw.beta1, 0.9);
  EXPECT_DOUBLE_EQ(recipe.train.adamw.epsilon, 1e-8);
  EXPECT_EQ(recipe.train.leaves, 8);
}

TEST(Recipe, EveryKeyIsDocumented) {
  const std::string manual = read_file(fs::path(OCTAVO_SOURCE_DIR) / "docs" / "recipe.md");
  const Recipe recipe = tiny({"model.attention=alternating"});
  std::istringstream lines(recipe.as_run);
  EXPECT_EQ(Recipe::parse(recipe.as_run, "recipe.toml").as_run, recipe.as_run);
  int keys = 0;
  for (std::string line; std::getline(lines, line);) {
    const size_t equals = line.find(" = ");
    if (equals == std::string::npos) continue;
    EXPECT_NE(manual.find("`" + line.substr(0, equals) + "`"), std::string::npos) << line;
    ++keys;
  }
  EXPECT_GT(keys, 40);
}

TEST(Recipe, OverridesWin) {
  const Recipe recipe = tiny({"train.steps=99", "data.path=other.txt"});
  EXPECT_EQ(recipe.train.steps, 99);
  EXPECT_EQ(recipe.data.sources.front().path, "other.txt");
}

TEST(Recipe, DataPathsAreRelativeToTheDataFolder) {
  const Recipe recipe = Recipe::parse(kTinyRecipe, "t.toml", {}, "/corpora");
  EXPECT_EQ(recipe.source_path(recipe.data.sources.front()), "/corpora/corpus.txt");
  EXPECT_EQ(recipe.source_path({"/elsewhere/x.txt", 0}), "/elsewhere/x.txt");
}

TEST(Recipe, PrecisionIsDecidedWhenTheRunBegins) {
  const Recipe recipe = tiny({"train.precision=auto"});
  EXPECT_EQ(recipe.train.precision, default_precision());
  EXPECT_EQ(recipe.as_run.find("auto\""), recipe.as_run.find("validation = \"auto\""))
      << recipe.as_run;
}

TEST(Recipe, RefusesWhatItDoesNotKnow) {
  expect_refused("did you mean \"train.steps\"", {"train.stesp=3"});
  expect_refused("train.step_count", {"train.step_count=3"});
  expect_refused("did you mean \"gpt3-small\"", {"model.preset=gpt3-smal"});
  expect_refused("data.validation", {"data.validation=random"});
  EXPECT_NO_THROW(tiny({"data.validation=none"}));  // beside a validation_fraction
  EXPECT_NO_THROW(tiny({"model.attention=dense", "model.band_width=8"}));
}

TEST(Recipe, RefusesWrongTypes) {
  expect_refused("train.steps", {"train.steps=many"});
  expect_refused("train.learning_rate", {"train.learning_rate=true"});
  expect_refused("model.width", {"model.width=32.5"});
  expect_refused("train.sample_prompts", {"train.sample_prompts=[1, 2]"});
}

TEST(Recipe, RefusesImpossibleSizes) {
  expect_refused("model.width: expected a multiple of model.heads = 3, found 32",
                 {"model.heads=3"});
  expect_refused("train.context: expected at most the model's context of 16, found 32",
                 {"train.context=32"});
  expect_refused("train.micro_batch: expected a divisor of train.batch = 8, found 3",
                 {"train.micro_batch=3"});
  expect_refused("train.batch_start", {"train.batch_start=3"});
  expect_refused("data.path: expected a file or folder, found an empty path", {"data.path="});
  expect_refused(
      "data.tokenizer: expected bytes, learn, none or a folder with a tokenizer, found nothing "
      "at \"foo\"",
      {"data.tokenizer=foo"});
  expect_refused("data.vocabulary", {"data.tokenizer=learn"});
  expect_refused("data.vocabulary", {"data.tokenizer=learn", "data.vocabulary=257"});
  expect_refused("data.vocabulary: expected it only with", {"data.vocabulary=300"});
  expect_refused("data.digits: expected it only with", {"data.digits=single"});
  expect_refused("model.start_from: expected a model folder or a run's, found nothing at \"foo\"",
                 {"model.start_from=foo"});
  expect_refused("model.vocabulary", {"model.vocabulary=100"});
  expect_refused("model.layers", {"model.layers=0"});
  expect_refused("train.leaves", {"train.leaves=6"});
  expect_refused("train.keep_checkpoints", {"train.keep_checkpoints=1"});
  expect_refused("train.decay_tokens", {"train.decay_tokens=1"});
  expect_refused("train.batch", {"train.batch=16777216", "model.context=1000000"});
  expect_refused("data.validation_fraction", {"data.validation_fraction=1.5"});
  expect_refused("either train.steps or train.tokens", {"train.tokens=1000"});
}

TEST(Recipe, ARampHasABeginningAndALength) {
  std::string text(kTinyRecipe);
  for (const std::string_view line : {"micro_batch = 2\n", "batch_start = 2\n"})
    text.erase(text.find(line), line.size());
  const auto with = [&](std::vector<std::string> settings) {
    return Recipe::parse(text, "ramp.toml", settings);
  };
  expect_error(ErrorKind::usage,
               "train.batch_ramp_tokens: expected train.batch_start beside it, found none",
               [&] { with({}); });
  text.erase(text.find("batch_ramp_tokens"), std::string_view("batch_ramp_tokens = 256\n").size());
  expect_error(ErrorKind::usage,
               "train.batch_start: expected train.batch_ramp_tokens beside it, found none",
               [&] { with({"train.batch_start=2"}); });
  EXPECT_EQ(with({}).train.micro_batch, 8);
  EXPECT_EQ(with({"train.batch_start=6", "train.batch_ramp_tokens=64"}).train.micro_batch, 2);
}

TEST(Recipe, RefusesWhatIsMissing) {
  expect_error(ErrorKind::usage, "model.layers", [] { Recipe::parse("", "empty.toml"); });
  expect_error(ErrorKind::usage, "is it \"modle.layers\" at r.toml:2?",
               [] { Recipe::parse("[modle]\nlayers = 2", "r.toml"); });
  expect_error(ErrorKind::data, "nowhere.toml", [] { Recipe::load("nowhere.toml"); });
}

TEST(Recipe, OnlyHarmlessKeysMayChangeOnResume) {
  const std::string before = tiny().as_run;
  EXPECT_NO_THROW(require_resumable(
      before, tiny({"train.validate_every=1", "run.name=x", "train.recompute=true",
                    "data.path=elsewhere.txt", "train.checkpoint_every=1"})
                  .as_run));
  for (const char* change :
       {"train.seed=8", "model.width=64", "train.learning_rate=1", "train.batch=16",
        "train.precision=bf16", "data.validation_fraction=0.2"})
    expect_error(ErrorKind::usage, std::string(change).substr(0, std::string(change).find('=')),
                 [&] { require_resumable(before, tiny({change}).as_run); });
}

}  // namespace
}  // namespace octavo
