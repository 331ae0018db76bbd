// octavo inspect: what a file or folder is, without loading it.
//
// The kind is found from what is there (a folder's files, a file's first bytes, its name last),
// then the reader of that kind checks the structure and says what it holds. Weights are mapped, not
// read, unless --histogram asks for their numbers. What is found to be damaged is told with the
// rest, and again as the error that the command ends with. Tested by tests/cli/inspect_test.cpp.
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>

#include "octavo/base/error.h"
#include "octavo/base/files.h"
#include "octavo/base/line_reader.h"
#include "octavo/base/text.h"
#include "octavo/checkpoint/family.h"
#include "octavo/checkpoint/llama2c.h"
#include "octavo/checkpoint/tokenizer_io.h"
#include "octavo/checkpoint/training_state.h"
#include "octavo/cli/command.h"
#include "octavo/cli/facts.h"
#include "octavo/cli/model_card.h"
#include "octavo/cli/tensor_facts.h"
#include "octavo/dataset/source.h"
#include "octavo/dataset/text_files.h"
#include "octavo/tokenizer/tokenizer_files.h"
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

/// A command under way.
struct Inspection : InspectCommand {
  bool verified = false, listed = false;  ///< --verify and --tensors had something to work on
  std::string problem{};                  ///< the first thing that is not as it was written
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

/// What the files say of where they come from: the card's licence, GGUF's texts about the whole.
void add_origin(Facts& facts, const fs::path& path, const ModelFiles& files) {
  const std::string licence = licence_of(path, files);
  if (!licence.empty()) facts.add("licence", licence);
  if (!files.metadata()) return;
  for (const GgufValue& value : files.metadata()->values())
    if (value.is_text() && value.key().starts_with("general.") && value.key() != kLicenceKey &&
        value.key() != "general.architecture")
      facts.add(value.key(), std::string(value.text()));
}

Facts describe_model(const fs::path& path, Inspection& inspection) {
  const ModelFiles files = ModelFiles::open(path);
  const ModelFolderInfo info = inspect_model_folder(files);
  const bool checkpoint = info.training_step.has_value();
  Facts facts(
      checkpoint ? "training checkpoint, a " + info.family + " model" : info.family + " model",
      inspection.path);
  facts.add("model_type", info.model_type);
  add_sizes(facts, info.config);
  if (checkpoint) facts.add("training_step", *info.training_step);
  facts.add_bytes("weight_bytes", info.weight_bytes);
  facts.add("weight_types", types_of(info.tensors));
  facts.add("tokenizer", info.tokenizer.value_or("none; --ids reads and writes token ids"));
  if (info.inference_bytes_as_is > 0)
    facts.add_bytes("to_use_as_it_is", info.inference_bytes_as_is);
  facts.add_bytes("to_use_in_fp32", info.inference_bytes_f32);
  facts.add_bytes("to_use_in_bf16", info.inference_bytes_bf16);
  facts.add_bytes("to_train_at_least", info.training_bytes);
  add_origin(facts, path, files);
  inspection.listed = true;
  if (info.layout == ModelLayout::folder) {
    if (inspection.verify) verify_manifest(path);
    inspection.verified = true;
    facts.add("manifest", !info.has_manifest  ? "none"
                          : inspection.verify ? "every file is as it was written"
                                              : "present; --verify checks every file against it");
  }
  add_tensors(facts, info.tensors, files.tensors(), inspection.detail);
  return facts;
}

// What the last lines of a run's metrics, timing or samples say.
void add_log(Facts& facts, const fs::path& path) {
  Json last_step, last_validation;
  LineReader lines(path);
  while (const auto text = lines.next()) {
    Json line = Json::parse(*text, lines.name(), {.first_line = lines.line_number()});
    const bool validation = line.find("validation_loss") || line.find("validation_seconds");
    (validation ? last_validation : last_step) = std::move(line);
  }
  facts.add("lines", lines.line_number());
  const auto add = [&](const Json& line, std::string_view key, std::string_view name) {
    const Json* value = line.is_null() ? nullptr : line.find(key);
    if (value && !value->is_null())
      facts.add(
          name, *value,
          value->is_integer() ? grouped(value->integer()) : fmt::format("{:.4f}", value->number()));
  };
  add(last_step, "step", "last_step");
  add(last_step, "tokens", "tokens");
  add(last_step, "loss", "loss");
  add(last_step, "tokens_per_second", "tokens_per_second");
  add(last_step, "fraction_of_peak", "fraction_of_peak");
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

/// The token shards that a run made for itself, held against what was written.
void add_data_state(Facts& facts, const fs::path& data, Inspection& inspection) {
  if (!fs::is_directory(data)) return;
  std::string state = "every shard is as it was written";
  try {
    for (const auto& entry : fs::directory_iterator(data)) verify_dataset(entry.path());
  } catch (const Error& error) {
    state = inspection.problem = error.what();
  }
  facts.add("data", state);
}

Facts describe_run(const fs::path& path, Inspection& inspection) {
  Facts facts("training run", inspection.path);
  const std::vector<std::string> place{"run.directory=" + Json(path.string()).dump()};
  const Recipe recipe = Recipe::load(path / "recipe.toml", place, {}, RunStart::resume);
  facts.add("name", recipe.name);
  add_sizes(facts, recipe.model.config);
  facts.add("steps", recipe.train.steps);
  if (fs::exists(path / "metrics.jsonl")) add_log(facts, path / "metrics.jsonl");
  facts.add("state", is_locked(path / "lock") ? "a process is writing here" : "at rest");
  inspection.verified = true;
  if (inspection.verify) add_data_state(facts, path / "data", inspection);
  for (const CheckpointPlace& place : list_checkpoints(path)) {
    std::string state = "not verified";
    if (inspection.verify) {
      const auto problem = check_manifest(place.folder);
      state = problem ? problem->message() : "good";
      if (problem && inspection.problem.empty()) inspection.problem = state;
    }
    facts.add_row(
        "checkpoints",
        Json::object({{"step", place.step}, {"folder", place.folder.string()}, {"state", state}}),
        fmt::format("{}  {}", place.folder.string(), inspection.verify ? state : ""));
  }
  return facts;
}

Facts describe_tokens(const fs::path& path, Inspection& inspection) {
  const bool ours = fs::exists(path / "dataset.json");
  const Source source = open_source(path);
  Facts facts(ours                     ? "data set"
              : fs::is_directory(path) ? "folder of token files"
                                       : "token file",
              inspection.path);
  facts.add("tokens", source.size());
  if (source.has_documents())
    facts.add("documents", static_cast<int64_t>(source.documents().size()));
  else
    facts.add("documents", nullptr, "not recorded");
  if (!source.tokenizer.empty()) facts.add("tokenizer", source.tokenizer);
  inspection.verified = ours;
  if (ours && inspection.verify) verify_dataset(path);
  if (ours)
    facts.add("hashes", inspection.verify ? "every shard is as it was written"
                                          : "present; --verify checks every shard against them");
  for (const TokenFile& file : source.files)
    facts.add_row("files", Json::object({{"file", file.name()}, {"tokens", file.size()}}),
                  fmt::format("{:>15} tokens  {}", grouped(file.size()), file.name()));
  return facts;
}

Facts describe_tokenizer(const fs::path& path, Inspection& inspection) {
  const Tokenizer tokenizer = load_tokenizer(path);
  Facts facts("tokenizer", inspection.path);
  facts.add("vocabulary", int64_t{tokenizer.vocabulary_size()});
  facts.add("end_of_text", int64_t{tokenizer.end_of_text()});
  facts.add("fingerprint", tokenizer.fingerprint());
  return facts;
}

bool holds_token_files(const fs::path& folder) {
  return std::any_of(
      fs::directory_iterator(folder), fs::directory_iterator(), [](const auto& entry) {
        const fs::path& file = entry.path();
        return (file.extension() == ".bin" && file.filename() != kLlama2cTokenizer) ||
               file.extension() == ".idx";
      });
}

Facts describe_folder(const fs::path& path, Inspection& inspection) {
  const auto has = [&](const char* name) { return fs::exists(path / name); };
  if (has("config.json")) return describe_model(path, inspection);
  if (has("recipe.toml")) return describe_run(path, inspection);
  if (has("dataset.json") || holds_token_files(path)) return describe_tokens(path, inspection);
  if (has_tokenizer(path)) return describe_tokenizer(path, inspection);
  fail(ErrorKind::data,
       "{}: nothing known: a folder with neither config.json (a model), recipe.toml (a run), "
       "dataset.json or .bin files (tokens) nor a tokenizer's files",
       inspection.path);
}

// ---- Files --------------------------------------------------------------------------------------

Facts describe_weights(const fs::path& path, Inspection& inspection) {
  const WeightSet weights = WeightSet::open(path);
  Facts facts(path.extension() == ".json" ? "safetensors index" : "safetensors file",
              inspection.path);
  facts.add("tensors", static_cast<int64_t>(weights.tensors().size()));
  facts.add_bytes("bytes", weights.bytes());
  facts.add("types", types_of(weights.tensors()));
  for (const auto& [key, value] : weights.metadata()) facts.add(key, value);
  inspection.listed = true;
  add_tensors(facts, weights.tensors(), weights, inspection.detail);
  return facts;
}

Facts describe_recipe(const fs::path& path, Inspection& inspection) {
  const Recipe recipe = Recipe::load(path);
  Facts facts("recipe", inspection.path);
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

Facts describe_config(const fs::path& path, Inspection& inspection) {
  const Json json = read_json(path);
  const Family& family = family_of(json);
  Facts facts(fmt::format("configuration of a {} model", family.name()), inspection.path);
  add_sizes(facts, family.read_config(json));
  return facts;
}

Facts describe_manifest(const fs::path& path, Inspection& inspection) {
  Facts facts("manifest", inspection.path);
  const auto problem = check_manifest(path.parent_path().empty() ? "." : path.parent_path());
  inspection.verified = true;
  if (problem) inspection.problem = problem->message();
  facts.add("state", problem ? inspection.problem : "every file is as it was written");
  return facts;
}

Facts describe_text(const fs::path& path, Inspection& inspection) {
  const DocumentCount count = count_documents(path);
  Facts facts(
      path.string().find(".jsonl") != std::string::npos ? "documents as JSON lines" : "text",
      inspection.path);
  facts.add("documents", count.documents).add_bytes("text_bytes", count.bytes);
  return facts;
}

Facts describe_log(std::string kind, const fs::path& path, const Inspection& inspection) {
  Facts facts(std::move(kind), inspection.path);
  add_log(facts, path);
  return facts;
}

/// Records of TFRecord: length, its CRC, the bytes, their CRC.
Facts describe_events(const fs::path& path, const Inspection& inspection) {
  constexpr size_t kAround = 16;
  const MappedFile file(path);
  std::span<const std::byte> rest = file.bytes();
  int64_t events = 0;
  for (; !rest.empty(); ++events) {
    uint64_t length = 0;
    if (rest.size() >= kAround) std::memcpy(&length, rest.data(), sizeof length);
    require(rest.size() >= kAround && length <= rest.size() - kAround,
            "{}: its last event is cut off, after {} whole ones", path.string(), events);
    rest = rest.subspan(kAround + static_cast<size_t>(length));
  }
  Facts facts("TensorBoard events", inspection.path);
  facts.add("events", events).add_bytes("bytes", static_cast<int64_t>(file.bytes().size()));
  return facts;
}

/// Where the documents of a token file start; it is held against that file.
Facts describe_documents(fs::path path, const Inspection& inspection) {
  const TokenFile tokens = TokenFile::open(path.replace_extension(".bin"), TokenFormat::llmc);
  require(tokens.documents().has_value(), "{}: its token file reads no documents from it",
          inspection.path);
  Facts facts("starts of documents", inspection.path);
  facts.add("documents", static_cast<int64_t>(tokens.documents()->size()));
  facts.add("tokens", tokens.size()).add("token_file", tokens.name());
  return facts;
}

Facts describe_json(const fs::path& path, const Inspection& inspection) {
  const Json json = read_json(path);
  const bool state = json.is_object() && json.find("format") && json.at("format").is_text() &&
                     json.at("format").text() == "octavo-training";
  Facts facts(state ? "state of a training run" : "JSON", inspection.path);
  if (state) facts.add("step", json.at("step").integer());
  if (state) facts.add("tokens", json.at("tokens").integer());
  if (json.is_object()) facts.add("members", static_cast<int64_t>(json.size()));
  if (json.is_array()) facts.add("elements", static_cast<int64_t>(json.size()));
  return facts;
}

Facts describe_file(const fs::path& path, Inspection& inspection) {
  const std::string name = path.filename().string();
  const auto ends = [&](std::string_view end) { return name.ends_with(end); };
  refuse_pickle(path);
  if (ends(".safetensors") || ends(".safetensors.index.json"))
    return describe_weights(path, inspection);
  if (ends(".gguf")) return describe_model(path, inspection);
  if (name == "tokenizer.json" || name == kLlama2cTokenizer || ends(".tiktoken"))
    return describe_tokenizer(path, inspection);
  if (ends(".bin") && is_llama2c(path)) return describe_model(path, inspection);
  if (ends(".bin") || ends(".idx")) return describe_tokens(path, inspection);
  if (ends(".toml")) return describe_recipe(path, inspection);
  if (name == "config.json") return describe_config(path, inspection);
  if (name == kManifestName) return describe_manifest(path, inspection);
  if (name == "dataset.json")
    return describe_tokens(path.has_parent_path() ? path.parent_path() : ".", inspection);
  if (name == "metrics.jsonl") return describe_log("metrics of a training run", path, inspection);
  if (name == "timing.jsonl") return describe_log("timing of a training run", path, inspection);
  if (name == "samples.jsonl") return describe_log("samples of a training run", path, inspection);
  if (name.starts_with("events.out.tfevents.")) return describe_events(path, inspection);
  if (ends(".docs")) return describe_documents(path, inspection);
  if (ends(".json")) return describe_json(path, inspection);
  return describe_text(path, inspection);
}

void run_inspect(const InspectCommand& command, const CommonOptions& common) {
  const fs::path path = command.path;
  require(fs::exists(path), "{}: there is no such file or folder", command.path);
  require(fs::is_directory(path) || fs::is_regular_file(path),
          "{}: expected a folder or a regular file, found a pipe or device", command.path);
  Inspection inspection{command};
  const Facts facts =
      fs::is_directory(path) ? describe_folder(path, inspection) : describe_file(path, inspection);
  const bool listing = command.detail.list || command.detail.histogram;
  require(ErrorKind::usage, !command.verify || inspection.verified,
          "{}: --verify expects what has hashes (a model, checkpoint, run or data set), found: {}",
          command.path, facts.kind());
  require(ErrorKind::usage, !listing || inspection.listed,
          "{}: --tensors and --histogram expect a model, a checkpoint or its weights, found: {}",
          command.path, facts.kind());
  if (common.json)
    put_line(facts.json());
  else
    put(facts.text());
  flush_output();
  require(inspection.problem.empty(), "{}", inspection.problem);
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
  app.add_flag("--verify", command->verify, "Check every file against the hashes written with it");
  finish_command(
      app, common,
      {"octavo inspect runs/shakespeare --verify", "octavo inspect model.safetensors --tensors",
       "octavo inspect runs/shakespeare/checkpoints/step-00002000 --json"},
      [command, &common] { run_inspect(*command, common); });
}

}  // namespace octavo
