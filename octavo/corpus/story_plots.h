// The plots: each is a script (story_script.h). One file per family, which says
// what is in it.
#pragma once

#include <span>
#include <string_view>

namespace octavo {

struct StoryPlot {
  std::string_view name, script;
};

std::span<const StoryPlot> plots_of_things();
std::span<const StoryPlot> plots_of_gifts();
std::span<const StoryPlot> plots_of_friends();
std::span<const StoryPlot> plots_of_errands();
std::span<const StoryPlot> plots_at_home();
std::span<const StoryPlot> plots_of_games();
std::span<const StoryPlot> plots_of_learning();
std::span<const StoryPlot> plots_of_animals();
std::span<const StoryPlot> plots_of_seasons();

}  // namespace octavo
