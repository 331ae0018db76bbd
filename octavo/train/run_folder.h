// The run folder: where a training run keeps what it makes, and who may write there.
//
//     recipe.toml         the recipe as run; its first line says so
//     recipe.original.toml   a recipe.toml that someone wrote by hand, kept as it was
//     metrics.jsonl       what the run computed: the same bytes for the same run
//     timing.jsonl        what the clock decided: seconds, tokens/s, share of peak
//     samples.jsonl       texts written by the model on the way
//     report.html         curves, samples, recipe; rewritten as the run goes
//     loss.svg            its first curve as a picture
//     events.out.tfevents.…   the same curves for TensorBoard
//     data/source-0/      token shards, unless the recipe keeps them elsewhere
//     data.next/          shards of a run that has not begun
//     checkpoints/step-00000100/   model folder + training/ + manifest
//     latest              the newest checkpoint's name
//     lock                held while a process writes here
//
// Checkpoints and `latest` are checkpoint/training_state.h's. A folder that holds another run is
// refused unless its owner asks, one that holds anything else always, but for a recipe written by
// hand and data beside it. Tested by tests/train/run_folder_test.cpp.
#pragma once

#include <filesystem>
#include <string>

#include "octavo/base/files.h"

namespace octavo {

enum class RunStart {
  fresh,      ///< the folder must be absent, empty, or hold but a recipe and data
  resume,     ///< the folder must hold a run
  overwrite,  ///< what a run left there is removed first (other files are not, and refuse the run)
};

class RunFolder {
 public:
  /// Locks the folder, creating it if `fresh`. Throws `conflict` if another process writes there,
  /// or if what is there does not fit `start`; the message says which flag would do.
  RunFolder(std::filesystem::path directory, RunStart start);

  const std::filesystem::path& directory() const { return directory_; }
  RunStart start() const { return start_; }
  std::filesystem::path recipe() const { return directory_ / "recipe.toml"; }
  std::filesystem::path metrics() const { return directory_ / "metrics.jsonl"; }
  std::filesystem::path timing() const { return directory_ / "timing.jsonl"; }
  std::filesystem::path samples() const { return directory_ / "samples.jsonl"; }
  std::filesystem::path report() const { return directory_ / "report.html"; }
  std::filesystem::path loss_curve() const { return directory_ / "loss.svg"; }
  std::filesystem::path data() const { return directory_ / "data"; }
  /// Of the data: where a tokenizer is that was learned for the run.
  static constexpr const char* kTokenizer = "tokenizer";
  /// Where shards of the run's own are made; begin() puts them into data().
  std::filesystem::path new_data() const;
  /// Whether the run has shards of its own.
  bool has_data() const;

  /// The run can begin: with `overwrite`, removes the old one; puts its data in place and writes
  /// recipe.toml. Whatever failed before this has cost the old run nothing. Throws `io` if
  /// something of the old run cannot be removed, since what is left would be taken for the new one.
  void begin(const std::string& recipe_as_run) const;

 private:
  void remove_old_run() const;
  void keep_original_recipe() const;
  void place_data() const;

  std::filesystem::path directory_;
  RunStart start_;
  FileLock lock_;
};

/// The model folder meant by a path: the path itself, or the newest checkpoint of a run's folder
/// that is whole (has its manifest).
std::filesystem::path model_folder_of(const std::filesystem::path& path);

}  // namespace octavo
