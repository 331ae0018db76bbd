// The model of a command: --model, --dtype and --verify, and loading it.
#pragma once

#include <string>

#include "octavo/checkpoint/model_folder.h"
#include "octavo/cli/command.h"

namespace octavo {

struct ModelOption {
  std::string path;       ///< a model folder or file, or a run's folder: its newest checkpoint
  std::string tokenizer;  ///< another than the model's own
  std::string dtype;      ///< what it computes in; empty: int8 if it is quantized, else fp32
  bool verify = false;
};

/// Returns --model, which is required unless the command says otherwise.
CLI::Option* add_model_option(CLI::App& command, ModelOption& option);

/// Loads it for use. Throws as load_model does. Who reads and writes token ids loads no tokenizer:
/// one that Octavo cannot read is then no matter.
LoadedModel load(const ModelOption& option, LoadTokenizer tokenizer);

}  // namespace octavo
