// Against the plain meaning: the text up to the first stop string, shown as early as is safe.
#include "octavo/generate/stop_strings.h"

#include <algorithm>

#include "octavo/base/random.h"
#include "tests/base/temporary_folder.h"

namespace octavo {
namespace {

TEST(StopStrings, half_a_stop_string_is_held_back) {
  StopStrings stops({"\n\n", "END"});
  EXPECT_EQ(stops.push("one\n"), "one");
  EXPECT_EQ(stops.push("two E"), "\ntwo ");
  EXPECT_EQ(stops.push("N"), "");
  EXPECT_EQ(stops.push("ough"), "ENough");
  EXPECT_FALSE(stops.met());
  EXPECT_EQ(stops.push("\n\nthree"), "");
  EXPECT_TRUE(stops.met());
  EXPECT_EQ(stops.push("more"), "");
  EXPECT_EQ(stops.finish(), "");
}

TEST(StopStrings, what_was_held_back_comes_at_the_end) {
  StopStrings stops({"END"});
  EXPECT_EQ(stops.push("the EN"), "the ");
  EXPECT_EQ(stops.finish(), "EN");
}

TEST(StopStrings, without_any_everything_passes) {
  StopStrings stops({});
  EXPECT_EQ(stops.push("abc"), "abc");
  EXPECT_EQ(stops.finish(), "");
}

TEST(StopStrings, an_empty_one_is_refused) {
  error_of(ErrorKind::usage, [] { StopStrings({"a", ""}); });
}

TEST(StopStrings, any_cut_of_any_text_shows_the_same) {
  const RandomStream random{3};
  uint64_t next = 0;
  const auto word = [&](uint64_t longest) {
    std::string text;
    for (uint64_t n = 1 + random.below(next++, longest); n > 0; --n)
      text += static_cast<char>('a' + random.below(next++, 2));
    return text;
  };
  int met = 0;
  for (int round = 0; round < 3000; ++round) {
    const std::string text = word(24);
    std::vector<std::string> list;
    for (uint64_t n = 1 + random.below(next++, 3); n > 0; --n) list.push_back(word(6));
    // The stop string that is complete first ends the text where it begins; of several complete at
    // once, the one that begins first.
    size_t end = text.size();
    bool expected_met = false;
    for (size_t length = 1; length <= text.size() && !expected_met; ++length)
      for (const std::string& stop : list)
        if (std::string_view(text).substr(0, length).ends_with(stop)) {
          end = std::min(expected_met ? end : std::string::npos, length - stop.size());
          expected_met = true;
        }
    StopStrings stops(list);
    std::string shown;
    for (size_t at = 0, n; at < text.size(); at += n) {
      n = 1 + random.below(next++, 3);
      shown += stops.push(std::string_view(text).substr(at, n));
      ASSERT_TRUE(std::string_view(text).starts_with(shown));
    }
    shown += stops.finish();
    EXPECT_EQ(shown, text.substr(0, end)) << text;
    EXPECT_EQ(stops.met(), expected_met);
    met += expected_met;
  }
  EXPECT_GT(met, 1000);
}

}  // namespace
}  // namespace octavo
