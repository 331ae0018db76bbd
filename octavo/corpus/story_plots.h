// The plots: each drives a scene to its goal. One file per family of plots.
#pragma once

#include <span>
#include <string_view>

#include "octavo/corpus/story_scene.h"

namespace octavo {

struct Plot {
  std::string_view name;
  void (*tell)(Scene& scene);
};

std::span<const Plot> plots();

void lost_and_found(Scene& s);
void hidden_thing(Scene& s);
void promise_kept(Scene& s);
void birthday_gift(Scene& s);
void mended(Scene& s);
void trade_chain(Scene& s);
void shopping_list(Scene& s);
void lost_animal(Scene& s);
void shared_soup(Scene& s);
void message(Scene& s);

}  // namespace octavo
