// Any bytes as a token file: refused with an Error, or every token can be read and the documents
// start where tokens are. The first byte chooses the format, the next two say where the .bin ends
// and its .docs or .idx begins.
#include <algorithm>
#include <cstdlib>
#include <memory>
#include <span>
#include <vector>

#include "octavo/base/error.h"
#include "octavo/dataset/token_file.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace octavo;
  if (size < 3) return 0;
  const auto format = static_cast<TokenFormat>(data[0] % 4);
  const auto rest = std::as_bytes(std::span(data + 3, size - 3));
  const size_t cut = std::min<size_t>(data[1] | data[2] << 8, rest.size());
  // Blocks of their own, so that a read past the end of either is seen.
  const auto copy = [](std::span<const std::byte> bytes) {
    auto block = std::make_unique<std::byte[]>(bytes.size());
    std::copy(bytes.begin(), bytes.end(), block.get());
    return block;
  };
  const auto tokens = copy(rest.first(cut)), sidecar = copy(rest.subspan(cut));
  try {
    const TokenFile file = TokenFile::parse("fuzz.bin", {tokens.get(), cut},
                                            {sidecar.get(), rest.size() - cut}, format, nullptr);
    int64_t before = -1;
    if (file.documents())
      for (const int64_t start : *file.documents()) {
        if (start <= before || start >= file.size()) std::abort();
        before = start;
      }
    std::vector<int32_t> ids(static_cast<size_t>(file.size()));
    file.read(0, ids, 50257);
    for (const int32_t id : ids)
      if (id < 0 || id >= 50257) std::abort();
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::data) std::abort();
  }
  return 0;
}
