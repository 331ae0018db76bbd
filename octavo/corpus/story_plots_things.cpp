// Plots about things: lost, hidden, given, mended, traded.
#include "octavo/corpus/story_plots.h"

namespace octavo {
namespace {

// The hero owns k, which G gave.
void treasure(Scene& s) {
  s.kin('G');
  const Thing& thing = s.thing('k', toy | precious);
  s.takes('A', 'k');
  s.t.bind('u', std::string(thing.kind->play_past));
  s.t.say(
      {"[A] had [k.a]. {It was a gift from [G.n]|[G.n] had given it to [A.him]{| on [A.his] "
       "birthday}}, and [A] {loved it|took it everywhere|liked it more than anything else}.",
       "Of all the things that [A] had, [A.he] liked [A.his] [k.b] best. {[G.n] had given it to "
       "[A.him].|It had come from [G.n].}",
       "[A.s] {favorite|dearest} thing was [k.a] that [G.n] had {given [A.him]|found at the "
       "market|brought from far away}.",
       "[G.n] had given [A.o] [k.a]. {It was not new, but|It was only [k.a], but} [A] {loved it "
       "very much|would not have changed it for anything}."});
  s.t.maybe(0.4, {"Every {day|morning} [A] [u].", "[A] often [u].", "Sometimes [A] [u]."});
}

void finds_it(Scene& s) {
  s.t.say({"[A] looked [x]. There {was [k]|it was, [k.the]}!",
           "And {there|sure enough}, [x], was [k.the].",
           "[A] {bent down|knelt down} and looked [x]. {Something [k.c] was there. It was "
           "[k.the]!|«Here it is!» [A.he] cried. It was [k.the].}",
           "[A] looked [x], and there lay [k.the]."});
  s.takes('A', 'k');
  s.t.maybe(0.5,
            {"[A] {picked it up|took it in both hands|held it tight}{| and wiped off the dust}.",
             "It was {cold and a little wet|dusty, but whole|just as it had been}."});
}

void lays_it_down(Scene& s) {
  s.t.say(
      {"[A] laid [A.his] [k.b] [x] {so that it would be safe|because [A.he] needed both hands} and "
       "[d].",
       "[A] wanted {to have both hands free|to play}, so [A.he] put [k.the] [x]. Then [A.he] [d].",
       "«I will leave my [k.b] [x],» [A.n] thought, «and nobody will {step on|take} it.» Then "
       "[A.he] [d]."});
  s.lays('A', 'k');
}

void notices(Scene& s) {
  s.t.paragraph();
  s.t.say(
      {"{After a while|Some time later|In the afternoon}, [A] looked for [A.his] [k.b]. {But it "
       "was gone|It was not there}!",
       "Then [A] looked down at [A.his] hands. They were empty. {The [k.b] was gone!|Where was the "
       "[k.b]?}",
       "Suddenly [A] stopped. «My [k.b]!» [A.he] cried. «{I do not have it any more|It is gone|I "
       "have lost it}!»"});
  s.feels('A', s.dice.chance(0.6) ? Feeling::sad : Feeling::worried);
}

void with_a_friend(Scene& s) {
  s.t.paragraph();
  s.t.say(
      {"{Then|Just then|After a while} [B.n] came {by|running|along the road}. «{Come with me|Come "
       "along|Let us go} to the [q.n]!» [cry>B].",
       "At the gate [A] met [B.n]. «I am going to the [q.n],» [say>B]. «{Will you come|Do you want "
       "to come} with me?»"});
  s.pair('W', 'A', 'B');
  s.person('B').place = s.person('A').place;
  s.goes('W', 'q');
  s.t.say({"There they [f].", "[q.in], they [f].",
           "They [f]{ and laughed a lot| until they were tired|, and the time went by fast}."});
}

void remembers_where(Scene& s) {
  s.t.turn(
      {"«Where did you {have it last|see it last|leave it}?» [ask>B].",
       "«{Do not cry|Do not worry|Let us think}, [A.n],» [say>B]. «Where did you have it last?»"});
  s.t.turn({"[A] thought {hard|for a moment}. «[r.in],» [A.he] said. «I put it [x].»",
            "«I {had|still had} it [r.in],» [say>A]. «{Now I remember|Yes}! I put it [x].»"});
  s.t.paragraph();
  s.goes('W', 'r');
  finds_it(s);
}

void is_told_where(Scene& s) {
  s.t.turn(
      {"[A] and [B.n] {looked|searched} everywhere. They looked [y], but {it was not there|they "
       "found only {dust|dry leaves|an old shoe}}.",
       "First they looked [y]. {Nothing|It was not there}. Then they looked {in every "
       "corner|everywhere else}."});
  s.villager('V');
  s.t.turn({"Then they met the [V.k]. «Have you seen my [k.b]?» [ask>A].",
            "They asked the [V.k]. «{Please, did|Did} you see [k.a]?» [ask>A]."});
  s.t.turn(
      {"«{Yes|Oh yes}, I {saw|think I saw} something [k.c] [x],» {said|answered} [V]. «It was "
       "[r.in].»",
       "«{[k.a]? Yes|Yes, I did}! Look [x], [r.in],» [V] {said|answered}."});
  s.t.paragraph();
  s.goes('W', 'r');
  finds_it(s);
  s.t.turn({"«So the [V.k] was right!» [say>B]."});
}

}  // namespace

// The reader saw where the thing was left, or somebody else did.
void lost_and_found(Scene& s) {
  Telling& t = s.t;
  s.child('A'), s.child('B');
  const size_t way = s.dice.below(2);
  const Place& left = s.place('r');
  const Place& next = s.place('q');
  s.deed('d', 'i', left);
  s.deed('f', 'j', next);
  s.spot('x', left);
  s.spot('y', next);
  s.open('A');
  treasure(s);
  t.title({"The [k.b]", "[A.ns] [k.b]", "The lost [k.n]", "Where is the [k.n]?"});
  t.paragraph();
  t.say({"{One|That} {day|morning} [A] took [A.his] [k.b] and left the house.",
         "{One day|That day}, as always, [A] had [A.his] [k.b] with [A.him]."});
  s.goes('A', 'r');
  if (way == 0) {
    lays_it_down(s);
  } else {
    t.say({"There [A.he] [d]{| for an hour| for a long time}.", "[A] [d]."});
    s.lays('A', 'k');
  }
  with_a_friend(s);
  notices(s);
  way == 0 ? remembers_where(s) : is_told_where(s);
  s.remember("[x]", "where was the [k.n]", "[x], [r.in]");
  s.remember("[k.b]", "who helped you", "[B.n] did");
  s.feels('A', Feeling::happy);
  s.thanks('A', 'B');
  s.close('A');
}

// A treasure is put away by two; when the time comes, one has forgotten where, the other has not.
void hidden_thing(Scene& s) {
  Telling& t = s.t;
  s.child('A'), s.child('B');
  const Place& place = s.place('r');
  s.spot('x', place);
  s.spot('y', place);
  s.open_pair('A', 'B', 'P');
  s.thing('k', precious);
  t.title({"The secret of [A.n] and [B.n]", "The hidden [k.n]", "The [k.b]"});
  t.paragraph();
  t.say(
      {"{One day|One morning} they found [k.a] {on the road|in the grass|in the mud}. Nobody {had "
       "lost it|knew whose it was}{, not even the teacher|}.",
       "{One day|One afternoon} an old {man|woman} gave them [k.a] {because they had carried a "
       "heavy bag|for their help}. It was {the finest thing they had|theirs now}."});
  s.takes('A', 'k');
  t.turn(
      {"«{We must hide it|Let us hide it},» [say>A]. «{Nobody must find it|It will be our "
       "secret}.»",
       "«Where shall we keep it?» [ask>B]. «It must be a {safe|secret} place,» [say>A]."});
  t.paragraph();
  s.goes('P', 'r');
  t.say({"There they {hid|put} the [k.b] [x].",
         "They looked for a good place and hid the [k.b] [x].",
         "[A] looked for a place, and [B.n] kept watch. Then they put the [k.b] [x]."});
  s.lays('A', 'k');
  t.say({"They {promised|gave their word} to tell nobody.",
         "«Not a word to anyone,» [say>B], and they shook hands."});
  t.paragraph();
  s.weather_holds = false;
  t.say(
      {"{Many weeks|A long winter|A whole year|Many months} went by. {The two had other things to "
       "do|They played other games|They did not think of it any more}.",
       "Time went by. {First it rained, then it snowed, and then the flowers came back|The days "
       "grew short and then long again}."});
  t.say(
      {"Then one day [A] {remembered|thought of} the [k.n]. But [A.he] {had forgotten where it "
       "was|did not know where to look}.",
       "One day [A] wanted to see the [k.b] again, but {where was it|where had they put it}?"});
  s.goes('P', 'r');
  t.maybe(0.6, {"First [A] looked [y]. {There was nothing|It was not there}.",
                "«Was it [y]?» [ask>A], and looked. No, there was nothing."});
  t.turn({"«I {know|remember},» [say>B]. «We {hid|put} it [x].»",
          "«Do you remember?» [ask>A]. «{Yes|Of course},» {said|answered} [B.n], «it is [x].»"});
  t.paragraph();
  finds_it(s);
  s.remember("[x]", "where did you hide it", "[x], [r.in]");
  s.remember("[k.b]", "what did you find", "[k.a]");
  s.feels('B', Feeling::proud);
  t.maybe(0.7, {"«You have a good memory,» said [A.n]. «What would I do without you?»",
                "«Next time we will write it down,» said [A.n]{ and laughed|}."});
  s.close('A');
}

// The hero hears what B would like, works for it, and gives it.
void birthday_gift(Scene& s) {
  Telling& t = s.t;
  s.child('A'), s.child('B');
  const Place& place = s.place('r');
  s.deed('d', 'i', place);
  s.open_pair('A', 'B', 'P');
  const Thing& gift = s.thing('k', toy | wearable | precious);
  t.bind('u', std::string(gift.kind->play));
  t.title({"The gift", "The [k.b]", "A gift for [B.n]", "[B.ns] birthday"});
  t.paragraph();
  t.say({"One day they were [r.in]. They [d] and talked.", "One day they [d] [r.in]."});
  t.say(
      {"«{Do you know what I want most|What would you like most of all}?» [ask>B]. «{I would "
       "like|I want} [k.a]. {Then I could [u]|I have wanted one for a long time}.»",
       "«I wish I had [k.a],» [say>B]. «{Then I could [u] every day|I dream of it every night}.»"});
  t.say({"[A.n] said nothing, but [A.he] {remembered it|kept it in mind}.",
         "[A.n] {listened well|did not forget it}, for {[B.ns] birthday was near|soon it would be "
         "[B.ns] birthday}."});
  t.paragraph();
  const Villager& villager = s.villager('V');
  s.place('v', villager.place);
  t.bind('n', std::string(villager.needs));
  t.bind('w', std::string(villager.work));
  t.say({"{But [A] had no money|[A] had only one small coin, and that was not enough}.",
         "But how could [A] get [k.a]? [A.he] had no money."});
  t.say(
      {"{The next day|In the morning} [A] went to the [v.n], where the [V.k] {lived and "
       "worked|worked}. [V] [w].",
       "So [A] went to see the [V.k], who [w] [v.in]."});
  s.moves('A', 'v');
  t.turn({"«May I help you?» asked [A.n]. «{I want to earn [k.a]|I need [k.a] for [B.n]}.»",
          "«Do you have work for me?» asked [A.n]. «I would like to earn [k.a] for my friend.»"});
  t.turn(
      {"«{Good|Very well|Yes},» said the [V.k]. «{You can [n], and then|If you [n] for three "
       "days,} I will give you {my [k.b]|the [k.b] that I have at home}.»",
       "«I have [k.a] that nobody uses,» {said|answered} the [V.k]. «{Help me to [n]|Come and "
       "[n]}, and it is yours.»"});
  t.paragraph();
  s.person('V').place = s.person('A').place;
  s.takes('V', 'k');
  t.say(
      {"[A] worked {hard|well|for three long days}{. [A.s] arms hurt, but [A.he] did not stop| and "
       "never complained}.",
       "It was hard work, and [A] was tired every evening, but [A.he] thought of [B.n] and went "
       "on."});
  t.say({"At last the [V.k] gave [A.o] the [k.b].",
         "Then the [V.k] {shook [A.ns] hand|smiled} and gave [A.him] the [k.b]."});
  s.gives('V', 'k', 'A');
  t.paragraph();
  s.place('b', "house");
  s.moves('A', 'b'), s.moves('B', 'b');
  t.say(
      {"{On the day of the birthday|When the birthday came}, [A] {brought|carried} a "
       "{small|strange} parcel to [B.ns] house. [B.n] opened it. Inside was [k.a]!",
       "On [B.ns] birthday, [A] came with {something behind [A.his] back|a parcel in [A.his] "
       "arms}. It was the [k.b]!"});
  s.gives('A', 'k', 'B');
  t.turn({"«[k.a]!» [cry>B]. «{It is just what I wanted! How|How} did you know?»"});
  t.turn({"«You told me [r.in],» {said|answered} [A.n]. «{I did not forget|I listened well}.»",
          "«Do you remember the day [r.in]?» [ask>A]. «You told me then.»"});
  s.remember("[k.b]", "what did [B.n] get", "[k.a]");
  s.remember("the [V.k]", "who gave it to you", "the [V.k] did, for my work");
  s.remember("[r.in]", "where did [B.n] tell you about it", "[r.in]");
  t.paragraph();
  s.feels('B', Feeling::happy);
  s.close('A');
}

// A borrows k, breaks it, tells the truth and has it mended.
void mended(Scene& s) {
  struct Break {
    std::string_view noun, part, how, remedy;
  };
  static constexpr Break breaks[] = {
      {"kite", "the tail", "tore off", "a needle and strong thread"},
      {"boat", "the mast", "broke", "glue and a thin stick"},
      {"doll", "one arm", "came off", "a needle and white thread"},
      {"drum", "the skin", "split", "a piece of new leather"},
      {"wagon", "a wheel", "came off", "a new nail and a hammer"},
      {"puppet", "one leg", "fell off", "a needle and strong thread"},
      {"lamp", "the handle", "broke", "a piece of wire"},
      {"cup", "the handle", "broke off", "a little pot of glue"},
      {"basket", "the handle", "broke", "three thin willow twigs"},
      {"box", "the lid", "came off", "two small nails and a hammer"},
      {"blanket", "one corner", "tore", "a needle and blue thread"},
      {"umbrella", "the handle", "broke", "glue and a long string"}};
  Telling& t = s.t;
  s.child('A'), s.child('B');
  s.open('A');
  const Thing& thing = s.thing('k', breakable);
  const Break* broken = breaks;
  while (broken->noun != thing.name) ++broken;
  t.bind('t', std::string(broken->part));
  t.bind('o', std::string(broken->how));
  t.bind('m', std::string(broken->remedy));
  t.bind('u', std::string(thing.kind->play_past));
  t.title({"The broken [k.n]", "The [k.b]", "[B.ns] [k.n]", "[A.n] tells the truth"});
  t.paragraph();
  s.place('b', "house");
  s.moves('A', 'b'), s.moves('B', 'b');
  s.takes('B', 'k');
  t.say(
      {"{One day|One afternoon} [A] {went to see|visited} [B.ns] family{, who lived next door|}. "
       "«May I borrow your [k.b]?» asked [A.n].",
       "[A] had a friend, [B.n]. [B] had [k.a] and often [u]. One day [A] asked, «May I "
       "{borrow|have} it until tomorrow?»"});
  t.turn(
      {"«Yes,» {said|answered} [B.n], «but {please be careful|take good care of it}.» «I "
       "{will|promise},» said [A.n].",
       "«{Of course|All right},» said [B.n], and gave [A.o] the [k.b]. «{Please take|Take} good "
       "care of it.»"});
  s.gives('B', 'k', 'A');
  t.paragraph();
  s.place('v', "workshop");
  s.place('q');
  t.say("{The next day|After school|Soon after}, [A] {took|carried} it to the [q.n].");
  s.moves('A', 'q');
  t.say(
      {"[A.he] was happy and {ran|jumped} {about|around}, and {did not see the stone|did not look "
       "where [A.he] went}. [A.he] {fell|tripped}, and {the [k.b] fell with a crack|the [k.b] flew "
       "out of [A.his] hands}.",
       "On the way [A.he] {began to run|looked up at a bird|thought of other things} and "
       "{slipped|tripped over a root|fell over a stone}. The [k.b] hit the ground."});
  t.say({"[t] of the [k.n] {had come off|was broken}!",
         "When [A] {stood up|looked}, [t] of the [k.n] was broken."});
  s.feels('A', Feeling::ashamed);
  t.say(
      {"«I could {hide it|say that it was the wind},» [A.he] thought. «But that {would not be "
       "right|would be a lie}.»",
       "For a moment [A.he] wanted to {run away|hide it}. But [A.he] had promised to be careful.",
       ""});
  t.paragraph();
  t.say(
      {"So [A] went back to [B.o] and told [B.him] {everything|the truth}. «I fell, and now [t] is "
       "broken,» [A.he] said. «{I am very sorry|It is my fault}.»",
       "[A] {carried|took} the [k.b] back. «I am sorry, [B.n],» [A.he] said. «I fell, and [t] is "
       "broken.»"});
  s.moves('A', 'b');
  t.say(
      {"[B.n] was {sad|upset}{ at first|}, but {[B.he] saw that [A.n] was sorry too|it was good to "
       "hear the truth}. «{Let us go to|Perhaps we can ask} the carpenter,» said [B.n].",
       "[B.n] {was quiet for a while|looked at it sadly}. Then [B.he] said, «The carpenter can "
       "mend {anything|it}.»"});
  s.pair('P', 'A', 'B');
  t.paragraph();
  s.goes('P', 'v');
  t.say(
      {"The carpenter {looked at the [k.n] from all sides|put on a pair of glasses}. «I need [m],» "
       "he said. {[A] ran and brought [m]|[A] found [m] on a shelf}.",
       "«This is easy,» said the carpenter. «I only need [m].» [A] {looked on every shelf and "
       "found|ran and got} [m]."});
  t.say(
      {"{Then the carpenter worked, and|They worked together, and} before {supper|evening} {[t] "
       "was as strong as before|the [k.b] was whole again}.",
       "{The carpenter showed [A.n] how to do it. It|It} took {an hour|half the day}, and then the "
       "[k.b] was {as good as new|whole again}."});
  s.gives('A', 'k', 'B');
  s.remember("[m]", "what did the carpenter need", "[m]");
  s.remember("[k.b]", "whose [k.n] was it", "[B.ns], the [k.b]");
  t.turn(
      {"«Thank you for telling me the truth,» [say>B]. «{You may borrow it again|We are still "
       "friends}.»",
       "«{Next time I will be more careful|I will never run with it again},» said [A.n]. «I know,» "
       "said [B.n]."});
  s.close('A');
}

// A wants k; its owner wants l; that one's owner wants m, and A finds m.
void trade_chain(Scene& s) {
  Telling& t = s.t;
  s.child('A'), s.child('B'), s.child('C');
  s.open('A');
  s.thing('k', toy);
  s.thing('l', toy | wearable);
  s.thing('m', precious);
  const Place& first = s.place('p');
  s.place('q');
  const Place& found = s.place('r');
  s.spot('x', found);
  s.deed('f', 'j', first);
  t.title({"Three trades", "The [k.b]", "[A.n] makes a trade", "A good trade"});
  s.person('B').place = &first;
  s.takes('B', 'k');
  s.moves('C', 'q');
  s.takes('C', 'l');
  t.paragraph();
  t.say(
      {"{One day|One morning} [A] {had nothing to do|wanted to see [A.his] friends|was looking for "
       "someone to play with}."});
  s.goes('A', 'p');
  t.say(
      {"[A] met [B.n], who had [k.a]. «{What a fine [k.n]|I like your [k.n]}!» said [A.n]. «{What "
       "do you want for it|May I have it}?»",
       "[B.n] was there too and had [k.a]. [A] {liked it at once|had never seen such a fine one}. "
       "«Will you trade it?» asked [A.n]."});
  t.turn(
      {"«{I want|I need|I would like} [l.a],» {said|answered} [B.n]. «{Bring me one, and you can "
       "have my [k.b]|Then you can have the [k.b]}.»",
       "«Only for [l.a],» {said|answered} [B.n]."});
  t.turn(
      {"But [A] had no [l.n]. «Who has [l.a]?» [A.he] asked. «[C.n] has one,» said [B.n]. «{You "
       "will find|Look for} [C.him] [q.in].»",
       "«I know who has [l.a],» thought [A.n]. «[C.n] does!»"});
  t.paragraph();
  s.goes('A', 'q');
  t.turn(
      {"«[C.n], will you give me your [l.b]?» asked [A.n]. «{Yes|All right|Gladly},» said [C.n], "
       "«{if you give me [m.a]|but I want [m.a] for it}.»",
       "«[B.n] wants your [l.b],» said [A.n] to [C.n]. «{What do you want for it|What shall I give "
       "you}?» «[m.a],» said [C.n]."});
  t.paragraph();
  t.say(
      {"[A] {thought|sat down and thought}. Where could [A.he] find [m.a]? Then [A.he] {remembered "
       "that there was one|remembered the old one} [r.in], [x].",
       "«[m.a]! I saw one [x], [r.in],» thought [A.n]. «{Nobody wants it|It belongs to nobody}.»"});
  s.goes('A', 'r');
  s.thing('m').place = &found;
  t.say({"[A] looked [x], and there was [m.the].", "[m.the] was still there, [x]."});
  s.takes('A', 'm');
  t.paragraph();
  t.say({"[A] ran back to [C.n] and gave [C.him] the [m.b]. [C.n] gave [A.him] the [l.b]."});
  s.moves('A', 'q');
  s.gives('A', 'm', 'C');
  s.gives('C', 'l', 'A');
  t.say({"Then [A.n] {took|carried} the [l.b] to [B.n], and [B.n] gave [A.him] the [k.b].",
         "With the [l.b], [A.n] {went|ran} {back |}to [B.n]. «Here is [l.a],» said [A.n]. «And "
         "here is the [k.b],» said [B.n]."});
  s.moves('A', 'p');
  s.gives('A', 'l', 'B');
  s.gives('B', 'k', 'A');
  t.say(
      {"Now [C.n] had the [m.b], [B.n] had the [l.b], and [A.n] had the [k.b]. {Everyone was "
       "happy|All three were glad}.",
       "So everyone had what they wanted: [A.n] the [k.b], [B.n] the [l.b], and [C.n] the [m.b]."});
  s.remember("[m.b]", "who has the [m.b] now", "[C.n] has it");
  s.remember("[l.b]", "who has the [l.b] now", "[B.n] has it");
  s.remember("[k.b]", "what did you get", "the [k.b]");
  s.close('A');
}

}  // namespace octavo
