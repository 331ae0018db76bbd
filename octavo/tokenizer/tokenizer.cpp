#include "octavo/tokenizer/tokenizer.h"

#include <algorithm>
#include <mutex>

#include "octavo/base/error.h"
#include "octavo/base/hash.h"
#include "octavo/base/text.h"
#include "octavo/base/threads.h"
#include "octavo/tokenizer/text_finder.h"
#include "octavo/tokenizer/tokenizer_files.h"
#include "octavo/tokenizer/vocabulary_reader.h"

namespace octavo {
namespace {

// A text of two parts or more is worth all threads.
constexpr size_t kPart = size_t{1} << 18;

}  // namespace

// ---- What copies share --------------------------------------------------------------------------

struct Tokenizer::Shared {
  explicit Shared(TokenizerParts parts)
      : bpe(std::move(parts.tokens), std::move(parts.merges), parts.digits),
        added(std::move(parts.added)),
        size(static_cast<int32_t>(bpe.tokens().size())) {
    for (const AddedToken& token : added) {
      size = std::max(size, token.id + 1);
      if (token.text == kEndOfText) end_of_text = token.id;
      all.add(token.text, token.id);
      if (!token.special) always.add(token.text, token.id);
    }
    added_by_id.assign(static_cast<size_t>(size), nullptr);
    for (const AddedToken& token : added) added_by_id[static_cast<size_t>(token.id)] = &token;
  }

  // Encoders remember pieces; one waits here for whoever comes next.
  std::unique_ptr<Encoder> take_encoder() const {
    const std::lock_guard lock(mutex);
    if (encoders.empty()) return std::make_unique<Encoder>(bpe);
    std::unique_ptr<Encoder> encoder = std::move(encoders.back());
    encoders.pop_back();
    return encoder;
  }
  void give_back(std::unique_ptr<Encoder> encoder) const {
    const std::lock_guard lock(mutex);
    encoders.push_back(std::move(encoder));
  }

  Bpe bpe;
  std::vector<AddedToken> added;
  int32_t size, end_of_text = -1;
  std::vector<const AddedToken*> added_by_id;
  TextFinder all, always;  // added tokens: all, and those that need not be asked for
  mutable std::mutex mutex;
  mutable std::vector<std::unique_ptr<Encoder>> encoders;
};

Tokenizer::Tokenizer(TokenizerParts parts) {
  require_sound(parts, "tokenizer");
  shared_ = std::make_shared<const Shared>(std::move(parts));
}

Tokenizer Tokenizer::bytes() {
  TokenizerParts parts;
  for (int byte = 0; byte < 256; ++byte) parts.tokens.add(std::string(1, static_cast<char>(byte)));
  parts.tokens.index();
  parts.added.push_back({std::string(kEndOfText), 256});
  return Tokenizer(std::move(parts));
}

Tokenizer Tokenizer::load(const std::filesystem::path& path) {
  return Tokenizer(read_tokenizer(path));
}

int32_t Tokenizer::vocabulary_size() const { return shared_->size; }
int32_t Tokenizer::end_of_text() const { return shared_->end_of_text; }
const Bpe& Tokenizer::bpe() const { return shared_->bpe; }
std::span<const AddedToken> Tokenizer::added() const { return shared_->added; }

// ---- Encoding -----------------------------------------------------------------------------------

std::vector<int32_t> Tokenizer::encode(std::string_view text, SpecialTokens special) const {
  std::vector<int32_t> tokens;
  encode_into(text, tokens, special);
  return tokens;
}

void Tokenizer::encode_into(std::string_view text, std::vector<int32_t>& tokens,
                            SpecialTokens special) const {
  const bool asked = special == SpecialTokens::recognised;
  const TextFinder& finder = asked ? shared_->all : shared_->always;
  while (const auto found = finder.find(text)) {
    encode_plain(text.substr(0, found->place), tokens);
    tokens.push_back(found->id);
    text.remove_prefix(found->place + found->length);
  }
  encode_plain(text, tokens);
}

void Tokenizer::encode_plain(std::string_view text, std::vector<int32_t>& tokens) const {
  const auto encode_part = [&](std::string_view part, std::vector<int32_t>& out) {
    std::unique_ptr<Encoder> encoder = shared_->take_encoder();
    encoder->encode(part, out);
    shared_->give_back(std::move(encoder));
  };
  if (text.size() < 2 * kPart || threads() == 1) return encode_part(text, tokens);
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const size_t cut = safe_cut(text, kPart);
    parts.push_back(text.substr(0, cut));
    text.remove_prefix(cut);
  }
  std::vector<std::vector<int32_t>> encoded(parts.size());
  parallel_for(static_cast<int64_t>(parts.size()), [&](int64_t i) {
    encode_part(parts[static_cast<size_t>(i)], encoded[static_cast<size_t>(i)]);
  });
  for (const auto& part : encoded) tokens.insert(tokens.end(), part.begin(), part.end());
}

// ---- Decoding -----------------------------------------------------------------------------------

std::string_view Tokenizer::text_of(int32_t token) const {
  require(token >= 0 && token < vocabulary_size(),
          "[decode] token {} is outside the vocabulary of {}", token, vocabulary_size());
  if (const AddedToken* added = shared_->added_by_id[static_cast<size_t>(token)])
    return added->text;
  const TokenTable& tokens = shared_->bpe.tokens();
  return token < static_cast<int32_t>(tokens.size()) ? tokens[token] : std::string_view();
}

std::string Tokenizer::decode(std::span<const int32_t> tokens) const {
  std::string text;
  text.reserve(4 * tokens.size());
  for (const int32_t token : tokens) text += text_of(token);
  return text;
}

std::string Tokenizer::fingerprint() const {
  std::string text = vocabulary_json(*this) + merges_text(*this);
  if (bpe().digits() == Digits::single) text += "digits one by one\n";
  for (const AddedToken& token : added())
    if (token != AddedToken{std::string(kEndOfText), end_of_text()})
      text += fmt::format("added {} {}\n", token.id, token.special);
  return hash_hex(text);
}

std::string StreamDecoder::push(int32_t token) {
  // Some byte sequence makes a character of the bytes so far exactly if one of these two does: the
  // second byte is bound below after E0 (A0) and F0 (90), above after ED and F4, else free.
  const auto can_become_whole = [](const std::string& bytes) {
    return utf8_length(bytes + "\x80\x80\x80") > 0 || utf8_length(bytes + "\xA0\x80\x80") > 0;
  };
  pending_ += tokenizer_->text_of(token);
  std::string text;
  while (!pending_.empty()) {
    const size_t length = utf8_length(pending_);
    if (length == 0 && pending_.size() < 4 && can_become_whole(pending_)) break;
    text += length ? pending_.substr(0, length) : "\uFFFD";
    pending_.erase(0, length ? length : 1);
  }
  return text;
}

std::string StreamDecoder::finish() {
  std::string text = repair_utf8(pending_);
  pending_.clear();
  return text;
}

}  // namespace octavo
