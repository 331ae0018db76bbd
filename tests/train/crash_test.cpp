// Nothing is lost: runs killed at 200 random moments, disks that fail in any write, bits that flip.
// Afterwards the run goes on from the last or the one before of its checkpoints and ends with the
// same bits.
//
// Short here; tools/crash_drill.sh sets OCTAVO_DRILL for the long form: every open, write, fsync
// and rename, 2,000 flips and truncations.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <optional>

#include "child.h"
#include "octavo/base/clock.h"
#include "support.h"

namespace octavo {
namespace {

namespace fs = std::filesystem;

bool drill() { return std::getenv("OCTAVO_DRILL") != nullptr; }

class CrashTest : public TrainingTest {
 protected:
  // A run that has two checkpoints (steps 3 and 6) and six more steps to go.
  void begin_run() {
    train_until("base", busy(), 6);
    train("straight", busy());
    expected_ = results_of(folder / "straight");
  }

  // Nothing but saving and training, so that this is where it strikes.
  Recipe busy() const { return recipe({"train.validate_every=0"}); }

  fs::path fresh_copy() const {
    fs::remove_all(folder / "run");
    fs::copy(folder / "base", folder / "run",
             fs::copy_options::recursive | fs::copy_options::copy_symlinks);
    return folder / "run";
  }

  void expect_to_end_as_the_straight_run(const std::string& story) {
    ASSERT_NO_THROW(train("run", busy(), RunStart::resume)) << story;
    EXPECT_EQ(results_of(folder / "run"), expected_) << story;
  }

  std::map<std::string, std::string> expected_;
};

// ---- Kills --------------------------------------------------------------------------------------

// Trains in the folder it is given, saving after each step, until it is done or killed.
TEST(CrashChild, DISABLED_Train) {
  set_threads(1);
  const fs::path run = ChildTest::argument();
  const bool begun = fs::exists(run / "recipe.toml");
  const Recipe recipe = Recipe::parse(
      kTinyRecipe, "tiny.toml",
      std::vector<std::string>{"train.checkpoint_every=1", "train.steps=40"}, run.parent_path());
  Trainer(recipe, RunFolder(run, begun ? RunStart::resume : RunStart::fresh)).run();
}

TEST_F(CrashTest, KilledAtRandomMoments) {
  const std::vector<std::string> saving{"train.checkpoint_every=1", "train.steps=40"};
  const double begin = monotonic_seconds();
  ASSERT_TRUE(ChildTest("CrashChild.DISABLED_Train", (folder / "straight").string()).wait());
  const double whole = monotonic_seconds() - begin;

  constexpr int kKills = 200;
  const RandomStream random{2024};
  int killed = 0, rounds = 0;
  while (killed < kKills) {
    const std::string run = fmt::format("killed-{}", rounds++);
    int64_t newest = 0;
    for (bool finished = false; !finished;) {
      ChildTest child("CrashChild.DISABLED_Train", (folder / run).string());
      if (killed < kKills) {
        usleep(
            static_cast<useconds_t>(random.uniform(static_cast<uint64_t>(killed)) * whole * 5e5));
        child.kill();
        ++killed;
      }
      finished = child.wait();
      // The last or the one before loads, and no progress is undone.
      int passed_over = 0;
      const auto found = find_resumable(folder / run, [&](const std::string&) { ++passed_over; });
      EXPECT_LE(passed_over, 1);
      EXPECT_GE(found ? found->step : 0, newest);
      if (found) newest = found->step;
    }
    EXPECT_EQ(results_of(folder / run), results_of(folder / "straight"));
    fs::remove_all(folder / run);
  }
}

// ---- Faults -------------------------------------------------------------------------------------

struct Fault {
  FileOperation operation;
  FaultEffect effect;
  const char* name;
};
constexpr Fault kFaults[] = {{FileOperation::write, FaultEffect::io_error, "EIO in write"},
                             {FileOperation::write, FaultEffect::no_space, "ENOSPC in write"},
                             {FileOperation::write, FaultEffect::short_write, "short write"},
                             {FileOperation::sync, FaultEffect::io_error, "EIO in fsync"},
                             {FileOperation::rename, FaultEffect::io_error, "EIO in rename"},
                             {FileOperation::open, FaultEffect::no_space, "ENOSPC in open"}};

TEST_F(CrashTest, ADiskThatFailsCostsNothing) {
  begin_run();
  const int64_t stride = drill() ? 1 : 7;
  for (const Fault& fault : kFaults) {
    int64_t failures = 0;
    for (int64_t n = 1;; n += stride) {
      fresh_copy();
      bool struck = false;
      std::optional<ErrorKind> kind;
      {
        FileFaults faults({.operation = fault.operation,
                           .at = n,
                           .effect = fault.effect,
                           .repeat = n % 2 ? FaultRepeat::once : FaultRepeat::persistent});
        try {
          train("run", busy(), RunStart::resume);
        } catch (const Error& error) {
          kind = error.kind();
          EXPECT_EQ(error.kind(), ErrorKind::io) << error.what();
        }
        struck = faults.count(fault.operation) >= n;
      }
      if (!struck) break;
      failures += kind.has_value();
      ASSERT_TRUE(kind || fault.effect == FaultEffect::short_write || n % 2)
          << fault.name << " " << n << " went unnoticed";
      expect_to_end_as_the_straight_run(fmt::format("{} number {}", fault.name, n));
    }
    if (fault.effect != FaultEffect::short_write) {
      EXPECT_GT(failures, 0) << fault.name;
    }
  }
}

// ---- Damage -------------------------------------------------------------------------------------

std::vector<fs::path> files_of(const fs::path& checkpoint) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(checkpoint))
    if (entry.is_regular_file()) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

// Flips one bit of the file, or cuts it, as the draw says; tells what was done.
std::string damage(const fs::path& file, uint64_t draw) {
  std::string bytes = read_file(file);
  const RandomStream random{99, 1, static_cast<uint32_t>(draw)};
  const size_t place = random.below(0, bytes.size());
  if (random.below(1, 4) == 0) {
    bytes.resize(place);
  } else {
    bytes[place] = static_cast<char>(bytes[place] ^ (1 << random.below(2, 8)));
  }
  std::ofstream(file, std::ios::binary) << bytes;
  return fmt::format("{} {} at {}", file.filename().string(),
                     bytes.size() == place ? "cut" : "flipped", place);
}

TEST_F(CrashTest, DamageIsFoundNamedAndPassedOver) {
  begin_run();
  const fs::path run = fresh_copy();
  const fs::path newest = fs::canonical(run / "latest");
  const std::vector<fs::path> files = files_of(newest);
  ASSERT_GE(files.size(), 6u);
  const int64_t trials = drill() ? 2000 : 100;
  for (int64_t i = 0; i < trials; ++i) {
    const fs::path& file = files[static_cast<size_t>(i) % files.size()];
    const std::string before = read_file(file);
    if (before.empty()) continue;
    const std::string story = damage(file, static_cast<uint64_t>(i));
    std::string told;
    const auto found = find_resumable(run, [&](const std::string& problem) { told = problem; });
    ASSERT_TRUE(found) << story;
    EXPECT_EQ(found->step, 3) << story;
    EXPECT_NE(told.find(file.filename().string()), std::string::npos) << story << ": " << told;
    std::ofstream(file, std::ios::binary) << before;
  }
  EXPECT_EQ(find_resumable(run, {})->step, 6);
}

TEST_F(CrashTest, ADamagedCheckpointIsReplacedByTheSame) {
  begin_run();
  const size_t files = files_of(fs::canonical(folder / "base" / "latest")).size();
  for (size_t i = 0; i < files; i += drill() ? 1 : 3) {
    fresh_copy();
    const fs::path newest = fs::canonical(folder / "run" / "latest");
    const std::string story = damage(files_of(newest)[i], i);
    std::string told;
    TrainerEvents events;
    events.report = [&](LogLevel, std::string_view text) { told += text; };
    train("run", busy(), RunStart::resume, events);
    EXPECT_NE(told.find("damaged checkpoint"), std::string::npos) << story;
    EXPECT_EQ(results_of(folder / "run"), expected_) << story;
    EXPECT_TRUE(fs::exists(folder / "run" / "checkpoints" / "damaged-step-00000006")) << story;
  }
}

}  // namespace
}  // namespace octavo
