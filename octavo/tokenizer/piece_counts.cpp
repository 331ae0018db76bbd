#include "octavo/tokenizer/piece_counts.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <functional>
#include <queue>

#include "octavo/base/error.h"
#include "octavo/base/files.h"
#include "octavo/base/line_reader.h"
#include "octavo/base/threads.h"

namespace octavo {
namespace {

namespace fs = std::filesystem;

// Text is counted when this much has come together, in parts of about this size.
constexpr size_t kPending = size_t{4} << 20, kPart = size_t{1} << 18;
// As many runs as are merged at once; each is an open file with a buffer.
constexpr size_t kMostRuns = 64, kRunBuffer = size_t{1} << 16;

// A run on the disk: [length, 4 bytes][count, 8 bytes][piece] of each, in order.

class RunWriter {
 public:
  explicit RunWriter(const fs::path& folder)
      : writer_(folder / fmt::format("octavo-pieces-{}-{}.tmp", getpid(), number_++)) {}

  // In the order of the pieces; of equal ones the counts are added.
  void add(std::string_view piece, int64_t count) {
    if (piece != piece_) write();
    piece_ = piece, count_ += count;
  }
  fs::path finish() {
    write();
    writer_.finish();
    return writer_.path();
  }

 private:
  void write() {
    const auto length = static_cast<uint32_t>(piece_.size());
    if (length == 0) return;
    writer_.write(std::as_bytes(std::span(&length, 1)));
    writer_.write(std::as_bytes(std::span(&count_, 1)));
    writer_.write(piece_);
    count_ = 0;
  }

  static inline std::atomic<int> number_ = 0;  // of this process
  FileWriter writer_;
  std::string piece_;
  int64_t count_ = 0;
};

class RunReader {
 public:
  explicit RunReader(const fs::path& path) : reader_(path) { next(); }

  bool finished() const { return finished_; }
  const std::string& piece() const { return piece_; }
  int64_t count() const { return count_; }

  void next() {
    char header[12];
    if (!read(header, sizeof header)) {
      finished_ = true;
      return;
    }
    uint32_t length;
    std::memcpy(&length, header, 4);
    std::memcpy(&count_, header + 4, 8);
    piece_.resize(length);
    require(ErrorKind::io, read(piece_.data(), length), "{}: ends within a piece", reader_.name());
  }

 private:
  bool read(char* out, size_t size) {
    while (size > 0) {
      if (taken_ == held_) {
        held_ = reader_.read(buffer_.data(), buffer_.size()), taken_ = 0;
        if (held_ == 0) return false;
      }
      const size_t part = std::min(size, held_ - taken_);
      std::memcpy(out, buffer_.data() + taken_, part);
      out += part, size -= part, taken_ += part;
    }
    return true;
  }

  ByteReader reader_;
  std::string buffer_ = std::string(kRunBuffer, '\0');
  size_t held_ = 0, taken_ = 0;
  std::string piece_;
  int64_t count_ = 0;
  bool finished_ = false;
};

}  // namespace

void PieceCounts::add(std::string_view piece, int64_t count) {
  if (size() > 0 && (*this)[size() - 1] == piece) {
    counts.back() += count;
    return;
  }
  bytes += piece;
  ends.push_back(bytes.size());
  counts.push_back(count);
}

// ---- One thread's counts ------------------------------------------------------------------------

class PieceCounter::Map {
 public:
  struct Entry {
    uint64_t begin;
    uint32_t length, hash;
    int64_t count;
  };

  void add(std::string_view piece) {
    require(piece.size() <= UINT32_MAX,
            "expected pieces of text of less than 4 GiB, found {} bytes", piece.size());
    if (2 * entries_.size() >= slots_.size()) grow();
    const auto hash = static_cast<uint32_t>(std::hash<std::string_view>()(piece));
    size_t slot = hash & (slots_.size() - 1);
    for (; slots_[slot] != kFree; slot = (slot + 1) & (slots_.size() - 1)) {
      Entry& entry = entries_[slots_[slot]];
      if (entry.hash == hash && piece_of(entry) == piece) {
        ++entry.count;
        return;
      }
    }
    slots_[slot] = static_cast<uint32_t>(entries_.size());
    entries_.push_back({bytes_.size(), static_cast<uint32_t>(piece.size()), hash, 1});
    bytes_ += piece;
  }

  std::span<const Entry> entries() const { return entries_; }
  std::string_view piece_of(const Entry& entry) const {
    return std::string_view(bytes_).substr(entry.begin, entry.length);
  }
  // With what growing takes, and an entry's place in a sorted list.
  size_t memory() const {
    return bytes_.capacity() + slots_.capacity() * sizeof(uint32_t) +
           entries_.capacity() * (sizeof(Entry) + 2 * sizeof(void*));
  }

 private:
  static constexpr uint32_t kFree = UINT32_MAX;

  void grow() {
    slots_.assign(std::max<size_t>(1024, 2 * slots_.size()), kFree);
    for (size_t i = 0; i < entries_.size(); ++i) {
      size_t slot = entries_[i].hash & (slots_.size() - 1);
      while (slots_[slot] != kFree) slot = (slot + 1) & (slots_.size() - 1);
      slots_[slot] = static_cast<uint32_t>(i);
    }
  }

  std::string bytes_;
  std::vector<Entry> entries_;
  std::vector<uint32_t> slots_;
};

// ---- Counting -----------------------------------------------------------------------------------

PieceCounter::PieceCounter(CountingOptions options) : options_(std::move(options)) {
  if (options_.scratch.empty()) options_.scratch = fs::temp_directory_path();
  for (const std::string& text : options_.special) special_.add(text, 0);
  maps_.resize(static_cast<size_t>(threads()));
}

PieceCounter::~PieceCounter() {
  for (const fs::path& run : runs_) remove_all_quietly(run);
}

void PieceCounter::add(std::string_view text) {
  while (const auto found = special_.find(text)) {
    add_part(text.substr(0, found->place));
    text.remove_prefix(found->place + found->length);
  }
  add_part(text);
}

void PieceCounter::add_part(std::string_view text) {
  for (const std::string_view part : TextCuts(options_.split).parts(text, kPart)) {
    pending_ += part;
    pending_ends_.push_back(pending_.size());
    if (pending_.size() >= std::min(kPending, options_.memory / 16)) count_pending();
  }
}

void PieceCounter::count_pending() {
  if (pending_.empty()) return;
  parallel_for(static_cast<int64_t>(pending_ends_.size()), [&](int64_t task) {
    const auto i = static_cast<size_t>(task);
    const size_t begin = i == 0 ? 0 : pending_ends_[i - 1];
    count(std::string_view(pending_).substr(begin, pending_ends_[i] - begin));
  });
  pending_.clear(), pending_ends_.clear();
  size_t memory = 0;
  for (const Map& map : maps_) memory += map.memory();
  if (memory > options_.memory) write_run();
}

void PieceCounter::count(std::string_view text) {
  Map& map = maps_[static_cast<size_t>(thread_index())];
  while (!text.empty()) {
    const size_t length = first_piece(text, options_.split);
    map.add(text.substr(0, length));
    text.remove_prefix(length);
  }
}

// ---- Runs ---------------------------------------------------------------------------------------

namespace {

// use(piece, count) for all entries of the maps, in the order of the pieces; equal ones follow each
// other.
template <class Map, class Use>
void for_each_sorted(const std::vector<Map>& maps, const Use& use) {
  std::vector<std::pair<const Map*, const typename Map::Entry*>> all;
  size_t count = 0;
  for (const Map& map : maps) count += map.entries().size();
  all.reserve(count);
  for (const Map& map : maps)
    for (const auto& entry : map.entries()) all.emplace_back(&map, &entry);
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
    return a.first->piece_of(*a.second) < b.first->piece_of(*b.second);
  });
  for (const auto& [map, entry] : all) use(map->piece_of(*entry), entry->count);
}

}  // namespace

void PieceCounter::write_run() {
  if (runs_.size() == kMostRuns) {
    RunWriter merged(options_.scratch);
    merge_runs([&](std::string_view piece, int64_t count) { merged.add(piece, count); });
    runs_.push_back(merged.finish());
  }
  RunWriter run(options_.scratch);
  for_each_sorted(maps_, [&](std::string_view piece, int64_t count) { run.add(piece, count); });
  runs_.push_back(run.finish());
  ++runs_written_;
  maps_ = std::vector<Map>(maps_.size());
}

// use(piece, count) in the order of the pieces, equal ones after each other; the runs are gone
// then.
template <class Use>
void PieceCounter::merge_runs(const Use& use) {
  std::vector<std::unique_ptr<RunReader>> readers;
  for (const fs::path& run : runs_) readers.push_back(std::make_unique<RunReader>(run));
  const auto later = [&](size_t a, size_t b) { return readers[a]->piece() > readers[b]->piece(); };
  std::priority_queue<size_t, std::vector<size_t>, decltype(later)> next(later);
  for (size_t i = 0; i < readers.size(); ++i)
    if (!readers[i]->finished()) next.push(i);
  while (!next.empty()) {
    const size_t first = next.top();
    next.pop();
    use(readers[first]->piece(), readers[first]->count());
    readers[first]->next();
    if (!readers[first]->finished()) next.push(first);
  }
  for (const fs::path& run : runs_) remove_all_quietly(run);
  runs_.clear();
}

PieceCounts PieceCounter::finish(const std::function<void(const PieceCounts&)>& check) {
  count_pending();
  PieceCounts counts;
  const auto add = [&](std::string_view piece, int64_t count) {
    counts.add(piece, count);
    if (check) check(counts);
  };
  if (runs_.empty()) {
    for_each_sorted(maps_, add);
    maps_ = std::vector<Map>(maps_.size());
  } else {
    write_run();
    merge_runs(add);
  }
  return counts;
}

}  // namespace octavo
