#include "octavo/tokenizer/tokenizer_files.h"

#include <algorithm>
#include <deque>
#include <set>
#include <span>

#include "octavo/base/error.h"
#include "octavo/base/files.h"
#include "octavo/base/json.h"
#include "octavo/base/text.h"
#include "octavo/tokenizer/spelling.h"
#include "octavo/tokenizer/text_lines.h"
#include "octavo/tokenizer/tokenizer_config.h"
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
constexpr const char* kTemplate = "chat_template.jinja";
constexpr size_t kMaximumTemplate = size_t{1} << 20;
constexpr const char *kConfig = "tokenizer_config.json", *kSpecial = "special_tokens_map.json";

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

bool is_llama2c(const fs::path& path) { return path.extension() == ".bin"; }

// `added`: tokens that another file of the folder says are no text.
TokenizerParts read_file_of(const fs::path& path, std::span<const AddedToken> added = {}) {
  for (const FilePair& pair : kPairs)
    if (path.filename() == pair.vocabulary || path.filename() == pair.merges)
      return read_pair(path.parent_path() / pair.vocabulary, path.parent_path() / pair.merges,
                       added);
  const MappedFile map(path);
  if (path.extension() == kRanks) return parse_tiktoken(map.text(), path.string());
  if (is_llama2c(path)) return parse_llama2c(map.text(), path.string());
  return parse_tokenizer_json(map.text(), path.string());
}

std::shared_ptr<const Json> read_config(const fs::path& path) {
  if (!fs::exists(path)) return nullptr;
  const MappedFile map(path);
  return std::make_shared<const Json>(Json::parse(map.text(), path.string()));
}

std::vector<fs::path> tokenizer_files_in(const fs::path& folder) {
  std::vector<fs::path> files;
  if (fs::exists(folder / kJson)) files.push_back(folder / kJson);
  for (const FilePair& pair : kPairs)
    if (fs::exists(folder / pair.vocabulary) || fs::exists(folder / pair.merges))
      files.push_back(folder / pair.vocabulary);
  for (const fs::directory_entry& entry : fs::directory_iterator(folder))
    if (entry.path().extension() == kRanks) files.push_back(entry.path());
  if (fs::exists(folder / kLlama2cTokenizer)) files.push_back(folder / kLlama2cTokenizer);
  return files;
}

// Files that some format writes, whatever is in them.
std::vector<fs::path> files_named_as_a_tokenizers(const fs::path& folder) {
  std::set<std::string> names{kJson, kConfig, kSpecial, kLlama2cTokenizer};
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
      names[id] = spelled(parts.tokens, static_cast<int32_t>(id), parts.rules.symbols);
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

// With GPT-2's rules (or with pieces taken whole, where the format does that), and without added
// tokens but the end of text, which is known by its name.
void require_alone(const Tokenizer& tokenizer, const char* format,
                   WholePieces whole_pieces = WholePieces::merged) {
  const auto added = tokenizer.added();
  const AddedToken end{std::string(Tokenizer::kEndOfText), tokenizer.end_of_text()};
  const bool alone = added.empty() ? tokenizer.bpe().tokens().find(end.text) < 0
                                   : added.size() == 1 && added[0] == end;
  TokenizerRules rules = tokenizer.rules();
  if (whole_pieces == WholePieces::taken) rules.whole_pieces = WholePieces::merged;
  require(alone && rules == TokenizerRules{},
          "{} cannot say what this tokenizer is: only {} may be added to GPT-2's split and merges; "
          "write tokenizer.json",
          format, Tokenizer::kEndOfText);
}

// ---- Files --------------------------------------------------------------------------------------

std::string vocabulary_file(const Tokenizer& tokenizer) {
  return vocabulary_json(tokenizer) + "\n";
}

std::vector<std::pair<std::string, std::string>> hugging_face_files(const Tokenizer& tokenizer) {
  std::vector<std::pair<std::string, std::string>> files{
      {kJson, tokenizer_json(tokenizer)},
      {kConfig, tokenizer_config_json(tokenizer).dump(2) + "\n"},
      {kSpecial, special_tokens_json(tokenizer).dump(2) + "\n"}};
  if (tokenizer.rules().symbols == Symbols::bytes) {
    files.emplace_back(kPairs[0].vocabulary, vocabulary_file(tokenizer));
    files.emplace_back(kPairs[0].merges, merges_text(tokenizer));
  }
  return files;
}

}  // namespace

bool has_tokenizer(const fs::path& folder) { return !tokenizer_files_in(folder).empty(); }

TokenizerParts read_tokenizer(const fs::path& path) {
  if (!fs::is_directory(path)) return read_file_of(path);
  const std::vector<fs::path> files = tokenizer_files_in(path);
  require(
      !files.empty(),
      "{}: expected a tokenizer (tokenizer.json, vocab.json and merges.txt, encoder.json and "
      "vocab.bpe, *.tiktoken, or tokenizer.bin), found {}",
      path.string(),
      fs::exists(path / "tokenizer.model")
          ? "tokenizer.model, SentencePiece's own file; transformers makes a tokenizer.json of it"
          : "none");
  const std::shared_ptr<const Json> config = read_config(path / kConfig);
  TokenizerParts parts =
      read_file_of(files.front(), config ? added_tokens_of(*config) : std::vector<AddedToken>());
  for (size_t i = 1; i < files.size(); ++i)
    require_equal(parts, read_file_of(files[i], parts.added), files.front(), files[i]);
  if (config) apply_config(*config, parts);
  parts.tokenizer_config = config;
  if (fs::exists(path / kTemplate)) {  // newer than the config's field, which it replaces
    std::erase_if(parts.chat_templates, [](const auto& one) { return one.name == "default"; });
    parts.chat_templates.insert(parts.chat_templates.begin(),
                                {"default", read_file(path / kTemplate, kMaximumTemplate)});
  }
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
      require_alone(tokenizer, "tiktoken's format", WholePieces::taken);
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
