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

TEST_F(ResumeTest, RefusesOtherDataInTheCache) {
  const std::string cache = "data.cache=" + (folder / "cache").string();
  train_until("run", recipe({cache}), 5);
  write_file(folder / "corpus.txt", tiny_corpus(2001));
  EXPECT_EQ(kind_of([&] { train("run", recipe({cache}), RunStart::resume); }), ErrorKind::data);
}

}  // namespace
}  // namespace octavo
