// A scene: the cast and state of one story, the events that change it, and what is to come back at
// the end. An event asserts that it can happen (one gives only what one holds, to somebody who is
// there), so what is told cannot contradict itself. Nothing is told here: scripts do that
// (story_script.h). Tested by tests/corpus/stories_test.cpp.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "octavo/corpus/story_telling.h"
#include "octavo/corpus/story_world.h"

namespace octavo {

/// A question that the evening may ask, and its answer: patterns.
struct Memory {
  std::string_view question, answer;
};

class Scene {
 public:
  explicit Scene(Dice& scene_dice);

  // The cast. A role is a letter of the telling: capitals for people and animals, small ones for
  // things, places and texts. All that is chosen is chosen once: names, nouns, colors, spots.
  Person& child(char role);
  Person& kin(char role);       ///< at home: Mother, Grandpa
  Person& relative(char role);  ///< far away: Grandmother, Uncle John
  Person& animal(char role);
  Person& stranger(char role, std::string_view kind);  ///< a pattern: "old {woman|man}"
  const Villager& villager(char role, std::string_view name = {});
  Thing& thing(char role, unsigned uses);
  const Place& place(char role);  ///< a new one, not the house; indoors in winter
  const Place& place(char role, std::string_view name);
  void pair(char role, char a, char b);  ///< "Tom and Anna", one subject
  void text(char role, std::string_view pattern) { t.bind(role, t.phrase(pattern)); }
  /// One of the words that has not been taken.
  std::string_view fresh(std::span<const std::string_view> words);
  bool take_word(std::string_view word);

  bool has(char role) const { return person_of_[static_cast<size_t>(role)]; }
  Person& person(char role);
  Thing& thing(char role);
  const Place& place_of(char role) const;
  const Referent& walkers(char role) const;  ///< a person or a pair

  // Events.
  void takes(char who, char what);
  void gives(char who, char what, char whom);
  void lays(char who, char what);    ///< where the person is
  void moves(char who, char place);  ///< a person or a pair
  void set_season(std::string_view name);

  Dice& dice;
  Telling t;
  const Weather& weather;
  std::string_view season;
  bool weather_holds = true;  ///< until days have gone by
  bool met_somebody = false;
  std::vector<std::string> facts;  ///< each stands in the text at least twice
  std::vector<Memory> memories;

 private:
  struct Pair : Referent {
    std::string text;
    Person *first = nullptr, *second = nullptr;
  };
  Person& add_person(char role, const Referent& referent);

  std::array<Person, 12> people_ = {};
  std::array<Thing, 8> things_ = {};
  std::array<Pair, 3> pairs_ = {};
  size_t people_count_ = 0, things_count_ = 0, pairs_count_ = 0;
  std::array<Person*, 128> person_of_ = {};
  std::array<Pair*, 128> pair_of_ = {};
  std::array<Thing*, 128> thing_of_ = {};
  std::array<const Place*, 128> place_of_ = {};
  std::vector<std::string_view> taken_;
  std::string stranger_;
};

}  // namespace octavo
