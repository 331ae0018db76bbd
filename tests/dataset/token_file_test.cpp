// Token files: what is written reads back, other people's formats are read, and every length that
// lies is refused with the file's name.
#include "octavo/dataset/token_file.h"

#include <cstring>
#include <numeric>

#include "octavo/base/files.h"
#include "octavo/base/random.h"
#include "tests/dataset/support.h"

namespace octavo {
namespace {

namespace fs = std::filesystem;

using TokenFileTest = FolderTest;

std::vector<int32_t> read_all(const TokenFile& file, int32_t vocabulary = INT32_MAX) {
  std::vector<int32_t> tokens(static_cast<size_t>(file.size()));
  file.read(0, tokens, vocabulary);
  return tokens;
}

template <class T>
void append(std::string& bytes, T value) {
  bytes.append(reinterpret_cast<const char*>(&value), sizeof(value));
}

// "OCTDOCS\n", version, tokens, count, starts.
std::string documents_of(uint64_t version, uint64_t tokens, uint64_t count,
                         const std::vector<uint64_t>& starts) {
  std::string bytes = "OCTDOCS\n";
  for (const uint64_t value : {version, tokens, count}) append(bytes, value);
  for (const uint64_t start : starts) append(bytes, start);
  return bytes;
}

std::string llmc_of(int32_t magic, int32_t version, int32_t count, std::string_view tokens) {
  std::string bytes;
  for (const int32_t value : {magic, version, count}) append(bytes, value);
  bytes.resize(1024);
  return bytes += tokens;
}

TokenFile parse(std::string_view bytes, std::string_view sidecar, TokenFormat format) {
  auto owner = std::make_shared<std::pair<std::string, std::string>>(bytes, sidecar);
  return TokenFile::parse("x.bin", std::as_bytes(std::span(owner->first)),
                          std::as_bytes(std::span(owner->second)), format, owner);
}

struct Megatron {
  std::string magic{"MMIDIDX\0\0", 9};
  uint64_t version = 1;
  uint8_t type = 8;
  std::vector<int32_t> lengths{3, 0, 2, 4};
  std::vector<int64_t> offsets{0, 6, 6, 10};
  std::vector<int64_t> marks{0, 2, 3, 4};
  uint64_t extra_sequences = 0, extra_marks = 0;

  std::string index() const {
    std::string bytes = magic;
    append(bytes, version);
    append(bytes, type);
    append(bytes, lengths.size() + extra_sequences);
    append(bytes, marks.size() + extra_marks);
    for (const auto value : lengths) append(bytes, value);
    for (const auto value : offsets) append(bytes, value);
    for (const auto value : marks) append(bytes, value);
    return bytes;
  }
};

const std::string nine_tokens("\1\0\2\0\3\0\4\0\5\0\6\0\7\0\10\0\11\0", 18);

TEST_F(TokenFileTest, round_trip_in_both_widths) {
  for (const int32_t vocabulary : {257, 65536, 65537, 200'000}) {
    const RandomStream random{static_cast<uint64_t>(vocabulary)};
    std::vector<int32_t> tokens(70'001);
    for (size_t i = 0; i < tokens.size(); ++i)
      tokens[i] = static_cast<int32_t>(random.below(i, static_cast<uint64_t>(vocabulary)));
    const std::vector<int64_t> documents{0, 1, 500, 70'000};
    const fs::path path = folder / "a.bin";
    const TokenFileHashes hashes = write_token_file(path, tokens, vocabulary, documents);
    EXPECT_EQ(hashes.tokens, hash_file(path));
    EXPECT_EQ(hashes.documents, hash_file(folder / "a.docs"));
    EXPECT_EQ(fs::file_size(path), 1024 + tokens.size() * (vocabulary > 65536 ? 4 : 2));
    const TokenFile file = TokenFile::open(path);
    EXPECT_EQ(read_all(file, vocabulary), tokens);
    EXPECT_EQ(file.documents().value(), documents);
    std::vector<int32_t> some(100);
    file.read(69'000, some, vocabulary);
    EXPECT_TRUE(std::equal(some.begin(), some.end(), tokens.begin() + 69'000));
  }
}

TEST_F(TokenFileTest, the_header_is_llmcs) {
  write_token_file(folder / "a.bin", std::vector<int32_t>{7, 300}, 50257, {});
  EXPECT_EQ(read_file(folder / "a.bin"), llmc_of(20240520, 1, 2, std::string("\7\0\x2C\1", 4)));
  write_token_file(folder / "b.bin", std::vector<int32_t>{7}, 128'256, {});
  EXPECT_EQ(read_file(folder / "b.bin"), llmc_of(20240801, 7, 1, std::string("\7\0\0\0", 4)));
}

TEST_F(TokenFileTest, ids_outside_the_vocabulary_name_their_place) {
  const TokenFile file = TokenFile::of("mine", {1, 2, 300, 4});
  std::vector<int32_t> tokens(2);
  file.read(0, tokens, 257);
  expect_error("mine: token 300 at position 2 is outside the vocabulary of 257",
               [&] { file.read(1, tokens, 257); });
  const TokenFile negative = TokenFile::of("mine", {-5});
  expect_error("outside", [&] { read_all(negative); });
}

TEST_F(TokenFileTest, nanogpt_without_a_header) {
  const TokenFile file = TokenFile::open(put("train.bin", nine_tokens));
  EXPECT_EQ(read_all(file), (std::vector<int32_t>{1, 2, 3, 4, 5, 6, 7, 8, 9}));
  EXPECT_FALSE(file.documents().has_value());
  expect_error("17 bytes", [&] { TokenFile::open(put("odd.bin", nine_tokens.substr(1))); });
}

TEST_F(TokenFileTest, megatron) {
  put("m.bin", nine_tokens);
  put("m.idx", Megatron().index());
  for (const char* name : {"m.bin", "m.idx"}) {
    const TokenFile file = TokenFile::open(folder / name);
    EXPECT_EQ(read_all(file).back(), 9);
    EXPECT_EQ(file.documents().value(), (std::vector<int64_t>{0, 3, 5}));
  }
  Megatron wide;
  wide.type = 4;
  wide.lengths = {1, 1};
  wide.offsets = {0, 4};
  wide.marks = {0, 2};
  const TokenFile file =
      parse(std::string("\7\0\0\0\0\0\1\0", 8), wide.index(), TokenFormat::megatron);
  EXPECT_EQ(read_all(file), (std::vector<int32_t>{7, 65536}));
  EXPECT_EQ(file.documents().value(), (std::vector<int64_t>{0}));
}

TEST_F(TokenFileTest, unusable_paths) {
  expect_error("absent.bin", [&] { TokenFile::open(folder / "absent.bin"); });
  expect_error("is empty", [&] { TokenFile::open(put("empty.bin", "")); });
  expect_error("not a token file", [&] { TokenFile::open(put("a.txt", "hello!")); });
  EXPECT_THROW(TokenFile::open(folder), Error);
}

TEST_F(TokenFileTest, lying_llmc_headers) {
  const auto parse_llmc = [](const std::string& bytes) {
    return parse(bytes, "", TokenFormat::automatic);
  };
  const std::string four("\1\0\2\0", 4);
  EXPECT_EQ(parse_llmc(llmc_of(20240520, 1, 2, four)).size(), 2);
  for (const int32_t count : {-1, 0, 1, 3, INT32_MAX, INT32_MIN})
    expect_error("x.bin: the header claims",
                 [&] { parse_llmc(llmc_of(20240520, 1, count, four)); });
  expect_error("version 2", [&] { parse_llmc(llmc_of(20240520, 2, 2, four)); });
  expect_error("version 1", [&] { parse_llmc(llmc_of(20240801, 1, 1, four)); });
  expect_error("claims 2 tokens of 4", [&] { parse_llmc(llmc_of(20240801, 7, 2, four)); });
  const std::string whole = llmc_of(20240520, 1, 2, four);
  for (size_t size = 4; size < whole.size(); ++size)
    expect_error("x.bin", [&] { parse_llmc(whole.substr(0, size)); });
  expect_error("no token file of llm.c",
               [&] { parse(nine_tokens + std::string(2000, 'x'), "", TokenFormat::llmc); });
}

TEST_F(TokenFileTest, lying_lists_of_documents) {
  const auto open = [](const std::string& documents) {
    return parse(nine_tokens, documents, TokenFormat::nanogpt);
  };
  EXPECT_EQ(open(documents_of(1, 9, 2, {2, 8})).documents().value().size(), 2u);
  EXPECT_EQ(open(documents_of(1, 9, 0, {})).documents().value().size(), 0u);
  expect_error("x.docs: version 2", [&] { open(documents_of(2, 9, 0, {})); });
  expect_error("for 8 tokens", [&] { open(documents_of(1, 8, 0, {})); });
  expect_error("claims 3 documents", [&] { open(documents_of(1, 9, 3, {2, 8})); });
  expect_error("claims", [&] { open(documents_of(1, 9, uint64_t{1} << 61, {2})); });
  expect_error("starts at 9", [&] { open(documents_of(1, 9, 1, {9})); });
  expect_error("starts at 2", [&] { open(documents_of(1, 9, 2, {2, 2})); });
  expect_error("starts at", [&] { open(documents_of(1, 9, 2, {5, 2})); });
  expect_error("starts at", [&] { open(documents_of(1, 9, 1, {~uint64_t{0}})); });
  expect_error("header is missing", [&] { open("OCTDOCS\n"); });
  expect_error("header is missing", [&] { open(std::string(64, 'x')); });
}

TEST_F(TokenFileTest, lying_megatron_indices) {
  const auto refused = [](std::string_view words, const std::function<void(Megatron&)>& change) {
    Megatron megatron;
    change(megatron);
    expect_error(words, [&] { parse(nine_tokens, megatron.index(), TokenFormat::megatron); });
  };
  refused("header is missing", [](Megatron& m) { m.magic[0] = 'X'; });
  refused("version 3", [](Megatron& m) { m.version = 3; });
  refused("type 7", [](Megatron& m) { m.type = 7; });
  refused("18 bytes", [](Megatron& m) { m.type = 4; });
  refused("claims", [](Megatron& m) { m.extra_sequences = 1; });
  refused("claims", [](Megatron& m) { m.extra_sequences = ~uint64_t{0} / 4; });
  refused("claims", [](Megatron& m) { m.extra_marks = 1; });
  refused("sequence 3 claims 5", [](Megatron& m) { m.lengths[3] = 5; });
  refused("sequence 1 claims -1", [](Megatron& m) { m.lengths[1] = -1; });
  refused("take 8 tokens", [](Megatron& m) { m.lengths[3] = 3; });
  refused("sequence 2 is at byte 8", [](Megatron& m) { m.offsets[2] = 8; });
  refused("mark 1 is 7", [](Megatron& m) { m.marks[1] = 7; });
  refused("mark 2 is 1", [](Megatron& m) { m.marks[2] = 1; });
  expect_error("header is missing", [&] { parse(nine_tokens, "", TokenFormat::megatron); });
}

TEST_F(TokenFileTest, random_damage_is_refused_or_harmless) {
  const std::string llmc = llmc_of(20240520, 1, 9, nine_tokens);
  const std::string documents = documents_of(1, 9, 3, {0, 3, 5});
  const std::string index = Megatron().index();
  const RandomStream random{11};
  const auto damaged = [&](std::string bytes, uint64_t round) {
    const uint64_t length =
        random.below(round * 4, 3) ? bytes.size() : random.below(round * 4 + 1, bytes.size());
    bytes[random.below(round * 4 + 2, std::min<uint64_t>(bytes.size(), 64))] =
        static_cast<char>(random.below(round * 4 + 3, 256));
    bytes.resize(length);
    return bytes;
  };
  int refused = 0;
  for (uint64_t round = 0; round < 3000; ++round) {
    try {
      const TokenFile file =
          round % 3 == 0   ? parse(damaged(llmc, round), documents, TokenFormat::automatic)
          : round % 3 == 1 ? parse(llmc, damaged(documents, round), TokenFormat::llmc)
                           : parse(nine_tokens, damaged(index, round), TokenFormat::megatron);
      read_all(file);
    } catch (const Error&) {
      ++refused;
    }
  }
  EXPECT_GT(refused, 1500);
}

}  // namespace
}  // namespace octavo
