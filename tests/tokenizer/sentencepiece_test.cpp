// Merging by scores as llama2.c does it, in plain loops over the whole text; llama2.c's file; and
// its model's own text.
#include <cmath>
#include <cstring>

#include "octavo/base/files.h"
#include "octavo/base/json.h"
#include "octavo/base/text.h"
#include "tests/tokenizer/support.h"

namespace octavo {
namespace {

using Tokens = std::vector<int32_t>;

template <class Number>
std::string number(Number value) {
  std::string bytes(sizeof value, '\0');
  std::memcpy(bytes.data(), &value, sizeof value);
  return bytes;
}

struct Piece {
  std::string text;
  float score;
};

std::string llama2c_file(const std::vector<Piece>& pieces, int32_t longest = 64) {
  std::string file = number(longest);
  const auto add = [&](const std::string& text, float score) {
    file += number(score) + number(static_cast<int32_t>(text.size())) + text;
  };
  for (const char* text : {"<unk>", "\n<s>\n", "\n</s>\n"}) add(text, 0);
  for (int byte = 0; byte < 256; ++byte) add(fmt::format("<0x{:02X}>", byte), 0);
  for (const Piece& piece : pieces) add(piece.text, piece.score);
  return file;
}

// run.c: a space before the text; characters, or their bytes plus 3; then, until none is left, the
// pair whose joined text is a token of the best score, the leftmost of equal ones.
Tokens encoded_plainly(const std::vector<Piece>& pieces, std::string text) {
  if (text.empty()) return {};
  text = " " + text;
  const auto find = [&](std::string_view wanted) {
    for (size_t i = 0; i < pieces.size(); ++i)
      if (pieces[i].text == wanted) return static_cast<int32_t>(i + 259);
    return -1;
  };
  const auto piece_of = [&](int32_t id) {
    return id < 259 ? fmt::format("<0x{:02X}>", id - 3)
                    : pieces[static_cast<size_t>(id - 259)].text;
  };
  Tokens tokens;
  for (std::string_view rest = text; !rest.empty();) {
    const std::string_view character = rest.substr(0, std::max<size_t>(1, utf8_length(rest)));
    rest.remove_prefix(character.size());
    if (const int32_t token = find(character); token >= 0)
      tokens.push_back(token);
    else
      for (const char c : character) tokens.push_back(static_cast<unsigned char>(c) + 3);
  }
  while (true) {
    float best = -1e10F;
    int32_t joined = -1;
    size_t place = 0;
    for (size_t i = 0; i + 1 < tokens.size(); ++i) {
      const int32_t token = find(piece_of(tokens[i]) + piece_of(tokens[i + 1]));
      if (token < 0 || pieces[static_cast<size_t>(token - 259)].score <= best) continue;
      best = pieces[static_cast<size_t>(token - 259)].score, joined = token, place = i;
    }
    if (joined < 0) return tokens;
    tokens[place] = joined;
    tokens.erase(tokens.begin() + static_cast<std::ptrdiff_t>(place) + 1);
  }
}

// The letters, then random pieces made of two others; few scores, so that many are equal.
std::vector<Piece> random_pieces(Dice& dice, bool through_words) {
  std::vector<Piece> pieces;
  for (const char* letter : {" ", "a", "b", "\u00e9"})
    pieces.push_back({letter, -100.0F - static_cast<float>(pieces.size())});
  const uint64_t scores = 1 + dice(40);
  while (pieces.size() < 30) {
    const std::string text = dice.one_of(pieces).text + dice.one_of(pieces).text;
    const auto same = [&](const Piece& piece) { return piece.text == text; };
    const bool crosses =
        text.find(' ', std::min(text.find_first_not_of(' '), text.size())) != std::string::npos;
    if (text.size() > 9 || (crosses && !through_words) || std::ranges::any_of(pieces, same))
      continue;
    pieces.push_back({text, -static_cast<float>(dice(scores))});
  }
  return pieces;
}

TEST(SentencePiece, merges_by_score_as_the_definition_says) {
  const std::vector<std::string> characters{" ", " ", "a", "a", "b", "\u00e9", "c", "\n", "\u4e00"};
  size_t whole = 0;
  for (uint64_t round = 0; round < 400; ++round) {
    Dice dice(round);
    const std::vector<Piece> pieces = random_pieces(dice, round % 2 == 0);
    const Tokenizer tokenizer(parse_llama2c(llama2c_file(pieces), "t.bin"));
    whole += tokenizer.bpe().split() == TextSplit::none;
    for (const size_t most : {3, 20, 100, 400}) {
      std::string text;
      for (uint64_t i = dice(most); i > 0; --i) text += dice.one_of(characters);
      const Tokens expected = encoded_plainly(pieces, text);
      ASSERT_EQ(tokenizer.encode(text), expected) << round << ' ' << text;
      ASSERT_EQ(tokenizer.decode(expected), text);
    }
  }
  EXPECT_GT(whole, 100u);
  EXPECT_LT(whole, 250u);
}

// Where all scores are equal, every merge may make work to the left of it.
TEST(SentencePiece, a_million_characters_without_a_place_to_split) {
  std::string text;
  for (int i = 0; i < 500'000; ++i) text += i % 5 ? "ab" : "ab ";
  for (const float step : {1.0F, 0.0F}) {
    std::vector<Piece> pieces;
    for (const char* one : {" ", "a", "b", "ab", "abab", "b a", " a", "aba", "ba"})
      pieces.push_back({one, -step * static_cast<float>(pieces.size())});
    const Tokenizer tokenizer(parse_llama2c(llama2c_file(pieces), "t.bin"));
    EXPECT_EQ(tokenizer.bpe().split(), TextSplit::none);
    const Tokens tokens = tokenizer.encode(text);
    EXPECT_EQ(tokenizer.decode(tokens), text);
    EXPECT_LT(tokens.size(), text.size() / 2);
  }
}

TEST(SentencePiece, roles_and_frame) {
  const Tokenizer tokenizer(parse_llama2c(llama2c_file({{" ", 0}, {"a", -1}}), "t.bin"));
  EXPECT_EQ(tokenizer.vocabulary_size(), 261);
  EXPECT_EQ(tokenizer.roles(), (TokenRoles{1, 2, 0, -1}));
  EXPECT_EQ(tokenizer.frame(), (TextFrame{{1}, {}}));
  EXPECT_EQ(tokenizer.encode("a<s>a", SpecialTokens::recognised), (Tokens{259, 260, 1, 259, 260}));
  EXPECT_EQ(tokenizer.decode(Tokens{1, 259, 260, 2}), "<s>a</s>");
  EXPECT_EQ(tokenizer.decode(Tokens{259, 259, 260}), " a");
  EXPECT_EQ(tokenizer.text_of(13), "\n");
  // A stream continues a text: its first space stays.
  StreamDecoder middle(tokenizer), start(tokenizer, TextPlace::start);
  EXPECT_EQ(middle.push(259), " ");
  EXPECT_EQ(start.push(259), "");
  EXPECT_EQ(start.push(259), " ");
}

TEST(SentencePiece, bad_files) {
  const auto refusal = [](std::string file) {
    const std::string error = error_of(ErrorKind::data, [&] { parse_llama2c(file, "t.bin"); });
    EXPECT_TRUE(error.starts_with("t.bin")) << error;
    return error;
  };
  const auto expect = [&](std::string file, std::string_view words) {
    EXPECT_NE(refusal(std::move(file)).find(words), std::string::npos) << words;
  };
  const std::string good = llama2c_file({{"a", -1}, {"b", -2}});
  EXPECT_NO_THROW(parse_llama2c(good, "t.bin"));
  expect("", "expected the longest length of token 0, found the end of the file");
  expect(number(int32_t{0}), "expected the length of the longest token, found 0");
  expect(number(int32_t{5}), "expected 259 tokens for special ones and bytes, found 0");
  expect(good.substr(0, good.size() - 1), "expected the bytes of token 260");
  expect(good + "xyz", "expected the score of token 261");
  expect(good + number(1.0F) + "xy", "expected the length of token 261");
  expect(good + number(1.0F) + number(int32_t{-1}), "token 261: expected a length of at most 64");
  expect(good + number(1.0F) + number(int32_t{65}), "found 65");
  expect(good + number(1.0F) + number(int32_t{10}) + "x", "expected the bytes of token 261");
  expect(good + number(1.0F) + number(int32_t{0}), "token 261: expected text, found \"\"");
  expect(good + number(1.0F) + number(int32_t{1}) + "\xFF", "token 261: expected text");
  expect(good + number(1.0F) + number(int32_t{1}) + "a", "\"a\" has two ids, 259 and 261");
  expect(good + number(std::nanf("")) + number(int32_t{1}) + "c", "token 261: its score is nan");
  expect(replaced(good, "<0x41>", "<0x42>"), "token 68: expected \"<0x41>\", found \"<0x42>\"");
  expect(llama2c_file({{std::string(7 << 20, 'x'), 0}}, INT32_MAX), "tokens of at most 6.29 MB");
}

// ---- The model that llama2.c comes with ---------------------------------------------------------

TEST(SentencePiece, the_text_of_stories260k) {
  const std::filesystem::path folder = test_data() / "data" / "weights-stories260k";
  if (!exists(folder)) GTEST_SKIP() << folder << " is absent";
  const TokenizerParts parts = read_tokenizer(folder / "tok512.bin");
  const Tokenizer tokenizer(parts);
  EXPECT_EQ(tokenizer.vocabulary_size(), 512);
  EXPECT_EQ(tokenizer.bpe().split(), TextSplit::words);
  std::vector<Piece> pieces;
  for (int32_t id = 259; id < 512; ++id)
    pieces.push_back({std::string(parts.tokens[id]), parts.scores[static_cast<size_t>(id)]});
  const std::string text =
      Json::parse(read_file(folder / "expected-greedy.json"), "x").at("text").text();
  const Tokens tokens = tokenizer.encode(text);
  EXPECT_EQ(tokens, encoded_plainly(pieces, text));
  EXPECT_EQ(tokenizer.decode(tokens), text);
  EXPECT_LE(tokens.size(), 200u);  // what the model needed
  // As a Hugging Face folder, and back.
  const TemporaryFolder copy;
  tokenizer.save(copy.path());
  const Tokenizer again = Tokenizer::load(copy.path());
  EXPECT_EQ(again.encode(text), tokens);
  EXPECT_EQ(again.fingerprint(), tokenizer.fingerprint());
  EXPECT_EQ(again.frame(), tokenizer.frame());
  EXPECT_EQ(again.roles(), tokenizer.roles());
  for (uint64_t round = 0; round < 2000; ++round) {
    Dice dice(round);
    std::string other = random_prose(dice, dice(40)) + dice.bytes(dice(4));
    ASSERT_EQ(tokenizer.encode(other), encoded_plainly(pieces, other)) << other;
    ASSERT_EQ(again.encode(other), tokenizer.encode(other)) << other;
    ASSERT_EQ(tokenizer.decode(tokenizer.encode(other)), other);
  }
}

}  // namespace
}  // namespace octavo
