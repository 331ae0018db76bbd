// Plots of games: memory, riddles, hiding, treasure hunts, races. See
// story_script.h for the notation.
#include "octavo/corpus/story_plots.h"

namespace octavo {
namespace {

// Things on a table; one is taken away; which?
constexpr std::string_view kMemoryGame = R"(
!child A B
!kin G
!thing k toy precious tool
!thing l toy precious tool
!thing m toy precious tool
!choose
!choose
!text 1 [k.a], [l.a] and [m.a]
!or
!text 1 [m.a], [k.a] and [l.a]
!or
!text 1 [l.a], [m.a] and [k.a]
!end
!choose
!text 2 [k.a] and [m.a]
!or
!text 2 [m.a] and [k.a]
!end
!or
!thing n toy precious tool
!choose
!text 1 [k.a], [l.a], [n.a] and [m.a]
!or
!text 1 [n.a], [m.a], [k.a] and [l.a]
!or
!text 1 [l.a], [k.a], [m.a] and [n.a]
!end
!choose
!text 2 [n.a], [k.a] and [m.a]
!or
!text 2 [m.a], [n.a] and [k.a]
!or
!text 2 [k.a], [m.a] and [n.a]
!end
!or
!thing n toy precious tool
!thing o toy precious tool
!choose
!text 1 [k.a], [l.a], [n.a], [o.a] and [m.a]
!or
!text 1 [n.a], [o.a], [m.a], [k.a] and [l.a]
!or
!text 1 [o.a], [l.a], [k.a], [m.a] and [n.a]
!end
!choose
!text 2 [n.a], [o.a], [k.a] and [m.a]
!or
!text 2 [m.a], [n.a], [k.a] and [o.a]
!or
!text 2 [k.a], [o.a], [m.a] and [n.a]
!end
!end
!title The game / What is missing? / Look well / A good memory
!open A
# {It was too wet to go out|In the afternoon there was nothing to do}, so [G.n] said, «{Let us|We
  will} play a game.» [A.n] and [B.n] sat down at the table.
| [B.n] came to visit. «Do you know {this game|the game with the cloth}?» [G.n] asked the two
  children.
| «{We have nothing to do|We do not know what to play},» said [A.n] to [G.n] {one afternoon|when
  [B.n] was there}. «{Then sit down|I know something},» said [G.n].
+ [G.n] {put|laid} some things on the table: [1]. «Look at them well,» [G.he] said.
| On the table [G.n] {put|laid} [1]. «{Look at|Remember} all of them,» said [G.n].
| {Out of a bag came|From a drawer [G.he] took} [1]. «{How many do you see|Do you see them all}?»
  asked [G.n]. «{Keep them in your heads|Look as long as you like}.»
+ {[A] said the names softly|They looked for a long time}. Then [G.n] {put|threw} a cloth over the
  table and {took one thing away|hid one thing}.
| The children closed their eyes, and [G.n] took one thing away.
| «Turn around,» said [G.n]. {Something went into a pocket.|There was a small noise.} «Now you may
  look.»
# {Now|Then} there were only [2]. «What is missing?» asked [G.n].
| When they looked again, they saw [2]. «Which thing {is gone|did I take}?» asked [G.n].
| On the table lay [2]. {Something was not there any more.|But one thing was gone.}
!choose
# «{Is it the [k.b]|The [k.b]}?» said [B.n]. «No,» said [G.n], «the [k.b] is {still here|there,
  look}.»
| [B.n] {guessed|spoke} first. «The [k.b]!» «No,» said [G.n], «I see the [k.b] {on the table|right
  here}.»
| «{I know, I know|That is easy}! The [m.b]!» said [B.n]. But the [m.b] {was still there|lay in
  front of [B.him]}{, and everyone laughed|}.
!or
!end
# [A] {closed [A.his] eyes|thought hard|counted on [A.his] fingers}. «[1],» [A.he] said{ slowly|}.
  «{Now I know|I have it}: the [l.b] is {missing|gone}!»
| «{I know|Wait},» said [A.n]. «There was also [l.a]. The [l.b] is {missing|gone}!»
| «First there were [1],» said [A.n]. «Now there are only [2]. So it is the [l.b]!»
# «{Right|Yes|Good}!» said [G.n], and {took the [l.b] out of a pocket|put the [l.b] back on the
  table|held up the [l.b]}.
| [G.n] opened one hand. There was the [l.b]!
| «{You have a good memory|You have sharp eyes},» said [G.n], and put the [l.b] on the table again.
!choose
# Then it was [A.ns] turn to {hide something|take something away}. [A.he] took the [m.b]. [B.n]
  looked {only once|at the table}. «{That is easy|I see it at once},» [B.he] said. «The [m.b] is
  gone!»
| «{Now you|Once more},» said [G.n] to [A.n]. [A] took away the [m.b], and this time it was [B.n]
  who knew it. «The [m.b]!» [B.he] {cried|said}.
!fact [m.b] / what did you take away / the [m.b]
!or
!end
!fact [l.b] / what was missing the first time / the [l.b]
+ They played until {supper|it was dark|the lamp was lit}.
| {It was a good game|They liked the game}, and they played it many times that [%].
| «{Again|Once more}!» said both of them, and {so it went on until supper|[G.n] had to laugh}.
!close A
)";

// Where each thing is has been told; questions ask by place or by color.
constexpr std::string_view kRiddles = R"(
!child A B
!place h house
!thing k toy
!thing l wearable tool
!thing m precious tool
!spot x h k
!spot y h l
!spot z h m
!title I see something / A game of riddles / Guess / In [A.ns] room
!open A
# [A] had {a cold|hurt a foot} and had to stay {in the room|in the house}. So [B.n] came to {visit
  [A.him]|play}.
| {It was cold outside|Nobody wanted to go out}. [A.n] and [B.n] sat in the warm room.
| One evening [B.n] was at [A.ns] house. {They had played all their games.|The lamp was lit.}
+ It was a {small|cozy|pretty} room. [k.a] was [x], [l.a] was [y], and [m.a] was [z].
| In the room there were many things. There was [k.a] [x]. There was [l.a] [y], and there was [m.a]
  [z].
| {One could see a lot there|They looked around}: [k.a] [x], [l.a] [y], and [m.a] [z].
# «{Let us play a game|I know a game},» said [B.n]. «{I think of something, and you guess|I see
  something that you do not see}.»
| «{Let us guess things|I like riddles},» said [B.n]. «{I begin|I will start}.»
# «{It is|I see something that is} [k.c],» said [B.n]. «The [k.b] [x]!» said [A.n]. «{Right|Yes}!»
| «{It is|I see something} [x],» said [B.n]. «The [k.b]!» said [A.n]. «{Right|Yes}!»
| «{What is [k.c] and lies|What do you find} [x]?» asked [B.n]. «{That is easy|I know it},» said
  [A.n]. «The [k.b]!»
# «Now I,» said [A.n]. «It is [y].» «{I know|That is easy},» said [B.n]. «It is the [l.b].»
| «{Now it is my turn|My turn},» said [A.n]. «I see something that is [l.c].» [B.n] looked {up and
  down|around}. «Is it [y]?» [B.he] asked. «Yes!» «Then it is the [l.b].»
| «{Mine|The next one} is [l.c],» said [A.n]. «{The [k.b]|Is it the [k.b]}?» «No, the [k.b] is
  [k.c]! It is [y].» «{Oh, the|Then it is the} [l.b]!»
!choose
# «{One more|The last one}: it is [z],» said [B.n]. «{Is it the [k.b]|The [k.b]}?» asked [A.n]. «No,
  the [k.b] is [x].» «Then it is the [m.b]!»
| «{One more|And now}! It is [m.c],» said [B.n]. «The [l.b]?» «No, the [l.n] is [l.c].» «Then it is
  the [m.b], [z],» said [A.n].
| «What is [z]?» asked [B.n], who had {closed both eyes|turned around}. «You must tell me,» said
  [A.n]. «It is [m.c].» «The [m.b]!»
!fact [m.b] / what was [z] / the [m.b]
!fact [z]
!or
!end
# {They laughed and went on|So they went on} until they {knew every corner of the room|had named
  everything in the room}.
| «You {know|see} everything!» said [B.n]. «{It is|This is} my room,» said [A.n]{, and laughed|}.
| «Now we know {every corner here|everything here},» said [A.n]. «{Tomorrow we play it
  outside|Tomorrow we will play at your house}.»
!fact [k.b] / what was [x] / the [k.b]
!fact [l.b] / what was [y] / the [l.b]
!close A
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
| «{Let us play|We could play} hide and seek!» said [B.n] to [A.n] and [C.n]. They were [r.in],
  where there were many good places.
+ [A] {closed [A.his] eyes|turned to the wall} and counted to [n].
| [A] had to count to [n] first. «One, two, three,» [A.he] {began|said slowly}.
+ [B.n] hid [x]. [C.n] {could not find a good place at first, but then [C.he]|looked around and}
  {crept|went} [y].
| Quickly [B.n] hid [x], and [C.n] hid [y]. {There [C.he] sat as still as a stone.|Nobody moved.}
| «[x]!» thought [B.n], and was already there. «[y],» thought [C.n]. «{Nobody will look there|That
  is a good place}.»
# «I am coming!» {called|cried} [A.n]. [A.he] looked [z] first, but {there was only a
  {cat|hen|mouse}|nobody was there}.
| [A] opened [A.his] eyes. First [A.he] looked [z]. {Nobody was there.|There was only an old hat.}
| «[n]!» called [A.n], and turned around. {Not a sound.|Everything was still.} Was there someone
  [z]? No.
+ Then [A.he] saw {a foot|something move|a bit of hair} [x]. «I see you, [B.n]!»
| Then there was a {cough|laugh|sneeze}. [A.he] looked [x], and there was [B.n].
+ Now {two of them|[A.n] and [B.n]} looked for [C.n]. They looked {high and low|in every
  corner|everywhere}. {«Come out, [C.n]!» they called, but nothing moved.|It grew late.}
| But where was [C.n]? «[C.n]!» called [A.n]. {No answer came.|All was still.}
!choose
+ At last [A] looked [y]. There {lay|was} [C.n], {fast asleep|half asleep}!
| Then [B.n] had an idea. «{Did you look|Have you looked} [y]?» [A] looked, and there {lay|was}
  [C.n], fast asleep!
# «{You hid so well that you fell asleep|We thought that you were lost},» said [A.n]{, and all three
  laughed|}.
| «{Is it morning|Did I win}?» asked [C.n], and {yawned|rubbed [C.his] eyes}. «You won,» said [A.n].
!or
+ «We give up!» called [A.n]. Then [C.n] {came out|stepped out} and laughed. «I was [y] all the
  time,» [C.he] said.
| In the end they gave up. «Here I am!» said [C.n]. «I was [y].»
# «{That was the best place of all|Nobody would look there|Next time I will hide there},» said
  [B.n].
| «{And I looked there|I walked past it} {twice|three times}!» said [A.n].
!end
? Then [B.n] had to count to [n], and where did [A.n] hide? {[y], of course.|[z], where nobody had
  been.}
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
# One {morning|day} a note lay on the table. «Look [x], [p.in],» it said. «{It is from|That was
  written by} [G.n],» said [B.n]. «{Come on|Let us go}!»
| [G.n] gave [A.o] a note. {[A] read it aloud: «Look [x], [p.in].»|On it stood: «Look [x], [p.in].»}
  «A treasure hunt!» {said|cried} [B.n].
| «{I have hidden something for you|There is a treasure in the village},» said [G.n]. «Begin [p.in]
  and look [x].»
!go P p
+ [B] looked [x] and found {a second|the next} note. «Go to the [q.n],» [B.he] read, «and look [y].»
| There was a note [x]! «Now look [y], [q.in],» it said.
| [x] lay a {folded|small} paper. «{Good|Well done},» [A.n] read. «The next one is [q.in], [y].»
!go P q
+ {It was not easy|They had to look for a long time}, but at last [A] found the third note [y].
  «{Almost there|You are near}! The treasure is [r.in], [z].»
| And [y] was the third note: «{Well done|Good}. The last place is [z], [r.in].»
| «[y], it said,» {whispered|said} [B.n]. And there was the third note. «{Do not stop now|One more
  step}: [r.in], [z].»
!go P r
!move A r
+ Both of them looked [z], and {there was|they found} [k.a]!
| [A] {bent down|reached out} and looked [z]. «Here it is!» [A.he] cried. It was [k.a].
| «You look,» said [B.n]. «{No, you|No, both},» said [A.n]. So they looked [z] together, and there
  lay [k.a].
!take A k
? They {carried it|ran} home and {thanked|hugged} [G.n].
| «{It is for both of you|You must share it},» said [G.n] at home.
? «Which note was the hardest?» asked [G.n]. «The one [y],» said [B.n].
| «{Where was the second note|And the second note}?» asked [G.n]. «[x],» said [A.n]. «{That was
  easy|We found it at once}.»
!fact [x] / where was the second note / [x]
!fact [y] / where was the third note / [y], [q.in]
!fact [z] / where was the [k.n] / [z], [r.in]
!feel A happy
!close A
)";

// One falls; another stops or runs on.
constexpr std::string_view kFootRace = R"(
!child A B C
!stranger V old {man|woman}
!thing k toy precious wearable
!pick 123 well / church / old oak / mill / red barn / bridge / market / white gate
!title The race / [A.n] and the race / The prize / From the [1] to the [2]
!open A
# Every {[%]|year} there was a race in the village, from the [1] to the [2]. The prize was [k.a],
  and [A] wanted it very much.
| There was to be a race from the [1] to the [2], and the prize was [k.a]. [A] ran {every morning|up
  and down the road} to be ready.
| «{Who is the fastest in the village?|On Sunday there is a race!}» said a paper on the wall. «From
  the [1] to the [2]! The first one gets [k.a].» «{I will be there|That is for me},» said [A.n].
# On the day of the race, [A.n], [B.n] and [C.n] stood at the [1]. [V.a] {rang a bell|raised one
  hand|clapped twice}, and {off they went|they ran}.
| Three children stood at the [1]: [A.n], [B.n] and [C.n]. «{Ready? Go!|Run!}» called [V.a].
+ [A] was first, [B.n] was second, and [C.n] was {third|last}.
| Soon [A.n] was {in front|first}, then came [B.n], and [C.n] was {behind them|last}.
| [A] {flew over the road|ran like the wind}. Behind [A.him] ran [B.n], and {behind [B.n]|last of
  all} ran [C.n].
+ {Then|Suddenly} there was a cry. [B.n] had {slipped on the wet stones|fallen over a root|twisted a
  foot} and {could not get up|lay on the ground}.
| Near the [3], [B.n] {fell|tripped and fell}. «My {foot|knee}!» [B.he] cried.
!choose
# [A] {stopped|stood still}. The [2] was {near|only a few steps away}. {If [A.he] ran on, [A.he]
  would win.|Nobody would have been angry if [A.he] had run on.} But [A.he] turned {around|back} and
  helped [B.n] to {stand up|[B.his] feet}.
| [A] {looked at the [2] and looked back|heard it}. {Then [A.he]|[A.he]} {ran back|turned around}
  and {sat down beside [B.n]|took [B.n] by the arm}. «{Lean on me|I will help you},» [A.he] said.
+ So [C.n] came to the [2] first and {won the race|won}. [A.n] and [B.n] came {last, but they came
  together|slowly, arm in arm}.
| [C.n] ran past them and won. {Long after that|A little later}, [A.n] and [B.n] reached the [2]
  {together|side by side}.
# [C.n] got the [k.b]. {But everyone clapped for [A.n].|But the [V.k] shook [A.ns] hand first.}
| The [V.k] gave [C.n] the [k.b]. «You were the fastest, [C.n],» said the [V.k], «{but [A.n] was the
  best of you|and [A.n] was the kindest}.»
+ «You could have won,» said [B.n]. «{I have something better|A friend is worth more than a prize},»
  said [A.n].
| «Why did you stop?» asked [B.n]. «Because you were {hurt|down},» said [A.n].
!fact [k.b] / who got the [k.b] / [C.n] did
!fact [C.n] / who won the race / [C.n] won
!fact [B.n] / who fell / [B.n] did, near the end
!or
# [C.n] {stopped|turned back} and helped [B.n] to {stand up|[B.his] feet}. [A] {heard nothing and
  ran|only looked ahead and ran} on to the [2]. [A.he] was first!
| [A] ran on{, and the [2] came nearer and nearer| without looking back}. [A.he] had won! But [C.n]
  had {stayed with|stopped to help} [B.n].
+ The [V.k] gave [A.o] the [k.b]. {Then [A.he] saw|Only now did [A.n] see} [B.n] and [C.n] come
  {slowly, arm in arm|down the road together}.
| [A] held the [k.b] in [A.his] hands. Then [B.n] came, and [C.n] {held|led} [B.him] by the arm.
!feel A ashamed
# «[C.n] should have the prize,» [say>A], and [A.he] gave [C.n] the [k.b].
| «I won the race, but you did {the better thing|something better},» [A.n] said to [C.n], and gave
  [C.him] the [k.b].
| [A] went up to [C.n]. «{This is yours|Take it, it is yours},» [A.he] said, and held out the [k.b].
  «{I ran, but you stopped|I saw nothing but the prize}.»
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
# {One day|One warm day} [Q.n], [R.n] and [O.n] {made|built} little boats {of wood|out of bark|from
  old boards}. [Q.ns] boat was [y], [R.ns] boat was [z], and [O.ns] boat was [x].
| Three friends made boats: [O.n] painted one [x], [R.n] painted one [z], and [Q.n] painted one [y].
| In the afternoon [Q.n] met [O.n] and [R.n] at the river. Each had a little boat. [R.ns] was [z],
  [Q.ns] was [y], and [O.ns] was [x].
+ «Let us have a race,» said [R.n]. «{We start at the [n], and whoever is first at the [m]
  wins.|From the [n] to the [m]!}»
| «Which one is the fastest?» asked [Q.n]. «{Let us see|We will find out}! From the [n] to the [m]!»
# They put the three boats into the {river|stream} and counted to three. The water {was fast|carried
  them away}.
| «One, two, three!» said [R.n], and the boats {were off|began to move}.
!choose
+ {First|In the beginning} the [y] boat was in front, {but then it stuck|but it stuck for a moment}
  {behind a stone|in the reeds}. {So|Then} the [x] boat {passed it|went by}, and the [z] boat came
  {last|behind them}.
!or
+ The [z] boat {turned round and round|was caught in the reeds for a while}. The [y] boat went well,
  but the [x] boat {was faster|went better still}.
!or
+ The [x] boat {started last|was the last at first}, because [O.n] had {sneezed|dropped it}. But it
  {went by the [z] boat|left the [z] boat behind}, and near the {end|[m]} it {went by|passed} the
  [y] boat too.
!end
+ At the end the [x] boat came first, the [y] boat came second, and the [z] boat came {third|last}.
| And so it ended: first the [x] boat, then the [y] boat, and last the [z] boat.
# «Whose boat won?» asked {a man on the bridge|an old man who had watched|a woman with a basket}.
  «The [x] boat,» said [Q.n]. «It is [O.ns].»
| «{Who is the winner|Whose is the first}?» asked a {fisher|boy} who {sat there|had come to watch}.
  «[O.n] is,» said [R.n]. «The [x] boat.»
# «{Once more|Again}!» {cried|called} [R.n]. «{This time I will win|Now the [z] boat will be
  first}!»
| [O.n] {smiled|was happy}. «{Yours was good too|The [y] one was fast too}, [Q.n],» [O.he] said.
| «{It was the wind|The [x] one is lighter},» said [R.n]{, and looked at the [z] boat|}. «{Next time
  I will make mine thinner|Tomorrow I will build a better one}.»
!fact the [x] boat / which boat came first / the [x] boat
!fact the [z] boat / which boat was the last / the [z] boat
!fact [O.n] / who won / [O.n] did
!close Q
)";

constexpr StoryPlot kPlots[] = {{"memory game", kMemoryGame},    {"riddles", kRiddles},
                                {"hide and seek", kHideAndSeek}, {"treasure hunt", kTreasureHunt},
                                {"foot race", kFootRace},        {"boat race", kBoatRace}};

}  // namespace

std::span<const StoryPlot> plots_of_games() { return kPlots; }

}  // namespace octavo
