#include "octavo/ops/quantize.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <vector>

#include "octavo/base/error.h"
#include "octavo/base/threads.h"
#include "octavo/device/quantized_blocks.h"
#include "octavo/kernels/quantized/codec.h"
#include "octavo/ops/numbers.h"

namespace octavo {
namespace {

// Rows are whole blocks, so a tensor is one run of blocks; it is cut into pieces of whole blocks.
constexpr int64_t kPiece = 16 * 1024;

// Numbers [first, first + count) of a dense tensor, as one row.
Tensor piece_of(const Tensor& x, int64_t first, int64_t count) {
  return x.reshaped({x.elements()}).slice(first, count);
}

template <class Use>
void for_each_piece(int64_t elements, const Use& use) {
  parallel_for((elements + kPiece - 1) / kPiece, [&](int64_t piece) {
    use(piece * kPiece, std::min(kPiece, elements - piece * kPiece));
  });
}

// The first number of a piece that the type cannot hold, or nowhere.
constexpr int64_t kNowhere = std::numeric_limits<int64_t>::max();
int64_t first_beyond(std::span<const float> numbers, float largest) {
  const auto beyond = std::ranges::find_if_not(
      numbers, [&](float number) { return std::abs(number) <= largest; });  // nor is a NaN
  return beyond == numbers.end() ? kNowhere : beyond - numbers.begin();
}

bool is_finite(f16 number) { return (number.bits & 0x7C00) != 0x7C00; }

template <class Block>
bool finite_in(const Tensor& tensor) {
  const auto blocks = tensor.as<const Block>();
  constexpr size_t kBlocks = 4096;
  std::atomic<bool> finite = true;
  parallel_for(static_cast<int64_t>((blocks.size() + kBlocks - 1) / kBlocks), [&](int64_t piece) {
    const auto first = static_cast<size_t>(piece) * kBlocks;
    bool all = true;
    for (const Block& block : blocks.subspan(first, std::min(kBlocks, blocks.size() - first))) {
      all &= is_finite(block.scale);
      if constexpr (requires { block.minimum; }) all &= is_finite(block.minimum);
    }
    if (!all) finite = false;
  });
  return finite;
}

}  // namespace

Tensor quantize(const Tensor& x, DataType type) {
  require(ErrorKind::usage, !is_quantized(type) || can_encode(type),
          "[quantize] {} can be read but not written", name_of(type));
  require(holds_rows_of(type, x.columns()),
          "[quantize] rows of {} numbers are no whole blocks of {}", x.columns(), name_of(type));
  require(!is_quantized(x.type()), "[quantize] these numbers are quantized already, as {}",
          name_of(x.type()));
  Tensor out(x.shape(), type);
  if (out.data() == nullptr || x.data() == nullptr) return out;

  const bool as_f16 = is_quantized(type) || type == DataType::f16;  // its scales are f16
  const float largest = as_f16 ? 65504.0f : std::numeric_limits<float>::max();
  std::atomic<int64_t> bad = kNowhere;
  for_each_piece(x.elements(), [&](int64_t first, int64_t count) {
    const Tensor given = piece_of(x, first, count);
    const Tensor piece = given.type() == DataType::f32 ? given : cast(given, DataType::f32);
    const auto numbers = piece.as<float>();
    if (const int64_t at = first_beyond(numbers, largest); at != kNowhere) {
      int64_t seen = bad;
      while (first + at < seen && !bad.compare_exchange_weak(seen, first + at)) continue;
    } else if (is_quantized(type)) {
      encode_row(type, numbers.data(), count, piece_of(out, first, count).data());
    } else {
      copy(piece, piece_of(out, first, count));
    }
  });
  if (bad != kNowhere)
    fail(ErrorKind::data, "[quantize] row {}, column {} is {}, which {} cannot hold",
         bad / x.columns(), bad % x.columns(),
         cast(piece_of(x, bad, 1), DataType::f32).as<float>()[0], name_of(type));
  return out;
}

Tensor dequantize(const Tensor& x) {
  if (!is_quantized(x.type())) return cast(x, DataType::f32);
  Tensor out(x.shape(), DataType::f32);
  if (out.data() == nullptr || x.data() == nullptr) return out;
  for_each_piece(x.elements(), [&](int64_t first, int64_t count) {
    decode_row(x.type(), piece_of(x, first, count).data(), count, out.as<float>().data() + first);
  });
  return out;
}

bool scales_are_finite(const Tensor& blocks) {
  switch (blocks.type()) {
    case DataType::q8_0:
      return finite_in<BlockQ8_0>(blocks);
    case DataType::q4_0:
      return finite_in<BlockQ4_0>(blocks);
    case DataType::q4_1:
      return finite_in<BlockQ4_1>(blocks);
    case DataType::q5_0:
      return finite_in<BlockQ5_0>(blocks);
    case DataType::q5_1:
      return finite_in<BlockQ5_1>(blocks);
    case DataType::q2_k:
      return finite_in<BlockQ2K>(blocks);
    case DataType::q3_k:
      return finite_in<BlockQ3K>(blocks);
    case DataType::q4_k:
      return finite_in<BlockQ4K>(blocks);
    case DataType::q5_k:
      return finite_in<BlockQ5K>(blocks);
    case DataType::q6_k:
      return finite_in<BlockQ6K>(blocks);
    default:
      fail(ErrorKind::internal, "[quantize] {} is not quantized", name_of(blocks.type()));
  }
}

DataType type_for_rows(DataType wanted, int64_t columns) {
  if (holds_rows_of(wanted, columns)) return wanted;
  const auto smaller = [&] {
    switch (wanted) {
      case DataType::q4_k:
        return DataType::q5_0;
      case DataType::q5_k:
        return DataType::q5_1;
      case DataType::q6_k:
        return DataType::q8_0;
      default:
        return DataType::f16;
    }
  }();
  return holds_rows_of(smaller, columns) ? smaller : DataType::f16;
}

}  // namespace octavo
