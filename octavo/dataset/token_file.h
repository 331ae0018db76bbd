// Token files: token ids on disk, mapped, one after the other as the model will read them.
//
// Written: llm.c's `.bin` (a header of 256 int32: 20240520, version 1, count, then uint16; or
// 20240801, version 7, count, then uint32 where the vocabulary needs it) and beside it
// `<name>.docs`, where each document starts. Read besides: nanoGPT's headerless uint16 and
// Megatron's `.bin` with its `.idx`. Lengths are held against the file's size before use; ids
// against the vocabulary when they are read, for that is free then. Tested by
// tests/dataset/token_file_test.cpp and tests/fuzz/tokens_fuzz.cpp.
//
// `.docs`, all little-endian: the eight bytes "OCTDOCS\n"; uint64 version 1; uint64 tokens in the
// .bin; uint64 count; then `count` uint64 positions in the .bin, strictly ascending, each where a
// document starts. The first need not be 0: a document may have begun in the shard before.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace octavo {

class MappedFile;

enum class TokenFormat {
  automatic,  ///< Megatron if an .idx is there, llm.c if its magic number is, else nanoGPT for .bin
  llmc,
  nanogpt,
  megatron,
};

class TokenFile {
 public:
  /// Maps a file (for Megatron the .bin or the .idx). Throws `data`, naming the file, if it is
  /// missing, truncated or contradicts itself or its sidecar.
  static TokenFile open(const std::filesystem::path& path,
                        TokenFormat format = TokenFormat::automatic);
  /// The same over bytes in memory, kept alive by `owner`: a .bin, and its .docs or .idx (empty if
  /// there is none). `name` stands for the path in messages.
  static TokenFile parse(std::string name, std::span<const std::byte> bytes,
                         std::span<const std::byte> sidecar, TokenFormat format,
                         std::shared_ptr<const void> owner);
  /// Tokens in memory, without a file.
  static TokenFile of(std::string name, std::vector<int32_t> tokens,
                      std::optional<std::vector<int64_t>> documents = std::nullopt);

  const std::string& name() const { return name_; }
  int64_t size() const { return size_; }

  /// Tokens [position, position + tokens.size()), which must exist. Throws `data`, naming file and
  /// position, on an id that is not in [0, vocabulary).
  void read(int64_t position, std::span<int32_t> tokens, int32_t vocabulary) const;

  /// Where documents start, ascending; nothing if the file does not say.
  const std::optional<std::vector<int64_t>>& documents() const { return documents_; }

 private:
  TokenFile() = default;
  void read_llmc(std::span<const std::byte> bytes);
  void read_documents(std::span<const std::byte> sidecar);
  void read_megatron(std::span<const std::byte> bytes, std::span<const std::byte> index);

  std::string name_;
  std::shared_ptr<const void> owner_;
  const MappedFile* map_ = nullptr;  // the owner's, if data_ lies in a file
  const std::byte* data_ = nullptr;
  int width_ = 2;  // bytes per token: 2 or 4
  int64_t size_ = 0;
  std::optional<std::vector<int64_t>> documents_;
};

/// The sidecar's path: "x.bin" has "x.docs".
std::filesystem::path documents_path(std::filesystem::path tokens_path);

/// Hashes of the two files that write_token_file wrote.
struct TokenFileHashes {
  std::string tokens;
  std::string documents;
};

/// Writes a .bin in llm.c's format and its sidecar. The vocabulary (its size) decides between
/// uint16 and uint32. `documents` are positions in `tokens`, strictly ascending.
TokenFileHashes write_token_file(const std::filesystem::path& path, std::span<const int32_t> tokens,
                                 int32_t vocabulary, std::span<const int64_t> documents);

}  // namespace octavo
