#include "octavo/base/line_reader.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <new>
#include <system_error>
#include <vector>

#include "octavo/base/error.h"

namespace octavo {
namespace {

constexpr size_t kChunk = size_t{64} << 10;

}  // namespace

// The file's raw bytes, through a buffer; a decoder is a Source that reads from it.
class ByteReader::Source {
 public:
  /// Takes the descriptor, which `open` or `dup` gave; `name` stands for it in messages.
  Source(int descriptor, std::string name)
      : name_(std::move(name)), descriptor_(descriptor), buffer_(kChunk) {
    if (descriptor_ < 0) {
      const int code = errno;
      fail(code == ENOENT || code == ENOTDIR ? ErrorKind::data : ErrorKind::io, "{}: {}", name_,
           code == ENOENT ? "no such file" : std::generic_category().message(code));
    }
    struct stat status {};
    if (::fstat(descriptor_, &status) == 0 && S_ISDIR(status.st_mode)) {
      ::close(descriptor_);
      fail(ErrorKind::data, "{}: expected a file, found a directory", name_);
    }
  }
  Source(Source&& other) noexcept
      : name_(std::move(other.name_)),
        descriptor_(std::exchange(other.descriptor_, -1)),
        buffer_(std::move(other.buffer_)),
        begin_(other.begin_),
        end_(other.end_) {}
  virtual ~Source() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }

  virtual size_t read(char* out, size_t size) {
    if (begin_ == end_) fill();
    const size_t count = std::min(size, end_ - begin_);
    std::memcpy(out, buffer_.data() + begin_, count);
    begin_ += count;
    return count;
  }

  /// Reads more behind what is unread; false at the end of the file.
  bool fill() {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
    ssize_t count;
    do {
      count = ::read(descriptor_, buffer_.data() + end_, buffer_.size() - end_);
    } while (count < 0 && errno == EINTR);
    if (count < 0)
      fail(ErrorKind::io, "{}: cannot read: {}", name_, std::generic_category().message(errno));
    end_ += static_cast<size_t>(count);
    return count > 0;
  }

  /// Waits for no more than what tells: who writes a short line into a pipe may await an answer.
  bool starts_with(std::string_view magic) {
    const auto there = [&] { return std::string_view(buffer_.data() + begin_, end_ - begin_); };
    while (there().size() < magic.size() && magic.starts_with(there()) && fill()) continue;
    return there().starts_with(magic);
  }

  const std::string& name() const { return name_; }

 protected:
  [[noreturn]] void fail_damaged(std::string_view format, std::string_view reason) const {
    fail(ErrorKind::data, "{}: damaged {} archive: {}", name_, format, reason);
  }

  std::string name_;
  int descriptor_ = -1;
  std::vector<char> buffer_;
  size_t begin_ = 0, end_ = 0;
};

namespace {

class GzipSource : public ByteReader::Source {
 public:
  explicit GzipSource(Source&& raw) : Source(std::move(raw)) {
    if (inflateInit2(&stream_, 15 + 16) != Z_OK) throw std::bad_alloc();
  }
  ~GzipSource() override { inflateEnd(&stream_); }

  size_t read(char* out, size_t size) override {
    stream_.next_out = reinterpret_cast<Bytef*>(out);
    stream_.avail_out = static_cast<uInt>(std::min(size, size_t{1} << 30));
    const uInt wanted = stream_.avail_out;
    while (stream_.avail_out == wanted) {
      if (begin_ == end_ && !fill()) {
        if (!between_members_) fail_damaged("gzip", "it ends too early");
        break;
      }
      if (between_members_ && !begin_member()) break;
      stream_.next_in = reinterpret_cast<Bytef*>(buffer_.data() + begin_);
      stream_.avail_in = static_cast<uInt>(end_ - begin_);
      const int status = inflate(&stream_, Z_NO_FLUSH);
      begin_ = end_ - stream_.avail_in;
      if (status == Z_STREAM_END) {
        between_members_ = true;
      } else if (status != Z_OK && status != Z_BUF_ERROR) {
        fail_damaged("gzip", stream_.msg ? stream_.msg : "it cannot be decoded");
      }
    }
    return wanted - stream_.avail_out;
  }

 private:
  // Zeros may pad the end of the file (tapes do); anything else must be another member.
  bool begin_member() {
    while (begin_ < end_ && buffer_[begin_] == '\0') ++begin_;
    if (begin_ == end_) return fill() ? begin_member() : false;
    inflateReset(&stream_);
    between_members_ = false;
    return true;
  }

  z_stream stream_{};
  bool between_members_ = true;
};

class ZstdSource : public ByteReader::Source {
 public:
  explicit ZstdSource(Source&& raw) : Source(std::move(raw)), stream_(ZSTD_createDStream()) {
    if (!stream_) throw std::bad_alloc();
  }
  ~ZstdSource() override { ZSTD_freeDStream(stream_); }

  size_t read(char* out, size_t size) override {
    ZSTD_outBuffer output{out, size, 0};
    while (output.pos == 0) {
      ZSTD_inBuffer input{buffer_.data() + begin_, end_ - begin_, 0};
      const size_t status = ZSTD_decompressStream(stream_, &output, &input);
      if (ZSTD_isError(status)) fail_damaged("zstd", ZSTD_getErrorName(status));
      begin_ += input.pos;
      if (input.pos > 0 || output.pos > 0) between_frames_ = status == 0;
      if (output.pos == 0 && begin_ == end_ && !fill()) {
        if (!between_frames_) fail_damaged("zstd", "it ends too early");
        break;
      }
    }
    return output.pos;
  }

 private:
  ZSTD_DStream* stream_;
  bool between_frames_ = true;
};

std::unique_ptr<ByteReader::Source> decoded(ByteReader::Source raw) {
  if (raw.starts_with("\x1f\x8b")) return std::make_unique<GzipSource>(std::move(raw));
  if (raw.starts_with("\x28\xb5\x2f\xfd")) return std::make_unique<ZstdSource>(std::move(raw));
  require(!raw.name().ends_with(".gz") && !raw.name().ends_with(".zst"),
          "{}: expected a compressed file, as its name says, but found another beginning",
          raw.name());
  return std::make_unique<ByteReader::Source>(std::move(raw));
}

}  // namespace

ByteReader::ByteReader(std::unique_ptr<Source> source) : source_(std::move(source)) {}
ByteReader::ByteReader(const std::filesystem::path& path)
    : ByteReader(decoded({::open(path.c_str(), O_RDONLY | O_CLOEXEC), path.string()})) {}
ByteReader::ByteReader(ByteReader&& other) noexcept = default;
ByteReader& ByteReader::operator=(ByteReader&& other) noexcept = default;
ByteReader::~ByteReader() = default;

ByteReader ByteReader::standard_input() {
  return ByteReader(decoded({::dup(STDIN_FILENO), "standard input"}));
}

size_t ByteReader::read(char* out, size_t size) { return source_->read(out, size); }

const std::string& ByteReader::name() const { return source_->name(); }

LineReader::LineReader(ByteReader reader, size_t maximum_line)
    : reader_(std::move(reader)), maximum_line_(maximum_line) {}

std::string LineReader::where() const { return fmt::format("{}:{}", name(), line_number_); }

std::optional<std::string_view> LineReader::next() {
  size_t searched = begin_;
  while (true) {
    const void* found = std::memchr(buffer_.data() + searched, '\n', end_ - searched);
    const size_t newline =
        found ? static_cast<size_t>(static_cast<const char*>(found) - buffer_.data()) : end_;
    if (newline - begin_ > maximum_line_) {
      ++line_number_;
      fail(ErrorKind::data, "{}: expected lines of at most {} bytes, found a longer one", where(),
           maximum_line_);
    }
    if (found || (finished_ && begin_ < end_)) {
      ++line_number_;
      std::string_view line(buffer_.data() + begin_, newline - begin_);
      if (line.ends_with('\r')) line.remove_suffix(1);
      begin_ = found ? newline + 1 : end_;
      return line;
    }
    if (finished_) return std::nullopt;
    // Make room behind the unfinished line: move it to the front, and double if it fills the
    // buffer.
    searched = end_ - begin_;
    std::memmove(buffer_.data(), buffer_.data() + begin_, searched);
    begin_ = 0;
    end_ = searched;
    if (buffer_.size() - end_ < kChunk) buffer_.resize(std::max(buffer_.size() * 2, end_ + kChunk));
    const size_t count = reader_.read(buffer_.data() + end_, buffer_.size() - end_);
    end_ += count;
    finished_ = count == 0;
  }
}

std::string read_text(ByteReader reader, size_t limit) {
  std::string text;
  size_t filled = 0;
  while (true) {
    if (filled == text.size()) text.resize(std::max(2 * filled, kChunk));
    const size_t count = reader.read(text.data() + filled, text.size() - filled);
    filled += count;
    require(filled <= limit, "{}: expected at most {} bytes of text, found more", reader.name(),
            limit);
    if (count == 0) break;
  }
  text.resize(filled);
  return text;
}

}  // namespace octavo
