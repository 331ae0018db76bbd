// Plots about what people do for each other: promises, errands, meals, messages, lost animals.
#include "octavo/corpus/story_plots.h"

namespace octavo {
namespace {

void bind_three(Scene& s, Options options) {
  const auto chosen = s.dice.some_of(std::vector<std::string_view>(options), 3);
  s.t.bind('1', std::string(chosen[0]));
  s.t.bind('2', std::string(chosen[1]));
  s.t.bind('3', std::string(chosen[2]));
}

}  // namespace

// A promise, a temptation, and the promise kept.
void promise_kept(Scene& s) {
  Telling& t = s.t;
  s.child('A'), s.child('B');
  s.open('A');
  s.kin('G');
  const Place& place = s.place('q');
  s.deed('f', 'j', place);
  s.one_of('v', {"feed the hens", "bring in the wash", "light the lamp at the gate",
                 "water the young plants", "shut the gate of the barn",
                 "carry the soup to the old neighbor", "bring in the wood"});
  s.one_of('w', {"before dark", "before supper", "before the bell rings", "before four o'clock"});
  t.title({"The promise", "[A.n] keeps a promise", "A promise is a promise", "[A.ns] promise"});
  t.paragraph();
  t.say(
      {"{One day|That day|After breakfast} [G.n] had to {go to town|help a sick friend|work far "
       "away}. «Will you [v] [w]?» [G.he] asked.",
       "«I must go {away today|to town},» said [G.n]. «Please [v] [w].»"});
  t.turn({"«I {promise|will},» {said|answered} [A.n]. «I will [v] [w].»",
          "«Yes, I promise to [v] [w],» said [A.n]."});
  t.paragraph();
  t.say(
      {"{Later|In the afternoon|At noon} [B.n] came to the door. «Come to the [q.n]!» [B.he] "
       "{said|cried}. «{We can [j]|Everyone is there}!»",
       "{Then|Soon} [B.n] {called from the road|knocked at the window}. «Come with me to the "
       "[q.n]!»"});
  s.pair('P', 'A', 'B');
  s.person('A').place = s.person('B').place = nullptr;
  s.goes('P', 'q');
  t.say({"They [f], and the {hours|time} {flew by|went by}.",
         "There they [f], and it was {great fun|so much fun}."});
  t.maybe(0.5, {"[A] {forgot everything else|did not look at the sky}."});
  t.paragraph();
  t.say(
      {"{Suddenly|All at once} [A] saw that the sun was {low|going down}. «I promised to [v] [w]!» "
       "[A.he] {cried|said}. «I must go.»",
       "Then a {dog barked|bell rang} far away, and [A] {stood still|remembered}. «I must [v] "
       "[w],» [A.he] said. «I gave my word.»"});
  t.turn({"«{Stay a little longer|Only one more game|You can do it tomorrow},» said [B.n].",
          "«{Must you go now|Can it not wait}?» asked [B.n]."});
  t.turn({"«No,» said [A.n]. «{A promise is a promise|I said that I would, and I will}.»"});
  t.paragraph();
  t.say(
      {"[A] ran home {as fast as [A.he] could|without stopping|over the fields}, and {there was "
       "still time|it was not too late}.",
       "[A] {ran|hurried} all the way home and {got there|came} just in time."});
  t.say({"{So it was done|It was done} [w].",
         "When [G.n] came home, it was done, as [A.he] had promised."});
  t.say(
      {"[G.n] {was glad|smiled}. «You kept your {word|promise},» [G.he] said. «{Now I know that I "
       "can trust you|I knew that you would}.»"});
  s.remember("[v] [w]", "what did you promise", "to [v] [w]");
  s.remember("[q.n]", "where were you with [B.n]", "[q.in]");
  s.feels('A', Feeling::proud);
  s.close('A');
}

// A list to keep in mind, bought piece by piece.
void shopping_list(Scene& s) {
  Telling& t = s.t;
  s.child('A'), s.child('B');
  s.open('A');
  s.kin('G');
  bind_three(
      s, {"a loaf of bread", "a jar of honey", "six eggs", "a piece of cheese", "a bag of flour",
          "three onions", "a pound of butter", "four red apples", "a bottle of milk",
          "a bunch of carrots", "two lemons", "a cake of soap", "a box of matches"});
  s.place('q', "market");
  s.thing('k', tool);
  t.title({"At the market", "Three things to buy", "[A.n] goes to the market"});
  t.paragraph();
  t.say(
      {"«Please go to the market,» said [G.n]. «We need [1], [2] and [3].» [G.he] gave [A.n] {some "
       "money|a basket and a purse}.",
       "[G.n] {had no time|was busy} that day. «[A.n], can you {go to the market|do the "
       "shopping}?» [G.he] asked. «Bring [1], [2] and [3].»"});
  t.turn({"«[1], [2] and [3],» said [A.n]. «{I will not forget|That is easy}.»",
          "[A.n] {nodded|took the basket}. «[1], [2] and [3],» [A.he] said {aloud|to [A.self]} "
          "again and again."});
  t.paragraph();
  s.goes('A', 'q');
  t.say({"First [A] bought [1]. Then [A.he] bought [2].",
         "At the first stand [A] {asked for|bought} [1], and at the next [2]."});
  t.say(
      {"Then [A] met [B.n]. They {talked about school|laughed about a funny hat|watched a man with "
       "a dancing dog|looked at the ducks}, and [A] forgot the rest.",
       "But then [B.n] came {by|along}, and they {talked for a long time|listened to a man with a "
       "flute}, and the last thing {went out of [A.ns] head|was forgotten}."});
  t.turn(
      {"«{Do you have everything|Are you going home}?» asked [B.n]. «I have [1] and [2],» said "
       "[A.n]. «{But there was one more thing|Something is missing}.»",
       "«What was the third thing?» [A.he] asked [A.self]. «[1], [2] and what else?»"});
  t.turn(
      {"[A] {closed [A.his] eyes|stood still} and heard [G.ns] voice again: «[1], [2] and [3].» "
       "{That was it!|Of course!}",
       "«Say the whole list again,» said [B.n]. «[1], [2] and [3],» said [A.n]. «[3]! That is "
       "it!»"});
  t.say({"{So|Quickly} [A] bought [3] {too|as well} and {went|ran|walked} home."});
  t.paragraph();
  t.say(
      {"At home [G.n] looked into the basket. «[1], [2] and [3],» [G.he] said. «{Everything is "
       "here|You forgot nothing|Well done}!»",
       "[G.n] {unpacked|emptied} the basket: [1], [2] and [3]. «{You have a good head|Nothing is "
       "missing},» [G.he] said."});
  s.remember("[3]", "what did you nearly forget", "[3]");
  s.remember("[1], [2] and [3]", "", "");
  s.remember("[1]", "what did you buy first", "[1]");
  s.feels('A', Feeling::proud);
  s.close('A');
}

// An animal is gone; what it left behind and what people saw lead to it.
void lost_animal(Scene& s) {
  Telling& t = s.t;
  s.child('A'), s.child('B');
  s.open('A');
  const Person& pet = s.pet('D');
  const Place& place = s.place('r');
  s.spot('x', place);
  const AnimalKind* kind = nullptr;
  for (const AnimalKind& each : pet_kinds()) {
    if (each.noun == pet.kind) kind = &each;
  }
  t.bind('f', std::string(kind->food));
  t.bind('l', std::string(kind->likes));
  t.bind('s', std::string(kind->sound));
  t.bind('m', std::string(kind->moved));
  s.one_of('c', {"red", "blue", "green", "yellow", "white"});
  s.one_of('n', {"ribbon", "string", "band"});
  t.title({"[D.n] is gone", "Where is [D.n]?", "[A.n] and [D.n]", "The lost [D.k]"});
  t.say({"[A] had [D.a] {named|called} [D.n]. [D.n] wore a [c] [n] around [D.his] neck.",
         "[A.ns] best friend was [D.n], [D.a] with a [c] [n] around [D.his] neck."});
  t.say({"[D.n] liked [l] {best of all|more than anything else}.",
         "Every morning [A] gave [D.n] [f]."});
  t.paragraph();
  t.say({"One {morning|day|evening} the {gate|door} was open, and [D.n] was gone.",
         "But one {morning|day}, when [A] {called|came with [f]}, [D.n] {did not come|was not "
         "there}. The gate stood open."});
  s.feels('A', s.dice.chance(0.5) ? Feeling::worried : Feeling::sad);
  t.say(
      {"[A] {called|shouted} {[D.ns] name|«[D.n]!»} {in the yard|in every corner|again and again}, "
       "but {nothing moved|there was no answer}."});
  t.paragraph();
  const Villager& villager = s.villager('V');
  s.place('v', villager.place);
  t.bind('w', std::string(villager.work));
  s.goes('A', 'v');
  t.say({"The [V.k] [w]."});
  t.turn({"«Have you seen [D.a] with a [c] [n]?» asked [A.n].",
          "«[D.n] is gone,» said [A.n]. «Did you see [D.a] with a [c] [n]?»"});
  t.turn(
      {"«{Yes|I did},» {said|answered} the [V.k]. «[D.he] {ran|went} {by|past my door} {an hour "
       "ago|this morning}, {to the [r.n]|and then on to the [r.n]}.»",
       "«{No|I am sorry, no},» {said|answered} the [V.k], «but [B.n] was here and {saw|spoke of} "
       "[D.a] [r.in].»"});
  t.paragraph();
  s.goes('A', 'r');
  t.say(
      {"On {a bush|a nail|a thorn} hung a [c] [n]. «{That is [D.ns] [n]|[D.n] was here}!» said "
       "[A.n].",
       "There on the ground lay a [c] [n]. It was [D.ns]!"});
  t.say({"[A] held out [f] and {called softly|waited}. Then something [s] [x].",
         "[A] {listened|stood still}. Something [s]. It came from a place [r.in], [x]."});
  t.say(
      {"[A] looked [x]. There {sat|was} [D.n], {cold and afraid|with one foot caught in a wire|too "
       "frightened to move}."});
  t.say(
      {"{Carefully|Gently} [A] {lifted [D.him] out|took [D.him] in [A.his] arms}, and [D.n] [s] "
       "{softly|for joy}."});
  t.maybe(0.6, {"At home [D.n] got [f] and {slept by the stove|a soft bed of straw}.",
                "[A] tied the [c] [n] around [D.ns] neck again, and together they went home."});
  s.remember("[x]", "where was [D.n]", "[x], [r.in]");
  s.remember("[c] [n]", "how did you know that [D.n] was there", "I saw the [c] [n]");
  s.remember("the [V.k]", "who told you where to look", "the [V.k] did");
  t.say({"From then on [A] always {shut|closed} the gate.",
         "After that the gate was never left open again.", ""});
  s.close('A');
}

// Everyone brings one thing, and from little things comes a meal.
void shared_soup(Scene& s) {
  Telling& t = s.t;
  s.child('A'), s.child('B'), s.child('C');
  s.open('A');
  bind_three(s, {"two carrots", "an onion", "three potatoes", "a piece of butter", "a bag of beans",
                 "some salt", "a little cream", "a cabbage", "a bunch of herbs", "four mushrooms",
                 "a turnip", "a cup of peas"});
  t.title({"The soup", "Soup for everyone", "A pot of soup", "Something for the pot"});
  t.paragraph();
  t.say(
      {"{One day|That day|At noon} [A] was hungry, but {the kitchen was almost empty|there was not "
       "much in the house}. [A.he] {had|found} only [1].",
       "There was {little|not much} to eat that day. [A] had a big pot, but only [1] to put in "
       "it."});
  t.say(
      {"[A] {lit the stove|made a fire in the stove}, filled the big pot with water and began to "
       "cook."});
  t.turn(
      {"{Soon|Then} [B.n] {came to the door|looked in at the window}. «{What are you cooking|What "
       "is in the pot}?» asked [B.n]. «Soup,» said [A.n], «but there is nothing in it but [1].»"});
  t.turn(
      {"«I have [2] at home,» said [B.n]. «{Wait for me|I will get it at once}!» And soon [2] went "
       "into the pot.",
       "«Then I will bring [2],» said [B.n], and {so [B.he] did|[B.he] ran home and came back with "
       "[2]}."});
  t.paragraph();
  t.say(
      {"Then [C.n] {came|smelled the soup and came}. «What is in it?» asked [C.n]. «[1] and [2],» "
       "said [A.n]. «{It is still thin|It needs one more thing}.»"});
  t.say(
      {"«I can bring [3],» said [C.n], and {went to get it|ran off}. {Soon|Now} [3] went into the "
       "pot {too|as well}.",
       "So [C.n] {brought|ran home for} [3], and that went into the pot {too|as well}."});
  t.say(
      {"The soup {smelled better and better|bubbled and smelled good}. {They set the table|They "
       "stirred and waited}.",
       "They stirred the soup {with a long spoon|in turn} until it was {thick and brown|ready}."});
  t.paragraph();
  t.say(
      {"«{This is the best soup in the world|I have never had such a good soup}!» said [C.n]. «Who "
       "made it?» «We all did,» said [A.n]. «I had [1], [B.n] brought [2], and you brought [3].»",
       "They sat down and ate. [A.n] had given [1], [B.n] [2], and [C.n] [3], and {together it was "
       "a feast|so there was enough for all}."});
  s.remember("[1]", "what did you put into the pot first", "[1]");
  s.remember("[2]", "what did [B.n] bring", "[2]");
  s.remember("[3]", "what did [C.n] bring", "[3]");
  s.close('A');
}

// Words to carry, exactly.
void message(Scene& s) {
  Telling& t = s.t;
  s.child('A'), s.child('B');
  s.open('A');
  s.kin('G');
  const Villager& villager = s.villager('V');
  s.place('v', villager.place);
  t.bind('w', std::string(villager.work));
  const Place& place = s.place('q');
  s.deed('f', 'j', place);
  struct Words {
    std::string_view message, answer;
  };
  static constexpr Words words[] = {
      {"the well is dry, bring a rope before noon", "I have no rope, but I will bring two men"},
      {"the gray horse is lame, send us your cart",
       "the cart is free, you can have it until Sunday"},
      {"the bridge is down, take the old road", "I thank you, I will start an hour sooner"},
      {"the roof leaks, bring ten boards", "I have only six boards, but I will come at three"},
      {"the guests come on Sunday, not on Monday", "then I will bake the cake on Saturday"},
      {"the letter is here, it came by night", "keep it for me, I will come tomorrow"},
      {"the key is with the teacher, not with me", "then I will ask at the school"},
      {"we have too many plums, bring a big basket", "I will bring two baskets and my brother"},
      {"the white hen is in our barn, do not look for her",
       "give her some corn, I will come for her tonight"},
      {"the lamp is mended, it costs two coins", "here are three coins, for it was good work"}};
  const Words& chosen = s.dice.one_of(words);
  t.bind('x', std::string(chosen.message));
  t.bind('y', std::string(chosen.answer));
  t.title({"The message", "[A.n] carries a message", "Word for word"});
  t.paragraph();
  t.say({"«{Run to|Please go to} the [V.k],» said [G.n], «and {say|say these words}: [x].»",
         "[G.n] had a message for the [V.k]. «{Say it just like this|Learn it by heart},» [G.he] "
         "said. «[x].»"});
  t.turn({"«[x],» said [A.n]. «I {have it|know it now}.»",
          "[A] said it {three times|over and over}: «[x].»"});
  t.paragraph();
  t.say(
      {"On the way [A] {met|saw} [B.n] [q.in]. «{Where are you going|Why do you hurry}?» asked "
       "[B.n]. «I have a message for the [V.k],» said [A.n].",
       "{Near the [q.n]|On the road} [A] met [B.n]. «{Come and help me|I want to} [j],» said "
       "[B.n]. «{Later|Not now},» said [A.n]. «I have a message for the [V.k].»"});
  s.goes('A', 'v');
  t.say({"The [V.k] [w]."});
  t.turn({"«I have a message for you,» said [A.n]. «[x].»", "«[G.n] says: [x],» said [A.n]."});
  t.turn(
      {"«{Good|Thank you, [A.n]},» said the [V.k]. «{Now|And now} tell [G.n] this: [y].»",
       "The [V.k] {thought for a while|nodded}. «{Take this answer back|Go back and say}: [y].»"});
  t.paragraph();
  t.say({"[A] ran home. «{Well|So}, what did the [V.k] say?» asked [G.n]. «[y],» said [A.n].",
         "«What is the answer?» asked [G.n] when [A] came home. «[y],» said [A.n]."});
  s.remember("[x]", "", "");
  s.remember("[y]", "", "");
  s.remember("the [V.k]", "", "");
  t.say(
      {"«{You did not change a word|Every word was right},» said [G.n]. «{Well done|You are a good "
       "messenger}.»",
       "[G.n] {was pleased|nodded}. «You can keep words in your head,» [G.he] said, «and that is "
       "worth more than gold.»"});
  s.feels('A', Feeling::proud);
  s.close('A');
}

}  // namespace octavo
