// Who may write into a run's folder, and what is there after each refusal: everything.
#include "octavo/train/run_folder.h"

#include <gtest/gtest.h>

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
