#include "octavo/checkpoint/model_files.h"

#include <algorithm>
#include <cstring>
#include <set>

#include "octavo/base/error.h"
#include "octavo/base/files.h"
#include "octavo/checkpoint/convert.h"
#include "octavo/checkpoint/family_config.h"
#include "octavo/checkpoint/gguf_config.h"
#include "octavo/checkpoint/llama2c.h"
#include "octavo/checkpoint/tokenizer_io.h"
#include "octavo/ops/numbers.h"
#include "octavo/ops/quantize.h"
#include "octavo/tokenizer/tokenizer_files.h"
#include "octavo/weights/weight_set.h"

namespace octavo {
namespace {

namespace fs = std::filesystem;

constexpr const char* kConfig = "config.json";
constexpr size_t kGenerationMemory = size_t{1} << 20;  // of a file of some ten short keys

bool begins_with_gguf(const fs::path& path) {
  const MappedFile file(path);
  return file.text().starts_with("GGUF");
}

/// The tokens that generation_config.json says end a text too, which take the place of a default.
/// The file is none of the weights': if it is faulty, it counts as absent.
void add_generation_ends(const fs::path& path, bool config_says, FolderConfig& folder) {
  if (!fs::exists(path)) return;
  try {
    const Json json =
        Json::parse(MappedFile(path).text(), path.string(), {.memory_limit = kGenerationMemory});
    const Json* tokens = present(json, kEndsKey);
    if (!tokens || (tokens->is_array() && tokens->items().empty())) return;
    ModelConfig config = folder.config;
    if (!config_says) config.end_of_text = -1;
    add_ends(*tokens, config);
    folder.config = config;
  } catch (const Error& error) {
    folder.notes.push_back(error.what());
  }
}

}  // namespace

FolderConfig read_folder_config(const fs::path& folder) {
  require(fs::is_directory(folder), "{}: expected a model folder, found {}", folder.string(),
          fs::exists(folder) ? "a file" : "nothing");
  const fs::path path = folder / kConfig;
  require(fs::exists(path), "{}: holds no {}, so it is no model folder", folder.string(), kConfig);
  FolderConfig result;
  bool says_end = false;
  {  // what was parsed is gone before the next file is
    const Json json = Json::parse(MappedFile(path).text(), path.string());
    result.family = &family_of(json);
    result.model_type = json.at("model_type").text();
    result.config = result.family->read_config(json);
    says_end = json.find(kEndsKey) != nullptr;
  }
  if (!says_end && has_tokenizer(folder)) result.config.end_of_text = -1;
  add_generation_ends(folder / kGenerationConfig, says_end, result);
  return result;
}

void refuse_pickle(const fs::path& file) {
  if (!fs::is_regular_file(file)) return;
  const std::string extension = file.extension().string();
  const MappedFile map(file);
  const std::string_view bytes = map.text();
  const bool named = extension == ".pt" || extension == ".pth" || extension == ".ckpt" ||
                     file.filename().string().starts_with("pytorch_model");
  const bool zip = bytes.starts_with("PK\x03\x04");  // what torch.save writes
  const bool protocol = bytes.size() > 2 && bytes[0] == '\x80' && bytes[1] >= 2 && bytes[1] <= 5;
  require(!(named || ((zip || protocol) && extension == ".bin")),
          "{}: a pickle, which can run any program while it is read; Octavo reads none. Save the "
          "model as safetensors where you trust it: model.save_pretrained(folder, "
          "safe_serialization=True) in transformers",
          file.string());
}

// ---- Opening ------------------------------------------------------------------------------------

ModelFiles::ModelFiles(fs::path path, ModelLayout layout, const Family& family,
                       std::string model_type, const NameMap& names, ModelConfig config,
                       TensorFiles tensors)
    : path_(std::move(path)),
      layout_(layout),
      family_(&family),
      model_type_(std::move(model_type)),
      names_(&names),
      config_(config),
      tensors_(std::move(tensors)) {
  prefixed_ = std::ranges::any_of(tensors_.tensors(), [&](const TensorInfo& tensor) {
    return tensor.name.starts_with(names.prefix);
  });
}

ModelFiles ModelFiles::open(const fs::path& path) {
  refuse_pickle(path);
  if (!fs::is_regular_file(path)) return open_folder(path);
  if (begins_with_gguf(path) || path.extension() == ".gguf") return open_gguf(path);
  require(is_llama2c(path),
          "{}: expected a model (a folder with config.json, a GGUF file, llama2.c's .bin), found a "
          "file that is neither",
          path.string());
  return open_llama2c(path);
}

ModelFiles ModelFiles::open_folder(const fs::path& folder) {
  FolderConfig read = read_folder_config(folder);
  if (!fs::exists(folder / "model.safetensors") &&
      !fs::exists(folder / "model.safetensors.index.json"))
    for (const auto& entry : fs::directory_iterator(folder)) refuse_pickle(entry.path());
  ModelFiles result(folder, ModelLayout::folder, *read.family, std::move(read.model_type),
                    read.family->names(), read.config, WeightSet::open(folder));
  result.notes_ = std::move(read.notes);
  return result;
}

ModelFiles ModelFiles::open_gguf(const fs::path& file) {
  const GgufSet set = GgufSet::open(file);
  const auto [family, form] = gguf_kind_of(set.metadata());
  ModelFiles result(file, ModelLayout::gguf, family, std::string(form.architecture), *form.names,
                    read_gguf_config(set, form), set);
  result.metadata_ = set.metadata();
  return result;
}

ModelFiles ModelFiles::open_llama2c(const fs::path& file) {
  Llama2cModel model = read_llama2c(file);
  const Family& family = llama_family();
  return {file,
          ModelLayout::llama2c,
          family,
          "llama2.c",
          *family.gguf_forms().front().names,
          model.config,
          TensorFiles(file.string(), {std::move(model.tensors)})};
}

bool ModelFiles::has_quantized_tensors() const {
  return std::ranges::any_of(tensors_.tensors(),
                             [](const TensorInfo& info) { return is_quantized(info.type); });
}

std::optional<Tokenizer> ModelFiles::tokenizer() const {
  std::optional<Tokenizer> result;
  const fs::path beside = path_.parent_path() / kLlama2cTokenizer;
  if (metadata_)
    result = tokenizer_of(*metadata_, path_.string());
  else if (layout_ == ModelLayout::folder && has_tokenizer(path_))
    result = Tokenizer::load(path_);
  else if (layout_ == ModelLayout::llama2c && fs::exists(beside))
    result = Tokenizer::load(beside);
  if (result) check_tokenizer(*result, config_, path_.string());
  return result;
}

void check_tokenizer(const Tokenizer& tokenizer, const ModelConfig& config,
                     const std::string& where) {
  require(tokenizer.vocabulary_size() <= config.vocabulary,
          "{}: the tokenizer has {} tokens, the model {}", where, tokenizer.vocabulary_size(),
          config.vocabulary);
}

// ---- Parameters ---------------------------------------------------------------------------------

StoredParameter ModelFiles::find(const ParameterInfo& parameter) const {
  StoredParameter result = stored_parameter(*names_, parameter, config_);
  for (StoredTensor& part : result.parts) {
    if (!prefixed_ && part.name.starts_with(names_->prefix))  // its writer left the prefix out
      part.name.erase(0, names_->prefix.size());
    require(tensors_.contains(part.name), "{}: tensor \"{}\" {} is missing",
            tensors_.files().front().name(), part.name, part.shape);
  }
  return result;
}

void ModelFiles::check_structure() const {
  std::set<std::string, std::less<>> expected;
  for_each_parameter(config_, [&](const ParameterInfo& parameter) {
    for (const StoredTensor& stored : find(parameter).parts) {
      const TensorInfo& tensor = tensors_.info(stored.name);
      require(tensor.shape == stored.shape, "{}: tensor \"{}\" is {}, the config says {}",
              tensors_.file_of(stored.name), stored.name, tensor.shape, stored.shape);
      require(is_weight_type(tensor.type),
              "{}: tensor \"{}\" is {}, expected f64, f32, bf16, f16 or a quantized type",
              tensors_.file_of(stored.name), stored.name, name_of(tensor.type));
      expected.insert(stored.name);
    }
  });
  for (const TensorInfo& tensor : tensors_.tensors())
    if (!expected.contains(tensor.name)) check_extra(tensor);
}

DataType ModelFiles::type_of(const ParameterInfo& parameter) const {
  return tensors_.info(find(parameter).parts.front().name).type;
}

std::vector<Tensor> ModelFiles::quantized(const ParameterInfo& parameter) const {
  const StoredParameter stored = find(parameter);
  std::vector<Tensor> parts;
  for (const StoredTensor& part : stored.parts) {
    if (!is_quantized(tensors_.info(part.name).type)) return {};
    parts.push_back(tensors_.tensor(part.name));
    require(scales_are_finite(parts.back()), "{}: tensor \"{}\" has a scale that is not finite",
            tensors_.file_of(part.name), part.name);
  }
  return in_our_order(parts, stored);
}

Tensor ModelFiles::numbers(const ParameterInfo& parameter, Purpose purpose) const {
  const StoredParameter stored = find(parameter);
  std::vector<Tensor> parts;
  for (const StoredTensor& part : stored.parts) parts.push_back(tensors_.tensor(part.name));
  const bool as_is = parts.size() == 1 && parts[0].type() == DataType::f32 &&
                     stored.order == StoredOrder::same && purpose == Purpose::inference;
  const Tensor numbers = as_is ? parts[0] : from_stored(parts, stored, DataType::f32);
  if (first_not_finite(numbers)) fail_not_finite(stored, parts);
  return numbers;
}

void ModelFiles::fail_not_finite(const StoredParameter& stored,
                                 std::span<const Tensor> parts) const {
  size_t i = 0;
  std::optional<double> number;
  while (!(number = first_not_finite(convert_weights(parts[i], DataType::f32)))) ++i;
  const std::string& name = stored.parts[i].name;
  fail(ErrorKind::data, "{}: tensor \"{}\" holds {}, expected finite numbers",
       tensors_.file_of(name), name, *number != *number ? "a NaN" : "an Inf");
}

// ---- What is no parameter -----------------------------------------------------------------------

void ModelFiles::check_extra(const TensorInfo& tensor) const {
  switch (extra_tensor(*names_, tensor.name, config_)) {
    case ExtraTensor::buffer:
      return;
    case ExtraTensor::tied_head:
      return check_tied_head(tensor);
    case ExtraTensor::unknown:
      break;
  }
  fail(ErrorKind::data, "{}: tensor \"{}\" {} is no part of a {} model of {} layers",
       tensors_.file_of(tensor.name), tensor.name, tensor.shape, family_->name(), config_.layers);
}

void ModelFiles::check_tied_head(const TensorInfo& head) const {
  const std::string& file = tensors_.file_of(head.name);
  const Shape table_shape{config_.vocabulary, config_.width};
  const Tensor table = tensors_.tensor(find({"token_embedding.weight", table_shape}).parts[0].name);
  require(head.shape == table_shape && head.type == table.type(),
          "{}: tensor \"{}\" is {} {}, the token table that it repeats is {} {}", file, head.name,
          name_of(head.type), head.shape, name_of(table.type()), table_shape);
  const Tensor numbers = tensors_.tensor(head.name);
  require(std::memcmp(numbers.data(), table.data(), table.bytes()) == 0,
          "{}: tensor \"{}\" differs from the token table, the config says that they are tied",
          file, head.name);
}

}  // namespace octavo
