#include "octavo/base/threads.h"

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <memory>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace octavo {
namespace {

constexpr int kMostThreads = 4096;

/// Cores that this process may run on: a container or taskset may give fewer than there are.
int cores() {
  static const int count = [] {
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0) return std::max(1, CPU_COUNT(&set));
    return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  }();
  return count;
}

int default_threads() {
  if (const char* wanted = std::getenv("OMP_NUM_THREADS"))
    if (const int count = std::atoi(wanted); count > 0) return std::min(count, kMostThreads);
  return cores();
}

std::atomic<int>& current_threads() {
  static std::atomic<int> count = default_threads();
  return count;
}

constexpr int kOutside = -1;
thread_local int index_in_team = kOutside;

/// Of a worker. `asleep` and `awaited` say that the other side sleeps and must be woken; the common
/// case, both awake, needs no help of the system. A call that the worker has not taken up when all
/// tasks are done is taken back: nobody waits for a thread that the machine has not run yet.
enum State : int { idle, asleep, called, working, awaited };

/// What is fetched by threads that wait, some lines at a time.
class Ahead {
 public:
  void set(const void* data, size_t bytes) {
    const auto begin = reinterpret_cast<uintptr_t>(data);
    next_.store(begin, std::memory_order_relaxed);
    end_.store(begin + bytes, std::memory_order_relaxed);
  }
  void fetch_some() {
    constexpr uintptr_t kBytes = 1024, kLine = 64;
    if (next_.load(std::memory_order_relaxed) >= end_.load(std::memory_order_relaxed)) return;
    const uintptr_t begin = next_.fetch_add(kBytes, std::memory_order_relaxed);
    for (uintptr_t line = begin; line < begin + kBytes; line += kLine)
      __builtin_prefetch(reinterpret_cast<const void*>(line), 0, 2);
  }

 private:
  alignas(64) std::atomic<uintptr_t> next_ = 0;
  std::atomic<uintptr_t> end_ = 0;
};

Ahead ahead;

/// Waits until `state` is no longer `value`: awake for the length of a pause between two kernels,
/// if every thread can have a core, then asleep, having said so by `sleeping`.
void await_change(std::atomic<int>& state, int value, int sleeping, bool awake) {
  constexpr auto kAwake = std::chrono::microseconds(200);
  if (awake) {
    const auto end = std::chrono::steady_clock::now() + kAwake;
    do {
      for (int i = 0; i < 64; ++i) {
        if (state.load(std::memory_order_acquire) != value) return;
        ahead.fetch_some();
#ifdef __x86_64__
        __builtin_ia32_pause();
#endif
      }
    } while (std::chrono::steady_clock::now() < end);
  }
  if (state.compare_exchange_strong(value, sleeping)) state.wait(sleeping);
}

/// Changes `state`, and wakes the other side if it had gone to sleep saying `sleeping`.
void change(std::atomic<int>& state, int value, int sleeping) {
  if (state.exchange(value) == sleeping) state.notify_one();
}

class Team {
 public:
  void run(int64_t tasks, detail::TaskFunction call, const void* task, Sharing sharing) {
    const int others = static_cast<int>(std::min<int64_t>(tasks, threads())) - 1;
    hire(others);
    const size_t team = std::min(workers_.size(), static_cast<size_t>(others));
    const int parts =
        sharing == Sharing::turns ? 1 : static_cast<int>(std::min<size_t>(team + 1, kMostParts));
    for (int part = 0; part < parts; ++part) {
      parts_[part].next.store(tasks * part / parts, std::memory_order_relaxed);
      parts_[part].end = tasks * (part + 1) / parts;
    }
    job_ = {parts, call, task};
    awake_ = others < cores();
    for (size_t i = 0; i < team; ++i) {
      change(workers_[i]->state, called, asleep);
    }
    work(0);
    for (size_t i = 0; i < team; ++i) {
      std::atomic<int>& state = workers_[i]->state;
      int expected = called;
      if (!state.compare_exchange_strong(expected, idle))
        await_change(state, working, awaited, awake_);
    }
    if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
  }

  std::mutex busy;

 private:
  struct alignas(64) Worker {
    std::atomic<int> state = idle;
  };
  /// A run of neighbouring tasks. Whoever is done with one helps at the next.
  struct alignas(64) Part {
    std::atomic<int64_t> next = 0;
    int64_t end = 0;
  };
  static constexpr int kMostParts = 64;  // all look through all; beyond, threads share them
  struct Job {
    int parts;
    detail::TaskFunction call;
    const void* task;
  };

  /// As many workers as the system gives, up to `count`.
  void hire(int count) {
    workers_.reserve(static_cast<size_t>(count));  // so that a started worker has its place
    while (static_cast<int>(workers_.size()) < count) {
      auto worker = std::make_unique<Worker>();
      const int index = static_cast<int>(workers_.size()) + 1;
      try {
        std::thread([this, index, &state = worker->state] { serve(index, state); }).detach();
      } catch (const std::system_error&) {
        return;
      }
      workers_.push_back(std::move(worker));
    }
  }

  void serve(int index, std::atomic<int>& state) {
    for (;;) {
      await_change(state, idle, asleep, awake_);
      int expected = called;
      if (!state.compare_exchange_strong(expected, working)) continue;
      work(index);
      change(state, idle, awaited);
    }
  }

  /// The caller begins with the last run, the others with those before it: they waited for work and
  /// have fetched what the first tasks read.
  void work(int index) {
    index_in_team = index;
    for (int k = 0; k < job_.parts; ++k) work_at(parts_[(index + job_.parts - 1 + k) % job_.parts]);
    index_in_team = kOutside;
  }

  void work_at(Part& part) {
    while (part.next.load(std::memory_order_relaxed) < part.end) {
      const int64_t i = part.next.fetch_add(1, std::memory_order_relaxed);
      if (i >= part.end) return;
      try {
        job_.call(job_.task, i);
      } catch (...) {
        std::lock_guard lock(failing_);
        if (!failure_) failure_ = std::current_exception();
        for (Part& other : parts_) other.next = other.end;  // what has not begun need not begin
      }
    }
  }

  std::vector<std::unique_ptr<Worker>> workers_;
  Job job_{};
  Part parts_[kMostParts];
  alignas(64) std::atomic<bool> awake_ = false;
  std::mutex failing_;
  std::exception_ptr failure_;
};

}  // namespace

int threads() { return current_threads().load(std::memory_order_relaxed); }

void set_threads(int count) { current_threads() = std::clamp(count, 1, kMostThreads); }

int thread_index() { return std::max(0, index_in_team); }

void fetch_while_waiting(const void* data, size_t bytes) { ahead.set(data, bytes); }

namespace detail {

void run_parallel(int64_t tasks, TaskFunction call, const void* task, Sharing sharing) {
  // Never destroyed: its threads sleep until the process ends.
  static Team* const team = new Team;
  if (index_in_team == kOutside) {
    if (const std::unique_lock lock(team->busy, std::try_to_lock); lock)
      return team->run(tasks, call, task, sharing);
  }
  for (int64_t i = 0; i < tasks; ++i) call(task, i);
}

}  // namespace detail
}  // namespace octavo
