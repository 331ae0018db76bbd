// Lines of a text file, plain, gzip (.gz) or Zstandard (.zst), told apart by their first bytes.
//
// The file is streamed: memory is the longest line and a window, whatever the file's size. A line
// longer than the cap, a damaged archive and one that ends too early are errors that name file and
// line. Tested by tests/base/line_reader_test.cpp. Formats: RFC 1952, RFC 8878; several members or
// frames in a row count as one text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace octavo {

/// Bytes of a file, decompressed if it is compressed.
class ByteReader {
 public:
  explicit ByteReader(const std::filesystem::path& path);
  /// What descriptor 0 has left: a redirected file from where it stands, a pipe, a socket.
  static ByteReader standard_input();
  ByteReader(ByteReader&& other) noexcept;
  ByteReader& operator=(ByteReader&& other) noexcept;
  ~ByteReader();

  /// Reads up to `size` bytes; 0 only at the end. Throws `data` for a damaged archive.
  size_t read(char* out, size_t size);

  const std::string& name() const;  ///< the path, or "standard input"

  class Source;

 private:
  explicit ByteReader(std::unique_ptr<Source> source);
  std::unique_ptr<Source> source_;
};

class LineReader {
 public:
  static constexpr size_t kMaximumLine = size_t{64} << 20;

  explicit LineReader(ByteReader reader, size_t maximum_line = kMaximumLine);
  explicit LineReader(const std::filesystem::path& path, size_t maximum_line = kMaximumLine)
      : LineReader(ByteReader(path), maximum_line) {}

  /// The next line without its "\n" or "\r\n", valid until the next call; nothing at the end. A
  /// last line without a newline counts.
  std::optional<std::string_view> next();

  const std::string& name() const { return reader_.name(); }
  int64_t line_number() const { return line_number_; }  ///< of the last line, from 1
  std::string where() const;                            ///< "file:line", for messages

 private:
  ByteReader reader_;
  size_t maximum_line_;
  std::string buffer_;  // [begin_, end_) is read but not yet returned
  size_t begin_ = 0;
  size_t end_ = 0;
  bool finished_ = false;
  int64_t line_number_ = 0;
};

/// The whole text, decompressed; throws `data` if it is longer than `limit` bytes.
std::string read_text(ByteReader reader, size_t limit);

}  // namespace octavo
