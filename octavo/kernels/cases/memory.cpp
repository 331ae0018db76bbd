#include "octavo/kernels/cases/memory.h"

#include <fmt/format.h>

#include <cstring>

#include "octavo/base/random.h"
#include "octavo/kernels/element.h"

namespace octavo {
namespace {

constexpr size_t kGuard = 256;  // bytes on either side: four vectors of the widest kind
constexpr std::byte kAround{0xFF};

}  // namespace

Array CaseMemory::place(DataType type, int64_t rows, int64_t columns, Placement placement) {
  const int64_t stride = columns + placement.gap;
  const size_t bytes = static_cast<size_t>(rows * stride + placement.offset) * size_of(type);
  Block& block = blocks_.emplace_back();
  block.memory.assign(bytes + 2 * kGuard + 64, kAround);
  const auto address = reinterpret_cast<uintptr_t>(block.memory.data()) + kGuard;
  const size_t to_boundary = (64 - address % 64) % 64;
  block.data = block.memory.data() + kGuard + to_boundary +
               static_cast<size_t>(placement.offset) * size_of(type);
  block.original = block.memory;
  return {block.data, type, rows, columns, stride};
}

Array CaseMemory::numbers(DataType type, int64_t rows, int64_t columns, double low, double high) {
  const Array array = place(type, rows, columns, placement_);
  const RandomStream random{0, stream_of("kernel cases"), static_cast<uint32_t>(blocks_.size())};
  std::array<uint32_t, 4> words{};
  for (int64_t r = 0; r < rows; ++r)
    for (int64_t c = 0; c < columns; ++c) {
      const auto index = static_cast<uint64_t>(r * columns + c);
      if (index % 4 == 0) words = random.bits(index / 4);
      set(array, r, c, low + (high - low) * 0x1p-32 * words[index % 4]);
    }
  last().original = last().memory;
  return array;
}

Array CaseMemory::columns_of(const Array& array, int64_t first, int64_t count) {
  Array part = array;
  part.data =
      static_cast<std::byte*>(array.data) + static_cast<size_t>(first) * size_of(array.type);
  part.columns = count;
  return part;
}

Array CaseMemory::rows_of(const Array& array, int64_t first, int64_t count) {
  Array part = array;
  part.data = static_cast<std::byte*>(array.data) +
              static_cast<size_t>(first * array.stride) * size_of(array.type);
  part.rows = count;
  return part;
}

Array CaseMemory::indices(int64_t count, int64_t bound) {
  return numbers(DataType::i32, 1, count, 0, static_cast<double>(bound));
}

Array CaseMemory::scratch(DataType type, int64_t rows, int64_t columns) {
  const Array array = place(type, rows, columns, {placement_.offset, 0});
  last().scratch = array;
  return array;
}

void* CaseMemory::scratch(size_t bytes) {
  const Array array = place(DataType::u8, 1, static_cast<int64_t>(bytes), {});
  last().scratch = array;
  return array.data;
}

void CaseMemory::reset() {
  for (Block& block : blocks_)
    if (!block.scratch)
      std::memcpy(block.memory.data(), block.original.data(), block.memory.size());
}

void CaseMemory::keep() {
  for (Block& block : blocks_) block.original = block.memory;
}

std::string CaseMemory::damage(std::span<const Array> outputs) const {
  for (size_t number = 0; number < blocks_.size(); ++number) {
    const Block& block = blocks_[number];
    // What the block may look like: its original with what was to be written.
    std::vector<std::byte> expected = block.original;
    const auto allow = [&](const Array& array) {
      const auto* data = static_cast<const std::byte*>(array.data);
      if (data < block.memory.data() || data >= block.memory.data() + block.memory.size()) return;
      const auto start = static_cast<size_t>(data - block.memory.data());
      const size_t size = size_of(array.type);
      for (int64_t r = 0; r < array.rows; ++r) {
        const size_t at = start + static_cast<size_t>(r * array.stride) * size;
        std::memcpy(expected.data() + at, block.memory.data() + at,
                    static_cast<size_t>(array.columns) * size);
      }
    };
    for (const Array& output : outputs) allow(output);
    if (block.scratch) allow(block.scratch);
    for (size_t i = 0; i < expected.size(); ++i)
      if (expected[i] != block.memory[i])
        return fmt::format("byte {} of array {}, which is no output's, was written",
                           static_cast<ptrdiff_t>(i) - (block.data - block.memory.data()), number);
  }
  return {};
}

}  // namespace octavo
