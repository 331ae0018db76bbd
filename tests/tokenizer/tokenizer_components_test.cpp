// tokenizer.json of other families: what their components mean, that it is written again with the
// same meaning, and what is not supported is said by key and value.
#include "octavo/tokenizer/tokenizer_components.h"

#include "octavo/base/json.h"
#include "octavo/tokenizer/byte_characters.h"
#include "octavo/tokenizer/split_patterns.h"
#include "tests/tokenizer/support.h"

namespace octavo {
namespace {

// The learned tokenizer's file (support.h) with other components.
std::string file_with(
    std::initializer_list<std::pair<std::string_view, std::string_view>> changes) {
  std::string text = Json::parse(tokenizer_json(Tokenizer(learned_parts())), "x").dump();
  for (const auto& [from, to] : changes) text = replaced(std::move(text), from, to);
  return text;
}

const std::string
    kNormalizer = "\"normalizer\": null",
    kPost = "\"post_processor\": null",
    kByteLevel =
        R"({"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true})",
    kPre = "\"pre_tokenizer\": " + kByteLevel,
    kPlainBytes = R"({"type": "ByteLevel", "add_prefix_space": false, )"
                  R"("trim_offsets": true, "use_regex": false})";

std::string sequence_of(const std::string& first, const std::string& second = kPlainBytes) {
  return R"("pre_tokenizer": {"type": "Sequence", "pretokenizers": [)" + first + ", " + second +
         "]}";
}

std::string split_by(std::string_view pattern,
                     std::string_view rest = R"("behavior": "Isolated", "invert": false)") {
  return fmt::format(R"({{"type": "Split", "pattern": {{"Regex": {}}}, {}}})", Json(pattern).dump(),
                     rest);
}

TokenizerParts read(const std::string& file) {
  TokenizerParts parts = parse_tokenizer_json(file, "t.json");
  // It is written as it was read, and as if it had come from elsewhere, with the same meaning.
  for (const bool as_read : {true, false}) {
    TokenizerParts copy = parts;
    if (!as_read) copy.tokenizer_json = nullptr;
    const TokenizerParts again = parse_tokenizer_json(tokenizer_json(Tokenizer(copy)), "t.json");
    expect_same(again, parts);
    EXPECT_EQ(again.frame, parts.frame);
  }
  return parts;
}

TEST(TokenizerComponents, splits) {
  const auto split_of = [](const std::string& pre) {
    return read(file_with({{kPre, pre}})).rules.split;
  };
  EXPECT_EQ(split_of(kPre), TextSplit::gpt2);
  EXPECT_EQ(split_of("\"pre_tokenizer\": " + kPlainBytes), TextSplit::none);
  EXPECT_EQ(split_of(sequence_of(R"({"type": "Digits", "individual_digits": true})", kByteLevel)),
            TextSplit::gpt2_digits);
  for (const TextSplit split :
       {TextSplit::gpt2, TextSplit::gpt4, TextSplit::qwen2, TextSplit::gpt4o, TextSplit::tekken}) {
    EXPECT_EQ(split_of(sequence_of(split_by(pattern_of(split)))), split);
    EXPECT_EQ(split_of(sequence_of(
                  split_by(pattern_of(split), R"("behavior": "Removed", "invert": true)"))),
              split);
  }
}

TEST(TokenizerComponents, llama_3) {
  const TokenizerParts parts = read(
      file_with({{kPre, sequence_of(split_by(pattern_of(TextSplit::gpt4)))},
                 {"\"byte_fallback\": false", "\"byte_fallback\": false, \"ignore_merges\": true"},
                 {"\"th\": 256", "\"th\": 256, \"ine\": 300, \"hen\": 301"},
                 {kPost,
                  R"("post_processor": {"type": "Sequence", "processors": [
           {"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": false, "use_regex": true},
           {"type": "TemplateProcessing",
            "single": [{"SpecialToken": {"id": "<|endoftext|>", "type_id": 0}},
                       {"Sequence": {"id": "A", "type_id": 0}}],
            "pair": [{"Sequence": {"id": "A", "type_id": 0}},
                     {"Sequence": {"id": "B", "type_id": 1}}],
            "special_tokens": {"<|endoftext|>": {"id": "<|endoftext|>", "ids": [262],
                                                 "tokens": ["<|endoftext|>"]}}}]})"}}));
  EXPECT_EQ(parts.rules.whole_pieces, WholePieces::taken);
  EXPECT_EQ(parts.frame, (TextFrame{{262}, {}}));
  const Tokenizer tokenizer(parts);
  // "ine" is a piece, and a token that no merges make; of "fine" it is only a part.
  EXPECT_EQ(tokenizer.encode("ine fine.hen"),
            (std::vector<int32_t>{300, ' ', 'f', 261, 'e', '.', 'h', 'e', 'n'}));
  EXPECT_EQ(tokenizer.encode("1234"), (std::vector<int32_t>{'1', '2', '3', '4'}));
  // Both templates, and the pair's, are written as they were.
  const Json written = Json::parse(tokenizer_json(tokenizer), "x");
  EXPECT_EQ(written.at("post_processor").at("processors").at(1).at("pair").size(), 2u);
}

TEST(TokenizerComponents, gpt_neox) {
  const TokenizerParts parts = read(file_with(
      {{kNormalizer, R"("normalizer": {"type": "NFC"})"},
       {"\"added_tokens\": [", R"("added_tokens": [{"id": 300, "content": "   ", "special": false,
          "normalized": true, "lstrip": false, "rstrip": false, "single_word": false},
          {"id": 301, "content": "\u00e9\u00e9", "special": false, "normalized": true},)"}}));
  const Tokenizer tokenizer(parts);
  EXPECT_EQ(tokenizer.encode("e\u0301   x"), (std::vector<int32_t>{259, 300, 'x'}));
  EXPECT_EQ(tokenizer.encode("e\u0301e\u0301"), (std::vector<int32_t>{301}));
}

TEST(TokenizerComponents, a_space_before_the_text) {
  const std::string prefixed =
      replaced(kPre, "\"add_prefix_space\": false", "\"add_prefix_space\": true");
  const Tokenizer tokenizer(read(file_with({{kPre, prefixed}})));
  EXPECT_EQ(tokenizer.encode("the"), std::vector<int32_t>{258});
  EXPECT_EQ(tokenizer.encode(" the"), std::vector<int32_t>{258});
  EXPECT_EQ(tokenizer.encode(""), std::vector<int32_t>{});
  EXPECT_EQ(tokenizer.encode("the<|endoftext|>the", SpecialTokens::recognised),
            (std::vector<int32_t>{258, 262, 258}));
  EXPECT_EQ(tokenizer.decode(std::vector<int32_t>{258}), " the");  // as ByteLevel decodes
}

// ---- SentencePiece's, as Hugging Face converts them ---------------------------------------------

// Tokens: <unk>, <s>, </s>, the bytes, then these; merges of all that are one together.
std::string sentencepiece_file(std::string_view normalizer, std::string_view pre_tokenizer,
                               std::string_view decoders) {
  std::string vocabulary = R"("<unk>": 0, "<s>": 1, "</s>": 2)";
  for (int byte = 0; byte < 256; ++byte)
    vocabulary += fmt::format(R"(, "<0x{:02X}>": {})", byte, byte + 3);
  int id = 259;
  for (const char* piece :
       {"\u2581", "a", "b", "\u2581a", "ab", "\u2581ab", "\u2581\u2581", "\u00e9"})
    vocabulary += fmt::format(R"(, "{}": {})", piece, id++);
  return fmt::format(
      R"({{"version": "1.0", "truncation": null, "padding": null,
      "added_tokens": [{{"id": 1, "content": "<s>", "special": true, "normalized": false}},
                       {{"id": 0, "content": "<unk>", "special": true, "normalized": false}},
                       {{"id": 2, "content": "</s>", "special": true, "normalized": false}}],
      "normalizer": {}, "pre_tokenizer": {}, "post_processor": null,
      "decoder": {{"type": "Sequence", "decoders": [{{"type": "Replace", "pattern":
        {{"String": "{}"}}, "content": " "}}, {{"type": "ByteFallback"}}, {{"type": "Fuse"}}{}]}},
      "model": {{"type": "BPE", "dropout": null, "unk_token": "<unk>",
        "continuing_subword_prefix": null, "end_of_word_suffix": null, "fuse_unk": true,
        "byte_fallback": true, "vocab": {{{}}},
        "merges": ["{} a", "a b", "{}a b", "{} ab", "{} {}"]}}}})",
      normalizer, pre_tokenizer, "\u2581", decoders, vocabulary, "\u2581", "\u2581", "\u2581",
      "\u2581", "\u2581");
}

constexpr std::string_view kReplace =
    R"({"type": "Replace", "pattern": {"String": " "}, "content": "▁"})";
constexpr std::string_view kStrip = R"(, {"type": "Strip", "content": " ", "start": 1, "stop": 0})";

TEST(TokenizerComponents, llama_2) {
  const Tokenizer tokenizer(read(sentencepiece_file(
      fmt::format(
          R"({{"type": "Sequence", "normalizers": [{{"type": "Prepend", "prepend": "▁"}}, {}]}})",
          kReplace),
      "null", kStrip)));
  const auto expect = [&](std::string_view text, const std::vector<int32_t>& tokens,
                          std::string_view again) {
    EXPECT_EQ(tokenizer.encode(text, SpecialTokens::recognised), tokens) << text;
    EXPECT_EQ(tokenizer.decode(tokens), again) << text;
  };
  expect("", {}, "");
  expect("ab", {264}, "ab");
  expect(" ab", {259, 264}, " ab");
  expect("a\u2581b", {262, 259, 261}, "a b");  // the mark is a space
  expect("\u00e9\n\u00ea", {259, 266, 13, 0xC3 + 3, 0xAA + 3}, "\u00e9\n\u00ea");
  expect("ab<s>ab", {264, 1, 264}, "ab<s>ab");
  EXPECT_EQ(tokenizer.encode("<s>").size(), 4u);
  EXPECT_EQ(tokenizer.encode("\xFF"), (std::vector<int32_t>{259, 0xFF + 3}));
  // To a token that is looked for behind the normalizer, a space is U+2581 and no white space.
  TokenizerParts parts = read(tokenizer_json(tokenizer));
  parts.added.push_back({.text = "cat",
                         .id = 300,
                         .special = false,
                         .normalized = true,
                         .takes_space_before = true,
                         .takes_space_after = true});
  EXPECT_EQ(Tokenizer(parts).encode(" cat\n a"), (std::vector<int32_t>{259, 300, 262}));
}

TEST(TokenizerComponents, metaspace) {
  const auto tokens_of = [](const std::string& scheme, std::string_view text) {
    const Tokenizer tokenizer(read(sentencepiece_file(
        "null", R"({"type": "Metaspace", "replacement": "▁", )" + scheme + "}", kStrip)));
    return tokenizer.encode(text, SpecialTokens::recognised);
  };
  using Tokens = std::vector<int32_t>;
  const std::string first = R"("prepend_scheme": "first", "split": false)",
                    always = R"("prepend_scheme": "always", "split": false)",
                    never = R"("prepend_scheme": "never", "split": false)",
                    old = R"("add_prefix_space": true)";
  EXPECT_EQ(tokens_of(first, "ab<s>ab  ab"), (Tokens{264, 1, 263, 259, 264}));
  EXPECT_EQ(tokens_of(first, " ab"), Tokens{264});
  EXPECT_EQ(tokens_of(first, "<s>ab"), (Tokens{1, 263}));
  EXPECT_EQ(tokens_of(always, "ab<s>ab"), (Tokens{264, 1, 264}));
  EXPECT_EQ(tokens_of(never, "ab<s> ab"), (Tokens{263, 1, 264}));
  EXPECT_EQ(tokens_of(old, "ab  ab"), (Tokens{264, 259, 264}));  // it splits at every space
}

// ---- What is not supported ----------------------------------------------------------------------

void expect_refused(const std::string& file, std::string_view words) {
  const std::string error =
      error_of(ErrorKind::data, [&] { parse_tokenizer_json(file, "t.json"); });
  EXPECT_TRUE(error.starts_with("t.json:")) << error;
  EXPECT_NE(error.find(words), std::string::npos) << error << "\nlacks " << words;
}

TEST(TokenizerComponents, what_is_not_supported) {
  const auto normalizer = [](const std::string& json) {
    return file_with({{kNormalizer, "\"normalizer\": " + json}});
  };
  expect_refused(normalizer(R"({"type": "Lowercase"})"),
                 "\"normalizer\": the normalizer \"Lowercase\" is not supported");
  expect_refused(
      normalizer(R"({"type": "Sequence", "normalizers": [{"type": "NFC"}, {"type": "Strip"}]})"),
      "the normalizer \"Strip\"");
  expect_refused(normalizer(R"({"type": "Prepend", "prepend": "_"})"), "\"prepend\": \"_\"");
  expect_refused(normalizer(R"({"type": "Prepend", "prepend": "▁"})"), "beside ByteLevel");
  expect_refused(normalizer(std::string(kReplace)), "beside ByteLevel");
  expect_refused(normalizer("[]"), "\"normalizer\": expected");

  const auto pre = [](const std::string& json) { return file_with({{kPre, json}}); };
  expect_refused(pre("\"pre_tokenizer\": null"), "expected the pre_tokenizer \"ByteLevel\"");
  expect_refused(pre(R"("pre_tokenizer": {"type": "Whitespace"})"),
                 "the pre_tokenizer \"Whitespace\"");
  expect_refused(pre(sequence_of(split_by("\\s+"))), "\"Regex\": the split by \"\\s+\" is not");
  expect_refused(pre(sequence_of(split_by(pattern_of(TextSplit::gpt4),
                                          R"("behavior": "Removed", "invert": false)"))),
                 "a split whose \"behavior\" is \"Removed\" and \"invert\" false");
  expect_refused(pre(sequence_of(split_by(pattern_of(TextSplit::gpt4)), kByteLevel)), "use_regex");
  expect_refused(pre(sequence_of(R"({"type": "Digits", "individual_digits": false})", kByteLevel)),
                 "\"individual_digits\" false");
  expect_refused(pre(sequence_of(R"({"type": "Digits", "individual_digits": true})")),
                 "the pre_tokenizer \"Digits\" before another split");
  expect_refused(pre(sequence_of(kByteLevel, R"({"type": "Digits", "individual_digits": true})")),
                 "the pre_tokenizer \"ByteLevel\" at this place");
  expect_refused(pre(sequence_of(split_by(pattern_of(TextSplit::gpt4)),
                                 replaced(kPlainBytes, "space\": false", "space\": true"))),
                 "\"add_prefix_space\": true after a split");

  const auto post = [](const std::string& json) {
    return file_with({{kPost, "\"post_processor\": " + json}});
  };
  expect_refused(post(R"({"type": "BertProcessing"})"), "the post_processor \"BertProcessing\"");
  expect_refused(post(R"({"type": "TemplateProcessing", "single": [], "special_tokens": {}})"),
                 "\"single\": a template without a text");
  expect_refused(post(R"({"type": "TemplateProcessing", "single": [{"Sequence": {"id": "B"}}],
                          "special_tokens": {}})"),
                 "more than one text A");
  expect_refused(post(R"({"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "<s>"}}],
                          "special_tokens": {}})"),
                 "expected the key \"<s>\"");
  expect_refused(post(R"({"type": "TemplateProcessing",
                          "single": [{"SpecialToken": {"id": "<s>"}}, {"Sequence": {"id": "A"}}],
                          "special_tokens": {"<s>": {"ids": [999]}}})"),
                 "the start of the frame of a text is token 999, which the vocabulary lacks");

  const auto model = [](std::string_view from, std::string_view to) {
    return file_with({{from, to}});
  };
  expect_refused(model("\"type\": \"BPE\"", "\"type\": \"WordPiece\""),
                 "\"type\": expected a model of type BPE; \"WordPiece\" is not supported");
  expect_refused(model("\"dropout\": null", "\"dropout\": 0.1"), "\"dropout\": only null");
  expect_refused(model("\"end_of_word_suffix\": \"\"", "\"end_of_word_suffix\": \"</w>\""),
                 "\"end_of_word_suffix\": only null");
  expect_refused(model("\"byte_fallback\": false", "\"byte_fallback\": true"),
                 "\"byte_fallback\": true beside ByteLevel");
  expect_refused(R"({"added_tokens": [], "model": {"type": "Unigram", "vocab": [["<unk>", 0.0]]}})",
                 "\"Unigram\" is not supported");
  expect_refused(sentencepiece_file("null", "null", ""), "expected spaces to become U+2581");
  expect_refused(replaced(sentencepiece_file(kReplace, "null", ""), "ByteFallback", "WordPiece"),
                 "the decoder \"WordPiece\"");
  expect_refused(replaced(sentencepiece_file(kReplace, "null", ""), "\"<0x41>\": 68, ", ""),
                 "lacks the byte 0x41 (\"<0x41>\")");
  expect_refused(replaced(sentencepiece_file(kReplace, "null", ""), "\"a\": 260", "\"a b\": 260"),
                 "\"a b\" is not written with U+2581 for spaces");
  expect_refused(replaced(sentencepiece_file(kReplace, "null", ""), "\"a\": 260",
                          "\"a\": 260, \"<0x0a>\": 900"),
                 "\"<0x0a>\" has two ids, 13 and 900");
}

TEST(TokenizerComponents, truncation_and_padding_are_kept_for_others) {
  const std::string file = file_with(
      {{"\"truncation\": null",
        R"("truncation": {"direction": "Right", "max_length": 8, "strategy": "LongestFirst", "stride": 0})"},
       {"\"padding\": null", R"("padding": {"pad_id": 0})"}});
  const Json written = Json::parse(tokenizer_json(Tokenizer(read(file))), "x");
  EXPECT_EQ(written.at("truncation").at("max_length").integer(), 8);
  EXPECT_EQ(written.at("padding").at("pad_id").integer(), 0);
}

TEST(TokenizerComponents, bytes_that_text_hardly_has_may_be_missing) {
  std::string file = file_with({});
  for (const int byte :
       {0xC0, 0xC1, 0xF5, 0xF6, 0xF7, 0xF8, 0xF9, 0xFA, 0xFB, 0xFC, 0xFD, 0xFE, 0xFF})
    file = replaced(
        file,
        fmt::format("\"{}\": {}, ", characters_of(std::string(1, static_cast<char>(byte))), byte),
        "");
  const Tokenizer tokenizer(read(file));
  EXPECT_EQ(tokenizer.encode("\u00e9\U0001F600").size(), 5u);
  EXPECT_EQ(error_of(ErrorKind::data, [&] { tokenizer.encode("abc \xF5 d"); }),
            "[encode] no token of the vocabulary has the byte 0xF5");
  expect_refused(replaced(file, "\"\u00c3\": 195, ", ""), "lacks the byte 0xc3");
}

}  // namespace
}  // namespace octavo
