// Shots: nested, never the question itself, a function of seed and item.
#include "octavo/evaluate/shots.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace octavo {
namespace {

std::vector<Item> make_items(size_t count) {
  std::vector<Item> items(count);
  for (size_t i = 0; i < count; ++i) {
    items[i].context = "question " + std::to_string(i);
    items[i].completion = " answer";
  }
  return items;
}

std::vector<std::string> contexts(const std::vector<const Example*>& examples) {
  std::vector<std::string> result;
  for (const Example* one : examples) result.push_back(one->context);
  return result;
}

TEST(Shots, are_nested_and_different_and_never_the_question) {
  const std::vector<Item> items = make_items(30);
  const Shots shots(items, 1);
  std::set<std::vector<std::string>> draws;
  std::set<std::string> firsts;
  for (size_t i = 0; i < items.size(); ++i) {
    EXPECT_EQ(shots.available(items[i]), 29);
    const std::vector<std::string> all = contexts(shots.choose(items[i], i, 29));
    EXPECT_EQ(std::set(all.begin(), all.end()).size(), 29u);
    EXPECT_EQ(std::ranges::count(all, items[i].context), 0);
    for (const int64_t count : {0, 1, 2, 8}) {
      const std::vector<std::string> some = contexts(shots.choose(items[i], i, count));
      EXPECT_EQ(some, std::vector(all.begin(), all.begin() + count));
    }
    draws.insert(all);
    firsts.insert(all.front());
  }
  EXPECT_EQ(draws.size(), 30u);
  EXPECT_GT(firsts.size(), 12u);  // of 30, as chance has it
}

TEST(Shots, depend_on_the_seed_and_nothing_else) {
  const std::vector<Item> items = make_items(30);
  const auto draw = [&](uint64_t seed) {
    return contexts(Shots(items, seed).choose(items[3], 3, 8));
  };
  EXPECT_EQ(draw(1), draw(1));
  EXPECT_NE(draw(1), draw(2));
}

TEST(Shots, who_asks_the_same_is_no_example) {
  std::vector<Item> items = make_items(6);
  items[2].context = items[5].context = items[0].context;
  const Shots shots(items, 1);
  EXPECT_EQ(shots.available(items[0]), 3);
  EXPECT_EQ(shots.available(items[1]), 5);
  for (size_t i : {0, 2, 5})
    for (const std::string& context : contexts(shots.choose(items[i], i, 3)))
      EXPECT_NE(context, items[0].context);
  // From a pool that holds the question by chance.
  const std::vector<Item> other = make_items(2);
  EXPECT_EQ(contexts(Shots(other, 1).choose(items[1], 1, 1)),
            std::vector<std::string>{"question 0"});
}

TEST(Shots, own_examples_come_first_k_in_an_order_of_the_items) {
  std::vector<Item> items = make_items(40);
  for (Item& item : items)
    for (int i = 0; i < 5; ++i) item.examples.push_back({"own " + std::to_string(i), " x"});
  const Shots shots(items, 1);
  std::set<std::string> firsts;
  for (size_t i = 0; i < items.size(); ++i) {
    EXPECT_EQ(shots.available(items[i]), 5);
    for (int64_t count = 0; count <= 5; ++count) {
      std::vector<std::string> found = contexts(shots.choose(items[i], i, count));
      if (count == 3) firsts.insert(found.front());
      std::ranges::sort(found);
      std::vector<std::string> expected;
      for (int64_t n = 0; n < count; ++n) expected.push_back("own " + std::to_string(n));
      EXPECT_EQ(found, expected);
    }
  }
  EXPECT_EQ(firsts.size(), 3u);
}

}  // namespace
}  // namespace octavo
