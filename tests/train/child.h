// Running one test of this program in a process of its own, to kill it or to measure it.
//
// The child is a fresh program, not a fork: threads and memory begin anew. The tests it runs are
// DISABLED_, so nobody else does; what they need comes through the environment.
#pragma once

#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>

#include <string>

extern char** environ;

namespace octavo {

class ChildTest {
 public:
  /// Starts the test of this name with OCTAVO_CHILD set to `argument`.
  ChildTest(const std::string& test, const std::string& argument) {
    setenv("OCTAVO_CHILD", argument.c_str(), 1);
    std::string program = "/proc/self/exe", filter = "--gtest_filter=" + test,
                disabled = "--gtest_also_run_disabled_tests", brief = "--gtest_brief=1";
    char* arguments[] = {program.data(), filter.data(), disabled.data(), brief.data(), nullptr};
    const int error = posix_spawn(&process_, program.c_str(), nullptr, nullptr, arguments, environ);
    unsetenv("OCTAVO_CHILD");
    EXPECT_EQ(error, 0);
  }
  ChildTest(const ChildTest&) = delete;
  ChildTest& operator=(const ChildTest&) = delete;
  ~ChildTest() {
    kill();
    wait();
  }

  void kill() {
    if (process_ > 0) ::kill(process_, SIGKILL);
  }
  /// Waits for its end; true if its test passed.
  bool wait() {
    if (process_ <= 0) return passed_;
    int status = 0;
    waitpid(process_, &status, 0);
    process_ = 0;
    return passed_ = WIFEXITED(status) && WEXITSTATUS(status) == 0;
  }

  /// In the child: what it was given.
  static std::string argument() {
    const char* given = getenv("OCTAVO_CHILD");
    return given ? given : "";
  }

 private:
  pid_t process_ = 0;
  bool passed_ = false;
};

}  // namespace octavo
