// Any bytes as a GGUF file: refused with an Error, or every tensor can be read to its last byte,
// none takes another's bytes, and the metadata, walked to its last element, is what the file has.
#include <cstdlib>
#include <cstring>
#include <numeric>

#include "octavo/base/error.h"
#include "octavo/weights/gguf.h"

namespace {

using namespace octavo;

void walk(const GgufValue& value) {
  switch (value.type()) {
    case GgufType::array: {
      size_t items = 0;
      value.each([&](const GgufValue& item) {
        walk(item);
        ++items;
      });
      if (items != value.size()) std::abort();
      break;
    }
    case GgufType::text:
      static_cast<void>(std::accumulate(value.text().begin(), value.text().end(), 0u));
      break;
    case GgufType::boolean:
      static_cast<void>(value.boolean());
      break;
    default:
      static_cast<void>(value.number());
  }
}

void use(const GgufFile& file, std::string_view bytes) {
  for (const GgufValue& value : file.metadata().values()) try {
      walk(value);
    } catch (const Error& error) {  // a number too large for 64 bits with a sign
      if (error.kind() != ErrorKind::data) std::abort();
    }
  const std::string metadata = file.metadata().encoded();
  if (bytes.substr(24, metadata.size()) != metadata) std::abort();
  size_t sum = 24 + metadata.size();
  for (const TensorInfo& info : file.tensors()) {
    const Tensor tensor = file.tensor(info.name);
    const auto* numbers = static_cast<const unsigned char*>(tensor.data());
    volatile unsigned read = std::accumulate(numbers, numbers + tensor.bytes(), 0u);
    static_cast<void>(read);
    sum += info.name.size() + 8 + 4 + 4 + 8 + tensor.bytes();
  }
  if (sum > bytes.size()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto nobody = std::make_shared<int>();  // the fuzzer keeps the bytes
  try {
    const GgufFile file("fuzz", std::as_bytes(std::span(data, size)), nobody);
    use(file, {reinterpret_cast<const char*>(data), size});
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::data) std::abort();
  }
  return 0;
}
