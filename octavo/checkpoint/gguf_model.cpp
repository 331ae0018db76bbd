#include "octavo/checkpoint/gguf_model.h"

#include "octavo/base/error.h"
#include "octavo/checkpoint/gguf_config.h"
#include "octavo/ops/quantize.h"
#include "octavo/tokenizer/gguf_tokenizer.h"

namespace octavo {
namespace {

/// llama.cpp's number for what most of a file is (general.file_type).
uint32_t file_type_of(DataType type) {
  switch (type) {
    case DataType::f32:
      return 0;
    case DataType::f16:
      return 1;
    case DataType::q4_0:
      return 2;
    case DataType::q4_1:
      return 3;
    case DataType::q8_0:
      return 7;
    case DataType::q5_0:
      return 8;
    case DataType::q5_1:
      return 9;
    case DataType::q4_k:
      return 14;
    case DataType::q5_k:
      return 16;
    case DataType::q6_k:
      return 18;
    case DataType::bf16:
      return 32;
    default:
      return 1024;  // llama.cpp's "guessed"
  }
}

bool is_head(const ModelConfig& config, const ParameterInfo& parameter) {
  return parameter.name ==
         (config.head == HeadKind::tied ? "token_embedding.weight" : "head.weight");
}

}  // namespace

DataType gguf_type(const ModelConfig& config, const ParameterInfo& parameter, DataType wanted) {
  if (parameter.shape.rank() < 2 || parameter.name == "position_embedding.weight")
    return DataType::f32;
  if (wanted == DataType::f64) return DataType::f32;
  const bool few_bits = is_quantized(wanted) && wanted != DataType::q8_0;
  return type_for_rows(few_bits && is_head(config, parameter) ? DataType::q6_k : wanted,
                       parameter.shape[1]);
}

std::vector<WeightFile> write_gguf_model(const std::filesystem::path& file,
                                         const ModelConfig& config, const ParameterSource& numbers,
                                         const GgufOptions& options) {
  const GgufForm& form = gguf_form_for(config);
  StoredTensors stored(config, *form.names, numbers, [&](const ParameterInfo& parameter) {
    return gguf_type(config, parameter, options.wanted(parameter));
  });
  std::vector<TensorInfo> tensors(stored.tensors().begin(), stored.tensors().end());
  const DataType type = type_of_most(tensors);
  GgufMetadata metadata = write_gguf_config(config, form);
  metadata.set("general.file_type", file_type_of(type));
  if (is_quantized(type)) metadata.set("general.quantization_version", uint32_t{2});
  for (const GgufValue& value : options.more.values())
    if (!metadata.find(value.key())) metadata.set(value);
  add_gguf_ends(config, metadata);
  if (!metadata.find(gguf_key::kModel)) metadata.set(gguf_key::kModel, "no_vocab");

  const auto more = gguf_config_tensors(config);
  for (const auto& [info, numbers] : more) tensors.push_back(info);
  size_t next = 0;
  const auto produce = [&](const TensorInfo&) {
    const size_t i = next++;
    return i < stored.tensors().size() ? stored.next() : more[i - stored.tensors().size()].second;
  };
  return write_gguf(file, metadata, tensors, produce, options.shards);
}

}  // namespace octavo
