// The lists are clean, the split is one in ten and follows from the content, and dice choose as
// they say.
#include "octavo/corpus/words.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <set>

#include "octavo/corpus/dice.h"

namespace octavo {
namespace {

bool is_lower(std::string_view word) {
  return std::all_of(word.begin(), word.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

TEST(Words, common_words_are_many_sorted_and_plain) {
  const Words& words = common_words();
  EXPECT_GE(words.size(), 2000u);
  EXPECT_TRUE(std::is_sorted(words.begin(), words.end()));
  EXPECT_EQ(std::adjacent_find(words.begin(), words.end()), words.end());
  for (const std::string_view word : words) {
    EXPECT_TRUE(is_lower(word)) << word;
    EXPECT_TRUE(word.size() >= 4 && word.size() <= 10) << word;
  }
}

TEST(Words, categories_have_sixteen_words_each_of_their_own) {
  std::map<std::string_view, std::string_view> category_of;
  for (const Category& category : categories()) {
    EXPECT_EQ(category.members.size(), 16u) << category.name;
    for (const std::string_view word : category.members) {
      EXPECT_TRUE(is_lower(word)) << word;
      const auto [known, is_new] = category_of.emplace(word, category.name);
      EXPECT_TRUE(is_new) << word << " is in " << known->second << " and in " << category.name;
    }
  }
  EXPECT_EQ(categories(CorpusSplit::training).size() + categories(CorpusSplit::evaluation).size(),
            categories().size());
  EXPECT_GE(categories(CorpusSplit::evaluation).size(), 1u);
}

TEST(Words, names_are_on_one_side) {
  std::set<std::string_view> all(names(CorpusSplit::training).begin(),
                                 names(CorpusSplit::training).end());
  EXPECT_GE(all.size(), 36u);
  EXPECT_GE(names(CorpusSplit::evaluation).size(), 8u);  // as many as an item has examples
  for (const std::string_view name : names(CorpusSplit::evaluation))
    EXPECT_TRUE(all.insert(name).second) << name;
}

TEST(Words, a_first_form_has_one_second_form) {
  for (const auto* pairs : {&plurals(), &opposites(), &past_tenses(), &comparatives()}) {
    std::set<std::string_view> first, second;
    for (const WordPair& pair : *pairs) {
      EXPECT_TRUE(first.insert(pair.first).second) << pair.first;
      EXPECT_TRUE(second.insert(pair.second).second) << pair.second;
    }
    EXPECT_GT(first.size(), 30u);
  }
  for (const WordPair& pair : opposites())  // they are asked both ways
    for (const WordPair& other : opposites()) EXPECT_NE(pair.first, other.second);
}

TEST(CorpusSplit, takes_one_in_ten) {
  const auto held_out = [](const auto& items, auto&& split) {
    return static_cast<double>(std::count_if(
               items.begin(), items.end(),
               [&](const auto& item) { return split(item) == CorpusSplit::evaluation; })) /
           static_cast<double>(items.size());
  };
  EXPECT_NEAR(held_out(common_words(), [](std::string_view word) { return split_of(word); }), 0.1,
              0.025);
  std::vector<std::pair<int, int>> numbers;
  for (int a = 0; a < 100; ++a)
    for (int b = 0; b <= a; ++b) numbers.emplace_back(a, b);
  EXPECT_NEAR(held_out(numbers,
                       [](auto pair) {
                         return split_of({pair.first, pair.second});
                       }),
              0.1, 0.015);
}

TEST(CorpusSplit, of_numbers_knows_no_order) {
  for (int a = 0; a < 50; ++a)
    for (int b = 0; b < 50; ++b) {
      EXPECT_EQ(split_of({a, b}), split_of({b, a}));
      EXPECT_EQ(split_of({a, b, 7}), split_of({7, b, a}));
    }
}

// What is held out today is held out for ever: a model trained with one version must not have seen
// what another evaluates.
TEST(CorpusSplit, never_moves) {
  const auto held_out = [](std::initializer_list<std::string_view> words) {
    std::string letters;
    for (const std::string_view word : words)
      letters += split_of(word) == CorpusSplit::evaluation ? 'e' : 't';
    return letters;
  };
  EXPECT_EQ(held_out({"casino", "apple", "zone", "body", "table", "invite"}), "ttteee");
  EXPECT_EQ(split_of({4, 75}), CorpusSplit::evaluation);
  EXPECT_EQ(split_of({85, 58}), CorpusSplit::training);
}

TEST(Words, made_up_words_are_no_words) {
  Dice dice(RandomStream{1, stream_of("test"), 0});
  std::set<std::string> all;
  for (int i = 0; i < 2000; ++i) {
    const CorpusSplit side = i % 2 == 0 ? CorpusSplit::training : CorpusSplit::evaluation;
    const std::string word = made_up_word(dice, side);
    EXPECT_TRUE(is_lower(word)) << word;
    EXPECT_EQ(split_of(word), side) << word;
    EXPECT_FALSE(std::binary_search(common_words().begin(), common_words().end(), word)) << word;
    all.insert(word);
  }
  EXPECT_GT(all.size(), 1500u);
}

TEST(Dice, choose_by_share) {
  struct Item {
    double share;
    int number;
  };
  const Item items[] = {{0, 0}, {3, 1}, {0, 2}, {1, 3}, {0, 4}};
  Dice dice(RandomStream{1, stream_of("test"), 1});
  std::map<int, int> counts;
  for (int i = 0; i < 4000; ++i) ++counts[dice.one_by_share(items).number];
  EXPECT_EQ(counts.size(), 2u);
  EXPECT_NEAR(counts[1], 3000, 150);
  EXPECT_NEAR(counts[3], 1000, 150);
}

}  // namespace
}  // namespace octavo
