// See stories.h.
#include "octavo/corpus/stories.h"

#include "octavo/corpus/story_plots.h"

namespace octavo {

std::span<const Plot> plots() {
  static constexpr Plot all[] = {
      {"lost and found", lost_and_found},
      {"hidden thing", hidden_thing},
      {"promise kept", promise_kept},
      {"birthday gift", birthday_gift},
      {"mended", mended},
      {"trade chain", trade_chain},
      {"shopping list", shopping_list},
      {"lost animal", lost_animal},
      {"shared soup", shared_soup},
      {"message", message},
  };
  return all;
}

Story tell_story(Dice& dice) {
  const Plot& plot = dice.one_of(plots());
  Scene scene(dice);
  plot.tell(scene);
  return {scene.t.finish(), plot.name, std::move(scene.facts)};
}

}  // namespace octavo
