// Memory: blocks of bytes that count themselves, and runs that only pretend.
//
// Every tensor's bytes come from here, so the peak is known. A freed block is kept and handed out
// again for the same size or a little less: a training step repeats its requests, so from the
// second step on nothing is asked of the system. What is kept never outgrows what was once in use.
// Inside a `PlannedMemory` scope the same requests are counted
// but nothing is backed: a training step run on the `planned` kernels in such a scope gives the
// peak of the real one exactly, for a model of any size (`octavo train --dry-run`).
// Tested by tests/device/memory_test.cpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

namespace octavo {

/// Bytes of CPU memory, 64-byte aligned (2 MiB, on huge pages, when large). Not initialised.
class Buffer {
 public:
  explicit Buffer(size_t bytes);
  ~Buffer();
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;

  /// Null when the buffer was made inside a PlannedMemory scope.
  std::byte* data() const { return data_; }
  size_t bytes() const { return bytes_; }

 private:
  std::byte* data_;
  size_t bytes_;
  size_t block_bytes_;  // of the block, which may be somewhat larger
  bool planned_;
};

struct MemoryUse {
  size_t current = 0;   ///< bytes in live buffers
  size_t reserved = 0;  ///< live and kept for reuse: what the system has given
  size_t peak = 0;      ///< the largest `reserved` so far
};

/// What all buffers of this process hold (inside a PlannedMemory scope: what its plan holds).
MemoryUse memory_use();

/// Gives the blocks kept for reuse back to the system.
void release_kept_memory();

/// While one lives, buffers are counted from zero but not backed. One at a time, on one thread.
class PlannedMemory {
 public:
  PlannedMemory();
  ~PlannedMemory();
  PlannedMemory(const PlannedMemory&) = delete;
  PlannedMemory& operator=(const PlannedMemory&) = delete;
};

/// True inside a PlannedMemory scope.
bool memory_is_planned();

}  // namespace octavo
