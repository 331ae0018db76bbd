// A scene: the cast and state of one story, the events that change it, and the passages that all
// plots share (openings, ways, feelings, evenings). An event asserts that it can happen (one gives
// only what one holds, to somebody who is there) and changes the state; so a told story cannot
// contradict itself. Facts that the end comes back to are kept with the question that asks for
// them. Tested by tests/corpus/stories_test.cpp.
#pragma once

#include <string>
#include <vector>

#include "octavo/corpus/stories.h"
#include "octavo/corpus/story_telling.h"
#include "octavo/corpus/story_world.h"

namespace octavo {

enum class Feeling { happy, sad, afraid, proud, ashamed, tired, surprised, worried, curious };

class Scene {
 public:
  explicit Scene(Dice& scene_dice);

  // The cast. A role is a letter of the telling: capitals for people and animals, small ones for
  // things, places and texts.
  Person& child(char role);
  Person& kin(char role);               ///< of the hero: Mother, Grandpa, Aunt Rosa
  const Villager& villager(char role);  ///< the baker, at the bakery
  Person& pet(char role);
  Thing& thing(char role, unsigned uses);
  /// A thing of the same kind as another, with another adjective: the blue kite beside the red one.
  Thing& twin(char role, const Thing& other);
  const Place& place(char role);  ///< a new one, not the house; indoors in winter
  const Place& place(char role, std::string_view name);
  /// Binds a hiding place: "under the bench", different each time.
  void spot(char role, const Place& place);
  /// Binds what a child does there: role to the past, `infinitive` to the infinitive.
  void deed(char role, char infinitive, const Place& place);
  void one_of(char role, Options options);
  /// The people as one subject: "Tom and Anna".
  void pair(char role, char a, char b);

  Person& person(char role);
  Thing& thing(char role);

  // State. Nothing is told here.
  void takes(char who, char what);
  void gives(char who, char what, char whom);
  void lays(char who, char what);  ///< where the person is
  void moves(char who, char place);

  // Passages.
  void open(char hero);
  void open_pair(char hero, char other, char pair);
  void goes(char walkers, char place);  ///< told; the walkers may be a pair
  void feels(char who, Feeling feeling);
  void thanks(char who, char whom);
  void close(char hero);

  /// Something that comes back: the phrase stands in the text twice or more.
  void remember(std::string_view phrase, std::string_view question, std::string_view answer);

  Dice& dice;
  Telling t;
  const Weather& weather;
  std::string_view season;
  bool weather_holds = true;  ///< until weeks have gone by
  std::vector<std::string> facts;

 private:
  struct Memory {
    std::string question, answer;
  };
  void weather_and_time();
  void introduce(char hero);
  void evening(char hero);
  void recall(char hero);
  Person& add_person(char role);

  std::array<Person, 10> people_ = {};
  std::array<Thing, 10> things_ = {};
  struct Pair : Referent {
    std::string text;
    Person *first = nullptr, *second = nullptr;
  };
  std::array<Pair, 4> pairs_ = {};
  size_t people_count_ = 0, things_count_ = 0, pairs_count_ = 0;
  std::array<Person*, 128> person_of_ = {};
  std::array<Pair*, 128> pair_of_ = {};
  std::array<Thing*, 128> thing_of_ = {};
  std::array<const Place*, 128> place_of_ = {};
  std::vector<std::string_view> taken_;  // names, nouns, spots and deeds that have been given out
  std::vector<Memory> memories_;

  bool take_word(std::string_view word);
};

}  // namespace octavo
