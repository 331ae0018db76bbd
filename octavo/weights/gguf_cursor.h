// A place in a GGUF file that moves on as it is read, and never past the end. For gguf.cpp and
// gguf_metadata.cpp.
#pragma once

#include <cstring>
#include <string>
#include <string_view>

#include "octavo/base/error.h"
#include "octavo/base/text.h"

namespace octavo {

class GgufCursor {
 public:
  /// `file` names the bytes in messages.
  GgufCursor(std::string file, std::string_view bytes) : file_(std::move(file)), bytes_(bytes) {}

  const std::string& file() const { return file_; }
  size_t position() const { return position_; }
  size_t left() const { return bytes_.size() - position_; }
  std::string_view since(size_t begin) const { return bytes_.substr(begin, position_ - begin); }

  /// What is being read, for messages: the `number`-th key or tensor, whose name may come later.
  void at(std::string_view kind, uint64_t number) { kind_ = kind, number_ = number, name_ = {}; }
  void named(std::string_view name) { name_ = name; }

  template <class... Arguments>
  void require(bool condition, fmt::format_string<Arguments...> format,
               Arguments&&... arguments) const {
    if (!condition) [[unlikely]]
      fail(ErrorKind::data, "{}: {}", where(),
           fmt::format(format, std::forward<Arguments>(arguments)...));
  }

  std::string_view take(uint64_t count, std::string_view what) {
    require(count <= left(), "its {} takes {} bytes, {} are left", what, count, left());
    const std::string_view taken = bytes_.substr(position_, count);
    position_ += count;
    return taken;
  }
  template <class T>
  T take(std::string_view what) {
    T value;
    std::memcpy(&value, take(sizeof value, what).data(), sizeof value);
    return value;
  }
  /// A length in 64 bits, then so many bytes.
  std::string_view take_text(std::string_view what) {
    const auto length = take<uint64_t>(what);
    return take(length, what);
  }

 private:
  std::string where() const {
    if (kind_.empty()) return file_;
    return name_.empty() ? fmt::format("{}: {} number {}", file_, kind_, number_ + 1)
                         : fmt::format("{}: {} {}", file_, kind_, in_quotes(name_));
  }

  std::string file_;
  std::string_view bytes_;
  size_t position_ = 0;
  std::string_view kind_, name_;
  uint64_t number_ = 0;
};

}  // namespace octavo
