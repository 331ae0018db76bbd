// The journey of a thing: it is given, carried about, laid down and found, whatever the state of
// the scene allows and the dice choose, and at the end its owner asks for it along the same way.
// Tested by tests/corpus/stories_test.cpp.
#pragma once

#include <array>
#include <string>

#include "octavo/corpus/story_scene.h"

namespace octavo {

class Journey {
 public:
  /// The first of the people holds the thing; the places are the roles 'p', 'q' and 'r'.
  Journey(Scene& scene, char thing, std::array<char, 3> people)
      : s_(scene), thing_(thing), people_(people), holder_(people[0]) {}

  void tell();

 private:
  enum class Step { give, carry, lay, find, visit };
  static constexpr char kNobody = 0;

  bool possible(Step step);
  void take(Step step);
  void give(), carry(), lay(), find(), visit();
  void ask();
  char place_of(char person);
  char other_place(char place);
  char companion();  ///< somebody else where the thing is, or nobody

  Scene& s_;
  char thing_;
  std::array<char, 3> people_;
  char holder_;             ///< or nobody, if it lies somewhere
  char before_ = kNobody;   ///< who had it before
  char lies_ = 0;           ///< the place's role
  std::string spot_;        ///< where it was laid, which happens once at most
  char laid_by_ = kNobody;  ///< whose last deed that was
  Step last_ = Step::visit;
  std::array<char, 128> given_to_ =
      {};  ///< by each person's last deed with the thing; 0: laid down
  std::array<std::string, 128> last_deed_ = {};  ///< "I gave it to Ben"
};

}  // namespace octavo
