// Lines, plain and compressed; damaged and truncated archives; long lines.
#include "octavo/base/line_reader.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <vector>

#include "octavo/base/files.h"
#include "octavo/base/random.h"
#include "tests/base/temporary_folder.h"

namespace octavo {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string gzip(std::string_view text) {
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string zstd(std::string_view text) {
  std::string out(ZSTD_compressBound(text.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), text.data(), text.size(), 3));
  return out;
}

std::vector<std::string> lines_of(const std::filesystem::path& path, size_t cap = 1 << 20) {
  LineReader reader(path, cap);
  std::vector<std::string> lines;
  while (const auto line = reader.next()) lines.emplace_back(*line);
  EXPECT_EQ(reader.line_number(), static_cast<int64_t>(lines.size()));
  return lines;
}

// Lines of all lengths, up to several buffers.
std::string make_text(std::vector<std::string>& lines) {
  const RandomStream random{1, 2, 3};
  std::string text;
  for (int i = 0; i < 500; ++i) {
    const size_t length = i % 100 == 50 ? 700'000 : random.below(i, 200);
    std::string line;
    for (size_t j = 0; j < length; ++j)
      line += static_cast<char>('a' + random.below(i * 1'000'000 + j, 26));
    text += line + (i % 3 == 0 ? "\r\n" : "\n");
    lines.push_back(std::move(line));
  }
  return text;
}

TEST(LineReader, ReadsPlainAndCompressed) {
  const TemporaryFolder folder;
  std::vector<std::string> lines;
  const std::string text = make_text(lines);
  write_file(folder / "a.txt", text);
  write_file(folder / "a.txt.gz", gzip(text));
  write_file(folder / "a.txt.zst", zstd(text));
  write_file(folder / "no-ending", gzip(text));
  const size_t half = text.size() / 2;
  write_file(folder / "two.gz",
             gzip(text.substr(0, half)) + gzip(text.substr(half)) + std::string(512, '\0'));
  write_file(folder / "two.zst", zstd(text.substr(0, half)) + zstd(text.substr(half)));
  for (const char* name : {"a.txt", "a.txt.gz", "a.txt.zst", "no-ending", "two.gz", "two.zst"}) {
    EXPECT_EQ(lines_of(folder / name), lines) << name;
    EXPECT_EQ(read_text(ByteReader(folder / name), text.size()), text) << name;
    EXPECT_THAT(
        error_of(ErrorKind::data, [&] { read_text(ByteReader(folder / name), text.size() - 1); }),
        HasSubstr("found more"));
  }
}

TEST(LineReader, KnowsTheEdges) {
  const TemporaryFolder folder;
  const auto lines = [&](std::string_view text) {
    write_file(folder / "a", text);
    return lines_of(folder / "a");
  };
  EXPECT_THAT(lines(""), ElementsAre());
  EXPECT_THAT(lines("\n"), ElementsAre(""));
  EXPECT_THAT(lines("a"), ElementsAre("a"));
  EXPECT_THAT(lines("a\n\nb\r\n\r\nc"), ElementsAre("a", "", "b", "", "c"));
  EXPECT_THAT(lines(std::string("a\0b\nc", 5)), ElementsAre(std::string("a\0b", 3), "c"));
}

TEST(LineReader, CapsALine) {
  const TemporaryFolder folder;
  write_file(folder / "a", "short\n" + std::string(100, 'x') + "\n");
  EXPECT_EQ(lines_of(folder / "a", 100).size(), 2u);
  EXPECT_EQ(error_of(ErrorKind::data, [&] { lines_of(folder / "a", 99); }),
            (folder / "a").string() + ":2: expected lines of at most 99 bytes, found a longer one");
  // A bomb: twenty megabytes of one line in twenty kilobytes.
  write_file(folder / "bomb.gz", gzip(std::string(20 << 20, 'x')));
  EXPECT_THAT(error_of(ErrorKind::data, [&] { lines_of(folder / "bomb.gz"); }), HasSubstr(":1:"));
}

TEST(LineReader, DamagedArchivesAreErrors) {
  const TemporaryFolder folder;
  std::vector<std::string> lines;
  const std::string text = make_text(lines);
  for (const std::string& archive : {gzip(text), zstd(text)}) {
    for (const size_t size : {archive.size() - 1, archive.size() / 2, size_t{20}}) {
      write_file(folder / "cut", archive.substr(0, size));
      EXPECT_THAT(error_of(ErrorKind::data, [&] { lines_of(folder / "cut"); }),
                  HasSubstr("archive: it ends too early"))
          << size;
    }
    std::string flipped = archive;
    for (size_t i = 1000; i < 1100; ++i) flipped[i] = static_cast<char>(~flipped[i]);
    write_file(folder / "flipped", flipped);
    write_file(folder / "tail", archive + "garbage");
    if (archive[0] == '\x1f') {  // its checksum is part of the format; zstd's is an option
      EXPECT_THAT(error_of(ErrorKind::data, [&] { lines_of(folder / "flipped"); }),
                  HasSubstr("damaged gzip archive"));
    }
    EXPECT_THAT(error_of(ErrorKind::data, [&] { lines_of(folder / "tail"); }),
                HasSubstr("damaged"));
  }
  write_file(folder / "liar.gz", "plain text");
  EXPECT_THAT(error_of(ErrorKind::data, [&] { lines_of(folder / "liar.gz"); }),
              HasSubstr("expected a compressed file, as its name says"));
}

TEST(LineReader, RefusesWhatIsNoFile) {
  const TemporaryFolder folder;
  EXPECT_THAT(error_of(ErrorKind::data, [&] { LineReader(folder / "none"); }),
              HasSubstr("no such file"));
  EXPECT_THAT(error_of(ErrorKind::data, [&] { LineReader(folder.path()); }),
              HasSubstr("a directory"));
}

// What `octavo score < file` and a coprocess need: descriptor 0 as it is, in place of a second one.
class StandardInput {
 public:
  explicit StandardInput(int descriptor) { dup2(descriptor, STDIN_FILENO); }
  ~StandardInput() {
    dup2(before_, STDIN_FILENO);
    close(before_);
  }

 private:
  const int before_ = dup(STDIN_FILENO);
};

TEST(ByteReader, ReadsStandardInputFromWhereItStands) {
  const TemporaryFolder folder;
  write_file(folder / "text", "first\nsecond\n");
  const int file = open((folder / "text").c_str(), O_RDONLY);
  ASSERT_EQ(lseek(file, 6, SEEK_SET), 6);
  const StandardInput input(file);
  EXPECT_EQ(read_text(ByteReader::standard_input(), 100), "second\n");
  EXPECT_EQ(ByteReader::standard_input().name(), "standard input");
  close(file);
}

TEST(ByteReader, ReadsASocketAndWaitsForNoMoreThanALine) {
  int ends[2];
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
  const StandardInput input(ends[0]);
  ASSERT_EQ(write(ends[1], "[]\n", 3), 3);  // shorter than what tells an archive
  LineReader lines{ByteReader::standard_input()};
  EXPECT_EQ(lines.next(), "[]");
  EXPECT_EQ(lines.where(), "standard input:1");
  ASSERT_EQ(write(ends[1], "x\n", 2), 2);
  EXPECT_EQ(lines.next(), "x");
  close(ends[1]);
  EXPECT_EQ(lines.next(), std::nullopt);
  close(ends[0]);
}

}  // namespace
}  // namespace octavo
