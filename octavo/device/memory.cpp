#include "octavo/device/memory.h"

#include <sys/mman.h>

#include <cstdlib>
#include <map>
#include <mutex>
#include <new>
#include <vector>

namespace octavo {
namespace {

constexpr size_t kHugePage = size_t{2} << 20;
// Above this a block starts on a huge page; TLB misses cost more than the rounding.
constexpr size_t kLarge = kHugePage;

size_t rounded(size_t bytes) {
  const size_t unit = bytes >= kLarge ? size_t{64} << 10 : 64;
  return (bytes + unit - 1) / unit * unit;
}

std::byte* allocate(size_t bytes) {
  void* block =
      std::aligned_alloc(bytes >= kLarge ? kHugePage : 64,
                         bytes >= kLarge ? (bytes + kHugePage - 1) / kHugePage * kHugePage : bytes);
  if (!block) throw std::bad_alloc();
  if (bytes >= kLarge) madvise(block, bytes / kHugePage * kHugePage, MADV_HUGEPAGE);
  return static_cast<std::byte*>(block);
}

// The same bookkeeping serves real and planned memory; only `backed` differs.
class Pool {
 public:
  explicit Pool(bool backed) : backed_(backed) {}
  ~Pool() { release(); }

  std::byte* take(size_t bytes) {
    std::lock_guard lock(mutex_);
    use_.current += bytes;
    auto kept = kept_.find(bytes);
    if (kept != kept_.end() && !kept->second.empty()) {
      std::byte* block = kept->second.back();
      kept->second.pop_back();
      return block;
    }
    std::byte* block = backed_ ? allocate(bytes) : nullptr;
    use_.reserved += bytes;
    if (use_.reserved > use_.peak) use_.peak = use_.reserved;
    return block;
  }

  void give(std::byte* block, size_t bytes) {
    std::lock_guard lock(mutex_);
    use_.current -= bytes;
    kept_[bytes].push_back(block);
  }

  void release() {
    std::lock_guard lock(mutex_);
    for (auto& [bytes, blocks] : kept_) {
      use_.reserved -= bytes * blocks.size();
      for (std::byte* block : blocks) std::free(block);
    }
    kept_.clear();
  }

  MemoryUse use() {
    std::lock_guard lock(mutex_);
    return use_;
  }

 private:
  const bool backed_;
  std::mutex mutex_;
  std::map<size_t, std::vector<std::byte*>> kept_;
  MemoryUse use_;
};

// Never destroyed: buffers may outlive main.
Pool& real_pool() {
  static Pool* pool = new Pool(true);
  return *pool;
}

Pool* planned_pool = nullptr;

}  // namespace

Buffer::Buffer(size_t bytes) : bytes_(rounded(bytes)), planned_(planned_pool != nullptr) {
  data_ = (planned_ ? *planned_pool : real_pool()).take(bytes_);
}

Buffer::~Buffer() {
  if (!planned_)
    real_pool().give(data_, bytes_);
  else if (planned_pool)
    planned_pool->give(data_, bytes_);
}

MemoryUse memory_use() { return (planned_pool ? *planned_pool : real_pool()).use(); }
void release_kept_memory() { real_pool().release(); }
bool memory_is_planned() { return planned_pool != nullptr; }

PlannedMemory::PlannedMemory() { planned_pool = new Pool(false); }
PlannedMemory::~PlannedMemory() {
  delete planned_pool;
  planned_pool = nullptr;
}

}  // namespace octavo
