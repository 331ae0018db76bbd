// Batches: every window once per epoch, any batch size the same sequence, any cursor exact, weights
// kept, every validation token predicted once.
#include "octavo/dataset/batches.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

#include "octavo/base/random.h"
#include "tests/dataset/support.h"

namespace octavo {
namespace {

// Token i of source s is s · 1,000,000 + i, so a token says where it is from.
Source numbered(int32_t number, int64_t size, double weight = 1) {
  std::vector<int32_t> tokens(static_cast<size_t>(size));
  std::iota(tokens.begin(), tokens.end(), number * 1'000'000);
  Source source{fmt::format("source-{}", number), {}, weight, {}};
  source.files.push_back(TokenFile::of(source.name, std::move(tokens)));
  return source;
}

template <class... Sources>
std::vector<Source> list(Sources... sources) {
  std::vector<Source> result;
  (result.push_back(std::move(sources)), ...);
  return result;
}

BatchOptions options_of(int64_t context, double validation = 0, uint64_t seed = 42) {
  BatchOptions options;
  options.context = context;
  options.vocabulary = 1'000'000'000;
  options.seed = seed;
  options.split = {SplitBy::position, validation};
  return options;
}

// All tokens and targets of samples [0, samples), taken in batches of these rows.
std::pair<std::vector<int32_t>, std::vector<int32_t>> take(const Batches& batches, Cursor cursor,
                                                           int64_t samples, int64_t rows) {
  std::pair<std::vector<int32_t>, std::vector<int32_t>> all;
  const auto context = batches.options().context;
  while (samples > 0) {
    const int64_t count = std::min(rows, samples);
    std::vector<int32_t> tokens(static_cast<size_t>(count * context)), targets(tokens.size());
    batches.next(cursor, count, tokens, targets);
    all.first.insert(all.first.end(), tokens.begin(), tokens.end());
    all.second.insert(all.second.end(), targets.begin(), targets.end());
    samples -= count;
  }
  return all;
}

TEST(Batches, targets_are_the_next_tokens) {
  const Batches batches(list(numbered(0, 1000)), options_of(8));
  const auto [tokens, targets] = take(batches, batches.start(), 500, 4);
  for (size_t i = 0; i < tokens.size(); ++i) EXPECT_EQ(targets[i], (tokens[i] + 1) % 1000);
}

TEST(Batches, an_epoch_is_every_window_once) {
  for (const int64_t size : {9, 10, 16, 17, 100, 333}) {
    const Batches batches(list(numbered(0, size)), options_of(8));
    const int64_t windows = (size - 1) / 8;
    ASSERT_EQ(batches.counts()[0].windows, windows);
    std::set<std::vector<int64_t>> orders;
    for (int64_t epoch = 0; epoch < 5; ++epoch) {
      std::set<int32_t> predicted;
      std::vector<int64_t> order;
      for (int64_t i = 0; i < windows; ++i) {
        std::vector<int32_t> window(9);
        batches.sample(epoch * windows + i, window);
        const auto place = batches.place(epoch * windows + i);
        EXPECT_EQ(place.epoch, epoch);
        EXPECT_EQ(window[0], place.position);
        EXPECT_TRUE(epoch > 0 || place.position % 8 == 0);
        order.push_back(place.position);
        predicted.insert(window.begin() + 1, window.end());
      }
      EXPECT_EQ(static_cast<int64_t>(predicted.size()), windows * 8);  // none twice
      orders.insert(order);
    }
    EXPECT_TRUE(windows <= 10 || orders.size() == 5);
  }
}

TEST(Batches, the_order_does_not_depend_on_the_batch_size) {
  const Batches batches(list(numbered(0, 5000, 2), numbered(1, 300, 1)), options_of(16));
  const auto expected = take(batches, batches.start(), 600, 1);
  for (const int64_t rows : {2, 3, 7, 64, 600})
    EXPECT_EQ(take(batches, batches.start(), 600, rows), expected) << rows;
}

TEST(Batches, any_cursor_resumes_exactly) {
  const auto make = [] {
    return Batches(list(numbered(0, 700, 0.3), numbered(1, 90, 0.5), numbered(2, 65, 0.2)),
                   options_of(16));
  };
  const Batches batches = make();
  const auto expected = take(batches, batches.start(), 400, 1).first;
  Cursor cursor = batches.start();
  std::vector<int32_t> tokens(16), targets(16);
  for (int64_t i = 0; i < 400; ++i) {
    const Batches again = make();  // another process
    const Cursor restored =
        Cursor::from_json(Json::parse(cursor.json().dump(), "checkpoint/cursor.json"));
    EXPECT_EQ(restored, cursor);
    const auto rest = take(again, restored, std::min<int64_t>(3, 400 - i), 2).first;
    ASSERT_TRUE(std::equal(rest.begin(), rest.end(), expected.begin() + i * 16)) << i;
    batches.next(cursor, 1, tokens, targets);
  }
}

TEST(Batches, far_cursors_cost_nothing) {
  const Batches batches(list(numbered(0, 1000, 1), numbered(1, 1000, 3)), options_of(16));
  std::vector<int32_t> window(17);
  for (int64_t sample = int64_t{1} << 36; sample < (int64_t{1} << 36) + 1000; ++sample)
    batches.sample(sample, window);
}

TEST(Batches, a_cursor_of_other_data_is_refused) {
  const Batches batches(list(numbered(0, 1000)), options_of(8));
  std::vector<std::string> fingerprints{batches.fingerprint()};
  const auto expect_other = [&](std::vector<Source> sources, const BatchOptions& options) {
    const Batches other(std::move(sources), options);
    fingerprints.push_back(other.fingerprint());
    expect_error("other data", [&] { other.check(batches.start()); });
  };
  expect_other(list(numbered(0, 1001)), options_of(8));
  expect_other(list(numbered(1, 1000)), options_of(8));
  expect_other(list(numbered(0, 1000)), options_of(9));
  expect_other(list(numbered(0, 1000)), options_of(8, 0, 43));
  expect_other(list(numbered(0, 1000)), options_of(8, 0.1));
  expect_other(list(numbered(0, 1000), numbered(1, 1000)), options_of(8));
  expect_other(list(numbered(0, 1000), numbered(1, 1000, 2)), options_of(8));
  EXPECT_EQ(std::set(fingerprints.begin(), fingerprints.end()).size(), fingerprints.size());
  EXPECT_EQ(Batches(list(numbered(0, 1000)), options_of(8)).fingerprint(), fingerprints[0]);
  expect_error("sample", [] { Cursor::from_json(Json::parse(R"({"sample":-1,"data":""})", "c")); });
}

TEST(Batches, the_seed_decides_the_order) {
  const Batches a(list(numbered(0, 4000)), options_of(8, 0, 1));
  const Batches b(list(numbered(0, 4000)), options_of(8, 0, 2));
  EXPECT_NE(take(a, a.start(), 50, 1), take(b, b.start(), 50, 1));
}

TEST(Batches, weights_are_kept_at_every_moment) {
  for (uint64_t round = 0; round < 20; ++round) {
    const RandomStream random{round};
    const size_t count = 2 + random.below(0, 5);
    std::vector<Source> sources;
    std::vector<double> weights;
    for (size_t s = 0; s < count; ++s) {
      weights.push_back(0.01 + random.uniform(s + 1));
      sources.push_back(numbered(static_cast<int32_t>(s), 100, weights[s]));
    }
    const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
    const Batches batches(std::move(sources), options_of(8));
    std::vector<int64_t> taken(count);
    for (int64_t sample = 0; sample < 3000; ++sample) {
      const Batches::Place place = batches.place(sample);
      // Within a source, samples are numbered without gaps.
      EXPECT_EQ(place.epoch, taken[place.source] / 12);
      ++taken[place.source];
      for (size_t s = 0; s < count; ++s)
        ASSERT_NEAR(static_cast<double>(taken[s]),
                    static_cast<double>(sample + 1) * weights[s] / sum, static_cast<double>(count))
            << sample;
    }
  }
}

TEST(Batches, one_source_of_many_keeps_its_own_order) {
  // Adding a source does not change which windows of the first come in which order.
  const Batches alone(list(numbered(0, 500)), options_of(8));
  const Batches mixed(list(numbered(0, 500), numbered(1, 500)), options_of(8));
  std::vector<int64_t> order;
  for (int64_t sample = 0; sample < 100; ++sample)
    if (const auto place = mixed.place(sample); place.source == 0) order.push_back(place.position);
  for (size_t i = 0; i < order.size(); ++i)
    EXPECT_EQ(order[i], alone.place(static_cast<int64_t>(i)).position);
}

TEST(Batches, validation_predicts_every_token_once) {
  for (const int64_t size : {20, 100, 1000, 1001, 1007, 1008, 1009}) {
    for (const int64_t rows : {1, 3, 16}) {
      const Batches batches(list(numbered(0, size), numbered(1, 160)), options_of(8, 0.5));
      std::map<int32_t, int> predicted;
      std::vector<int32_t> tokens(static_cast<size_t>(rows * 8)), targets(tokens.size());
      for (int64_t first = 0; first < batches.validation_windows(); first += rows) {
        batches.validation(first, rows, tokens, targets);
        for (size_t i = 0; i < tokens.size(); ++i) {
          if (targets[i] == Batches::kIgnored) {
            EXPECT_EQ(tokens[i], 0);
          } else {
            EXPECT_EQ(targets[i], tokens[i] + 1);
            ++predicted[targets[i]];
          }
        }
      }
      std::map<int32_t, int> expected;
      for (int64_t i = size / 2 + 1; i < size; ++i) expected[static_cast<int32_t>(i)] = 1;
      for (int32_t i = 81; i < 160; ++i) expected[1'000'000 + i] = 1;
      EXPECT_EQ(predicted, expected) << size;
    }
  }
}

TEST(Batches, training_and_validation_share_no_token) {
  const Batches batches(list(numbered(0, 1000)), options_of(8, 0.1));
  EXPECT_EQ(batches.training_tokens(), 900);
  EXPECT_EQ(batches.validation_tokens(), 100);
  for (const int32_t token : take(batches, batches.start(), 300, 1).second) EXPECT_LT(token, 900);
}

TEST(Batches, counts_and_epochs) {
  const Batches batches(list(numbered(0, 1001, 3), numbered(1, 501, 1)), options_of(10));
  EXPECT_EQ(batches.counts()[1].windows, 50);
  EXPECT_DOUBLE_EQ(batches.counts()[0].proportion, 0.75);
  EXPECT_DOUBLE_EQ(batches.epochs(0, 4000), 3);
  EXPECT_DOUBLE_EQ(batches.epochs(1, 4000), 2);
}

TEST(Batches, too_small_says_what_it_needs) {
  expect_error("source-0: too small for one context: needs 65 tokens to train on, has 64",
               [] { Batches(list(numbered(0, 64)), options_of(64)); });
  Batches(list(numbered(0, 65)), options_of(64));
  BatchOptions options = options_of(64);
  options.rows = 12;
  expect_error("one batch of 12 × 64: needs 769 tokens to train on, has 768",
               [&] { Batches(list(numbered(0, 768)), options); });
  Batches(list(numbered(0, 769)), options);
  expect_error("to validate on: needs 2",
               [] { Batches(list(numbered(0, 100)), options_of(8, 0.01)); });
  expect_error(
      "no source", [] { Batches({}, options_of(8)); }, ErrorKind::usage);
  for (const double weight : {0.0, -1.0, std::nan("")})
    expect_error(
        "weight", [&] { Batches(list(numbered(0, 100, weight)), options_of(8)); },
        ErrorKind::usage);
}

TEST(Batches, ids_outside_the_vocabulary_are_found) {
  BatchOptions options = options_of(8);
  options.vocabulary = 9000;
  const Batches batches(list(numbered(0, 10'000)), options);
  expect_error("outside the vocabulary of 9000", [&] {
    std::vector<int32_t> window(9);
    for (int64_t sample = 0; sample < batches.counts()[0].windows; ++sample)
      batches.sample(sample, window);
  });
}

}  // namespace
}  // namespace octavo
