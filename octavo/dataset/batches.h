// Batches: which tokens the model sees at which step, as a function of the step alone.
//
// Each source's training part is one stream of documents joined by end-of-text (GPT-3's packing, no
// padding), cut into windows of `context` tokens plus the next one. An epoch is all windows in a
// random order without repetition; the next epoch has another order and cuts elsewhere. Which
// source the n-th sample comes from follows the weights as evenly as whole numbers can. Nothing of
// this is state: sample n is computed from n, so the cursor of a run is one number, any batch size
// gives the same sequence, and resuming costs nothing. Tested by tests/dataset/batches_test.cpp.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "octavo/base/json.h"
#include "octavo/dataset/source.h"

namespace octavo {

struct BatchOptions {
  int64_t context = 0;     ///< T: tokens per sample
  int64_t rows = 1;        ///< samples per batch; the data must have this many windows
  int32_t vocabulary = 0;  ///< ids at or above it are errors
  uint64_t seed = 0;       ///< of the order; the split has a seed of its own
  Split split;
  uint64_t split_seed = 0;  ///< so that runs with different seeds validate on the same documents
};

/// Where a run is in its data.
struct Cursor {
  int64_t sample = 0;  ///< the next sample's number
  std::string data;    ///< Batches::fingerprint() of the data it is a place in

  Json json() const;
  /// Throws `data` on anything else than json() gives.
  static Cursor from_json(const Json& json);
  bool operator==(const Cursor&) const = default;
};

class Batches {
 public:
  /// Target of a position that has nothing to predict.
  static constexpr int32_t kIgnored = -1;

  /// Throws `data` if a source is too small for one context or all are for one batch.
  Batches(std::vector<Source> sources, const BatchOptions& options);

  const BatchOptions& options() const { return options_; }
  /// Changes with anything that changes the sequence of samples, as far as it can be seen without
  /// reading all tokens.
  const std::string& fingerprint() const { return fingerprint_; }

  Cursor start() const { return {0, fingerprint_}; }
  /// Throws `data` if the cursor is a place in other data.
  void check(const Cursor& cursor) const;

  /// Fills `rows` samples and moves the cursor past them. tokens and targets are (rows, T);
  /// targets[t] is the token after tokens[t].
  void next(Cursor& cursor, int64_t rows, std::span<int32_t> tokens,
            std::span<int32_t> targets) const;

  /// The context + 1 tokens of training sample number `sample`.
  void sample(int64_t sample, std::span<int32_t> tokens) const;

  /// Where a training sample comes from.
  struct Place {
    size_t source;
    int64_t epoch;     ///< of that source
    int64_t position;  ///< of its first token in that source's training part
  };
  Place place(int64_t sample) const;

  /// Windows that cover the validation parts one after the other: every token but a part's first is
  /// predicted exactly once.
  int64_t validation_windows() const { return validation_windows_; }
  /// Windows [first, first + rows); rows past the last window and positions past a part's end have
  /// only kIgnored targets (and token 0).
  void validation(int64_t first, int64_t rows, std::span<int32_t> tokens,
                  std::span<int32_t> targets) const;

  struct SourceCounts {
    std::string name;
    int64_t training_tokens, validation_tokens;
    int64_t windows;    ///< samples per epoch
    double proportion;  ///< of all samples
  };
  std::vector<SourceCounts> counts() const;
  int64_t training_tokens() const;
  int64_t validation_tokens() const;
  /// How often a source's training part is seen in a run of so many tokens.
  double epochs(size_t source, double tokens) const;

 private:
  struct Stream {
    TokenPart training, validation;
    double proportion;
    uint64_t share;              // of what the streams before left, times 2³²
    int64_t windows;             // training windows per epoch
    int64_t validation_windows;  // of this stream alone
  };
  void read_ring(const TokenPart& part, int64_t position, std::span<int32_t> tokens) const;
  std::string make_fingerprint() const;

  BatchOptions options_;
  std::vector<Stream> streams_;
  int64_t validation_windows_ = 0;
  std::string fingerprint_;
};

}  // namespace octavo
