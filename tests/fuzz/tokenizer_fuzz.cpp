// Fuzzes the readers of tokenizers: any bytes are refused with an Error of one line, or give a
// tokenizer that merges as the definition says, encodes a text in parts as in one, decodes what it
// encoded exactly where its rules lose nothing, and reads back the same from a format that can say
// it. The first byte chooses what to read and what to write.
//
// Merging in plain loops, and writing and reading back, take ten times as long as reading: they are
// done for one input in eight that is accepted, chosen by a hash of it, so the same for each
// replay.
//
// No vocabulary does without the bytes, so 0x01 stands for all of them (and 0x03 for those of
// SentencePiece with <unk>, <s> and </s> before them): mutations need not leave them alone. A byte
// 0x02 stands between vocab.json and merges.txt, and between the fields of GGUF's metadata, whose
// lists are lines. llama2.c's file is what follows its bytes' tokens.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "octavo/base/error.h"
#include "octavo/base/json.h"
#include "octavo/base/text.h"
#include "octavo/tokenizer/gguf_tokenizer.h"
#include "octavo/tokenizer/tokenizer_config.h"
#include "octavo/tokenizer/tokenizer_files.h"

namespace {

using namespace octavo;

enum class Source { hugging_face, vocabulary, tiktoken, llama2c, gguf, config };
constexpr int kSources = 6;

void check(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "tokenizer_fuzz: %s\n", what);
  std::abort();
}

// ---- What stands for the bytes ------------------------------------------------------------------

std::string of_bytes(TokenizerFormat format) {
  const std::string text = tokenizer_files(Tokenizer::bytes(), format)[0].second;
  if (format == TokenizerFormat::tiktoken) return text;
  return text.substr(1, text.find(", \"<|endoftext|>") - 1);
}

// use(name) for SentencePiece's special tokens and bytes, in their order.
template <class Use>
void for_each_usual(const Use& use) {
  for (const char* name : {"<unk>", "<s>", "</s>"}) use(std::string(name));
  for (int byte = 0; byte < 256; ++byte) use(fmt::format("<0x{:02X}>", byte));
}

std::string usual_in_json() {
  std::string text;
  int id = 0;
  for_each_usual([&](const std::string& name) {
    text += fmt::format("{}\"{}\": {}", id ? ", " : "", name, id);
    ++id;
  });
  return text;
}

std::string replaced(std::string text, std::string_view bytes, std::string_view usual) {
  for (const auto& [mark, all] : {std::pair('\x01', bytes), std::pair('\x03', usual)})
    if (const size_t place = text.find(mark); place != text.npos) text.replace(place, 1, all);
  return text;
}

// JSON with all the bytes. What is none with one of them in their place is none with all, so most
// inputs are refused early.
std::string expanded(std::string_view text) {
  static const std::string bytes = of_bytes(TokenizerFormat::gpt2), usual = usual_in_json();
  const std::string shortened = replaced(std::string(text), "\"!\": 0", "\"<unk>\": 0");
  Json::parse(std::string_view(shortened).substr(0, shortened.find('\x02')), "fuzz");
  return replaced(std::string(text), bytes, usual);
}

// ---- Reading ------------------------------------------------------------------------------------

std::vector<std::string_view> fields_of(std::string_view text, char separator) {
  std::vector<std::string_view> fields;
  while (true) {
    const size_t end = std::min(text.find(separator), text.size());
    fields.push_back(text.substr(0, end));
    if (end == text.size()) return fields;
    text.remove_prefix(end + 1);
  }
}

std::string bytes_in_lines() {
  const Json all = Json::parse("{" + of_bytes(TokenizerFormat::gpt2) + "}", "bytes");
  std::string lines;
  for (const Json& name : all.members()) lines.append(name.key()) += '\n';
  return lines;
}

std::string usual_in_lines() {
  std::string lines;
  for_each_usual([&](const std::string& name) { (lines += name) += '\n'; });
  return lines;
}

// Model, pre, tokens, types (a character each), merges, ids, scores (a character each).
GgufTokenizer metadata_of(std::string_view text, std::string& storage) {
  static const std::string bytes = bytes_in_lines(), usual = usual_in_lines();
  storage = replaced(std::string(text), bytes, usual);
  auto fields = fields_of(storage, '\x02');
  fields.resize(7);
  GgufTokenizer metadata;
  metadata.model = fields[0];
  metadata.pre = fields[1];
  metadata.tokens = fields_of(fields[2], '\n');
  if (!fields[3].empty()) {
    for (const char c : fields[3]) metadata.types.push_back(c - '0');
    const int32_t last = metadata.types.back();  // for all that follow; the usual ones at first
    metadata.types.resize(metadata.tokens.size(), last);
    for (size_t i = 0; i < metadata.types.size(); ++i) {
      const std::string_view name = metadata.tokens[i];
      if (name.size() == 6 && name.starts_with("<0x")) metadata.types[i] = 6;
    }
  }
  if (!fields[4].empty()) metadata.merges = fields_of(fields[4], '\n');
  const auto id = [&](size_t i) {
    return i < fields[5].size() && fields[5][i] != '-'
               ? std::optional<int64_t>(static_cast<unsigned char>(fields[5][i]) - '0')
               : std::nullopt;
  };
  metadata.begin_of_text = id(0), metadata.end_of_text = id(1), metadata.unknown = id(2);
  metadata.padding = id(3);
  if (id(4)) metadata.adds_begin = *id(4) == 1;
  if (id(5)) metadata.adds_end = *id(5) == 1;
  if (id(6)) metadata.adds_space = *id(6) == 1;
  for (const char c : fields[6]) metadata.scores.push_back(static_cast<float>(c));
  if (!fields[6].empty()) metadata.scores.resize(metadata.tokens.size(), -1.0F);
  return metadata;
}

std::string llama2c_before() {
  std::string file(4, '\x7F');  // a long longest token
  for_each_usual([&](const std::string& name) {
    const auto length = static_cast<int32_t>(name.size());
    file.append(4, '\0').append(reinterpret_cast<const char*>(&length), 4).append(name);
  });
  return file;
}

TokenizerParts parse(std::string_view input, Source source) {
  switch (source) {
    case Source::hugging_face:
      return parse_tokenizer_json(expanded(input), "fuzz");
    case Source::vocabulary: {
      const std::string text = expanded(input);
      const size_t end = std::min(text.find('\x02'), text.size());
      return parse_vocabulary_and_merges(
          std::string_view(text).substr(0, end), "fuzz",
          std::string_view(text).substr(std::min(end + 1, text.size())), "fuzz");
    }
    case Source::tiktoken: {
      static const std::string bytes = of_bytes(TokenizerFormat::tiktoken);
      std::string text(input);
      if (const size_t place = text.find('\x01'); place != text.npos) text.replace(place, 1, bytes);
      return parse_tiktoken(text, "fuzz");
    }
    case Source::llama2c: {
      static const std::string before = llama2c_before();
      return parse_llama2c(before + std::string(input), "fuzz");
    }
    case Source::gguf: {
      std::string storage;
      const GgufTokenizer metadata = metadata_of(input, storage);
      return parse_gguf_tokenizer(metadata, "fuzz");
    }
    default: {
      TokenizerParts parts;
      for (int byte = 0; byte < 256; ++byte) {
        const char character = static_cast<char>(byte);
        parts.tokens.add({&character, 1});
      }
      parts.tokens.index();
      parts.added = {{"<s>", 256}, {"</s>", 257}};
      const auto config = std::make_shared<const Json>(Json::parse(input, "fuzz"));
      for (const AddedToken& token : added_tokens_of(*config)) parts.added.push_back(token);
      apply_config(*config, parts);
      parts.tokenizer_config = config;
      return parts;
    }
  }
}

// ---- What must hold -----------------------------------------------------------------------------

bool loses_nothing(const Tokenizer& tokenizer, std::string_view text) {
  const TokenizerRules& rules = tokenizer.rules();
  const bool no_space =
      rules.prefix == PrefixSpace::none && rules.leading_space == LeadingSpace::kept;
  const bool same_space =
      rules.prefix == PrefixSpace::always && rules.leading_space == LeadingSpace::dropped;
  const auto is_plain = [](const AddedToken& token) {
    return !token.normalized && !token.takes_space_before && !token.takes_space_after;
  };
  return (no_space || same_space) && rules.normalization == Normalization::none &&
         std::ranges::all_of(tokenizer.added(), is_plain) &&
         (rules.symbols == Symbols::bytes || text.find("\u2581") == text.npos);
}

void check_text(const Tokenizer& tokenizer, std::string_view text) try {
  for (const SpecialTokens special : {SpecialTokens::as_text, SpecialTokens::recognised}) {
    const std::vector<int32_t> tokens = tokenizer.encode(text, special);
    const std::string again = tokenizer.decode(tokens);
    if (loses_nothing(tokenizer, text)) check(again == text, "another text came back");
    std::vector<int32_t> in_parts;
    TextPlace place = TextPlace::start;
    for (const std::string_view part : tokenizer.cuts(special).parts(text, 3)) {
      tokenizer.encode_into(part, in_parts, special, place);
      place = TextPlace::middle;
    }
    check(in_parts == tokens, "parts became other tokens than the whole");
  }
} catch (const Error& error) {
  check(std::string_view(error.what()).starts_with("[encode] no token"), error.what());
}

// Of all neighbours that a merge joins those of the lowest rank, the leftmost first.
std::vector<int32_t> merged_plainly(const Bpe& bpe, std::string_view piece) {
  std::vector<int32_t> parts;
  while (!piece.empty()) {
    const size_t length =
        bpe.symbols() == Symbols::bytes ? 1 : std::max<size_t>(1, utf8_length(piece));
    const int32_t whole = bpe.tokens().find(piece.substr(0, length));
    if (whole >= 0)
      parts.push_back(whole);
    else
      for (const char byte : piece.substr(0, length))
        parts.push_back(bpe.byte_token(static_cast<unsigned char>(byte)));
    piece.remove_prefix(length);
  }
  while (true) {
    size_t place = 0;
    Bpe::Joined lowest;
    for (size_t i = 0; i + 1 < parts.size(); ++i)
      if (const Bpe::Joined joined = bpe.join(parts[i], parts[i + 1]); joined.rank < lowest.rank)
        lowest = joined, place = i;
    if (lowest.token < 0) return parts;
    parts[place] = lowest.token;
    parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(place) + 1);
  }
}

// A short piece and a long one, of what merges make.
void check_merges(const Bpe& bpe) {
  if (bpe.merges().empty() || bpe.whole_pieces() == WholePieces::taken) return;
  std::string piece;
  while (piece.size() < 260)
    for (const Merge& merge : bpe.merges()) piece += bpe.tokens()[merge.result];
  Encoder encoder(bpe);
  for (const size_t length : {100, 260}) {
    std::vector<int32_t> tokens;
    encoder.encode_piece(piece.substr(0, length), tokens);
    check(tokens == merged_plainly(bpe, piece.substr(0, length)), "merged in another order");
  }
}

void check_same(const TokenizerParts& a, const TokenizerParts& b) {
  check(a.tokens.size() == b.tokens.size(), "another number of tokens was read back");
  for (int32_t id = 0; id < static_cast<int32_t>(a.tokens.size()); ++id)
    check(a.tokens[id] == b.tokens[id], "another token was read back");
  check(a.merges == b.merges, "other merges were read back");
  check(a.added == b.added, "other added tokens were read back");
  check(a.rules == b.rules && a.frame == b.frame, "other rules or another frame were read back");
}

bool is_said_by_gguf(const Tokenizer& tokenizer) {
  const auto is_plain = [](const AddedToken& token) {
    return token == AddedToken{token.text, token.id, token.special};
  };
  return tokenizer.rules().normalization == Normalization::none &&
         tokenizer.rules().prefix != PrefixSpace::if_missing &&
         tokenizer.rules().prefix != PrefixSpace::if_missing_at_start &&
         std::ranges::all_of(tokenizer.added(), is_plain);
}

void check_written(const TokenizerParts& parts, const Tokenizer& tokenizer, Source format,
                   std::string_view text) try {
  if (format == Source::hugging_face)
    return check_same(parts, parse_tokenizer_json(tokenizer_json(tokenizer), "written"));
  if (format == Source::vocabulary) {
    const auto files = tokenizer_files(tokenizer, TokenizerFormat::vocabulary);
    return check_same(
        parts, parse_vocabulary_and_merges(files[0].second, "written", files[1].second, "written"));
  }
  const bool ranks = format == Source::tiktoken;
  if (!ranks && !is_said_by_gguf(tokenizer)) return;
  const Tokenizer again(
      ranks ? parse_tiktoken(tokenizer_files(tokenizer, TokenizerFormat::tiktoken)[0].second,
                             "written")
            : parse_gguf_tokenizer(gguf_tokenizer(tokenizer, 0), "written"));
  check(again.encode(text) == tokenizer.encode(text), "what was written means something else");
} catch (const Error& error) {
  const std::string_view message = error.what();
  check(message.starts_with("[encode] no token") ||
            (format != Source::hugging_face && message.find("cannot say") != message.npos),
        error.what());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const auto source = static_cast<Source>(data[0] % kSources);
  const std::string_view input(reinterpret_cast<const char*>(data) + 1, size - 1);
  try {
    const TokenizerParts parts = parse(input, source);
    const Tokenizer tokenizer(parts);
    check_text(tokenizer, input.substr(0, 256));
    if (std::hash<std::string_view>()(input) % 8 != 0) return 0;
    check_merges(tokenizer.bpe());
    static constexpr Source kWritten[] = {Source::hugging_face, Source::vocabulary,
                                          Source::tiktoken, Source::gguf};
    check_written(parts, tokenizer, kWritten[data[0] / kSources % 4], input);
  } catch (const Error& error) {
    const std::string_view message = error.what();
    check(error.kind() == ErrorKind::data, "an error of another kind");
    check(message.find('\n') == message.npos, "a message of several lines");
  }
  return 0;
}
