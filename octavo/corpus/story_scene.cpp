// See story_scene.h: cast and state. The passages are in story_passages.cpp.
#include "octavo/corpus/story_scene.h"

#include <algorithm>
#include <cassert>

namespace octavo {
namespace {

size_t slot(char role) { return static_cast<size_t>(role); }

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

Person& Scene::add_person(char role) {
  assert(people_count_ < people_.size());
  Person& person = people_[people_count_++];
  person_of_[slot(role)] = &person;
  t.bind(role, person);
  return person;
}

Person& Scene::child(char role) {
  Person& person = add_person(role);
  const FirstName* name = &dice.one_of(kFirstNames);
  while (!take_word(name->name)) name = &dice.one_of(kFirstNames);
  static_cast<Referent&>(person) = {
      name->name,    {}, {}, name->pronoun == Pronoun::he ? "boy" : "girl", name->pronoun,
      Naming::proper};
  return person;
}

Person& Scene::kin(char role) {
  struct Kin {
    std::string_view name, kind;
    Pronoun pronoun;
  };
  static constexpr Kin kins[] = {
      {"Mother", "mother", Pronoun::she},           {"Father", "father", Pronoun::he},
      {"Grandmother", "grandmother", Pronoun::she}, {"Grandfather", "grandfather", Pronoun::he},
      {"Grandma", "grandmother", Pronoun::she},     {"Grandpa", "grandfather", Pronoun::he}};
  const Kin* kin = &dice.one_of(kins);
  while (!take_word(kin->kind)) kin = &dice.one_of(kins);
  Person& person = add_person(role);
  static_cast<Referent&>(person) = {kin->name, {}, {}, kin->kind, kin->pronoun, Naming::proper};
  return person;
}

const Villager& Scene::villager(char role) {
  const Villager* villager = &dice.one_of(villagers());
  while (!take_word(villager->name) ||
         (season == "winter" && place_named(villager->place).shelter == Shelter::outdoors)) {
    villager = &dice.one_of(villagers());
  }
  Person& person = add_person(role);
  static_cast<Referent&>(person) = {
      villager->name, {}, {}, villager->name, dice.chance(0.5) ? Pronoun::he : Pronoun::she};
  person.place = &place_named(villager->place);
  return *villager;
}

Person& Scene::pet(char role) {
  const AnimalKind* kind = &dice.one_of(pet_kinds());
  while (!take_word(kind->noun)) kind = &dice.one_of(pet_kinds());
  std::string_view name = dice.one_of(pet_names());
  while (!take_word(name)) name = dice.one_of(pet_names());
  Person& person = add_person(role);
  static_cast<Referent&>(person) = {name,
                                    dice.one_of(kind->adjectives),
                                    {},
                                    kind->noun,
                                    dice.chance(0.5) ? Pronoun::he : Pronoun::she,
                                    Naming::proper};
  return person;
}

Thing& Scene::thing(char role, unsigned uses) {
  const ThingKind* kind = &dice.one_of(thing_kinds());
  while (!(kind->uses & uses) || !take_word(kind->noun)) kind = &dice.one_of(thing_kinds());
  assert(things_count_ < things_.size());
  Thing& thing = things_[things_count_++];
  std::string_view adjective = dice.one_of(kind->adjectives);
  while (!take_word(adjective)) adjective = dice.one_of(kind->adjectives);
  static_cast<Referent&>(thing) = {kind->noun, adjective};
  thing.kind = kind;
  thing_of_[slot(role)] = &thing;
  t.bind(role, thing);
  return thing;
}

Thing& Scene::twin(char role, const Thing& other) {
  assert(things_count_ < things_.size());
  Thing& thing = things_[things_count_++];
  thing = other;
  while (thing.adjective == other.adjective) thing.adjective = dice.one_of(thing.kind->adjectives);
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
  place_of_[slot(role)] = place;
  t.bind(role, *place);
  return *place;
}

const Place& Scene::place(char role, std::string_view name) {
  const Place& place = place_named(name);
  take_word(name);
  place_of_[slot(role)] = &place;
  t.bind(role, place);
  return place;
}

void Scene::spot(char role, const Place& place) {
  std::string_view spot = dice.one_of(place.spots);
  while (!take_word(spot)) spot = dice.one_of(place.spots);
  t.bind(role, std::string(spot));
}

void Scene::deed(char role, char infinitive, const Place& place) {
  const Deed* deed = &dice.one_of(place.deeds);
  while (!take_word(deed->past)) deed = &dice.one_of(place.deeds);
  t.bind(role, std::string(deed->past));
  t.bind(infinitive, std::string(deed->infinitive));
}

void Scene::one_of(char role, Options options) {
  t.bind(role, std::string(options.begin()[dice.below(options.size())]));
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
  assert(person_of_[slot(role)]);
  return *person_of_[slot(role)];
}

Thing& Scene::thing(char role) {
  assert(thing_of_[slot(role)]);
  return *thing_of_[slot(role)];
}

void Scene::takes(char who, char what) {
  Thing& taken = thing(what);
  assert(!taken.holder && (!taken.place || taken.place == person(who).place));
  taken.holder = &person(who);
  taken.place = nullptr;
}

void Scene::gives(char who, char what, char whom) {
  assert(thing(what).holder == &person(who) && person(who).place == person(whom).place);
  thing(what).holder = &person(whom);
}

void Scene::lays(char who, char what) {
  assert(thing(what).holder == &person(who) && person(who).place);
  thing(what).holder = nullptr;
  thing(what).place = person(who).place;
}

void Scene::moves(char who, char place) {
  assert(place_of_[slot(place)]);
  person(who).place = place_of_[slot(place)];
}

void Scene::remember(std::string_view phrase, std::string_view question, std::string_view answer) {
  facts.push_back(t.phrase(phrase));
  if (!question.empty()) memories_.push_back({std::string(question), std::string(answer)});
}

}  // namespace octavo
