// See stories.h.
#include "octavo/corpus/stories.h"

#include "octavo/corpus/story_plots.h"
#include "octavo/corpus/story_script.h"

namespace octavo {

std::vector<StoryPlot> all_plots() {
  std::vector<StoryPlot> all;
  for (const auto& family : {plots_of_things(), plots_of_gifts(), plots_of_friends(),
                             plots_of_errands(), plots_at_home(), plots_of_games(),
                             plots_of_learning(), plots_of_animals(), plots_of_seasons()}) {
    all.insert(all.end(), family.begin(), family.end());
  }
  return all;
}

Story tell_story(Dice& dice) {
  static const std::vector<StoryPlot> plots = all_plots();
  return tell_story(dice, dice.one_of(plots));
}

Story tell_story(Dice& dice, const StoryPlot& plot) {
  Scene scene(dice);
  perform(scene, plot.script);
  return {scene.t.finish(), plot.name, std::move(scene.facts)};
}

}  // namespace octavo
