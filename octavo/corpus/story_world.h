// The small world of the stories: a village, its people, animals, things and places, and who holds
// what where. Tables here are vocabulary; the state (Person::place, Thing::holder …) is changed
// only by the events of a Scene, which assert that what is told can have happened.
#pragma once

#include <span>
#include <string_view>

#include "octavo/corpus/story_telling.h"

namespace octavo {

/// What children do at a place: "watered the beans", "water the beans".
struct Deed {
  std::string_view past, infinitive;
};

enum class Shelter { indoors, outdoors };

struct Place : Referent {
  Shelter shelter;                          ///< stories in winter stay indoors
  std::span<const std::string_view> spots;  ///< hide any thing: "under the bench"
  std::span<const std::string_view> nooks;  ///< hide a small thing only: "in the blue jar"
  std::span<const std::string_view> hides;  ///< hide a child or an animal: "behind the shed"
  std::span<const Deed> deeds;
};

struct Person : Referent {
  const Place* place = nullptr;
};

/// What a thing is good for.
enum Use : unsigned { toy = 1, tool = 2, wearable = 4, precious = 8, breakable = 16, small = 32 };

struct ThingKind {
  std::string_view noun;
  std::span<const std::string_view> adjectives;
  unsigned uses;
  Deed play;                    ///< "flew it in the wind", "fly it in the wind"
  std::string_view flaw, mend;  ///< of a breakable one: "its tail was torn", "a needle and thread"
};

struct Thing : Referent {
  const ThingKind* kind = nullptr;
  const Person* holder = nullptr;
  const Place* place = nullptr;  ///< where it lies if nobody holds it
};

struct Villager {
  std::string_view name;   ///< "baker"
  std::string_view place;  ///< where to find one
  std::string_view work;   ///< "was taking bread out of the oven"
  std::string_view needs;  ///< "carry the flour"
};

struct AnimalKind {
  std::string_view noun;
  std::string_view likes;         ///< "carrots"
  std::string_view food;          ///< "a carrot"
  std::string_view sound;         ///< a verb in the past: "barked"
  Pronoun pronoun = Pronoun::it;  ///< it: he or she, as the dice fall
};

struct Weather {
  std::span<const std::string_view> seasons;
  std::string_view opening, path, evening;  ///< scripts of one beat
};

std::span<const Place> places();
const Place& place_named(std::string_view name);
std::span<const ThingKind> thing_kinds();
std::span<const Villager> villagers();
std::span<const AnimalKind> animal_kinds();
std::span<const std::string_view> animal_names();
std::span<const std::string_view> animal_adjectives();
std::span<const Weather> weathers();

}  // namespace octavo
