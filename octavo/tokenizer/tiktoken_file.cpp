// tiktoken's files of ranks, in and out: a token in base64 and its rank a line.
//
// tiktoken takes a piece that is a token whole, and else joins the two neighbours that make the
// token of the lowest rank: a rank is a score. The files have neither the split nor special tokens.
#include <charconv>
#include <filesystem>

#include "octavo/base/error.h"
#include "octavo/tokenizer/byte_characters.h"
#include "octavo/tokenizer/text_lines.h"
#include "octavo/tokenizer/tokenizer_files.h"
#include "octavo/tokenizer/vocabulary_reader.h"

namespace octavo {
namespace {

// ---- Base64 (RFC 4648) --------------------------------------------------------------------------

constexpr std::string_view kBase64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::string base64(std::string_view bytes) {
  std::string text;
  for (size_t i = 0; i < bytes.size(); i += 3) {
    uint32_t bits = 0;
    for (size_t j = 0; j < 3; ++j)
      bits = bits << 8 | (i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0);
    for (size_t j = 0; j < 4; ++j)
      text += i + j <= bytes.size() ? kBase64[bits >> (18 - 6 * j) & 63] : '=';
  }
  return text;
}

std::string from_base64(std::string_view text, const WhereInFile& where) {
  std::string bytes;
  const size_t padding = text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0;
  uint32_t bits = 0;
  for (size_t i = 0; i < text.size() - padding; ++i) {
    const size_t value = kBase64.find(text[i]);
    if (value == std::string_view::npos)
      fail(ErrorKind::data, "{}: expected base64, found '{}'", where(),
           text[i] >= ' ' && text[i] <= '~' ? text[i] : '?');
    bits = bits << 6 | static_cast<uint32_t>(value);
    if (i % 4 == 1) bytes += static_cast<char>(bits >> 4);
    if (i % 4 == 2) bytes += static_cast<char>(bits >> 2);
    if (i % 4 == 3) bytes += static_cast<char>(bits);
  }
  if (text.size() % 4 != 0 || bytes.empty())
    fail(ErrorKind::data, "{}: expected base64 in groups of four, found {} characters", where(),
         text.size());
  return bytes;
}

// ---- What the files do not say ------------------------------------------------------------------

// OpenAI's, by their names: how text is split, and which tokens come after the ranks.
struct KnownRanks {
  std::string_view name;
  TextSplit split;
  std::vector<AddedToken> added;
};

const KnownRanks* known_ranks(std::string_view source) {
  static const std::vector<KnownRanks> known{
      {"r50k_base", TextSplit::gpt2, {{"<|endoftext|>", 50256}}},
      {"p50k_base", TextSplit::gpt2, {{"<|endoftext|>", 50256}}},
      {"cl100k_base",
       TextSplit::gpt4,
       {{"<|endoftext|>", 100257},
        {"<|fim_prefix|>", 100258},
        {"<|fim_middle|>", 100259},
        {"<|fim_suffix|>", 100260},
        {"<|endofprompt|>", 100276}}},
      {"o200k_base", TextSplit::gpt4o, {{"<|endoftext|>", 199999}, {"<|endofprompt|>", 200018}}}};
  const std::string name = std::filesystem::path(source).stem().string();
  for (const KnownRanks& one : known)
    if (one.name == name) return &one;
  return nullptr;
}

// Whether merges make every token of its own bytes, as they do where they were learned with it.
bool merges_make_all(const TokenizerParts& parts) {
  const Bpe bpe(parts.tokens, parts.merges, {}, parts.scores);
  Encoder encoder(bpe);
  std::vector<int32_t> made;
  for (int32_t id = 0; id < static_cast<int32_t>(parts.tokens.size()); ++id) {
    made.clear();
    if (parts.tokens[id].empty()) continue;
    encoder.encode_piece(parts.tokens[id], made);
    if (made.size() != 1) return false;
  }
  return true;
}

}  // namespace

TokenizerParts parse_tiktoken(std::string_view ranks, std::string_view source) {
  VocabularyReader vocabulary(source);
  int64_t count = 0, largest = -1;
  for_each_line(ranks, [&](std::string_view line, int64_t number) {
    if (line.empty()) return;
    const WhereInFile where = [&] { return fmt::format("{}:{}", source, number); };
    const size_t space = std::min(line.find(' '), line.size());
    const std::string_view digits = line.substr(std::min(space + 1, line.size()));
    int64_t rank = -1;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), rank);
    if (error != std::errc() || end != digits.data() + digits.size())
      fail(ErrorKind::data, "{}: expected a token in base64, a space and its rank", where());
    vocabulary.add(characters_of(from_base64(line.substr(0, space), where)), rank, where);
    largest = std::max(largest, rank), ++count;
  });
  const KnownRanks* known = known_ranks(source);
  const WhereInFile where = [&] { return std::string(source); };
  if (known) {
    for (const AddedToken& token : known->added) vocabulary.add_added(token, where);
  } else {
    require(largest < count, "{}: expected every rank from 0 to {} once, found {}", source,
            count - 1, largest);
    vocabulary.add_added({std::string(Tokenizer::kEndOfText), static_cast<int32_t>(count)}, where);
  }
  TokenizerParts parts = vocabulary.finish();
  for (size_t rank = 0; rank < parts.tokens.size(); ++rank)
    parts.scores.push_back(-static_cast<float>(rank));
  parts.merges = merges_by_score(parts.tokens, parts.scores, source);
  if (known) parts.rules.split = known->split;
  if (!merges_make_all(parts)) parts.rules.whole_pieces = WholePieces::taken;
  return parts;
}

// What merges do if their results have rising ids, and every token is what its own bytes become.
void require_ranks_suffice(const Tokenizer& tokenizer) {
  const TokenTable& tokens = tokenizer.bpe().tokens();
  const auto size = static_cast<int32_t>(tokens.size());
  require(tokenizer.end_of_text() == size,
          "tiktoken's format cannot say what this tokenizer is: {} must come after all others",
          Tokenizer::kEndOfText);
  int32_t last = 0;
  for (const Merge& merge : tokenizer.bpe().merges()) {
    require(merge.result >= last && merge.result > std::max(merge.left, merge.right),
            "tiktoken's format cannot say what this tokenizer is: its ids are not in the order of "
            "its merges (the merge that makes {})",
            merge.result);
    last = merge.result;
  }
  Encoder encoder(tokenizer.bpe());
  std::vector<int32_t> made;
  for (int32_t id = 0; id < size; ++id) {
    made.clear();
    if (!tokens[id].empty()) encoder.encode_piece(tokens[id], made);
    require(made == std::vector{id},
            "tiktoken's format cannot say what this tokenizer is: merges do not make token {}", id);
  }
}

std::string tiktoken_text(const Tokenizer& tokenizer) {
  require_ranks_suffice(tokenizer);
  const TokenTable& tokens = tokenizer.bpe().tokens();
  std::string text;
  for (int32_t id = 0; id < static_cast<int32_t>(tokens.size()); ++id)
    text += fmt::format("{} {}\n", base64(tokens[id]), id);
  return text;
}

}  // namespace octavo
