// Added tokens in text: against plain loops, and their wishes one by one, as Hugging Face's
// tokenizers 0.23 fulfil them.
#include "octavo/tokenizer/added_tokens.h"

#include "octavo/tokenizer/characters.h"
#include "tests/tokenizer/support.h"

namespace octavo {
namespace {

// Texts between tokens in quotes, tokens as numbers.
std::string found_in(std::string_view text, const std::vector<AddedToken>& tokens) {
  AddedTokenFinder finder;
  for (const AddedToken& token : tokens) finder.add(token, token.text);
  std::string result;
  finder.for_each(
      text,
      [&](std::string_view part, size_t begin) {
        EXPECT_EQ(text.substr(begin, part.size()), part);
        result += "'" + std::string(part) + "'";
      },
      [&](int32_t id) { result += fmt::format("{}", id); });
  return result;
}

TEST(AddedTokens, first_place_longest_text) {
  const std::vector<AddedToken> tokens{{"ab", 1}, {"abc", 2}, {"bcd", 3}, {"c", 4}};
  EXPECT_EQ(found_in("", tokens), "");
  EXPECT_EQ(found_in("abcd", tokens), "2'd'");
  EXPECT_EQ(found_in("xabdbcd", tokens), "'x'1'd'3");
  EXPECT_EQ(found_in("aabbcc", tokens), "'a'1'b'44");
}

TEST(AddedTokens, take_the_space_around_them) {
  const std::vector<AddedToken> tokens{{.text = "<l>", .id = 1, .takes_space_before = true},
                                       {.text = "<r>", .id = 2, .takes_space_after = true}};
  EXPECT_EQ(found_in("a \n\u3000<l> b", tokens), "'a'1' b'");
  EXPECT_EQ(found_in("a <r> \n\u3000b", tokens), "'a '2'b'");
  EXPECT_EQ(found_in("<r>  <l>", tokens), "21");  // the first one has it
  EXPECT_EQ(found_in(" <l>", tokens), "1");
  EXPECT_EQ(found_in("<r> ", tokens), "2");
  EXPECT_EQ(found_in("\x80 <l>", tokens), "'\x80'1");
}

TEST(AddedTokens, may_leave_plain_spaces) {
  AddedTokenFinder finder(TakenSpace::any_but_plain);
  finder.add({.text = "<x>", .id = 1, .takes_space_before = true, .takes_space_after = true},
             "<x>");
  std::string result;
  finder.for_each(
      "a \n<x>\n b", [&](std::string_view part, size_t) { result += part; },
      [&](int32_t) { result += '1'; });
  EXPECT_EQ(result, "a 1 b");
}

TEST(AddedTokens, single_words_stand_alone) {
  const std::vector<AddedToken> tokens{{.text = "cat", .id = 1, .single_word = true}};
  EXPECT_EQ(found_in("cat", tokens), "1");
  EXPECT_EQ(found_in("a cat, cats concat cat", tokens), "'a '1', cats concat '1");
  EXPECT_EQ(found_in("cat_ cat1 \u00e9cat cat\u0301 (cat)", tokens),
            "'cat_ cat1 \u00e9cat cat\u0301 ('1')'");
  EXPECT_EQ(found_in("cat\u00b2 cat\u24d0 cat\u2160", tokens),
            "1'\u00b2 cat\u24d0 cat\u2160'");  // No is no part of a word, circled letters are
  EXPECT_EQ(found_in("\xFF"
                     "cat\xFF",
                     tokens),
            "'\xFF'1'\xFF'");
}

// The first place where a token's text is, its neighbours allowing; after it the same.
std::string found_plainly(std::string_view text, const std::vector<AddedToken>& tokens) {
  const auto is_space = [](char c) { return c == ' ' || c == '\n'; };
  const auto is_word = [](char c) { return c >= 'a' && c <= 'z'; };
  std::string result;
  size_t done = 0;
  for (size_t place = 0; place < text.size();) {
    const AddedToken* best = nullptr;
    for (const AddedToken& token : tokens)
      if (text.substr(place).starts_with(token.text) &&
          (!best || token.text.size() > best->text.size()))
        best = &token;
    if (!best) {
      ++place;
      continue;
    }
    size_t begin = place, end = place + best->text.size();
    place = end;
    if (best->single_word &&
        ((begin > 0 && is_word(text[begin - 1])) || (end < text.size() && is_word(text[end]))))
      continue;
    while (best->takes_space_before && begin > done && is_space(text[begin - 1])) --begin;
    while (best->takes_space_after && end < text.size() && is_space(text[end])) ++end;
    if (begin > done) result += "'" + std::string(text.substr(done, begin - done)) + "'";
    result += fmt::format("{}", best->id);
    done = place = end;
  }
  return done < text.size() ? result + "'" + std::string(text.substr(done)) + "'" : result;
}

TEST(AddedTokens, against_plain_loops) {
  size_t found = 0;
  for (uint64_t round = 0; round < 20'000; ++round) {
    Dice dice(round);
    std::vector<AddedToken> tokens;
    for (int32_t id = 0; id < static_cast<int32_t>(dice(5)); ++id) {
      const std::string text = dice.text("ab< \n", 1 + dice(3));
      const auto same = [&](const AddedToken& token) { return token.text == text; };
      if (std::ranges::any_of(tokens, same)) continue;
      tokens.push_back({text, id, false, false, dice(3) == 0, dice(3) == 0, dice(3) == 0});
    }
    const std::string text = dice.text("aabb< \n", dice(20));
    const std::string expected = found_plainly(text, tokens);
    ASSERT_EQ(found_in(text, tokens), expected) << round;
    found += expected.find_first_of("0123456789") != std::string::npos;
  }
  EXPECT_GT(found, 5'000u);
}

TEST(AddedTokens, are_cut_around_whatever_they_ask_for) {
  size_t cuts = 0;
  for (uint64_t round = 0; round < 20'000; ++round) {
    Dice dice(round);
    TokenizerParts parts = parts_of({{"a", "b"}, {" ", "a"}});
    parts.rules.prefix = static_cast<PrefixSpace>(dice(4));
    parts.rules.normalization = static_cast<Normalization>(dice(2));
    for (uint64_t i = dice(4); i > 0; --i) {
      const std::string text = dice.text("ab< ", 2 + dice(3));
      const auto same = [&](const AddedToken& token) { return token.text == text; };
      if (text == "ab" || std::ranges::any_of(parts.added, same)) continue;
      parts.added.push_back({text, static_cast<int32_t>(300 + i), false, dice(2) == 0, dice(3) == 0,
                             dice(3) == 0, dice(3) == 0});
    }
    const Tokenizer tokenizer(parts);
    const std::string text = dice.text("aabb<<  \n", 30);
    std::vector<int32_t> tokens;
    TextPlace place = TextPlace::start;
    for (const std::string_view part : tokenizer.cuts().parts(text, 1 + dice(6))) {
      tokenizer.encode_into(part, tokens, SpecialTokens::as_text, place);
      place = TextPlace::middle;
      ++cuts;
    }
    ASSERT_EQ(tokens, tokenizer.encode(text)) << round << ' ' << text;
  }
  EXPECT_GT(cuts, 40'000u);
}

}  // namespace
}  // namespace octavo
