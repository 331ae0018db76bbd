// What the tests of this folder share: a folder with a tiny corpus, a tiny recipe, and running it.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "octavo/base/error.h"
#include "octavo/base/files.h"
#include "octavo/base/random.h"
#include "octavo/base/threads.h"
#include "octavo/train/trainer.h"

namespace octavo {

/// A recipe for a model that trains in milliseconds a step; dropout is on, so that its random
/// numbers are part of what must repeat; four micro-batches a step once the batch ramp is over.
inline constexpr std::string_view kTinyRecipe = R"(
[model]
layers = 2
heads = 2
width = 32
context = 16
dropout = 0.1

[data]
path = "corpus.txt"
validation = "tail"
validation_fraction = 0.1

[train]
steps = 12
batch = 8
micro_batch = 2
batch_start = 2
batch_ramp_tokens = 256
precision = "fp32"
learning_rate = 1e-2
warmup_tokens = 64
validate_every = 4
checkpoint_every = 3
keep_checkpoints = 2
seed = 7
)";

/// Words in a random order: something to learn, the same everywhere.
inline std::string tiny_corpus(uint64_t words = 2000) {
  constexpr const char* kWords[] = {"the", "cat", "sat", "on", "a", "mat", "and", "slept", "well"};
  std::string text;
  for (uint64_t i = 0; i < words; ++i)
    text += std::string(kWords[RandomStream{1, 2, 3}.below(i, 9)]) + " ";
  return text;
}

class TrainingTest : public testing::Test {
 protected:
  TrainingTest() {
    std::string name = (std::filesystem::temp_directory_path() / "octavo-train-XXXXXX").string();
    if (!mkdtemp(name.data())) throw std::runtime_error("mkdtemp failed");
    folder = name;
    write_file(folder / "corpus.txt", tiny_corpus());
    set_threads(1);  // the models are too small for more; the tests of threads ask for them
  }
  ~TrainingTest() override {
    set_threads(all_threads_);
    std::filesystem::remove_all(folder);
  }

  Recipe recipe(std::vector<std::string> overrides = {}) const {
    return Recipe::parse(kTinyRecipe, "tiny.toml", overrides, folder);
  }

  /// Trains in a folder of this name to the end of the recipe.
  TrainingSummary train(const std::string& run, const Recipe& recipe,
                        RunStart start = RunStart::fresh, TrainerEvents events = {}) const {
    return Trainer(recipe, RunFolder(folder / run, start), std::move(events)).run();
  }

  /// Trains until a stop after `step`, as a signal would; expects it to be answered.
  void train_until(const std::string& run, const Recipe& recipe, int64_t step,
                   RunStart start = RunStart::fresh) const {
    int64_t seen = 0;
    TrainerEvents events;
    events.on_step = [&](const StepRecord& record) { seen = record.step; };
    events.stop_requested = [&] { return seen >= step; };
    EXPECT_EQ(kind_of([&] { train(run, recipe, start, events); }), ErrorKind::interrupted);
  }

  template <class Action>
  static ErrorKind kind_of(const Action& action) {
    try {
      action();
    } catch (const Error& error) {
      return error.kind();
    }
    ADD_FAILURE() << "expected an error";
    return ErrorKind::internal;
  }

  std::filesystem::path folder;

 private:
  const int all_threads_ = threads();
};

/// Runs the action and expects an Error of this kind whose message holds these words.
template <class Action>
void expect_error(ErrorKind kind, std::string_view words, const Action& action) {
  try {
    action();
    ADD_FAILURE() << "no error; expected: " << words;
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), kind) << error.what();
    EXPECT_NE(std::string_view(error.what()).find(words), std::string_view::npos) << error.what();
  }
}

/// What must be the same for the same run: weights, optimizer and cursor of the newest checkpoint,
/// and metrics.jsonl, as hashes by name.
inline std::map<std::string, std::string> results_of(const std::filesystem::path& run) {
  std::map<std::string, std::string> results;
  const auto latest = run / "latest";
  for (const char* file : {"model.safetensors", "config.json", "training/optimizer.safetensors",
                           "training/state.json"})
    results[file] = hash_file(latest / file);
  results["latest"] = std::filesystem::read_symlink(latest).string();
  results["metrics.jsonl"] = read_file(run / "metrics.jsonl");
  return results;
}

}  // namespace octavo
