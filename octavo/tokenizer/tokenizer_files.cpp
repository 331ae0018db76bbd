#include "octavo/tokenizer/tokenizer_files.h"

#include <algorithm>
#include <charconv>
#include <deque>
#include <optional>
#include <set>
#include <span>

#include "octavo/base/error.h"
#include "octavo/base/files.h"
#include "octavo/base/json.h"
#include "octavo/base/text.h"
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
constexpr const char *kConfig = "tokenizer_config.json", *kSpecial = "special_tokens_map.json";

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

// Every two tokens that are a third one together merge into it, at its rank. Only lengths that
// tokens have are tried: the time for a long token must not grow with its square.
void add_merges_of_ranks(TokenizerParts& parts, std::string_view source) {
  const TokenTable& tokens = parts.tokens;
  const auto size = static_cast<int32_t>(tokens.size());
  std::set<size_t> lengths;
  for (int32_t id = 0; id < size; ++id) lengths.insert(tokens[id].size());
  std::vector<Merge> merges;
  for (int32_t id = 0; id < size; ++id) {
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
    require(merges.size() <= MergeReader::kMaximumSize,
            "{}: expected tokens of at most {} merges, found more", source,
            MergeReader::kMaximumSize);
  }
  parts.merges = std::move(merges);
}

// tiktoken looks a piece up before it merges; merging alone must come to the same.
void require_made(const TokenizerParts& parts, const std::vector<int64_t>& lines,
                  std::string_view source) {
  const Bpe bpe(parts.tokens, parts.merges, parts.digits);
  Encoder encoder(bpe);
  std::vector<int32_t> made;
  for (int32_t id = 0; id < static_cast<int32_t>(lines.size()); ++id) {
    made.clear();
    encoder.encode_piece(parts.tokens[id], made);
    if (made.size() != 1)
      fail(ErrorKind::data,
           "{}:{}: its merges do not make this token; to take a piece whole is not supported",
           source, lines[static_cast<size_t>(id)]);
  }
}

// ---- Folders ------------------------------------------------------------------------------------

TokenizerParts read_pair(const fs::path& vocabulary, const fs::path& merges,
                         std::span<const AddedToken> added) {
  for (const fs::path& one : {vocabulary, merges})
    require(fs::exists(one), "{}: no such file; {} and {} belong together", one.string(),
            vocabulary.filename().string(), merges.filename().string());
  const MappedFile first(vocabulary), second(merges);
  return parse_vocabulary_and_merges(first.text(), vocabulary.string(), second.text(),
                                     merges.string(), added);
}

// `added`: tokens that another file of the folder says are no text.
TokenizerParts read_file_of(const fs::path& path, std::span<const AddedToken> added = {}) {
  for (const FilePair& pair : kPairs)
    if (path.filename() == pair.vocabulary || path.filename() == pair.merges)
      return read_pair(path.parent_path() / pair.vocabulary, path.parent_path() / pair.merges,
                       added);
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

// Files that some format writes, whatever is in them.
std::vector<fs::path> files_named_as_a_tokenizers(const fs::path& folder) {
  std::set<std::string> names{kJson, kConfig, kSpecial};
  for (const FilePair& pair : kPairs) names.insert({pair.vocabulary, pair.merges});
  std::vector<fs::path> files;
  if (!fs::is_directory(folder)) return files;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder))
    if (entry.path().extension() == kRanks || names.contains(entry.path().filename().string()))
      files.push_back(entry.path());
  return files;
}

// Writes {name, content} and returns the names. The old files go when the new ones are written but
// not yet there: whatever stops this, no folder holds some of the old and some of the new.
std::vector<std::string> write_all(const std::vector<std::pair<std::string, std::string>>& files,
                                   const fs::path& folder, std::span<const fs::path> old) {
  make_directories(folder);
  std::deque<FileWriter> writers;
  std::vector<std::string> names;
  for (const auto& [name, text] : files) {
    writers.emplace_back(folder / name).write(text);
    names.push_back(name);
  }
  for (const fs::path& path : old) fs::remove(path);
  for (FileWriter& writer : writers) writer.finish();
  return names;
}

// Of the merges only what they make is compared: tiktoken's files have more of them.
void require_equal(const TokenizerParts& a, const TokenizerParts& b, const fs::path& first,
                   const fs::path& second) {
  const auto names_of = [](const TokenizerParts& parts) {
    std::vector<std::string> names(parts.tokens.size());
    for (size_t id = 0; id < names.size(); ++id)
      names[id] = characters_of(parts.tokens[static_cast<int32_t>(id)]);
    for (const AddedToken& token : parts.added) {
      names.resize(std::max(names.size(), static_cast<size_t>(token.id) + 1));
      names[static_cast<size_t>(token.id)] = token.text;
    }
    return names;
  };
  std::vector<std::string> x = names_of(a), y = names_of(b);
  x.resize(std::max(x.size(), y.size())), y.resize(x.size());
  for (size_t id = 0; id < x.size(); ++id)
    if (x[id] != y[id])
      fail(ErrorKind::data, "{} and {} contradict each other: token {} is {} and {}",
           first.string(), second.filename().string(), id, in_quotes(x[id]), in_quotes(y[id]));
  if (first.extension() == kRanks || second.extension() == kRanks) return;
  const auto differ = std::ranges::mismatch(a.merges, b.merges);
  require(a.merges.size() == b.merges.size() && differ.in1 == a.merges.end(),
          "{} and {} contradict each other: merge {} differs", first.string(),
          second.filename().string(), differ.in1 - a.merges.begin() + 1);
}

// ---- What a format can say ----------------------------------------------------------------------

// Without added tokens but the end of text, which is known by its name.
void require_alone(const Tokenizer& tokenizer, const char* format) {
  const auto added = tokenizer.added();
  const AddedToken end{std::string(Tokenizer::kEndOfText), tokenizer.end_of_text()};
  const bool alone = added.empty() ? tokenizer.bpe().tokens().find(end.text) < 0
                                   : added.size() == 1 && added[0] == end;
  require(alone && tokenizer.bpe().digits() == Digits::together,
          "{} cannot say what this tokenizer is: only {} may be added to GPT-2's split and merges; "
          "write tokenizer.json",
          format, Tokenizer::kEndOfText);
}

// tiktoken joins the two neighbours that make the token of the lowest rank. That is what merges do
// if their results have rising ids, and every token is what its own bytes become.
void require_ranks_suffice(const Tokenizer& tokenizer) {
  const TokenTable& tokens = tokenizer.bpe().tokens();
  const auto size = static_cast<int32_t>(tokens.size());
  require_alone(tokenizer, "tiktoken's format");
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

// ---- Files --------------------------------------------------------------------------------------

std::string vocabulary_file(const Tokenizer& tokenizer) {
  return vocabulary_json(tokenizer) + "\n";
}

std::string tiktoken_text(const Tokenizer& tokenizer) {
  const TokenTable& tokens = tokenizer.bpe().tokens();
  std::string text;
  for (int32_t id = 0; id < static_cast<int32_t>(tokens.size()); ++id)
    text += fmt::format("{} {}\n", base64(tokens[id]), id);
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
          {kConfig, config.dump(2) + "\n"},
          {kSpecial, special.dump(2) + "\n"},
          {kPairs[0].vocabulary, vocabulary_file(tokenizer)},
          {kPairs[0].merges, merges_text(tokenizer)}};
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
    require_equal(parts, read_file_of(files[i], parts.added), files.front(), files[i]);
  return parts;
}

TokenizerParts parse_vocabulary_and_merges(std::string_view vocabulary,
                                           std::string_view vocabulary_source,
                                           std::string_view merges, std::string_view merges_source,
                                           std::span<const AddedToken> added) {
  VocabularyReader reader(vocabulary_source);
  const WhereInFile place = [&] { return std::string(vocabulary_source); };
  for (const AddedToken& token : added) reader.add_added(token, place);
  const JsonStream members[] = {
      {"", [&](const Json& entry) {
         reader.add(entry);
         if (added.empty() && entry.key() == Tokenizer::kEndOfText)
           reader.add_added({std::string(entry.key()), static_cast<int32_t>(entry.integer())},
                            place);
       }}};
  const Json root = Json::parse(vocabulary, vocabulary_source, {.streams = members});
  require(root.is_object(), "{}: expected an object of tokens and ids", vocabulary_source);
  TokenizerParts parts = reader.finish();
  MergeReader merge_reader(parts.tokens);
  for_each_line(merges, [&](std::string_view line, int64_t number) {
    if (line.empty() || (number == 1 && line.starts_with("#version"))) return;
    merge_reader.add(line, [&] { return fmt::format("{}:{}", merges_source, number); });
  });
  parts.merges = merge_reader.finish();
  return parts;
}

TokenizerParts parse_tiktoken(std::string_view ranks, std::string_view source) {
  VocabularyReader vocabulary(source);
  std::vector<int64_t> lines;  // by rank
  int64_t count = 0;
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
    lines.resize(std::max(lines.size(), static_cast<size_t>(rank) + 1));
    lines[static_cast<size_t>(rank)] = number, ++count;
  });
  require(static_cast<int64_t>(lines.size()) <= count,
          "{}: expected every rank from 0 to {} once, found {}", source, count - 1,
          lines.size() - 1);
  vocabulary.add_added({std::string(Tokenizer::kEndOfText), static_cast<int32_t>(count)},
                       [&] { return std::string(source); });
  TokenizerParts parts = vocabulary.finish();
  add_merges_of_ranks(parts, source);
  require_made(parts, lines, source);
  return parts;
}

std::vector<std::pair<std::string, std::string>> tokenizer_files(const Tokenizer& tokenizer,
                                                                 TokenizerFormat format) {
  switch (format) {
    case TokenizerFormat::hugging_face:
      return hugging_face_files(tokenizer);
    case TokenizerFormat::vocabulary:
      require_alone(tokenizer, "vocab.json");
      return {{kPairs[0].vocabulary, vocabulary_file(tokenizer)},
              {kPairs[0].merges, merges_text(tokenizer)}};
    case TokenizerFormat::gpt2:
      require_alone(tokenizer, "encoder.json");
      return {{kPairs[1].vocabulary, vocabulary_file(tokenizer)},
              {kPairs[1].merges, merges_text(tokenizer)}};
    default:
      require_ranks_suffice(tokenizer);
      return {{std::string("tokenizer") + kRanks, tiktoken_text(tokenizer)}};
  }
}

std::vector<std::string> write_tokenizer(const Tokenizer& tokenizer, const fs::path& folder,
                                         TokenizerFormat format) {
  return write_all(tokenizer_files(tokenizer, format), folder, {});
}

std::vector<std::string> replace_tokenizer(const Tokenizer& tokenizer, const fs::path& folder,
                                           TokenizerFormat format) {
  return write_all(tokenizer_files(tokenizer, format), folder, files_named_as_a_tokenizers(folder));
}

void require_no_tokenizer(const fs::path& folder) {
  for (const fs::path& file : files_named_as_a_tokenizers(folder))
    fail(ErrorKind::conflict, "{}: there is a tokenizer already; --overwrite replaces it",
         file.string());
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
