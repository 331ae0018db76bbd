// octavo inspect: what a file or folder is, without loading it.
//
// The kind is found from what is there (a folder's files, a file's first bytes, its name last),
// then the reader of that kind checks the structure and says what it holds. Weights are mapped, not
// read, unless --histogram asks for their numbers.
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <memory>

#include "octavo/base/error.h"
#include "octavo/base/files.h"
#include "octavo/base/text.h"
#include "octavo/checkpoint/family.h"
#include "octavo/checkpoint/training_state.h"
#include "octavo/cli/command.h"
#include "octavo/cli/facts.h"
#include "octavo/cli/tensor_facts.h"
#include "octavo/dataset/source.h"
#include "octavo/dataset/text_files.h"
#include "octavo/train/recipe.h"

namespace octavo {
namespace {

namespace fs = std::filesystem;

constexpr size_t kMaximumJson = size_t{256} << 20;

struct InspectCommand {
  std::string path;
  bool verify = false;
  TensorDetail detail;
};

Json read_json(const fs::path& path) {
  return Json::parse(read_file(path, kMaximumJson), path.string());
}

void add_sizes(Facts& facts, const ModelConfig& config) {
  const ParameterCount count = count_parameters(config);
  facts.add("parameters", count.total(),
            fmt::format("{} ({})", grouped(count.total()),
                        human_count(static_cast<double>(count.total()))));
  facts.add("layers", config.layers).add("width", config.width).add("heads", config.heads);
  facts.add("vocabulary", config.vocabulary).add("context", config.context);
  if (config.has_bands())
    facts.add("band_width", config.band_width,
              fmt::format("{} keys in every second layer", grouped(config.band_width)));
}

// ---- Folders ------------------------------------------------------------------------------------

Facts describe_model(const fs::path& path, const InspectCommand& command) {
  const ModelFolderInfo info = inspect_model_folder(path);
  const bool checkpoint = info.training_step.has_value();
  Facts facts(
      checkpoint ? "training checkpoint, a " + info.family + " model" : info.family + " model",
      command.path);
  facts.add("model_type", info.model_type);
  add_sizes(facts, info.config);
  if (checkpoint) facts.add("training_step", *info.training_step);
  facts.add_bytes("weight_bytes", info.weight_bytes);
  facts.add("weight_types", types_of(info.tensors));
  facts.add("tokenizer", info.tokenizer.value_or("none; --ids reads and writes token ids"));
  facts.add_bytes("to_use_in_fp32", info.inference_bytes_f32);
  facts.add_bytes("to_use_in_bf16", info.inference_bytes_bf16);
  facts.add_bytes("to_train_at_least", info.training_bytes);
  if (command.verify) verify_manifest(path);
  facts.add("manifest", !info.has_manifest ? "none"
                        : command.verify   ? "every file is as it was written"
                                           : "present; --verify checks every file against it");
  add_tensors(facts, info.tensors, WeightSet::open(path), command.detail);
  return facts;
}

// What the last lines of metrics.jsonl say.
void add_metrics(Facts& facts, const fs::path& path) {
  const MappedFile file(path);
  Json last_step, last_validation;
  int64_t lines = 0;
  std::string_view text = file.text();
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    const Json line = Json::parse(text.substr(0, end), path.string());
    text.remove_prefix(std::min(end + 1, text.size()));
    (line.find("validation_loss") ? last_validation : last_step) = line;
    ++lines;
  }
  facts.add("lines", lines);
  const auto add = [&](const Json& line, std::string_view key, std::string_view name) {
    if (const Json* value = line.is_null() ? nullptr : line.find(key))
      facts.add(
          name, *value,
          value->is_integer() ? grouped(value->integer()) : fmt::format("{:.4f}", value->number()));
  };
  add(last_step, "step", "last_step");
  add(last_step, "tokens", "tokens");
  add(last_step, "loss", "loss");
  add(last_validation, "validation_loss", "validation_loss");
}

/// Whether a process holds a FileLock; asks without writing to it.
bool is_locked(const fs::path& lock) {
  const int descriptor = ::open(lock.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return false;
  const bool locked = ::flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  ::close(descriptor);
  return locked;
}

Facts describe_run(const fs::path& path, const InspectCommand& command) {
  Facts facts("training run", command.path);
  const Recipe recipe = Recipe::load(path / "recipe.toml");
  facts.add("name", recipe.name);
  add_sizes(facts, recipe.model.config);
  facts.add("steps", recipe.train.steps);
  if (fs::exists(path / "metrics.jsonl")) add_metrics(facts, path / "metrics.jsonl");
  facts.add("state", is_locked(path / "lock") ? "a process is writing here" : "at rest");
  for (const CheckpointPlace& place : list_checkpoints(path)) {
    std::string state = "not verified";
    if (command.verify) {
      const auto problem = check_manifest(place.folder);
      state = problem ? problem->message() : "good";
    }
    facts.add_row(
        "checkpoints",
        Json::object({{"step", place.step}, {"folder", place.folder.string()}, {"state", state}}),
        fmt::format("{}  {}", place.folder.string(), command.verify ? state : ""));
  }
  return facts;
}

Facts describe_tokens(const fs::path& path, const InspectCommand& command) {
  const bool ours = fs::exists(path / "dataset.json");
  const Source source = open_source(path);
  Facts facts(ours                     ? "data set"
              : fs::is_directory(path) ? "folder of token files"
                                       : "token file",
              command.path);
  facts.add("tokens", source.size());
  if (source.has_documents())
    facts.add("documents", static_cast<int64_t>(source.documents().size()));
  else
    facts.add("documents", nullptr, "not recorded");
  if (!source.tokenizer.empty()) facts.add("tokenizer", source.tokenizer);
  for (const TokenFile& file : source.files)
    facts.add_row("files", Json::object({{"file", file.name()}, {"tokens", file.size()}}),
                  fmt::format("{:>15} tokens  {}", grouped(file.size()), file.name()));
  return facts;
}

Facts describe_tokenizer(const fs::path& path, const InspectCommand& command) {
  const Tokenizer tokenizer = Tokenizer::load(path);
  Facts facts("tokenizer", command.path);
  facts.add("vocabulary", int64_t{tokenizer.vocabulary_size()});
  facts.add("end_of_text", int64_t{tokenizer.end_of_text()});
  facts.add("fingerprint", tokenizer.fingerprint());
  return facts;
}

bool holds_token_files(const fs::path& folder) {
  return std::any_of(
      fs::directory_iterator(folder), fs::directory_iterator(), [](const auto& entry) {
        return entry.path().extension() == ".bin" || entry.path().extension() == ".idx";
      });
}

Facts describe_folder(const fs::path& path, const InspectCommand& command) {
  const auto has = [&](const char* name) { return fs::exists(path / name); };
  if (has("config.json")) return describe_model(path, command);
  if (has("recipe.toml")) return describe_run(path, command);
  if (has("dataset.json") || holds_token_files(path)) return describe_tokens(path, command);
  if (has("tokenizer.json")) return describe_tokenizer(path, command);
  fail(ErrorKind::data,
       "{}: nothing known: a folder with neither config.json (a model), recipe.toml (a run), "
       "dataset.json or .bin files (tokens) nor tokenizer.json",
       command.path);
}

// ---- Files --------------------------------------------------------------------------------------

Facts describe_weights(const fs::path& path, const InspectCommand& command) {
  const WeightSet weights = WeightSet::open(path);
  Facts facts(path.extension() == ".json" ? "safetensors index" : "safetensors file", command.path);
  facts.add("tensors", static_cast<int64_t>(weights.tensors().size()));
  facts.add_bytes("bytes", weights.bytes());
  facts.add("types", types_of(weights.tensors()));
  for (const auto& [key, value] : weights.metadata()) facts.add(key, value);
  add_tensors(facts, weights.tensors(), weights, command.detail);
  return facts;
}

Facts describe_recipe(const fs::path& path, const InspectCommand& command) {
  const Recipe recipe = Recipe::load(path);
  Facts facts("recipe", command.path);
  facts.add("name", recipe.name);
  add_sizes(facts, recipe.model.config);
  facts.add("steps", recipe.train.steps).add("tokens", recipe.total_tokens());
  facts.add("batch", recipe.train.batch,
            fmt::format("{} × {} tokens", recipe.train.batch, recipe.train.context));
  facts.add("precision", std::string(name_of(recipe.train.precision)));
  for (const SourceRecipe& source : recipe.data.sources)
    facts.add_row("data", recipe.source_path(source).string(),
                  "data  " + recipe.source_path(source).string());
  return facts;
}

Facts describe_config(const fs::path& path, const InspectCommand& command) {
  const Json json = read_json(path);
  const Family& family = family_of(json);
  Facts facts(fmt::format("configuration of a {} model", family.name()), command.path);
  add_sizes(facts, family.read_config(json));
  return facts;
}

Facts describe_manifest(const fs::path& path, const InspectCommand& command) {
  Facts facts("manifest", command.path);
  const auto problem = check_manifest(path.parent_path().empty() ? "." : path.parent_path());
  facts.add("state", problem ? problem->message() : "every file is as it was written");
  return facts;
}

Facts describe_text(const fs::path& path, const InspectCommand& command) {
  int64_t documents = 0, bytes = 0;
  for_each_document(path, BinaryText::refused, [&](std::string_view text) {
    ++documents, bytes += static_cast<int64_t>(text.size());
  });
  Facts facts(
      path.string().find(".jsonl") != std::string::npos ? "documents as JSON lines" : "text",
      command.path);
  facts.add("documents", documents).add_bytes("text_bytes", bytes);
  return facts;
}

Facts describe_file(const fs::path& path, const InspectCommand& command) {
  const std::string name = path.filename().string();
  const auto ends = [&](std::string_view end) { return name.ends_with(end); };
  if (ends(".safetensors") || ends(".safetensors.index.json"))
    return describe_weights(path, command);
  if (ends(".bin") || ends(".idx")) return describe_tokens(path, command);
  if (ends(".toml")) return describe_recipe(path, command);
  if (name == "config.json") return describe_config(path, command);
  if (name == "tokenizer.json") return describe_tokenizer(path, command);
  if (name == kManifestName) return describe_manifest(path, command);
  if (name == "metrics.jsonl") {
    Facts facts("metrics of a training run", command.path);
    add_metrics(facts, path);
    return facts;
  }
  return describe_text(path, command);
}

void run_inspect(const InspectCommand& command, const CommonOptions& common) {
  const fs::path path = command.path;
  require(fs::exists(path), "{}: there is no such file or folder", command.path);
  const Facts facts =
      fs::is_directory(path) ? describe_folder(path, command) : describe_file(path, command);
  if (common.json)
    put_line(facts.json());
  else
    put(facts.text());
}

}  // namespace

void add_inspect(CLI::App& program, CommonOptions& common) {
  const auto command = std::make_shared<InspectCommand>();
  CLI::App& app =
      *program.add_subcommand("inspect", "What a file or folder is, without loading it");
  add_text(app, "PATH", command->path, "PATH",
           "A model, checkpoint, run, data set, tokenizer, recipe, .safetensors, .bin …")
      ->required();
  app.add_flag("--tensors", command->detail.list, "List the tensors");
  app.add_flag("--histogram", command->detail.histogram,
               "List them with range, mean, deviation and shape of their numbers");
  app.add_flag("--verify", command->verify, "Check every file against the manifest");
  finish_command(
      app, common,
      {"octavo inspect runs/shakespeare --verify", "octavo inspect model.safetensors --tensors",
       "octavo inspect runs/shakespeare/checkpoints/step-00002000 --json"},
      [command, &common] { run_inspect(*command, common); });
}

}  // namespace octavo
