// Hashes: XXH3-128 names the contents of every file that Octavo writes (manifests, lineage), and
// CRC-32C guards the records of TensorBoard's event files, whose format fixes it (RFC 3720, B.4).
// Neither is a defence against a forger. Tested by tests/base/hash_test.cpp with published values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace octavo {

/// XXH3-128 of a stream of bytes, in the canonical form that `xxhsum -H2` prints.
class Hasher {
 public:
  Hasher();
  Hasher(Hasher&& other) noexcept;
  Hasher& operator=(Hasher&& other) noexcept;
  ~Hasher();

  void update(std::span<const std::byte> bytes);
  void update(std::string_view text) { update(std::as_bytes(std::span(text))); }

  /// 32 hex digits for what was given so far; more may follow.
  std::string hex() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// XXH3-128 of the bytes: 32 hex digits.
std::string hash_hex(std::span<const std::byte> bytes);
std::string hash_hex(std::string_view text);

/// CRC-32C (Castagnoli) of the bytes, continuing from `crc` (0 to begin).
uint32_t crc32c(std::span<const std::byte> bytes, uint32_t crc = 0);

}  // namespace octavo
