// Shots: which examples stand before a question.
//
// An item's own examples count first: K shots are its first K, in an order drawn for the item.
// Otherwise they are drawn for the item from a pool (the rest of its file, or another file),
// without replacement and never one that asks the same. Either way the sets are nested: K + 1 shots
// hold the K. All is a function of the seed and the item's number. Tested by
// tests/evaluate/shots_test.cpp.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string_view>
#include <vector>

#include "octavo/evaluate/task_file.h"

namespace octavo {

class Shots {
 public:
  /// The pool must outlive it.
  Shots(std::span<const Item> pool, uint64_t seed);

  /// How many examples there are for the item.
  int64_t available(const Item& item) const;

  /// `count` examples for the item, as they stand in the prompt; as many must be available.
  std::vector<const Example*> choose(const Item& item, size_t number, int64_t count) const;

 private:
  std::vector<const Example*> draw(const Item& item, size_t number, size_t count) const;

  std::span<const Item> pool_;
  uint64_t seed_;
  std::map<std::string_view, int64_t> askers_;  // of each context in the pool
};

}  // namespace octavo
