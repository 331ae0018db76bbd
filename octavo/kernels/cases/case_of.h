// The case of one operation: what a declaration fills in, and what is the same for all of them.
#pragma once

#include <algorithm>
#include <type_traits>

#include "octavo/kernels/cases/cases.h"

namespace octavo {

/// Rows [begin, end) of an array that has a row for each of the operation's rows, or the same of a
/// list of numbers, one for each; other arrays are left as they are.
template <class AnyArray>
bool take_rows(AnyArray& array, int64_t rows, int64_t begin, int64_t end) {
  if (!array || (array.rows != rows && (array.rows != 1 || array.columns != rows))) return false;
  using Byte = std::conditional_t<std::is_same_v<AnyArray, Array>, std::byte, const std::byte>;
  const bool list = array.rows != rows;
  array.data = static_cast<Byte*>(array.data) +
               static_cast<size_t>(begin * (list ? 1 : array.stride)) * size_of(array.type);
  (list ? array.columns : array.rows) = end - begin;
  return true;
}

template <class Operation>
class CaseOf final : public KernelCase {
 public:
  using Function = void (Kernels::*)(const Operation&) const;

  CaseOf(Function function, CaseSizes sizes, DataType type, Placement placement)
      : rows(sizes.rows),
        columns(sizes.columns),
        inner(sizes.inner),
        type(type),
        memory(placement),
        function_(function) {}

  // What declarations work with.
  const int64_t rows, columns, inner;
  const DataType type;
  CaseMemory memory;
  Operation operation;
  std::vector<AttentionSequence> sequences;    ///< attention's
  bool keeps = false;                          ///< their keys and values, in the kernels' layout
  std::vector<AttentionGradient> gradients;    ///< attention_backward's
  std::vector<std::vector<int32_t>> segments;  ///< attention's

  /// `matrix` will be `pack`, packed by whoever runs the case.
  void use_packed(PackedMatrix Operation::*matrix, ConstArray source, MatrixOrder order) {
    const Pack pack{source, order, type, nullptr};
    packs_.push_back({matrix, pack});
    operation.*matrix = {nullptr, type, pack.k(), pack.n()};
  }

  void prepare(const Kernels& kernels) override {
    for (auto& [matrix, pack] : packs_) {
      pack.packed = memory.scratch(kernels.packed_bytes(pack.k(), pack.n(), pack.type));
      kernels.pack(pack);
      (operation.*matrix).data = pack.packed;
    }
    if constexpr (std::is_same_v<Operation, QuantizedProduct>)
      operation.scratch = memory.scratch(kernels.quantized_product_scratch(operation));
    if (keeps)
      for (AttentionSequence& s : sequences) keep_key_values(kernels, s);
    if constexpr (std::is_same_v<Operation, AttentionBackward>) {
      operation.scratch = memory.scratch(kernels.attention_backward_scratch(operation.forward));
      // What the backward pass reads of the forward pass.
      kernels.attention(operation.forward);
      memory.keep();
    }
  }

  void run(const Kernels& kernels) const override { (kernels.*function_)(operation); }

  void run_rows(const Kernels& kernels, int64_t begin, int64_t end) const override {
    Operation part = operation;
    if constexpr (std::is_same_v<Operation, Attention>) {
      std::vector<AttentionSequence> parts;
      for (const AttentionSequence& s : sequences)
        if (begin < s.q.rows) parts.push_back(queries_of(s, begin, std::min(end, s.q.rows)));
      part.sequences = parts;
      (kernels.*function_)(part);
    } else {
      part.arrays([&](auto& array) { take_rows(array, rows, begin, end); });
      if constexpr (std::is_same_v<Operation, Dropout>)
        part.first += static_cast<uint64_t>(begin * columns);
      (kernels.*function_)(part);
    }
  }

  std::vector<Array> outputs() const override {
    std::vector<Array> outputs;
    Operation copy = operation;
    copy.arrays([&](auto& array) {
      if constexpr (std::is_same_v<decltype(array), Array&>)
        if (array) outputs.push_back(array);
    });
    return outputs;
  }

  std::vector<std::byte> output_bytes(Which which) const override {
    std::vector<std::byte> bytes;
    for (Array array : outputs()) {
      const bool by_rows = std::is_same_v<Operation, Attention> || take_rows(array, rows, 0, rows);
      if (which == Which::by_rows && !by_rows) continue;
      for (int64_t r = 0; r < array.rows; ++r) {
        const std::byte* row = static_cast<const std::byte*>(array.data) +
                               static_cast<size_t>(r * array.stride) * size_of(array.type);
        bytes.insert(bytes.end(), row,
                     row + static_cast<size_t>(array.columns) * size_of(array.type));
      }
    }
    return bytes;
  }

  void reset() override { memory.reset(); }
  std::string damage() const override { return memory.damage(outputs()); }
  Cost cost() const override { return cost_of(operation); }

 private:
  void keep_key_values(const Kernels& kernels, AttentionSequence& s) {
    s.kept = {.type = type, .heads = inner, .head_size = columns, .capacity = s.k.rows};
    s.kept.data = memory.scratch(kernels.key_value_bytes(s.kept));
    const ConstArray& k = s.k;
    AttentionSequence all{.q = k, .k = k, .v = s.v, .kept = s.kept};
    all.out = {memory.scratch(static_cast<size_t>(k.rows * k.columns) * size_of(type)), type,
               k.rows, k.columns, k.columns};
    kernels.attention({.heads = inner, .head_size = columns, .sequences = {&all, 1}});
    s.k = s.v = {};
  }

  /// Some queries of a sequence, with the keys there are when they come: with a mask that looks
  /// back, those before them; else all.
  AttentionSequence queries_of(AttentionSequence s, int64_t begin, int64_t end) const {
    const int64_t queries = s.q.rows;
    take_rows(s.q, queries, begin, end);
    take_rows(s.out, queries, begin, end);
    if (s.log_sum) s.log_sum = CaseMemory::columns_of(s.log_sum, begin, end - begin);
    s.first += begin;
    if constexpr (std::is_same_v<Operation, Attention>)
      if (operation.mask.kind == AttentionMask::Kind::causal ||
          operation.mask.kind == AttentionMask::Kind::banded)
        s.k.rows = s.v.rows = s.first + end - begin;
    return s;
  }

  Function function_;
  std::vector<std::pair<PackedMatrix Operation::*, Pack>> packs_;
};

}  // namespace octavo
