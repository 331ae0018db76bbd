#include "octavo/cli/model_option.h"

#include <CLI/CLI.hpp>

#include <filesystem>

#include "octavo/base/error.h"
#include "octavo/checkpoint/tokenizer_io.h"
#include "octavo/model/precision.h"
#include "octavo/train/run_folder.h"

namespace octavo {

CLI::Option* add_model_option(CLI::App& command, ModelOption& option) {
  CLI::Option* model =
      add_text(command, "-m,--model", option.path, "PATH",
               "A model folder, a .gguf file, llama2.c's .bin, or a run: its newest checkpoint");
  add_text(command, "--tokenizer", option.tokenizer, "PATH",
           "A tokenizer's file or folder (default: the one that came with the model)");
  const std::string precisions[] = {"fp32", "bf16", "int8"};
  add_choice(command, "--dtype", option.dtype, precisions,
             "What to compute in (default: fp32; a quantized model: int8)");
  command.add_flag("--verify", option.verify, "Check every file against the manifest first");
  return model->required();
}

LoadedModel load(const ModelOption& option, LoadTokenizer tokenizer) {
  const auto path = model_folder_of(option.path);
  require(ErrorKind::usage, option.dtype != "int8" || std::filesystem::is_regular_file(path),
          "--dtype int8 is for quantized models (octavo convert … --type q8_0 makes one)");
  const bool other = !option.tokenizer.empty() && tokenizer == LoadTokenizer::if_present;
  LoadOptions options{.purpose = Purpose::inference,
                      .precision = {},
                      .verify = option.verify ? Verify::hashes : Verify::structure,
                      .tokenizer = other ? LoadTokenizer::never : tokenizer};
  if (!option.dtype.empty()) options.precision = precision_named(option.dtype);
  LoadedModel loaded = load_model(path, options);
  if (other) {
    loaded.tokenizer = load_tokenizer(option.tokenizer);
    check_tokenizer(*loaded.tokenizer, loaded.model.config(), option.tokenizer);
  }
  return loaded;
}

}  // namespace octavo
