#include "octavo/train/gradients.h"

#include <algorithm>
#include <cassert>

#include "octavo/ops/numbers.h"

namespace octavo {
namespace {

std::vector<Tensor> take_gradients(std::span<const Parameter> parameters) {
  std::vector<Tensor> taken = gradients_of(parameters);
  clear_gradients(parameters);
  return taken;
}

// The parameters' gradients ← left + what is there.
void add_left(std::span<const Parameter> parameters, std::vector<Tensor> left) {
  for (size_t i = 0; i < parameters.size(); ++i) {
    const Tensor& right = parameters[i].value.gradient();
    if (left[i].empty()) continue;
    if (!right.empty()) accumulate(left[i], right);
    parameters[i].value.set_gradient(std::move(left[i]));
  }
}

}  // namespace

// The smallest m with ⌊m · leaves / n⌋ ≥ leaf.
int64_t LeafTree::first_of(int64_t leaf) const {
  return (leaf * micro_batches + leaves - 1) / leaves;
}

// The right half is summed while the left half's sum waits.
int64_t LeafTree::most_gradients(int64_t first, int64_t last) const {
  if (first_of(first) == first_of(last)) return 0;
  if (last - first == 1) return 1;
  const int64_t middle = (first + last) / 2;
  const int64_t left = most_gradients(first, middle), right = most_gradients(middle, last);
  return std::max(left, right + (left > 0 && right > 0));
}

Sum sum_leaves(std::span<const Parameter> parameters, const LeafTree& tree, int64_t first,
               int64_t last, const AddGradient& add) {
  assert(0 <= first && first < last && last <= tree.leaves);
  if (last - first == 1) {
    const int64_t end = tree.first_of(last);
    for (int64_t m = tree.first_of(first); m < end; ++m) add(m);
    return tree.first_of(first) < end ? Sum::filled : Sum::empty;
  }
  const int64_t middle = (first + last) / 2;
  if (sum_leaves(parameters, tree, first, middle, add) == Sum::empty)
    return sum_leaves(parameters, tree, middle, last, add);
  if (tree.first_of(middle) == tree.first_of(last)) return Sum::filled;  // nothing on the right
  std::vector<Tensor> left = take_gradients(parameters);
  sum_leaves(parameters, tree, middle, last, add);
  add_left(parameters, std::move(left));
  return Sum::filled;
}

std::vector<Tensor> gradients_of(std::span<const Parameter> parameters) {
  std::vector<Tensor> gradients;
  for (const Parameter& parameter : parameters) gradients.push_back(parameter.value.gradient());
  return gradients;
}

void clear_gradients(std::span<const Parameter> parameters) {
  for (const Parameter& parameter : parameters) parameter.value.set_gradient({});
}

}  // namespace octavo
