#include "octavo/checkpoint/tokenizer_io.h"

#include <algorithm>

#include "octavo/base/error.h"
#include "octavo/tokenizer/gguf_tokenizer.h"
#include "octavo/weights/gguf_set.h"

namespace octavo {
namespace {

constexpr size_t kMaximumTemplate = size_t{1} << 20;  // what can be parsed
// What llama.cpp calls the model of a file without a tokenizer.
constexpr std::string_view kNone[] = {"no_vocab", "none"};

std::string_view text_at(const GgufMetadata& metadata, std::string_view key) {
  const GgufValue* value = metadata.find(key);
  return value ? value->text() : std::string_view();
}

std::optional<int64_t> integer_at(const GgufMetadata& metadata, std::string_view key) {
  const GgufValue* value = metadata.find(key);
  return value ? std::optional(value->integer()) : std::nullopt;
}

std::optional<bool> boolean_at(const GgufMetadata& metadata, std::string_view key) {
  const GgufValue* value = metadata.find(key);
  return value ? std::optional(value->boolean()) : std::nullopt;
}

// An array, which may be absent; nothing is unpacked of one that is too long.
template <class Item, class Unpack>
std::vector<Item> list_at(const GgufMetadata& metadata, std::string_view key, size_t limit,
                          const Unpack& unpack) {
  std::vector<Item> items;
  const GgufValue* value = metadata.find(key);
  if (!value) return items;
  require(value->size() <= limit, "{}: expected at most {}, found {}", value->where(), limit,
          value->size());
  items.reserve(value->size());
  value->each([&](const GgufValue& item) { items.push_back(unpack(item)); });
  return items;
}

std::vector<ChatTemplate> templates_in(const GgufMetadata& metadata) {
  std::vector<ChatTemplate> templates;
  const auto text_of = [](const GgufValue& value) {
    require(value.text().size() <= kMaximumTemplate, "{}: expected at most {} bytes, found {}",
            value.where(), kMaximumTemplate, value.text().size());
    return std::string(value.text());
  };
  const std::string prefix = std::string(gguf_key::kTemplate) + ".";
  for (const GgufValue& value : metadata.values()) {
    const std::string_view key = value.key();
    if (key == gguf_key::kTemplate)
      templates.push_back({"default", text_of(value)});
    else if (key.starts_with(prefix))
      templates.push_back({std::string(key.substr(prefix.size())), text_of(value)});
  }
  return templates;
}

void set_templates(GgufMetadata& metadata, std::span<const ChatTemplate> templates) {
  std::vector<std::string_view> names;
  for (const auto& [name, text] : templates) {
    if (name == "default") {
      metadata.set(gguf_key::kTemplate, text);
      continue;
    }
    metadata.set(fmt::format("{}.{}", gguf_key::kTemplate, name), text);
    names.push_back(name);
  }
  if (!names.empty()) metadata.set_array(gguf_key::kTemplateNames, names);
}

}  // namespace

Tokenizer load_tokenizer(const std::filesystem::path& path) {
  if (path.extension() != ".gguf") return Tokenizer::load(path);
  const GgufSet set = GgufSet::open(path);
  std::optional<Tokenizer> tokenizer = tokenizer_of(set.metadata(), path.string());
  require(tokenizer.has_value(), "{}: the file holds no tokenizer", path.string());
  return *std::move(tokenizer);
}

std::optional<Tokenizer> tokenizer_of(const GgufMetadata& metadata, std::string_view source) {
  constexpr size_t kTokens = TokenTable::kMaximumSize;
  const auto text = [](const GgufValue& item) { return item.text(); };
  GgufTokenizer parts;
  parts.model = text_at(metadata, gguf_key::kModel);
  if (parts.model.empty() || std::ranges::find(kNone, parts.model) != std::end(kNone))
    return std::nullopt;
  parts.pre = text_at(metadata, gguf_key::kPre);
  parts.tokens = list_at<std::string_view>(metadata, gguf_key::kTokens, kTokens, text);
  parts.scores = list_at<float>(metadata, gguf_key::kScores, kTokens, [](const GgufValue& item) {
    return static_cast<float>(item.number());
  });
  parts.types = list_at<int32_t>(metadata, gguf_key::kTypes, kTokens, [](const GgufValue& item) {
    return static_cast<int32_t>(item.integer(INT32_MIN, INT32_MAX));
  });
  parts.merges = list_at<std::string_view>(metadata, gguf_key::kMerges, kMaximumMerges, text);
  parts.begin_of_text = integer_at(metadata, gguf_key::kBegin);
  parts.end_of_text = integer_at(metadata, gguf_key::kEnd);
  parts.unknown = integer_at(metadata, gguf_key::kUnknown);
  parts.padding = integer_at(metadata, gguf_key::kPadding);
  parts.adds_begin = boolean_at(metadata, gguf_key::kAddsBegin);
  parts.adds_end = boolean_at(metadata, gguf_key::kAddsEnd);
  parts.adds_space = boolean_at(metadata, gguf_key::kAddsSpace);
  parts.chat_templates = templates_in(metadata);
  return Tokenizer(parse_gguf_tokenizer(parts, source));
}

void set_tokenizer(GgufMetadata& metadata, const Tokenizer& tokenizer, int64_t vocabulary) {
  const GgufTokenizer parts = gguf_tokenizer(tokenizer, vocabulary);
  metadata.set(gguf_key::kModel, parts.model).set(gguf_key::kPre, parts.pre);
  metadata.set_array(gguf_key::kTokens, parts.tokens);
  if (!parts.scores.empty()) metadata.set_array(gguf_key::kScores, parts.scores);
  metadata.set_array(gguf_key::kTypes, parts.types);
  if (parts.scores.empty()) metadata.set_array(gguf_key::kMerges, parts.merges);
  const auto set_id = [&](std::string_view key, std::optional<int64_t> id) {
    if (id) metadata.set(key, static_cast<uint32_t>(*id));
  };
  const auto set_switch = [&](std::string_view key, std::optional<bool> is_on) {
    if (is_on) metadata.set(key, *is_on);
  };
  set_id(gguf_key::kBegin, parts.begin_of_text);
  set_id(gguf_key::kEnd, parts.end_of_text);
  set_id(gguf_key::kUnknown, parts.unknown);
  set_id(gguf_key::kPadding, parts.padding);
  set_switch(gguf_key::kAddsBegin, parts.adds_begin);
  set_switch(gguf_key::kAddsEnd, parts.adds_end);
  set_switch(gguf_key::kAddsSpace, parts.adds_space);
  set_templates(metadata, parts.chat_templates);
}

}  // namespace octavo
