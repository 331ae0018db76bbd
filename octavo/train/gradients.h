// Gradients of a step that is larger than what fits at once.
//
// A step is n micro-batches, and addition of floats is not associative; so the order of the sum is
// fixed by the recipe and by nothing else. Micro-batch m goes to leaf ⌊m · leaves / n⌋; within a
// leaf the gradients add in order; the leaves' sums are combined in a fixed binary tree over their
// numbers, empty ones skipped. A range of leaves that is a subtree can be summed anywhere (a rank
// of its own) and gives the same bits. Walked depth first, at most log₂(leaves) + 1 gradients of
// the whole model are alive. Tested by tests/train/gradients_test.cpp.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "octavo/ops/parameter.h"

namespace octavo {

/// How the micro-batches of a step are spread over the leaves.
struct LeafTree {
  int64_t leaves = 8;         ///< a power of two
  int64_t micro_batches = 1;  ///< in the whole step

  /// The first micro-batch of a leaf; leaf + 1's is where it ends.
  int64_t first_of(int64_t leaf) const;
  /// Gradients of the whole model that are alive at once, at most.
  int64_t most_gradients() const { return most_gradients(0, leaves); }

 private:
  int64_t most_gradients(int64_t first, int64_t last) const;
};

/// Adds the gradient of one micro-batch to the parameters'.
using AddGradient = std::function<void(int64_t micro_batch)>;

enum class Sum { empty, filled };

/// Leaves in the parameters' gradients (which must be empty) the sum over leaves [first, last): a
/// subtree, so last − first is a power of two that divides first. Says whether any had
/// micro-batches.
Sum sum_leaves(std::span<const Parameter> parameters, const LeafTree& tree, int64_t first,
               int64_t last, const AddGradient& add);

/// The same over the whole tree.
inline void sum_gradients(std::span<const Parameter> parameters, const LeafTree& tree,
                          const AddGradient& add) {
  sum_leaves(parameters, tree, 0, tree.leaves, add);
}

/// The gradients, in the parameters' order; empty where nothing reached a parameter.
std::vector<Tensor> gradients_of(std::span<const Parameter> parameters);
void clear_gradients(std::span<const Parameter> parameters);

}  // namespace octavo
