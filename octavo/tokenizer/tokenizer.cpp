#include "octavo/tokenizer/tokenizer.h"

#include <algorithm>
#include <array>
#include <mutex>

#include "octavo/base/error.h"
#include "octavo/base/hash.h"
#include "octavo/base/json.h"
#include "octavo/base/text.h"
#include "octavo/base/threads.h"
#include "octavo/tokenizer/normalize.h"
#include "octavo/tokenizer/split_patterns.h"
#include "octavo/tokenizer/tokenizer_files.h"
#include "octavo/tokenizer/vocabulary_reader.h"

namespace octavo {
namespace {

// A text of two parts or more is worth all threads.
constexpr size_t kPart = size_t{1} << 18;

// Who ends a text where files do not say.
constexpr std::string_view kEnds[] = {Tokenizer::kEndOfText, "</s>", "<|end_of_text|>", "<eos>"};

int32_t end_of_text_by_name(std::span<const AddedToken> added) {
  for (const std::string_view name : kEnds)
    for (const AddedToken& token : added)
      if (token.text == name) return token.id;
  return -1;
}

// Around tokens that are looked for in normalized text. A normalizer has made U+2581 of its spaces,
// where it is one that does, and not the pre-tokenizer after it.
TakenSpace taken_space(const TokenizerRules& rules) {
  const bool marks = rules.symbols == Symbols::characters && rules.split == TextSplit::none &&
                     (rules.prefix == PrefixSpace::none || rules.prefix == PrefixSpace::always);
  return marks ? TakenSpace::any_but_plain : TakenSpace::any;
}

}  // namespace

// ---- What copies share --------------------------------------------------------------------------

struct Tokenizer::Shared {
  // First in the text as it is, then in the normalized rest.
  struct Finders {
    explicit Finders(TakenSpace taken) : normalized(taken) {}
    AddedTokenFinder raw, normalized;
  };

  explicit Shared(TokenizerParts all)
      : bpe(std::move(all.tokens), std::move(all.merges), all.rules, all.scores),
        parts(std::move(all)),
        size(static_cast<int32_t>(bpe.tokens().size())),
        end_of_text(parts.roles.end_of_text >= 0 ? parts.roles.end_of_text
                                                 : end_of_text_by_name(parts.added)),
        finders{Finders(taken_space(parts.rules)), Finders(taken_space(parts.rules))} {
    for (const AddedToken& token : parts.added) {
      size = std::max(size, token.id + 1);
      add(token, finders[1]);
      if (!token.special) add(token, finders[0]);
    }
    added_by_id.assign(static_cast<size_t>(size), nullptr);
    for (const AddedToken& token : parts.added) added_by_id[static_cast<size_t>(token.id)] = &token;
  }

  void add(const AddedToken& token, Finders& to) const {
    if (!token.normalized) return to.raw.add(token, token.text);
    std::string text;
    text = normalized(token.text, parts.rules, text);
    to.normalized.add(token, parts.rules.prefix == PrefixSpace::always ? " " + text : text);
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
  TokenizerParts parts;
  int32_t size, end_of_text;
  std::vector<const AddedToken*> added_by_id;
  std::array<Finders, 2> finders;  // by SpecialTokens
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
const TokenRoles& Tokenizer::roles() const { return shared_->parts.roles; }
const TextFrame& Tokenizer::frame() const { return shared_->parts.frame; }
std::span<const ChatTemplate> Tokenizer::chat_templates() const {
  return shared_->parts.chat_templates;
}
const Bpe& Tokenizer::bpe() const { return shared_->bpe; }
std::span<const AddedToken> Tokenizer::added() const { return shared_->parts.added; }
const TokenizerParts& Tokenizer::parts() const { return shared_->parts; }

// ---- Encoding -----------------------------------------------------------------------------------

std::vector<int32_t> Tokenizer::encode(std::string_view text, SpecialTokens special) const {
  std::vector<int32_t> tokens;
  encode_into(text, tokens, special);
  return tokens;
}

void Tokenizer::encode_into(std::string_view text, std::vector<int32_t>& tokens,
                            SpecialTokens special, TextPlace place) const {
  const Shared::Finders& finders = shared_->finders[special == SpecialTokens::recognised];
  const PrefixSpace prefix = rules().prefix;
  const auto push = [&](int32_t id) { tokens.push_back(id); };
  std::string normal, spaced;
  finders.raw.for_each(
      text,
      [&](std::string_view section, size_t begin) {
        const bool is_middle = begin == 0 && place == TextPlace::middle;
        section = normalized(section, rules(), normal);
        if (prefix == PrefixSpace::always && !is_middle)
          section = normal = std::string(" ").append(section);
        finders.normalized.for_each(
            section,
            [&](std::string_view part, size_t part_begin) {
              const bool may_lack =
                  (prefix == PrefixSpace::if_missing && !(is_middle && part_begin == 0)) ||
                  (prefix == PrefixSpace::if_missing_at_start && !is_middle && begin == 0 &&
                   part_begin == 0);
              const bool lacks = may_lack && part[0] != ' ';
              encode_plain(lacks ? spaced = std::string(" ").append(part) : part, tokens);
            },
            push);
      },
      push);
}

void Tokenizer::encode_plain(std::string_view text, std::vector<int32_t>& tokens) const {
  const auto encode_part = [&](std::string_view part, std::vector<int32_t>& out) {
    std::unique_ptr<Encoder> encoder = shared_->take_encoder();
    encoder->encode(part, out);
    shared_->give_back(std::move(encoder));
  };
  if (text.size() < 2 * kPart || threads() == 1) return encode_part(text, tokens);
  const auto parts = TextCuts(bpe().split()).parts(text, kPart);
  std::vector<std::vector<int32_t>> encoded(parts.size());
  parallel_for(static_cast<int64_t>(parts.size()), [&](int64_t i) {
    encode_part(parts[static_cast<size_t>(i)], encoded[static_cast<size_t>(i)]);
  });
  for (const auto& part : encoded) tokens.insert(tokens.end(), part.begin(), part.end());
}

TextCuts Tokenizer::cuts(SpecialTokens special) const {
  std::vector<AddedToken> looked_for;
  std::ranges::copy_if(added(), std::back_inserter(looked_for), [&](const AddedToken& token) {
    return !token.special || special == SpecialTokens::recognised;
  });
  return TextCuts(bpe().split(), rules(), looked_for);
}

// ---- Decoding -----------------------------------------------------------------------------------

const AddedToken* Tokenizer::added_token(int32_t token) const {
  require(token >= 0 && token < vocabulary_size(),
          "[decode] token {} is outside the vocabulary of {}", token, vocabulary_size());
  return shared_->added_by_id[static_cast<size_t>(token)];
}

std::string_view Tokenizer::text_of(int32_t token) const {
  if (const AddedToken* added = added_token(token)) return added->text;
  const TokenTable& tokens = shared_->bpe.tokens();
  return token < static_cast<int32_t>(tokens.size()) ? tokens[token] : std::string_view();
}

std::string_view TokenTexts::next(int32_t token) {
  std::string_view text = tokenizer_->text_of(token);
  const TokenizerRules& rules = tokenizer_->rules();
  if (rules.leading_space == LeadingSpace::kept || text.empty()) return text;
  if (tokenizer_->added_token(token)) {
    at_start_ = rules.prefix == PrefixSpace::always || rules.prefix == PrefixSpace::if_missing;
    return text;
  }
  if (at_start_ && text[0] == ' ') text.remove_prefix(1);
  at_start_ = false;
  return text;
}

std::string Tokenizer::decode(std::span<const int32_t> tokens) const {
  std::string text;
  text.reserve(4 * tokens.size());
  TokenTexts texts(*this);
  for (const int32_t token : tokens) text += texts.next(token);
  return text;
}

// What GPT-2's tokenizer has not adds to the text that is hashed, so that fingerprints of old stay.
std::string Tokenizer::fingerprint() const {
  std::string text = vocabulary_json(*this) + merges_text(*this);
  const TokenizerRules& rules = this->rules();
  if (rules.split == TextSplit::gpt2_digits)
    text += "digits one by one\n";
  else if (rules.split != TextSplit::gpt2)
    text += fmt::format("split {}\n", name_of(rules.split));
  if (rules.symbols == Symbols::characters) text += "characters\n";
  if (rules.whole_pieces == WholePieces::taken) text += "whole pieces\n";
  if (rules.normalization == Normalization::nfc) text += "NFC\n";
  if (rules.prefix != PrefixSpace::none)
    text += fmt::format("prefix {}\n", static_cast<int>(rules.prefix));
  bool equal_ranks = false;
  for (uint32_t rank = 0; rank < bpe().ranks(); ++rank) equal_ranks |= bpe().result_of(rank) < 0;
  if (equal_ranks)
    for (const float score : parts().scores) text += fmt::format("{}\n", score);
  for (const AddedToken& token : added()) {
    if (token == AddedToken{std::string(kEndOfText), end_of_text()}) continue;
    text += fmt::format("added {} {}", token.id, token.special);
    for (const bool asked :
         {token.normalized, token.takes_space_before, token.takes_space_after, token.single_word})
      if (token != AddedToken{token.text, token.id, token.special}) text += asked ? " 1" : " 0";
    text += "\n";
  }
  return hash_hex(text);
}

std::string StreamDecoder::push(int32_t token) {
  // Some byte sequence makes a character of the bytes so far exactly if one of these two does: the
  // second byte is bound below after E0 (A0) and F0 (90), above after ED and F4, else free.
  const auto can_become_whole = [](const std::string& bytes) {
    return utf8_length(bytes + "\x80\x80\x80") > 0 || utf8_length(bytes + "\xA0\x80\x80") > 0;
  };
  pending_ += texts_.next(token);
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
