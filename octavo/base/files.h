// Files: read-only maps, durable writes, an appendable log, a lock, and the faults a test injects.
//
// A file of ours appears whole or not at all: it is written to a temporary name beside the target,
// hashed on the way, fsynced, renamed, and its directory fsynced. Every system call that changes
// the disk passes one point where a test can make the n-th one fail (`FileFaults`), so the same
// code that runs in production is the code whose failures are tested. Errors are of kind `io` and
// carry the system's words. Tested by tests/base/files_test.cpp.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "octavo/base/hash.h"

namespace octavo {

/// A file mapped read-only. Empty files are allowed: an empty span. The file must not be cut short
/// by another process while mapped (the system answers a read past its end with SIGBUS).
class MappedFile {
 public:
  /// Throws `data` if the path is missing or no regular file, `io` if it cannot be read.
  explicit MappedFile(const std::filesystem::path& path);
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;
  ~MappedFile();

  std::span<const std::byte> bytes() const { return bytes_; }
  std::string_view text() const {
    return {reinterpret_cast<const char*>(bytes_.data()), bytes_.size()};
  }
  const std::filesystem::path& path() const { return path_; }

  /// What was read of it counts no longer as this process's memory; the system may hold it, and has
  /// it when it is read again.
  void let_go() const;

 private:
  std::filesystem::path path_;
  std::span<const std::byte> bytes_;
};

/// The whole file as a string; throws `data` if it is larger than `limit` bytes.
std::string read_file(const std::filesystem::path& path, size_t limit = size_t{1} << 30);

/// Writes a file durably: the target changes only when finish() has everything on the disk.
/// Until then the bytes are in `<target>.<pid>-<number>.tmp`, removed if finish() is not reached.
class FileWriter {
 public:
  explicit FileWriter(std::filesystem::path target);
  FileWriter(const FileWriter&) = delete;
  FileWriter& operator=(const FileWriter&) = delete;
  ~FileWriter();

  void write(std::span<const std::byte> bytes);
  void write(std::string_view text) { write(std::as_bytes(std::span(text))); }

  /// Flush, fsync, rename, fsync the directory. Returns the XXH3-128 of the bytes (32 hex digits).
  std::string finish();

  int64_t bytes_written() const { return bytes_written_; }
  const std::filesystem::path& path() const { return target_; }

 private:
  void flush();

  std::filesystem::path target_;
  std::filesystem::path temporary_;
  int descriptor_ = -1;
  std::vector<std::byte> buffer_;
  Hasher hasher_;
  int64_t bytes_written_ = 0;
};

/// A FileWriter in one call; returns the hash.
std::string write_file(const std::filesystem::path& path, std::string_view text);
std::string write_file(const std::filesystem::path& path, std::span<const std::byte> bytes);

/// The XXH3-128 of a file's bytes (32 hex digits), in constant memory.
std::string hash_file(const std::filesystem::path& path);

/// Makes the directory's entries durable.
void sync_directory(const std::filesystem::path& directory);

/// Like mkdir -p; what was created is durable on return.
void make_directories(const std::filesystem::path& directory);

/// Where a file may grow beside its target: `<target>.<pid>-<number>.tmp`, another one each time.
std::filesystem::path temporary_beside(const std::filesystem::path& target);

/// Renames a file to a name that nothing has; throws `conflict` if something has it. Durable when
/// the directory is synced.
void rename_to_new(const std::filesystem::path& from, const std::filesystem::path& to);

/// Renames (replacing a file, or an empty directory by a directory) and syncs the directories.
void rename_durably(const std::filesystem::path& from, const std::filesystem::path& to);

/// Removes a file or a whole folder; what cannot be removed stays, without an error.
void remove_all_quietly(const std::filesystem::path& path) noexcept;

/// A text file that grows by lines, such as metrics.jsonl. A line is appended by one write; if it
/// fails, the file is cut back to the last whole line.
class LineLog {
 public:
  static constexpr int64_t kEverything = std::numeric_limits<int64_t>::max();

  /// Opens or creates the file and cuts it to its first `keep_bytes` bytes (a resumed run cuts back
  /// to its checkpoint). Throws `data` if the file holds fewer, unless kEverything is asked.
  explicit LineLog(std::filesystem::path path, int64_t keep_bytes = 0);
  LineLog(LineLog&& other) noexcept;
  LineLog& operator=(LineLog&& other) noexcept;
  ~LineLog();

  /// Appends the line and a newline; the line itself must hold none.
  void append(std::string_view line);
  void sync();  ///< fsync
  int64_t size() const { return size_; }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  int descriptor_ = -1;
  int64_t size_ = 0;
};

/// Holds a lock file for this object's life; the system drops it if the process dies. The file
/// itself stays, with the holder's process number in it.
class FileLock {
 public:
  /// Throws `conflict`, naming the holder, if another FileLock (of any process) has it.
  explicit FileLock(std::filesystem::path path);
  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&& other) noexcept;
  ~FileLock();

 private:
  std::filesystem::path path_;
  int descriptor_ = -1;
};

/// The kinds of system calls that change the disk.
enum class FileOperation { open, write, sync, rename, truncate };
inline constexpr int kFileOperations = 5;

/// What an injected fault does: the call fails with EIO or ENOSPC, a write writes only half of what
/// it was given (and succeeds, as the system may), or the process dies there by SIGKILL.
enum class FaultEffect { io_error, no_space, short_write, kill };
enum class FaultRepeat { once, persistent };

/// While it lives, file operations of this process are counted and the one numbered `at` (from 1; 0
/// for none) of its kind fails; `persistent` makes every later one of the kind fail too. For tests;
/// one at a time.
///
///     FileFaults faults({.operation = FileOperation::write, .at = 3, .effect =
///     FaultEffect::no_space});
class FileFaults {
 public:
  struct Plan {
    FileOperation operation = FileOperation::write;
    int64_t at = 0;
    FaultEffect effect = FaultEffect::io_error;
    FaultRepeat repeat = FaultRepeat::once;
  };

  explicit FileFaults(Plan plan);
  FileFaults() : FileFaults(Plan{}) {}  ///< only counts
  FileFaults(const FileFaults&) = delete;
  FileFaults& operator=(const FileFaults&) = delete;
  ~FileFaults();

  /// How many operations of the kind were tried since construction.
  int64_t count(FileOperation operation) const { return counts_[static_cast<int>(operation)]; }

  /// Counts an operation that is about to happen and says whether it is to fail.
  bool strikes(FileOperation operation);
  FaultEffect effect() const { return plan_.effect; }

 private:
  Plan plan_;
  std::array<std::atomic<int64_t>, kFileOperations> counts_{};
};

}  // namespace octavo
