// octavo convert: a model from one layout to another, and into other types.
//
// Tested by tests/cli/convert_test.cpp.
#include <CLI/CLI.hpp>

#include <filesystem>
#include <memory>
#include <vector>

#include "octavo/base/error.h"
#include "octavo/base/progress.h"
#include "octavo/base/text.h"
#include "octavo/checkpoint/convert_model.h"
#include "octavo/cli/command.h"
#include "octavo/cli/model_card.h"
#include "octavo/cli/tensor_facts.h"
#include "octavo/train/run_folder.h"

namespace octavo {
namespace {

struct ConvertCommand {
  std::string source, target, type;
  int64_t shard_bytes = 0;
  CardOptions card;
};

std::vector<std::string> names_of_types() {
  std::vector<std::string> names;
  for (const DataType type : types_to_write()) names.emplace_back(name_of(type));
  return names;
}

void run_convert(const ConvertCommand& command, const CommonOptions& common) {
  Console console(common.least());
  ConvertOptions options;
  if (!command.type.empty()) options.type = data_type_named(command.type);
  if (command.shard_bytes > 0) options.shards.bytes = command.shard_bytes;

  CardOptions card = command.card;
  if (card.name.empty())
    card.name = std::filesystem::path(command.target).lexically_normal().stem().string();
  options.beside = [&](const ModelFiles& source, std::span<const WeightFile> written) {
    return std::map<std::string, std::string>{
        {kCard, model_card(command.source, source, written, card)}};
  };
  const CardOptions& asked = command.card;
  const bool as_it_is = asked.name.empty() && asked.licence.empty() && asked.evaluations.empty();
  options.metadata = [&](const ModelFiles& source) {
    GgufMetadata more;
    if (source.metadata() && !options.type && as_it_is) return more;
    more.set("general.name", card.name);
    const std::string licence =
        card.licence.empty() ? licence_of(command.source, source) : card.licence;
    if (!licence.empty()) more.set(kLicenceKey, licence);
    more.set(kCardKey, model_card(command.source, source, {}, card));
    return more;
  };

  std::optional<Progress> progress;
  options.progress = [&](int64_t done, int64_t total) {
    if (!progress)
      progress.emplace(console, total, Progress::Options{.title = "convert", .unit = "parameters"});
    progress->update(done);
  };
  const ConvertedModel model =
      convert_model(model_folder_of(command.source), command.target, options);
  if (progress) progress->finish();

  int64_t bytes = 0;
  Json files = Json::array();
  for (const WeightFile& file : model.files) {
    bytes += file.bytes;
    files.append(file.name);
  }
  for (const std::string& note : model.notes) console.message(LogLevel::warning, note);
  if (common.json) {
    put_line(Json::object({{"source", command.source},
                           {"from", model.from},
                           {"target", command.target},
                           {"to", model.to},
                           {"types", types_of(model.tensors)},
                           {"bytes", bytes},
                           {"files", std::move(files)},
                           {"notes", Json::array_of(model.notes)}}));
  } else {
    console.info("{}: {}, {} in {}: {}", command.target, model.to,
                 human_bytes(static_cast<double>(bytes)), counted(model.files.size(), "file"),
                 types_of(model.tensors));
  }
  flush_output();
}

}  // namespace

void add_convert(CLI::App& program, CommonOptions& common) {
  const auto command = std::make_shared<ConvertCommand>();
  CLI::App& app = *program.add_subcommand(
      "convert", "A model into another layout or type: Hugging Face's folder, GGUF");
  add_text(app, "SOURCE", command->source, "PATH",
           "A model folder, a run (its newest checkpoint), a .gguf file, llama2.c's .bin")
      ->required();
  add_text(app, "TARGET", command->target, "PATH",
           "What to write: a GGUF file if it ends in .gguf, else a folder")
      ->required();
  const auto types = names_of_types();
  add_choice(app, "--type", command->type, types,
             "Of matrices (default: as they are). A folder holds f32, bf16 or f16");
  add_size(app, "--shard-size", command->shard_bytes, 1, int64_t{1} << 60,
           "Begin another file past so many bytes of tensors (default: one file)");
  add_text(app, "--name", command->card.name, "NAME", "The model's name (default: the target's)");
  add_text(app, "--license", command->card.licence, "SPDX",
           "The model's licence, as \"mit\" (default: the source's)");
  add_texts(app, "--evaluation", command->card.evaluations, "FILE",
            "Results of octavo evaluate --output, for the model card");
  finish_command(app, common,
                 {"octavo convert runs/stories stories.gguf --type q8_0",
                  "octavo convert llama.gguf llama        a folder for transformers",
                  "octavo convert gpt2 gpt2-q4.gguf --type q4_k"},
                 [command, &common] { run_convert(*command, common); });
}

}  // namespace octavo
