// Signals: one asks, two kill, and afterwards all is as before; what a write would die of it
// survives.
#include "octavo/base/signals.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

#include "octavo/base/console.h"
#include "tests/base/temporary_folder.h"

namespace octavo {
namespace {

TEST(InterruptGuard, SetsAFlagAndRestores) {
  ::signal(SIGHUP, SIG_DFL);  // whoever runs the tests may have ignored it
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) {
    InterruptGuard guard;
    EXPECT_FALSE(guard.interrupted());
    raise(signal);
    EXPECT_TRUE(guard.interrupted());
    EXPECT_EQ(guard.signal_number(), signal);
  }
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) {
    struct sigaction now {};
    sigaction(signal, nullptr, &now);
    EXPECT_EQ(now.sa_handler, SIG_DFL) << signal;
  }
  EXPECT_FALSE(InterruptGuard().interrupted());  // a new guard starts anew
}

TEST(InterruptGuard, ASecondCtrlCKills) {
  const pid_t child = fork();
  if (child == 0) {
    InterruptGuard guard;
    raise(SIGTERM);
    raise(SIGTERM);  // asked twice, politely
    raise(SIGHUP);
    if (!guard.interrupted()) _exit(1);
    raise(SIGINT);
    _exit(2);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGINT) << status;
}

TEST(InterruptGuard, WhatNohupIgnoresStaysIgnored) {
  ::signal(SIGHUP, SIG_IGN);
  {
    InterruptGuard guard;
    raise(SIGHUP);
    EXPECT_FALSE(guard.interrupted());
  }
  EXPECT_EQ(::signal(SIGHUP, SIG_DFL), SIG_IGN);
}

TEST(IgnoreSignalsOfWrites, AWriteThatFailsIsAnErrorOfItsOwn) {
  const TemporaryFolder folder;
  const pid_t child = fork();
  if (child == 0) {
    ignore_signals_of_writes();
    int ends[2];
    if (pipe(ends) != 0) _exit(1);
    close(ends[0]);
    if (write(ends[1], "x", 1) != -1 || errno != EPIPE) _exit(2);
    std::FILE* stream = fdopen(ends[1], "w");
    Console(LogLevel::info, stream).info("nobody reads this");  // and nothing is thrown
    const rlimit limit{10, 10};
    setrlimit(RLIMIT_FSIZE, &limit);
    const int file = open((folder / "file").c_str(), O_WRONLY | O_CREAT, 0600);
    if (write(file, "0123456789", 10) != 10) _exit(3);
    if (write(file, "x", 1) != -1 || errno != EFBIG) _exit(4);
    _exit(0);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
}

}  // namespace
}  // namespace octavo
