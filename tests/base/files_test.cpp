// Files: what is written is whole or absent, under every injected fault; the log keeps whole lines.
#include "octavo/base/files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/base/temporary_folder.h"

namespace octavo {
namespace {

using ::testing::HasSubstr;

TEST(MappedFile, HoldsTheBytes) {
  const TemporaryFolder folder;
  write_file(folder / "a", "some bytes");
  MappedFile file(folder / "a");
  EXPECT_EQ(file.text(), "some bytes");
  const MappedFile moved = std::move(file);
  EXPECT_EQ(moved.text(), "some bytes");
  EXPECT_EQ(moved.path(), folder / "a");
}

TEST(MappedFile, AllowsAnEmptyFile) {
  const TemporaryFolder folder;
  write_file(folder / "empty", "");
  EXPECT_TRUE(MappedFile(folder / "empty").bytes().empty());
}

TEST(MappedFile, RefusesWhatIsNoFile) {
  const TemporaryFolder folder;
  const std::string missing =
      error_of(ErrorKind::data, [&] { MappedFile file(folder / "missing"); });
  EXPECT_EQ(missing, (folder / "missing").string() + ": no such file");
  EXPECT_THAT(error_of(ErrorKind::data, [&] { MappedFile file(folder.path()); }),
              HasSubstr("found a directory"));
  EXPECT_THAT(error_of(ErrorKind::data, [&] { MappedFile file("/dev/null"); }),
              HasSubstr("expected a regular file"));
}

TEST(MappedFile, RefusesAnUnreadableFile) {
  if (geteuid() == 0) GTEST_SKIP() << "root can read everything";
  const TemporaryFolder folder;
  write_file(folder / "secret", "x");
  chmod((folder / "secret").c_str(), 0);
  EXPECT_THAT(error_of(ErrorKind::io, [&] { MappedFile file(folder / "secret"); }),
              HasSubstr("Permission denied"));
}

TEST(ReadFile, ReadsWithinTheLimit) {
  const TemporaryFolder folder;
  const std::string text(100'000, 'x');
  write_file(folder / "a", text);
  EXPECT_EQ(read_file(folder / "a"), text);
  EXPECT_EQ(read_file(folder / "a", text.size()), text);
  EXPECT_THAT(error_of(ErrorKind::data, [&] { read_file(folder / "a", text.size() - 1); }),
              HasSubstr("at most 99999 bytes, found 100000"));
  EXPECT_GT(read_file("/proc/self/status").size(), 100u);  // says its size is 0
  EXPECT_THAT(error_of(ErrorKind::data, [&] { read_file("/dev/zero", 10'000); }),
              HasSubstr("found more"));
}

TEST(FileWriter, HashesAndCountsWhatItWrites) {
  const TemporaryFolder folder;
  FileWriter writer(folder / "a");
  std::string text;
  for (const size_t size : {3, 70'000, 0, 1 << 20, 5, (3 << 20) + 1, 900'000}) {
    const std::string part(size, static_cast<char>('a' + size % 7));
    writer.write(part);
    text += part;
    EXPECT_EQ(writer.bytes_written(), static_cast<int64_t>(text.size()));
  }
  EXPECT_FALSE(std::filesystem::exists(folder / "a"));
  const std::string hash = writer.finish();
  EXPECT_EQ(hash, hash_hex(text));
  EXPECT_EQ(hash, hash_file(folder / "a"));
  EXPECT_EQ(read_file(folder / "a"), text);
  EXPECT_EQ(folder.entries(), 1);
}

TEST(FileWriter, LeavesNothingBehindIfNotFinished) {
  const TemporaryFolder folder;
  write_file(folder / "a", "old");
  {
    FileWriter writer(folder / "a");
    writer.write("new");
  }
  EXPECT_EQ(read_file(folder / "a"), "old");
  EXPECT_EQ(folder.entries(), 1);
}

TEST(FileWriter, NamesTheTargetAndTheReason) {
  const TemporaryFolder folder;
  EXPECT_THAT(error_of(ErrorKind::io, [&] { write_file(folder / "no/such", "x"); }),
              HasSubstr("no/such: cannot create: No such file or directory"));
}

// Every operation of writing a file, made to fail in every way: an error, the old file, no litter.
TEST(FileFaults, AFailedWriteLeavesTheOldFile) {
  const TemporaryFolder folder;
  const std::string old_text(10, 'o'), new_text(5 << 20, 'n');
  const auto write = [&] {
    FileWriter writer(folder / "a");
    for (size_t i = 0; i < new_text.size(); i += 700'000) writer.write(new_text.substr(i, 700'000));
    writer.finish();
  };
  std::array<int64_t, kFileOperations> totals{};
  {
    FileFaults counter;
    write();
    for (int kind = 0; kind < kFileOperations; ++kind)
      totals[kind] = counter.count(static_cast<FileOperation>(kind));
  }
  EXPECT_GE(totals[static_cast<int>(FileOperation::write)], 4);
  EXPECT_EQ(totals[static_cast<int>(FileOperation::sync)], 2);
  EXPECT_EQ(totals[static_cast<int>(FileOperation::rename)], 1);

  for (int kind = 0; kind < kFileOperations; ++kind)
    for (int64_t at = 1; at <= totals[kind]; ++at)
      for (const FaultEffect effect : {FaultEffect::io_error, FaultEffect::no_space}) {
        write_file(folder / "a", old_text);
        const auto operation = static_cast<FileOperation>(kind);
        const std::string message = error_of(ErrorKind::io, [&] {
          FileFaults faults({.operation = operation, .at = at, .effect = effect});
          write();
        });
        EXPECT_THAT(message,
                    HasSubstr(effect == FaultEffect::io_error ? "Input/output error"
                                                              : "No space left on device"));
        // Only the sync of the directory comes after the rename.
        const bool renamed = operation == FileOperation::sync && at == 2;
        EXPECT_EQ(read_file(folder / "a"), renamed ? new_text : old_text);
        EXPECT_EQ(folder.entries(), 1);
      }
}

TEST(FileFaults, ShortWritesAreCompleted) {
  const TemporaryFolder folder;
  const std::string text(3'000'001, 'x');
  FileFaults faults({.operation = FileOperation::write,
                     .at = 1,
                     .effect = FaultEffect::short_write,
                     .repeat = FaultRepeat::persistent});
  EXPECT_EQ(write_file(folder / "a", text), hash_hex(text));
  EXPECT_GT(faults.count(FileOperation::write), 20);
  EXPECT_EQ(hash_file(folder / "a"), hash_hex(text));
}

TEST(FileFaults, PersistentOnesGoOnAndOthersDoNot) {
  const TemporaryFolder folder;
  {
    FileFaults faults({.operation = FileOperation::rename, .at = 2});
    write_file(folder / "a", "1");
    EXPECT_THROW(write_file(folder / "a", "2"), Error);
    write_file(folder / "a", "3");
    EXPECT_EQ(faults.count(FileOperation::rename), 3);
  }
  {
    FileFaults faults(
        {.operation = FileOperation::rename, .at = 2, .repeat = FaultRepeat::persistent});
    write_file(folder / "a", "4");
    EXPECT_THROW(write_file(folder / "a", "5"), Error);
    EXPECT_THROW(write_file(folder / "a", "6"), Error);
  }
  EXPECT_EQ(read_file(folder / "a"), "4");
}

TEST(FileFaults, KillEndsTheProcessThere) {
  const TemporaryFolder folder;
  const pid_t child = fork();
  if (child == 0) {
    FileFaults faults({.operation = FileOperation::rename, .at = 1, .effect = FaultEffect::kill});
    write_file(folder / "a", "x");
    _exit(0);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
  EXPECT_FALSE(std::filesystem::exists(folder / "a"));
}

TEST(Directories, AreMadeWithTheirParents) {
  const TemporaryFolder folder;
  make_directories(folder / "a/b/c");
  make_directories(folder / "a/b/c");
  EXPECT_TRUE(std::filesystem::is_directory(folder / "a/b/c"));
  write_file(folder / "a/file", "");
  EXPECT_THAT(error_of(ErrorKind::io, [&] { make_directories(folder / "a/file"); }),
              HasSubstr("expected a directory, found a file"));
  EXPECT_THROW(make_directories(folder / "a/file/below"), Error);
}

TEST(RenameDurably, MovesFoldersAndNamesBoth) {
  const TemporaryFolder folder;
  make_directories(folder / "a.tmp");
  write_file(folder / "a.tmp/file", "x");
  rename_durably(folder / "a.tmp", folder / "a");
  EXPECT_EQ(read_file(folder / "a/file"), "x");
  const std::string message =
      error_of(ErrorKind::io, [&] { rename_durably(folder / "gone", folder / "b"); });
  EXPECT_THAT(message, HasSubstr("gone: cannot rename to"));
  remove_all_quietly(folder / "a");
  remove_all_quietly(folder / "a");
  EXPECT_FALSE(std::filesystem::exists(folder / "a"));
}

TEST(RenameToNew, ReplacesNothing) {
  const TemporaryFolder folder;
  write_file(folder / "a", "x");
  write_file(folder / "b", "y");
  const std::string message =
      error_of(ErrorKind::conflict, [&] { rename_to_new(folder / "a", folder / "b"); });
  EXPECT_THAT(message, HasSubstr("b: is there already"));
  EXPECT_EQ(read_file(folder / "b"), "y");
  rename_to_new(folder / "a", folder / "c");
  EXPECT_EQ(read_file(folder / "c"), "x");
  EXPECT_FALSE(std::filesystem::exists(folder / "a"));
  error_of(ErrorKind::io, [&] { rename_to_new(folder / "gone", folder / "d"); });
}

TEST(LineLog, AppendsAndIsCutBack) {
  const TemporaryFolder folder;
  int64_t checkpoint = 0;
  {
    LineLog log(folder / "metrics.jsonl");
    log.append("{\"step\": 1}");
    checkpoint = log.size();
    log.append("{\"step\": 2}");
    log.sync();
  }
  {
    LineLog log(folder / "metrics.jsonl", checkpoint);
    log.append("again");
    EXPECT_EQ(log.size(), checkpoint + 6);
  }
  EXPECT_EQ(read_file(folder / "metrics.jsonl"), "{\"step\": 1}\nagain\n");
  { LineLog(folder / "metrics.jsonl", LineLog::kEverything).append("more"); }
  EXPECT_EQ(read_file(folder / "metrics.jsonl"), "{\"step\": 1}\nagain\nmore\n");
  EXPECT_THAT(error_of(ErrorKind::data, [&] { LineLog(folder / "metrics.jsonl", 1000); }),
              HasSubstr("at least 1000 bytes to continue after, found 23"));
  { LineLog log(folder / "metrics.jsonl"); }
  EXPECT_EQ(read_file(folder / "metrics.jsonl"), "");
}

TEST(LineLog, KeepsWholeLinesOnAFullDisk) {
  const TemporaryFolder folder;
  LineLog log(folder / "log");
  log.append("first");
  {
    // The first write is short, and the second, for the rest, finds no space.
    FileFaults faults(
        {.operation = FileOperation::write, .at = 1, .effect = FaultEffect::no_space});
    EXPECT_THAT(error_of(ErrorKind::io, [&] { log.append("second"); }),
                HasSubstr("No space left on device"));
  }
  log.append("third");
  EXPECT_EQ(read_file(folder / "log"), "first\nthird\n");
}

TEST(FileLock, IsHeldByOneAndNamesTheHolder) {
  const TemporaryFolder folder;
  {
    FileLock lock(folder / "lock");
    EXPECT_EQ(error_of(ErrorKind::conflict, [&] { FileLock other(folder / "lock"); }),
              fmt::format("{0}: held by process {1}, which writes there: wait for it, or end it "
                          "(kill {1})",
                          (folder / "lock").string(), getpid()));
    FileLock moved = std::move(lock);
    EXPECT_THROW(FileLock other(folder / "lock"), Error);
  }
  FileLock again(folder / "lock");
}

}  // namespace
}  // namespace octavo
