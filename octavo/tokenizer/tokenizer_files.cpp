#include "octavo/tokenizer/tokenizer_files.h"

#include <algorithm>
#include <array>
#include <limits>

#include "octavo/base/error.h"
#include "octavo/base/files.h"
#include "octavo/base/json.h"
#include "octavo/tokenizer/byte_characters.h"
#include "octavo/tokenizer/vocabulary_reader.h"
#include "octavo/tokenizer/vocabulary_writer.h"

namespace octavo {
namespace {

namespace fs = std::filesystem;

constexpr const char* kMergesHeader = "#version: 0.2\n";

struct FilePair {
  const char *vocabulary, *merges;
};
constexpr FilePair kPairs[] = {{"vocab.json", "merges.txt"}, {"encoder.json", "vocab.bpe"}};
constexpr const char* kJson = "tokenizer.json";
constexpr const char* kRanks = ".tiktoken";

// use(line, number) for each line of a text, without its end.
template <class Use>
void for_each_line(std::string_view text, const Use& use) {
  for (int64_t number = 1; !text.empty(); ++number) {
    const size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    use(line, number);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

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

std::string from_base64(std::string_view text, std::string_view where) {
  std::string bytes;
  const size_t padding = text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0;
  uint32_t bits = 0;
  for (size_t i = 0; i < text.size() - padding; ++i) {
    const size_t value = kBase64.find(text[i]);
    require(value != std::string_view::npos, "{}: expected base64, found '{}'", where,
            text[i] >= ' ' && text[i] <= '~' ? text[i] : '?');
    bits = bits << 6 | static_cast<uint32_t>(value);
    if (i % 4 == 1) bytes += static_cast<char>(bits >> 4);
    if (i % 4 == 2) bytes += static_cast<char>(bits >> 2);
    if (i % 4 == 3) bytes += static_cast<char>(bits);
  }
  require(text.size() % 4 == 0 && !bytes.empty(),
          "{}: expected base64 in groups of four, found {} characters", where, text.size());
  return bytes;
}

// Every two tokens that are a third one together merge into it, at its rank.
void add_merges_of_ranks(TokenizerParts& parts) {
  const TokenTable& tokens = parts.tokens;
  std::vector<Merge> merges;
  for (int32_t id = 0; id < static_cast<int32_t>(tokens.size()); ++id) {
    const std::string_view bytes = tokens[id];
    const size_t before = merges.size();
    for (size_t cut = 1; cut < bytes.size(); ++cut) {
      const int32_t left = tokens.find(bytes.substr(0, cut));
      const int32_t right = left < 0 ? -1 : tokens.find(bytes.substr(cut));
      if (right >= 0) merges.push_back({left, right, id});
    }
    std::sort(merges.begin() + static_cast<std::ptrdiff_t>(before), merges.end(),
              [](const Merge& a, const Merge& b) {
                return std::pair(a.left, a.right) < std::pair(b.left, b.right);
              });
  }
  parts.merges = std::move(merges);
}

// ---- Folders ------------------------------------------------------------------------------------

TokenizerParts read_pair(const fs::path& vocabulary, const fs::path& merges) {
  for (const fs::path& one : {vocabulary, merges})
    require(fs::exists(one), "{}: no such file; {} and {} belong together", one.string(),
            vocabulary.filename().string(), merges.filename().string());
  const MappedFile first(vocabulary), second(merges);
  return parse_vocabulary_and_merges(first.text(), vocabulary.string(), second.text(),
                                     merges.string());
}

TokenizerParts read_file_of(const fs::path& path) {
  for (const FilePair& pair : kPairs)
    if (path.filename() == pair.vocabulary || path.filename() == pair.merges)
      return read_pair(path.parent_path() / pair.vocabulary, path.parent_path() / pair.merges);
  const MappedFile map(path);
  return path.extension() == kRanks ? parse_tiktoken(map.text(), path.string())
                                    : parse_tokenizer_json(map.text(), path.string());
}

std::vector<fs::path> tokenizer_files_in(const fs::path& folder) {
  std::vector<fs::path> files;
  if (fs::exists(folder / kJson)) files.push_back(folder / kJson);
  for (const FilePair& pair : kPairs)
    if (fs::exists(folder / pair.vocabulary) || fs::exists(folder / pair.merges))
      files.push_back(folder / pair.vocabulary);
  for (const fs::directory_entry& entry : fs::directory_iterator(folder))
    if (entry.path().extension() == kRanks) files.push_back(entry.path());
  return files;
}

// Of the merges only what they make is compared: tiktoken's files have more of them.
void require_equal(const TokenizerParts& a, const TokenizerParts& b, const fs::path& first,
                   const fs::path& second) {
  const auto name = [](const TokenizerParts& parts, int32_t id) {
    for (const AddedToken& token : parts.added)
      if (token.id == id) return token.text;
    return id < static_cast<int32_t>(parts.tokens.size()) ? characters_of(parts.tokens[id])
                                                          : std::string();
  };
  const auto size = static_cast<int32_t>(std::max(a.tokens.size(), b.tokens.size()));
  for (int32_t id = 0; id < size; ++id)
    require(name(a, id) == name(b, id),
            "{} and {} contradict each other: token {} is \"{}\" and \"{}\"", first.string(),
            second.filename().string(), id, name(a, id), name(b, id));
  if (first.extension() == kRanks || second.extension() == kRanks) return;
  for (size_t rank = 0; rank < std::max(a.merges.size(), b.merges.size()); ++rank)
    require(rank < a.merges.size() && rank < b.merges.size() && a.merges[rank] == b.merges[rank],
            "{} and {} contradict each other: merge {} differs", first.string(),
            second.filename().string(), rank);
}

std::string vocabulary_file(const Tokenizer& tokenizer) {
  return vocabulary_json(tokenizer) + "\n";
}

std::string tiktoken_text(const Tokenizer& tokenizer) {
  int32_t last = -1;
  for (const Merge& merge : tokenizer.bpe().merges()) {
    require(
        merge.result > std::max({last, merge.left, merge.right}),
        "tiktoken's format has no place for this tokenizer: its ids are not in the order of its "
        "merges (the merge that makes {})",
        merge.result);
    last = merge.result;
  }
  std::string text;
  for (int32_t id = 0; id < static_cast<int32_t>(tokenizer.bpe().tokens().size()); ++id)
    if (const std::string_view bytes = tokenizer.bpe().tokens()[id]; !bytes.empty())
      text += fmt::format("{} {}\n", base64(bytes), id);
  return text;
}

std::vector<std::pair<std::string, std::string>> hugging_face_files(const Tokenizer& tokenizer) {
  Json special = Json::object();
  if (tokenizer.end_of_text() >= 0)
    for (const char* key : {"bos_token", "eos_token", "unk_token"})
      special.set(key, Tokenizer::kEndOfText);
  Json others = Json::array();
  for (const AddedToken& token : tokenizer.added())
    if (token.special && token.text != Tokenizer::kEndOfText) others.append(token.text);
  if (others.size() > 0) special.set("additional_special_tokens", std::move(others));
  Json config = special;
  config.set("add_prefix_space", false)
      .set("clean_up_tokenization_spaces", false)
      .set("tokenizer_class", tokenizer.bpe().digits() == Digits::together
                                  ? "GPT2Tokenizer"
                                  : "PreTrainedTokenizerFast");
  return {{kJson, tokenizer_json(tokenizer)},
          {"tokenizer_config.json", config.dump(2) + "\n"},
          {"special_tokens_map.json", special.dump(2) + "\n"},
          {kPairs[0].vocabulary, vocabulary_file(tokenizer)},
          {kPairs[0].merges, merges_text(tokenizer)}};
}

std::vector<std::pair<std::string, std::string>> files_of(const Tokenizer& tokenizer,
                                                          TokenizerFormat format) {
  switch (format) {
    case TokenizerFormat::hugging_face:
      return hugging_face_files(tokenizer);
    case TokenizerFormat::vocabulary:
      return {{kPairs[0].vocabulary, vocabulary_file(tokenizer)},
              {kPairs[0].merges, merges_text(tokenizer)}};
    case TokenizerFormat::gpt2:
      return {{kPairs[1].vocabulary, vocabulary_file(tokenizer)},
              {kPairs[1].merges, merges_text(tokenizer)}};
    default:
      return {{std::string("tokenizer") + kRanks, tiktoken_text(tokenizer)}};
  }
}

}  // namespace

TokenizerParts read_tokenizer(const fs::path& path) {
  if (!fs::is_directory(path)) return read_file_of(path);
  const std::vector<fs::path> files = tokenizer_files_in(path);
  require(!files.empty(),
          "{}: expected a tokenizer (tokenizer.json, vocab.json and merges.txt, encoder.json and "
          "vocab.bpe, or *.tiktoken), found none",
          path.string());
  TokenizerParts parts = read_file_of(files.front());
  for (size_t i = 1; i < files.size(); ++i)
    require_equal(parts, read_file_of(files[i]), files.front(), files[i]);
  return parts;
}

TokenizerParts parse_vocabulary_and_merges(std::string_view vocabulary,
                                           std::string_view vocabulary_source,
                                           std::string_view merges,
                                           std::string_view merges_source) {
  VocabularyReader reader(vocabulary_source);
  int64_t end_of_text = -1;
  const JsonStream members[] = {{"", [&](const Json& entry) {
                                   if (entry.key() == Tokenizer::kEndOfText)
                                     end_of_text = entry.integer(0, INT32_MAX);
                                   reader.add(entry);
                                 }}};
  const Json root = Json::parse(vocabulary, vocabulary_source, {.streams = members});
  require(root.is_object(), "{}: expected an object of tokens and ids", vocabulary_source);
  if (end_of_text >= 0)
    reader.add_added({std::string(Tokenizer::kEndOfText), static_cast<int32_t>(end_of_text)});
  TokenizerParts parts = reader.finish();
  for_each_line(merges, [&](std::string_view line, int64_t number) {
    if (line.empty() || (number == 1 && line.starts_with("#version"))) return;
    parts.merges.push_back(
        merge_of(parts.tokens, line, fmt::format("{}:{}", merges_source, number)));
  });
  return parts;
}

TokenizerParts parse_tiktoken(std::string_view ranks, std::string_view source) {
  TokenizerParts parts;
  std::vector<std::pair<int32_t, std::string>> tokens;
  for_each_line(ranks, [&](std::string_view line, int64_t number) {
    if (line.empty()) return;
    const std::string where = fmt::format("{}:{}", source, number);
    const size_t space = std::min(line.find(' '), line.size());
    int64_t rank = 0;
    const std::string_view digits = line.substr(std::min(space + 1, line.size()));
    const bool is_number =
        !digits.empty() && digits.size() < 10 &&
        std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (is_number) rank = std::stoll(std::string(digits));
    require(is_number && rank < static_cast<int64_t>(TokenTable::kMaximumSize) - 1,
            "{}: expected a token in base64, a space and its rank below {}", where,
            TokenTable::kMaximumSize - 1);
    tokens.emplace_back(static_cast<int32_t>(rank), from_base64(line.substr(0, space), where));
  });
  std::sort(tokens.begin(), tokens.end());
  for (size_t i = 0; i < tokens.size(); ++i) {
    require(tokens[i].first == static_cast<int32_t>(i),
            "{}: expected every rank from 0 to {} once, found {} in the place of {}", source,
            tokens.size() - 1, tokens[i].first, i);
    parts.tokens.add(tokens[i].second);
  }
  if (const auto same = parts.tokens.index())
    fail(ErrorKind::data, "{}: ranks {} and {} are of the same token", source, same->first,
         same->second);
  for (int byte = 0; byte < 256; ++byte)
    require(parts.tokens.find(std::string(1, static_cast<char>(byte))) >= 0,
            "{}: the vocabulary lacks the byte 0x{:02x}", source, byte);
  add_merges_of_ranks(parts);
  parts.added.push_back(
      {std::string(Tokenizer::kEndOfText), static_cast<int32_t>(parts.tokens.size())});
  return parts;
}

std::vector<std::string> write_tokenizer(const Tokenizer& tokenizer, const fs::path& folder,
                                         TokenizerFormat format) {
  std::vector<std::string> names;
  for (const auto& [name, text] : files_of(tokenizer, format)) {
    write_file(folder / name, text);
    names.push_back(name);
  }
  return names;
}

std::vector<std::string> Tokenizer::save(const fs::path& folder) const {
  return write_tokenizer(*this, folder, TokenizerFormat::hugging_face);
}

std::string vocabulary_json(const Tokenizer& tokenizer) {
  std::string text = "{";
  for_each_token(tokenizer, [&](int32_t id, const std::string& characters) {
    text += fmt::format("{}{}: {}", text.size() > 1 ? ", " : "", Json(characters).dump(), id);
  });
  return text + "}";
}

std::string merges_text(const Tokenizer& tokenizer) {
  std::string text = kMergesHeader;
  for (const Merge& merge : tokenizer.bpe().merges()) text += merge_line(tokenizer, merge) + "\n";
  return text;
}

}  // namespace octavo
