// Threads: a parallel loop over numbered tasks.
//
// Which thread runs a task, and in which order, is not fixed; so a task may write only what is its
// own, and whoever sums the results of tasks does it afterwards, in the order of their numbers.
// That is how results come out the same to the bit for any number of threads (DESIGN, "Order of
// sums"). The team is our own rather than OpenMP's, because it waits for work with its eyes open
// only as long as the pause between two kernels, then sleeps: beside another program a training
// run keeps its pace (docs/notebook.md has the figures). Tested by tests/base/threads_test.cpp.
#pragma once

#include <cstddef>
#include <cstdint>

namespace octavo {

/// The number of threads that parallel_for uses: `set_threads`, else OMP_NUM_THREADS, else all
/// cores.
int threads();
void set_threads(int count);

/// The calling thread's number inside parallel_for: 0 … threads() − 1.
int thread_index();

/// Says what will probably be read by whoever gets the next work: threads that wait for it bring it
/// into their caches meanwhile. A hint: nothing is read that must be there.
void fetch_while_waiting(const void* data, size_t bytes);

/// Which tasks a thread begins with. Whoever is done helps the others: only speed depends on it.
enum class Sharing {
  runs,   ///< a run of neighbours each: memory is read and written as its fetching expects
  turns,  ///< neighbours in turn: what they read together stays in a cache that threads share
};

namespace detail {
using TaskFunction = void (*)(const void* task, int64_t i);
void run_parallel(int64_t tasks, TaskFunction call, const void* task, Sharing sharing);
}  // namespace detail

/// Calls task(i) for i in [0, tasks), spread over the threads. The first exception is rethrown.
/// Inside a task, or while another thread's loop has the team, it runs on the caller alone.
template <class Task>
void parallel_for(int64_t tasks, const Task& task, Sharing sharing = Sharing::runs) {
  if (tasks <= 1 || threads() <= 1) {
    for (int64_t i = 0; i < tasks; ++i) task(i);
    return;
  }
  detail::run_parallel(
      tasks, [](const void* t, int64_t i) { (*static_cast<const Task*>(t))(i); }, &task, sharing);
}

}  // namespace octavo
