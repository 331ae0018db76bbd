// Windows of a text: together they are the text, and encode and count as the whole does.
#include "octavo/tokenizer/text_windows.h"

#include "octavo/base/files.h"
#include "octavo/tokenizer/tokenizer_trainer.h"
#include "tests/tokenizer/support.h"

namespace octavo {
namespace {

class TextWindows : public testing::Test {
 protected:
  std::vector<std::string> windows_of(const std::string& text, size_t size,
                                      const std::vector<std::string>& whole = {}) const {
    write_file(folder / "text", text);
    std::vector<std::string> windows;
    for_each_window(ByteReader(folder / "text"), size, TextCuts(TextSplit::gpt2, whole),
                    [&](std::string_view window) { windows.emplace_back(window); });
    return windows;
  }
  const TemporaryFolder folder;
};

TEST_F(TextWindows, end_before_a_space) {
  using Windows = std::vector<std::string>;
  EXPECT_EQ(windows_of("", 4), Windows{""});
  EXPECT_EQ(windows_of("a", 4), Windows{"a"});
  EXPECT_EQ(windows_of("abc def ghi jkl", 8), (Windows{"abc def", " ghi jkl"}));
  EXPECT_EQ(windows_of("abcdefghijklmnopqrstuvw x", 4), (Windows{"abcdefghijklmnopqrstuvw x"}));
  const std::string letters = "a b c d e f g h i j k l m n o";
  EXPECT_EQ(windows_of(letters, 24), (Windows{"a b c d e f g h i j", " k l m n o"}));
  EXPECT_EQ(windows_of(letters, 24, {"j k"}), (Windows{"a b c d e f g h i j k", " l m n o"}));
  EXPECT_EQ(windows_of(letters, 24, {"i j k l m"}), Windows{letters});
}

// Texts with white space, which may overlap, stand at every border sooner or later.
TEST_F(TextWindows, encode_and_count_as_the_whole) {
  const std::vector<std::string> whole{"a b", "<x>", " \n", "b a b", "\u00e9 "};
  TokenizerParts parts = parts_of({{"a", "b"}, {" ", "a"}, {"b", "a"}});
  for (const std::string& text : whole)
    parts.added.push_back({text, static_cast<int32_t>(300 + parts.added.size()), false});
  const Tokenizer tokenizer(parts);
  size_t count = 0;
  for (uint64_t round = 0; round < 300; ++round) {
    Dice dice(round);
    std::string text;
    while (text.size() < 200) text += dice(3) ? dice.text("ab \n<x>", 1) : dice.one_of(whole);
    std::vector<int32_t> tokens;
    std::string together;
    PieceCounter counter({.special = whole}), plain({.special = whole});
    for (const std::string& window : windows_of(text, 1 + dice(40), whole)) {
      const size_t part = 1 + dice(20);
      for (const std::string_view one : tokenizer.cuts().parts(window, part))
        tokenizer.encode_into(one, tokens);
      counter.add(window);
      together += window, ++count;
    }
    plain.add(text);
    ASSERT_EQ(together, text);
    ASSERT_EQ(tokens, tokenizer.encode(text)) << round << ' ' << text;
    const PieceCounts a = counter.finish(), b = plain.finish();
    ASSERT_EQ(a.bytes, b.bytes);
    ASSERT_EQ(a.counts, b.counts);
  }
  EXPECT_GT(count, 900u);
}

// Whose windows but the first are in the middle of the text: no space is put before them.
TEST_F(TextWindows, of_sentencepiece_encode_as_the_whole) {
  TokenizerParts parts;
  for (int byte = 0; byte < 256; ++byte) parts.tokens.add_byte(static_cast<unsigned char>(byte));
  for (const char* token : {" ", "a", "b", "  ", " a", "ab", " ab"}) parts.tokens.add(token);
  parts.tokens.index();
  for (size_t id = 0; id < parts.tokens.size(); ++id)
    parts.scores.push_back(static_cast<float>(id));
  parts.merges = merges_by_score(parts.tokens, parts.scores, "test");
  parts.added = {{"<x>", 300, false}};
  parts.rules = {.split = TextSplit::none,
                 .symbols = Symbols::characters,
                 .prefix = PrefixSpace::always,
                 .leading_space = LeadingSpace::dropped};
  const Tokenizer tokenizer(parts);
  const TextCuts cuts = tokenizer.cuts();
  size_t count = 0;
  for (uint64_t round = 0; round < 300; ++round) {
    Dice dice(round);
    std::string text;
    const std::vector<std::string> some{"a", "b", " ", " ", "\n", "<x>", "\u2581"};
    while (text.size() < 200) text += dice.one_of(some);
    write_file(folder / "text", text);
    std::vector<int32_t> tokens;
    TextPlace place = TextPlace::start;
    for_each_window(ByteReader(folder / "text"), 10 + dice(40), cuts, [&](std::string_view window) {
      tokenizer.encode_into(window, tokens, SpecialTokens::as_text, place);
      place = TextPlace::middle;
      ++count;
    });
    ASSERT_EQ(tokens, tokenizer.encode(text)) << round << ' ' << text;
  }
  EXPECT_GT(count, 900u);
}

TEST_F(TextWindows, are_short_again_after_a_long_run_without_spaces) {
  constexpr size_t kSize = 1 << 19;
  Dice dice(5);
  const std::string prose = random_prose(dice, 400'000);
  const std::string text = prose + ' ' + std::string(700'000, 'x') + ' ' + prose + prose + prose +
                           ' ' + std::string(100'000, 'y') + ' ' + prose + prose;
  const auto windows = windows_of(text, kSize);
  size_t longest = 0, after = 0;
  std::string together;
  for (const std::string& window : windows) {
    together += window;
    longest = std::max(longest, window.size());
    if (window.find('x') == window.npos) after = std::max(after, window.size());
  }
  EXPECT_EQ(together, text);
  EXPECT_GT(longest, 700'000u);
  EXPECT_LE(after, kSize);
}

TEST_F(TextWindows, of_a_document_train_the_same) {
  Dice dice(9);
  const std::string text = random_prose(dice, 300'000) + "\xFF\n";
  const TokenizerTrainingOptions options{.vocabulary = 400};
  TokenizerTrainer plain(options), trainer(options);
  plain.add(text);
  trainer.add("");
  for (const std::string& window : windows_of(text, 10'000)) trainer.add_window(window);
  const TrainedTokenizer expected = plain.finish(), found = trainer.finish();
  EXPECT_EQ(found.tokenizer.fingerprint(), expected.tokenizer.fingerprint());
  EXPECT_EQ(found.documents, 1);
  EXPECT_EQ(found.text_bytes, expected.text_bytes);
  EXPECT_EQ(found.broken_bytes, 1);
}

}  // namespace
}  // namespace octavo
