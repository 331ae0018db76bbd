// Signals: the first Ctrl-C (or SIGTERM) asks the job to stop at the next good moment, the second
// Ctrl-C kills it. The handler only sets a flag; the job polls it. Tested by
// tests/base/signals_test.cpp.
#pragma once

#include <csignal>

namespace octavo {

/// While it lives, SIGINT and SIGTERM set a flag instead of ending the process. One at a time.
class InterruptGuard {
 public:
  InterruptGuard();
  ~InterruptGuard();
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;

  bool interrupted() const { return signal_number() != 0; }
  int signal_number() const;  ///< SIGINT or SIGTERM, whichever came first; 0 for none

 private:
  struct sigaction old_interrupt_ {};
  struct sigaction old_terminate_ {};
};

}  // namespace octavo
