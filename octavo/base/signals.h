// Signals: the first Ctrl-C (or SIGTERM, or the SIGHUP of a closed terminal) asks the job to stop
// at the next good moment, the second Ctrl-C kills it. The handler only sets a flag; the job polls
// it. Signals that a write sends are the program's to ignore: then the write fails with an errno,
// and a job that says "stopping" to a reader that is gone still saves. Tested by
// tests/base/signals_test.cpp.
#pragma once

#include <csignal>

namespace octavo {

/// For a program's main, not for libraries: writing to a pipe without a reader (SIGPIPE) or past
/// the largest file allowed (SIGXFSZ) is the error of that write, and no longer ends the process.
void ignore_signals_of_writes();

/// While it lives, SIGINT, SIGTERM and SIGHUP set a flag instead of ending the process. A SIGHUP
/// that was ignored (nohup) stays so. One at a time.
class InterruptGuard {
 public:
  InterruptGuard();
  ~InterruptGuard();
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;

  bool interrupted() const { return signal_number() != 0; }
  int signal_number() const;  ///< of the three, whichever came first; 0 for none

 private:
  struct sigaction old_interrupt_ {};
  struct sigaction old_terminate_ {};
  struct sigaction old_hang_up_ {};
};

}  // namespace octavo
