// The plots: each is a script (story_script.h). One file per family.
#pragma once

#include <span>
#include <string_view>

namespace octavo {

struct Plot {
  std::string_view name, script;
};

std::span<const Plot> plots_of_things();   ///< lost, hidden, given, mended, traded
std::span<const Plot> plots_of_friends();  ///< promises, sharing, quarrels, secrets, someone new
std::span<const Plot> plots_of_errands();  ///< lists, messages, baskets, doors, a borrowed tool
std::span<const Plot> plots_at_home();     ///< games of memory, noises, letters, soup
std::span<const Plot> plots_of_animals();  ///< lost, saved, brought in from the storm
std::span<const Plot> plots_of_seasons();  ///< gardens, snow, fog, help that comes back
std::span<const Plot> plots_of_the_village();  ///< from hand to hand, supper, recipes, directions
std::span<const Plot> plots_of_play();         ///< races, hiding, treasure, skills, who did it

}  // namespace octavo
