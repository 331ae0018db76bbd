// tokenizer.json of Hugging Face's tokenizers, in and out.
#include "octavo/base/error.h"
#include "octavo/base/json.h"
#include "octavo/tokenizer/tokenizer_files.h"
#include "octavo/tokenizer/vocabulary_reader.h"
#include "octavo/tokenizer/vocabulary_writer.h"

namespace octavo {
namespace {

// Absent, null, false and "" all say "off" in these files.
void require_off(const Json& object, std::string_view key, std::string_view source) {
  const Json* value = object.find(key);
  const bool off = !value || value->is_null() || (value->is_boolean() && !value->boolean()) ||
                   (value->is_text() && value->text().empty());
  require(off, "{}: \"{}\" is not supported", source, key);
}

void require_byte_level(const Json& component, std::string_view source) {
  require(component.is_object() && component.at("type").text() == "ByteLevel",
          "{}: the {} must be of type ByteLevel", source, component.key());
}

void check_split(const Json& byte_level, std::string_view source) {
  require_byte_level(byte_level, source);
  require_off(byte_level, "add_prefix_space", source);
  const Json* regex = byte_level.find("use_regex");
  require(!regex || regex->boolean(), "{}: \"use_regex\" false is not supported", source);
}

// ByteLevel, or a sequence of Digits and ByteLevel.
Digits digits_of(const Json& component, std::string_view source) {
  const bool is_sequence = component.is_object() && component.at("type").text() == "Sequence";
  if (!is_sequence) {
    check_split(component, source);
    return Digits::together;
  }
  const auto parts = component.at("pretokenizers").items();
  require(parts.size() == 2 && parts[0].at("type").text() == "Digits" &&
              parts[0].at("individual_digits").boolean(),
          "{}: the pre_tokenizer must be of type ByteLevel, or Digits one by one and ByteLevel",
          source);
  check_split(parts[1], source);
  return Digits::single;
}

void read_added(const Json& token, VocabularyReader& vocabulary) {
  for (const char* key : {"single_word", "lstrip", "rstrip"})
    require_off(token, key, token.where());
  const Json* special = token.find("special");
  vocabulary.add_added(
      {token.at("content").text(), static_cast<int32_t>(token.at("id").integer(0, INT32_MAX)),
       special && special->boolean()},
      [&] { return token.where(); });
}

void check_components(const Json& root, std::string_view source) {
  const Json& model = root.at("model");
  for (const char* key : {"dropout", "continuing_subword_prefix", "end_of_word_suffix",
                          "byte_fallback", "ignore_merges"})
    require_off(model, key, source);
  for (const char* key : {"truncation", "padding", "normalizer"}) require_off(root, key, source);
  require_byte_level(root.at("decoder"), source);
  if (const Json* post = root.find("post_processor"); post && !post->is_null())
    require_byte_level(*post, source);
}

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

Json byte_level() {
  return Json::object({{"type", "ByteLevel"},
                       {"add_prefix_space", false},
                       {"trim_offsets", true},
                       {"use_regex", true}});
}

Json split_json(Digits digits) {
  if (digits == Digits::together) return byte_level();
  const Json one_by_one = Json::object({{"type", "Digits"}, {"individual_digits", true}});
  return Json::object(
      {{"type", "Sequence"}, {"pretokenizers", Json::array({one_by_one, byte_level()})}});
}

Json added_json(std::span<const AddedToken> added) {
  Json tokens = Json::array();
  for (const AddedToken& token : added)
    tokens.append(Json::object({{"id", token.id},
                                {"content", token.text},
                                {"single_word", false},
                                {"lstrip", false},
                                {"rstrip", false},
                                {"normalized", false},
                                {"special", token.special}}));
  return tokens;
}

}  // namespace

TokenizerParts parse_tokenizer_json(std::string_view json, std::string_view source) {
  // Merges may stand before the vocabulary they are made of: twice through the file.
  VocabularyReader vocabulary(source);
  const JsonStream first[] = {
      {"vocab", [&](const Json& entry) { vocabulary.add(entry); }},
      {"added_tokens", [&](const Json& token) { read_added(token, vocabulary); }},
      {"merges", [](const Json&) {}}};
  const Json root = Json::parse(json, source, {.streams = first});
  const Json& model = root.at("model");
  const Json* type = model.find("type");  // GPT-2's file, an old one, has none
  require(!type || type->text() == "BPE", "{}: the model must be of type BPE", source);
  require(model.at("merges").is_array() && model.at("vocab").is_object(),
          "{}: the merges must be an array, the vocabulary an object", source);
  const Json* added = root.find("added_tokens");
  require(!added || added->is_array(), "{}: the added tokens must be an array", source);
  require(lists_in(root) == (added ? 3 : 2),
          "{}: expected vocab, merges and added_tokens once, found more lists of these names",
          source);
  check_components(root, source);
  TokenizerParts parts = vocabulary.finish();
  parts.digits = digits_of(root.at("pre_tokenizer"), source);

  MergeReader merges(parts.tokens);
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
  return parts;
}

std::string tokenizer_json(const Tokenizer& tokenizer) {
  const Json model = Json::object({{"type", "BPE"},
                                   {"dropout", nullptr},
                                   {"unk_token", nullptr},
                                   {"continuing_subword_prefix", ""},
                                   {"end_of_word_suffix", ""},
                                   {"fuse_unk", false},
                                   {"byte_fallback", false}});
  std::string text = Json::object({{"version", "1.0"},
                                   {"truncation", nullptr},
                                   {"padding", nullptr},
                                   {"added_tokens", added_json(tokenizer.added())},
                                   {"normalizer", nullptr},
                                   {"pre_tokenizer", split_json(tokenizer.bpe().digits())},
                                   {"post_processor", nullptr},
                                   {"decoder", byte_level()},
                                   {"model", model}})
                         .dump(2);
  // The long lists are written by hand, at the end of the model.
  constexpr std::string_view kEnd = "\n  }\n}";
  text.resize(text.size() - kEnd.size());
  text += ",\n    \"vocab\": {";
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
