#include "octavo/weights/gguf.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <numeric>

#include "octavo/base/error.h"
#include "octavo/base/text.h"
#include "octavo/weights/gguf_cursor.h"

namespace octavo {
namespace {

constexpr std::string_view kMagic = "GGUF";
constexpr uint32_t kVersion = 3;

// The numbers are ggml's. Types without one of ours are known by name only, for the message.
struct TensorType {
  uint32_t number;
  std::string_view name;
  std::optional<DataType> type;
};
constexpr std::array kTensorTypes{TensorType{0, "F32", DataType::f32},
                                  TensorType{1, "F16", DataType::f16},
                                  TensorType{2, "Q4_0", DataType::q4_0},
                                  TensorType{3, "Q4_1", DataType::q4_1},
                                  TensorType{6, "Q5_0", DataType::q5_0},
                                  TensorType{7, "Q5_1", DataType::q5_1},
                                  TensorType{8, "Q8_0", DataType::q8_0},
                                  TensorType{9, "Q8_1", {}},
                                  TensorType{10, "Q2_K", DataType::q2_k},
                                  TensorType{11, "Q3_K", DataType::q3_k},
                                  TensorType{12, "Q4_K", DataType::q4_k},
                                  TensorType{13, "Q5_K", DataType::q5_k},
                                  TensorType{14, "Q6_K", DataType::q6_k},
                                  TensorType{15, "Q8_K", {}},
                                  TensorType{16, "IQ2_XXS", {}},
                                  TensorType{17, "IQ2_XS", {}},
                                  TensorType{18, "IQ3_XXS", {}},
                                  TensorType{19, "IQ1_S", {}},
                                  TensorType{20, "IQ4_NL", {}},
                                  TensorType{21, "IQ3_S", {}},
                                  TensorType{22, "IQ2_S", {}},
                                  TensorType{23, "IQ4_XS", {}},
                                  TensorType{24, "I8", {}},
                                  TensorType{25, "I16", {}},
                                  TensorType{26, "I32", DataType::i32},
                                  TensorType{27, "I64", DataType::i64},
                                  TensorType{28, "F64", DataType::f64},
                                  TensorType{29, "IQ1_M", {}},
                                  TensorType{30, "BF16", DataType::bf16},
                                  TensorType{34, "TQ1_0", {}},
                                  TensorType{35, "TQ2_0", {}},
                                  TensorType{39, "MXFP4", {}}};

DataType take_type(GgufCursor& cursor) {
  const auto number = cursor.take<uint32_t>("type");
  const auto known = std::ranges::find(kTensorTypes, number, &TensorType::number);
  cursor.require(known != kTensorTypes.end(), "there is no type {} of tensors", number);
  cursor.require(known->type.has_value(), "type {} is not supported", known->name);
  return *known->type;
}

// Bytes of the data, which follow the list of tensors.
struct Extent {
  uint64_t begin, end;
};

struct Entry {
  TensorInfo info;
  Extent extent;
};

Entry read_entry(GgufCursor& cursor, uint64_t alignment) {
  const std::string_view name = cursor.take_text("name");
  cursor.require(!name.empty() && name.size() <= GgufFile::kMaximumNameBytes,
                 "its name has {} bytes, 1 to {} are allowed", name.size(),
                 GgufFile::kMaximumNameBytes);
  cursor.named(name);
  const auto rank = cursor.take<uint32_t>("number of dimensions");
  cursor.require(rank <= Shape::kMaximumRank, "{} dimensions, at most {} are supported", rank,
                 Shape::kMaximumRank);
  std::array<int64_t, Shape::kMaximumRank> sizes{};
  int64_t elements = 1;
  for (uint32_t i = rank; i-- > 0;) {  // the file begins with the innermost
    sizes[i] = cursor.take<int64_t>("dimension");
    cursor.require(sizes[i] >= 0 && !__builtin_mul_overflow(elements, sizes[i], &elements),
                   "its shape overflows");
  }
  const DataType type = take_type(cursor);
  const BlockLayout block = block_of(type);
  const int64_t columns = rank == 0 ? 1 : sizes[rank - 1];
  cursor.require(holds_rows_of(type, columns), "rows of {} numbers are no whole blocks of {}'s {}",
                 columns, name_of(type), block.numbers);
  int64_t bytes = 0;
  cursor.require(!__builtin_mul_overflow(elements / block.numbers, block.bytes, &bytes),
                 "its shape overflows");

  const auto begin = cursor.take<uint64_t>("offset");
  cursor.require(begin % alignment == 0, "its offset {} is no multiple of the alignment, {}", begin,
                 alignment);
  Extent extent{begin, 0};
  cursor.require(!__builtin_add_overflow(begin, static_cast<uint64_t>(bytes), &extent.end),
                 "its offset {} overflows", begin);
  return {{std::string(name), type, Shape(std::span<const int64_t>(sizes.data(), rank))}, extent};
}

int64_t alignment_of(const GgufMetadata& metadata) {
  const GgufValue* value = metadata.find(GgufFile::kAlignmentKey);
  if (value == nullptr) return GgufFile::kDefaultAlignment;
  const int64_t alignment = value->integer(1, GgufFile::kMaximumAlignment);
  require(std::has_single_bit(static_cast<uint64_t>(alignment)),
          "{}: expected a power of two, found {}", value->where(), alignment);
  return alignment;
}

void require_apart(std::string_view file, std::span<const Entry> entries, uint64_t data_bytes) {
  std::vector<uint32_t> in_order(entries.size());
  std::iota(in_order.begin(), in_order.end(), 0u);
  std::ranges::sort(in_order, {}, [&](uint32_t i) {  // empty tensors come before what begins there
    return std::pair(entries[i].extent.begin, entries[i].extent.end);
  });
  uint64_t covered = 0;
  std::string_view before;
  for (const uint32_t i : in_order) {
    const auto& [info, extent] = entries[i];
    if (extent.end > data_bytes)
      fail(ErrorKind::data, "{}: tensor {}: bytes [{}, {}) are not within the {} bytes of data",
           file, in_quotes(info.name), extent.begin, extent.end, data_bytes);
    if (extent.begin < covered)
      fail(ErrorKind::data, "{}: tensor {} begins at byte {} of the data, inside {}", file,
           in_quotes(info.name), extent.begin, in_quotes(before));
    covered = extent.end;
    before = info.name;
  }
}

}  // namespace

GgufFile::GgufFile(const std::filesystem::path& path) : TensorTable(path.string()) {
  auto map = std::make_shared<const MappedFile>(path);
  const auto bytes = map->bytes();
  read(bytes, std::move(map));
}

GgufFile::GgufFile(std::string name, std::span<const std::byte> bytes,
                   std::shared_ptr<const void> owner)
    : TensorTable(std::move(name)) {
  read(bytes, std::move(owner));
}

void GgufFile::read(std::span<const std::byte> bytes, std::shared_ptr<const void> owner) {
  GgufCursor cursor(name_, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  require(cursor.take(kMagic.size(), "magic") == kMagic,
          "{}: does not begin with \"GGUF\", so it is no GGUF file", name_);
  const auto version = cursor.take<uint32_t>("version");
  require(version == 0 || version % 0x10000 != 0,
          "{}: its numbers are big-endian; only little-endian files are supported", name_);
  require(version == 2 || version == kVersion, "{}: GGUF version {}, only 2 and 3 are supported",
          name_, version);
  const auto tensor_count = cursor.take<uint64_t>("count of tensors");
  const auto key_count = cursor.take<uint64_t>("count of keys");
  metadata_ = GgufMetadata::read(cursor, key_count, owner);
  const auto alignment = static_cast<uint64_t>(alignment_of(metadata_));

  constexpr size_t kLeast = 8 + 1 + 4 + 4 + 8;  // a name of one letter, no dimensions
  require(tensor_count <= kMaximumTensors && tensor_count <= cursor.left() / kLeast,
          "{}: {} tensors are claimed; {} bytes are left and at most {} are allowed", name_,
          tensor_count, cursor.left(), kMaximumTensors);
  std::vector<Entry> entries;
  entries.reserve(tensor_count);
  for (uint64_t i = 0; i < tensor_count; ++i) {
    cursor.at("tensor", i);
    entries.push_back(read_entry(cursor, alignment));
  }
  const uint64_t data_start = (cursor.position() + alignment - 1) / alignment * alignment;
  require_apart(name_, entries, bytes.size() - std::min(bytes.size(), data_start));

  std::vector<TensorInfo> tensors;
  std::vector<const std::byte*> places;
  for (Entry& entry : entries) {
    // An empty tensor may lie where the file has ended.
    places.push_back(bytes.data() + std::min(bytes.size(), data_start + entry.extent.begin));
    tensors.push_back(std::move(entry.info));
  }
  TensorTable::operator=(
      TensorTable(name_, std::move(tensors), std::move(places), std::move(owner)));
}

GgufWriter::GgufWriter(std::filesystem::path path, const GgufMetadata& metadata,
                       std::vector<TensorInfo> tensors)
    : TensorWriter(std::move(path), std::move(tensors), alignment_of(metadata)) {
  const auto put = [&](auto number) { file_.write(std::as_bytes(std::span(&number, 1))); };
  const auto padded = [&, a = alignment_of(metadata)](int64_t bytes) {
    return (bytes + a - 1) / a * a;
  };
  file_.write(kMagic);
  put(kVersion);
  put(uint64_t{tensors_.size()});
  put(uint64_t{metadata.values().size()});
  file_.write(metadata.encoded());
  int64_t offset = 0;
  for (const TensorInfo& tensor : tensors_) {
    const auto type = std::ranges::find(kTensorTypes, tensor.type, &TensorType::type);
    require(ErrorKind::usage, type != kTensorTypes.end(), "{}: tensor \"{}\": GGUF has no type {}",
            file_.path().string(), tensor.name, name_of(tensor.type));
    require(ErrorKind::usage, !tensor.name.empty() && tensor.name.size() <= kMaximumNameBytes,
            "{}: tensor \"{}\": its name has {} bytes, 1 to {} are allowed", file_.path().string(),
            tensor.name, tensor.name.size(), kMaximumNameBytes);
    put(uint64_t{tensor.name.size()});
    file_.write(tensor.name);
    put(static_cast<uint32_t>(tensor.shape.rank()));
    for (int axis = tensor.shape.rank(); axis-- > 0;) put(tensor.shape[axis]);
    put(type->number);
    put(offset);
    offset += padded(tensor.bytes());
  }
  fill_up();
}

}  // namespace octavo
