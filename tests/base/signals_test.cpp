// Signals: one asks, two kill, and afterwards all is as before.
#include "octavo/base/signals.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace octavo {
namespace {

TEST(InterruptGuard, SetsAFlagAndRestores) {
  for (const int signal : {SIGTERM, SIGINT}) {
    InterruptGuard guard;
    EXPECT_FALSE(guard.interrupted());
    raise(signal);
    EXPECT_TRUE(guard.interrupted());
    EXPECT_EQ(guard.signal_number(), signal);
  }
  struct sigaction now {};
  sigaction(SIGINT, nullptr, &now);
  EXPECT_EQ(now.sa_handler, SIG_DFL);
  EXPECT_FALSE(InterruptGuard().interrupted());  // a new guard starts anew
}

TEST(InterruptGuard, ASecondCtrlCKills) {
  const pid_t child = fork();
  if (child == 0) {
    InterruptGuard guard;
    raise(SIGTERM);
    raise(SIGTERM);  // asked twice, politely
    if (!guard.interrupted()) _exit(1);
    raise(SIGINT);
    _exit(2);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGINT) << status;
}

}  // namespace
}  // namespace octavo
