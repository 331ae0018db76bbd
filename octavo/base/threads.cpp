#include "octavo/base/threads.h"

#include <algorithm>
#include <cstdlib>
#include <thread>

#ifdef _OPENMP
#include <omp.h>
#endif

namespace octavo {
namespace {

int default_threads() {
  if (const char* wanted = std::getenv("OMP_NUM_THREADS"))
    if (const int count = std::atoi(wanted); count > 0) return count;
  return std::max(1u, std::thread::hardware_concurrency());
}

int& current_threads() {
  static int count = default_threads();
  return count;
}

}  // namespace

int threads() { return current_threads(); }

void set_threads(int count) { current_threads() = std::max(1, count); }

int thread_index() {
#ifdef _OPENMP
  return omp_get_thread_num();
#else
  return 0;
#endif
}

}  // namespace octavo
