// Who may write into a run's folder, and what is there after each refusal: everything.
#include "octavo/train/run_folder.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "octavo/checkpoint/model_folder.h"
#include "support.h"

namespace octavo {
namespace {

namespace fs = std::filesystem;

using RunFolderTest = TrainingTest;

TEST_F(RunFolderTest, AnotherRunIsNotOverwrittenUnasked) {
  train("run", recipe({"train.steps=2"}));
  const auto before = results_of(folder / "run");
  expect_error(ErrorKind::conflict, "--resume", [&] { train("run", recipe()); });
  EXPECT_EQ(results_of(folder / "run"), before);
  train("run", recipe({"train.steps=3"}), RunStart::overwrite);
  EXPECT_NE(results_of(folder / "run"), before);
  EXPECT_FALSE(fs::exists(folder / "run" / "checkpoints" / "step-00000002"));
}

TEST_F(RunFolderTest, OtherPeoplesFilesAreNeverTouched) {
  fs::create_directories(folder / "home");
  write_file(folder / "home" / "thesis.txt", "ten years of work");
  for (const RunStart start : {RunStart::fresh, RunStart::overwrite})
    expect_error(ErrorKind::conflict, "thesis.txt", [&] { train("home", recipe(), start); });
  EXPECT_EQ(read_file(folder / "home" / "thesis.txt"), "ten years of work");
  expect_error(ErrorKind::conflict, "found a file", [&] { train("corpus.txt", recipe()); });
}

TEST_F(RunFolderTest, AFailedBeginningLeavesTheOldRun) {
  train("run", recipe({"train.steps=2"}));
  const auto before = results_of(folder / "run");
  EXPECT_EQ(kind_of([&] { train("run", recipe({"data.path=nowhere.txt"}), RunStart::overwrite); }),
            ErrorKind::data);
  EXPECT_EQ(results_of(folder / "run"), before);
}

TEST_F(RunFolderTest, SoDoesATextThatIsTooSmall) {
  train("straight", recipe());
  train_until("run", recipe(), 5);
  write_file(folder / "small.txt", "too small for a batch");
  EXPECT_EQ(kind_of([&] { train("run", recipe({"data.path=small.txt"}), RunStart::overwrite); }),
            ErrorKind::data);
  train("run", recipe(), RunStart::resume);
  EXPECT_EQ(results_of(folder / "run"), results_of(folder / "straight"));
  EXPECT_FALSE(fs::exists(folder / "run" / "data.next"));
}

// Higher steps of an old run would be taken for this one's. Root may remove anything, so this is
// tried as nobody.
TEST_F(RunFolderTest, WhatCannotBeRemovedEndsTheBeginning) {
  train("run", recipe({"train.steps=4"}));
  constexpr uid_t kNobody = 65534;
  const uid_t user = geteuid();
  if (user == 0) {
    EXPECT_EQ(chown(folder.c_str(), kNobody, kNobody), 0);
    for (const auto& entry : fs::recursive_directory_iterator(folder))
      EXPECT_EQ(lchown(entry.path().c_str(), kNobody, kNobody), 0);
    ASSERT_EQ(seteuid(kNobody), 0);
  }
  const fs::path checkpoints = folder / "run" / "checkpoints";
  fs::permissions(checkpoints, fs::perms::owner_read | fs::perms::owner_exec);
  expect_error(ErrorKind::io, "checkpoints: cannot be removed",
               [&] { train("run", recipe({"train.steps=2"}), RunStart::overwrite); });
  fs::permissions(checkpoints, fs::perms::owner_all);
  if (user == 0) {
    ASSERT_EQ(seteuid(0), 0);
  }
}

TEST_F(RunFolderTest, OnlyOurOwnTemporaryFilesAreOurs) {
  train("run", recipe({"train.steps=2"}));
  const fs::path ours = folder / "run" / "report.html.123-4.tmp";
  write_file(ours, "half");
  for (const char* name : {"notes.tmp", "report.html.tmp", "notes.123-4.tmp"}) {
    const fs::path theirs = folder / "run" / name;
    write_file(theirs, "mine");
    expect_error(ErrorKind::conflict, name,
                 [&] { train("run", recipe({"train.steps=1"}), RunStart::overwrite); });
    EXPECT_TRUE(fs::remove(theirs));
  }
  train("run", recipe({"train.steps=1"}), RunStart::overwrite);
  EXPECT_FALSE(fs::exists(ours));
}

TEST_F(RunFolderTest, ARecipeByHandIsNoRunAndIsKept) {
  const fs::path run = folder / "project";
  const std::string text = std::string(kTinyRecipe) + "# what I learned: …\n";
  fs::create_directories(run / "data");
  write_file(run / "recipe.toml", text);
  fs::copy(folder / "corpus.txt", run / "data" / "corpus.txt");
  const std::vector<std::string> settings{"train.steps=3"};
  const Recipe own = Recipe::load(run / "recipe.toml", settings, run / "data");
  expect_error(ErrorKind::data, "a recipe that has not been run",
               [&] { train("project", own, RunStart::resume); });
  train("project", own);
  EXPECT_EQ(read_file(run / "recipe.original.toml"), text);
  EXPECT_TRUE(read_file(run / "recipe.toml").ends_with(own.as_run));
  EXPECT_TRUE(fs::exists(run / "data" / "corpus.txt"));
  expect_error(ErrorKind::conflict, "another run", [&] { train("project", own); });
  train("project", own, RunStart::overwrite);
  EXPECT_EQ(read_file(run / "recipe.original.toml"), text);

  for (const char* old : {"checkpoints", "latest", "metrics.jsonl", "timing.jsonl"})
    fs::remove_all(run / old);
  write_file(run / "recipe.toml", "# another\n" + text);
  expect_error(ErrorKind::conflict, "recipe.original.toml",
               [&] { train("project", own, RunStart::overwrite); });
}

TEST_F(RunFolderTest, AFailedBeginningDoesNotBlockTheNext) {
  EXPECT_EQ(kind_of([&] { train("run", recipe({"data.path=nowhere.txt"})); }), ErrorKind::data);
  train("run", recipe({"train.steps=1"}));
}

TEST_F(RunFolderTest, TwoProcessesCannotWriteOneRun) {
  const RunFolder held(folder / "run", RunStart::fresh);
  for (const RunStart start : {RunStart::fresh, RunStart::overwrite})
    expect_error(ErrorKind::conflict, "lock", [&] { RunFolder(folder / "run", start); });
}

TEST_F(RunFolderTest, ResumingNeedsARun) {
  expect_error(ErrorKind::data, "recipe.toml",
               [&] { train("nowhere", recipe(), RunStart::resume); });
  EXPECT_FALSE(fs::exists(folder / "nowhere"));
}

TEST_F(RunFolderTest, ARunStandsForItsNewestModel) {
  const TrainingSummary summary = train("run", recipe({"train.steps=4"}));
  EXPECT_EQ(fs::canonical(model_folder_of(folder / "run")), fs::canonical(summary.model));
  EXPECT_EQ(model_folder_of(summary.model), summary.model);
  EXPECT_EQ(load_config(model_folder_of(folder / "run")).width, 32);
}

}  // namespace
}  // namespace octavo
