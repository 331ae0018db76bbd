// Runs repeat to the bit: straight against interrupted and resumed, with any number of threads.
#include <gtest/gtest.h>

#include "octavo/train/run_folder.h"
#include "support.h"

namespace octavo {
namespace {

namespace fs = std::filesystem;

using ResumeTest = TrainingTest;

TEST_F(ResumeTest, AResumedRunIsTheStraightRun) {
  train("straight", recipe());
  const auto expected = results_of(folder / "straight");
  for (const int64_t stop : {1, 2, 3, 5, 11}) {
    const std::string run = "stopped-" + std::to_string(stop);
    train_until(run, recipe(), stop);
    train(run, recipe(), RunStart::resume);
    EXPECT_EQ(results_of(folder / run), expected) << "stopped after step " << stop;
  }
}

TEST_F(ResumeTest, SoIsOneStoppedAfterEveryStep) {
  train("straight", recipe());
  train_until("stopped", recipe(), 1);
  for (int64_t step = 2; step < 12; ++step)
    train_until("stopped", recipe(), step, RunStart::resume);
  train("stopped", recipe(), RunStart::resume);
  EXPECT_EQ(results_of(folder / "stopped"), results_of(folder / "straight"));
}

TEST_F(ResumeTest, ThreadsDoNotMatter) {
  for (const char* precision : {"fp32", "bf16"}) {
    const Recipe tiny = recipe({std::string("train.precision=") + precision, "train.steps=3",
                                "model.width=64", "model.context=64", "train.batch_start=8"});
    train(precision, tiny);
    const auto expected = results_of(folder / precision);
    for (const int count : {2, 3, 8}) {
      const std::string run = fmt::format("{}-{}", precision, count);
      set_threads(count);
      train(run, tiny);
      EXPECT_EQ(results_of(folder / run), expected) << precision << ", threads: " << count;
    }
    set_threads(1);
  }
}

TEST_F(ResumeTest, NeitherDoesRecomputation) {
  train("kept", recipe());
  train("recomputed", recipe({"train.recompute=true"}));
  EXPECT_EQ(results_of(folder / "recomputed"), results_of(folder / "kept"));
}

TEST_F(ResumeTest, AnotherSeedIsAnotherRun) {
  train("one", recipe());
  train("two", recipe({"train.seed=8"}));
  EXPECT_NE(results_of(folder / "one"), results_of(folder / "two"));
}

TEST_F(ResumeTest, WithoutACheckpointBeginsAgain) {
  train("straight", recipe());
  train_until("killed", recipe(), 2);
  fs::remove_all(folder / "killed" / "checkpoints");
  train("killed", recipe(), RunStart::resume);
  EXPECT_EQ(results_of(folder / "killed"), results_of(folder / "straight"));
}

TEST_F(ResumeTest, GoesOnLongerThanFirstMeant) {
  const auto until = [&](int steps) {
    return recipe({fmt::format("train.steps={}", steps), "train.decay_tokens=4000"});
  };
  train("straight", until(12));
  train("extended", until(6));
  train("extended", until(12), RunStart::resume);
  auto expected = results_of(folder / "straight"), found = results_of(folder / "extended");
  // The shorter run also validated at its end, so its log has a line more.
  expected.erase("metrics.jsonl"), expected.erase("training/state.json");
  found.erase("metrics.jsonl"), found.erase("training/state.json");
  EXPECT_EQ(found, expected);
}

TEST_F(ResumeTest, AFinishedRunStaysAsItIs) {
  train("run", recipe());
  const auto before = results_of(folder / "run");
  const TrainingSummary summary = train("run", recipe(), RunStart::resume);
  EXPECT_EQ(summary.steps, 12);
  EXPECT_EQ(results_of(folder / "run"), before);
}

TEST_F(ResumeTest, RefusesARecipeOfAnotherRun) {
  train_until("run", recipe(), 2);
  expect_error(ErrorKind::usage, "train.seed: this run began with 7",
               [&] { train("run", recipe({"train.seed=8"}), RunStart::resume); });
  train("run", recipe(), RunStart::resume);  // and lost nothing by it
}

TEST_F(ResumeTest, KeepsItsOwnTextIfTheFileChanges) {
  train("straight", recipe());
  train_until("run", recipe(), 5);
  write_file(folder / "corpus.txt", "another text");
  train("run", recipe(), RunStart::resume);
  EXPECT_EQ(results_of(folder / "run"), results_of(folder / "straight"));
}

TEST_F(ResumeTest, AStopWithinTheValidationLeavesItForLater) {
  train("straight", recipe());
  for (const int64_t step : {4, 12}) {
    const std::string run = fmt::format("stopped-{}", step);
    int64_t seen = 0, asked = 0;
    TrainerEvents events;
    events.on_step = [&](const StepRecord& record) { seen = record.step; };
    events.stop_requested = [&] { return seen == step && ++asked == 3; };  // its third micro-batch
    EXPECT_EQ(kind_of([&] { train(run, recipe(), RunStart::fresh, events); }),
              ErrorKind::interrupted);
    EXPECT_EQ(asked, 3);
    train(run, recipe(), RunStart::resume);
    EXPECT_EQ(results_of(folder / run), results_of(folder / "straight"));
  }
}

TEST_F(ResumeTest, DamagedMetricsCostOnlyThemselves) {
  train("straight", recipe());
  auto expected = results_of(folder / "straight");
  train_until("run", recipe(), 5);
  fs::remove(folder / "run" / "metrics.jsonl");
  std::string told;
  TrainerEvents events;
  events.report = [&](LogLevel, std::string_view text) { told += text; };
  train("run", recipe(), RunStart::resume, events);
  EXPECT_NE(told.find("metrics.jsonl"), std::string::npos) << told;
  auto found = results_of(folder / "run");
  for (const char* name : {"metrics.jsonl", "training/state.json"})
    expected.erase(name), found.erase(name);
  EXPECT_EQ(found, expected);
  EXPECT_TRUE(read_file(folder / "run" / "metrics.jsonl").starts_with("{\"step\": 6,"));
}

TEST_F(ResumeTest, DoesNotBeginAgainWhereAllCheckpointsAreDamaged) {
  train_until("run", recipe(), 7);
  const fs::path run = folder / "run";
  const std::string metrics = read_file(run / "metrics.jsonl");
  for (const CheckpointPlace& place : list_checkpoints(run))
    fs::resize_file(place.folder / "model.safetensors", 100);
  for (const char* words : {"model.safetensors", "no checkpoint is whole", "--overwrite"})
    expect_error(ErrorKind::data, words, [&] { train("run", recipe(), RunStart::resume); });
  EXPECT_EQ(read_file(run / "metrics.jsonl"), metrics);
  EXPECT_EQ(list_checkpoints(run).size(), 2u);
}

TEST_F(ResumeTest, RefusesAnotherTextThanItsOwn) {
  train_until("run", recipe(), 5);
  write_file(folder / "other.txt", tiny_corpus(2001));
  for (const char* words : {"data.path: this run began with [\"corpus.txt\"]", "its own copy"})
    expect_error(ErrorKind::usage, words,
                 [&] { train("run", recipe({"data.path=other.txt"}), RunStart::resume); });
  train("run", recipe(), RunStart::resume);
}

// As the command line resumes: with the run's folder in the recipe.
TEST_F(ResumeTest, KeysThatNobodyGivesAreTheRunsOwn) {
  const std::string place = "run.directory=" + (folder / "run").string();
  std::string text(kTinyRecipe);
  text.erase(text.find("warmup_tokens"), std::string_view("warmup_tokens = 64\n").size());
  const auto load = [&](std::vector<std::string> settings, RunStart start) {
    settings.push_back(place);
    return Recipe::parse(text, "tiny.toml", settings, start == RunStart::fresh ? folder : "",
                         start);
  };
  const Recipe first = load({"train.seed=9"}, RunStart::fresh);
  train("run", first);
  const Recipe longer = load({"train.steps=300"}, RunStart::resume);
  EXPECT_EQ(longer.train.steps, 300);
  EXPECT_EQ(longer.train.seed, 7u);  // which the recipe gives
  const Recipe seeded = load({"train.steps=14", "train.seed=9"}, RunStart::resume);
  EXPECT_EQ(seeded.train.learning_rate.warmup_tokens, first.train.learning_rate.warmup_tokens);
  EXPECT_EQ(seeded.train.learning_rate.decay_tokens, first.train.learning_rate.decay_tokens);
  EXPECT_EQ(seeded.data.directory, folder);  // given on the first command line alone
  train("run", seeded, RunStart::resume);
  EXPECT_EQ(list_checkpoints(folder / "run").back().step, 14);
}

TEST_F(ResumeTest, ALengthInTokensIsLengthenedInTokens) {
  const std::string place = "run.directory=" + (folder / "run").string();
  std::string text(kTinyRecipe);
  text.replace(text.find("steps = 12"), 10, "tokens = 900");
  const auto load = [&](std::vector<std::string> settings, RunStart start) {
    settings.push_back(place);
    return Recipe::parse(text, "tiny.toml", settings, folder, start);
  };
  const Recipe first = load({}, RunStart::fresh);
  EXPECT_EQ(first.train.tokens, 900);
  train("run", first);
  const Recipe longer = load({"train.tokens=1800"}, RunStart::resume);
  EXPECT_GT(longer.train.steps, first.train.steps);
  train("run", longer, RunStart::resume);
  // A recipe in steps takes over.
  EXPECT_EQ(Recipe::parse(kTinyRecipe, "tiny.toml", std::vector<std::string>{place}, folder,
                          RunStart::resume)
                .train.steps,
            12);
}

TEST_F(ResumeTest, RefusesOtherDataInTheCache) {
  const std::string cache = "data.cache=" + (folder / "cache").string();
  train_until("run", recipe({cache}), 5);
  write_file(folder / "corpus.txt", tiny_corpus(2001));
  EXPECT_EQ(kind_of([&] { train("run", recipe({cache}), RunStart::resume); }), ErrorKind::data);
}

}  // namespace
}  // namespace octavo
