// TensorBoard's event files, read back by a decoder of its own.
#include "octavo/report/tensorboard.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <map>
#include <vector>

#include "octavo/base/clock.h"
#include "octavo/base/files.h"
#include "tests/base/temporary_folder.h"

namespace octavo {
namespace {

using ::testing::HasSubstr;

// Bit by bit, as RFC 3720 defines it.
uint32_t plain_crc32c(std::string_view bytes) {
  uint32_t crc = ~0u;
  for (const char c : bytes) {
    crc ^= static_cast<uint8_t>(c);
    for (int bit = 0; bit < 8; ++bit) crc = crc & 1 ? crc >> 1 ^ 0x82F63B78 : crc >> 1;
  }
  return ~crc;
}

uint32_t unmask(uint32_t masked) {
  const uint32_t rotated = masked - 0xA282EAD8;
  return rotated >> 17 | rotated << 15;
}

template <class Word>
Word word_at(std::string_view bytes) {
  Word word;
  EXPECT_GE(bytes.size(), sizeof word);
  std::memcpy(&word, bytes.data(), sizeof word);
  return word;
}

std::vector<std::string> read_records(std::string_view file) {
  std::vector<std::string> records;
  while (!file.empty()) {
    const auto length = word_at<uint64_t>(file);
    EXPECT_EQ(unmask(word_at<uint32_t>(file.substr(8))), plain_crc32c(file.substr(0, 8)));
    records.emplace_back(file.substr(12, length));
    EXPECT_EQ(unmask(word_at<uint32_t>(file.substr(12 + length))), plain_crc32c(records.back()));
    file.remove_prefix(16 + length);
  }
  return records;
}

// The fields of a message: numbers as they lie, byte strings as they are.
struct Fields {
  std::map<int, uint64_t> numbers;
  std::map<int, std::string> bytes;
};

Fields decode(std::string_view message) {
  size_t position = 0;
  const auto varint = [&] {
    uint64_t value = 0;
    for (int shift = 0;; shift += 7) {
      const auto byte = static_cast<uint8_t>(message.at(position++));
      value |= static_cast<uint64_t>(byte & 0x7F) << shift;
      if (byte < 0x80) return value;
    }
  };
  Fields fields;
  while (position < message.size()) {
    const uint64_t key = varint();
    const int field = static_cast<int>(key >> 3);
    switch (key & 7) {
      case 0:
        fields.numbers[field] = varint();
        break;
      case 1:
        fields.numbers[field] = word_at<uint64_t>(message.substr(position));
        position += 8;
        break;
      case 2: {
        const uint64_t length = varint();
        fields.bytes[field] = message.substr(position, length);
        position += length;
        break;
      }
      case 5:
        fields.numbers[field] = word_at<uint32_t>(message.substr(position));
        position += 4;
        break;
      default:
        ADD_FAILURE() << "unknown wire type in key " << key;
        return fields;
    }
  }
  return fields;
}

TEST(TensorBoardWriter, WritesWhatAnotherDecoderReads) {
  const TemporaryFolder folder;
  const double before = wall_seconds();
  std::filesystem::path path;
  {
    TensorBoardWriter writer(folder.path(), 17);
    writer.scalar("train/loss", 1, 10.5, 1234.5);
    writer.scalar("train/loss", 300, 3.25);
    writer.scalar("odd", int64_t{1} << 40, std::nan(""));
    path = writer.path();
  }
  EXPECT_THAT(path.filename().string(), testing::StartsWith("events.out.tfevents."));
  const auto records = read_records(read_file(path));
  ASSERT_EQ(records.size(), 5u);
  const Fields version = decode(records[0]);
  EXPECT_EQ(version.bytes.at(3), "brain.Event:2");
  EXPECT_NEAR(std::bit_cast<double>(version.numbers.at(1)), before, 5);

  // TensorBoard drops what other files say of this step and later ones.
  const Fields start = decode(records[1]);
  EXPECT_EQ(start.numbers.at(2), 17u);
  EXPECT_EQ(decode(start.bytes.at(7)).numbers.at(1), 1u);  // SessionLog.START

  const auto check = [](const std::string& record, std::string_view tag, int64_t step) {
    const Fields event = decode(record);
    EXPECT_EQ(event.numbers.at(2), static_cast<uint64_t>(step));
    const Fields value = decode(decode(event.bytes.at(5)).bytes.at(1));
    EXPECT_EQ(value.bytes.at(1), tag);
    return std::bit_cast<float>(static_cast<uint32_t>(value.numbers.at(2)));
  };
  EXPECT_EQ(check(records[2], "train/loss", 1), 10.5f);
  EXPECT_EQ(std::bit_cast<double>(decode(records[2]).numbers.at(1)), 1234.5);
  EXPECT_EQ(check(records[3], "train/loss", 300), 3.25f);
  EXPECT_NEAR(std::bit_cast<double>(decode(records[3]).numbers.at(1)), before, 5);
  EXPECT_TRUE(std::isnan(check(records[4], "odd", int64_t{1} << 40)));
}

TEST(TensorBoardWriter, NewWritersTakeNewFiles) {
  const TemporaryFolder folder;
  const TensorBoardWriter first(folder.path()), second(folder.path());
  EXPECT_NE(first.path(), second.path());
  EXPECT_EQ(folder.entries(), 2);
}

TEST(TensorBoardWriter, AMissingFolderIsNamed) {
  const TemporaryFolder folder;
  EXPECT_THAT(error_of(ErrorKind::io, [&] { TensorBoardWriter(folder / "none"); }),
              HasSubstr("cannot create: No such file or directory"));
}

}  // namespace
}  // namespace octavo
