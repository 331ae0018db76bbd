// Operations to try: one declaration each, from which come the checks and the benchmark.
//
// A declaration says how to build an operation of given sizes on random memory.
// Four things are made of it: the comparison with the reference, the sweep over odd sizes and
// misplaced memory, the proof that a row's numbers depend on nothing but the row (all three in
// tests/kernels/cases_test.cpp), and `octavo bench kernels` (benchmark.h).
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "octavo/kernels/cases/memory.h"
#include "octavo/kernels/cost.h"

namespace octavo {

/// What the three numbers mean is the operation's: rows × columns, and for products the inner size,
/// for attention T = rows, head size = columns, heads = inner.
struct CaseSizes {
  int64_t rows = 1, columns = 1, inner = 1;
};

/// An operation with its memory, ready to run on any implementation.
class KernelCase {
 public:
  virtual ~KernelCase() = default;

  /// Gets what depends on the implementation: packed matrices, scratch. Once, before `run`.
  virtual void prepare(const Kernels& kernels) = 0;
  virtual void run(const Kernels& kernels) const = 0;
  /// Only these rows of the operation, written to where `run` writes them.
  virtual void run_rows(const Kernels& kernels, int64_t begin, int64_t end) const = 0;

  virtual std::vector<Array> outputs() const = 0;
  /// The bytes of all outputs, or of those that `run_rows` makes row by row.
  enum class Which { all, by_rows };
  virtual std::vector<std::byte> output_bytes(Which which) const = 0;

  virtual void reset() = 0;
  /// See CaseMemory::damage.
  virtual std::string damage() const = 0;
  virtual Cost cost() const = 0;
};

struct CaseDeclaration {
  std::string name;  ///< the operation's, and the variant's: "product gelu_tanh"
  /// `type` is T, that of activations.
  std::function<std::unique_ptr<KernelCase>(CaseSizes, DataType type, Placement)> make;
  std::vector<CaseSizes> odd_sizes;
  CaseSizes typical = {};  ///< GPT-2 124M's, 1,024 tokens: for the benchmark; rows = 0: not in it
  CaseSizes divided = {};  ///< to run by parts; rows = 0: the rows are not independent
  CaseSizes long_context = {0, 0, 0};  ///< typical at 8,192 tokens; rows = 0: not in the benchmark
};

/// All of them, in the order of kernels.h.
const std::vector<CaseDeclaration>& kernel_cases();

}  // namespace octavo
