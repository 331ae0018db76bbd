#include "octavo/base/signals.h"

#include <unistd.h>

#include <atomic>
#include <cassert>

namespace octavo {
namespace {

std::atomic<int> received_signal{0};
std::atomic<bool> guarded{false};
static_assert(std::atomic<int>::is_always_lock_free, "the handler may only touch such a flag");

void handle_signal(int number) {
  int none = 0;
  if (received_signal.compare_exchange_strong(none, number) || number != SIGINT) return;
  // A second Ctrl-C: die of it, as the shell expects, once the handler returns.
  struct sigaction standard {};
  standard.sa_handler = SIG_DFL;
  ::sigaction(SIGINT, &standard, nullptr);
  ::kill(::getpid(), SIGINT);
}

}  // namespace

void ignore_signals_of_writes() {
  ::signal(SIGPIPE, SIG_IGN);
  ::signal(SIGXFSZ, SIG_IGN);
}

InterruptGuard::InterruptGuard() {
  [[maybe_unused]] const bool before = guarded.exchange(true);
  assert(!before);
  received_signal = 0;
  struct sigaction action {};
  action.sa_handler = handle_signal;
  action.sa_flags = SA_RESTART;
  ::sigemptyset(&action.sa_mask);
  ::sigaction(SIGINT, &action, &old_interrupt_);
  ::sigaction(SIGTERM, &action, &old_terminate_);
  ::sigaction(SIGHUP, nullptr, &old_hang_up_);
  if (old_hang_up_.sa_handler != SIG_IGN) ::sigaction(SIGHUP, &action, nullptr);
}

InterruptGuard::~InterruptGuard() {
  ::sigaction(SIGINT, &old_interrupt_, nullptr);
  ::sigaction(SIGTERM, &old_terminate_, nullptr);
  ::sigaction(SIGHUP, &old_hang_up_, nullptr);
  guarded = false;
}

int InterruptGuard::signal_number() const { return received_signal; }

}  // namespace octavo
