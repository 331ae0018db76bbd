#include "octavo/cli/model_option.h"

#include <CLI/CLI.hpp>

#include "octavo/model/precision.h"
#include "octavo/train/run_folder.h"

namespace octavo {

CLI::Option* add_model_option(CLI::App& command, ModelOption& option) {
  CLI::Option* model = add_text(command, "-m,--model", option.path, "DIR",
                                "A model folder, or a run's folder: its newest checkpoint");
  add_precision(command, "--dtype", option.dtype, "What to compute in (default fp32)");
  command.add_flag("--verify", option.verify, "Check every file against the manifest first");
  return model->required();
}

LoadedModel load(const ModelOption& option, LoadTokenizer tokenizer) {
  return load_model(model_folder_of(option.path),
                    {.purpose = Purpose::inference,
                     .precision = precision_named(option.dtype),
                     .verify = option.verify ? Verify::hashes : Verify::structure,
                     .tokenizer = tokenizer});
}

}  // namespace octavo
