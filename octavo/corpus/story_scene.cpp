// See story_scene.h.
#include "octavo/corpus/story_scene.h"

#include <algorithm>
#include <cassert>

namespace octavo {
namespace {

size_t slot(char role) { return static_cast<size_t>(role); }

struct Kin {
  std::string_view name, kind;
  Pronoun pronoun;
};
constexpr Kin kKins[] = {
    {"Mother", "mother", Pronoun::she},           {"Father", "father", Pronoun::he},
    {"Grandmother", "grandmother", Pronoun::she}, {"Grandfather", "grandfather", Pronoun::he},
    {"Grandma", "grandmother", Pronoun::she},     {"Grandpa", "grandfather", Pronoun::he}};
constexpr Kin kRelatives[] = {
    {"Grandmother", "grandmother", Pronoun::she}, {"Grandfather", "grandfather", Pronoun::he},
    {"Aunt Rose", "aunt", Pronoun::she},          {"Aunt Helen", "aunt", Pronoun::she},
    {"Uncle John", "uncle", Pronoun::he},         {"Uncle Robert", "uncle", Pronoun::he}};

}  // namespace

Scene::Scene(Dice& scene_dice)
    : dice(scene_dice),
      t(scene_dice),
      weather(dice.one_of(weathers())),
      season(dice.one_of(weather.seasons)) {
  t.bind('%', std::string(season));
}

bool Scene::take_word(std::string_view word) {
  if (std::find(taken_.begin(), taken_.end(), word) != taken_.end()) return false;
  taken_.push_back(word);
  return true;
}

std::string_view Scene::fresh(std::span<const std::string_view> words) {
  std::string_view word = dice.one_of(words);
  while (!take_word(word)) word = dice.one_of(words);
  return word;
}

Person& Scene::add_person(char role, const Referent& referent) {
  assert(people_count_ < people_.size());
  Person& person = people_[people_count_++];
  static_cast<Referent&>(person) = referent;
  person_of_[slot(role)] = &person;
  t.bind(role, person);
  return person;
}

Person& Scene::child(char role) {
  const FirstName* name = &dice.one_of(kFirstNames);
  while (!take_word(name->name)) name = &dice.one_of(kFirstNames);
  const bool boy = name->pronoun == Pronoun::he;
  return add_person(role,
                    {name->name, {}, {}, boy ? "boy" : "girl", name->pronoun, Naming::proper});
}

Person& Scene::kin(char role) {
  const Kin* kin = &dice.one_of(kKins);
  while (!take_word(kin->kind)) kin = &dice.one_of(kKins);
  return add_person(role, {kin->name, {}, {}, kin->kind, kin->pronoun, Naming::proper});
}

Person& Scene::relative(char role) {
  const Kin* kin = &dice.one_of(kRelatives);
  while (!take_word(kin->kind)) kin = &dice.one_of(kRelatives);
  return add_person(role, {kin->name, {}, {}, kin->kind, kin->pronoun, Naming::proper});
}

Person& Scene::stranger(char role, std::string_view kind) {
  stranger_ = t.phrase(kind);
  const bool she = stranger_.ends_with("woman") || stranger_.ends_with("girl");
  return add_person(role, {stranger_, {}, {}, stranger_, she ? Pronoun::she : Pronoun::he});
}

const Villager& Scene::villager(char role, std::string_view name) {
  const auto fits = [&](const Villager& one) {
    if (!name.empty()) return one.name == name;
    return season != "winter" || place_named(one.place).shelter == Shelter::indoors;
  };
  const Villager* one = &dice.one_of(villagers());
  while (!fits(*one) || !take_word(one->name)) one = &dice.one_of(villagers());
  const Pronoun pronoun = dice.chance(0.5) ? Pronoun::he : Pronoun::she;
  add_person(role, {one->name, {}, {}, one->name, pronoun}).place = &place_named(one->place);
  return *one;
}

Person& Scene::animal(char role) {
  const AnimalKind* kind = &dice.one_of(animal_kinds());
  while (!take_word(kind->noun)) kind = &dice.one_of(animal_kinds());
  Pronoun pronoun = dice.chance(0.5) ? Pronoun::he : Pronoun::she;
  if (kind->pronoun != Pronoun::it) pronoun = kind->pronoun;
  Person& animal = add_person(
      role,
      {fresh(animal_names()), fresh(animal_adjectives()), {}, kind->noun, pronoun, Naming::proper});
  animal.words = {{{"likes", kind->likes}, {"food", kind->food}, {"sounded", kind->sound}}};
  return animal;
}

Thing& Scene::thing(char role, unsigned uses) {
  const ThingKind* kind = &dice.one_of(thing_kinds());
  while (!(kind->uses & uses) || !take_word(kind->noun)) kind = &dice.one_of(thing_kinds());
  assert(things_count_ < things_.size());
  Thing& thing = things_[things_count_++];
  static_cast<Referent&>(thing) = {kind->noun, fresh(kind->adjectives)};
  thing.words = {{{"use", kind->play.infinitive},
                  {"used", kind->play.past},
                  {"flaw", kind->flaw},
                  {"mend", kind->mend}}};
  thing.kind = kind;
  thing_of_[slot(role)] = &thing;
  t.bind(role, thing);
  return thing;
}

const Place& Scene::place(char role) {
  const Place* place = &dice.one_of(places());
  while ((season == "winter" && place->shelter == Shelter::outdoors) || place->name == "house" ||
         !take_word(place->name)) {
    place = &dice.one_of(places());
  }
  return this->place(role, place->name);
}

const Place& Scene::place(char role, std::string_view name) {
  const Place& place = place_named(name);
  take_word(name);
  place_of_[slot(role)] = &place;
  t.bind(role, place);
  return place;
}

void Scene::pair(char role, char a, char b) {
  assert(pairs_count_ < pairs_.size());
  Pair& pair = pairs_[pairs_count_++];
  pair.first = &person(a);
  pair.second = &person(b);
  pair.text = std::string(pair.first->name) + " and " + std::string(pair.second->name);
  static_cast<Referent&>(pair) = {
      pair.text, {}, {}, {}, Pronoun::they, Naming::proper, {pair.first, pair.second}};
  pair_of_[slot(role)] = &pair;
  t.bind(role, pair);
}

Person& Scene::person(char role) {
  assert(has(role));
  return *person_of_[slot(role)];
}

Thing& Scene::thing(char role) {
  assert(thing_of_[slot(role)]);
  return *thing_of_[slot(role)];
}

const Place& Scene::place_of(char role) const {
  assert(place_of_[slot(role)]);
  return *place_of_[slot(role)];
}

const Referent& Scene::walkers(char role) const {
  if (has(role)) return *person_of_[slot(role)];
  assert(pair_of_[slot(role)]);
  return *pair_of_[slot(role)];
}

void Scene::takes(char who, char what) {
  Thing& taken = thing(what);
  assert(!taken.holder && (!taken.place || taken.place == person(who).place));
  taken.holder = &person(who);
  taken.place = nullptr;
}

void Scene::gives([[maybe_unused]] char who, char what, char whom) {
  assert(thing(what).holder == &person(who) && person(who).place == person(whom).place);
  thing(what).holder = &person(whom);
}

void Scene::lays(char who, char what) {
  assert(thing(what).holder == &person(who) && person(who).place);
  thing(what).holder = nullptr;
  thing(what).place = person(who).place;
}

void Scene::moves(char who, char place) {
  if (has(who)) {
    person(who).place = &place_of(place);
  } else {
    assert(pair_of_[slot(who)]);
    pair_of_[slot(who)]->first->place = pair_of_[slot(who)]->second->place = &place_of(place);
  }
}

void Scene::set_season(std::string_view name) {
  season = name;
  weather_holds = false;
  t.bind('%', std::string(name));
}

}  // namespace octavo
