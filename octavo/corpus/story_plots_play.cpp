// Plots of play: races, hiding, treasure hunts, learning a skill, finding out who did it,
// surprises. See story_script.h for the notation.
#include "octavo/corpus/story_plots.h"

namespace octavo {
namespace {

// One falls; another stops or runs on.
constexpr std::string_view kFootRace = R"(
!child A B C
!stranger V old {man|woman}
!thing k toy precious wearable
!pick 123 well / church / old oak / mill / red barn / bridge / market / white gate
!title The race / [A.n] and the race / The prize / From the [1] to the [2]
!open A
# Every {[%]|year} there was a race in the village, from the [1] to the [2]. The prize was [k.a], and [A] wanted it very much.
| There was to be a race from the [1] to the [2], and the prize was [k.a]. [A] ran {every morning|up and down the road} to be ready.
| «{Who is the fastest in the village?|On Sunday there is a race!}» said a paper on the wall. «From the [1] to the [2]! The first one gets [k.a].» «{I will be there|That is for me},» said [A.n].
# On the day of the race, [A.n], [B.n] and [C.n] stood at the [1]. [V.a] {rang a bell|raised one hand|clapped twice}, and {off they went|they ran}.
| Three children stood at the [1]: [A.n], [B.n] and [C.n]. «{Ready? Go!|Run!}» called [V.a].
+ [A] was first, [B.n] was second, and [C.n] was {third|last}.
| Soon [A.n] was {in front|first}, then came [B.n], and [C.n] was {behind them|last}.
| [A] {flew over the road|ran like the wind}. Behind [A.him] ran [B.n], and {behind [B.n]|last of all} ran [C.n].
+ {Then|Suddenly} there was a cry. [B.n] had {slipped on the wet stones|fallen over a root|twisted a foot} and {could not get up|lay on the ground}.
| Near the [3], [B.n] {fell|tripped and fell}. «My {foot|knee}!» [B.he] cried.
!choose
# [A] {stopped|stood still}. The [2] was {near|only a few steps away}. {If [A.he] ran on, [A.he] would win.|Nobody would have been angry if [A.he] had run on.} But [A.he] turned {around|back} and helped [B.n]
  to {stand up|[B.his] feet}.
| [A] {looked at the [2] and looked back|heard it}. {Then [A.he]|[A.he]} {ran back|turned around} and {sat down beside [B.n]|took [B.n] by the arm}. «{Lean on me|I will help you},» [A.he] said.
+ So [C.n] came to the [2] first and {won the race|won}. [A.n] and [B.n] came {last, but they came together|slowly, arm in arm}.
| [C.n] ran past them and won. {Long after that|A little later}, [A.n] and [B.n] reached the [2] {together|side by side}.
# [C.n] got the [k.b]. {But everyone clapped for [A.n].|But the [V.k] shook [A.ns] hand first.}
| The [V.k] gave [C.n] the [k.b]. «You were the fastest, [C.n],» said the [V.k], «{but [A.n] was the best of you|and [A.n] was the kindest}.»
+ «You could have won,» said [B.n]. «{I have something better|A friend is worth more than a prize},» said [A.n].
| «Why did you stop?» asked [B.n]. «Because you were {hurt|down},» said [A.n].
!fact [k.b] / who got the [k.b] / [C.n] did
!fact [C.n] / who won the race / [C.n] won
!fact [B.n] / who fell / [B.n] did, near the end
!or
# [C.n] {stopped|turned back} and helped [B.n] to {stand up|[B.his] feet}. [A] {heard nothing and ran|only looked ahead and ran} on to the [2]. [A.he] was first!
| [A] ran on{, and the [2] came nearer and nearer| without looking back}. [A.he] had won! But [C.n] had {stayed with|stopped to help} [B.n].
+ The [V.k] gave [A.o] the [k.b]. {Then [A.he] saw|Only now did [A.n] see} [B.n] and [C.n] come {slowly, arm in arm|down the road together}.
| [A] held the [k.b] in [A.his] hands. Then [B.n] came, and [C.n] {held|led} [B.him] by the arm.
!feel A ashamed
# «[C.n] should have the prize,» [say>A], and [A.he] gave [C.n] the [k.b].
| «I won the race, but you did {the better thing|something better},» [A.n] said to [C.n], and gave [C.him] the [k.b].
| [A] went up to [C.n]. «{This is yours|Take it, it is yours},» [A.he] said, and held out the [k.b]. «{I ran, but you stopped|I saw nothing but the prize}.»
!fact [k.b] / where is the [k.b] now / [C.n] has it, and that is right
!fact [B.n] / who fell / [B.n] did
!end
!close A
)";

// Three boats, three colors, one order.
constexpr std::string_view kBoatRace = R"(
!child O Q R
!warm
!pick xyz red / blue / green / yellow / white / black / orange / brown
!pick n bridge / big stone / willow / old dock
!pick m mill / two oaks / bend / fallen tree
!title Three boats / The boat race / Which boat is the fastest? / The [x] boat
!open Q
# {One day|One warm day} [Q.n], [R.n] and [O.n] {made|built} little boats {of wood|out of bark|from old boards}. [Q.ns] boat was [y], [R.ns] boat was [z], and [O.ns] boat was [x].
| Three friends made boats: [O.n] painted one [x], [R.n] painted one [z], and [Q.n] painted one [y].
| In the afternoon [Q.n] met [O.n] and [R.n] at the river. Each had a little boat. [R.ns] was [z], [Q.ns] was [y], and [O.ns] was [x].
+ «Let us have a race,» said [R.n]. «{From|We start at} the [n], {and the end is the|and whoever is first at the} [m]{.|, wins.}»
| «Which one is the fastest?» asked [Q.n]. «{Let us see|We will find out}! From the [n] to the [m]!»
# They put the three boats into the {river|stream} and counted to three. The water {was fast|carried them away}.
| «One, two, three!» said [R.n], and the boats {were off|began to move}.
!choose
+ {First|In the beginning} the [y] boat was in front, {but then it stuck|but it stuck for a moment} {behind a stone|in the reeds}. {So|Then} the [x] boat {passed it|went by}, and the [z] boat came {last|behind them}.
!or
+ The [z] boat {turned round and round|was caught in the reeds for a while}. The [y] boat went well, but the [x] boat {was faster|went better still}.
!or
+ The [x] boat {started last|was the last at first}, because [O.n] had {sneezed|dropped it}. But it {went by the [z] boat|left the [z] boat behind}, and near the {end|[m]} it {went by|passed} the [y] boat too.
!end
+ At the end the [x] boat came first, the [y] boat came second, and the [z] boat came {third|last}.
| And so it ended: first the [x] boat, then the [y] boat, and last the [z] boat.
# «Whose boat won?» asked {a man on the bridge|an old man who had watched|a woman with a basket}. «The [x] boat,» said [Q.n]. «It is [O.ns].»
| «{Who is the winner|Whose is the first}?» asked a {fisher|boy} who {sat there|had come to watch}. «[O.n] is,» said [R.n]. «The [x] boat.»
# «{Once more|Again}!» {cried|called} [R.n]. «{This time I will win|Now the [z] boat will be first}!»
| [O.n] {smiled|was happy}. «{Yours was good too|The [y] one was fast too}, [Q.n],» [O.he] said.
| «{It was the wind|The [x] one is lighter},» said [R.n]{, and looked at the [z] boat|}. «{Next time I will make mine thinner|Tomorrow I will build a better one}.»
!fact the [x] boat / which boat came first / the [x] boat
!fact the [z] boat / which boat was the last / the [z] boat
!fact [O.n] / who won / [O.n] did
!close Q
)";

// The reader knows where everyone hides; the seeker finds out.
constexpr std::string_view kHideAndSeek = R"(
!child A B C
!place r
!hide x r
!hide y r
!hide z r
!pick n ten / twenty / thirty / fifty
!title Hide and seek / Where is [C.n]? / [A.n] counts to [n]
!open A
# {One day|That day} [A.n], [B.n] and [C.n] played hide and seek [r.in].
| [B.n] and [C.n] came, and the three went to the [r.n] to play hide and seek.
| «{Let us play|We could play} hide and seek!» said [B.n] to [A.n] and [C.n]. They were [r.in], where there were many good places.
+ [A] {closed [A.his] eyes|turned to the wall} and counted to [n].
| [A] had to count to [n] first. «One, two, three,» [A.he] {began|said slowly}.
+ [B.n] hid [x]. [C.n] {could not find a good place at first, but then [C.he]|looked around and} {crept|went} [y].
| Quickly [B.n] hid [x], and [C.n] hid [y]. {There [C.he] sat as still as a stone.|Nobody moved.}
| «[x]!» thought [B.n], and was already there. «[y],» thought [C.n]. «{Nobody will look there|That is a good place}.»
# «I am coming!» {called|cried} [A.n]. [A.he] looked [z] first, but {there was only a {cat|hen|mouse}|nobody was there}.
| [A] opened [A.his] eyes. First [A.he] looked [z]. {Nobody was there.|There was only an old hat.}
| «[n]!» called [A.n], and turned around. {Not a sound.|Everything was still.} Was there someone [z]? No.
+ Then [A.he] saw {a foot|something move|a bit of hair} [x]. «I see you, [B.n]!»
| Then there was a {cough|laugh|sneeze}. [A.he] looked [x], and there was [B.n].
+ Now {two of them|[A.n] and [B.n]} looked for [C.n]. They looked {high and low|in every corner|everywhere}. {«Come out, [C.n]!» they called, but nothing moved.|It grew late.}
| But where was [C.n]? «[C.n]!» called [A.n]. {No answer came.|All was still.}
!choose
+ At last [A] looked [y]. There {lay|was} [C.n], {fast asleep|half asleep}!
| Then [B.n] had an idea. «{Did you look|Have you looked} [y]?» [A] looked, and there {lay|was} [C.n], fast asleep!
# «{You hid so well that you fell asleep|We thought that you were lost},» said [A.n]{, and all three laughed|}.
| «{Is it morning|Did I win}?» asked [C.n], and {yawned|rubbed [C.his] eyes}. «You won,» said [A.n].
!or
+ «We give up!» called [A.n]. Then [C.n] {came out|stepped out} and laughed. «I was [y] all the time,» [C.he] said.
| In the end they gave up. «Here I am!» said [C.n]. «I was [y].»
# «{That was the best place of all|Nobody would look there|Next time I will hide there},» said [B.n].
| «{And I looked there|I walked past it} {twice|three times}!» said [A.n].
!end
? Then [B.n] had to count to [n], and where did [A.n] hide? {[y], of course.|[z], where nobody had been.}
!fact [x] / where was [B.n] / [x]
!fact [y] / where did [C.n] hide / [y]
!close A
)";

// Each note tells where the next one is.
constexpr std::string_view kTreasureHunt = R"(
!child A B
!kin G
!place p
!place q
!place r
!spot x p
!spot y q
!thing k toy precious wearable
!spot z r k
!title The treasure hunt / Three notes / Look and find / The last place
!open A B P
# One {morning|day} a note lay on the table. «Look [x], [p.in],» it said. «{It is from|That was written by} [G.n],» said [B.n]. «{Come on|Let us go}!»
| [G.n] gave [A.o] a note. {[A] read it aloud: «Look [x], [p.in].»|On it stood: «Look [x], [p.in].»} «A treasure hunt!» {said|cried} [B.n].
| «{I have hidden something for you|There is a treasure in the village},» said [G.n]. «Begin [p.in] and look [x].»
!go P p
+ [B] looked [x] and found {a second|the next} note. «Go to the [q.n],» [B.he] read, «and look [y].»
| There was a note [x]! «Now look [y], [q.in],» it said.
| [x] lay a {folded|small} paper. «{Good|Well done},» [A.n] read. «The next one is [q.in], [y].»
!go P q
+ {It was not easy|They had to look for a long time}, but at last [A] found the third note [y]. «{Almost there|You are near}! The treasure is [r.in], [z].»
| And [y] was the third note: «{Well done|Good}. The last place is [z], [r.in].»
| «[y], it said,» {whispered|said} [B.n]. And there was the third note. «{Do not stop now|One more step}: [r.in], [z].»
!go P r
!move A r
+ Both of them looked [z], and {there was|they found} [k.a]!
| [A] {bent down|reached out} and looked [z]. «Here it is!» [A.he] cried. It was [k.a].
| «You look,» said [B.n]. «{No, you|No, both},» said [A.n]. So they looked [z] together, and there lay [k.a].
!take A k
? They {carried it|ran} home and {thanked|hugged} [G.n].
| «{It is for both of you|You must share it},» said [G.n] at home.
? «Which note was the hardest?» asked [G.n]. «The one [y],» said [B.n].
| «{Where was the second note|And the second note}?» asked [G.n]. «[x],» said [A.n]. «{That was easy|We found it at once}.»
!fact [x] / where was the second note / [x]
!fact [y] / where was the third note / [y], [q.in]
!fact [z] / where was the [k.n] / [z], [r.in]
!feel A happy
!close A
)";

// Something does not work, advice is given, and in the end it is remembered.
constexpr std::string_view kSkill = R"(
!child A B
!kin G
!choose
!text v ride a bicycle
!text 1 [A.n] {went three steps and fell into the grass|rolled a little and fell over}
!text 2 the wheels shook, and down [A.he] went
!text x look far ahead, not at your feet
!text 3 The wheels stopped shaking, and [A.n] rode {all the way down the road|past the well and back}
!or
!text v whistle
!text 1 [A.n] blew and blew, and {there was only air|no sound came}
!text 2 {it sounded like an old kettle|only a dog looked up}
!text x make your mouth small and blow gently
!text 3 A clear, {high|bright} tone came out, and {a bird answered|the dog jumped up}
!or
!text v bake bread
!text 1 the first bread was as hard as a {stone|board}
!text 2 the bread was {black on the outside and wet inside|flat like a plate}
!text x give it time, and keep it warm
!text 3 The bread rose {high|slowly}, and when it came out of the oven, it was {brown and soft|just right}
!or
!text v tie a strong knot
!text 1 [A.n] {turned the rope this way and that way|made a big knot}, but it came open
!text 2 the knot {slipped|came open} as soon as [A.he] pulled
!text x over, under, and through the hole
!text 3 [A.n] pulled with all [A.his] might, and the knot {held|did not move}
!or
!text v play the flute
!text 1 it {sounded like an angry goose|made everyone laugh}
!text 2 {the cat ran out of the room|two notes were right, but the others were wrong}
!text x close every hole well and breathe slowly
!text 3 The notes came one after the other, and it was a {song|real song}
!or
!season summer
!text v row a boat
!text 1 the boat went round and round {like a top|in the middle of the water}
!text 2 [A.he] pulled too hard on one side and {hit the bank|got very wet}
!text x pull both sides at the same time
!text 3 The boat {went straight|moved like a fish} across the water
!or
!season winter
!text v skate
!text 1 [A.n] {took two steps and sat down on the ice|fell after the first step}
!text 2 {this time it was the nose that hit the ice|down [A.he] went again}
!text x bend your knees and keep your arms wide
!text 3 [A.n] {glided|went} across the ice {like a bird|from one side to the other}
!or
!text v milk the goat
!text 1 the goat {kicked the bucket|walked away}
!text 2 {only three drops fell into the bucket|the goat ate [A.his] hat}
!text x sing to her first, then hold her gently
!text 3 The goat stood still, and {soon the bucket was full|the milk ran into the bucket}
!or
!season summer
!text v swim
!text 1 [A.n] {kicked and splashed|moved arms and legs}, but {went down like a stone|swallowed a lot of water}
!text 2 {the water got into [A.his] nose|after two strokes [A.he] had to stand up}
!text x lie on the water as on a bed
!text 3 [A.n] {floated|lay quite still}, moved arms and legs, and swam {to the other bank|ten strokes}
!or
!text v draw a horse
!text 1 it looked more like a {chair|dog with a long nose}
!text 2 {now it had five legs|the legs were too short}
!text x first look for a long time, then draw
!text 3 The horse on the paper {looked as if it could run|had fire in its eyes}
!or
!text v split wood
!text 1 the ax {stuck in the wood|hit the ground}
!text 2 the wood {jumped away|rolled away}, and nothing was split
!text x look at the place you want to hit
!text 3 With one stroke the wood {fell in two|was split}, and the next piece too
!or
!text v walk on stilts
!text 1 [A.n] {stood up and fell down|took one step and fell into the hay}
!text 2 one stilt went left and the other went right
!text x never stand still, and keep them close
!text 3 Step by step [A.n] walked {across the yard|around the well}, as tall as a door
!end
!title [A.n] learns to [v] / Try again / Again and again / How to [v]
!open A
# [A] wanted to learn to [v]. {All the {older|big} children could do it.|[B.n] could do it, so why not [A.n]?}
| «I want to [v],» said [A.n] one day. «{Everyone can do it but me|I am big enough now}.»
| [A] had seen [B.n] [v], and since then [A.he] {thought of nothing else|wanted to do it too}.
+ {The first time|At first} it was hard: [1].
| [A.n] tried. [1].
+ [A] tried {again|once more}, but [2].
| The {next day|second time} it was {no better|not much better}: [2].
!choose
!feel A sad
!or
!feel A tired
!end
? «I will never learn it,» [say>A].
| «{It is too hard|I cannot do it},» [say>A].
# [G.n] had {watched|seen everything}. «{Nobody can do it at once|I fell many times myself|Do not give up},» [G.he] said. «[x].»
| Then [G.n] sat down beside [A.o]. «I will tell you what {my mother told me|I know},» [G.he] said. «[x].»
| «{May I tell you something|Do you want to know how I learned it}?» asked [G.n]. [A.n] nodded. «[x],» said [G.n].
# «[x],» said [A.n]{| slowly| and stood up}.
| [A] {said the words to [A.self]|thought about it}: «[x].»
# {Day after day|Every morning|For a whole week} [A] tried, and every time it went a little better. [3].
| {On the third day|One evening} [A] tried again{ and thought of the words| and did as [G.n] had said|}. [3]!
| And {so [A.he] did|then it happened}. [3].
# «{I can do it|Look|Did you see that}!» {cried|called} [A.n].
| «You did it!» {cried|said} [G.n].
!feel A proud
!later
# {A year|Some weeks|Not long} after that, [B.ns] little {brother|sister} wanted to learn it too. «[x],» said [A.n], «and do not give up.»
| Soon [A.n] showed it to a small child next door. «How do you do it?» asked the child. «[x],» said [A.n].
| «How did you learn to [v]?» [B.n] asked {one day|later}. «[x],» said [A.n], «{that is all|that is the whole secret}.»
!fact [x]
!close A 0.4
)";

// Three could have done it; the clue fits one.
constexpr std::string_view kWhoDidIt = R"(
!child A B
!kin G
!animal D E
!pick c red / blue / green / yellow / white
!pick f apple cake / plum pie / cheese cake / pancake / meat pie / cherry pie / sausage / loaf of sweet bread
!pick x on the window sill / on the kitchen table / on the garden bench / on the step
!title Who ate it? / The clue / [A.n] finds out / The empty plate / Where is the [f]?
!open A
# [G.n] had {made|bought} a [f] and {put|set} it [x].
| A {fine|warm} [f] stood [x]. [G.n] had {just put it there|made it for supper}.
| «Nobody may touch the [f],» said [G.n], and put it [x].
+ Outside, [B.n] was painting the {fence|gate|door} [c]. [D.n], the [D.b], was digging in the wet {earth|garden}, and [E.n], the [E.b], slept in the flour {store|room}.
| [E.n], the [E.b], had been in the flour {store|room} all morning. [D.n], the [D.b], was digging holes in the mud. And [B.n] painted the {gate|fence} [c].
| [D.n], the [D.b], played in the mud. [B.n] {stood at the fence with|had} a brush and [c] paint. And [E.n], the [E.b], {rolled about|lay} in the flour {store|room}.
# When [A] came {home|back}, the plate was empty. «Who has eaten the [f]?» asked [G.n].
| An hour later the [f] was gone! «Who {did this|has eaten it}?» asked [G.n].
| Then there was a cry. «My [f]!» said [G.n]. «{It is gone|The plate is empty}!»
+ «{Not I|I did not},» said [B.n].
| «Perhaps it was [D.n],» said [B.n]. «{Or|Or perhaps} [E.n].»
| «I {saw|heard} nothing,» said [B.n].
# [A] looked at {the place|everything} {with care|closely}. {Beside|Next to} the plate there was {something|a mark}.
| «{Let me see|Do not touch anything},» said [A.n], and {bent over the plate|looked at it from all sides}. There was a mark.
!choose
+ It was a little [c] paint.
| It was a [c] finger mark.
# «The {mark|paint} is [c],» said [A.n], «and who paints with [c] paint today?» [B.n] looked at [B.his] hands. They were [c].
| «{A dog has no [c] paint|No animal has [c] paint},» said [A.n]. «[B.n], show me your hands.» They were [c].
# «I was so hungry,» said [B.n], «{and it looked so good|and then I could not stop}. I am sorry.»
| «{Yes, it was me|I wanted only a little piece},» said [B.n]. «{And then it was gone|But it was too good}. I am sorry.»
+ [B.n] {helped|had to help} [G.n] to {make|get} {a new one|another one}, and {this time they ate it together|everyone got a piece}.
!fact [c] / how did you know that it was [B.n] / the mark was [c], like the paint
!or
+ It was a foot mark of mud.
| It was a {small|round} foot mark, made of mud.
# «This is mud,» said [A.n], «and who was {digging|playing} in the mud?»
| «Mud!» said [A.n]. «So it was not [B.n], for [B.he] has only paint on [B.his] hands. It was somebody who was in the mud.»
+ They found [D.n] {under the table|behind the stove|behind the shed}, with crumbs on [D.his] nose.
| {There sat|They looked for} [D.n]{. [D.he] was|,} {fat and happy|full and sleepy}, with crumbs {on [D.his] nose|all around [D.him]}.
+ «{You|Oh, [D.n], you} {bad|greedy} [D.k]!» said [G.n], but [G.he] had to laugh.
| Nobody could be angry with [D.n] for long.
!fact mud / how did you know that it was [D.n] / there was mud beside the plate
!or
+ It was a foot mark of flour.
| It was a {small|round} foot mark, made of flour.
# «This is flour,» said [A.n], «and who {slept|was} in the flour?»
| «Flour!» said [A.n]. «So it was not [D.n], for [D.he] was in the mud. And [B.n] has only paint on [B.his] hands. It was somebody who was in the flour.»
+ They found [E.n] {under the table|behind the stove|behind the shed}, with crumbs on [E.his] nose.
| {There sat|They looked for} [E.n]{. [E.he] was|,} {fat and happy|full and sleepy}, with crumbs {on [E.his] nose|all around [E.him]}.
+ «{You|Oh, [E.n], you} {bad|greedy} [E.k]!» said [G.n], but [G.he] had to laugh.
| Nobody could be angry with [E.n] for long.
!fact flour / how did you know that it was [E.n] / there was flour beside the plate
!end
!fact [f] / what was gone / the [f]
!feel A proud
!close A
)";

// A secret that is hard to keep for a day.
constexpr std::string_view kSurprise = R"(
!child A B C
!place r barn school mill workshop
!thing k toy wearable precious
!pick f a cake with nuts / a cake with cherries / a big apple cake / a pot of sweet rice / a nut cake / a plum cake
!pick w Saturday / Sunday / Friday
!title The surprise / Do not tell [C.n] / A secret for one day / [C.ns] birthday
!open A B P
# [C.ns] birthday was on [w]. «Let us {make a party for [C.him]|surprise [C.him]} [r.in],» said [A.n]. «{But|And} [C.he] must not know.»
| «[C.ns] birthday is on [w],» said [B.n]. «We will have a party [r.in], and [C.n] {must not know|will know nothing of it}!»
| «What can we do for [C.ns] birthday?» asked [A.n]. «A party,» said [B.n], «on [w], [r.in]. And not a word to [C.n]!»
+ «I will {bring|make} [f],» said [A.n]. «And I have [k.a] for [C.him],» said [B.n]. They {promised to say nothing|put a finger on their lips}.
| [A.n] wanted to {bring|make} [f], and [B.n] had [k.a] to give.
# {The same day|Then} [A.n] met [C.n]. «{Where are you going|What do you have in that bag}?» asked [C.n]. {[A.ns] ears turned red.|[A.n] thought of [f].} «{Oh, nothing|I cannot say|I must hurry},» [A.he] said.
| [C.n] came to [A.ns] door. «Will you play with me on [w]?» [C.he] asked. «{No, I have no time|I do not know yet},» said [A.n], and it was hard to say it.
| «Why do you two {whisper|go to the [r.n]} so much?» [C.n] asked. [A] {looked at the sky|bit [A.his] tongue}. «{We whisper|Do we}? {I did not know|How strange},» [A.he] said.
+ [C.n] {went home sadly|looked sad}. «{Everyone has forgotten me|Nobody has time for me},» [C.he] thought.
| «Nobody thinks of my birthday,» thought [C.n].
!later
# On [w] a note lay at [C.ns] door: «Come to the [r.n].» [C.n] went and opened the door. {It was dark|All was quiet}. Then {a light went on|there was a shout}: «Happy birthday!»
| Then, on [w], [B.n] came and said, «{I have lost something|Help me to look for my hat} [r.in].» [C.n] {went along|came with [B.him]}. And there stood all [C.his] friends. «Happy birthday, [C.n]!»
| [w] came. «{Close your eyes|Give me your hand},» said [B.n], and led [C.o] to the [r.n]. «Now {open them|look}!» And everyone sang: «Happy birthday!»
+ There was [f] on the table{, and there were candles|}. [B.n] gave [C.him] the [k.b].
| [A.n] had brought [f], and [B.n] gave [C.him] [k.a]{. «Now you can [k.use],» [B.n] said.|.}
# «So that is why you {had no time|said nothing},» said [C.n]. «{And I thought that you had forgotten|Now I understand}!»
| «You did not forget me!» said [C.n].
| «{How could we forget you|Did you think that we had forgotten you}?» said [A.n]. «{It was so hard to say nothing|I almost told you}!»
!feel C happy
!fact [f] / what did you bring / [f]
!fact [k.b] / what did [B.n] give to [C.n] / [k.a]
!fact [r.n] / where was the party / [r.in]
!close A
)";

constexpr Plot kPlots[] = {
    {"foot race", kFootRace},         {"boat race", kBoatRace}, {"hide and seek", kHideAndSeek},
    {"treasure hunt", kTreasureHunt}, {"skill", kSkill},        {"who did it", kWhoDidIt},
    {"surprise", kSurprise}};

}  // namespace

std::span<const Plot> plots_of_play() { return kPlots; }

}  // namespace octavo
