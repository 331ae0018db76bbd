// Stories: short texts in plain English about a small village, written by us and told by chance. A
// story is a small simulation (who is where, who holds what) that a plot drives to its goal and
// that is told in varied words; what was said early (the red key under the flat stone) comes back
// at the end, so that a language model learns to look back. A function of the dice. Tested by
// tests/corpus/stories_test.cpp.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "octavo/corpus/dice.h"

namespace octavo {

struct Story {
  std::string text;                ///< paragraphs separated by empty lines; ends in a newline
  std::string_view plot;           ///< "lost and found"
  std::vector<std::string> facts;  ///< phrases that stand in the text at least twice
};

struct StoryPlot;  // story_plots.h
std::vector<StoryPlot> all_plots();

/// A story of any plot, or of this one; a function of the dice.
Story tell_story(Dice& dice);
Story tell_story(Dice& dice, const StoryPlot& plot);

inline std::string make_story(Dice& dice) { return tell_story(dice).text; }

}  // namespace octavo
