// Hashes against published values: RFC 3720 B.4 for CRC-32C, xxhsum's for XXH3-128.
#include "octavo/base/hash.h"

#include <gtest/gtest.h>

#include <numeric>
#include <vector>

namespace octavo {
namespace {

uint32_t crc_of(const std::vector<uint8_t>& bytes) {
  return crc32c(std::as_bytes(std::span(bytes)));
}

TEST(Crc32c, MatchesTheRfc) {
  std::vector<uint8_t> rising(32), falling(32);
  std::iota(rising.begin(), rising.end(), uint8_t{0});
  std::iota(falling.rbegin(), falling.rend(), uint8_t{0});
  EXPECT_EQ(crc_of(std::vector<uint8_t>(32, 0x00)), 0x8A9136AAu);
  EXPECT_EQ(crc_of(std::vector<uint8_t>(32, 0xFF)), 0x62A8AB43u);
  EXPECT_EQ(crc_of(rising), 0x46DD794Eu);
  EXPECT_EQ(crc_of(falling), 0x113FDB5Cu);
  EXPECT_EQ(crc32c(std::as_bytes(std::span("123456789", 9))), 0xE3069283u);
  EXPECT_EQ(crc32c({}), 0u);
}

TEST(Crc32c, ContinuesAnywhere) {
  const std::string text = "a text of a length that is no multiple of eight, cut in two";
  const auto bytes = std::as_bytes(std::span(text));
  for (size_t cut = 0; cut <= bytes.size(); ++cut)
    EXPECT_EQ(crc32c(bytes.subspan(cut), crc32c(bytes.first(cut))), crc32c(bytes)) << cut;
}

TEST(Hasher, MatchesXxhsum) {
  EXPECT_EQ(hash_hex(""), "99aa06d3014798d86001c324468d497f");
  EXPECT_EQ(Hasher().hex(), hash_hex(""));
}

TEST(Hasher, StreamsInAnyPieces) {
  std::string text;
  for (int i = 0; i < 5000; ++i) text += static_cast<char>(i * 7);
  for (const size_t piece : {1, 13, 240, 256, 4096}) {
    Hasher hasher;
    for (size_t i = 0; i < text.size(); i += piece)
      hasher.update(std::string_view(text).substr(i, piece));
    EXPECT_EQ(hasher.hex(), hash_hex(text)) << piece;
    hasher.update("more");
    EXPECT_EQ(hasher.hex(), hash_hex(text + "more"));
  }
}

}  // namespace
}  // namespace octavo
