// Any bytes as a model in one file, GGUF or llama2.c's: refused with an Error, or a model whose
// every parameter is there; what GGUF says of it, written again, says the same.
#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "octavo/base/error.h"
#include "octavo/checkpoint/gguf_config.h"
#include "octavo/checkpoint/model_files.h"

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
    write_gguf_config(files.config(), form);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::usage) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const std::filesystem::path file =
      std::filesystem::path("/dev/shm") / ("octavo-fuzz-" + std::to_string(getpid()));
  const int descriptor = open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (descriptor < 0) std::abort();
  const bool whole = write(descriptor, data, size) == static_cast<ssize_t>(size);
  close(descriptor);
  if (!whole) std::abort();
  try {
    const ModelFiles files = ModelFiles::open(file);
    use(files);
    write_again(files);
    static_cast<void>(files.tokenizer());
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::internal) std::abort();
  }
  unlink(file.c_str());
  return 0;
}
