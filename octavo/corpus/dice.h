// Dice: a stream of random choices, for what is written rather than computed.
//
// The choices are a function of the random stream alone (base/random.h), taken in order; whoever
// makes document n gives it dice of its own, so any document can be made without the others.
#pragma once

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <type_traits>
#include <utility>
#include <vector>

#include "octavo/base/random.h"

namespace octavo {

class Dice {
 public:
  explicit Dice(RandomStream stream) : stream_(stream) {}

  /// A number from 0 to bound − 1; `bound` must not be 0.
  size_t below(size_t bound) { return static_cast<size_t>(stream_.below(next_++, bound)); }
  /// A number from low to high, both included.
  int between(int low, int high) {
    return low + static_cast<int>(below(static_cast<size_t>(high - low + 1)));
  }
  bool chance(double probability) { return stream_.uniform(next_++) < probability; }

  template <class Range>
  const auto& one_of(const Range& range) {
    return range[below(std::size(range))];
  }
  /// An item, as likely as its member `share` is large; one at least must be above 0.
  template <class Range>
  const auto& one_by_share(const Range& range) {
    double total = 0;
    for (const auto& item : range) total += item.share;
    double rest = stream_.uniform(next_++) * total;
    auto chosen = std::begin(range);
    for (auto item = std::begin(range); item != std::end(range) && rest >= 0; ++item) {
      if (item->share > 0) chosen = item;
      rest -= item->share;
    }
    return *chosen;
  }
  template <class T>
  void shuffle(std::vector<T>& items) {
    for (size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[below(i)]);
  }
  /// `count` different ones, in random order; the range must hold as many.
  template <class Range>
  auto some_of(const Range& range, size_t count) {
    std::vector<std::decay_t<decltype(range[0])>> items(std::begin(range), std::end(range));
    for (size_t i = 0; i < count; ++i) std::swap(items[i], items[i + below(items.size() - i)]);
    items.resize(count);
    return items;
  }

 private:
  RandomStream stream_;
  uint64_t next_ = 0;
};

}  // namespace octavo
