#include "octavo/tokenizer/merge_learner.h"

#include <algorithm>
#include <bit>

#include "octavo/base/error.h"
#include "octavo/base/text.h"
#include "octavo/tokenizer/byte_characters.h"

namespace octavo {
namespace {

constexpr int32_t kEnd = INT32_MIN;         // after the last byte of a piece
constexpr int32_t kInside = INT32_MIN + 1;  // a byte of a token, neither its first nor its last
constexpr uint32_t kNone = UINT32_MAX;

// The pieces, five numbers a place (one ends each piece), and what does not grow with them.
size_t memory_without_pairs(const PieceCounts& pieces) {
  const size_t places = pieces.bytes.size() + pieces.size();
  return pieces.bytes.size() + 16 * pieces.size() + 20 * places + (size_t{4} << 20);
}

void require_room(size_t needed, size_t allowed, const PieceCounts& pieces) {
  if (needed > allowed)
    fail(ErrorKind::data,
         "[tokenizer] {} distinct pieces of text take {} or more to learn from, {} were allowed: "
         "give more memory or less text, or ask for fewer tokens",
         pieces.size(), human_bytes(static_cast<double>(needed)),
         human_bytes(static_cast<double>(allowed)));
}

struct Pair {
  int32_t left, right;
  bool operator==(const Pair&) const = default;
};

// The pairs that occur, by their tokens: open addressing, at most half full. Those whose count fell
// to 0 stay until the table grows.
class PairTable {
 public:
  struct Entry {
    Pair pair{-1, -1};  // left −1: free
    int64_t count = 0;
    uint32_t first = kNone;  // of the list of its places
    uint32_t pass = 0;       // the last one that raised its count
  };

  PairTable() : entries_(1024) {}

  bool is_full() const { return 2 * used_ >= entries_.size(); }
  size_t bytes() const { return entries_.size() * sizeof(Entry); }
  size_t alive() const {
    return static_cast<size_t>(std::count_if(entries_.begin(), entries_.end(), is_alive));
  }

  Entry& at(Pair pair) {  // to be there, or made, if the table is not full
    Entry& entry = entries_[slot_of(pair)];
    if (entry.pair.left < 0) entry.pair = pair, ++used_;
    return entry;
  }
  int64_t count(Pair pair) const { return entries_[slot_of(pair)].count; }

  template <class Use>
  void for_each(const Use& use) const {
    for (const Entry& entry : entries_)
      if (is_alive(entry)) use(entry);
  }

  // Moves all. `require_room` is told the bytes that it takes meanwhile.
  template <class RequireRoom>
  void grow(const RequireRoom& require_room) {
    const size_t kept = alive(), size = std::max<size_t>(1024, std::bit_ceil(4 * kept));
    require_room((kept + std::max(size, entries_.size())) * sizeof(Entry));
    std::vector<Entry> old;
    old.reserve(kept);
    for_each([&](const Entry& entry) { old.push_back(entry); });
    entries_ = std::vector<Entry>();  // "= {}" would keep its memory
    entries_.resize(size);
    for (const Entry& entry : old) entries_[slot_of(entry.pair)] = entry;
    used_ = kept;
  }

 private:
  static bool is_alive(const Entry& entry) { return entry.count > 0; }

  size_t slot_of(Pair pair) const {
    size_t slot = hash_of_pair(pair.left, pair.right) & (entries_.size() - 1);
    while (entries_[slot].pair.left >= 0 && entries_[slot].pair != pair)
      slot = (slot + 1) & (entries_.size() - 1);
    return slot;
  }

  std::vector<Entry> entries_;
  size_t used_ = 0;
};

class Learner {
 public:
  Learner(const PieceCounts& pieces, LearningLimits limits) : pieces_(pieces), limits_(limits) {
    require_memory_to_learn(pieces, limits.memory);
    const size_t places = pieces.bytes.size() + pieces.size();
    require(places < (size_t{1} << 31),
            "[tokenizer] the distinct pieces of the text have {} bytes, at most {} can be learned "
            "from: give less text",
            pieces.bytes.size(), (size_t{1} << 31) - 1);
    for (int byte = 0; byte < 256; ++byte) add_token(std::string(1, static_cast<char>(byte)));
    symbols_.reserve(places), piece_of_.reserve(places), places_.reserve(places);
    for (size_t i = 0; i < pieces.size(); ++i) {
      for (const char byte : pieces[i]) {
        symbols_.push_back(static_cast<unsigned char>(byte));
        piece_of_.push_back(static_cast<uint32_t>(i));
      }
      symbols_.push_back(kEnd), piece_of_.push_back(static_cast<uint32_t>(i));
    }
    before_.resize(places), after_.resize(places);
    for (uint32_t place = 0; place + 1 < symbols_.size(); ++place)
      if (symbols_[place] != kEnd && symbols_[place + 1] != kEnd)
        link(place, {symbols_[place], symbols_[place + 1]});
    refill();
  }

  LearnedMerges run(int32_t vocabulary, const std::function<void(int64_t)>& progress) {
    while (static_cast<int32_t>(learned_.tokens.size()) < vocabulary && !candidates_.empty()) {
      std::pop_heap(candidates_.begin(), candidates_.end(), Worse{&learned_.tokens});
      const Candidate best = candidates_.back();
      candidates_.pop_back();
      const int64_t count = table_.count(best.pair);
      if (count != best.count) {
        if (count > 0 && count < best.count) push({count, best.pair});
        continue;
      }
      merge(best.pair);
      if (progress) progress(static_cast<int64_t>(learned_.tokens.size()));
    }
    return std::move(learned_);
  }

 private:
  struct Candidate {
    int64_t count;
    Pair pair;
  };
  struct Worse {
    const TokenTable* tokens;
    bool operator()(const Candidate& a, const Candidate& b) const {
      if (a.count != b.count) return a.count < b.count;
      const auto bytes = [&](int32_t id) { return (*tokens)[id]; };
      if (a.pair.left != b.pair.left) return bytes(a.pair.left) < bytes(b.pair.left);
      return bytes(a.pair.right) < bytes(b.pair.right);
    }
  };

  // Its bytes are no other token's: where these stand, the same merges were made.
  void add_token(const std::string& bytes) {
    characters_ += characters_of(bytes).size();
    if (characters_ > limits_.characters)
      fail(ErrorKind::data,
           "[tokenizer] {} tokens take more than {} together, the most that files may have: ask "
           "for fewer (the text repeats long runs without spaces)",
           learned_.tokens.size() + 1, human_bytes(static_cast<double>(limits_.characters)));
    learned_.tokens.add(bytes), lengths_.push_back(static_cast<uint32_t>(bytes.size()));
  }

  void require_room_for(size_t more) const {
    require_room(memory_without_pairs(pieces_) + table_.bytes() +
                     candidates_.capacity() * sizeof(Candidate) +
                     raised_.capacity() * sizeof(Pair) + 2 * characters_ + more,
                 limits_.memory, pieces_);
  }

  // The place after the token at `place`, and the one of the token before it, or kNone.
  uint32_t next(uint32_t place) const {
    return place + lengths_[static_cast<size_t>(symbols_[place])];
  }
  uint32_t previous(uint32_t place) const {
    if (place == 0 || symbols_[place - 1] == kEnd) return kNone;
    const int32_t last = symbols_[place - 1];
    return last >= 0 ? place - 1 : place - static_cast<uint32_t>(-last);
  }

  void link(uint32_t place, Pair pair) {
    if (table_.is_full())
      table_.grow([&](size_t bytes) { require_room_for(bytes - table_.bytes()); });
    PairTable::Entry& entry = table_.at(pair);
    entry.count += pieces_.counts[piece_of_[place]];
    before_[place] = kNone, after_[place] = entry.first;
    if (entry.first != kNone) before_[entry.first] = place;
    entry.first = place;
    if (entry.pass != pass_) entry.pass = pass_, raised_.push_back(pair);
  }

  void unlink(uint32_t place, Pair pair) {
    PairTable::Entry& entry = table_.at(pair);
    entry.count -= pieces_.counts[piece_of_[place]];
    if (after_[place] != kNone) before_[after_[place]] = before_[place];
    (before_[place] == kNone ? entry.first : after_[before_[place]]) = after_[place];
  }

  void merge(Pair pair) {
    const auto result = static_cast<int32_t>(learned_.tokens.size());
    add_token(std::string(learned_.tokens[pair.left]) + std::string(learned_.tokens[pair.right]));
    learned_.merges.push_back({pair.left, pair.right, result});
    ++pass_;
    raised_.clear();
    places_.clear();
    PairTable::Entry& entry = table_.at(pair);
    for (uint32_t place = entry.first; place != kNone; place = after_[place])
      places_.push_back(place);
    entry.count = 0, entry.first = kNone;
    // Of overlapping pairs of two equal tokens the first in the text is joined.
    std::sort(places_.begin(), places_.end());
    for (const uint32_t place : places_) join(place, pair, result);
    if (candidates_.size() + raised_.size() > candidates_.capacity()) return refill();
    for (const Pair& one : raised_)
      if (const int64_t raised = table_.count(one); raised > 0) push({raised, one});
  }

  void join(uint32_t place, Pair pair, int32_t result) {
    if (symbols_[place] != pair.left) return;
    const uint32_t right = next(place);
    if (symbols_[right] != pair.right) return;
    const uint32_t after = next(right), before = previous(place);
    if (symbols_[after] != kEnd) {
      const Pair old{pair.right, symbols_[after]};
      if (old != pair) unlink(right, old);
    }
    if (before != kNone) unlink(before, {symbols_[before], pair.left});
    symbols_[right] = kInside;
    symbols_[place] = result;
    symbols_[after - 1] = -static_cast<int32_t>(after - place);
    if (symbols_[after] != kEnd) link(place, {result, symbols_[after]});
    if (before != kNone) link(before, {symbols_[before], result});
  }

  void push(Candidate candidate) {
    candidates_.push_back(candidate);
    std::push_heap(candidates_.begin(), candidates_.end(), Worse{&learned_.tokens});
  }

  // Candidates whose count has changed stay in the queue until they come up; too many are dropped.
  void refill() {
    candidates_ = std::vector<Candidate>();
    const size_t most = std::max<size_t>(2 * table_.alive(), 1 << 16);
    require_room_for(most * sizeof(Candidate));
    candidates_.reserve(most);
    table_.for_each([&](const PairTable::Entry& entry) {
      candidates_.push_back({entry.count, entry.pair});
    });
    std::make_heap(candidates_.begin(), candidates_.end(), Worse{&learned_.tokens});
  }

  const PieceCounts& pieces_;
  const LearningLimits limits_;
  LearnedMerges learned_;
  size_t characters_ = 0;          // of tokens, as files write them
  std::vector<uint32_t> lengths_;  // of tokens
  // By place: the token, or −length at the last byte of a token of several; the piece; the list of
  // the places of the pair that begins here.
  std::vector<int32_t> symbols_;
  std::vector<uint32_t> piece_of_, before_, after_;
  PairTable table_;
  std::vector<Candidate> candidates_;  // a heap, the best first
  uint32_t pass_ = 1;
  std::vector<Pair> raised_;      // in this pass
  std::vector<uint32_t> places_;  // of the pair in hand
};

}  // namespace

LearnedMerges learn_merges(const PieceCounts& pieces, int32_t vocabulary,
                           const std::function<void(int64_t)>& progress, LearningLimits limits) {
  return Learner(pieces, limits).run(vocabulary, progress);
}

void require_memory_to_learn(const PieceCounts& pieces, size_t memory) {
  require_room(memory_without_pairs(pieces), memory, pieces);
}

}  // namespace octavo
