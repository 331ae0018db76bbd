#include "octavo/base/files.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <memory>
#include <system_error>
#include <utility>

#include "octavo/base/error.h"

namespace octavo {
namespace {

namespace fs = std::filesystem;

constexpr size_t kBufferBytes = size_t{1} << 20;

// The faults a test has installed; null in production.
std::atomic<FileFaults*> installed_faults{nullptr};

// Counts the operation; sets errno and returns true if it is to fail.
bool fault_strikes(FileOperation operation) {
  FileFaults* faults = installed_faults.load(std::memory_order_relaxed);
  if (!faults || !faults->strikes(operation)) [[likely]]
    return false;
  if (faults->effect() == FaultEffect::kill) std::raise(SIGKILL);
  errno = faults->effect() == FaultEffect::no_space ? ENOSPC : EIO;
  return true;
}

std::string reason(int code) {
  const bool full = code == ENOSPC || code == EDQUOT;
  return std::generic_category().message(code) +
         (full ? " (make room; what was there before is as it was)" : "");
}

[[noreturn]] void fail_io(const fs::path& path, std::string_view action) {
  const int code = errno;
  fail(ErrorKind::io, "{}: cannot {}: {}", path.string(), action, reason(code));
}

// Repeats a system call that a signal interrupted.
template <class Call>
auto uninterrupted(Call call) {
  auto result = call();
  while (result < 0 && errno == EINTR) result = call();
  return result;
}

int open_for_writing(const fs::path& path, int flags) {
  if (fault_strikes(FileOperation::open)) return -1;
  return uninterrupted([&] { return ::open(path.c_str(), flags | O_CLOEXEC, 0666); });
}

ssize_t write_some(int descriptor, std::span<const std::byte> bytes) {
  size_t size = bytes.size();
  if (fault_strikes(FileOperation::write)) {
    if (installed_faults.load()->effect() != FaultEffect::short_write) return -1;
    size = (size + 1) / 2;
  }
  return uninterrupted([&] { return ::write(descriptor, bytes.data(), size); });
}

bool write_all(int descriptor, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write_some(descriptor, bytes);
    if (written < 0) return false;
    bytes = bytes.subspan(static_cast<size_t>(written));
  }
  return true;
}

bool sync_descriptor(int descriptor) {
  if (fault_strikes(FileOperation::sync)) return false;
  return uninterrupted([&] { return ::fsync(descriptor); }) == 0;
}

bool truncate_descriptor(int descriptor, int64_t size) {
  if (fault_strikes(FileOperation::truncate)) return false;
  return uninterrupted([&] { return ::ftruncate(descriptor, size); }) == 0;
}

bool rename_path(const fs::path& from, const fs::path& to) {
  if (fault_strikes(FileOperation::rename)) return false;
  return ::rename(from.c_str(), to.c_str()) == 0;
}

/// The same, but for a name that something has (EEXIST). Some network file systems cannot rename
/// so; they can give a file a second name, which fails likewise.
bool rename_path_to_new(const fs::path& from, const fs::path& to) {
  if (fault_strikes(FileOperation::rename)) return false;
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return true;
  if (errno != EINVAL && errno != ENOSYS) return false;
  return ::link(from.c_str(), to.c_str()) == 0 && ::unlink(from.c_str()) == 0;
}

[[noreturn]] void fail_rename(const fs::path& from, const fs::path& to) {
  const int code = errno;
  fail(ErrorKind::io, "{}: cannot rename to {}: {}", from.string(), to.string(), reason(code));
}

fs::path parent_of(const fs::path& path) {
  const fs::path parent = path.parent_path();
  return parent.empty() ? fs::path(".") : parent;
}

// A descriptor that is closed at the end of the scope.
struct Descriptor {
  int value = -1;
  ~Descriptor() {
    if (value >= 0) ::close(value);
  }
};

// Opens an input, refusing what is no regular file (pipes such as /dev/stdin are allowed).
int open_for_reading(const fs::path& path, struct stat& status) {
  const int descriptor = uninterrupted([&] { return ::open(path.c_str(), O_RDONLY | O_CLOEXEC); });
  if (descriptor < 0) {
    const int code = errno;
    fail(code == ENOENT || code == ENOTDIR ? ErrorKind::data : ErrorKind::io, "{}: {}",
         path.string(), code == ENOENT ? "no such file" : reason(code));
  }
  if (::fstat(descriptor, &status) != 0) {
    ::close(descriptor);
    fail_io(path, "stat");
  }
  if (S_ISDIR(status.st_mode)) {
    ::close(descriptor);
    fail(ErrorKind::data, "{}: expected a file, found a directory", path.string());
  }
  return descriptor;
}

}  // namespace

MappedFile::MappedFile(const fs::path& path) : path_(path) {
  struct stat status {};
  const Descriptor descriptor{open_for_reading(path, status)};
  require(S_ISREG(status.st_mode), "{}: expected a regular file", path.string());
  if (status.st_size == 0) return;
  const auto size = static_cast<size_t>(status.st_size);
  void* address = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor.value, 0);
  if (address == MAP_FAILED) fail_io(path, "map into memory");
  bytes_ = {static_cast<const std::byte*>(address), size};
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : path_(std::move(other.path_)), bytes_(std::exchange(other.bytes_, {})) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(bytes_, other.bytes_);
  return *this;
}

MappedFile::~MappedFile() {
  if (!bytes_.empty()) ::munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());
}

void MappedFile::let_go() const {
  if (!bytes_.empty())
    ::madvise(const_cast<std::byte*>(bytes_.data()), bytes_.size(), MADV_DONTNEED);
}

std::string read_file(const fs::path& path, size_t limit) {
  struct stat status {};
  const Descriptor descriptor{open_for_reading(path, status)};
  std::string text;
  if (S_ISREG(status.st_mode)) {
    require(static_cast<size_t>(status.st_size) <= limit, "{}: expected at most {} bytes, found {}",
            path.string(), limit, status.st_size);
    text.resize(static_cast<size_t>(status.st_size) + 1);  // one more, to see the end at once
  }
  size_t filled = 0;
  while (true) {
    if (filled == text.size()) text.resize(std::max<size_t>(2 * filled, 4096));
    const ssize_t count = uninterrupted(
        [&] { return ::read(descriptor.value, text.data() + filled, text.size() - filled); });
    if (count < 0) fail_io(path, "read");
    filled += static_cast<size_t>(count);
    require(filled <= limit, "{}: expected at most {} bytes, found more", path.string(), limit);
    if (count == 0) break;
  }
  text.resize(filled);
  return text;
}

fs::path temporary_beside(const fs::path& target) {
  static std::atomic<uint64_t> number{0};
  return fs::path(target) += fmt::format(".{}-{}.tmp", ::getpid(), number++);
}

FileWriter::FileWriter(fs::path target)
    : target_(std::move(target)), temporary_(temporary_beside(target_)) {
  buffer_.reserve(kBufferBytes);
  // O_TRUNC, not O_EXCL: a dead process with our number may have left the name behind.
  descriptor_ = open_for_writing(temporary_, O_WRONLY | O_CREAT | O_TRUNC);
  if (descriptor_ < 0) fail_io(target_, "create");
}

FileWriter::~FileWriter() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

void FileWriter::write(std::span<const std::byte> bytes) {
  assert(descriptor_ >= 0);
  hasher_.update(bytes);
  bytes_written_ += static_cast<int64_t>(bytes.size());
  if (buffer_.size() + bytes.size() > kBufferBytes) flush();
  if (bytes.size() >= kBufferBytes) {
    if (!write_all(descriptor_, bytes)) fail_io(target_, "write");
  } else {
    buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
  }
}

void FileWriter::flush() {
  if (!write_all(descriptor_, buffer_)) fail_io(target_, "write");
  buffer_.clear();
}

std::string FileWriter::finish() {
  assert(descriptor_ >= 0);
  flush();
  if (!sync_descriptor(descriptor_)) fail_io(target_, "sync to disk");
  const int closed = ::close(std::exchange(descriptor_, -1));
  if (closed != 0 && errno != EINTR) fail_io(target_, "close");
  if (!rename_path(temporary_, target_)) fail_io(target_, "rename into place");
  temporary_.clear();
  sync_directory(parent_of(target_));
  return hasher_.hex();
}

std::string write_file(const fs::path& path, std::span<const std::byte> bytes) {
  FileWriter writer(path);
  writer.write(bytes);
  return writer.finish();
}

std::string write_file(const fs::path& path, std::string_view text) {
  return write_file(path, std::as_bytes(std::span(text)));
}

std::string hash_file(const fs::path& path) {
  struct stat status {};
  const Descriptor descriptor{open_for_reading(path, status)};
  Hasher hasher;
  const auto buffer = std::make_unique_for_overwrite<std::byte[]>(kBufferBytes);
  while (true) {
    const ssize_t count =
        uninterrupted([&] { return ::read(descriptor.value, buffer.get(), kBufferBytes); });
    if (count < 0) fail_io(path, "read");
    if (count == 0) return hasher.hex();
    hasher.update({buffer.get(), static_cast<size_t>(count)});
  }
}

void sync_directory(const fs::path& directory) {
  const Descriptor descriptor{
      uninterrupted([&] { return ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); })};
  if (descriptor.value < 0) fail_io(directory, "open the directory");
  // Some network file systems cannot sync a directory and say EINVAL; there is nothing to do then.
  if (!sync_descriptor(descriptor.value) && errno != EINVAL) fail_io(directory, "sync to disk");
}

void make_directories(const fs::path& directory) {
  std::error_code ignored;
  if (directory.empty() || fs::is_directory(directory, ignored)) return;
  const fs::path parent = parent_of(directory);
  if (parent != directory) make_directories(parent);
  if (::mkdir(directory.c_str(), 0777) != 0) {
    if (errno != EEXIST) fail_io(directory, "create the directory");
    require(ErrorKind::io, fs::is_directory(directory, ignored),
            "{}: expected a directory, found a file", directory.string());
    return;
  }
  sync_directory(parent);
}

void rename_to_new(const fs::path& from, const fs::path& to) {
  if (rename_path_to_new(from, to)) return;
  require(ErrorKind::conflict, errno != EEXIST, "{}: is there already and is not overwritten",
          to.string());
  fail_rename(from, to);
}

void rename_durably(const fs::path& from, const fs::path& to) {
  if (!rename_path(from, to)) fail_rename(from, to);
  sync_directory(parent_of(to));
  if (parent_of(from) != parent_of(to)) sync_directory(parent_of(from));
}

void remove_all_quietly(const fs::path& path) noexcept {
  std::error_code ignored;
  fs::remove_all(path, ignored);
}

LineLog::LineLog(fs::path path, int64_t keep_bytes) : path_(std::move(path)) {
  Descriptor descriptor{open_for_writing(path_, O_WRONLY | O_CREAT)};
  if (descriptor.value < 0) fail_io(path_, "open for writing");
  const int64_t found = ::lseek(descriptor.value, 0, SEEK_END);
  if (found < 0) fail_io(path_, "seek");
  size_ = found;
  if (keep_bytes != kEverything) {
    require(found >= keep_bytes, "{}: expected at least {} bytes to continue after, found {}",
            path_.string(), keep_bytes, found);
    if (found > keep_bytes && !truncate_descriptor(descriptor.value, keep_bytes))
      fail_io(path_, "cut back");
    if (::lseek(descriptor.value, keep_bytes, SEEK_SET) < 0) fail_io(path_, "seek");
    size_ = keep_bytes;
  }
  descriptor_ = std::exchange(descriptor.value, -1);
}

LineLog::LineLog(LineLog&& other) noexcept
    : path_(std::move(other.path_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      size_(other.size_) {}

LineLog& LineLog::operator=(LineLog&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(descriptor_, other.descriptor_);
  std::swap(size_, other.size_);
  return *this;
}

LineLog::~LineLog() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void LineLog::append(std::string_view line) {
  assert(line.find('\n') == std::string_view::npos);
  std::string whole(line);
  whole += '\n';
  if (!write_all(descriptor_, std::as_bytes(std::span(whole)))) {
    const int code = errno;
    const bool cut = ::ftruncate(descriptor_, size_) == 0 &&  // frees space: no fault injected
                     ::lseek(descriptor_, size_, SEEK_SET) == size_;
    fail(ErrorKind::io, "{}: cannot append a line: {}{}", path_.string(), reason(code),
         cut ? "" : " (and part of a line may remain)");
  }
  size_ += static_cast<int64_t>(whole.size());
}

void LineLog::sync() {
  if (!sync_descriptor(descriptor_)) fail_io(path_, "sync to disk");
}

FileLock::FileLock(fs::path path) : path_(std::move(path)) {
  Descriptor descriptor{open_for_writing(path_, O_RDWR | O_CREAT)};
  if (descriptor.value < 0) fail_io(path_, "open the lock file");
  if (uninterrupted([&] { return ::flock(descriptor.value, LOCK_EX | LOCK_NB); }) != 0) {
    if (errno != EWOULDBLOCK) fail_io(path_, "lock");
    char text[32] = {};
    const ssize_t count = ::pread(descriptor.value, text, sizeof text - 1, 0);
    int64_t holder = 0;
    std::from_chars(text, text + std::max<ssize_t>(count, 0), holder);
    fail(ErrorKind::conflict, "{}: held by {}, which writes there: wait for it, or end it{}",
         path_.string(), holder > 0 ? fmt::format("process {}", holder) : "another process",
         holder > 0 ? fmt::format(" (kill {})", holder) : "");
  }
  const std::string holder = fmt::format("{}\n", ::getpid());
  if (!truncate_descriptor(descriptor.value, 0) ||
      !write_all(descriptor.value, std::as_bytes(std::span(holder))))
    fail_io(path_, "write the lock file");
  descriptor_ = std::exchange(descriptor.value, -1);
}

FileLock::FileLock(FileLock&& other) noexcept
    : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)) {}

FileLock& FileLock::operator=(FileLock&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

FileLock::~FileLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

FileFaults::FileFaults(Plan plan) : plan_(plan) {
  [[maybe_unused]] FileFaults* before = installed_faults.exchange(this);
  assert(!before);
}

FileFaults::~FileFaults() { installed_faults = nullptr; }

bool FileFaults::strikes(FileOperation operation) {
  const int64_t number = ++counts_[static_cast<size_t>(operation)];
  if (operation != plan_.operation || plan_.at <= 0) return false;
  return plan_.repeat == FaultRepeat::once ? number == plan_.at : number >= plan_.at;
}

}  // namespace octavo
