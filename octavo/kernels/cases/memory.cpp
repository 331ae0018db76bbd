#include "octavo/kernels/cases/memory.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstring>

#include "octavo/base/random.h"
#include "octavo/device/quantized_blocks.h"
#include "octavo/kernels/element.h"
#include "octavo/kernels/quantized/codec.h"

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

namespace {

/// Where the f16 scales of a block lie.
std::vector<size_t> scales_in(DataType type) {
  switch (type) {
    case DataType::q4_1:
    case DataType::q5_1:
    case DataType::q4_k:
    case DataType::q5_k:
      return {0, 2};
    case DataType::q2_k:
      return {offsetof(BlockQ2K, scale), offsetof(BlockQ2K, minimum)};
    case DataType::q3_k:
      return {offsetof(BlockQ3K, scale)};
    case DataType::q6_k:
      return {offsetof(BlockQ6K, scale)};
    default:
      return {0};
  }
}

/// The largest number that a block of scale 1 holds.
float reach_of(DataType type) {
  std::vector<std::byte> block(static_cast<size_t>(block_of(type).bytes), std::byte{0xFF});
  for (const size_t at : scales_in(type)) {
    const f16 one(at == scales_in(type)[0] ? 1.0f : 0.0f);
    std::memcpy(block.data() + at, &one, sizeof one);
  }
  std::vector<float> numbers(static_cast<size_t>(block_of(type).numbers));
  decode_row(type, block.data(), block_of(type).numbers, numbers.data());
  float reach = 0;
  for (const float x : numbers) reach = std::max(reach, std::abs(x));
  return reach;
}

}  // namespace

QuantizedMatrix CaseMemory::blocks(DataType type, int64_t rows, int64_t columns) {
  const int64_t bytes = row_bytes(type, columns);
  const Array array = place(DataType::u8, rows, bytes, {2 * placement_.offset, 0});
  const RandomStream random{1, stream_of("kernel cases"), static_cast<uint32_t>(blocks_.size())};
  auto* at = static_cast<std::byte*>(array.data);
  for (int64_t i = 0; i < rows * bytes; ++i)
    at[i] = static_cast<std::byte>(random.bits(static_cast<uint64_t>(i))[0] >> 13);
  const auto size = static_cast<size_t>(block_of(type).bytes);
  const float unit = 1 / std::max(reach_of(type), 1.0f);
  for (size_t block = 0; block < static_cast<size_t>(rows * bytes) / size; ++block)
    for (const size_t scale : scales_in(type)) {
      const uint32_t word = random.bits(~uint64_t{block})[scale % 4];
      const f16 number((0.5f + 0x1p-33f * static_cast<float>(word)) * (word % 2 ? unit : -unit));
      std::memcpy(at + block * size + scale, &number, sizeof number);
    }
  last().original = last().memory;
  return {array.data, type, rows, columns};
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
