// tokenizer.json of Hugging Face's tokenizers, in and out.
#include "octavo/base/error.h"
#include "octavo/base/json.h"
#include "octavo/base/text.h"
#include "octavo/tokenizer/tokenizer_components.h"
#include "octavo/tokenizer/tokenizer_files.h"
#include "octavo/tokenizer/vocabulary_reader.h"
#include "octavo/tokenizer/vocabulary_writer.h"

namespace octavo {
namespace {

// How many lists were streamed, by their names; the tree has them empty.
int64_t lists_in(const Json& value) {
  int64_t count = 0;
  if (value.is_array())
    for (const Json& item : value.items()) count += lists_in(item);
  if (value.is_object())
    for (const Json& member : value.members())
      count += lists_in(member) + (member.key() == "vocab" || member.key() == "merges" ||
                                   member.key() == "added_tokens");
  return count;
}

Json added_json(std::span<const AddedToken> added) {
  Json tokens = Json::array();
  for (const AddedToken& token : added)
    tokens.append(Json::object({{"id", token.id},
                                {"content", token.text},
                                {"single_word", token.single_word},
                                {"lstrip", token.takes_space_before},
                                {"rstrip", token.takes_space_after},
                                {"normalized", token.normalized},
                                {"special", token.special}}));
  return tokens;
}

// The file without its long lists, the model at its end: as it was read, as long as that says what
// the tokenizer is.
Json frame_of_file(const Tokenizer& tokenizer) {
  const Json* read = tokenizer.parts().tokenizer_json.get();
  const TokenizerComponents components{tokenizer.rules(), tokenizer.frame()};
  if (!read || read_components(*read, "tokenizer.json") != components)
    return components_json(tokenizer).set("added_tokens", added_json(tokenizer.added()));
  Json root = Json::object();
  for (const Json& member : read->members())
    if (member.key() != "model")
      root.set(member.key(),
               member.key() == "added_tokens" ? added_json(tokenizer.added()) : member);
  if (!root.find("added_tokens")) root.set("added_tokens", added_json(tokenizer.added()));
  Json model = Json::object();
  for (const Json& member : read->at("model").members())
    if (member.key() != "vocab" && member.key() != "merges") model.set(member.key(), member);
  return root.set("model", std::move(model));
}

}  // namespace

TokenizerParts parse_tokenizer_json(std::string_view json, std::string_view source) {
  // Merges may stand before the vocabulary they are made of: twice through the file.
  VocabularyReader vocabulary(source);
  std::string odd_entry;  // the vocabulary of another kind of model
  const auto add_entry = [&](const Json& entry) {
    if (entry.is_integer())
      vocabulary.add(entry);
    else if (odd_entry.empty())
      odd_entry = entry.where();
  };
  const JsonStream first[] = {
      {"vocab", add_entry},
      {"added_tokens",
       [&](const Json& token) {
         const auto id = static_cast<int32_t>(token.at("id").integer(0, INT32_MAX));
         vocabulary.add_added(read_added_token(token, id), [&] { return token.where(); });
       }},
      {"merges", [](const Json&) {}}};
  auto root = std::make_shared<const Json>(Json::parse(json, source, {.streams = first}));
  const Json& model = root->at("model");
  const Json* type = model.find("type");  // GPT-2's file, an old one, has none
  if (type && type->text() != "BPE")
    fail(ErrorKind::data, "{}: expected a model of type BPE; {} is not supported", type->where(),
         in_quotes(type->text()));
  require(model.at("merges").is_array() && model.at("vocab").is_object(),
          "{}: the merges must be an array, the vocabulary an object", source);
  require(odd_entry.empty(), "{}: expected an integer, a token's id", odd_entry);
  const Json* added = root->find("added_tokens");
  require(!added || added->is_array(), "{}: the added tokens must be an array", source);
  require(lists_in(*root) == (added ? 3 : 2),
          "{}: expected vocab, merges and added_tokens once, found more lists of these names",
          source);
  TokenizerComponents components = read_components(*root, source);
  TokenizerParts parts = vocabulary.finish(components.rules.symbols);
  parts.rules = components.rules;
  parts.frame = std::move(components.frame);
  parts.tokenizer_json = std::move(root);

  MergeReader merges(parts.tokens, parts.rules.symbols);
  const auto add_merge = [&](const Json& entry) {
    const WhereInFile where = [&] { return entry.where(); };
    if (entry.is_text()) return merges.add(entry.text(), where);
    if (entry.size() != 2)
      fail(ErrorKind::data, "{}: expected two tokens, found {}", where(), entry.size());
    merges.add(entry.at(size_t{0}).text(), entry.at(size_t{1}).text(), where);
  };
  const JsonStream second[] = {
      {"vocab", [](const Json&) {}}, {"added_tokens", [](const Json&) {}}, {"merges", add_merge}};
  Json::parse(json, source, {.streams = second});
  parts.merges = merges.finish();
  require_sound(parts, source);
  return parts;
}

std::string tokenizer_json(const Tokenizer& tokenizer) {
  std::string text = frame_of_file(tokenizer).dump(2);
  // The long lists are written by hand, at the end of the model.
  constexpr std::string_view kEnd = "\n  }\n}";
  const bool is_empty = text.ends_with("{}\n}");  // a model that says nothing
  text.resize(text.size() - (is_empty ? 3 : kEnd.size()));
  text += is_empty ? "\n    \"vocab\": {" : ",\n    \"vocab\": {";
  const char* separator = "\n      ";
  for_each_token(tokenizer, [&](int32_t id, const std::string& characters) {
    text += fmt::format("{}{}: {}", separator, Json(characters).dump(), id);
    separator = ",\n      ";
  });
  text += "\n    },\n    \"merges\": [";
  separator = "\n      ";
  for (const Merge& merge : tokenizer.bpe().merges()) {
    text += separator;
    text += Json(merge_line(tokenizer, merge)).dump();
    separator = ",\n      ";
  }
  text += tokenizer.bpe().merges().empty() ? "]" : "\n    ]";
  text += kEnd;
  return text + "\n";
}

}  // namespace octavo
