#include "octavo/tokenizer/gguf_tokenizer.h"

#include <algorithm>
#include <cmath>

#include "octavo/base/error.h"
#include "octavo/base/text.h"
#include "octavo/tokenizer/spelling.h"
#include "octavo/tokenizer/split_patterns.h"
#include "octavo/tokenizer/vocabulary_reader.h"
#include "octavo/tokenizer/vocabulary_writer.h"

namespace octavo {
namespace {

constexpr std::string_view kByteLevel = "gpt2", kSentencePiece = "llama";

// ---- Reading ------------------------------------------------------------------------------------

[[noreturn]] void not_supported(std::string_view source, std::string_view key,
                                std::string_view value) {
  fail(ErrorKind::data, "{}: {}: {} is not supported", source, key, in_quotes(value));
}

template <class Value>
void require_one_each(const std::vector<Value>& values, const GgufTokenizer& metadata,
                      std::string_view source, std::string_view key) {
  require(values.size() == metadata.tokens.size(),
          "{}: {}: expected one for each of {} tokens, found {}", source, key,
          metadata.tokens.size(), values.size());
}

TokenizerRules rules_of(const GgufTokenizer& metadata, std::string_view source) {
  if (metadata.model == kSentencePiece) {
    const bool space = metadata.adds_space.value_or(true);
    return {.split = TextSplit::none,
            .symbols = Symbols::characters,
            .prefix = space ? PrefixSpace::always : PrefixSpace::none,
            .leading_space = space ? LeadingSpace::dropped : LeadingSpace::kept};
  }
  if (metadata.model != kByteLevel) not_supported(source, gguf_key::kModel, metadata.model);
  if (metadata.pre.empty()) return {};
  const auto known = gguf_split(metadata.pre);
  if (!known) not_supported(source, gguf_key::kPre, metadata.pre);
  return {.split = known->split, .whole_pieces = known->whole_pieces};
}

// The tokens by their types; unused ones are holes.
void add_tokens(const GgufTokenizer& metadata, std::string_view source, Symbols symbols,
                VocabularyReader& vocabulary) {
  for (size_t i = 0; i < metadata.tokens.size(); ++i) {
    const WhereInFile where = [&] {
      return fmt::format("{}: {}[{}]", source, gguf_key::kTokens, i);
    };
    const std::string_view text = metadata.tokens[i];
    const auto id = static_cast<int32_t>(i);
    const auto type = metadata.types.empty() ? GgufTokenType::normal
                                             : static_cast<GgufTokenType>(metadata.types[i]);
    switch (type) {
      case GgufTokenType::normal:
        if (symbols == Symbols::characters && byte_spelled(text))
          fail(ErrorKind::data, "{}: {} is not of the type of a byte", where(), in_quotes(text));
        vocabulary.add(text, id, where);
        break;
      case GgufTokenType::byte:
        if (symbols == Symbols::bytes || !byte_spelled(text))
          fail(ErrorKind::data, "{}: expected a byte, found {}", where(), in_quotes(text));
        vocabulary.add(text, id, where);
        break;
      case GgufTokenType::unknown:
      case GgufTokenType::control:
        vocabulary.add_added({std::string(text), id}, where);
        break;
      case GgufTokenType::user_defined:
        vocabulary.add_added({std::string(text), id, false}, where);
        break;
      case GgufTokenType::unused:
        break;
      default:
        fail(ErrorKind::data, "{}: {}[{}]: expected a type from 1 to 6, found {}", source,
             gguf_key::kTypes, i, metadata.types[i]);
    }
  }
}

int32_t role_of(std::optional<int64_t> id, const GgufTokenizer& metadata, std::string_view source,
                std::string_view key) {
  if (!id) return -1;
  if (*id < 0 || *id >= static_cast<int64_t>(metadata.tokens.size()))
    fail(ErrorKind::data, "{}: {}: expected one of {} tokens, found {}", source, key,
         metadata.tokens.size(), *id);
  return static_cast<int32_t>(*id);
}

TokenRoles roles_of(const GgufTokenizer& metadata, std::string_view source) {
  TokenRoles roles{role_of(metadata.begin_of_text, metadata, source, gguf_key::kBegin),
                   role_of(metadata.end_of_text, metadata, source, gguf_key::kEnd),
                   role_of(metadata.unknown, metadata, source, gguf_key::kUnknown),
                   role_of(metadata.padding, metadata, source, gguf_key::kPadding)};
  if (metadata.model == kSentencePiece && metadata.tokens.size() > 2) {  // SentencePiece's own
    if (!metadata.begin_of_text) roles.begin_of_text = 1;
    if (!metadata.end_of_text) roles.end_of_text = 2;
    if (!metadata.unknown) roles.unknown = 0;
  }
  return roles;
}

TextFrame frame_of(const GgufTokenizer& metadata, const TokenRoles& roles,
                   std::string_view source) {
  const auto known = gguf_split(metadata.pre);
  const bool begins_text = metadata.model == kSentencePiece || (known && known->begins_text);
  TextFrame frame;
  require(roles.begin_of_text >= 0 || !metadata.adds_begin.value_or(false),
          "{}: {}: the file names no token to add", source, gguf_key::kAddsBegin);
  require(roles.end_of_text >= 0 || !metadata.adds_end.value_or(false),
          "{}: {}: the file names no token to add", source, gguf_key::kAddsEnd);
  if (roles.begin_of_text >= 0 && metadata.adds_begin.value_or(begins_text))
    frame.before = {roles.begin_of_text};
  if (metadata.adds_end.value_or(false)) frame.after = {roles.end_of_text};
  return frame;
}

// ---- Writing ------------------------------------------------------------------------------------

[[noreturn]] void cannot_say(std::string_view what) {
  fail(ErrorKind::data, "GGUF cannot say what this tokenizer is: {}", what);
}

// Scores that rank merges as their list does: those that make the same token follow each other, and
// no other two tokens make it.
std::vector<float> scores_of(const Tokenizer& tokenizer) {
  const TokenizerParts& parts = tokenizer.parts();
  if (!parts.scores.empty()) return parts.scores;
  const TokenTable& tokens = tokenizer.bpe().tokens();
  std::vector<Merge> merges(tokenizer.bpe().merges().begin(), tokenizer.bpe().merges().end());
  std::vector<float> scores(tokens.size(), 0.0F);
  int32_t last = -1;
  float score = 0;
  for (const Merge& merge : merges) {
    if (merge.result != last) scores[static_cast<size_t>(merge.result)] = score -= 1;
    last = merge.result;
  }
  for (int32_t id = 0; id < static_cast<int32_t>(tokens.size()); ++id)
    if (!tokens[id].empty() && !tokens.is_byte_token(id) && scores[static_cast<size_t>(id)] == 0)
      scores[static_cast<size_t>(id)] = score -= 1;
  const auto by_score = [&](const Merge& a, const Merge& b) {
    const auto key = [&](const Merge& merge) {
      return std::tuple(-scores[static_cast<size_t>(merge.result)], merge.left, merge.right);
    };
    return key(a) < key(b);
  };
  const bool in_order = std::ranges::is_sorted(merges, std::greater<>(), [&](const Merge& merge) {
    return scores[static_cast<size_t>(merge.result)];
  });
  std::ranges::sort(merges, by_score);
  if (!in_order || merges != merges_by_score(tokens, scores, "GGUF"))
    cannot_say("its merges are not in the order of any scores");
  return scores;
}

GgufTokenType type_of(const Tokenizer& tokenizer, int32_t id) {
  if (const AddedToken* added = tokenizer.added_token(id))
    return id == tokenizer.roles().unknown && tokenizer.rules().symbols == Symbols::characters
               ? GgufTokenType::unknown
           : added->special ? GgufTokenType::control
                            : GgufTokenType::user_defined;
  const TokenTable& tokens = tokenizer.bpe().tokens();
  return tokens[id].empty()         ? GgufTokenType::unused
         : tokens.is_byte_token(id) ? GgufTokenType::byte
                                    : GgufTokenType::normal;
}

void set_rules(const Tokenizer& tokenizer, GgufTokenizer& metadata) {
  const TokenizerRules& rules = tokenizer.rules();
  if (rules.symbols == Symbols::characters) {
    if (rules.split != TextSplit::none || rules.whole_pieces != WholePieces::merged)
      cannot_say("SentencePiece's does not split text");
    metadata.model = kSentencePiece;
    metadata.pre = "default";
    metadata.adds_space = rules.prefix != PrefixSpace::none;
    metadata.scores = scores_of(tokenizer);
    return;
  }
  const auto known = gguf_split(rules.split, rules.whole_pieces);
  if (!known)
    cannot_say(fmt::format("it has no name for the split {} with pieces {}", name_of(rules.split),
                           rules.whole_pieces == WholePieces::taken ? "taken whole" : "merged"));
  if (rules.prefix != PrefixSpace::none) cannot_say("a byte-level one puts no space before a text");
  metadata.model = kByteLevel;
  metadata.pre = known->name;
}

void set_frame(const Tokenizer& tokenizer, GgufTokenizer& metadata) {
  const TokenRoles& roles = tokenizer.roles();
  const auto& [before, after] = tokenizer.frame();
  const int32_t end = tokenizer.end_of_text();
  const int32_t begin = roles.begin_of_text >= 0 ? roles.begin_of_text
                        : before.size() == 1     ? before[0]
                                                 : end;
  if ((!before.empty() && before != std::vector{begin}) ||
      (!after.empty() && after != std::vector{end}))
    cannot_say("a text has at most its begin before it and its end behind it");
  const auto id_of = [](int32_t role) {
    return role < 0 ? std::nullopt : std::optional<int64_t>(role);
  };
  metadata.begin_of_text = id_of(begin);
  metadata.end_of_text = id_of(end);
  metadata.unknown = id_of(roles.unknown);
  metadata.padding = id_of(roles.padding);
  metadata.adds_begin = !before.empty();
  metadata.adds_end = !after.empty();
}

}  // namespace

TokenizerParts parse_gguf_tokenizer(const GgufTokenizer& metadata, std::string_view source) {
  require(metadata.tokens.size() <= TokenTable::kMaximumSize,
          "{}: {}: expected at most {} tokens, found {}", source, gguf_key::kTokens,
          TokenTable::kMaximumSize, metadata.tokens.size());
  const TokenizerRules rules = rules_of(metadata, source);
  const bool bytes = rules.symbols == Symbols::bytes;
  if (!metadata.types.empty()) require_one_each(metadata.types, metadata, source, gguf_key::kTypes);
  VocabularyReader vocabulary(source);
  add_tokens(metadata, source, rules.symbols, vocabulary);
  const TokenRoles roles = roles_of(metadata, source);
  TokenizerParts parts = vocabulary.finish(rules.symbols);
  parts.rules = rules;
  parts.roles = roles;
  parts.frame = frame_of(metadata, roles, source);
  parts.chat_templates = metadata.chat_templates;
  if (bytes) {
    MergeReader merges(parts.tokens);
    for (size_t i = 0; i < metadata.merges.size(); ++i)
      merges.add(metadata.merges[i],
                 [&] { return fmt::format("{}: {}[{}]", source, gguf_key::kMerges, i); });
    parts.merges = merges.finish();
  } else {
    require_one_each(metadata.scores, metadata, source, gguf_key::kScores);
    for (size_t i = 0; i < metadata.scores.size(); ++i)
      require(std::isfinite(metadata.scores[i]), "{}: {}[{}] is {}", source, gguf_key::kScores, i,
              metadata.scores[i]);
    parts.scores.assign(metadata.scores.begin(),
                        metadata.scores.begin() + static_cast<std::ptrdiff_t>(parts.tokens.size()));
    parts.merges = merges_by_score(parts.tokens, parts.scores, source);
  }
  require_sound(parts, source);
  return parts;
}

GgufTokenizer gguf_tokenizer(const Tokenizer& tokenizer, int64_t vocabulary) {
  GgufTokenizer metadata;
  set_rules(tokenizer, metadata);
  set_frame(tokenizer, metadata);
  metadata.chat_templates.assign(tokenizer.chat_templates().begin(),
                                 tokenizer.chat_templates().end());
  const int64_t known = tokenizer.vocabulary_size(), size = std::max(vocabulary, known);
  const TokenTable& tokens = tokenizer.bpe().tokens();
  std::string text;
  std::vector<size_t> ends;
  const auto add = [&](std::string_view one) {
    text += one;
    ends.push_back(text.size());
  };
  for (int64_t i = 0; i < size; ++i) {
    const auto id = static_cast<int32_t>(i);
    const bool in_table = i < static_cast<int64_t>(tokens.size());
    const AddedToken* added = i < known ? tokenizer.added_token(id) : nullptr;
    const GgufTokenType type = added || in_table ? type_of(tokenizer, id) : GgufTokenType::unused;
    metadata.types.push_back(static_cast<int32_t>(type));
    add(added                           ? added->text
        : type == GgufTokenType::unused ? fmt::format("[PAD{}]", id)
                                        : spelled(tokens, id, tokenizer.rules().symbols));
  }
  if (tokenizer.rules().symbols == Symbols::bytes)
    for (const Merge& merge : tokenizer.bpe().merges()) add(merge_line(tokenizer, merge));
  else
    metadata.scores.resize(static_cast<size_t>(size), 0.0F);
  metadata.text = std::make_shared<const std::string>(std::move(text));
  for (size_t i = 0; i < ends.size(); ++i) {
    const size_t begin = i == 0 ? 0 : ends[i - 1];
    const auto view = std::string_view(*metadata.text).substr(begin, ends[i] - begin);
    (i < static_cast<size_t>(size) ? metadata.tokens : metadata.merges).push_back(view);
  }
  return metadata;
}

}  // namespace octavo
