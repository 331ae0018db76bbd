// The recipe: one readable TOML file that says everything about a training run.
//
// Read key by key with types, ranges and defaults (base/recipe_file.h), so a misspelt key is an
// error that suggests the right one; sizes that cannot work are refused with the key named. What
// was read, with every default filled in, is written into the run's folder and reads back the same.
// Defaults are GPT-3's (Brown et al. 2020, appendix B) where they make sense at any size. Every key
// is described in docs/recipe.md. Tested by tests/train/recipe_test.cpp; recipes/ holds examples.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "octavo/model/config.h"
#include "octavo/model/precision.h"
#include "octavo/ops/optimizer.h"
#include "octavo/tokenizer/split.h"
#include "octavo/train/run_folder.h"
#include "octavo/train/schedule.h"

namespace octavo {

/// [model]
struct ModelRecipe {
  std::string preset;  ///< "gpt2", "gpt3-small", …; empty: the sizes below were given
  std::filesystem::path start_from;  ///< a model folder to continue from, or empty
  ModelConfig config;                ///< preset and sizes together; with start_from, that model's
};

/// [[data.sources]], or [data] path for one or several of equal standing
struct SourceRecipe {
  std::string path;   ///< text, JSONL, a folder of them, or .bin shards
  double weight = 0;  ///< share of the mixture; 0: by size
};

enum class ValidationSplit {
  automatic,  ///< by documents if there are many, else the tail
  none,
  documents,  ///< a fraction of the documents, drawn by a hash
  tail,       ///< the last fraction of each source, by position
};

/// The name of a tokenizer that is learned from the run's own text.
inline constexpr std::string_view kLearnedTokenizer = "learn";

/// [data]
struct DataRecipe {
  std::vector<SourceRecipe> sources;
  std::filesystem::path directory;  ///< relative paths are resolved against it
  /// "bytes", a folder, "learn" (from the run's own text, when it begins), or "none" (.bin shards
  /// that need no encoding)
  std::string tokenizer = "bytes";
  int64_t vocabulary = 0;                  ///< to learn; 0 with another tokenizer
  TextSplit text_split = TextSplit::gpt2;  ///< of a learned tokenizer
  std::filesystem::path cache;  ///< where shards are built; empty: data/ in the run's folder
  ValidationSplit split = ValidationSplit::automatic;
  double validation_fraction = 0.02;
};

/// [train]
struct TrainRecipe {
  int64_t steps = 0;        ///< of the whole run
  int64_t tokens = 0;       ///< what the file gave in place of steps, which follow; 0: nothing
  int64_t context = 0;      ///< tokens per sequence; at most the model's
  int64_t batch = 0;        ///< sequences per step once the ramp is over
  int64_t micro_batch = 0;  ///< sequences whose activations are held at once
  int64_t leaves = 8;       ///< of the tree that sums gradients (octavo/train/gradients.h)
  Precision precision;      ///< "auto" has been decided by the machine
  bool recompute = false;   ///< activations of blocks: trade time for memory
  uint64_t seed = 1;

  LearningRateSchedule learning_rate;
  BatchSchedule batch_schedule;
  AdamWSettings adamw;  ///< its learning_rate is set by the schedule
  double clip = 1;      ///< largest global norm of the gradient; 0: no clipping

  int64_t validate_every = 0;      ///< steps; 0: never
  int64_t validation_batches = 0;  ///< micro-batches; 0: the whole validation part
  int64_t checkpoint_every = 0;    ///< steps; 0: only at the end and on a signal
  int64_t keep_checkpoints = 2;    ///< the newest; 0: all
  int64_t sample_every = 0;        ///< steps; 0: never
  std::vector<std::string> sample_prompts;
  int64_t sample_tokens = 200;
};

struct Recipe {
  ModelRecipe model;
  DataRecipe data;
  TrainRecipe train;
  std::string name;                 ///< [run] name; the recipe file's stem
  std::filesystem::path directory;  ///< [run] directory; runs/<name>
  std::string as_run;               ///< the whole recipe, defaults filled in, as TOML

  /// Overrides are "train.steps=100". `data_directory` (the --data flag) wins over OCTAVO_DATA,
  /// which wins over the recipe's data.directory; else relative data paths are relative to the
  /// working directory. For a run that is resumed, keys that neither recipe nor overrides give are
  /// what its own recipe.toml says, whatever they would default to now, and model.start_from is not
  /// opened: the run has its model. Throws `usage`.
  static Recipe load(const std::filesystem::path& path, std::span<const std::string> overrides = {},
                     const std::filesystem::path& data_directory = {},
                     RunStart start = RunStart::fresh);
  static Recipe parse(std::string_view text, std::string_view source,
                      std::span<const std::string> overrides = {},
                      const std::filesystem::path& data_directory = {},
                      RunStart start = RunStart::fresh);

  /// Tokens that the whole run sees.
  int64_t total_tokens() const;
  std::filesystem::path source_path(const SourceRecipe& source) const;
};

}  // namespace octavo
