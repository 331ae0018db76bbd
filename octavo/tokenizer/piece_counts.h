// How often each piece of text (split.h) occurs: what the training of merges begins with.
//
// Threads count parts of the text apart; counts are added and pieces sorted by their bytes, so the
// result does not depend on how many there were. What does not fit in memory is written to sorted
// runs on the disk and merged at the end, with the same result. Tested by
// tests/tokenizer/training_test.cpp.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "octavo/tokenizer/text_finder.h"
#include "octavo/tokenizer/text_windows.h"

namespace octavo {

/// Pieces in the order of their bytes, each once.
struct PieceCounts {
  std::string bytes;            ///< of all pieces
  std::vector<uint64_t> ends;   ///< of each in `bytes`
  std::vector<int64_t> counts;  ///< of each, at least 1

  size_t size() const { return counts.size(); }
  std::string_view operator[](size_t i) const {
    const size_t begin = i == 0 ? 0 : ends[i - 1];
    return std::string_view(bytes).substr(begin, ends[i] - begin);
  }
  void add(std::string_view piece, int64_t count);
};

struct CountingOptions {
  TextSplit split = TextSplit::gpt2;
  /// Never part of a piece: the text is split around them.
  std::vector<std::string> special;
  size_t memory = size_t{1} << 30;  ///< for counting, in bytes; then runs are written
  std::filesystem::path scratch;    ///< a folder for runs; empty: the system's for temporary files
};

class PieceCounter {
 public:
  explicit PieceCounter(CountingOptions options);
  PieceCounter(const PieceCounter&) = delete;
  PieceCounter& operator=(const PieceCounter&) = delete;
  ~PieceCounter();

  /// A document; pieces do not cross into another.
  void add(std::string_view text);
  /// All that was counted; the counter is empty then. `check` sees the pieces as they become more,
  /// and may throw.
  PieceCounts finish(const std::function<void(const PieceCounts&)>& check = {});

  int64_t runs() const { return runs_written_; }  ///< so far, for want of memory

 private:
  class Map;

  void add_part(std::string_view text);
  void count_pending();
  void count(std::string_view text);
  void write_run();
  template <class Use>
  void merge_runs(const Use& use);

  CountingOptions options_;
  TextFinder special_;
  std::string pending_;  // parts that wait to be many
  std::vector<size_t> pending_ends_;
  std::vector<Map> maps_;  // one a thread
  std::vector<std::filesystem::path> runs_;
  int64_t runs_written_ = 0;
};

}  // namespace octavo
