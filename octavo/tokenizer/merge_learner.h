// Learning merges from counted pieces: the most frequent pair of neighbours becomes a token, again
// and again; of equally frequent pairs the one whose bytes are greater wins.
//
// All pieces lie in one array, a place a byte. A token stands at the place of its first byte, and
// its last one holds how long it is, so neighbours on both sides are found without links. Every
// pair keeps a list of its places and its exact count in 64 bits: a merge touches only what it
// changes, whatever the length of a piece. Memory is 21 bytes a byte of distinct pieces, 36 a
// piece, and 100 to 250 a pair that occurs: how many do is seen only while learning, so there it is
// watched. Tested by tests/tokenizer/training_test.cpp against the definition in plain loops and
// other people's merges. Paper: Sennrich et al. 2016, algorithm 1.
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
};

struct LearningLimits {
  size_t memory = SIZE_MAX;                            ///< bytes, those of the pieces too
  size_t characters = TokenTable::kMaximumCharacters;  ///< of all tokens, as files write them
};

/// Learns until there are `vocabulary` tokens, bytes included, or no pair is left. `progress` is
/// told the number of tokens so far. Throws `data` where a limit is met, and if the pieces are more
/// than 2³¹ bytes.
LearnedMerges learn_merges(const PieceCounts& pieces, int32_t vocabulary,
                           const std::function<void(int64_t tokens)>& progress = {},
                           LearningLimits limits = {});

/// Throws `data` if `memory` bytes are too few for these pieces, whatever the vocabulary.
void require_memory_to_learn(const PieceCounts& pieces, size_t memory);

}  // namespace octavo
