// llama2.c's tokenizer.bin: the length of the longest token (int32), then of each token its score
// (float32), its length (int32) and its bytes, little-endian.
//
// SentencePiece's tokens: 0 is unknown, 1 begins a text, 2 ends it, 3 … 258 are the bytes, the
// others are text with plain spaces. Any two that are a third one together merge, the best score
// first; a text has a space put before it. Format: karpathy/llama2.c, tokenizer.py and run.c.
#include <cmath>
#include <cstring>

#include "octavo/base/error.h"
#include "octavo/base/text.h"
#include "octavo/tokenizer/spelling.h"
#include "octavo/tokenizer/tokenizer_files.h"
#include "octavo/tokenizer/vocabulary_reader.h"

namespace octavo {
namespace {

constexpr int32_t kSpecial = 3, kBytes = 256;

class Cursor {
 public:
  Cursor(std::string_view bytes, std::string_view source) : rest_(bytes), source_(source) {}

  bool at_end() const { return rest_.empty(); }
  template <class Number>
  Number number(std::string_view what) {
    Number value;
    std::memcpy(&value, take(sizeof value, what).data(), sizeof value);
    return value;
  }
  std::string_view take(size_t size, std::string_view what) {
    require(size <= rest_.size(), "{}: expected {} of token {}, found the end of the file", source_,
            what, token_);
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }
  void next_token() { ++token_; }
  std::string where() const { return fmt::format("{}: token {}", source_, token_); }

 private:
  std::string_view rest_, source_;
  int64_t token_ = 0;
};

void add_token(std::string_view text, int32_t id, TokenizerParts& parts, const WhereInFile& where) {
  if (id < kSpecial) {
    parts.added.push_back({std::string(trimmed(text)), id});
    return parts.tokens.add({});
  }
  if (id < kSpecial + kBytes) {
    const auto byte = byte_spelled(text);
    if (byte != static_cast<unsigned char>(id - kSpecial))
      fail(ErrorKind::data, "{}: expected \"<0x{:02X}>\", found {}", where(), id - kSpecial,
           in_quotes(text));
    return parts.tokens.add_byte(*byte);
  }
  if (text.empty() || !is_utf8(text))
    fail(ErrorKind::data, "{}: expected text, found {}", where(), in_quotes(text));
  parts.tokens.add(text);
}

}  // namespace

TokenizerParts parse_llama2c(std::string_view bytes, std::string_view source) {
  Cursor cursor(bytes, source);
  TokenizerParts parts;
  size_t characters = 0;
  const auto longest = cursor.number<int32_t>("the longest length");
  require(longest > 0, "{}: expected the length of the longest token, found {}", source, longest);
  for (int32_t id = 0; !cursor.at_end(); ++id, cursor.next_token()) {
    const WhereInFile where = [&] { return cursor.where(); };
    if (id == static_cast<int32_t>(TokenTable::kMaximumSize))
      fail(ErrorKind::data, "{}: expected at most {} tokens, found more", where(), id);
    const auto score = cursor.number<float>("the score");
    if (!std::isfinite(score)) fail(ErrorKind::data, "{}: its score is {}", where(), score);
    const auto length = cursor.number<int32_t>("the length");
    if (length < 0 || length > longest)
      fail(ErrorKind::data, "{}: expected a length of at most {}, found {}", where(), longest,
           length);
    characters += static_cast<size_t>(length);
    if (characters > TokenTable::kMaximumCharacters)
      fail(ErrorKind::data, "{}: expected tokens of at most {} together, found more", where(),
           human_bytes(TokenTable::kMaximumCharacters));
    add_token(cursor.take(static_cast<size_t>(length), "the bytes"), id, parts, where);
    parts.scores.push_back(score);
  }
  require(static_cast<int32_t>(parts.tokens.size()) >= kSpecial + kBytes,
          "{}: expected {} tokens for special ones and bytes, found {}", source, kSpecial + kBytes,
          parts.tokens.size());
  if (const auto same = parts.tokens.index())
    fail(ErrorKind::data, "{}: {} has two ids, {} and {}", source,
         in_quotes(parts.tokens[same->first]), same->first, same->second);
  parts.rules = {.split = TextSplit::none,
                 .symbols = Symbols::characters,
                 .prefix = PrefixSpace::always,
                 .leading_space = LeadingSpace::dropped};
  parts.roles = {.begin_of_text = 1, .end_of_text = 2, .unknown = 0};
  parts.frame.before = {1};
  parts.merges = merges_by_score(parts.tokens, parts.scores, source);
  require_sound(parts, source);
  return parts;
}

}  // namespace octavo
