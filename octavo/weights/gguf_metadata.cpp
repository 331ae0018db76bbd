#include "octavo/weights/gguf_metadata.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <limits>
#include <numeric>

#include "octavo/base/error.h"
#include "octavo/base/text.h"
#include "octavo/weights/gguf_cursor.h"

namespace octavo {
namespace {

static_assert(std::endian::native == std::endian::little, "the format's numbers are little-endian");

struct Description {
  std::string_view name;
  size_t bytes;  // of a value; the least, where that depends
};
// In the order of the enumeration. A text has at least its length, an array its type and its count.
constexpr std::array<Description, 13> descriptions{{{"u8", 1},
                                                    {"i8", 1},
                                                    {"u16", 2},
                                                    {"i16", 2},
                                                    {"u32", 4},
                                                    {"i32", 4},
                                                    {"f32", 4},
                                                    {"boolean", 1},
                                                    {"text", 8},
                                                    {"array", 12},
                                                    {"u64", 8},
                                                    {"i64", 8},
                                                    {"f64", 8}}};
constexpr size_t kArrayHeader = 12;

size_t bytes_of(GgufType type) { return descriptions[static_cast<size_t>(type)].bytes; }

template <class T>
T number_at(std::string_view bytes) {
  T value;
  std::memcpy(&value, bytes.data(), sizeof value);
  return value;
}

GgufType take_type(GgufCursor& cursor) {
  const auto type = cursor.take<uint32_t>("type");
  cursor.require(type < descriptions.size(), "there is no type {} of values", type);
  return static_cast<GgufType>(type);
}

// Passes over one value. What it finds wrong no later reading needs to look for.
void check_value(GgufCursor& cursor, GgufType type, int depth) {
  if (type == GgufType::text) {
    cursor.take_text("text");
  } else if (type == GgufType::boolean) {
    const auto value = cursor.take<uint8_t>("boolean");
    cursor.require(value <= 1, "a boolean is 0 or 1, not {}", value);
  } else if (type == GgufType::array) {
    cursor.require(depth < GgufMetadata::kMaximumDepth,
                   "its arrays lie more than {} deep in each other", GgufMetadata::kMaximumDepth);
    const GgufType item = take_type(cursor);
    const auto count = cursor.take<uint64_t>("count");
    cursor.require(count <= cursor.left() / bytes_of(item),
                   "its array claims {} values of type {}, {} bytes are left", count, name_of(item),
                   cursor.left());
    if (item == GgufType::text || item == GgufType::boolean || item == GgufType::array)
      for (uint64_t i = 0; i < count; ++i) check_value(cursor, item, depth + 1);
    else
      cursor.take(count * bytes_of(item), "array");
  } else {
    cursor.take(bytes_of(type), "value");
  }
}

// Bytes of an element that check_value has seen.
size_t size_at(GgufType type, std::string_view bytes) {
  if (type == GgufType::text) return 8 + number_at<uint64_t>(bytes);
  if (type != GgufType::array) return bytes_of(type);
  const auto item = static_cast<GgufType>(number_at<uint32_t>(bytes));
  const auto count = number_at<uint64_t>(bytes.substr(4));
  size_t size = kArrayHeader;
  for (uint64_t i = 0; i < count; ++i) size += size_at(item, bytes.substr(size));
  return size;
}

}  // namespace

std::string_view name_of(GgufType type) { return descriptions[static_cast<size_t>(type)].name; }

std::string GgufValue::where() const {
  return fmt::format("{}: key {}", source_ ? *source_ : "metadata", in_quotes(key_));
}

void GgufValue::mismatch(std::string_view expected) const {
  fail(ErrorKind::data, "{}: expected {}, found {}", where(), expected,
       is_array() ? fmt::format("an array of {}", name_of(item_type()))
                  : std::string(name_of(type_)));
}

int64_t GgufValue::integer() const {
  switch (type_) {
    case GgufType::u8:
      return number_at<uint8_t>(bytes_);
    case GgufType::i8:
      return number_at<int8_t>(bytes_);
    case GgufType::u16:
      return number_at<uint16_t>(bytes_);
    case GgufType::i16:
      return number_at<int16_t>(bytes_);
    case GgufType::u32:
      return number_at<uint32_t>(bytes_);
    case GgufType::i32:
      return number_at<int32_t>(bytes_);
    case GgufType::i64:
      return number_at<int64_t>(bytes_);
    case GgufType::u64: {
      const auto value = number_at<uint64_t>(bytes_);
      require(value <= std::numeric_limits<int64_t>::max(), "{}: {} is too large", where(), value);
      return static_cast<int64_t>(value);
    }
    default:
      mismatch("an integer");
  }
}

int64_t GgufValue::integer(int64_t minimum, int64_t maximum) const {
  const int64_t value = integer();
  require(value >= minimum && value <= maximum, "{}: expected {} to {}, found {}", where(), minimum,
          maximum, value);
  return value;
}

double GgufValue::number() const {
  if (type_ == GgufType::f32) return number_at<float>(bytes_);
  if (type_ == GgufType::f64) return number_at<double>(bytes_);
  if (type_ == GgufType::text || type_ == GgufType::array || type_ == GgufType::boolean)
    mismatch("a number");
  return static_cast<double>(integer());
}

bool GgufValue::boolean() const {
  if (type_ != GgufType::boolean) mismatch("a boolean");
  return bytes_[0] != 0;
}

std::string_view GgufValue::text() const {
  if (type_ != GgufType::text) mismatch("a text");
  return bytes_.substr(8);
}

GgufType GgufValue::item_type() const {
  if (type_ != GgufType::array) mismatch("an array");
  return static_cast<GgufType>(number_at<uint32_t>(bytes_));
}

size_t GgufValue::size() const {
  if (type_ != GgufType::array) mismatch("an array");
  return number_at<uint64_t>(bytes_.substr(4));
}

void GgufValue::each(const std::function<void(const GgufValue&)>& use) const {
  const size_t count = size();
  GgufValue item = *this;
  item.type_ = item_type();
  std::string_view rest = bytes_.substr(kArrayHeader);
  for (size_t i = 0; i < count; ++i) {
    item.bytes_ = rest.substr(0, size_at(item.type_, rest));
    rest.remove_prefix(item.bytes_.size());
    use(item);
  }
}

std::vector<int64_t> GgufValue::integers() const {
  std::vector<int64_t> result;
  each([&](const GgufValue& item) { result.push_back(item.integer()); });
  return result;
}

std::vector<float> GgufValue::numbers() const {
  std::vector<float> result;
  each([&](const GgufValue& item) { result.push_back(static_cast<float>(item.number())); });
  return result;
}

std::vector<std::string_view> GgufValue::texts() const {
  std::vector<std::string_view> result;
  each([&](const GgufValue& item) { result.push_back(item.text()); });
  return result;
}

GgufMetadata GgufMetadata::read(GgufCursor& cursor, uint64_t count,
                                std::shared_ptr<const void> owner) {
  constexpr size_t kLeast = 8 + 1 + 4 + 1;  // a key of one letter, a type, a byte
  cursor.require(count <= kMaximumKeys && count <= cursor.left() / kLeast,
                 "{} keys are claimed; {} bytes are left and at most {} are allowed", count,
                 cursor.left(), kMaximumKeys);
  GgufMetadata result;
  result.name_ = cursor.file();
  result.owners_.push_back(std::move(owner));
  result.values_.resize(count);
  const auto source = std::make_shared<const std::string>(cursor.file());
  for (uint64_t i = 0; i < count; ++i) {
    GgufValue& value = result.values_[i];
    cursor.at("key", i);
    value.source_ = source;
    value.key_ = cursor.take_text("name");
    cursor.require(!value.key_.empty() && value.key_.size() <= kMaximumKeyBytes,
                   "its name has {} bytes, 1 to {} are allowed", value.key_.size(),
                   kMaximumKeyBytes);
    cursor.named(value.key_);
    value.type_ = take_type(cursor);
    const size_t begin = cursor.position();
    check_value(cursor, value.type_, 0);
    value.bytes_ = cursor.since(begin);
  }
  cursor.at("", 0);

  std::vector<uint32_t> by_key(count);
  std::iota(by_key.begin(), by_key.end(), 0u);
  const auto key = [&](uint32_t i) { return result.values_[i].key_; };
  std::ranges::sort(by_key, {}, key);
  const auto twice = std::ranges::adjacent_find(by_key, {}, key);
  cursor.require(twice == by_key.end(), "key {} is there twice",
                 twice == by_key.end() ? "" : in_quotes(key(*twice)));
  return result;
}

const GgufValue* GgufMetadata::find(std::string_view key) const {
  const auto found = std::ranges::find(values_, key, &GgufValue::key_);
  return found == values_.end() ? nullptr : &*found;
}

const GgufValue& GgufMetadata::at(std::string_view key) const {
  const GgufValue* value = find(key);
  require(value != nullptr, "{}: there is no key {}", name_, in_quotes(key));
  return *value;
}

GgufMetadata& GgufMetadata::put(std::string_view key, GgufType type, std::string bytes) {
  require(ErrorKind::usage, !key.empty() && key.size() <= kMaximumKeyBytes,
          "a key of GGUF metadata has 1 to {} bytes, not {}", kMaximumKeyBytes, key.size());
  const auto own = std::make_shared<const std::string>(std::string(key) + bytes);
  owners_.push_back(own);
  GgufValue value;
  value.key_ = std::string_view(*own).substr(0, key.size());
  value.type_ = type;
  value.bytes_ = std::string_view(*own).substr(key.size());
  const auto there = std::ranges::find(values_, key, &GgufValue::key_);
  if (there == values_.end())
    values_.push_back(value);
  else
    *there = value;
  return *this;
}

std::string GgufMetadata::encoded() const {
  std::string result;
  for (const GgufValue& value : values_) {
    result += encoded(value.key_) + encoded(static_cast<uint32_t>(value.type_));
    result += value.bytes_;
  }
  return result;
}

}  // namespace octavo
