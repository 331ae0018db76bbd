// Any bytes as a safetensors file: refused with an Error, or every tensor can be read to its last
// byte and all of them together are exactly the data.
#include <cstdlib>
#include <cstring>
#include <numeric>

#include "octavo/base/error.h"
#include "octavo/weights/safetensors.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace octavo;
  const auto nobody = std::make_shared<int>();  // the fuzzer keeps the bytes
  try {
    const SafetensorsFile file("fuzz", std::as_bytes(std::span(data, size)), nobody);
    size_t sum = 0;
    for (const TensorInfo& info : file.tensors()) {
      const Tensor tensor = file.tensor(info.name);
      const auto* bytes = static_cast<const unsigned char*>(tensor.data());
      volatile unsigned read = std::accumulate(bytes, bytes + tensor.bytes(), 0u);
      static_cast<void>(read);
      sum += tensor.bytes();
    }
    uint64_t header = 0;
    std::memcpy(&header, data, 8);
    if (sum + 8 + header != size) std::abort();
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::data) std::abort();
  }
  return 0;
}
