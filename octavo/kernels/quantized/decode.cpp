#include <cassert>

#include "octavo/device/quantized_blocks.h"
#include "octavo/kernels/quantized/codec.h"
#include "octavo/kernels/quantized/parts.h"

namespace octavo {
namespace {

int low_nibble(uint8_t byte) { return byte & 15; }
int high_nibble(uint8_t byte) { return byte >> 4; }
int bit(const uint8_t* bits, int i) { return bits[i / 8] >> (i % 8) & 1; }

void decode(const BlockQ8_0& block, float* x) {
  const float scale = block.scale;
  for (int i = 0; i < 32; ++i) x[i] = static_cast<float>(block.quants[i]) * scale;
}

void decode(const BlockQ4_0& block, float* x) {
  const float scale = block.scale;
  for (int j = 0; j < 16; ++j) {
    x[j] = static_cast<float>(low_nibble(block.quants[j]) - 8) * scale;
    x[j + 16] = static_cast<float>(high_nibble(block.quants[j]) - 8) * scale;
  }
}

void decode(const BlockQ4_1& block, float* x) {
  const float scale = block.scale, minimum = block.minimum;
  for (int j = 0; j < 16; ++j) {
    x[j] = static_cast<float>(low_nibble(block.quants[j])) * scale + minimum;
    x[j + 16] = static_cast<float>(high_nibble(block.quants[j])) * scale + minimum;
  }
}

void decode(const BlockQ5_0& block, float* x) {
  const float scale = block.scale;
  for (int j = 0; j < 16; ++j) {
    const int low = low_nibble(block.quants[j]) | bit(block.fifth_bits, j) << 4;
    const int high = high_nibble(block.quants[j]) | bit(block.fifth_bits, j + 16) << 4;
    x[j] = static_cast<float>(low - 16) * scale;
    x[j + 16] = static_cast<float>(high - 16) * scale;
  }
}

void decode(const BlockQ5_1& block, float* x) {
  const float scale = block.scale, minimum = block.minimum;
  for (int j = 0; j < 16; ++j) {
    const int low = low_nibble(block.quants[j]) | bit(block.fifth_bits, j) << 4;
    const int high = high_nibble(block.quants[j]) | bit(block.fifth_bits, j + 16) << 4;
    x[j] = static_cast<float>(low) * scale + minimum;
    x[j + 16] = static_cast<float>(high) * scale + minimum;
  }
}

void decode(const BlockQ2K& block, float* x) {
  const float block_scale = block.scale, block_minimum = block.minimum;
  for (int part = 0; part < 16; ++part) {
    const float scale = block_scale * static_cast<float>(low_nibble(block.parts[part]));
    const float minimum = block_minimum * static_cast<float>(high_nibble(block.parts[part]));
    for (int i = 16 * part; i < 16 * part + 16; ++i) {
      const int q = block.quants[32 * (i / 128) + i % 32] >> (2 * (i / 32 % 4)) & 3;
      x[i] = scale * static_cast<float>(q) - minimum;
    }
  }
}

void decode(const BlockQ3K& block, float* x) {
  const float block_scale = block.scale;
  for (int part = 0; part < 16; ++part) {
    const uint8_t nibbles = block.parts[part % 8];
    const int low = part < 8 ? low_nibble(nibbles) : high_nibble(nibbles);
    const int high = block.parts[8 + part % 4] >> (2 * (part / 4)) & 3;
    const float scale = block_scale * static_cast<float>((low | high << 4) - 32);
    for (int i = 16 * part; i < 16 * part + 16; ++i) {
      const int q = (block.quants[32 * (i / 128) + i % 32] >> (2 * (i / 32 % 4)) & 3) |
                    (block.third_bits[i % 32] >> (i / 32) & 1) << 2;
      x[i] = scale * static_cast<float>(q - 4);
    }
  }
}

void decode(const BlockQ4K& block, float* x) {
  const float block_scale = block.scale, block_minimum = block.minimum;
  for (int part = 0; part < 8; ++part) {
    const SixBits six = part_of(block.parts, part);
    const float scale = block_scale * static_cast<float>(six.scale);
    const float minimum = block_minimum * static_cast<float>(six.minimum);
    const uint8_t* quants = block.quants + 32 * (part / 2);
    for (int i = 0; i < 32; ++i) {
      const int q = part % 2 == 0 ? low_nibble(quants[i]) : high_nibble(quants[i]);
      x[32 * part + i] = scale * static_cast<float>(q) - minimum;
    }
  }
}

void decode(const BlockQ5K& block, float* x) {
  const float block_scale = block.scale, block_minimum = block.minimum;
  for (int part = 0; part < 8; ++part) {
    const SixBits six = part_of(block.parts, part);
    const float scale = block_scale * static_cast<float>(six.scale);
    const float minimum = block_minimum * static_cast<float>(six.minimum);
    const uint8_t* quants = block.quants + 32 * (part / 2);
    for (int i = 0; i < 32; ++i) {
      const int low = part % 2 == 0 ? low_nibble(quants[i]) : high_nibble(quants[i]);
      const int q = low | (block.fifth_bits[i] >> part & 1) << 4;
      x[32 * part + i] = scale * static_cast<float>(q) - minimum;
    }
  }
}

void decode(const BlockQ6K& block, float* x) {
  const float block_scale = block.scale;
  for (int part = 0; part < 16; ++part) {
    const float scale = block_scale * static_cast<float>(block.parts[part]);
    for (int i = 16 * part; i < 16 * part + 16; ++i) {
      const int half = i / 128, place = i % 128;
      const uint8_t nibbles = block.low_bits[64 * half + place % 64];
      const int low = place < 64 ? low_nibble(nibbles) : high_nibble(nibbles);
      const int high = block.high_bits[32 * half + place % 32] >> (2 * (place / 32)) & 3;
      x[i] = scale * static_cast<float>((low | high << 4) - 32);
    }
  }
}

template <class Block>
void decode_blocks(const void* blocks, int64_t columns, float* out) {
  const int64_t numbers = block_of(Block::kType).numbers;
  const auto* block = static_cast<const Block*>(blocks);
  for (int64_t first = 0; first < columns; first += numbers) decode(*block++, out + first);
}

}  // namespace

void decode_row(DataType type, const void* blocks, int64_t columns, float* out) {
  assert(is_quantized(type) && holds_rows_of(type, columns));
  switch (type) {
    case DataType::q8_0:
      return decode_blocks<BlockQ8_0>(blocks, columns, out);
    case DataType::q4_0:
      return decode_blocks<BlockQ4_0>(blocks, columns, out);
    case DataType::q4_1:
      return decode_blocks<BlockQ4_1>(blocks, columns, out);
    case DataType::q5_0:
      return decode_blocks<BlockQ5_0>(blocks, columns, out);
    case DataType::q5_1:
      return decode_blocks<BlockQ5_1>(blocks, columns, out);
    case DataType::q2_k:
      return decode_blocks<BlockQ2K>(blocks, columns, out);
    case DataType::q3_k:
      return decode_blocks<BlockQ3K>(blocks, columns, out);
    case DataType::q4_k:
      return decode_blocks<BlockQ4K>(blocks, columns, out);
    case DataType::q5_k:
      return decode_blocks<BlockQ5K>(blocks, columns, out);
    case DataType::q6_k:
      return decode_blocks<BlockQ6K>(blocks, columns, out);
    default:
      return;
  }
}

}  // namespace octavo
