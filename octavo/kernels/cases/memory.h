// Memory to try kernels on: arrays of random numbers, as badly placed as wanted, with NaN around.
//
// Every array has a block of its own. What surrounds its numbers (before, behind, and between rows)
// is filled with ones, which reads as NaN in every float type: a kernel that reads beyond an array
// spoils its result, and one that writes there is found by `damage`. Tested by tests/kernels.
#pragma once

#include <cstddef>
#include <deque>
#include <span>
#include <string>
#include <vector>

#include "octavo/kernels/kernels.h"

namespace octavo {

/// Where arrays lie. Packed matrices and untyped scratch are always aligned, as the contract says.
struct Placement {
  int64_t offset = 0;  ///< numbers from a 64-byte boundary to an array's first
  int64_t gap = 0;     ///< numbers between two rows
};

class CaseMemory {
 public:
  explicit CaseMemory(Placement placement) : placement_(placement) {}

  /// Numbers uniform in [low, high), the same for each run of the program.
  Array numbers(DataType type, int64_t rows, int64_t columns, double low = -1, double high = 1);
  /// Columns, or rows, [first, first + count) of an array.
  static Array columns_of(const Array& array, int64_t first, int64_t count);
  static Array rows_of(const Array& array, int64_t first, int64_t count);
  /// [1, count] i32, uniform in [0, bound).
  Array indices(int64_t count, int64_t bound);
  /// Random blocks of a quantized type, whose numbers are of about the size of 1.
  QuantizedMatrix blocks(DataType type, int64_t rows, int64_t columns);
  /// Memory that an operation may use as it likes.
  Array scratch(DataType type, int64_t rows, int64_t columns);
  void* scratch(size_t bytes);

  /// All numbers but scratch as they were when made, or at the last `keep`.
  void reset();
  void keep();

  /// What was written outside of `outputs` (and scratch), in words; empty if nothing.
  std::string damage(std::span<const Array> outputs) const;

 private:
  struct Block {
    std::vector<std::byte> memory;
    std::byte* data = nullptr;  ///< the first number
    std::vector<std::byte> original;
    Array scratch;  ///< set if the block is scratch
  };
  Array place(DataType type, int64_t rows, int64_t columns, Placement placement);
  Block& last() { return blocks_.back(); }

  Placement placement_;
  std::deque<Block> blocks_;
};

}  // namespace octavo
