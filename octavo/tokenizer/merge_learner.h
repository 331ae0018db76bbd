// Learning merges from counted pieces: the most frequent pair of neighbours becomes a token, again
// and again; of equally frequent pairs the one whose bytes are greater wins.
//
// All pieces lie in one array, a place a byte. A token stands at the place of its first byte, and
// its last one holds how long it is, so neighbours on both sides are found without links. Every
// pair keeps a list of its places and its exact count in 64 bits: a merge touches only what it
// changes, whatever the length of a piece, and takes 16 bytes of memory a byte of distinct pieces.
// Tested by tests/tokenizer/training_test.cpp against the definition in plain loops and other
// people's merges. Paper: Sennrich et al. 2016, algorithm 1.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "octavo/tokenizer/bpe.h"
#include "octavo/tokenizer/piece_counts.h"

namespace octavo {

struct LearnedMerges {
  TokenTable tokens;  ///< the 256 bytes, then what the merges make
  std::vector<Merge> merges;
  /// Of a token when it was made, and by which merge it was: how often its pair stood together.
  std::vector<int64_t> counts;
};

/// Learns until there are `vocabulary` tokens, bytes included, or no pair is left. `progress` is
/// told the number of tokens so far. Throws `data` if the pieces are more than 2³¹ bytes.
LearnedMerges learn_merges(const PieceCounts& pieces, int32_t vocabulary,
                           const std::function<void(int64_t tokens)>& progress = {});

/// The bytes of memory that learning from these pieces takes, roughly.
size_t memory_to_learn(const PieceCounts& pieces);

}  // namespace octavo
