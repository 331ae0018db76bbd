#include "octavo/tokenizer/bpe.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>
#include <functional>
#include <new>
#include <numeric>
#include <set>

#include "octavo/base/error.h"
#include "octavo/base/text.h"

namespace octavo {
namespace {

// Up to this many bytes, looking at all neighbours is faster than keeping queues.
constexpr size_t kLongPiece = 256;
// A queue's memory for one rank is kept up to this many places.
constexpr size_t kKeptPlaces = 1024;

}  // namespace

// ---- Tokens -------------------------------------------------------------------------------------

void TokenTable::reserve(size_t tokens, size_t bytes) {
  ends_.reserve(tokens);
  bytes_.reserve(bytes);
}

void TokenTable::add(std::string_view bytes) {
  require(bytes.size() <= UINT32_MAX - bytes_.size(), "expected tokens of at most 4 GiB together");
  bytes_ += bytes;
  ends_.push_back(static_cast<uint32_t>(bytes_.size()));
}

void TokenTable::add_byte(unsigned char byte) {
  const auto id = static_cast<int32_t>(size());
  require(byte_tokens_[byte] < 0, "the byte 0x{:02X} has two tokens, {} and {}", byte,
          byte_tokens_[byte], id);
  const char character = static_cast<char>(byte);
  add({&character, 1});
  byte_tokens_[byte] = id;
}

size_t TokenTable::slot_of(std::string_view bytes) const {
  const size_t mask = slots_.size() - 1;
  size_t slot = std::hash<std::string_view>()(bytes) & mask;
  while (slots_[slot] >= 0 && (*this)[slots_[slot]] != bytes) slot = (slot + 1) & mask;
  return slot;
}

std::optional<std::pair<int32_t, int32_t>> TokenTable::index() {
  slots_.assign(std::bit_ceil(2 * size()), -1);
  for (int32_t id = 0; id < static_cast<int32_t>(size()); ++id) {
    if ((*this)[id].empty() || is_byte_token(id)) continue;
    int32_t& slot = slots_[slot_of((*this)[id])];
    if (slot >= 0) return std::pair(slot, id);
    slot = id;
  }
  return std::nullopt;
}

int32_t TokenTable::find(std::string_view bytes) const {
  return bytes.empty() || slots_.empty() ? -1 : slots_[slot_of(bytes)];
}

// ---- Merges -------------------------------------------------------------------------------------

// Only lengths that tokens have are tried: the time for a long token must not grow with its square.
std::vector<Merge> merges_by_score(const TokenTable& tokens, std::span<const float> scores,
                                   std::string_view source) {
  const auto size = static_cast<int32_t>(tokens.size());
  std::set<size_t> lengths;
  for (int32_t id = 0; id < size; ++id)
    if (!tokens.is_byte_token(id)) lengths.insert(tokens[id].size());
  std::vector<int32_t> best_first(tokens.size());
  std::iota(best_first.begin(), best_first.end(), 0);
  std::ranges::stable_sort(best_first, std::greater<>(),
                           [&](int32_t id) { return scores[static_cast<size_t>(id)]; });
  std::vector<Merge> merges;
  for (const int32_t id : best_first) {
    const std::string_view bytes = tokens[id];
    const size_t before = merges.size();
    for (const size_t cut : lengths) {
      if (cut >= bytes.size()) break;
      if (!lengths.contains(bytes.size() - cut)) continue;
      const int32_t left = tokens.find(bytes.substr(0, cut));
      const int32_t right = left < 0 ? -1 : tokens.find(bytes.substr(cut));
      if (right >= 0) merges.push_back({left, right, id});
    }
    std::sort(merges.begin() + static_cast<std::ptrdiff_t>(before), merges.end(),
              [](const Merge& a, const Merge& b) {
                return std::pair(a.left, a.right) < std::pair(b.left, b.right);
              });
    require(merges.size() <= kMaximumMerges, "{}: expected tokens of at most {} merges, found more",
            source, kMaximumMerges);
  }
  return merges;
}

namespace {

// Whether a merge makes a token in which a space follows anything else.
bool crosses_words(const TokenTable& tokens, std::span<const Merge> merges) {
  return std::ranges::any_of(merges, [&](const Merge& merge) {
    const std::string_view bytes = tokens[merge.result];
    const size_t word = std::min(bytes.find_first_not_of(' '), bytes.size());
    return bytes.find(' ', word) != bytes.npos;
  });
}

}  // namespace

Bpe::Bpe(TokenTable tokens, std::vector<Merge> merges, const TokenizerRules& rules,
         std::span<const float> scores)
    : tokens_(std::move(tokens)),
      merges_(std::move(merges)),
      symbols_(rules.symbols),
      whole_pieces_(rules.whole_pieces),
      split_(rules.split == TextSplit::none && !crosses_words(tokens_, merges_) ? TextSplit::words
                                                                                : rules.split) {
  for (int byte = 0; byte < 256; ++byte) {
    const char character = static_cast<char>(byte);
    byte_tokens_[static_cast<size_t>(byte)] =
        symbols_ == Symbols::bytes ? tokens_.find({&character, 1})
                                   : tokens_.byte_token(static_cast<unsigned char>(byte));
  }
  slots_.assign(std::bit_ceil(2 * merges_.size() + 1), {kFree, {}});
  mask_ = slots_.size() - 1;
  const auto score = [&](const Merge& merge) { return scores[static_cast<size_t>(merge.result)]; };
  results_.reserve(merges_.size());
  for (size_t i = 0; i < merges_.size(); ++i) {
    const Merge& merge = merges_[i];
    if (i > 0 && !scores.empty() && score(merge) == score(merges_[i - 1])) {
      if (results_.back() != merge.result) results_.back() = -1;
    } else {
      results_.push_back(merge.result);
    }
    const auto rank = static_cast<uint32_t>(results_.size() - 1);
    const uint64_t key = key_of(merge.left, merge.right);
    size_t slot = hash_of_pair(merge.left, merge.right) & mask_;
    while (slots_[slot].key != kFree && slots_[slot].key != key) slot = (slot + 1) & mask_;
    require(slots_[slot].key == kFree, "tokenizer: merges {} and {} are of the same tokens",
            slots_[slot].joined.rank, rank);
    slots_[slot] = {key, {rank, merge.result}};
  }
}

// ---- Queue --------------------------------------------------------------------------------------

void RankQueue::push(uint32_t rank, uint32_t place) {
  if (rank >= ranks_.size()) {
    ranks_.resize(std::bit_ceil(size_t{rank} + 1));
    waiting_.resize(ranks_.size() / 64 + 1);
    waiting_words_.resize(waiting_.size() / 64 + 1);
  }
  ranks_[rank].push_back(place);
  std::ranges::push_heap(ranks_[rank], std::greater<>());
  waiting_[rank / 64] |= uint64_t{1} << rank % 64;
  waiting_words_[rank / 4096] |= uint64_t{1} << rank / 64 % 64;
}

std::optional<std::pair<uint32_t, uint32_t>> RankQueue::pop() {
  const auto any = [](uint64_t word) { return word != 0; };
  const auto high = std::find_if(waiting_words_.begin(), waiting_words_.end(), any);
  if (high == waiting_words_.end()) return std::nullopt;
  const size_t word = static_cast<size_t>(high - waiting_words_.begin()) * 64 +
                      static_cast<size_t>(std::countr_zero(*high));
  const size_t rank = word * 64 + static_cast<size_t>(std::countr_zero(waiting_[word]));
  std::vector<uint32_t>& places = ranks_[rank];
  std::ranges::pop_heap(places, std::greater<>());
  const uint32_t place = places.back();
  places.pop_back();
  if (places.empty()) {
    if (places.capacity() > kKeptPlaces) places = std::vector<uint32_t>();  // "= {}" would keep it
    waiting_[word] &= waiting_[word] - 1;
    if (waiting_[word] == 0) *high &= *high - 1;
  }
  return std::pair(static_cast<uint32_t>(rank), place);
}

// ---- Encoding -----------------------------------------------------------------------------------

// Zeros from calloc: who encodes a few words does not touch both megabytes.
Encoder::Encoder(const Bpe& bpe)
    : bpe_(bpe), memory_(static_cast<Remembered*>(std::calloc(kRemembered, sizeof(Remembered)))) {
  if (!memory_) throw std::bad_alloc();
}

void Encoder::encode(std::string_view text, std::vector<int32_t>& tokens) {
  while (!text.empty()) {
    const size_t length = first_piece(text, bpe_.split());
    const std::string_view piece = text.substr(0, length);
    text.remove_prefix(length);
    if (length > kShort) {
      encode_piece(piece, tokens);
      continue;
    }
    std::array<uint64_t, 2> key{};
    std::memcpy(key.data(), piece.data(), length);
    key[1] |= uint64_t{length} << 56;
    const uint64_t hash = (key[0] ^ std::rotl(key[1], 23)) * 0x9E3779B97F4A7C15u;
    Remembered& entry = memory_[hash >> (64 - std::countr_zero(kRemembered))];
    if (((entry.piece[0] ^ key[0]) | (entry.piece[1] ^ key[1])) == 0) {
      for (int32_t i = 0; i < entry.count; ++i)
        tokens.push_back(entry.tokens[static_cast<size_t>(i)]);
      continue;
    }
    const size_t before = tokens.size();
    encode_piece(piece, tokens);
    const size_t count = tokens.size() - before;
    if (count > entry.tokens.size()) continue;
    entry = {key, {}, static_cast<int32_t>(count)};
    std::copy(tokens.begin() + static_cast<std::ptrdiff_t>(before), tokens.end(),
              entry.tokens.begin());
  }
}

void Encoder::encode_piece(std::string_view piece, std::vector<int32_t>& tokens) {
  if (bpe_.whole_pieces() == WholePieces::taken)
    if (const int32_t whole = bpe_.tokens().find(piece); whole >= 0) return tokens.push_back(whole);
  if (bpe_.symbols() == Symbols::bytes)
    begin_with_bytes(piece);
  else
    begin_with_characters(piece);
  if (parts_.size() < kLongPiece) return merge_short(tokens);
  require(piece.size() <= UINT32_MAX, "[encode] expected pieces of less than 4 GiB, found {} bytes",
          piece.size());
  merge_long(tokens);
}

namespace {

[[noreturn]] void fail_without_token(unsigned char byte) {
  fail(ErrorKind::data, "[encode] no token of the vocabulary has the byte 0x{:02X}", byte);
}

}  // namespace

void Encoder::begin_with_bytes(std::string_view piece) {
  parts_.resize(piece.size());
  int32_t all = 0;
  for (size_t i = 0; i < piece.size(); ++i)
    all |= parts_[i] = bpe_.byte_token(static_cast<unsigned char>(piece[i]));
  if (all >= 0) return;
  const size_t missing = static_cast<size_t>(std::ranges::find(parts_, -1) - parts_.begin());
  fail_without_token(static_cast<unsigned char>(piece[missing]));
}

void Encoder::begin_with_characters(std::string_view piece) {
  parts_.clear();
  while (!piece.empty()) {
    const size_t length = std::max<size_t>(utf8_length(piece.substr(0, 4)), 1);
    const std::string_view character = piece.substr(0, length);
    piece.remove_prefix(length);
    if (const int32_t token = bpe_.tokens().find(character); token >= 0) {
      parts_.push_back(token);
      continue;
    }
    for (const char c : character) {
      const auto byte = static_cast<unsigned char>(c);
      if (bpe_.byte_token(byte) < 0) fail_without_token(byte);
      parts_.push_back(bpe_.byte_token(byte));
    }
  }
}

void Encoder::merge_short(std::vector<int32_t>& tokens) {
  size_t count = parts_.size();
  ranks_.resize(count);
  for (size_t i = 0; i + 1 < count; ++i) ranks_[i] = bpe_.join(parts_[i], parts_[i + 1]).rank;
  while (count > 1) {
    const auto end = ranks_.begin() + static_cast<std::ptrdiff_t>(count) - 1;
    const auto lowest = std::min_element(ranks_.begin(), end);
    if (*lowest == Bpe::Joined::kNone) break;
    const auto i = static_cast<size_t>(lowest - ranks_.begin());
    const int32_t result = bpe_.result_of(*lowest);
    parts_[i] = result >= 0 ? result : bpe_.join(parts_[i], parts_[i + 1]).token;
    std::copy(parts_.begin() + static_cast<std::ptrdiff_t>(i) + 2,
              parts_.begin() + static_cast<std::ptrdiff_t>(count),
              parts_.begin() + static_cast<std::ptrdiff_t>(i) + 1);
    std::copy(lowest + 1, end, lowest);
    --count;
    if (i > 0) ranks_[i - 1] = bpe_.join(parts_[i - 1], parts_[i]).rank;
    if (i + 1 < count) ranks_[i] = bpe_.join(parts_[i], parts_[i + 1]).rank;
  }
  tokens.insert(tokens.end(), parts_.begin(), parts_.begin() + static_cast<std::ptrdiff_t>(count));
}

// A part is at the place of its first byte. `parts_[place]` is −1 where none begins; `before` and
// `after` link those that remain.
void Encoder::merge_long(std::vector<int32_t>& tokens) {
  const auto count = static_cast<uint32_t>(parts_.size());
  std::vector<uint32_t> before(count), after(count);
  for (uint32_t i = 0; i < count; ++i) before[i] = i - 1, after[i] = i + 1;
  const auto wait = [&](uint32_t place) {
    if (after[place] >= count) return;
    const Bpe::Joined joined = bpe_.join(parts_[place], parts_[after[place]]);
    if (joined.token >= 0) queue_.push(joined.rank, place);
  };
  for (uint32_t i = 0; i + 1 < count; ++i) wait(i);
  while (const auto next = queue_.pop()) {
    const auto [rank, place] = *next;
    // What waited may have been joined to something else since.
    if (parts_[place] < 0 || after[place] >= count) continue;
    const uint32_t right = after[place];
    const Bpe::Joined joined = bpe_.join(parts_[place], parts_[right]);
    if (joined.rank != rank) continue;
    parts_[place] = joined.token;
    parts_[right] = -1;
    after[place] = after[right];
    if (after[place] < count) before[after[place]] = place;
    wait(place);
    if (place > 0) wait(before[place]);
  }
  for (uint32_t i = 0; i < count; i = after[i]) tokens.push_back(parts_[i]);
}

}  // namespace octavo
