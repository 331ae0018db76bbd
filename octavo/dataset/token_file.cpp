#include "octavo/dataset/token_file.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cstring>
#include <fstream>

#include "octavo/base/error.h"
#include "octavo/base/files.h"

namespace octavo {
namespace {

namespace fs = std::filesystem;

static_assert(std::endian::native == std::endian::little, "the formats are little-endian");

constexpr size_t kHeaderBytes = 256 * sizeof(int32_t);
constexpr std::string_view kDocumentsMagic = "OCTDOCS\n";
constexpr std::string_view kMegatronMagic{"MMIDIDX\0\0", 9};

struct LlmcVariant {
  int32_t magic, version, width;
};
constexpr std::array<LlmcVariant, 2> kLlmcVariants{{{20240520, 1, 2}, {20240801, 7, 4}}};

template <class T>
T load(std::span<const std::byte> bytes, size_t offset) {
  assert(offset + sizeof(T) <= bytes.size());
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof(T));
  return value;
}

const LlmcVariant* llmc_variant(std::span<const std::byte> bytes) {
  if (bytes.size() < sizeof(int32_t)) return nullptr;
  const auto magic = load<int32_t>(bytes, 0);
  for (const LlmcVariant& variant : kLlmcVariants)
    if (variant.magic == magic) return &variant;
  return nullptr;
}

}  // namespace

TokenFile TokenFile::open(const fs::path& path, TokenFormat format) {
  fs::path tokens = path, index = path;
  tokens.replace_extension(".bin");
  index.replace_extension(".idx");
  const bool names_index = path.extension() == ".idx";
  if (!names_index) tokens = path;
  if (format == TokenFormat::automatic && (names_index || fs::exists(index)))
    format = TokenFormat::megatron;

  struct Maps {
    MappedFile tokens;
    std::optional<MappedFile> sidecar;
  };
  auto maps = std::make_shared<Maps>(Maps{MappedFile(tokens), std::nullopt});
  const std::span<const std::byte> bytes = maps->tokens.bytes();
  require(!bytes.empty(), "{}: is empty", tokens.string());
  if (format == TokenFormat::automatic) {
    require(llmc_variant(bytes) || tokens.extension() == ".bin",
            "{}: not a token file (neither llm.c's magic number nor the name *.bin)",
            tokens.string());
    format = llmc_variant(bytes) ? TokenFormat::llmc : TokenFormat::nanogpt;
  }
  const fs::path sidecar = format == TokenFormat::megatron ? index : documents_path(tokens);
  if (format == TokenFormat::megatron || fs::exists(sidecar)) maps->sidecar.emplace(sidecar);
  TokenFile file =
      parse(tokens.string(), bytes,
            maps->sidecar ? maps->sidecar->bytes() : std::span<const std::byte>(), format, maps);
  file.map_ = &maps->tokens;
  return file;
}

TokenFile TokenFile::parse(std::string name, std::span<const std::byte> bytes,
                           std::span<const std::byte> sidecar, TokenFormat format,
                           std::shared_ptr<const void> owner) {
  TokenFile file;
  file.name_ = std::move(name);
  file.owner_ = std::move(owner);
  if (format == TokenFormat::megatron) {
    file.read_megatron(bytes, sidecar);
    return file;
  }
  if (format == TokenFormat::automatic)
    format = llmc_variant(bytes) ? TokenFormat::llmc : TokenFormat::nanogpt;
  if (format == TokenFormat::llmc) {
    file.read_llmc(bytes);
  } else {
    require(bytes.size() % 2 == 0, "{}: uint16 tokens were expected, it has {} bytes", file.name_,
            bytes.size());
    file.data_ = bytes.data();
    file.size_ = static_cast<int64_t>(bytes.size() / 2);
  }
  if (!sidecar.empty()) file.read_documents(sidecar);
  return file;
}

TokenFile TokenFile::of(std::string name, std::vector<int32_t> tokens,
                        std::optional<std::vector<int64_t>> documents) {
  const auto owner = std::make_shared<const std::vector<int32_t>>(std::move(tokens));
  TokenFile file;
  file.name_ = std::move(name);
  file.owner_ = owner;
  file.data_ = reinterpret_cast<const std::byte*>(owner->data());
  file.width_ = 4;
  file.size_ = static_cast<int64_t>(owner->size());
  file.documents_ = std::move(documents);
  return file;
}

void TokenFile::read_llmc(std::span<const std::byte> bytes) {
  require(bytes.size() >= kHeaderBytes, "{}: a header of {} bytes was expected, it has {}", name_,
          kHeaderBytes, bytes.size());
  const LlmcVariant* variant = llmc_variant(bytes);
  require(variant, "{}: no token file of llm.c, its first number is {}", name_,
          load<int32_t>(bytes, 0));
  const auto version = load<int32_t>(bytes, 4);
  const auto count = load<int32_t>(bytes, 8);
  require(version == variant->version, "{}: version {} of {} is not supported, only {}", name_,
          version, variant->magic, variant->version);
  width_ = variant->width;
  const size_t rest = bytes.size() - kHeaderBytes;
  require(count >= 0 && rest == static_cast<size_t>(count) * static_cast<size_t>(width_),
          "{}: the header claims {} tokens of {} bytes, {} bytes follow it", name_, count, width_,
          rest);
  data_ = bytes.data() + kHeaderBytes;
  size_ = count;
}

void TokenFile::read_documents(std::span<const std::byte> sidecar) {
  const std::string name = documents_path(name_).string();
  const std::string_view text(reinterpret_cast<const char*>(sidecar.data()), sidecar.size());
  require(sidecar.size() >= 32 && text.starts_with(kDocumentsMagic),
          "{}: no list of documents (its header is missing)", name);
  const auto version = load<uint64_t>(sidecar, 8);
  const auto tokens = load<uint64_t>(sidecar, 16);
  const auto count = load<uint64_t>(sidecar, 24);
  require(version == 1, "{}: version {} is not supported, only 1", name, version);
  require(tokens == static_cast<uint64_t>(size_), "{}: it is for {} tokens, {} has {}", name,
          tokens, name_, size_);
  require((sidecar.size() - 32) % 8 == 0 && count == (sidecar.size() - 32) / 8,
          "{}: the header claims {} documents, {} bytes follow it", name, count,
          sidecar.size() - 32);
  std::vector<int64_t>& starts = documents_.emplace(count);
  if (count > 0) std::memcpy(starts.data(), sidecar.data() + 32, count * 8);
  int64_t before = -1;
  for (const int64_t start : starts) {
    require(start > before && start < size_,
            "{}: a document starts at {} after one at {}, in {} tokens", name, start, before,
            size_);
    before = start;
  }
}

// Megatron's index: magic, uint64 version 1, uint8 type, uint64 sequences, uint64 marks; then
// int32 lengths and int64 byte offsets of the sequences, and int64 marks: the numbers of the
// sequences that begin a document, and at last the number of sequences.
void TokenFile::read_megatron(std::span<const std::byte> bytes, std::span<const std::byte> index) {
  const std::string name = fs::path(name_).replace_extension(".idx").string();
  constexpr size_t kFixed = 9 + 8 + 1 + 8 + 8;
  const std::string_view text(reinterpret_cast<const char*>(index.data()), index.size());
  require(index.size() >= kFixed && text.starts_with(kMegatronMagic),
          "{}: no index of Megatron's (its header is missing)", name);
  const auto version = load<uint64_t>(index, 9);
  const auto type = load<uint8_t>(index, 17);
  const auto sequences = load<uint64_t>(index, 18);
  const auto marks = load<uint64_t>(index, 26);
  require(version == 1, "{}: version {} is not supported, only 1", name, version);
  require(type == 8 || type == 4,
          "{}: tokens of type {} are not supported, only 8 (uint16) and 4 (int32)", name, type);
  width_ = type == 8 ? 2 : 4;
  const size_t rest = index.size() - kFixed;
  require(sequences <= rest / 12 && marks <= rest / 8 && sequences * 12 + marks * 8 == rest,
          "{}: the header claims {} sequences and {} marks, {} bytes follow it", name, sequences,
          marks, rest);
  require(bytes.size() % static_cast<size_t>(width_) == 0,
          "{}: tokens of {} bytes were expected, it has {} bytes", name_, width_, bytes.size());
  data_ = bytes.data();
  size_ = static_cast<int64_t>(bytes.size()) / width_;

  // Sequence i starts where the one before ended, so that the .bin is one stream.
  std::vector<int64_t>& starts = documents_.emplace();
  size_t mark = 0;
  int64_t position = 0;
  for (uint64_t i = 0; i < sequences; ++i) {
    const auto length = load<int32_t>(index, kFixed + i * 4);
    const auto offset = load<int64_t>(index, kFixed + sequences * 4 + i * 8);
    require(offset == position * width_,
            "{}: sequence {} is at byte {}, not at {} as a stream needs", name, i, offset,
            position * width_);
    require(length >= 0 && length <= size_ - position,
            "{}: sequence {} claims {} tokens, {} are left in {}", name, i, length,
            size_ - position, name_);
    for (; mark < marks; ++mark) {
      const auto first = load<int64_t>(index, kFixed + sequences * 12 + mark * 8);
      if (first != static_cast<int64_t>(i)) break;
      if (starts.empty() || starts.back() < position) starts.push_back(position);
    }
    position += length;
  }
  for (; mark < marks; ++mark) {
    const auto last = load<int64_t>(index, kFixed + sequences * 12 + mark * 8);
    require(last == static_cast<int64_t>(sequences),
            "{}: document mark {} is {}, out of order or beyond {} sequences", name, mark, last,
            sequences);
  }
  require(position == size_, "{}: its sequences take {} tokens, {} has {}", name, position, name_,
          size_);
  if (!starts.empty() && starts.back() == size_) starts.pop_back();  // an empty last document
}

void TokenFile::read(int64_t position, std::span<int32_t> tokens, int32_t vocabulary) const {
  assert(position >= 0 && position <= size_ &&
         static_cast<int64_t>(tokens.size()) <= size_ - position);
  const std::byte* first = data_ + position * width_;
  uint32_t largest = 0;
  const auto convert = [&]<class Stored>(Stored) {  // the file may be misaligned
    for (size_t i = 0; i < tokens.size(); ++i) {
      Stored id;
      std::memcpy(&id, first + i * sizeof(Stored), sizeof(Stored));
      largest = std::max<uint32_t>(largest, id);
      tokens[i] = static_cast<int32_t>(id);
    }
  };
  if (width_ == 2)
    convert(uint16_t{});
  else
    convert(uint32_t{});
  // A run reads all of its data in the end, here and there: it need not hold it all.
  if (map_) map_->let_go();
  if (tokens.empty() || largest < static_cast<uint32_t>(vocabulary)) return;
  const auto bad = std::find_if(tokens.begin(), tokens.end(), [&](int32_t id) {
    return static_cast<uint32_t>(id) >= static_cast<uint32_t>(vocabulary);
  });
  fail(ErrorKind::data, "{}: token {} at position {} is outside the vocabulary of {}", name_,
       static_cast<uint32_t>(*bad), position + (bad - tokens.begin()), vocabulary);
}

fs::path documents_path(fs::path tokens_path) { return tokens_path.replace_extension(".docs"); }

TokenFileHashes write_token_file(const fs::path& path, std::span<const int32_t> tokens,
                                 int32_t vocabulary, std::span<const int64_t> documents) {
  const LlmcVariant& variant = kLlmcVariants[vocabulary <= 65536 ? 0 : 1];
  require(ErrorKind::usage, tokens.size() <= INT32_MAX,
          "{}: {} tokens are too many for one file, write shards", path.string(), tokens.size());
  TokenFileHashes hashes;
  {
    // The list first: a .bin without it would look whole.
    FileWriter file(documents_path(path));
    const std::array<uint64_t, 3> header{1, tokens.size(), documents.size()};
    file.write(kDocumentsMagic);
    file.write(std::as_bytes(std::span(header)));
    file.write(std::as_bytes(documents));
    hashes.documents = file.finish();
  }
  std::array<int32_t, 256> header{variant.magic, variant.version,
                                  static_cast<int32_t>(tokens.size())};
  FileWriter file(path);
  file.write(std::as_bytes(std::span(header)));
  if (variant.width == 4) {
    file.write(std::as_bytes(tokens));
  } else {
    std::vector<uint16_t> narrow;
    for (size_t first = 0; first < tokens.size(); first += narrow.size()) {
      const auto part = tokens.subspan(first, std::min<size_t>(1 << 16, tokens.size() - first));
      narrow.assign(part.begin(), part.end());
      file.write(std::as_bytes(std::span(narrow)));
    }
  }
  hashes.tokens = file.finish();
  return hashes;
}

}  // namespace octavo
