#include "octavo/checkpoint/model_folder.h"

#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <set>

#include "octavo/base/error.h"
#include "octavo/base/files.h"
#include "octavo/base/json.h"
#include "octavo/checkpoint/convert.h"
#include "octavo/checkpoint/family.h"
#include "octavo/ops/numbers.h"

namespace octavo {
namespace {

namespace fs = std::filesystem;

constexpr const char* kConfig = "config.json";
constexpr const char* kGeneration = "generation_config.json";
constexpr const char* kTokenizer = "tokenizer.json";
constexpr const char* kTrainingState = "training/state.json";

Json read_json(const fs::path& path) { return Json::parse(MappedFile(path).text(), path.string()); }

Json read_config_json(const fs::path& folder) {
  require(fs::is_directory(folder), "{}: expected a model folder, found {}", folder.string(),
          fs::exists(folder) ? "a file" : "nothing");
  require(fs::exists(folder / kConfig), "{}: holds no {}, so it is no model folder",
          folder.string(), kConfig);
  return read_json(folder / kConfig);
}

/// A model's parameters in a set of weights: checks that they fit, and reads them one by one.
class WeightReader {
 public:
  WeightReader(const fs::path& folder, const Family& family, const ModelConfig& config)
      : weights_(WeightSet::open(folder)), family_(family), config_(config) {
    prefixed_ = std::ranges::any_of(weights_.tensors(), [&](const TensorInfo& tensor) {
      return tensor.name.starts_with(family.names().prefix);
    });
  }

  const WeightSet& weights() const { return weights_; }

  /// Every parameter is there in its shape, and nothing else is. Stops at the first that is
  /// missing, so a config of a billion layers costs no more than the file has tensors.
  void check_structure() const {
    std::set<std::string, std::less<>> expected;
    for_each_parameter(config_, [&](const ParameterInfo& parameter) {
      for (const StoredTensor& stored : find(parameter).parts) {
        const TensorInfo& tensor = weights_.info(stored.name);
        require(tensor.shape == stored.shape, "{}: tensor \"{}\" is {}, the config says {}",
                weights_.file_of(stored.name), stored.name, tensor.shape, stored.shape);
        require(is_weight_type(tensor.type),
                "{}: tensor \"{}\" is {}, expected f64, f32, bf16 or f16",
                weights_.file_of(stored.name), stored.name, name_of(tensor.type));
        expected.insert(stored.name);
      }
    });
    for (const TensorInfo& tensor : weights_.tensors())
      if (!expected.contains(tensor.name)) check_extra(tensor);
  }

  /// The parameter's numbers in f32, finite. A view of the file where that is possible and allowed.
  Tensor read(const ParameterInfo& parameter, Purpose purpose) const {
    const StoredParameter stored = find(parameter);
    std::vector<Tensor> parts;
    for (const StoredTensor& part : stored.parts) parts.push_back(weights_.tensor(part.name));
    const bool as_is = parts.size() == 1 && parts[0].type() == DataType::f32 &&
                       stored.order == StoredOrder::same && purpose == Purpose::inference;
    const Tensor numbers = as_is ? parts[0] : from_stored(parts, stored, DataType::f32);
    if (first_not_finite(numbers)) fail_not_finite(stored, parts);
    return numbers;
  }

 private:
  /// Where the parameter is in this set, whose writer may have left the prefix out.
  StoredParameter find(const ParameterInfo& parameter) const {
    StoredParameter stored = family_.stored(parameter, config_);
    for (StoredTensor& part : stored.parts) {
      const std::string_view prefix = family_.names().prefix;
      if (!prefixed_ && part.name.starts_with(prefix)) part.name.erase(0, prefix.size());
      require(weights_.contains(part.name), "{}: tensor \"{}\" {} is missing",
              weights_.files().front().name(), part.name, part.shape);
    }
    return stored;
  }

  [[noreturn]] void fail_not_finite(const StoredParameter& stored,
                                    std::span<const Tensor> parts) const {
    size_t i = 0;
    std::optional<double> number;
    while (!(number = first_not_finite(convert_weights(parts[i], DataType::f32)))) ++i;
    const std::string& name = stored.parts[i].name;
    fail(ErrorKind::data, "{}: tensor \"{}\" holds {}, expected finite numbers",
         weights_.file_of(name), name, *number != *number ? "a NaN" : "an Inf");
  }

  void check_extra(const TensorInfo& tensor) const {
    const std::string& file = weights_.file_of(tensor.name);
    switch (family_.extra(tensor.name, config_)) {
      case ExtraTensor::mask_buffer:
        return;
      case ExtraTensor::tied_head:
        return check_tied_head(tensor, file);
      case ExtraTensor::unknown:
        break;
    }
    fail(ErrorKind::data, "{}: tensor \"{}\" {} is no part of a {} model of {} layers", file,
         tensor.name, tensor.shape, family_.name(), config_.layers);
  }

  void check_tied_head(const TensorInfo& head, const std::string& file) const {
    const Shape table_shape{config_.vocabulary, config_.width};
    const Tensor table =
        weights_.tensor(find({"token_embedding.weight", table_shape}).parts[0].name);
    require(head.shape == table_shape && head.type == table.type(),
            "{}: tensor \"{}\" is {} {}, the token table that it repeats is {} {}", file, head.name,
            name_of(head.type), head.shape, name_of(table.type()), table_shape);
    const Tensor numbers = weights_.tensor(head.name);
    require(std::memcmp(numbers.data(), table.data(), table.bytes()) == 0,
            "{}: tensor \"{}\" differs from the token table, the config says that they are tied",
            file, head.name);
  }

  WeightSet weights_;
  const Family& family_;
  const ModelConfig& config_;
  bool prefixed_ = true;
};

void check_tokenizer(const Tokenizer& tokenizer, const ModelConfig& config, const fs::path& where) {
  require(tokenizer.vocabulary_size() <= config.vocabulary,
          "{}: the tokenizer has {} tokens, the model {}", where.string(),
          tokenizer.vocabulary_size(), config.vocabulary);
}

WeightFile write_json(const fs::path& folder, const char* name, const Json& json) {
  const std::string text = json.dump(2) + "\n";
  return {name, write_file(folder / name, text), static_cast<int64_t>(text.size())};
}

}  // namespace

// ---- Reading ------------------------------------------------------------------------------------

ModelConfig load_config(const fs::path& folder) {
  const Json json = read_config_json(folder);
  return family_of(json).read_config(json);
}

LoadedModel load_model(const fs::path& folder, const LoadOptions& options) {
  const Json json = read_config_json(folder);
  if (options.verify == Verify::hashes) verify_manifest(folder);
  const Family& family = family_of(json);
  const ModelConfig config = family.read_config(json);

  std::optional<Tokenizer> tokenizer;
  if (options.tokenizer == LoadTokenizer::if_present && fs::exists(folder / kTokenizer)) {
    tokenizer = Tokenizer::load(folder);
    check_tokenizer(*tokenizer, config, folder / kTokenizer);
  }
  const WeightReader reader(folder, family, config);
  reader.check_structure();
  const ParameterSource source = [&](const ParameterInfo& parameter) {
    return reader.read(parameter, options.purpose);
  };
  return {GPT(config, source, options.precision, options.purpose), std::move(tokenizer)};
}

ModelFolderInfo inspect_model_folder(const fs::path& folder) {
  const Json json = read_config_json(folder);
  const Family& family = family_of(json);
  ModelFolderInfo info;
  info.family = family.name();
  info.model_type = json.at("model_type").text();
  info.config = family.read_config(json);
  const WeightReader reader(folder, family, info.config);
  reader.check_structure();

  info.parameters = count_parameters(info.config);
  info.tensors.assign(reader.weights().tensors().begin(), reader.weights().tensors().end());
  info.weight_bytes = reader.weights().bytes();
  const auto inference = [&](Precision precision) {
    return inference_bytes(info.config, precision) +
           KeyValueCaches::bytes(info.config, precision, info.config.context);
  };
  info.inference_bytes_f32 = inference(Precision::f32());
  info.inference_bytes_bf16 = inference(Precision::bf16());
  info.training_bytes = 16 * info.parameters.total();
  info.has_manifest = has_manifest(folder);
  if (fs::exists(folder / kTokenizer)) {
    try {
      const Tokenizer tokenizer = Tokenizer::load(folder);
      check_tokenizer(tokenizer, info.config, folder / kTokenizer);
      info.tokenizer = fmt::format("{} tokens", tokenizer.vocabulary_size());
    } catch (const Error& error) {
      info.tokenizer = error.what();
    }
  }
  if (fs::exists(folder / kTrainingState)) {
    const Json state = read_json(folder / kTrainingState);
    if (const Json* step = state.find("step")) info.training_step = step->integer();
  }
  return info;
}

// ---- Writing ------------------------------------------------------------------------------------

std::vector<WeightFile> write_model_files(const fs::path& folder, const GPT& model,
                                          const SaveOptions& options) {
  const ModelConfig& config = model.config();
  const Family& family = family_for(config);
  require(ErrorKind::usage, options.type == DataType::f32 || options.type == DataType::bf16,
          "[save] weights are written as f32 or bf16, not {}", name_of(options.type));

  std::vector<WeightFile> files;
  files.push_back(write_json(folder, kConfig, family.write_config(config, options.type)));
  if (config.end_of_text >= 0)
    files.push_back(write_json(folder, kGeneration,
                               Json::object({{"bos_token_id", config.end_of_text},
                                             {"eos_token_id", config.end_of_text}})));
  if (options.tokenizer) {
    check_tokenizer(*options.tokenizer, config, folder);
    options.tokenizer->save(folder);
  }

  struct Part {
    const Parameter& parameter;
    StoredParameter stored;
    size_t number;
  };
  std::vector<TensorInfo> tensors;
  std::vector<Part> parts;
  for (const Parameter& parameter : model.parameters()) {
    const StoredParameter stored = family.stored({parameter.name, parameter.shape}, config);
    for (size_t i = 0; i < stored.parts.size(); ++i) {
      tensors.push_back({stored.parts[i].name, options.type, stored.parts[i].shape});
      parts.push_back({parameter, stored, i});
    }
  }
  size_t next = 0;  // write_weights asks in the order given
  const auto produce = [&](const TensorInfo&) {
    const Part& part = parts[next++];
    return to_stored(part.parameter.value.data(), part.stored, part.number, options.type);
  };
  std::ranges::move(write_weights(folder, tensors, produce, options.shards),
                    std::back_inserter(files));
  return files;
}

void save_model(const fs::path& folder, const GPT& model, const SaveOptions& options) {
  const fs::path target = fs::absolute(folder).lexically_normal();
  require(ErrorKind::conflict,
          !fs::exists(target) || (fs::is_directory(target) && fs::is_empty(target)),
          "{}: is there already and is not overwritten", folder.string());
  fs::path temporary = target;
  if (!temporary.has_filename()) temporary = temporary.parent_path();  // "model/"
  temporary += fmt::format(".{}.tmp", getpid());
  try {
    make_directories(temporary);
    write_manifest(temporary, write_model_files(temporary, model, options));
    rename_durably(temporary, target);
  } catch (...) {
    remove_all_quietly(temporary);
    throw;
  }
}

}  // namespace octavo
