#include "octavo/evaluate/shots.h"

#include <cassert>
#include <unordered_map>

#include "octavo/corpus/dice.h"

namespace octavo {

Shots::Shots(std::span<const Item> pool, uint64_t seed) : pool_(pool), seed_(seed) {
  for (const Item& item : pool_) ++askers_[item.context];
}

int64_t Shots::available(const Item& item) const {
  if (!item.examples.empty()) return static_cast<int64_t>(item.examples.size());
  const auto same = askers_.find(item.context);
  return static_cast<int64_t>(pool_.size()) - (same == askers_.end() ? 0 : same->second);
}

std::vector<const Example*> Shots::choose(const Item& item, size_t number, int64_t count) const {
  assert(count <= available(item));
  if (item.examples.empty()) return draw(item, number, static_cast<size_t>(count));
  std::vector<const Example*> chosen;
  for (size_t i = 0; i < static_cast<size_t>(count); ++i) chosen.push_back(&item.examples[i]);
  Dice({seed_, stream_of("order of own examples"), static_cast<uint32_t>(number)}).shuffle(chosen);
  return chosen;
}

// The beginning of a random permutation of the pool (Fisher and Yates), of which only the places
// that were touched are kept; whoever asks the same is passed over.
std::vector<const Example*> Shots::draw(const Item& item, size_t number, size_t count) const {
  Dice dice({seed_, stream_of("examples"), static_cast<uint32_t>(number)});
  std::unordered_map<size_t, size_t> moved;
  const auto at = [&](size_t place) {
    const auto found = moved.find(place);
    return found == moved.end() ? place : found->second;
  };
  std::vector<const Example*> chosen;
  for (size_t place = 0; chosen.size() < count && place < pool_.size(); ++place) {
    const size_t other = place + dice.below(pool_.size() - place);
    const Item& drawn = pool_[at(other)];
    moved[other] = at(place);
    if (drawn.context != item.context) chosen.push_back(&drawn);
  }
  return chosen;
}

}  // namespace octavo
