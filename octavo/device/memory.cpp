#include "octavo/device/memory.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <mutex>
#include <new>

namespace octavo {
namespace {

constexpr size_t kHugePage = size_t{2} << 20;
// Above this a block starts on a huge page; TLB misses cost more than the rounding.
constexpr size_t kLarge = kHugePage;
// A kept block serves a request that is smaller by up to a part in so many.
constexpr size_t kSlack = 4;
// Idle bytes not worth giving back.
constexpr size_t kSmallChange = size_t{64} << 20;

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

struct Block {
  std::byte* data;
  size_t bytes;
};

// The same bookkeeping serves real and planned memory; only `backed` differs.
class Pool {
 public:
  explicit Pool(bool backed) : backed_(backed) {}
  ~Pool() { release(); }

  Block take(size_t bytes) {
    std::lock_guard lock(mutex_);
    Block block{nullptr, bytes};
    const auto kept = kept_.lower_bound(bytes);
    if (kept != kept_.end() && kept->first <= bytes + bytes / kSlack) {
      block = {kept->second, kept->first};
      kept_.erase(kept);
    } else {
      // Sizes that never come again must not pile up: nothing idle beyond what was once in use.
      if (use_.reserved - use_.current > most_in_use_ + kSmallChange) release_kept();
      if (backed_) block.data = allocate(bytes);
      use_.reserved += bytes;
      use_.peak = std::max(use_.peak, use_.reserved);
    }
    use_.current += bytes;
    most_in_use_ = std::max(most_in_use_, use_.current);
    return block;
  }

  /// Takes back a block that `bytes` were asked of.
  void give(Block block, size_t bytes) {
    std::lock_guard lock(mutex_);
    use_.current -= bytes;
    kept_.emplace(block.bytes, block.data);
  }

  void release() {
    std::lock_guard lock(mutex_);
    release_kept();
  }

  MemoryUse use() {
    std::lock_guard lock(mutex_);
    return use_;
  }

 private:
  void release_kept() {
    for (const auto& [bytes, block] : kept_) {
      use_.reserved -= bytes;
      std::free(block);
    }
    kept_.clear();
  }

  const bool backed_;
  std::mutex mutex_;
  std::multimap<size_t, std::byte*> kept_;  // by size
  MemoryUse use_;
  size_t most_in_use_ = 0;
};

// Never destroyed: buffers may outlive main.
Pool& real_pool() {
  static Pool* pool = new Pool(true);
  return *pool;
}

Pool* planned_pool = nullptr;

}  // namespace

Buffer::Buffer(size_t bytes) : bytes_(rounded(bytes)), planned_(planned_pool != nullptr) {
  const Block block = (planned_ ? *planned_pool : real_pool()).take(bytes_);
  data_ = block.data, block_bytes_ = block.bytes;
}

Buffer::~Buffer() {
  if (!planned_)
    real_pool().give({data_, block_bytes_}, bytes_);
  else if (planned_pool)
    planned_pool->give({data_, block_bytes_}, bytes_);
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
