// The scripts that all plots share: how a story begins, how people go from place to place and what
// they feel, and the evening that asks for what happened. '@' is whom a passage is about, '&' the
// other one, '^' where somebody goes, 'W' who goes, 'Z' who asks in the evening.
#include <cassert>

#include "octavo/corpus/story_script.h"

namespace octavo {
namespace {

struct Passage {
  std::string_view name, script;
};

constexpr Passage kPassages[] = {
    {"season", R"(
+ It was {a quiet|an early|a fine|a clear|a cool} {[%] morning|morning in [%]|day in [%]}.
| It was {[%]|a day in [%]|a quiet [%] day}.
| {[%] had come at last|It was early [%]|It was late [%]|It was the middle of [%]}.
| One {[%]|fine [%]|quiet [%]} {morning|day} the village {woke up slowly|was already busy|was very
  still}.
)"},
    {"who", R"(
!pick ; little / small / young / kind / clever / brave / cheerful / friendly / lively / curious
+ {Once there|There once|There} was a [;] [@.k] {named|called} [@.n].
| {Once there|There once} was a [@.k] {named|called} [@.n], who {lived|had always lived}
  {near|beside|close to} the {mill|river|bakery|market|school}.
| In a {small|quiet|little} village {by the river|under the hill|near the forest|between two hills}
  lived a [;] [@.k] {named|called} [@.n].
| [@.n] was a [;] [@.k] who lived {near|not far from|beside} the
  {mill|river|bakery|market|school|old bridge}.
| [@.n] lived in a {small|white|yellow|tall|little|old|brick} house {near|behind|beside|close to}
  the {mill|bakery|market|school|forest|church}.
| [@.n] was {five|six|seven|eight} years old and lived in {a small village|an old house by the
  road|a village by the river|the house beside the well}.
| Everyone in the village knew [@.n], a [;] [@.k] who {liked to sing|laughed a lot|asked many
  questions|was always busy|was never still|could not tell a lie}.
| [@.n] was a [;] [@.k]. {[@.he] had {brown|black|red|fair} hair and {a loud laugh|big brown
  eyes|strong hands|a quick mind}.|[@.he] lived {at the end of the road|in the last house of the
  village|across the river}.|[@.he] {liked the sound of rain|could run very fast|loved old
  stories}.}
| This is {a story about|the story of} [@.n], a [;] [@.k] {from a small village|who lived by the
  {mill|river|forest}}.
| {Not far from|Close to|Across from} the {river|forest|mill|old bridge} stood a
  {little|small|white|brown} house, and there lived [@.n].
| {Do you know|Have you heard of} [@.n], the [;] [@.k] {from the mill road|from the house by the
  bridge|who lived near the market}?
)"},
    {"open", R"(
!choose
!sky
!play who
!or
!play who
!sky
!or
!sky
+ [@.n] {looked out of the window|woke up early|jumped out of bed|put on {a coat|warm socks|a clean
  shirt}} and {smiled|sang a little song|ate some bread with {honey|butter|jam}|ran to the
  kitchen|opened the door}.
| {A {little|young|small} [@.k] named [@.n]|Little [@.n]} {stood at the door|sat on the steps|looked
  out of the window} and {thought about the day|watched the birds|drank a cup of milk|tied a shoe}.
| [@.n] {stood in the yard|sat at the kitchen table} and {wondered what to do|did not know yet what
  the day would bring|counted the birds on the roof}.
| In a house {near the mill|by the river|at the end of the road}, a [@.k] named [@.n] {was just
  waking up|was eating breakfast|was looking for a shoe}.
!or
+ «What a {day|morning}!» said [@.n], and {opened the window|ran down the stairs|looked at the sky}.
| «{Today will be a good day|I feel that something will happen today},» said [@.n] {at breakfast|and
  jumped out of bed|to [@.self]}.
| «{Is it morning already|What shall I do today|Where are my shoes}?» said [@.n], and {got out of
  bed|looked around the room}.
!choose
!sky
!or
!end
!or
!play who
!or
!play who
!end
)"},
    {"open two", R"(
!choose
!sky
!or
!or
!end
+ [@.n] and [&.n] were {good friends|best friends|cousins|friends|neighbors} who {lived in the same
  street|sat next to each other in school|did everything together|lived side by side|had known each
  other all their lives}.
| {Once there|There} were two {friends|children|good friends}, [@.n] and [&.n], who {lived in a
  small village|lived near the {mill|river|school|market}|played together every day|were never
  apart}.
| [@.n] had a {good|dear|close|true} friend {named|called} [&.n]. They {played together every
  day|lived in the same street|walked to school together|told each other everything}.
| [&.n] lived next door to [@.n], and {they were the best of friends|the two were always
  together|they saw each other every day}.
| Where [@.n] was, [&.n] was {never far away|there too|soon to be found}. {They were friends.|The
  two had been friends since they were {small|three years old}.}
| [@.n] liked {stories|music|animals|maps|running}, and [&.n] liked
  {numbers|cooking|climbing|building things|painting}, but they were {the best of friends|good
  friends all the same}.
| Every day after school, [@.n] and [&.n] met {at the well|under the old oak|by the bridge|at the
  gate}, {for they were friends|and so it was that day}.
)"},
    {"spring", R"(
+ {A blackbird|A small bird|A cuckoo} {sang|called} {in the hedge|in a tree|from a roof}.
| {Bees|Two bees|White butterflies} flew {from flower to flower|over the grass|along the hedge}.
| {A dog slept|A cat lay|Two hens sat} in the {sun|shade}.
| {Somewhere|Far away} {a dog barked|a bell rang|a cart rolled by|children were laughing}.
)"},
    {"autumn", R"(
+ {Yellow|Brown|Red} leaves {lay on the road|turned in the air|covered the grass}.
| {Wild geese|A flock of birds} flew over the village.
| It smelled of {apples|smoke and wet leaves|ripe pears}.
| Nuts lay under the trees, and a {squirrel|red squirrel} was busy there.
)"},
    {"winter", R"(
+ Smoke rose from every {chimney|roof}.
| {Ice|Long ice} hung from the roofs.
| A {crow|small brown bird|robin} sat on the {fence|wall}, as round as a ball.
| Somewhere {a door closed|a dog barked|somebody was cutting wood}.
)"},
    {"go", R"(
+ [W] {went|walked|ran|hurried} {|straight }to the [^.n].
| [W] {went|walked|set off} {along the road|down the road|through the village|past the
  {church|well|old tree|last houses}} to the [^.n].
| [W] took the {short|long|narrow|old|sandy} path to the [^.n].
| [W] {crossed the {bridge|street|yard}|turned left at the {well|church|oak}|went over the
  {fields|bridge}} and {soon|at last} came to the [^.n].
| {Soon|After a while|Before long|A little later} [W] [W.was] [^.in].
| It was {not far|only a short walk} to the [^.n]{, and [W] {went|walked} {fast|quickly}|}.
| It was {a long walk|quite far} to the [^.n], but [W] knew the way.
| {The way|The path} to the [^.n] was {short|not long}{, and [W] counted the steps|, so [W]
  {sang|whistled} a little|, and soon [W] [W.was] there}.
)"},
    {"arrive", R"(
+ {At last|After a while|A little later|In the end} [W] {came to|reached|arrived at} the [^.n].
| {Soon|Before long} [W] [W.was] [^.in].
)"},
    {"encounter", R"(
!choose
!stranger E old {woman|man}
+ On the way to the [^.n], [@.n] {met|saw} [E.a] with a heavy {bag|basket}. «{May I carry it|May I
  help you}?» asked [@.n], and [@.he] carried it {to the next door|up the hill|as far as the well}.
| A [E.k] stood by the road with a heavy {bag|basket}. [@.n] carried it {across the bridge|to the
  gate|up the steps}.
+ «You are a {kind|good|strong} [@.k],» said the [E.k]{.| and gave [@.him] {a nut|a plum|a sweet
  bun}.}
!fact / who did you help on the way / [E.a] with a heavy load
!or
+ On the way to the [^.n], [@.n] saw a {sheep|goat|calf} that had its head in a fence. [@.he]
  {pulled a board aside|pushed and pulled}, and it ran {back to the others|away}.
| A gate stood open, and the sheep were coming out. [@.n] {drove them back|called them back} and
  closed the gate{ with care|}.
!fact / what did you see on the way / an animal in trouble, and I helped it
!or
!stranger E {tall|young|old} {woman|man}
+ On the road, [E.a] lost a glove and did not see it. [@.n] {picked it up and ran after
  [E.him]|picked it up}. «You lost {this|your glove},» said [@.n]. «{Thank you|How good of you},»
  said the [E.k].
| [@.n] saw [E.a] with a map at the crossing. «Which way is {the town|the church}?» asked the [E.k].
  «{Straight on, over the bridge|To the left, past the mill},» said [@.n].
!fact / who did you meet on the way / [E.a]
!or
!stranger E {old|young|tall} {woman|man}
+ [E.a] with a cart was stuck {in a hole in the road|at the foot of the hill} on the way to the
  [^.n]. [@.n] pushed from behind{, one, two, three| with both hands}, and the cart {moved|rolled
  on}. «{Good work|Many thanks},» said the [E.k].
!fact / why are your hands so dirty / I pushed a cart
!or
+ On the way to the [^.n], a {big|black|gray} {dog|goose} stood in the road and would not move.
  [@.n] {waited and spoke softly|did not run, but stood still}, and {after a while|at last} it {let
  [@.him] pass|went away}.
| At the crossing [@.n] stopped, because {a long row of ducks walked over the road|a big wagon full
  of {hay|wood|barrels} went by}.
!end
+ Then [W.n] {went|walked} on{ to the [^.n]|}.
| {After that|Then} [W.he] {walked|ran} on, and soon [W.he] was [^.in].
)"},
    {"happy", R"(
+ [@] was {so happy that [@.he] {laughed out loud|danced|sang all the way|clapped [@.his]
  hands}|very happy|full of joy|as happy as could be|happier than [@.he] had been for a long time}.
| [@] {smiled from ear to ear|laughed with joy|jumped up and down with joy|could not stop smiling}.
| A {big|wide|warm} smile spread over [@.s] face.
| [@.s] eyes {shone|were bright}{| with joy}.
)"},
    {"sad", R"(
+ [@] {felt very sad|was sad|had tears in [@.his] eyes|wanted to cry|began to cry}.
| A tear ran down [@.s] {cheek|nose|face}.
| [@] sat down and {said nothing for a long time|put [@.his] head in [@.his] hands}.
| [@] {felt a lump in [@.his] throat|did not want to speak to anyone|hung [@.his] head}.
)"},
    {"afraid", R"(
+ [@] was {afraid|a little afraid|frightened}, and [@.his] heart beat fast.
| [@.s] {knees|hands} {shook|trembled}.
| [@] {held [@.his] breath|stood very still} because [@.he] was afraid.
| {Fear|A cold feeling} ran down [@.s] back.
)"},
    {"proud", R"(
+ [@] was {very proud|proud|so proud that [@.his] cheeks turned red}.
| [@] {stood very tall|held [@.his] head high}, for [@.he] was proud.
| [@] felt {proud and happy|as tall as a tree|very grown up}.
)"},
    {"ashamed", R"(
+ [@] {felt ashamed|was ashamed} and {looked at the ground|looked down at [@.his] shoes|did not know
  what to say}.
| [@.s] {face|ears} {grew hot|turned red}, for [@.he] was ashamed.
| [@] {wished to hide|could not look up}, because [@.he] was ashamed.
)"},
    {"tired", R"(
+ [@] was {tired|very tired|so tired that [@.he] sat down on a stone}.
| [@.s] legs {were heavy|hurt}, so [@.he] {rested|sat down} for a while.
)"},
    {"worried", R"(
+ [@] was {worried|very worried|too worried to eat}.
| [@] {walked up and down|looked at the door again and again}, for [@.he] was worried.
| [@] {bit [@.his] lip|could not sit still}. What if {something had happened|it was too late}?
)"},
    {"thank", R"(
+ «Thank you{| so much| very much|, [&.n]},» [say>@].
| «Thank you!» [cry>@]. «{You are very kind|I will never forget it|That was good of you|You are a
  real friend}.»
| [@] {took [&.s] hand|gave [&.o] a hug} and {said, «Thank you.»|thanked [&.him].}
| «{What would I do without you|How can I thank you}?» [say>@].
)"},
    {"go-along", R"(
# {Then|Just then|After a while} [B.n] came {by|running|along the road}. «{Come with me|Come
  along|Let us go} to the [q.n]!» [cry>B].
| At the gate [A] met [B.n]. «I am going to the [q.n],» [say>B]. «{Will you come|Do you want to
  come} with me?»
| «[A.n]!» somebody called. It was [B.n]. «{I have been looking for you|There you are}! {Come to the
  [q.n]|Everyone is at the [q.n]}!»
| {A little later|Soon after that}, [B.n] {stood at the gate|waved from the road}. «{Do you have
  time|May I show you something}? {I am going to the [q.n].|Then come to the [q.n].}»
!join B A
!pair W A B
!go W q
+ There they [f].
| [q.in], they [f].
| They [f]{ and laughed a lot| until they were tired|, and the time went by fast| and talked about
  many things}.
| The two [f], {and [A] thought of nothing else|and nobody looked at the clock}.
)"},
    {"gone", R"(
# {After a while|Some time later|In the afternoon|On the way home}, [A] looked for [A.his] [k.b].
  {But it was gone|It was not there}!
| Then [A] looked down at [A.his] hands. They were empty. {The [k.b] was gone!|Where was the [k.b]?}
| Suddenly [A] stopped. «My [k.b]!» [A.he] cried. «{I do not have it any more|It is gone|I have lost
  it}!»
| «{What time is it|Shall we go home}?» asked [B.n]. But [A] did not hear it. «My [k.b] is
  {gone|lost}!» [A.he] said.
!choose
!feel A sad
!or
!feel A worried
!end
)"},
    {"found", R"(
# [A] looked [x]. There {was [k]|it was, [k.the]}!
| And {there|sure enough}, [x], was [k.the].
| [A] {bent down|knelt down} and looked [x]. {Something [k.c] was there. It was [k.the]!|«Here it
  is!» [A.he] cried. It was [k.the].}
| [A] looked [x], and there lay [k.the].
| {With a beating heart|Quickly|Full of hope} [A] looked [x]. {Yes!|And yes!} There was [k.the].
!take A k
? [A] {picked it up|took it in both hands|held it tight|pressed it to [A.his] heart}{| and wiped off
  the dust}.
| It was {cold and a little wet|dusty, but whole|just as it had been}.
)"},
    {"listener", R"(
# That evening [Z.n] {sat by the fire with [@.n]|sat down beside [@.n]|came to [@.ns] bed|asked
  about the day}.
| At {supper|dinner}, [Z.n] {asked about the day|wanted to hear everything|listened to the whole
  story}.
| {When it grew dark|Before bed}, [@.n] told [Z.n] {the whole story|all about it|everything}.
| {Later|In the evening}, {[Z.n] lit the lamp|they all sat by the stove|[Z.n] came home}, and [@.n]
  {began to tell|told what had happened}.
)"},
    {"first question", R"(
# «[~]?» asked [Z.n].
| «{Tell me|So|Well}, [~]?» asked [Z.n].
| «[~]?» [Z.n] asked.
| «{You look {tired|happy|glad}|You were away for a long time|I want to hear it all},» said [Z.n].
  «[~]?»
# «[=],» {said|answered} [@.n].
| «[=],» [@.n] said.
| «[=],» said [@.n]{| with a smile| and yawned}.
)"},
    {"next question", R"(
# «And [~]?»
| «[~]?» [Z.n] asked.
| «And [~]?» asked [Z.n].
| «{One more thing|Now tell me}: [~]?»
# «[=].»
| «[=],» [@.n] {answered|said}.
| [@.n] {smiled|laughed|thought for a moment}. «[=].»
)"},
    {"heard", R"(
# «{What a day|What a story|Well, well},» said [Z.n]{.| and {laughed|smiled|shook [Z.his] head}.}
| [Z.n] {nodded|smiled} and {gave [@.o] a kiss|put a warm hand on [@.ns] head|blew out the lamp}.
| «{You can be proud|Now sleep well|Good night},» said [Z.n].
)"},
    {"evening", R"(
+ That night [@] {slept well|slept deeply|fell asleep at once|fell asleep with a smile|had a good
  dream}.
| [@] {went to bed|lay in bed} {tired but happy|with a warm heart} and {soon fell asleep|slept until
  morning}.
| {It had been|What} a {long|good|strange|happy|full} day{.| for [@.o].}
| [@] {never forgot|often thought of|liked to remember} that day.
| The {next|following} {day|morning} [@] was still {smiling|glad|happy}.
| {In bed|Under the warm blanket|Before [@.he] fell asleep}, [@.n] thought {of it all once
  more|about everything that had happened}.
)"},
};

}  // namespace

std::string_view passage(std::string_view name) {
  for (const Passage& each : kPassages) {
    if (each.name == name) return each.script;
  }
  assert(!"a passage of this name");
  return {};
}

}  // namespace octavo
