#include "octavo/checkpoint/model_folder.h"

#include <unistd.h>

#include <algorithm>

#include "octavo/base/error.h"
#include "octavo/base/files.h"
#include "octavo/base/json.h"
#include "octavo/checkpoint/convert.h"
#include "octavo/checkpoint/family_config.h"
#include "octavo/checkpoint/model_files.h"
#include "octavo/checkpoint/stored_tensors.h"

namespace octavo {
namespace {

namespace fs = std::filesystem;

constexpr const char* kConfig = "config.json";
constexpr const char* kTrainingState = "training/state.json";

Json read_json(const fs::path& path) { return Json::parse(MappedFile(path).text(), path.string()); }

WeightFile write_text(const fs::path& folder, const char* name, std::string_view text) {
  return {name, write_file(folder / name, text), static_cast<int64_t>(text.size())};
}

WeightFile write_json(const fs::path& folder, const char* name, const Json& json) {
  return write_text(folder, name, json.dump(2) + "\n");
}

}  // namespace

// ---- Reading ------------------------------------------------------------------------------------

ModelConfig load_config(const fs::path& path) {
  if (fs::is_regular_file(path)) return ModelFiles::open(path).config();
  return read_folder_config(path).config;
}

LoadedModel load_model(const fs::path& path, const LoadOptions& options) {
  if (options.verify == Verify::hashes) verify_manifest(path);
  const ModelFiles files = ModelFiles::open(path);
  std::optional<Tokenizer> tokenizer;
  if (options.tokenizer == LoadTokenizer::if_present) tokenizer = files.tokenizer();
  files.check_structure();
  const ParameterSource source = [&](const ParameterInfo& parameter) {
    return files.numbers(parameter, options.purpose);
  };
  QuantizedSource quantized;
  if (options.purpose == Purpose::inference)
    quantized = [&](const ParameterInfo& parameter) { return files.quantized(parameter); };
  const Precision precision =
      options.precision.value_or(precision_named(files.has_quantized_tensors() ? "int8" : "fp32"));
  return {GPT(files.config(), source, precision, options.purpose, quantized), std::move(tokenizer)};
}

ModelFolderInfo inspect_model_folder(const fs::path& folder) {
  return inspect_model_folder(ModelFiles::open(folder));
}

ModelFolderInfo inspect_model_folder(const ModelFiles& files) {
  const fs::path& folder = files.path();
  files.check_structure();
  ModelFolderInfo info;
  info.layout = files.layout();
  info.family = files.family().name();
  info.model_type = files.model_type();
  info.config = files.config();
  info.parameters = count_parameters(info.config);
  info.tensors.assign(files.tensors().tensors().begin(), files.tensors().tensors().end());
  info.weight_bytes = files.tensors().bytes();
  const auto inference = [&](Precision precision) {
    return inference_bytes(info.config, precision) +
           KeyValueCaches::bytes(info.config, precision, info.config.context);
  };
  info.inference_bytes_f32 = inference(Precision::f32());
  info.inference_bytes_bf16 = inference(Precision::bf16());
  if (files.has_quantized_tensors())
    info.inference_bytes_as_is =
        info.weight_bytes +
        KeyValueCaches::bytes(info.config, Precision::bf16(), info.config.context);
  info.training_bytes = 16 * info.parameters.total();
  info.has_manifest = has_manifest(folder);
  try {
    if (const auto tokenizer = files.tokenizer())
      info.tokenizer = fmt::format("{} tokens", tokenizer->vocabulary_size());
  } catch (const Error& error) {
    info.tokenizer = error.what();
  }
  if (fs::exists(folder / kTrainingState)) {
    const Json state = read_json(folder / kTrainingState);
    if (const Json* step = state.find("step")) info.training_step = step->integer();
  }
  return info;
}

// ---- Writing ------------------------------------------------------------------------------------

std::vector<WeightFile> write_model_files(const fs::path& folder, const ModelConfig& config,
                                          const ParameterSource& numbers,
                                          const SaveOptions& options) {
  const Family& family = family_for(config);
  require(ErrorKind::usage,
          options.type == DataType::f32 || options.type == DataType::bf16 ||
              options.type == DataType::f16,
          "[save] a folder's weights are written as f32, bf16 or f16, not {}",
          name_of(options.type));

  std::vector<WeightFile> files;
  // The families know the token that ends a text; which one begins it is the tokenizer's to say.
  const int32_t begin = options.tokenizer ? options.tokenizer->roles().begin_of_text : -1;
  Json json = family.write_config(config, options.type);
  if (begin >= 0) json.set("bos_token_id", begin);
  files.push_back(write_json(folder, kConfig, json));
  if (options.generation_config)
    files.push_back(write_text(folder, kGenerationConfig, *options.generation_config));
  else if (config.end_of_text >= 0)
    files.push_back(
        write_json(folder, kGenerationConfig,
                   Json::object({{"bos_token_id", begin >= 0 ? begin : config.end_of_text},
                                 {"eos_token_id", json_of_ends(config)}})));
  if (options.tokenizer) {
    check_tokenizer(*options.tokenizer, config, folder.string());
    options.tokenizer->save(folder);
  }
  StoredTensors stored(config, family.names(), numbers,
                       [&](const ParameterInfo&) { return options.type; });
  const auto produce = [&](const TensorInfo&) { return stored.next(); };
  std::ranges::move(write_weights(folder, stored.tensors(), produce, options.shards),
                    std::back_inserter(files));
  return files;
}

std::vector<WeightFile> write_model_files(const fs::path& folder, const GPT& model,
                                          const SaveOptions& options) {
  return write_model_files(folder, model.config(), source_of(model), options);
}

void in_new_folder(const fs::path& folder,
                   const std::function<std::vector<WeightFile>(const fs::path&)>& write) {
  const fs::path target = fs::absolute(folder).lexically_normal();
  require(ErrorKind::conflict,
          !fs::exists(target) || (fs::is_directory(target) && fs::is_empty(target)),
          "{}: is there already and is not overwritten", folder.string());
  fs::path temporary = target;
  if (!temporary.has_filename()) temporary = temporary.parent_path();  // "model/"
  temporary += fmt::format(".{}.tmp", getpid());
  try {
    make_directories(temporary);
    write_manifest(temporary, write(temporary));
    rename_durably(temporary, target);
  } catch (...) {
    remove_all_quietly(temporary);
    throw;
  }
}

void save_model(const fs::path& folder, const GPT& model, const SaveOptions& options) {
  in_new_folder(folder, [&](const fs::path& temporary) {
    return write_model_files(temporary, model, options);
  });
}

}  // namespace octavo
