#include "octavo/checkpoint/convert_model.h"

#include <algorithm>
#include <array>

#include "octavo/base/error.h"
#include "octavo/base/files.h"
#include "octavo/checkpoint/gguf_config.h"
#include "octavo/checkpoint/gguf_model.h"
#include "octavo/checkpoint/model_folder.h"
#include "octavo/checkpoint/tokenizer_io.h"
#include "octavo/tokenizer/gguf_tokenizer.h"

namespace octavo {
namespace {

namespace fs = std::filesystem;

bool is_gguf(const fs::path& target) { return target.extension() == ".gguf"; }

bool is_type_of_folder(DataType type) {
  return type == DataType::f32 || type == DataType::bf16 || type == DataType::f16;
}

std::string describe(const ModelFiles& files) {
  const char* layout = files.layout() == ModelLayout::folder ? "folder"
                       : files.layout() == ModelLayout::gguf ? "GGUF"
                                                             : "llama2.c";
  return fmt::format("{} {}", files.family().name(), layout);
}

/// The source's numbers, which tell of their progress.
ParameterSource reading(const ModelFiles& files, const ConvertOptions& options, int64_t& done) {
  int64_t total = 0;
  for (const ParameterInfo& parameter : parameters_of(files.config()))
    total += parameter.shape.elements();
  return [&files, &options, &done, total](const ParameterInfo& parameter) {
    if (options.progress) options.progress(done, total);
    done += parameter.shape.elements();
    return files.numbers(parameter, Purpose::inference);
  };
}

/// Weights are of use without a tokenizer: one that cannot be read is told and left out.
std::optional<Tokenizer> tokenizer_of_source(const ModelFiles& source, ConvertedModel& result) {
  try {
    return source.tokenizer();
  } catch (const Error& error) {
    result.notes.push_back(fmt::format("written without a tokenizer: {}", error.what()));
    return std::nullopt;
  }
}

/// Opens what was written and says what it is.
ModelFiles read_back(const fs::path& written, ConvertedModel& result) {
  ModelFiles files = ModelFiles::open(written);
  result.to = describe(files);
  result.tensors.assign(files.tensors().tensors().begin(), files.tensors().tensors().end());
  return files;
}

void write_folder(const ModelFiles& source, const fs::path& target, const ConvertOptions& options,
                  const ParameterSource& numbers, ConvertedModel& result) {
  DataType type = options.type.value_or(type_of_most(source.tensors().tensors()));
  require(ErrorKind::usage, !options.type || is_type_of_folder(type),
          "{}: a folder holds f32, bf16 or f16; {} is for a file that ends in .gguf",
          target.string(), name_of(type));
  if (!is_type_of_folder(type)) {
    result.notes.push_back(
        fmt::format("the source is {}; the folder holds the same numbers in f32", name_of(type)));
    type = DataType::f32;
  }
  if (!options.type && std::ranges::any_of(source.tensors().tensors(), [&](const TensorInfo& one) {
        return one.type != type && !is_quantized(one.type);
      }))
    result.notes.push_back(fmt::format(
        "a folder has one type: all of it is {}, as most of the source", name_of(type)));
  const auto tokenizer = tokenizer_of_source(source, result);
  SaveOptions save{
      .tokenizer = tokenizer ? &*tokenizer : nullptr, .type = type, .shards = options.shards};
  ModelConfig config = source.config();  // without an end, it has its tokenizer's
  if (tokenizer && config.end_of_text < 0) config.add_end(tokenizer->end_of_text());
  const fs::path generation = source.path() / kGenerationConfig;
  if (source.layout() == ModelLayout::folder && fs::exists(generation) && source.notes().empty())
    save.generation_config = read_file(generation);
  in_new_folder(target, [&](const fs::path& folder) {
    result.files = write_model_files(folder, config, numbers, save);
    if (options.beside)
      for (const auto& [name, text] : options.beside(source, result.files))
        result.files.push_back(
            {name, write_file(folder / name, text), static_cast<int64_t>(text.size())});
    return result.files;
  });
  if (read_back(target, result).model_type() == "octavo_gpt")
    result.notes.push_back(
        "no other program has names for what this model computes, so it is written as model_type "
        "octavo_gpt, which they refuse");
}

/// Where llama.cpp refuses a GGUF file of this architecture, or computes something else.
void note_llama_cpp(const std::string& architecture, const ModelConfig& config,
                    ConvertedModel& result) {
  const auto note = [&](std::string text) { result.notes.push_back(std::move(text)); };
  if (architecture == "gptneo" || architecture == "octavo_gpt")
    note(fmt::format(
        "llama.cpp has no models of this kind: the architecture is called {}, which it refuses",
        architecture));
  if (architecture == "gptneox" && config.head == HeadKind::tied)
    note("llama.cpp refuses a GPT-NeoX model whose head is the token table");
  if (architecture == "gptneox" && config.biases != Biases{})
    note("llama.cpp refuses a GPT-NeoX model that has biases in some places only");
  if ((architecture == "gpt2" || architecture == "gptneox") &&
      config.activation == Activation::gelu_exact)
    note(
        fmt::format("llama.cpp computes {} with the approximate GELU, this model has the exact one",
                    architecture == "gpt2" ? "GPT-2" : "GPT-NeoX"));
}

void write_gguf_file(const ModelFiles& source, const fs::path& target,
                     const ConvertOptions& options, const ParameterSource& numbers,
                     ConvertedModel& result) {
  require(ErrorKind::conflict, !fs::exists(target), "{}: is there already and is not overwritten",
          target.string());
  // Of GGUF everything that was said stays, its tokenizer as it lies; else there is one to write.
  GgufMetadata more = source.metadata().value_or(GgufMetadata{});
  if (options.metadata) {
    const GgufMetadata given = options.metadata(source);
    for (const GgufValue& value : given.values()) more.set(value);
  }
  std::vector<int32_t> ends = source.config().ends();
  if (!source.metadata()) {
    if (const auto tokenizer = tokenizer_of_source(source, result)) try {
        if (const int32_t end = tokenizer->end_of_text(); end >= 0) {
          if (std::ranges::find(ends, end) == ends.end()) ends.push_back(end);
          more.set(gguf_key::kEnd, static_cast<uint32_t>(end));  // even if the rest cannot be said
        }
        set_tokenizer(more, *tokenizer, source.config().vocabulary);
      } catch (const Error& error) {
        result.notes.push_back(fmt::format("GGUF cannot hold the tokenizer: {}", error.what()));
      }
  }
  if (source.metadata() && !options.type) {  // splits joined or cut anew
    const auto produce = [&](const TensorInfo& tensor) {
      return source.tensors().tensor(tensor.name);
    };
    result.files = write_gguf(target, more, source.tensors().tensors(), produce, options.shards);
  } else {
    if (is_quantized(type_of_most(source.tensors().tensors())))
      result.notes.push_back("the source is quantized already: its numbers are rounded once more");
    const auto wanted = [&](const ParameterInfo& parameter) {
      return options.type.value_or(source.type_of(parameter));
    };
    result.files =
        write_gguf_model(target, source.config(), numbers,
                         {.wanted = wanted, .more = std::move(more), .shards = options.shards});
  }
  const ModelFiles written = read_back(target.parent_path() / result.files.front().name, result);
  note_llama_cpp(written.model_type(), source.config(), result);
  if (written.config().ends().size() < ends.size())
    result.notes.push_back(fmt::format(
        "{} tokens end a text of this model; GGUF has keys for {}, the rest are left out",
        ends.size(), kGgufEnds));
}

}  // namespace

ConvertedModel convert_model(const fs::path& source_path, const fs::path& target,
                             const ConvertOptions& options) {
  const ModelFiles source = ModelFiles::open(source_path);
  source.check_structure();
  ConvertedModel result;
  result.from = describe(source);
  for (const std::string& note : source.notes())
    result.notes.push_back(fmt::format("as if it were not there: {}", note));
  int64_t done = 0;
  const ParameterSource numbers = reading(source, options, done);
  if (is_gguf(target))
    write_gguf_file(source, target, options, numbers, result);
  else
    write_folder(source, target, options, numbers, result);
  if (options.progress) options.progress(done, done);
  return result;
}

std::span<const DataType> types_to_write() {
  static constexpr std::array<DataType, 11> types = {DataType::f32,  DataType::bf16, DataType::f16,
                                                     DataType::q8_0, DataType::q4_0, DataType::q4_1,
                                                     DataType::q5_0, DataType::q5_1, DataType::q4_k,
                                                     DataType::q5_k, DataType::q6_k};
  return types;
}

}  // namespace octavo
