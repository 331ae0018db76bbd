// See story_journey.h. 'X' acts, 'Y' is the other one, '^' the place, '$' the spot.
#include "octavo/corpus/story_journey.h"

#include <cassert>

#include "octavo/corpus/story_script.h"

namespace octavo {
namespace {

constexpr std::string_view kGive = R"(
+ [X] gave [k.the] to [Y.o]{, because [X.he] needed both hands|, because [Y.n] liked it so much| for
  the day|}.
| «{Here|Take it}, [Y.n],» said [X.n], «{you may have|take care of} the [k.b]{ for a while|}.»
| «May I {have|hold} the [k.b]?» asked [Y.n]. {«Yes,» said [X.n], and gave it to [Y.him].|[X.n] gave
  it to [Y.him].}
| [Y] {looked at the [k.b] for a long time|said something funny}, and [X.n] {laughed and |}gave it
  to [Y.him].
)";
constexpr std::string_view kGiveBack = R"(
+ [X] {gave [k.the] back to [Y.n]|gave it back to [Y.n]}{, for it was [Y.ns]|}.
| «{Here is your [k.b] again|This is yours}, [Y.n],» said [X.n], and gave it back to [Y.him].
)";
constexpr std::string_view kCarry = R"(
+ {Then|After that|Soon} [X] {took it|carried it|went with it} to the [^.n].
| {Then|Later} [X] went to the [^.n], and the [k.b] went {too|along}.
| [X] {had something to do|had to meet somebody} [^.in], so [X.he] {took [k.the] there|went there
  with the [k.b]}.
)";
constexpr std::string_view kLay = R"(
+ [X] {wanted to play|had to help somebody|wanted to run}, so [X.he] {put|laid} [k.the] [$].
| There [X] {put|laid} it [$] {and forgot it|and went away|so that it would be safe}.
| «{Nobody will find it here|It will be safe here},» said [X.n], and put [k.the] [$].
)";
constexpr std::string_view kFind = R"(
+ {A little later|Then|Before long} [Y] looked [$]. There was the [k.b]! [Y.n] {took it|picked it
  up}.
| {A little later|Then|Before long} [Y] found it [$], where [X.n] had put it, and {picked it up|took
  it}.
| What did [Y.n] see [$]? The [k.b]! {[Y.he] took it|So now [Y.n] had it}.
)";
constexpr std::string_view kFindComing = R"(
+ {A little later|Then|Before long} [Y] came to the [^.n], looked [$] and found the [k.b].
| Then [Y] came to the [^.n]. [Y.he] {dropped a penny and looked|looked} [$]. There was the [k.b]!
  [Y.n] took it.
)";
constexpr std::string_view kVisit = R"(
+ {Then|After a while|At noon|Just then} [Y] came to the [^.n] {too|as well}.
| {Then|After a while} [Y] {came by|came along}, {for [Y.he] had heard them|for it was [Y.his] way
  home|singing}.
)";
constexpr std::string_view kBack = R"(
# {In the evening|When the sun went down}, the [k.b] was with [X.n] again. {What a journey!|And
  nobody knew how far it had been, only [X.n].|It had come home.}
| So at the end of the day [X.n] had the [k.b] again, and {that was good|[X.he] put it beside the
  bed}.
)";
constexpr std::string_view kMissing = R"(
# {In the evening|When the sun went down}, [X.n] {wanted to have the [k.b] back|thought of the
  [k.b]}. {But who had it?|Where was it now?}
| «Where is my [k.b] now?» asked [X.n] {in the evening|when it grew dark}.
)";
constexpr std::string_view kRecollects = R"(
+ «{I remember|First of all}, [=],» [say>X]{, and thought|}.
| [X.n] {thought hard|counted on [X.his] fingers}. «{Wait|Yes}, [=],» [X.he] said.
)";
constexpr std::string_view kAnswers = R"(
# So [X.n] {went to|asked} [Y.n]. «{Do you have|Where is} the [k.b]?» «{No, not any more|Not with
  me}. [=],» {said|answered} [Y.n].
| [Y.n] {shook [Y.his] head|had to think}. «I had it, but [=],» [Y.he] said.
)";
constexpr std::string_view kTaken = R"(
# [X.n] {went|ran} {there|to the [^.n]} and looked [$]. {It was not there any more|There was
  nothing}. «{Somebody took it|I saw somebody take it},» said {a small boy|an old man|a woman with a
  basket}. «It was [Y.n].»
| But [$] there was nothing now. «[Y.n] was here,» said {a small girl|an old woman|a neighbor}, «and
  [Y.he] {took|picked up} something [k.c].»
)";
constexpr std::string_view kHasIt = R"(
# And {so it was|yes}: [Y.n] {still had it|held it in both hands}. «{Here is your [k.b]|I took good
  care of it},» said [Y.n]. «{What a long way it has gone|It has gone from hand to hand}!»
| [X.n] {ran to|found} [Y.n]. «{Yes, I have it|Here it is},» said [Y.n], and gave [X.him] the [k.b].
)";
constexpr std::string_view kLiesThere = R"(
# {So [X.n] went to the [^.n]|They went to the [^.n]} and looked [$]. There {lay|was} the [k.b].
  {[X.n] was glad.|It had waited there.}
| And {there|so it was}: [^.in], [$], lay the [k.b]. «{Now you stay with me|What a journey},» said
  [X.n].
)";

}  // namespace

void Journey::tell() {
  static constexpr Step steps[] = {Step::give, Step::carry, Step::lay, Step::find, Step::visit};
  const int count = s_.dice.between(4, 6);
  s_.t.bind('k', s_.thing(thing_));
  for (int i = 0; i < count; ++i) {
    Step step = s_.dice.one_of(steps);
    while (!possible(step)) step = s_.dice.one_of(steps);
    if (i == 2) s_.t.paragraph();
    take(step);
    last_ = step;
  }
  ask();
}

bool Journey::possible(Step step) {
  switch (step) {
    case Step::give:
      return holder_ && companion() && companion() != before_;
    case Step::carry:
      return holder_ && last_ != Step::carry && last_ != Step::visit;
    case Step::lay:
      return holder_ && last_ != Step::give && spot_.empty();
    case Step::find:
      return !holder_;
    case Step::visit:
      return holder_ && !companion() && last_ != Step::visit;
  }
  return false;
}

void Journey::take(Step step) {
  switch (step) {
    case Step::give:
      return give();
    case Step::carry:
      return carry();
    case Step::lay:
      return lay();
    case Step::find:
      return find();
    case Step::visit:
      return visit();
  }
}

char Journey::place_of(char person) {
  for (const char place : {'p', 'q', 'r'}) {
    if (s_.person(person).place == &s_.place_of(place)) return place;
  }
  assert(!"a person in one of the three places");
  return 'p';
}

char Journey::other_place(char place) {
  char other = place;
  while (other == place) other = "pqr"[s_.dice.below(3)];
  return other;
}

char Journey::companion() {
  const char place = holder_ ? place_of(holder_) : lies_;
  for (const char person : people_) {
    if (person != holder_ && person != before_ && place_of(person) == place) return person;
  }
  return kNobody;
}

void Journey::give() {
  const char to = companion();
  s_.t.bind('X', s_.person(holder_));
  s_.t.bind('Y', s_.person(to));
  perform(s_, to == people_[0] ? kGiveBack : kGive);
  s_.gives(holder_, thing_, to);
  last_deed_[static_cast<size_t>(holder_)] = s_.t.phrase("I gave it to [Y.n]");
  if (laid_by_ == holder_) laid_by_ = kNobody;
  given_to_[static_cast<size_t>(holder_)] = to;
  before_ = holder_;
  holder_ = to;
}

void Journey::carry() {
  const char place = other_place(place_of(holder_));
  s_.moves(holder_, place);
  s_.t.bind('X', s_.person(holder_));
  s_.t.bind('^', s_.place_of(place));
  perform(s_, kCarry);
}

void Journey::lay() {
  lies_ = place_of(holder_);
  spot_ = std::string(s_.fresh(s_.place_of(lies_).spots));
  s_.t.bind('X', s_.person(holder_));
  s_.t.bind('^', s_.place_of(lies_));
  s_.t.bind('$', spot_);
  perform(s_, kLay);
  s_.lays(holder_, thing_);
  laid_by_ = holder_;
  last_deed_[static_cast<size_t>(holder_)] = s_.t.phrase("I put it [$], [^.in]");
  given_to_[static_cast<size_t>(holder_)] = kNobody;
  before_ = holder_;
  holder_ = kNobody;
}

void Journey::find() {
  char finder = companion();
  const bool coming = !finder;
  while (!finder || finder == before_) finder = people_[s_.dice.below(3)];
  if (coming) s_.moves(finder, lies_);
  s_.t.bind('X', s_.person(before_));
  s_.t.bind('Y', s_.person(finder));
  s_.t.bind('^', s_.place_of(lies_));
  perform(s_, coming ? kFindComing : kFind);
  s_.takes(finder, thing_);
  given_to_[static_cast<size_t>(before_)] = finder;
  holder_ = finder;
}

void Journey::visit() {
  char guest = holder_;
  while (guest == holder_ || (guest == before_ && people_.size() > 2))
    guest = people_[s_.dice.below(3)];
  const char place = place_of(holder_);
  s_.moves(guest, place);
  s_.t.bind('Y', s_.person(guest));
  s_.t.bind('^', s_.place_of(place));
  perform(s_, kVisit);
}

// The owner asks along the way that the thing has gone.
void Journey::ask() {
  const char owner = people_[0];
  s_.t.bind('X', s_.person(owner));
  if (holder_ == owner) return perform(s_, kBack);
  perform(s_, kMissing);
  s_.t.bind('$', spot_);
  for (char at = owner; at && at != holder_; at = given_to_[static_cast<size_t>(at)]) {
    s_.t.bind('Y', s_.person(at));
    s_.t.bind('=', last_deed_[static_cast<size_t>(at)]);
    perform(s_, at == owner ? kRecollects : kAnswers);
    if (at != laid_by_ || !given_to_[static_cast<size_t>(at)]) continue;
    s_.t.bind('^', s_.place_of(lies_));
    s_.t.bind('Y', s_.person(given_to_[static_cast<size_t>(at)]));
    perform(s_, kTaken);
  }
  if (holder_) {
    s_.t.bind('Y', s_.person(holder_));
    return perform(s_, kHasIt);
  }
  s_.t.bind('^', s_.place_of(lies_));
  perform(s_, kLiesThere);
}

}  // namespace octavo
