#include "octavo/tokenizer/tokenizer_components.h"

#include <optional>

#include "octavo/base/error.h"
#include "octavo/base/text.h"
#include "octavo/tokenizer/normalize.h"
#include "octavo/tokenizer/split_patterns.h"
#include "octavo/tokenizer/vocabulary_reader.h"

namespace octavo {
namespace {

// Of one side of a frame; those in use have one token.
constexpr size_t kMaximumFrame = 64;

[[noreturn]] void not_supported(const Json& value, std::string_view what) {
  fail(ErrorKind::data, "{}: {} is not supported", value.where(), what);
}

bool is_null(const Json* value) { return !value || value->is_null(); }

// Absent, null, false, 0 and "" all say "off" in these files.
void require_off(const Json& object, std::string_view key) {
  const Json* value = object.find(key);
  const bool off = is_null(value) || (value->is_boolean() && !value->boolean()) ||
                   (value->is_text() && value->text().empty()) ||
                   (value->is_number() && value->number() == 0.0);
  if (!off) fail(ErrorKind::data, "{}: only null is supported", value->where());
}

void require_text(const Json& object, std::string_view key, std::string_view expected) {
  const Json& value = object.at(key);
  if (value.text() != expected)
    not_supported(value, fmt::format("{} (only {})", in_quotes(value.text()), in_quotes(expected)));
}

const std::string& type_of(const Json& component) { return component.at("type").text(); }

// The parts of sequences in their order, or the one component; none of null.
void add_parts(const Json* component, std::string_view list, std::vector<const Json*>& parts) {
  if (is_null(component)) return;
  if (type_of(*component) != "Sequence") return parts.push_back(component);
  for (const Json& part : component->at(list).items()) add_parts(&part, list, parts);
}

std::vector<const Json*> parts_of(const Json& root, std::string_view key, std::string_view list) {
  std::vector<const Json*> parts;
  add_parts(root.find(key), list, parts);
  return parts;
}

// {"String": " "} becomes "▁", or the other way round.
void require_replaces(const Json& replace, std::string_view from, std::string_view to) {
  require_text(replace.at("pattern"), "String", from);
  require_text(replace, "content", to);
}

// ---- Reading ------------------------------------------------------------------------------------

// Whether spaces become "▁".
bool read_normalizer(const Json& root, TokenizerRules& rules) {
  bool marks = false;
  for (const Json* part : parts_of(root, "normalizer", "normalizers")) {
    const std::string& type = type_of(*part);
    if (type == "NFC") {
      rules.normalization = Normalization::nfc;
    } else if (type == "Prepend") {
      require_text(*part, "prepend", kSpaceMark);
      rules.prefix = PrefixSpace::always;
    } else if (type == "Replace") {
      require_replaces(*part, " ", kSpaceMark);
      marks = true;
    } else {
      not_supported(*part, fmt::format("the normalizer {}", in_quotes(type)));
    }
  }
  return marks;
}

TextSplit read_split(const Json& split) {
  const Json& pattern = split.at("pattern").at("Regex");
  const std::optional<TextSplit> known = split_of_pattern(pattern.text());
  if (!known) not_supported(pattern, fmt::format("the split by {}", in_quotes(pattern.text())));
  const std::string& behavior = split.at("behavior").text();
  const bool keeps_matches =
      is_on(split, "invert") ? behavior == "Removed" : behavior == "Isolated";
  if (!keeps_matches)
    not_supported(split, fmt::format("a split whose \"behavior\" is {} and \"invert\" {}",
                                     in_quotes(behavior), is_on(split, "invert")));
  return *known;
}

void read_metaspace(const Json& metaspace, TokenizerRules& rules) {
  require_text(metaspace, "replacement", kSpaceMark);
  const Json* scheme = metaspace.find("prepend_scheme");
  const std::string prepended = !is_null(scheme)                             ? scheme->text()
                                : is_on(metaspace, "add_prefix_space", true) ? "always"
                                                                             : "never";
  if (rules.prefix != PrefixSpace::none)
    not_supported(metaspace, "the pre_tokenizer \"Metaspace\" after the normalizer \"Prepend\"");
  if (prepended == "always")
    rules.prefix = PrefixSpace::if_missing;
  else if (prepended == "first")
    rules.prefix = PrefixSpace::if_missing_at_start;
  else if (prepended != "never")
    not_supported(*scheme, in_quotes(prepended));
  rules.split = is_on(metaspace, "split", true) ? TextSplit::spaces : TextSplit::none;
}

void read_byte_level(const Json& byte_level, std::optional<TextSplit> before, bool digits,
                     TokenizerRules& rules) {
  const bool own_split = is_on(byte_level, "use_regex", true);
  if (is_on(byte_level, "add_prefix_space")) {
    if (before || digits) not_supported(byte_level.at("add_prefix_space"), "true after a split");
    rules.prefix = PrefixSpace::if_missing;
  }
  if (own_split && before) not_supported(byte_level, "\"use_regex\" after another split");
  rules.split = own_split ? TextSplit::gpt2 : before.value_or(TextSplit::none);
  if (!digits) return;
  if (rules.split != TextSplit::gpt2)
    not_supported(byte_level, "the pre_tokenizer \"Digits\" before another split than GPT-2's");
  rules.split = TextSplit::gpt2_digits;
}

// Digits, a split by a pattern, ByteLevel, each but the last if it is there; or Metaspace; or none.
void read_pre_tokenizer(const Json& root, TokenizerRules& rules, bool& marks) {
  const auto parts = parts_of(root, "pre_tokenizer", "pretokenizers");
  std::optional<TextSplit> split;
  bool digits = false, byte_level = false;
  for (const Json* part : parts) {
    const std::string& type = type_of(*part);
    const bool is_last = part == parts.back();
    if (type == "Digits" && !digits && !split && !is_last) {
      if (!is_on(*part, "individual_digits")) not_supported(*part, "\"individual_digits\" false");
      digits = true;
    } else if (type == "Split" && !split && !is_last) {
      split = read_split(*part);
    } else if (type == "ByteLevel" && is_last) {
      read_byte_level(*part, split, digits, rules);
      byte_level = true;
    } else if (type == "Metaspace" && parts.size() == 1) {
      read_metaspace(*part, rules);
      marks = true;
    } else {
      not_supported(*part, fmt::format("the pre_tokenizer {} at this place", in_quotes(type)));
    }
  }
  if (byte_level) return;
  if (parts.empty()) rules.split = TextSplit::none;
  rules.symbols = Symbols::characters;
}

void read_decoder(const Json& root, std::string_view source, TokenizerRules& rules) {
  const bool bytes = rules.symbols == Symbols::bytes;
  bool marks = false;
  const auto parts = parts_of(root, "decoder", "decoders");
  for (const Json* part : parts) {
    const std::string& type = type_of(*part);
    if (bytes && type == "ByteLevel" && parts.size() == 1) return;
    if (!bytes && type == "Replace") {
      require_replaces(*part, kSpaceMark, " ");
      marks = true;
    } else if (!bytes && type == "Strip") {
      require_text(*part, "content", " ");
      part->at("stop").integer(0, 0);
      if (part->at("start").integer(0, 1) == 1) rules.leading_space = LeadingSpace::dropped;
    } else if (!bytes && type == "Metaspace") {
      TokenizerRules own;
      read_metaspace(*part, own);
      if (own.prefix != PrefixSpace::none) rules.leading_space = LeadingSpace::dropped;
      marks = true;
    } else if (bytes || (type != "ByteFallback" && type != "Fuse")) {
      not_supported(*part, fmt::format("the decoder {} here", in_quotes(type)));
    }
  }
  require(marks, "{}: the decoder must be {}", source,
          bytes ? "of type ByteLevel" : "a sequence with Replace, U+2581 to a space");
}

// "single": tokens, the text, tokens.
TextFrame read_template(const Json& processor) {
  TextFrame frame;
  bool text_seen = false;
  const Json& tokens = processor.at("special_tokens");
  for (const Json& item : processor.at("single").items()) {
    if (const Json* sequence = item.find("Sequence")) {
      if (text_seen || sequence->at("id").text() != "A")
        not_supported(*sequence, "a template of more than one text A");
      text_seen = true;
      continue;
    }
    std::vector<int32_t>& side = text_seen ? frame.after : frame.before;
    const Json& ids = tokens.at(item.at("SpecialToken").at("id").text()).at("ids");
    for (const Json& id : ids.items())
      side.push_back(static_cast<int32_t>(id.integer(0, TokenTable::kMaximumSize - 1)));
    if (side.size() > kMaximumFrame) not_supported(item, "a template of so many tokens");
  }
  if (!text_seen) not_supported(processor.at("single"), "a template without a text");
  return frame;
}

TextFrame read_post_processor(const Json& root) {
  TextFrame frame;
  for (const Json* part : parts_of(root, "post_processor", "processors")) {
    const std::string& type = type_of(*part);
    if (type == "TemplateProcessing" && frame == TextFrame{})
      frame = read_template(*part);
    else if (type != "ByteLevel")  // which is about offsets
      not_supported(*part, fmt::format("the post_processor {} here", in_quotes(type)));
  }
  return frame;
}

// ---- Writing ------------------------------------------------------------------------------------

Json typed(std::string_view type, std::initializer_list<Json::Member> members = {}) {
  Json result = Json::object({{"type", type}});
  for (const Json::Member& member : members) result.set(member.first, member.second);
  return result;
}

Json sequence(std::string_view list, std::vector<Json> parts) {
  if (parts.empty()) return nullptr;
  if (parts.size() == 1) return parts[0];
  return typed("Sequence", {{list, Json::array_of(parts)}});
}

Json replace(std::string_view from, std::string_view to) {
  return typed("Replace", {{"pattern", Json::object({{"String", from}})}, {"content", to}});
}

Json byte_level(const TokenizerRules& rules, bool use_regex) {
  return typed("ByteLevel", {{"add_prefix_space", rules.prefix != PrefixSpace::none},
                             {"trim_offsets", true},
                             {"use_regex", use_regex}});
}

Json metaspace(const TokenizerRules& rules) {
  return typed("Metaspace",
               {{"replacement", kSpaceMark},
                {"prepend_scheme", rules.prefix == PrefixSpace::none         ? "never"
                                   : rules.prefix == PrefixSpace::if_missing ? "always"
                                                                             : "first"},
                {"split", rules.split == TextSplit::spaces}});
}

// SentencePiece's: the space before a text is the normalizer's to put, or Metaspace's.
bool is_prefixed_by_metaspace(const TokenizerRules& rules) {
  return rules.symbols == Symbols::characters &&
         (rules.prefix == PrefixSpace::if_missing ||
          rules.prefix == PrefixSpace::if_missing_at_start || rules.split == TextSplit::spaces);
}

Json normalizer_json(const TokenizerRules& rules) {
  std::vector<Json> parts;
  if (rules.normalization == Normalization::nfc) parts.push_back(typed("NFC"));
  if (rules.symbols == Symbols::characters && !is_prefixed_by_metaspace(rules)) {
    if (rules.prefix == PrefixSpace::always)
      parts.push_back(typed("Prepend", {{"prepend", kSpaceMark}}));
    parts.push_back(replace(" ", kSpaceMark));
  }
  return sequence("normalizers", std::move(parts));
}

Json pre_tokenizer_json(const TokenizerRules& rules) {
  if (rules.symbols == Symbols::characters)
    return is_prefixed_by_metaspace(rules) ? metaspace(rules) : Json();
  std::vector<Json> parts;
  if (rules.split == TextSplit::gpt2_digits)
    parts.push_back(typed("Digits", {{"individual_digits", true}}));
  const bool own_split = rules.split == TextSplit::gpt2 || rules.split == TextSplit::gpt2_digits;
  if (!own_split && rules.split != TextSplit::none)
    parts.push_back(typed("Split", {{"pattern", Json::object({{"Regex", pattern_of(rules.split)}})},
                                    {"behavior", "Isolated"},
                                    {"invert", false}}));
  parts.push_back(byte_level(rules, own_split));
  return sequence("pretokenizers", std::move(parts));
}

Json decoder_json(const TokenizerRules& rules) {
  if (rules.symbols == Symbols::bytes) {
    TokenizerRules plain;
    return byte_level(plain, true);
  }
  std::vector<Json> parts{replace(kSpaceMark, " "), typed("ByteFallback"), typed("Fuse")};
  if (rules.leading_space == LeadingSpace::dropped)
    parts.push_back(typed("Strip", {{"content", " "}, {"start", 1}, {"stop", 0}}));
  return sequence("decoders", std::move(parts));
}

Json post_processor_json(const Tokenizer& tokenizer) {
  const TextFrame& frame = tokenizer.frame();
  if (frame == TextFrame{}) return nullptr;
  Json tokens = Json::object();
  const auto framed = [&](std::string_view text, int type, Json& items) {
    const auto add = [&](std::span<const int32_t> ids) {
      for (const int32_t id : ids) {
        const std::string name(tokenizer.text_of(id));
        items.append(
            Json::object({{"SpecialToken", Json::object({{"id", name}, {"type_id", type}})}}));
        tokens.set(
            name, Json::object(
                      {{"id", name}, {"ids", Json::array({id})}, {"tokens", Json::array({name})}}));
      }
    };
    add(frame.before);
    items.append(Json::object({{"Sequence", Json::object({{"id", text}, {"type_id", type}})}}));
    add(frame.after);
  };
  Json single = Json::array(), pair = Json::array();
  framed("A", 0, single);
  framed("A", 0, pair);
  framed("B", 1, pair);
  return typed("TemplateProcessing",
               {{"single", single}, {"pair", pair}, {"special_tokens", tokens}});
}

Json model_json(const Tokenizer& tokenizer) {
  const bool bytes = tokenizer.rules().symbols == Symbols::bytes;
  const int32_t unknown = bytes ? -1 : tokenizer.roles().unknown;
  Json model = Json::object({{"type", "BPE"},
                             {"dropout", nullptr},
                             {"unk_token", unknown < 0 ? Json() : Json(tokenizer.text_of(unknown))},
                             {"continuing_subword_prefix", bytes ? Json("") : Json()},
                             {"end_of_word_suffix", bytes ? Json("") : Json()},
                             {"fuse_unk", !bytes},
                             {"byte_fallback", !bytes}});
  if (tokenizer.rules().whole_pieces == WholePieces::taken) model.set("ignore_merges", true);
  return model;
}

}  // namespace

TokenizerComponents read_components(const Json& root, std::string_view source) {
  TokenizerComponents result;
  TokenizerRules& rules = result.rules;
  const Json& model = root.at("model");
  for (const char* key : {"dropout", "continuing_subword_prefix", "end_of_word_suffix"})
    require_off(model, key);
  bool marks = read_normalizer(root, rules);
  read_pre_tokenizer(root, rules, marks);
  const bool fallback = is_on(model, "byte_fallback");
  if (rules.symbols == Symbols::bytes) {
    if (fallback) not_supported(model.at("byte_fallback"), "true beside ByteLevel");
    if (marks || rules.prefix == PrefixSpace::always)
      not_supported(root.at("normalizer"),
                    "the normalizer \"Replace\" or \"Prepend\" beside ByteLevel");
  } else {
    require(fallback,
            "{}: expected the pre_tokenizer \"ByteLevel\", or \"byte_fallback\" true; without them "
            "there is no token for some bytes",
            source);
    require(marks, "{}: expected spaces to become U+2581, by a normalizer \"Replace\" or Metaspace",
            source);
  }
  if (is_on(model, "ignore_merges")) rules.whole_pieces = WholePieces::taken;
  read_decoder(root, source, rules);
  result.frame = read_post_processor(root);
  return result;
}

Json components_json(const Tokenizer& tokenizer) {
  return Json::object({{"version", "1.0"},
                       {"truncation", nullptr},
                       {"padding", nullptr},
                       {"added_tokens", Json::array()},
                       {"normalizer", normalizer_json(tokenizer.rules())},
                       {"pre_tokenizer", pre_tokenizer_json(tokenizer.rules())},
                       {"post_processor", post_processor_json(tokenizer)},
                       {"decoder", decoder_json(tokenizer.rules())},
                       {"model", model_json(tokenizer)}});
}

}  // namespace octavo
