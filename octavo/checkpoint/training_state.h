// Training checkpoints: a model folder plus `training/` with all that a run needs to go on.
//
//   RUN/checkpoints/step-00000100/      config.json, model.safetensors, tokenizer.json, …
//                   training/           optimizer.safetensors, state.json, recipe.toml
//                   manifest.json       last; without it the checkpoint does not exist
//   RUN/latest                          a link to the newest
//
// A checkpoint is written under a temporary name, every file and directory fsynced, and renamed
// when it is whole: a crash or a full disk at any moment leaves the ones before as they were.
// Resuming believes only what verifies, newest first. Tested by
// tests/checkpoint/training_state_test.cpp with a fault in every open, write, fsync and rename.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "octavo/base/json.h"
#include "octavo/checkpoint/model_folder.h"

namespace octavo {

struct NamedTensor {
  std::string name;  ///< "first_moment.blocks.0.attention.qkv.weight"
  Tensor tensor;
};

/// What goes into a checkpoint.
struct CheckpointContents {
  const GPT& model;
  const Tokenizer* tokenizer = nullptr;
  std::span<const NamedTensor> optimizer;
  Json state;          ///< step, cursor, sizes of the logs …: anything
  std::string recipe;  ///< TOML, as run
};

struct CheckpointPlace {
  std::filesystem::path folder;
  int64_t step = 0;
};

/// Writes RUN/checkpoints/step-<step>, replacing one of that step, and links RUN/latest to it. One
/// process at a time may write a run. Throws `io` if the disk refuses; the checkpoints that were
/// there still are.
CheckpointPlace save_checkpoint(const std::filesystem::path& run, int64_t step,
                                const CheckpointContents& contents);

/// The checkpoints that seem to be there, oldest first; unverified.
std::vector<CheckpointPlace> list_checkpoints(const std::filesystem::path& run);

/// The newest checkpoint that verifies. Each damaged one passed over is told to `damaged`, with the
/// file's name. Nothing if there is none.
std::optional<CheckpointPlace> find_resumable(
    const std::filesystem::path& run, const std::function<void(const std::string&)>& damaged);

/// Points RUN/latest to a checkpoint: after saving one, or after falling back to it.
void link_latest(const std::filesystem::path& run, const CheckpointPlace& checkpoint);

/// The `training/` part of a checkpoint. The model is read by load_model with Purpose::training.
struct TrainingState {
  Json state;
  std::string recipe;
  SafetensorsFile optimizer;

  /// Copies an optimizer tensor into `out`; throws `data` if its type or shape is another.
  void read(const std::string& name, const Tensor& out) const;
};
TrainingState load_training_state(const std::filesystem::path& checkpoint);

/// Removes all but the newest `keep` checkpoints (0 keeps all).
void prune_checkpoints(const std::filesystem::path& run, int64_t keep);

}  // namespace octavo
