// GGUF's metadata: an ordered list of named, typed values, read where they lie in the file.
//
// A value is a view of its encoded bytes: nothing is unpacked before somebody asks, so a list of
// 200,000 tokens costs nothing to open. What is built for writing is encoded at once, and lies in
// memory as it will in the file; so values copied from one file to another stay the same bytes.
// `GgufMetadata::read` checks all that asking relies on. Tested by
// tests/weights/gguf_metadata_test.cpp and tests/fuzz/gguf_fuzz.cpp.
// Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md.
#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <memory>
#include <ranges>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace octavo {

class GgufCursor;

/// The types of values, numbered as in the files.
enum class GgufType : uint32_t {
  u8,
  i8,
  u16,
  i16,
  u32,
  i32,
  f32,
  boolean,
  text,
  array,
  u64,
  i64,
  f64,
};

std::string_view name_of(GgufType type);  ///< "u32", "text", …

/// The type that a C++ value is written as.
template <class T>
constexpr GgufType gguf_type_of() {
  if constexpr (std::same_as<T, bool>) return GgufType::boolean;
  if constexpr (std::same_as<T, float>) return GgufType::f32;
  if constexpr (std::same_as<T, double>) return GgufType::f64;
  if constexpr (std::integral<T>) {
    const uint32_t unsigned_type = sizeof(T) == 8   ? 10
                                   : sizeof(T) == 4 ? 4
                                   : sizeof(T) == 2 ? 2
                                                    : 0;
    return static_cast<GgufType>(unsigned_type + (std::signed_integral<T> ? 1 : 0));
  }
  return GgufType::text;
}

/// One value, a view of bytes that its GgufMetadata keeps. Typed access throws `data`, naming file,
/// key, expectation and find, on a mismatch.
class GgufValue {
 public:
  std::string_view key() const { return key_; }
  GgufType type() const { return type_; }
  bool is_text() const { return type_ == GgufType::text; }
  bool is_array() const { return type_ == GgufType::array; }

  int64_t integer() const;  ///< of any integer type
  int64_t integer(int64_t minimum, int64_t maximum) const;
  double number() const;  ///< of any integer or floating type
  bool boolean() const;
  std::string_view text() const;

  // Of an array; `each` calls with one element after the other, which live as long as the call.
  GgufType item_type() const;
  size_t size() const;
  void each(const std::function<void(const GgufValue&)>& use) const;
  std::vector<int64_t> integers() const;
  std::vector<float> numbers() const;
  std::vector<std::string_view> texts() const;

  /// `model.gguf: key "general.name"`: how messages about this value begin.
  std::string where() const;

 private:
  friend class GgufMetadata;
  [[noreturn]] void mismatch(std::string_view expected) const;

  std::shared_ptr<const std::string> source_;  // null if built
  std::string_view key_;
  GgufType type_ = GgufType::u8;
  std::string_view bytes_;  // as encoded, after the type
};

class GgufMetadata {
 public:
  static constexpr uint64_t kMaximumKeys = 16'384;
  static constexpr uint64_t kMaximumKeyBytes = 65'535;
  static constexpr int kMaximumDepth = 4;  ///< of arrays in arrays

  GgufMetadata() = default;
  /// Reads `count` values at the cursor and checks them to their last byte; they stay in the
  /// cursor's bytes, which `owner` keeps alive. Throws `data`, naming file and key.
  static GgufMetadata read(GgufCursor& cursor, uint64_t count, std::shared_ptr<const void> owner);

  /// In the order of the file.
  std::span<const GgufValue> values() const { return values_; }
  /// The value, or null if there is none.
  const GgufValue* find(std::string_view key) const;
  /// Throws `data` if the key is missing.
  const GgufValue& at(std::string_view key) const;

  // Building. A key that is there keeps its place and gets the new value. Numbers are written in
  // the type they are given in: uint32_t{5} as u32, 1e-5f as f32.
  template <class T>
  requires(std::is_arithmetic_v<T> && sizeof(T) <= 8) GgufMetadata& set(std::string_view key,
                                                                        T value) {
    return put(key, gguf_type_of<T>(), encoded(value));
  }
  GgufMetadata& set(std::string_view key, std::string_view text) {
    return put(key, GgufType::text, encoded(text));
  }
  template <std::ranges::input_range Range>
  GgufMetadata& set_array(std::string_view key, const Range& items);
  GgufMetadata& set(const GgufValue& value) {  ///< a copy
    return put(value.key_, value.type_, std::string(value.bytes_));
  }

  /// As a file has it, without the count.
  std::string encoded() const;

 private:
  template <class T>
  static std::string encoded(const T& value);
  GgufMetadata& put(std::string_view key, GgufType type, std::string bytes);

  std::string name_ = "metadata";
  std::vector<GgufValue> values_;
  std::vector<std::shared_ptr<const void>> owners_;
};

template <class T>
std::string GgufMetadata::encoded(const T& value) {
  if constexpr (std::is_arithmetic_v<T>) {
    return std::string(reinterpret_cast<const char*>(&value), sizeof value);
  } else {
    const std::string_view text(value);
    return encoded(uint64_t{text.size()}).append(text);
  }
}

template <std::ranges::input_range Range>
GgufMetadata& GgufMetadata::set_array(std::string_view key, const Range& items) {
  using Item = std::ranges::range_value_t<Range>;
  uint64_t count = 0;
  std::string bytes;
  for (const auto& item : items) {
    bytes += encoded<Item>(item);
    ++count;
  }
  const auto type = static_cast<uint32_t>(gguf_type_of<Item>());
  return put(key, GgufType::array, encoded(type) + encoded(count) + bytes);
}

}  // namespace octavo
