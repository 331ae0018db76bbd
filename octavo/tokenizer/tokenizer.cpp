#include "octavo/tokenizer/tokenizer.h"

#include <array>
#include <bitset>

#include "octavo/base/error.h"
#include "octavo/base/files.h"
#include "octavo/base/hash.h"
#include "octavo/base/json.h"
#include "octavo/base/text.h"

namespace octavo {
namespace {

constexpr const char* kMerges = "#version: 0.2\n";

std::string utf8_of(int code_point) {  // below U+0800
  if (code_point < 0x80) return std::string(1, static_cast<char>(code_point));
  return {static_cast<char>(0xC0 | code_point >> 6), static_cast<char>(0x80 | (code_point & 0x3F))};
}

// GPT-2 writes a byte as a visible character: itself where Latin-1 shows something, else one from
// U+0100 on, in the order of the bytes.
std::array<std::string, 256> byte_characters() {
  std::array<std::string, 256> characters;
  int replacement = 0x100;
  for (int byte = 0; byte < 256; ++byte) {
    const bool visible =
        (byte >= '!' && byte <= '~') || (byte >= 0xA1 && byte <= 0xAC) || byte >= 0xAE;
    characters[static_cast<size_t>(byte)] = utf8_of(visible ? byte : replacement++);
  }
  return characters;
}

Json vocabulary() {
  Json result = Json::object();
  int id = 0;
  for (const std::string& character : byte_characters()) result.set(character, id++);
  result.set(Tokenizer::kEndOfText, id);
  return result;
}

Json tokenizer_json() {
  const auto byte_level = [] {
    return Json::object({{"type", "ByteLevel"},
                         {"add_prefix_space", false},
                         {"trim_offsets", true},
                         {"use_regex", true}});
  };
  const Json end_of_text = Json::object({{"id", 256},
                                         {"content", Tokenizer::kEndOfText},
                                         {"single_word", false},
                                         {"lstrip", false},
                                         {"rstrip", false},
                                         {"normalized", false},
                                         {"special", true}});
  const Json model = Json::object({{"type", "BPE"},
                                   {"dropout", nullptr},
                                   {"unk_token", nullptr},
                                   {"continuing_subword_prefix", ""},
                                   {"end_of_word_suffix", ""},
                                   {"fuse_unk", false},
                                   {"byte_fallback", false},
                                   {"vocab", vocabulary()},
                                   {"merges", Json::array()}});
  return Json::object({{"version", "1.0"},
                       {"truncation", nullptr},
                       {"padding", nullptr},
                       {"added_tokens", Json::array({end_of_text})},
                       {"normalizer", nullptr},
                       {"pre_tokenizer", byte_level()},
                       {"post_processor", nullptr},
                       {"decoder", byte_level()},
                       {"model", model}});
}

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

/// The vocabulary and merges of a file that has many of them, perhaps: entry by entry.
class VocabularyCheck {
 public:
  void add(const Json& entry) {
    const Json* id = wanted_.find(entry.key());
    const bool good = id && *id == entry && !seen_[static_cast<size_t>(id->integer())];
    if (good) seen_.set(static_cast<size_t>(id->integer()));
    if (!good && strange_.empty()) strange_ = repair_utf8(entry.key());
    if (entry.key() != Tokenizer::kEndOfText) ++bytes_;
  }
  void add_merge() { ++merges_; }

  void finish(std::string_view source) const {
    require(merges_ == 0, "{}: merges are not supported yet, it has {}", source, merges_);
    require(bytes_ == 256, "{}: a vocabulary of the 256 bytes was expected, it has {} entries",
            source, bytes_);
    require(strange_.empty(), "{}: \"{}\" is not a byte under its own number", source, strange_);
  }

 private:
  const Json wanted_ = vocabulary();
  std::bitset<257> seen_;
  int64_t bytes_ = 0, merges_ = 0;
  std::string strange_;  // the first entry that is no byte under its own number, or is again
};

void check_added_tokens(const Json& added, std::string_view source) {
  require(added.size() == 1, "{}: one added token was expected, there are {}", source,
          added.size());
  const Json& token = added.at(size_t{0});
  require(token.at("content").text() == Tokenizer::kEndOfText && token.at("id").integer() == 256,
          "{}: the added token must be {} with id 256", source, Tokenizer::kEndOfText);
  for (const char* key : {"single_word", "lstrip", "rstrip"}) require_off(token, key, source);
}

}  // namespace

Tokenizer Tokenizer::bytes() { return Tokenizer(); }

Tokenizer Tokenizer::load(const std::filesystem::path& path) {
  const auto file = std::filesystem::is_directory(path) ? path / "tokenizer.json" : path;
  const MappedFile map(file);
  return parse(map.text(), file.string());
}

Tokenizer Tokenizer::parse(std::string_view json, std::string_view source) {
  VocabularyCheck check;
  const JsonStream streams[] = {{"vocab", [&](const Json& entry) { check.add(entry); }},
                                {"merges", [&](const Json&) { check.add_merge(); }}};
  const Json root = Json::parse(json, source, {.streams = streams});
  const Json& model = root.at("model");
  require(model.at("type").text() == "BPE", "{}: the model must be of type BPE", source);
  require(model.at("merges").is_array() && model.at("vocab").is_object(),
          "{}: the merges must be an array, the vocabulary an object", source);
  check.finish(source);
  for (const char* key :
       {"dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix", "byte_fallback"})
    require_off(model, key, source);
  check_added_tokens(root.at("added_tokens"), source);
  for (const char* key : {"truncation", "padding", "normalizer"}) require_off(root, key, source);
  require_byte_level(root.at("pre_tokenizer"), source);
  require_off(root.at("pre_tokenizer"), "add_prefix_space", source);
  require_byte_level(root.at("decoder"), source);
  if (const Json* post = root.find("post_processor"); post && !post->is_null())
    require_byte_level(*post, source);
  return bytes();
}

std::vector<int32_t> Tokenizer::encode(std::string_view text, SpecialTokens special) const {
  std::vector<int32_t> tokens;
  encode_into(text, tokens, special);
  return tokens;
}

void Tokenizer::encode_into(std::string_view text, std::vector<int32_t>& tokens,
                            SpecialTokens special) const {
  const auto append = [&](std::string_view plain) {
    const auto* first = reinterpret_cast<const unsigned char*>(plain.data());
    tokens.insert(tokens.end(), first, first + plain.size());
  };
  if (special == SpecialTokens::recognised) {
    size_t found;
    while ((found = text.find(kEndOfText)) != std::string_view::npos) {
      append(text.substr(0, found));
      tokens.push_back(end_of_text());
      text.remove_prefix(found + kEndOfText.size());
    }
  }
  append(text);
}

std::string_view Tokenizer::text_of(int32_t token) const {
  static constexpr auto kBytes = [] {
    std::array<char, 256> bytes{};
    for (int i = 0; i < 256; ++i) bytes[static_cast<size_t>(i)] = static_cast<char>(i);
    return bytes;
  }();
  require(token >= 0 && token < vocabulary_size(),
          "[decode] token {} is outside the vocabulary of {}", token, vocabulary_size());
  if (token == end_of_text()) return kEndOfText;
  return {&kBytes[static_cast<size_t>(token)], 1};
}

std::string Tokenizer::decode(std::span<const int32_t> tokens) const {
  std::string text;
  text.reserve(tokens.size());
  for (const int32_t token : tokens) text += text_of(token);
  return text;
}

std::string Tokenizer::fingerprint() const { return hash_hex(vocabulary().dump() + kMerges); }

std::vector<std::string> Tokenizer::save(const std::filesystem::path& folder) const {
  const Json special = Json::object(
      {{"bos_token", kEndOfText}, {"eos_token", kEndOfText}, {"unk_token", kEndOfText}});
  Json config = special;
  config.set("add_prefix_space", false)
      .set("clean_up_tokenization_spaces", false)
      .set("tokenizer_class", "GPT2Tokenizer");
  const std::vector<std::pair<std::string, std::string>> files = {
      {"tokenizer.json", tokenizer_json().dump(2) + "\n"},
      {"tokenizer_config.json", config.dump(2) + "\n"},
      {"special_tokens_map.json", special.dump(2) + "\n"},
      {"vocab.json", vocabulary().dump() + "\n"},
      {"merges.txt", kMerges}};
  std::vector<std::string> names;
  for (const auto& [name, text] : files) {
    write_file(folder / name, text);
    names.push_back(name);
  }
  return names;
}

std::string StreamDecoder::push(int32_t token) {
  // Some byte sequence makes a character of the bytes so far exactly if one of these two does: the
  // second byte is bound below after E0 (A0) and F0 (90), above after ED and F4, else free.
  const auto can_become_whole = [](const std::string& bytes) {
    return utf8_length(bytes + "\x80\x80\x80") > 0 || utf8_length(bytes + "\xA0\x80\x80") > 0;
  };
  pending_ += tokenizer_->text_of(token);
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
