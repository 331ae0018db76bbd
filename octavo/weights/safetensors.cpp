#include "octavo/weights/safetensors.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "octavo/base/error.h"
#include "octavo/base/json.h"

namespace octavo {
namespace {

static_assert(std::endian::native == std::endian::little, "the format's numbers are little-endian");

struct TypeName {
  std::string_view name;
  DataType type;
};
// The first name of a type is the one written. BOOL is a byte each, as in GPT-2's mask buffers.
constexpr std::array<TypeName, 9> kTypes{{{"F64", DataType::f64},
                                          {"F32", DataType::f32},
                                          {"BF16", DataType::bf16},
                                          {"F16", DataType::f16},
                                          {"I64", DataType::i64},
                                          {"I32", DataType::i32},
                                          {"U16", DataType::u16},
                                          {"U8", DataType::u8},
                                          {"BOOL", DataType::u8}}};

std::string_view written_name(DataType type) {
  const auto known =
      std::find_if(kTypes.begin(), kTypes.end(), [&](const auto& t) { return t.type == type; });
  require(ErrorKind::usage, known != kTypes.end(), "safetensors has no type {}; GGUF has",
          name_of(type));
  return known->name;
}

struct Extent {
  int64_t begin, end;  // in the data, which follows the header
};

struct Entry {
  TensorInfo info;
  Extent extent;
};

int64_t whole_number(const Json& value, std::string_view where, std::string_view what) {
  require(value.is_integer() && value.integer() >= 0, "{}: {} must be a whole number", where, what);
  return value.integer();
}

// One member of the header: {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}.
Entry read_entry(const Json& member, std::string_view file, int64_t data_bytes) {
  const std::string where = fmt::format("{}: tensor \"{}\"", file, member.key());
  require(member.is_object() && member.size() == 3,
          "{}: expected an object of dtype, shape and data_offsets", where);
  const Json& dtype = member.at("dtype");
  const Json& shape = member.at("shape");
  const Json& offsets = member.at("data_offsets");
  require(dtype.is_text() && shape.is_array() && offsets.is_array() && offsets.size() == 2,
          "{}: dtype must be text, shape a list, data_offsets a list of two", where);

  const auto known = std::find_if(kTypes.begin(), kTypes.end(),
                                  [&](const TypeName& t) { return t.name == dtype.text(); });
  require(known != kTypes.end(), "{}: type {} is not supported", where, dtype.text().substr(0, 32));
  require(shape.size() <= Shape::kMaximumRank, "{}: {} axes, at most {} are supported", where,
          shape.size(), Shape::kMaximumRank);

  std::array<int64_t, Shape::kMaximumRank> sizes{};
  auto bytes = static_cast<int64_t>(size_of(known->type));
  for (size_t axis = 0; axis < shape.size(); ++axis) {
    sizes[axis] = whole_number(shape.at(axis), where, "each size of the shape");
    require(!__builtin_mul_overflow(bytes, sizes[axis], &bytes), "{}: its shape overflows", where);
  }
  const Extent extent{whole_number(offsets.at(size_t{0}), where, "a data offset"),
                      whole_number(offsets.at(size_t{1}), where, "a data offset")};
  require(extent.begin <= extent.end && extent.end <= data_bytes,
          "{}: bytes [{}, {}) are not within the {} bytes of data", where, extent.begin, extent.end,
          data_bytes);
  require(extent.end - extent.begin == bytes, "{}: its type and shape take {} bytes, it has {}",
          where, bytes, extent.end - extent.begin);
  return {{std::string(member.key()), known->type,
           Shape(std::span<const int64_t>(sizes.data(), shape.size()))},
          extent};
}

}  // namespace

SafetensorsFile::SafetensorsFile(const std::filesystem::path& path) : TensorTable(path.string()) {
  auto map = std::make_shared<const MappedFile>(path);
  const auto bytes = map->bytes();
  read(bytes, std::move(map));
}

SafetensorsFile::SafetensorsFile(std::string name, std::span<const std::byte> bytes,
                                 std::shared_ptr<const void> owner)
    : TensorTable(std::move(name)) {
  read(bytes, std::move(owner));
}

void SafetensorsFile::read(std::span<const std::byte> bytes, std::shared_ptr<const void> owner) {
  require(bytes.size() > 8, "{}: too short for a safetensors file ({} bytes)", name_, bytes.size());
  uint64_t header_bytes = 0;
  std::memcpy(&header_bytes, bytes.data(), 8);
  require(header_bytes <= kMaximumHeader && header_bytes <= bytes.size() - 8,
          "{}: the header claims {} bytes; {} follow it and at most {} are allowed", name_,
          header_bytes, bytes.size() - 8, kMaximumHeader);
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()) + 8, header_bytes);
  require(text.starts_with('{'), "{}: the header does not begin with '{{'", name_);
  const size_t data_start = 8 + header_bytes;
  const auto data_bytes = static_cast<int64_t>(bytes.size() - data_start);

  // The header's own pages count as used memory too. Beside the values there is room for `entries`.
  constexpr size_t kRoom = size_t{12} << 20;
  const Json header =
      Json::parse(text, name_, {.memory_limit = static_cast<size_t>(data_bytes) + kRoom});
  require(header.is_object(), "{}: the header is no JSON object", name_);

  std::vector<Entry> entries;
  entries.reserve(header.size());
  for (const Json& member : header.members()) {
    if (member.key() == "__metadata__") {
      require(member.is_object(), "{}: __metadata__ is no object", name_);
      for (const Json& item : member.members()) {
        require(item.is_text(), "{}: __metadata__ \"{}\" is no text", name_, item.key());
        metadata_.emplace(item.key(), item.text());
      }
    } else {
      entries.push_back(read_entry(member, name_, data_bytes));
    }
  }

  // Empty tensors may share an offset with the tensor that begins there: they come first.
  std::stable_sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return std::pair(a.extent.begin, a.extent.end) < std::pair(b.extent.begin, b.extent.end);
  });
  std::vector<TensorInfo> tensors;
  std::vector<const std::byte*> places;
  int64_t covered = 0;
  for (Entry& entry : entries) {
    require(entry.extent.begin == covered, "{}: tensor \"{}\" begins at byte {} of the data, {} {}",
            name_, entry.info.name, entry.extent.begin,
            entry.extent.begin < covered ? "inside another that ends at"
                                         : "which leaves a hole after byte",
            covered);
    covered = entry.extent.end;
    places.push_back(bytes.data() + data_start + entry.extent.begin);
    tensors.push_back(std::move(entry.info));
  }
  require(covered == data_bytes, "{}: the tensors end at byte {} of {} bytes of data", name_,
          covered, data_bytes);

  TensorTable::operator=(
      TensorTable(name_, std::move(tensors), std::move(places), std::move(owner)));
}

SafetensorsWriter::SafetensorsWriter(std::filesystem::path path, std::vector<TensorInfo> tensors,
                                     const Metadata& metadata)
    : TensorWriter(std::move(path), std::move(tensors)) {
  // Member by member: building one Json object of many thousand keys would search it each time.
  std::string header = "{";
  if (!metadata.empty()) {
    Json values = Json::object();
    for (const auto& [key, value] : metadata) values.set(key, value);
    header += "\"__metadata__\":" + values.dump();
  }
  int64_t offset = 0;
  for (const TensorInfo& tensor : tensors_) {
    Json shape = Json::array();
    for (int axis = 0; axis < tensor.shape.rank(); ++axis) shape.append(tensor.shape[axis]);
    const Json entry =
        Json::object({{"dtype", written_name(tensor.type)},
                      {"shape", std::move(shape)},
                      {"data_offsets", Json::array({offset, offset + tensor.bytes()})}});
    header += header.size() > 1 ? "," : "";
    header += Json(tensor.name).dump() + ":" + entry.dump();
    offset += tensor.bytes();
  }
  header += "}";
  header.resize((header.size() + 7) / 8 * 8, ' ');
  require(ErrorKind::usage, header.size() <= SafetensorsFile::kMaximumHeader,
          "{}: a header of {} bytes, at most {} are allowed", file_.path().string(), header.size(),
          SafetensorsFile::kMaximumHeader);
  const uint64_t header_bytes = header.size();
  file_.write(std::as_bytes(std::span(&header_bytes, 1)));
  file_.write(header);
}

}  // namespace octavo
