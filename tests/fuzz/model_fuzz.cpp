// Any bytes as a model in one file, GGUF or llama2.c's: refused with an Error, or a model whose
// every parameter is there; what GGUF says of it, written again, says the same.
#include <cstdlib>

#include "octavo/base/error.h"
#include "octavo/checkpoint/gguf_config.h"
#include "octavo/checkpoint/model_files.h"
#include "tests/fuzz/memory_file.h"

namespace {

using namespace octavo;

constexpr int64_t kFewParameters = 1 << 20;

void use(const ModelFiles& files) {
  files.check_structure();
  if (count_parameters(files.config()).total() > kFewParameters) return;
  for (const ParameterInfo& parameter : parameters_of(files.config())) {
    const Tensor numbers = files.numbers(parameter, Purpose::inference);
    if (numbers.shape() != parameter.shape) std::abort();
    for (const Tensor& blocks : files.quantized(parameter))
      if (blocks.columns() != parameter.shape.columns()) std::abort();
  }
}

/// The form of a config that was read can say it.
void write_again(const ModelFiles& files) {
  if (files.layout() != ModelLayout::gguf) return;
  const GgufForm& form = gguf_kind_of(*files.metadata()).form;
  try {
    GgufMetadata metadata = write_gguf_config(files.config(), form);
    add_gguf_ends(files.config(), metadata);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::usage) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const MemoryFile file;
  file.set(data, size);
  try {
    const ModelFiles files = ModelFiles::open(file.path());
    use(files);
    write_again(files);
    static_cast<void>(files.tokenizer());
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::internal) std::abort();
  }
  return 0;
}
