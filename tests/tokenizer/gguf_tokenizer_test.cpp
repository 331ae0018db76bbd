// The tokenizer of GGUF's metadata: read, written, read again; and what the metadata can lie about.
#include "octavo/tokenizer/gguf_tokenizer.h"

#include <cmath>

#include "tests/tokenizer/support.h"

namespace octavo {
namespace {

using Tokens = std::vector<int32_t>;

constexpr auto kNormal = static_cast<int32_t>(GgufTokenType::normal),
               kUnknown = static_cast<int32_t>(GgufTokenType::unknown),
               kControl = static_cast<int32_t>(GgufTokenType::control),
               kUserDefined = static_cast<int32_t>(GgufTokenType::user_defined),
               kUnused = static_cast<int32_t>(GgufTokenType::unused),
               kByte = static_cast<int32_t>(GgufTokenType::byte);

void expect_same_metadata(const GgufTokenizer& a, const GgufTokenizer& b) {
  EXPECT_EQ(a.model, b.model);
  EXPECT_EQ(a.pre, b.pre);
  EXPECT_EQ(a.tokens, b.tokens);
  EXPECT_EQ(a.scores, b.scores);
  EXPECT_EQ(a.types, b.types);
  EXPECT_EQ(a.merges, b.merges);
  EXPECT_EQ(a.begin_of_text, b.begin_of_text);
  EXPECT_EQ(a.end_of_text, b.end_of_text);
  EXPECT_EQ(a.unknown, b.unknown);
  EXPECT_EQ(a.padding, b.padding);
  EXPECT_EQ(a.adds_begin, b.adds_begin);
  EXPECT_EQ(a.adds_end, b.adds_end);
  EXPECT_EQ(a.adds_space, b.adds_space);
  EXPECT_EQ(a.chat_templates, b.chat_templates);
}

// Metadata of a tokenizer with everything that they can say.
GgufTokenizer byte_level() {
  TokenizerParts parts = learned_parts();
  parts.rules = {.split = TextSplit::gpt4, .whole_pieces = WholePieces::taken};
  parts.added.push_back({"<s>", 263});
  parts.added.push_back({"  ", 265, false});
  parts.roles = {.begin_of_text = 263, .end_of_text = 262, .padding = 262};
  parts.frame = {{263}, {}};
  parts.chat_templates = {{"default", "{{ x }}"}, {"tools", "y"}};
  return gguf_tokenizer(Tokenizer(parts), 270);
}

GgufTokenizer sentencepiece() {
  GgufTokenizer metadata;
  std::string text = "<unk><s></s>";
  for (int byte = 0; byte < 256; ++byte) text += fmt::format("<0x{:02X}>", byte);
  text += "\u2581ab\u2581a\u2581ab<x>";
  metadata.text = std::make_shared<const std::string>(text);
  size_t begin = 0;
  const auto add = [&](size_t length, int32_t type, float score) {
    metadata.tokens.push_back(std::string_view(*metadata.text).substr(begin, length));
    metadata.types.push_back(type);
    metadata.scores.push_back(score);
    begin += length;
  };
  add(5, kUnknown, 0), add(3, kControl, 0), add(4, kControl, 0);
  for (int byte = 0; byte < 256; ++byte) add(6, kByte, 0);
  add(3, kNormal, -5), add(1, kNormal, -6), add(1, kNormal, -7);
  add(4, kNormal, -1), add(5, kNormal, -2), add(3, kUserDefined, 0);
  metadata.model = "llama";
  metadata.pre = "default";
  metadata.begin_of_text = 1, metadata.end_of_text = 2, metadata.unknown = 0;
  metadata.adds_begin = true, metadata.adds_end = false, metadata.adds_space = true;
  return metadata;
}

TEST(GgufTokenizer, byte_level_there_and_back) {
  const GgufTokenizer metadata = byte_level();
  EXPECT_EQ(metadata.model, "gpt2");
  EXPECT_EQ(metadata.pre, "llama-bpe");
  EXPECT_EQ(metadata.tokens.size(), 270u);
  EXPECT_EQ(metadata.tokens[258], "\u0120the");
  EXPECT_EQ(metadata.tokens[264], "[PAD264]");
  EXPECT_EQ(metadata.merges[2], "\u0120 the");
  EXPECT_EQ((std::vector<int32_t>(metadata.types.begin() + 261, metadata.types.begin() + 267)),
            (std::vector<int32_t>{kNormal, kControl, kControl, kUnused, kUserDefined, kUnused}));
  const Tokenizer tokenizer(parse_gguf_tokenizer(metadata, "m.gguf"));
  EXPECT_EQ(tokenizer.encode(" the  x<s>", SpecialTokens::recognised),
            (Tokens{258, 265, 'x', 263}));
  EXPECT_EQ(tokenizer.frame(), (TextFrame{{263}, {}}));
  expect_same_metadata(gguf_tokenizer(tokenizer, 270), metadata);
}

TEST(GgufTokenizer, sentencepiece_there_and_back) {
  const GgufTokenizer metadata = sentencepiece();
  const Tokenizer tokenizer(parse_gguf_tokenizer(metadata, "m.gguf"));
  EXPECT_EQ(tokenizer.encode("ab ab<x>b"), (Tokens{263, 263, 264, 259, 261}));
  EXPECT_EQ(tokenizer.encode("\n"), (Tokens{259, 13}));
  EXPECT_EQ(tokenizer.decode(Tokens{263, 13}), "ab\n");
  EXPECT_EQ(tokenizer.frame(), (TextFrame{{1}, {}}));
  expect_same_metadata(gguf_tokenizer(tokenizer, 0), metadata);
  // Through tokenizer.json, which has merges instead of scores.
  TokenizerParts parts = parse_tokenizer_json(tokenizer_json(tokenizer), "x");
  parts.roles = tokenizer.roles();
  GgufTokenizer again = gguf_tokenizer(Tokenizer(parts), 0);
  EXPECT_EQ(again.tokens, metadata.tokens);
  const Tokenizer other(parse_gguf_tokenizer(again, "m.gguf"));
  EXPECT_EQ(other.fingerprint(), tokenizer.fingerprint());
}

TEST(GgufTokenizer, what_is_absent_is_as_in_llama_cpp) {
  GgufTokenizer metadata = sentencepiece();
  metadata.begin_of_text = metadata.end_of_text = metadata.unknown = std::nullopt;
  metadata.adds_begin = metadata.adds_end = metadata.adds_space = std::nullopt;
  Tokenizer tokenizer(parse_gguf_tokenizer(metadata, "m.gguf"));
  EXPECT_EQ(tokenizer.roles(), (TokenRoles{1, 2, 0, -1}));
  EXPECT_EQ(tokenizer.frame(), (TextFrame{{1}, {}}));
  EXPECT_EQ(tokenizer.encode("ab"), Tokens{263});
  metadata.adds_space = false;
  EXPECT_EQ(Tokenizer(parse_gguf_tokenizer(metadata, "m.gguf")).encode("ab"), (Tokens{260, 261}));

  metadata = byte_level();
  metadata.adds_begin = std::nullopt;
  EXPECT_EQ(parse_gguf_tokenizer(metadata, "m.gguf").frame, (TextFrame{{263}, {}}));
  metadata.pre = "";
  EXPECT_EQ(parse_gguf_tokenizer(metadata, "m.gguf").frame, TextFrame{});
  EXPECT_TRUE(parse_gguf_tokenizer(metadata, "m.gguf").rules == TokenizerRules{});
}

void expect_refused(const GgufTokenizer& metadata, std::string_view words) {
  const std::string error =
      error_of(ErrorKind::data, [&] { parse_gguf_tokenizer(metadata, "m.gguf"); });
  EXPECT_TRUE(error.starts_with("m.gguf: ")) << error;
  EXPECT_NE(error.find(words), std::string::npos) << error << "\nlacks " << words;
}

TEST(GgufTokenizer, lies_are_named) {
  const auto with = [](GgufTokenizer metadata, const auto& change) {
    change(metadata);
    return metadata;
  };
  using G = GgufTokenizer;
  const G bytes = byte_level(), pieces = sentencepiece();
  expect_refused(with(bytes, [](G& g) { g.model = "bert"; }),
                 "tokenizer.ggml.model: \"bert\" is not supported");
  expect_refused(with(bytes, [](G& g) { g.pre = "default"; }),
                 "tokenizer.ggml.pre: \"default\" is not supported");
  expect_refused(with(bytes, [](G& g) { g.types.pop_back(); }),
                 "tokenizer.ggml.token_type: expected one for each of 270 tokens, found 269");
  expect_refused(with(bytes, [](G& g) { g.types[3] = 7; }),
                 "tokenizer.ggml.token_type[3]: expected a type from 1 to 6, found 7");
  expect_refused(with(bytes, [](G& g) { g.types[65] = kByte; }),
                 "tokenizer.ggml.tokens[65]: expected a byte, found \"A\"");
  expect_refused(with(bytes, [](G& g) { g.types[65] = kUnused; }), "lacks the byte 0x41");
  expect_refused(with(bytes, [](G& g) { g.tokens[65] = ""; }),
                 "tokenizer.ggml.tokens[65]: expected a token, found an empty one");
  expect_refused(with(bytes, [](G& g) { g.tokens[65] = "B"; }), "\"B\" has two ids, 65 and 66");
  expect_refused(with(bytes, [](G& g) { g.tokens[263] = ""; }), "expected text");
  expect_refused(with(bytes, [](G& g) { g.merges[1] = "th"; }),
                 "tokenizer.ggml.merges[1]: expected two tokens");
  expect_refused(with(bytes, [](G& g) { g.merges[1] = "q q"; }),
                 "tokenizer.ggml.merges[1]: the merge of \"q\" and \"q\" needs");
  expect_refused(with(bytes, [](G& g) { g.merges[1] = g.merges[0]; }), "is there twice");
  expect_refused(with(bytes, [](G& g) { g.begin_of_text = 270; }),
                 "tokenizer.ggml.bos_token_id: expected one of 270 tokens, found 270");
  expect_refused(with(bytes, [](G& g) { g.end_of_text = -2; }), "tokenizer.ggml.eos_token_id");
  expect_refused(with(bytes, [](G& g) { g.unknown = 1000; }), "tokenizer.ggml.unknown_token_id");
  expect_refused(with(bytes, [](G& g) { g.padding = INT64_MAX; }),
                 "tokenizer.ggml.padding_token_id");
  expect_refused(with(bytes, [](G& g) { g.padding = 264; }),
                 "the padding is token 264, which the vocabulary lacks");
  expect_refused(with(bytes, [](G& g) { g.begin_of_text = std::nullopt; }),
                 "tokenizer.ggml.add_bos_token: the file names no token to add");
  expect_refused(with(bytes, [](G& g) { g.adds_end = true, g.end_of_text = std::nullopt; }),
                 "tokenizer.ggml.add_eos_token");
  expect_refused(with(bytes, [](G& g) { g.tokens.clear(), g.types.clear(); }), "");
  expect_refused(with(bytes, [](G& g) { g.tokens.resize((1 << 19) + 1); }),
                 "tokenizer.ggml.tokens: expected at most 524288 tokens");

  expect_refused(with(pieces, [](G& g) { g.scores.pop_back(); }),
                 "tokenizer.ggml.scores: expected one for each of 265 tokens, found 264");
  expect_refused(with(pieces, [](G& g) { g.scores[260] = std::nanf(""); }),
                 "tokenizer.ggml.scores[260] is nan");
  expect_refused(with(pieces, [](G& g) { g.types[10] = kNormal; }),
                 "tokenizer.ggml.tokens[10]: \"<0x07>\" is not of the type of a byte");
  expect_refused(with(pieces, [](G& g) { g.tokens[10] = "<0x08>"; }),
                 "\"<0x08>\" has two ids, 10 and 11");
  expect_refused(with(pieces, [](G& g) { g.tokens[260] = "a b"; }),
                 "\"a b\" is not written with U+2581");
  expect_refused(with(pieces, [](G& g) { g.tokens[260] = "\xFF"; }), "is not written with");
  expect_refused(with(pieces, [](G& g) { g.types[10] = kUnused; }), "lacks the byte 0x07");
}

TEST(GgufTokenizer, what_it_cannot_say) {
  const auto refusal = [](const auto& change) {
    TokenizerParts parts = learned_parts();
    change(parts);
    return error_of(ErrorKind::data, [&] { gguf_tokenizer(Tokenizer(parts), 0); });
  };
  using P = TokenizerParts;
  EXPECT_EQ(refusal([](P& p) { p.rules.split = TextSplit::none; }),
            "GGUF cannot say what this tokenizer is: it has no name for the split none with pieces "
            "merged");
  EXPECT_NE(refusal([](P& p) { p.rules.prefix = PrefixSpace::if_missing; }).find("no space before"),
            std::string::npos);
  EXPECT_NE(refusal([](P& p) {
              p.frame.before = {262, 262};
            }).find("at most its begin"),
            std::string::npos);
  // Merges of SentencePiece's kind whose order no scores give: "ab" is made first, and last.
  TokenizerParts parts = parse_gguf_tokenizer(sentencepiece(), "m");
  parts.scores.clear();
  EXPECT_NO_THROW(gguf_tokenizer(Tokenizer(parts), 0));
  std::swap(parts.merges.front(), parts.merges.back());
  EXPECT_NO_THROW(gguf_tokenizer(Tokenizer(parts), 0));
  parts.merges.pop_back();
  EXPECT_NE(error_of(ErrorKind::data, [&] { gguf_tokenizer(Tokenizer(parts), 0); })
                .find("its merges are not in the order of any scores"),
            std::string::npos);
}

}  // namespace
}  // namespace octavo
