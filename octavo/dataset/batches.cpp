#include "octavo/dataset/batches.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

#include "octavo/base/error.h"
#include "octavo/base/hash.h"
#include "octavo/base/random.h"
#include "octavo/dataset/permutation.h"

namespace octavo {

Json Cursor::json() const { return Json::object({{"sample", sample}, {"data", data}}); }

Cursor Cursor::from_json(const Json& json) {
  return {json.at("sample").integer(0, int64_t{1} << 62), json.at("data").text()};
}

Batches::Batches(std::vector<Source> sources, const BatchOptions& options) : options_(options) {
  const int64_t context = options.context;
  require(ErrorKind::usage, context >= 1 && options.rows >= 1 && options.vocabulary >= 1,
          "[batches] context, rows and vocabulary must be at least 1");
  require(ErrorKind::usage, !sources.empty(), "[batches] there is no source");
  double weights = 0;
  for (const Source& source : sources) {
    require(ErrorKind::usage, source.weight > 0 && std::isfinite(source.weight),
            "{}: a weight above 0 was expected, it is {}", source.name, source.weight);
    weights += source.weight;
  }

  double rest = weights;
  int64_t windows = 0;
  for (Source& given : sources) {
    const auto source = std::make_shared<const Source>(std::move(given));
    const auto number = static_cast<uint32_t>(streams_.size());
    SplitSource parts =
        split(source, options.split, options.split_seed, stream_of("split") + number);
    const int64_t size = parts.training.size();
    require(size > context,
            "{}: too small for one context: needs {} tokens to train on, has {}; give it more text "
            "or lower train.context",
            source->name, context + 1, size);
    const bool last = streams_.size() + 1 == sources.size();
    const double share = last ? 1 : std::clamp(source->weight / rest, 0x1p-32, 1.0);
    const int64_t predicted = std::max<int64_t>(parts.validation.size() - 1, 0);
    streams_.push_back({std::move(parts.training), std::move(parts.validation),
                        source->weight / weights,
                        static_cast<uint64_t>(std::llround(std::ldexp(share, 32))),
                        (size - 1) / context, (predicted + context - 1) / context});
    windows += streams_.back().windows;
    validation_windows_ += streams_.back().validation_windows;
    rest -= source->weight;
  }
  require(windows >= options.rows,
          "{}: too small for one batch of {} × {}: needs {} tokens to train on, has {}; give it "
          "more text or lower train.batch or train.context",
          streams_.front().training.source().name, options.rows, context,
          options.rows * context + 1, training_tokens());
  require(options.split.validation_fraction == 0 || validation_windows_ > 0,
          "{}: too small to validate on: needs 2 tokens, has {}; give it more text, raise "
          "data.validation_fraction or set data.validation = \"none\"",
          streams_.front().training.source().name, validation_tokens());
  fingerprint_ = make_fingerprint();
}

// Sizes, proportions and the first tokens of each file: enough to notice data that was exchanged.
// Seeds are written as text, since they may take all 64 bits.
std::string Batches::make_fingerprint() const {
  Json description = Json::object({{"context", options_.context},
                                   {"seed", std::to_string(options_.seed)},
                                   {"split_by", static_cast<int>(options_.split.by)},
                                   {"split_seed", std::to_string(options_.split_seed)},
                                   {"sources", Json::array()}});
  Json sources = Json::array();
  for (const Stream& stream : streams_) {
    Hasher hasher;
    std::vector<int32_t> tokens;
    for (const TokenFile& file : stream.training.source().files) {
      tokens.resize(static_cast<size_t>(std::min<int64_t>(file.size(), 4096)));
      file.read(0, tokens, options_.vocabulary);
      hasher.update(std::as_bytes(std::span(tokens)));
    }
    sources.append(Json::object({{"training", stream.training.size()},
                                 {"validation", stream.validation.size()},
                                 {"share", static_cast<int64_t>(stream.share)},
                                 {"beginning", hasher.hex()}}));
  }
  description.set("sources", std::move(sources));
  return hash_hex(description.dump());
}

void Batches::check(const Cursor& cursor) const {
  require(cursor.data == fingerprint_,
          "[batches] the cursor was saved with other data, split, context or seed ({}, now {})",
          cursor.data, fingerprint_);
}

// Stream s takes its share of the samples that the streams before it left. Of the first r of these
// it has taken ⌊r · share⌋, so it takes number r exactly if that count grows there.
Batches::Place Batches::place(int64_t sample) const {
  assert(sample >= 0);
  auto left = static_cast<uint64_t>(sample);
  size_t number = 0;
  for (;; ++number) {
    const auto taken = [&](uint64_t samples) {
      return static_cast<uint64_t>(
          (static_cast<unsigned __int128>(samples) * streams_[number].share) >> 32);
    };
    const uint64_t before = taken(left);
    if (taken(left + 1) > before) {
      left = before;
      break;
    }
    left -= before;
  }
  const Stream& stream = streams_[number];
  const auto windows = static_cast<uint64_t>(stream.windows);
  const uint64_t epoch = left / windows;
  const RandomStream order{options_.seed, stream_of("order") + static_cast<uint32_t>(number),
                           static_cast<uint32_t>(epoch)};
  const uint64_t window = Permutation(windows, order)(left % windows);
  // The part is a ring, so every epoch but the first can start its cuts anywhere.
  const RandomStream cuts{options_.seed, stream_of("cuts") + static_cast<uint32_t>(number), 0};
  const auto size = static_cast<uint64_t>(stream.training.size());
  const uint64_t offset = epoch == 0 ? 0 : cuts.below(epoch, size);
  const uint64_t position = (offset + window * static_cast<uint64_t>(options_.context)) % size;
  return {number, static_cast<int64_t>(epoch), static_cast<int64_t>(position)};
}

void Batches::read_ring(const TokenPart& part, int64_t position, std::span<int32_t> tokens) const {
  const auto first = static_cast<size_t>(
      std::min<int64_t>(static_cast<int64_t>(tokens.size()), part.size() - position));
  part.read(position, tokens.first(first), options_.vocabulary);
  part.read(0, tokens.subspan(first), options_.vocabulary);
}

void Batches::sample(int64_t sample, std::span<int32_t> tokens) const {
  assert(static_cast<int64_t>(tokens.size()) == options_.context + 1);
  const Place where = place(sample);
  read_ring(streams_[where.source].training, where.position, tokens);
}

void Batches::next(Cursor& cursor, int64_t rows, std::span<int32_t> tokens,
                   std::span<int32_t> targets) const {
  check(cursor);
  const auto context = static_cast<size_t>(options_.context);
  assert(tokens.size() == static_cast<size_t>(rows) * context && targets.size() == tokens.size());
  std::vector<int32_t> window(context + 1);
  for (size_t row = 0; row < static_cast<size_t>(rows); ++row) {
    sample(cursor.sample + static_cast<int64_t>(row), window);
    std::copy(window.begin(), window.end() - 1, tokens.begin() + row * context);
    std::copy(window.begin() + 1, window.end(), targets.begin() + row * context);
  }
  cursor.sample += rows;
}

void Batches::validation(int64_t first, int64_t rows, std::span<int32_t> tokens,
                         std::span<int32_t> targets) const {
  const int64_t context = options_.context;
  assert(first >= 0 && tokens.size() == static_cast<size_t>(rows * context) &&
         targets.size() == tokens.size());
  std::fill(tokens.begin(), tokens.end(), 0);
  std::fill(targets.begin(), targets.end(), kIgnored);
  std::vector<int32_t> window;
  for (int64_t row = 0; row < rows; ++row) {
    int64_t number = first + row;
    auto stream = streams_.begin();
    while (stream != streams_.end() && number >= stream->validation_windows)
      number -= (stream++)->validation_windows;
    if (stream == streams_.end()) return;
    const int64_t start = number * context;
    window.resize(static_cast<size_t>(std::min(context + 1, stream->validation.size() - start)));
    stream->validation.read(start, window, options_.vocabulary);
    // A window's last token is only a target here, and the next window's first token.
    std::copy(window.begin(), window.end() - 1, tokens.begin() + row * context);
    std::copy(window.begin() + 1, window.end(), targets.begin() + row * context);
  }
}

std::vector<Batches::SourceCounts> Batches::counts() const {
  std::vector<SourceCounts> result;
  for (const Stream& stream : streams_)
    result.push_back({stream.training.source().name, stream.training.size(),
                      stream.validation.size(), stream.windows, stream.proportion});
  return result;
}

int64_t Batches::training_tokens() const {
  return std::accumulate(streams_.begin(), streams_.end(), int64_t{0},
                         [](int64_t sum, const Stream& s) { return sum + s.training.size(); });
}

int64_t Batches::validation_tokens() const {
  return std::accumulate(streams_.begin(), streams_.end(), int64_t{0},
                         [](int64_t sum, const Stream& s) { return sum + s.validation.size(); });
}

double Batches::epochs(size_t source, double tokens) const {
  const Stream& stream = streams_[source];
  return tokens * stream.proportion / static_cast<double>(stream.windows * options_.context);
}

}  // namespace octavo
