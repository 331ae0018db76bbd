#include "octavo/tokenizer/tokenizer_config.h"

#include <algorithm>
#include <charconv>

#include "octavo/base/error.h"
#include "octavo/base/text.h"
#include "octavo/tokenizer/spelling.h"
#include "octavo/tokenizer/vocabulary_reader.h"

namespace octavo {
namespace {

const Json* present(const Json& object, std::string_view key) {
  const Json* value = object.find(key);
  return value && !value->is_null() ? value : nullptr;
}

// A token is its text, or an object that has it.
const std::string& text_of_token(const Json& token) {
  return token.is_object() ? token.at("content").text() : token.text();
}

// −1: there is none of this name.
int32_t find_token(const TokenizerParts& parts, std::string_view name) {
  const auto added = std::ranges::find(parts.added, name, &AddedToken::text);
  if (added != parts.added.end()) return added->id;
  return find_spelled(parts.tokens, name, parts.rules.symbols);
}

void read_role(const Json& config, const char* key, const TokenizerParts& parts, int32_t& role) {
  const Json* token = present(config, key);
  if (!token) return;
  role = find_token(parts, text_of_token(*token));
}

void require_role(const Json& config, const char* key, int32_t role) {
  const Json* token = present(config, key);
  if (token && role < 0)
    fail(ErrorKind::data, "{}: the vocabulary has no token {}", token->where(),
         in_quotes(text_of_token(*token)));
}

// Whether `token` is at this end of a text, if the file says so.
void apply_switch(const Json& config, const char* key, int32_t token, std::vector<int32_t>& side) {
  const Json* value = present(config, key);
  if (!value) return;
  const bool is_there = std::ranges::find(side, token) != side.end();
  if (!value->boolean()) {
    std::erase(side, token);
  } else if (!is_there) {
    if (token < 0) fail(ErrorKind::data, "{}: the file names no token to add", value->where());
    side.insert(side.begin(), token);
  }
}

void read_templates(const Json& config, std::vector<ChatTemplate>& templates) {
  const Json* value = present(config, "chat_template");
  if (!value) return;
  if (value->is_text()) {
    templates.push_back({"default", value->text()});
    return;
  }
  for (const Json& one : value->items())
    templates.push_back({one.at("name").text(), one.at("template").text()});
}

Json templates_json(std::span<const ChatTemplate> templates) {
  if (templates.size() == 1 && templates[0].name == "default") return templates[0].text;
  Json list = Json::array();
  for (const ChatTemplate& one : templates)
    list.append(Json::object({{"name", one.name}, {"template", one.text}}));
  return list;
}

}  // namespace

std::vector<AddedToken> added_tokens_of(const Json& config) {
  std::vector<AddedToken> added;
  const Json* list = present(config, "added_tokens_decoder");
  if (!list) return added;
  for (const Json& token : list->members()) {
    int32_t id = -1;
    const std::string_view digits = token.key();
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), id);
    if (error != std::errc() || end != digits.data() + digits.size() || id < 0)
      fail(ErrorKind::data, "{}: expected a token's id", token.where());
    if (added.size() == VocabularyReader::kMaximumAdded)
      fail(ErrorKind::data, "{}: expected at most {} added tokens, found more", token.where(),
           added.size());
    added.push_back(read_added_token(token, id));
  }
  return added;
}

void apply_config(const Json& config, TokenizerParts& parts) {
  TokenRoles& roles = parts.roles;
  read_role(config, "bos_token", parts, roles.begin_of_text);
  read_role(config, "eos_token", parts, roles.end_of_text);
  read_role(config, "unk_token", parts, roles.unknown);
  read_role(config, "pad_token", parts, roles.padding);
  require_role(config, "bos_token", roles.begin_of_text);
  require_role(config, "eos_token", roles.end_of_text);
  apply_switch(config, "add_bos_token", roles.begin_of_text, parts.frame.before);
  apply_switch(config, "add_eos_token", roles.end_of_text, parts.frame.after);
  read_templates(config, parts.chat_templates);
}

Json special_tokens_json(const Tokenizer& tokenizer) {
  const TokenRoles& roles = tokenizer.roles();
  const int32_t end = tokenizer.end_of_text();
  // GPT-2's end of text plays all parts.
  const bool is_gpt2s = end >= 0 && tokenizer.text_of(end) == Tokenizer::kEndOfText;
  Json special = Json::object();
  const auto set = [&](const char* key, int32_t role, bool is_end_if_absent) {
    if (role < 0 && is_end_if_absent) role = end;
    if (role >= 0) special.set(key, tokenizer.text_of(role));
  };
  set("bos_token", roles.begin_of_text, is_gpt2s);
  set("eos_token", end, false);
  set("unk_token", roles.unknown, is_gpt2s);
  set("pad_token", roles.padding, false);
  Json others = Json::array();
  for (const AddedToken& token : tokenizer.added()) {
    const auto is_played = [&](int32_t role) { return token.id == role; };
    const int32_t played[] = {roles.begin_of_text, end, roles.unknown, roles.padding};
    if (token.special && std::ranges::none_of(played, is_played)) others.append(token.text);
  }
  if (others.size() > 0) special.set("additional_special_tokens", std::move(others));
  return special;
}

Json tokenizer_config_json(const Tokenizer& tokenizer) {
  const auto templates = tokenizer.chat_templates();
  Json config;
  if (const Json* read = tokenizer.parts().tokenizer_config.get()) {
    config = *read;
  } else {
    const TextFrame& frame = tokenizer.frame();
    const TokenRoles& roles = tokenizer.roles();
    config = special_tokens_json(tokenizer);
    if (frame.before == std::vector{roles.begin_of_text}) config.set("add_bos_token", true);
    if (frame.after == std::vector{roles.end_of_text}) config.set("add_eos_token", true);
    config.set("add_prefix_space", tokenizer.rules().prefix != PrefixSpace::none)
        .set("clean_up_tokenization_spaces", false)
        .set("tokenizer_class",
             tokenizer.rules() == TokenizerRules{} ? "GPT2Tokenizer" : "PreTrainedTokenizerFast");
  }
  if (!templates.empty()) config.set("chat_template", templates_json(templates));
  return config;
}

}  // namespace octavo
