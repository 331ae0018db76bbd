// The passages that all plots share: how a story begins, how people go from place to place and what
// they feel, and the evening that asks for what happened.
#include <algorithm>

#include "octavo/corpus/story_scene.h"

namespace octavo {

void Scene::weather_and_time() {
  if (dice.chance(0.25)) {
    t.say({"It was {a quiet|an early|a fine} {[%] morning|morning in [%]}.",
           "It was {[%]|a day in [%]|a quiet [%] day}.",
           "{[%] had come at last|It was early [%]|It was late [%]}."});
  } else {
    t.say(dice.one_of(weather.opening));
  }
}

void Scene::introduce(char hero) {
  t.bind('@', person(hero));
  t.say(
      {"{Once there|There once|There} was a {little|small|young|kind|clever|brave} [@.k] "
       "{named|called} [@.n].",
       "In a {small|quiet|little} village {by the river|under the hill|near the forest} lived a "
       "{[@.k]|little [@.k]|young [@.k]} {named|called} [@.n].",
       "[@.n] was a {little|small|quiet|clever|happy|brave|careful} [@.k] who lived "
       "{near|behind|not far from|beside} the {mill|river|bakery|market|school}.",
       "[@.n] lived in a {small|white|yellow|tall|little|old} house {near|behind|beside|close to} "
       "the {mill|river|bakery|market|school|forest}.",
       "[@.n] was {five|six|seven|eight} years old and lived in {a small village|a house with a "
       "{red|blue|green|white} door|a village by the river}.",
       "Everyone in the village knew [@.n], a {little|young|kind|cheerful|lively} [@.k] who {liked "
       "to sing|laughed a lot|asked many questions|was always busy|was never still}."});
}

void Scene::open(char hero) {
  const size_t kind = dice.below(4);
  if (kind == 0) weather_and_time();
  if (kind == 3 && dice.chance(0.5)) {
    weather_and_time();
    t.bind('@', person(hero));
    t.say(
        {"[@.n] {looked out of the window|woke up early|jumped out of bed|put on {a coat|warm "
         "socks|a clean shirt}} and {smiled|sang a little song|ate some bread with "
         "{honey|butter|jam}|ran to the kitchen}.",
         "{A {little|young|small} [@.k] named [@.n]|Little [@.n]} {stood at the door|sat on the "
         "steps|looked out of the window} and {thought about the day|watched the birds|drank a cup "
         "of milk}."});
  } else {
    introduce(hero);
  }
  if (kind == 1) weather_and_time();
}

void Scene::open_pair(char hero, char other, char both) {
  t.bind('@', person(hero));
  t.bind('&', person(other));
  pair(both, hero, other);
  if (dice.chance(0.35)) weather_and_time();
  t.say(
      {"[@.n] and [&.n] were {good friends|best friends|cousins|friends} who {lived in the same "
       "street|sat next to each other in school|did everything together|lived side by side}.",
       "{Once there|There} were two {friends|children}, [@.n] and [&.n], who {lived in a small "
       "village|lived near the {mill|river|school|market}|played together every day}.",
       "[@.n] had a {good|dear|close} friend {named|called} [&.n]. They {played together every "
       "day|lived in the same street|walked to school together}.",
       "[&.n] lived next door to [@.n], and {they were the best of friends|the two were always "
       "together|they saw each other every day}."});
}

void Scene::goes(char walkers, char place) {
  const Place& target = *place_of_[static_cast<size_t>(place)];
  t.bind('^', target);
  if (Person* walker = person_of_[static_cast<size_t>(walkers)]) {
    walker->place = &target;
    t.bind('W', *walker);
  } else {
    const Pair& pair = *pair_of_[static_cast<size_t>(walkers)];
    pair.first->place = pair.second->place = &target;
    t.bind('W', pair);
  }
  t.say({"[W] {went|walked|ran|hurried} to the [^.n].",
         "[W] {went|walked|set off} {along the road|down the road|through the village|past the "
         "{church|well|old tree}} to the [^.n].",
         "[W] took the {short|long|narrow} path to the [^.n].",
         "{Soon|After a while|Before long|A little later} [W] [W.was] [^.in]."});
  if (weather_holds && dice.chance(0.25)) t.say(dice.one_of(weather.path));
}

void Scene::feels(char who, Feeling feeling) {
  t.bind('@', person(who));
  switch (feeling) {
    case Feeling::happy:
      return t.say(
          {"[@] was {so happy that [@.he] {laughed out loud|danced|sang all the way|clapped "
           "[@.his] hands}|very happy|full of joy|as happy as could be}.",
           "[@] {smiled from ear to ear|laughed with joy|jumped up and down with joy}.",
           "A {big|wide|warm} smile spread over [@.s] face."});
    case Feeling::sad:
      return t.say(
          {"[@] {felt very sad|was sad|had tears in [@.his] eyes|wanted to cry|began to cry}.",
           "A tear ran down [@.s] {cheek|nose|face}.",
           "[@] sat down and {said nothing for a long time|put [@.his] head in [@.his] hands}."});
    case Feeling::afraid:
      return t.say({"[@] was {afraid|a little afraid|frightened}, and [@.his] heart beat fast.",
                    "[@.s] {knees|hands} {shook|trembled}.",
                    "[@] {held [@.his] breath|stood very still} because [@.he] was afraid."});
    case Feeling::proud:
      return t.say({"[@] was {very proud|proud|so proud that [@.his] cheeks turned red}.",
                    "[@] {stood very tall|held [@.his] head high}, for [@.he] was proud.",
                    "[@] felt {proud and happy|as tall as a tree}."});
    case Feeling::ashamed:
      return t.say(
          {"[@] {felt ashamed|was ashamed} and {looked at the ground|looked down at [@.his] "
           "shoes}.",
           "[@.s] {face|ears} {grew hot|turned red}, for [@.he] was ashamed."});
    case Feeling::tired:
      return t.say({"[@] was {tired|very tired|so tired that [@.he] sat down on a stone}.",
                    "[@.s] legs {were heavy|hurt}, so [@.he] {rested|sat down} for a while."});
    case Feeling::surprised:
      return t.say({"[@] {was very surprised|opened [@.his] eyes wide|could hardly believe it}.",
                    "[@.s] mouth fell open."});
    case Feeling::worried:
      return t.say(
          {"[@] was {worried|very worried|too worried to eat}.",
           "[@] {walked up and down|looked at the door again and again}, for [@.he] was worried."});
    case Feeling::curious:
      return t.say({"[@] {was curious|wanted to know more|looked closer}.",
                    "[@] {stopped|came nearer}, because [@.he] was curious."});
  }
}

void Scene::thanks(char who, char whom) {
  t.bind('@', person(who));
  t.bind('&', person(whom));
  t.say({"«Thank you{| so much| very much|, [&.n]},» [say>@].",
         "«Thank you!» [cry>@]. «{You are very kind|I will never forget it|That was good of "
         "you|You are a real friend}.»",
         "[@] {hugged [&.o]|took [&.s] hand|gave [&.o] a hug} and {said, «Thank you.»|thanked "
         "[&.him].}"});
}

// Somebody at home asks for what happened; the answers are what was told before.
void Scene::recall(char hero) {
  if (!person_of_['G']) kin('G');
  t.bind('@', person(hero));
  t.turn(
      {"That evening [G.n] {sat by the fire with [@.n]|sat down beside [@.n]|came to [@.ns] "
       "bed|asked about the day}.",
       "At {supper|dinner}, [G.n] {asked about the day|wanted to hear everything|listened to the "
       "whole story}.",
       "{When it grew dark|Before bed}, [@.n] told [G.n] {the whole story|all about "
       "it|everything}."});
  dice.shuffle(memories_);
  const size_t count = std::min<size_t>(memories_.size(), dice.chance(0.5) ? 2 : 1);
  for (size_t i = 0; i < count; ++i) {
    const Memory& memory = memories_[i];
    t.bind('~', memory.question);
    t.bind('=', memory.answer);
    if (i == 0) {
      t.turn({"«[~]?» asked [G.n].", "«{Tell me|So}, [~]?» asked [G.n].", "«[~]?» [G.n] asked."});
      t.turn({"«[=],» {said|answered} [@.n].", "«[=],» [@.n] said."});
    } else {
      t.turn({"«And [~]?»", "«[~]?» [G.n] asked.", "«And [~]?» asked [G.n]."});
      t.turn({"«[=].»", "«[=],» [@.n] {answered|said}.",
              "[@.n] {smiled|laughed|thought for a moment}. «[=].»"});
    }
  }
}

void Scene::evening(char hero) {
  t.bind('@', person(hero));
  t.paragraph();
  if (weather_holds && dice.chance(0.5)) t.say(dice.one_of(weather.evening));
  t.say(
      {"That night [@] {slept well|slept deeply|fell asleep at once|fell asleep with a smile|had a "
       "good dream}.",
       "[@] {went to bed|lay in bed} {tired but happy|with a warm heart|and thought about the day} "
       "and {soon fell asleep|slept until morning}.",
       "{It had been|What} a {long|good|strange|happy} day{.| for [@.o].}",
       "[@] {never forgot|often thought of|liked to remember} that day.",
       "The {next|following} {day|morning} [@] was still {smiling|glad|happy}."});
}

void Scene::close(char hero) {
  if (!memories_.empty() && dice.chance(0.6)) recall(hero);
  if (dice.chance(0.6)) evening(hero);
}

}  // namespace octavo
