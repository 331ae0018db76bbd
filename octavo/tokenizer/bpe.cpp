#include "octavo/tokenizer/bpe.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>
#include <functional>
#include <new>

#include "octavo/base/error.h"

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

size_t TokenTable::slot_of(std::string_view bytes) const {
  const size_t mask = slots_.size() - 1;
  size_t slot = std::hash<std::string_view>()(bytes) & mask;
  while (slots_[slot] >= 0 && (*this)[slots_[slot]] != bytes) slot = (slot + 1) & mask;
  return slot;
}

std::optional<std::pair<int32_t, int32_t>> TokenTable::index() {
  slots_.assign(std::bit_ceil(2 * size()), -1);
  for (int32_t id = 0; id < static_cast<int32_t>(size()); ++id) {
    if ((*this)[id].empty()) continue;
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

Bpe::Bpe(TokenTable tokens, std::vector<Merge> merges, Digits digits)
    : tokens_(std::move(tokens)), merges_(std::move(merges)), digits_(digits) {
  for (int byte = 0; byte < 256; ++byte) {
    const char character = static_cast<char>(byte);
    byte_tokens_[static_cast<size_t>(byte)] = tokens_.find({&character, 1});
    assert(byte_tokens_[static_cast<size_t>(byte)] >= 0);
  }
  slots_.assign(std::bit_ceil(2 * merges_.size() + 1), {kFree, {}});
  mask_ = slots_.size() - 1;
  for (uint32_t rank = 0; rank < merges_.size(); ++rank) {
    const Merge& merge = merges_[rank];
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
  Places& at = ranks_[rank];
  if (!at.places.empty() && place < at.places.back()) at.sorted = false;
  at.places.push_back(place);
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
  Places& at = ranks_[rank];
  if (!at.sorted)
    std::sort(at.places.begin() + static_cast<std::ptrdiff_t>(at.taken), at.places.end());
  at.sorted = true;
  const uint32_t place = at.places[at.taken++];
  if (at.taken == at.places.size()) {
    at.places.clear(), at.taken = 0;
    if (at.places.capacity() > kKeptPlaces)
      at.places = std::vector<uint32_t>();  // "= {}" would keep it
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
    const size_t length = first_piece(text, bpe_.digits());
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
  parts_.resize(piece.size());
  for (size_t i = 0; i < piece.size(); ++i)
    parts_[i] = bpe_.byte_token(static_cast<unsigned char>(piece[i]));
  if (piece.size() < kLongPiece) return merge_short(tokens);
  require(piece.size() <= UINT32_MAX, "[encode] expected pieces of less than 4 GiB, found {} bytes",
          piece.size());
  merge_long(tokens);
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
    parts_[i] = bpe_.merges()[*lowest].result;
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
    if (parts_[place] < 0 || after[place] >= count ||
        bpe_.join(parts_[place], parts_[after[place]]).rank != rank)
      continue;
    const uint32_t right = after[place];
    parts_[place] = bpe_.merges()[rank].result;
    parts_[right] = -1;
    after[place] = after[right];
    if (after[place] < count) before[after[place]] = place;
    wait(place);
    if (place > 0) wait(before[place]);
  }
  for (uint32_t i = 0; i < count; i = after[i]) tokens.push_back(parts_[i]);
}

}  // namespace octavo
