// GGUF files built byte by byte, so that they can lie.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "octavo/weights/gguf.h"

namespace octavo {

class GgufBytes {
 public:
  template <class T>
  GgufBytes& put(T number) {
    bytes.append(reinterpret_cast<const char*>(&number), sizeof number);
    return *this;
  }
  GgufBytes& text(std::string_view text) {
    put<uint64_t>(text.size());
    bytes += text;
    return *this;
  }
  GgufBytes& header(uint64_t tensors, uint64_t keys, uint32_t version = 3) {
    bytes += "GGUF";
    return put(version).put(tensors).put(keys);
  }
  GgufBytes& key(std::string_view name, GgufType type) {
    return text(name).put(static_cast<uint32_t>(type));
  }
  GgufBytes& array(GgufType type, uint64_t count) {
    return put(static_cast<uint32_t>(type)).put(count);
  }
  /// A line of the list, dimensions as the file has them: innermost first.
  GgufBytes& tensor(std::string_view name, std::initializer_list<uint64_t> dimensions,
                    uint32_t type, uint64_t offset) {
    text(name).put(static_cast<uint32_t>(dimensions.size()));
    for (const uint64_t size : dimensions) put(size);
    return put(type).put(offset);
  }
  /// Zeros to the next multiple of the alignment, then so many bytes of data.
  GgufBytes& data(size_t count, size_t alignment = 32) {
    bytes.resize((bytes.size() + alignment - 1) / alignment * alignment);
    for (size_t i = 0; i < count; ++i) bytes += static_cast<char>(i);
    return *this;
  }

  GgufFile file() const {
    auto owner = std::make_shared<const std::string>(bytes);
    const auto span = std::as_bytes(std::span(*owner));
    return GgufFile("x.gguf", span, owner);
  }

  std::string bytes;
};

}  // namespace octavo
