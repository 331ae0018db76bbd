// Whatever happens while a checkpoint is written, the ones before stay and are found; a new one is
// whole or not there. Faults at every system call, kills at every system call, random damage.
#include "octavo/checkpoint/training_state.h"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "octavo/base/random.h"
#include "tests/checkpoint/support.h"

namespace octavo {
namespace {

namespace fs = std::filesystem;

class TrainingCheckpoint : public testing::Test {
 protected:
  /// A checkpoint whose every file depends on `step`.
  CheckpointPlace save(int64_t step) const {
    const GPT model(small_config(), static_cast<uint64_t>(step));
    std::vector<NamedTensor> optimizer;
    for (const Parameter& p : model.parameters())
      optimizer.push_back({"first_moment." + p.name, p.value.data()});
    return save_checkpoint(run, step,
                           {.model = model,
                            .tokenizer = &tokenizer,
                            .optimizer = optimizer,
                            .state = Json::object({{"step", step}, {"cursor", step * 7}}),
                            .recipe = fmt::format("steps = {}\n", step)});
  }
  /// Loads it wholly and compares it with what `save(step)` wrote.
  void expect_whole(const CheckpointPlace& place) const {
    const GPT expected(small_config(), static_cast<uint64_t>(place.step));
    const LoadedModel loaded =
        load_model(place.folder, {.purpose = Purpose::training, .precision = Precision::f32()});
    expect_same_parameters(expected, loaded.model);
    EXPECT_TRUE(loaded.tokenizer.has_value());
    const TrainingState state = load_training_state(place.folder);
    EXPECT_EQ(state.state.at("cursor").integer(), place.step * 7);
    EXPECT_EQ(state.recipe, fmt::format("steps = {}\n", place.step));
    for (const Parameter& p : expected.parameters()) {
      Tensor moment(p.shape, DataType::f32);
      state.read("first_moment." + p.name, moment);
      EXPECT_TRUE(same_bits(moment, p.value.data()));
    }
  }
  std::optional<CheckpointPlace> newest(std::vector<std::string>* damaged = nullptr) const {
    return find_resumable(run, [&](const std::string& what) {
      if (damaged) damaged->push_back(what);
    });
  }
  std::vector<int64_t> steps() const {
    std::vector<int64_t> result;
    for (const CheckpointPlace& place : list_checkpoints(run)) result.push_back(place.step);
    return result;
  }

  TemporaryFolder temporary;
  const fs::path run = temporary / "run";
  const Tokenizer tokenizer = Tokenizer::bytes();
};

TEST_F(TrainingCheckpoint, what_is_saved_is_found_and_loaded) {
  EXPECT_FALSE(newest().has_value());
  EXPECT_TRUE(steps().empty());
  for (const int64_t step : {100, 5, 12'345'678, 123'456'789}) expect_whole(save(step));
  EXPECT_EQ(steps(), (std::vector<int64_t>{5, 100, 12'345'678, 123'456'789}));
  EXPECT_EQ(newest()->step, 123'456'789);
  EXPECT_TRUE(fs::exists(run / "checkpoints" / "step-00000100" / "manifest.json"));
  EXPECT_EQ(inspect_model_folder(run / "checkpoints" / "step-00000100").training_step, 100);
  EXPECT_EQ(fs::canonical(run / "latest"),
            fs::canonical(run / "checkpoints" / "step-123456789"));  // the last saved
}

TEST_F(TrainingCheckpoint, the_same_contents_are_the_same_bytes) {
  const auto first = contents_of(save(3).folder);
  fs::remove_all(run);
  EXPECT_EQ(contents_of(save(3).folder), first);
}

TEST_F(TrainingCheckpoint, saving_a_step_again_replaces_it) {
  save(3);
  overwrite(run / "checkpoints" / "step-00000003" / "config.json", "damaged");
  expect_whole(save(3));
  EXPECT_EQ(newest()->step, 3);
  EXPECT_EQ(std::distance(fs::directory_iterator(run / "checkpoints"), fs::directory_iterator()),
            1);
}

TEST_F(TrainingCheckpoint, pruning_keeps_the_newest) {
  for (const int64_t step : {1, 2, 3, 10}) save(step);
  prune_checkpoints(run, 0);
  EXPECT_EQ(steps().size(), 4u);
  prune_checkpoints(run, 2);
  EXPECT_EQ(steps(), (std::vector<int64_t>{3, 10}));
  prune_checkpoints(run, 5);
  EXPECT_EQ(steps(), (std::vector<int64_t>{3, 10}));
}

TEST_F(TrainingCheckpoint, foreign_folders_are_no_checkpoints) {
  save(3);
  for (const char* name : {"step-", "step-7", "step-00000004.tmp", "step-0000000x", "notes"})
    fs::create_directories(run / "checkpoints" / name);
  EXPECT_EQ(steps(), std::vector<int64_t>{3});
  save(5);
  EXPECT_FALSE(fs::exists(run / "checkpoints" / "step-00000004.tmp"));  // a crash's leftover
  EXPECT_TRUE(fs::exists(run / "checkpoints" / "notes"));
}

TEST_F(TrainingCheckpoint, damage_is_named_and_the_one_before_taken) {
  save(1), save(2), save(3);
  const fs::path third = run / "checkpoints" / "step-00000003";
  const fs::path second = run / "checkpoints" / "step-00000002";
  fs::remove(third / "training" / "state.json");
  fs::remove(second / "manifest.json");
  std::vector<std::string> damaged;
  const auto place = newest(&damaged);
  ASSERT_TRUE(place.has_value());
  EXPECT_EQ(place->step, 1);
  expect_whole(*place);
  ASSERT_EQ(damaged.size(), 2u);
  expect_contains(damaged[0], "step-00000003/training/state.json is missing");
  expect_contains(damaged[1], "step-00000002/manifest.json is missing");
}

TEST_F(TrainingCheckpoint, random_damage_is_always_found) {
  save(1), save(2);
  const fs::path folder = run / "checkpoints" / "step-00000002";
  const auto files = contents_of(folder);
  std::vector<std::string> names;
  for (const auto& [name, bytes] : files) names.push_back(name);
  const RandomStream random{1};
  for (uint64_t i = 0; i < 2000; ++i) {
    const std::string& name = names[random.below(5 * i, names.size())];
    const std::string& bytes = files.at(name);
    if (bytes.empty()) continue;
    std::string damaged = bytes;
    const uint64_t at = random.below(5 * i + 1, bytes.size());
    if (random.below(5 * i + 2, 4) == 0)
      damaged.resize(at);
    else
      damaged[at] = static_cast<char>(damaged[at] ^ 1 << random.below(5 * i + 3, 8));
    overwrite(folder / name, damaged);
    std::vector<std::string> told;
    const auto place = newest(&told);
    ASSERT_TRUE(place && place->step == 1) << name << " at " << at;
    ASSERT_EQ(told.size(), 1u);
    expect_contains(told[0], name);
    overwrite(folder / name, bytes);
  }
  EXPECT_EQ(newest()->step, 2);
}

// Every operation of a save fails once, and every one from there on: an error, nothing lost.
TEST_F(TrainingCheckpoint, faults_at_every_operation_lose_nothing) {
  save(1), save(2);
  int failures = 0;
  for (const FileOperation operation :
       {FileOperation::open, FileOperation::write, FileOperation::sync, FileOperation::rename}) {
    int64_t operations;
    {
      const FileFaults counting;
      save(2);
      operations = counting.count(operation);
    }
    ASSERT_GT(operations, 0);
    for (const auto& [effect, repeat] : {std::pair(FaultEffect::io_error, FaultRepeat::once),
                                         std::pair(FaultEffect::io_error, FaultRepeat::persistent),
                                         std::pair(FaultEffect::no_space, FaultRepeat::persistent),
                                         std::pair(FaultEffect::short_write, FaultRepeat::once)})
      for (int64_t at = 1; at <= operations; ++at) {
        const bool replace = operation == FileOperation::rename || at % 4 == 0;
        try {
          const FileFaults faults({operation, at, effect, repeat});
          save(replace ? 2 : 3);
        } catch (const Error& error) {
          EXPECT_EQ(error.kind(), ErrorKind::io) << error.what();
          ++failures;
        }
        const auto place = newest();
        ASSERT_TRUE(place && place->step >= 2);
        expect_whole(*place);
        if (HasFatalFailure()) return;
        fs::remove_all(run / "checkpoints" / "step-00000003");
      }
  }
  EXPECT_GT(failures, 100);
}

// The process dies at every operation of a save.
TEST_F(TrainingCheckpoint, kills_at_every_operation_lose_nothing) {
  save(1), save(2);
  for (const FileOperation operation :
       {FileOperation::open, FileOperation::write, FileOperation::sync, FileOperation::rename}) {
    for (const int64_t step : {2, 3}) {
      for (int64_t at = 1;; ++at) {
        const pid_t child = fork();
        if (child == 0) {
          set_threads(1);  // threads do not survive a fork
          const FileFaults faults({operation, at, FaultEffect::kill});
          save(step);
          _exit(0);
        }
        int status = 0;
        ASSERT_EQ(waitpid(child, &status, 0), child);
        const auto place = newest();
        ASSERT_TRUE(place && place->step >= 2);
        expect_whole(*place);
        fs::remove_all(run / "checkpoints" / "step-00000003");
        if (WIFEXITED(status)) {
          EXPECT_EQ(WEXITSTATUS(status), 0);
          break;  // beyond the last operation
        }
        ASSERT_EQ(WTERMSIG(status), SIGKILL);
      }
    }
  }
}

TEST_F(TrainingCheckpoint, a_moment_of_another_shape_is_refused) {
  const TrainingState state = load_training_state(save(1).folder);
  const std::string message = error_of(ErrorKind::data, [&] {
    state.read("first_moment.final_norm.weight", Tensor({9}, DataType::f32));
  });
  expect_contains(message, "\"first_moment.final_norm.weight\" is f32 [8], expected f32 [9]");
  error_of(ErrorKind::data, [&] { state.read("third_moment", Tensor({9}, DataType::f32)); });
  save_model(temporary / "model", GPT(small_config(), 1), {});
  expect_contains(error_of(ErrorKind::data, [&] { load_training_state(temporary / "model"); }),
                  "is no training checkpoint");
}

}  // namespace
}  // namespace octavo
