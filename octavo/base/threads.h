// Threads: a parallel loop over numbered tasks.
//
// Which thread runs a task, and in which order, is not fixed; so a task may write only what is its
// own, and whoever sums the results of tasks does it afterwards, in the order of their numbers.
// That is how results come out the same to the bit for any number of threads (DESIGN, "Order of
// sums"). Built on OpenMP; without it the loop runs on the caller's thread. Tested by
// tests/base/threads_test.cpp.
#pragma once

#include <cstdint>
#include <exception>

namespace octavo {

/// The number of threads that parallel_for uses: `set_threads`, else OMP_NUM_THREADS, else all
/// cores.
int threads();
void set_threads(int count);

/// The calling thread's number inside parallel_for: 0 … threads() − 1.
int thread_index();

/// Calls task(i) for i in [0, tasks), spread over the threads. The first exception is rethrown.
template <class Task>
void parallel_for(int64_t tasks, const Task& task) {
  const int team = tasks < threads() ? static_cast<int>(tasks) : threads();
  if (team <= 1) {
    for (int64_t i = 0; i < tasks; ++i) task(i);
    return;
  }
  std::exception_ptr failure;
#pragma omp parallel for schedule(dynamic) num_threads(team)
  for (int64_t i = 0; i < tasks; ++i) {
    try {
      task(i);
    } catch (...) {
#pragma omp critical(octavo_parallel_for)
      if (!failure) failure = std::current_exception();
    }
  }
  if (failure) std::rethrow_exception(failure);
}

}  // namespace octavo
