// Plots at home: games of memory, riddles, noises in the night, letters, soup, counting. See
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
# {It was too wet to go out|In the afternoon there was nothing to do}, so [G.n] said, «{Let us|We will} play a game.» [A.n] and [B.n] sat down at the table.
| [B.n] came to visit. «Do you know {this game|the game with the cloth}?» [G.n] asked the two children.
| «{We have nothing to do|We do not know what to play},» said [A.n] to [G.n] {one afternoon|when [B.n] was there}. «{Then sit down|I know something},» said [G.n].
+ [G.n] {put|laid} some things on the table: [1]. «Look at them well,» [G.he] said.
| On the table [G.n] {put|laid} [1]. «{Look at|Remember} all of them,» said [G.n].
| {Out of a bag came|From a drawer [G.he] took} [1]. «{How many do you see|Do you see them all}?» asked [G.n]. «{Keep them in your heads|Look as long as
  you like}.»
+ {[A] said the names softly|They looked for a long time}. Then [G.n] {put|threw} a cloth over the table and {took one thing away|hid one thing}.
| The children closed their eyes, and [G.n] took one thing away.
| «Turn around,» said [G.n]. {Something went into a pocket.|There was a small noise.} «Now you may look.»
# {Now|Then} there were only [2]. «What is missing?» asked [G.n].
| When they looked again, they saw [2]. «Which thing {is gone|did I take}?» asked [G.n].
| On the table lay [2]. {Something was not there any more.|But one thing was gone.}
!choose
# «{Is it the [k.b]|The [k.b]}?» said [B.n]. «No,» said [G.n], «the [k.b] is {still here|there, look}.»
| [B.n] {guessed|spoke} first. «The [k.b]!» «No,» said [G.n], «I see the [k.b] {on the table|right here}.»
| «{I know, I know|That is easy}! The [m.b]!» said [B.n]. But the [m.b] {was still there|lay in front of [B.him]}{, and everyone laughed|}.
!or
!end
# [A] {closed [A.his] eyes|thought hard|counted on [A.his] fingers}. «[1],» [A.he] said{ slowly|}. «{Now I know|I have it}: the [l.b] is {missing|gone}!»
| «{I know|Wait},» said [A.n]. «There was also [l.a]. The [l.b] is {missing|gone}!»
| «First there were [1],» said [A.n]. «Now there are only [2]. So it is the [l.b]!»
# «{Right|Yes|Good}!» said [G.n], and {took the [l.b] out of a pocket|put the [l.b] back on the table|held up the [l.b]}.
| [G.n] opened one hand. There was the [l.b]!
| «{You have a good memory|You have sharp eyes},» said [G.n], and put the [l.b] on the table again.
!choose
# Then it was [A.ns] turn to {hide something|take something away}. [A.he] took the [m.b]. [B.n] looked {only once|at the table}. «{That is easy|I see it at
  once},» [B.he] said. «The [m.b] is gone!»
| «{Now you|Once more},» said [G.n] to [A.n]. [A] took away the [m.b], and this time it was [B.n] who knew it. «The [m.b]!» [B.he] {cried|said}.
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
# [A] had {a cold|hurt a foot} and had to stay {in the room|in the house}. So [B.n] came to {visit [A.him]|play}.
| {It was cold outside|Nobody wanted to go out}. [A.n] and [B.n] sat in the warm room.
| One evening [B.n] was at [A.ns] house. {They had played all their games.|The lamp was lit.}
+ It was a {small|cozy|pretty} room. [k.a] was [x], [l.a] was [y], and [m.a] was [z].
| In the room there were many things. There was [k.a] [x]. There was [l.a] [y], and there was [m.a] [z].
| {One could see a lot there|They looked around}: [k.a] [x], [l.a] [y], and [m.a] [z].
# «{Let us play a game|I know a game},» said [B.n]. «{I think of something, and you guess|I see something that you do not see}.»
| «{Let us guess things|I like riddles},» said [B.n]. «{I begin|I will start}.»
# «{It is|I see something that is} [k.c],» said [B.n]. «The [k.b] [x]!» said [A.n]. «{Right|Yes}!»
| «{It is|I see something} [x],» said [B.n]. «The [k.b]!» said [A.n]. «{Right|Yes}!»
| «{What is [k.c] and lies|What do you find} [x]?» asked [B.n]. «{That is easy|I know it},» said [A.n]. «The [k.b]!»
# «Now I,» said [A.n]. «It is [y].» «{I know|That is easy},» said [B.n]. «It is the [l.b].»
| «{Now it is my turn|My turn},» said [A.n]. «I see something that is [l.c].» [B.n] looked {up and down|around}. «Is it [y]?» [B.he] asked. «Yes!» «Then it
  is the [l.b].»
| «{Mine|The next one} is [l.c],» said [A.n]. «{The [k.b]|Is it the [k.b]}?» «No, the [k.b] is [k.c]! It is [y].» «{Oh, the|Then it is the} [l.b]!»
!choose
# «{One more|The last one}: it is [z],» said [B.n]. «{Is it the [k.b]|The [k.b]}?» asked [A.n]. «No, the [k.b] is [x].» «Then it is the [m.b]!»
| «{One more|And now}! It is [m.c],» said [B.n]. «The [l.b]?» «No, the [l.n] is [l.c].» «Then it is the [m.b], [z],» said [A.n].
| «What is [z]?» asked [B.n], who had {closed both eyes|turned around}. «You must tell me,» said [A.n]. «It is [m.c].» «The [m.b]!»
!fact [m.b] / what was [z] / the [m.b]
!fact [z]
!or
!end
# {They laughed and went on|So they went on} until they {knew every corner of the room|had named everything in the room}.
| «You {know|see} everything!» said [B.n]. «{It is|This is} my room,» said [A.n]{, and laughed|}.
| «Now we know {every corner here|everything here},» said [A.n]. «{Tomorrow we play it outside|Tomorrow we will play at your house}.»
!fact [k.b] / what was [x] / the [k.b]
!fact [l.b] / what was [y] / the [l.b]
!close A
)";

// What frightens in the dark has a small cause.
constexpr std::string_view kNightNoise = R"(
!child A
!kin G
!choose
!text x tap, tap, tap
!text y at the window
!text c the branch of an apple tree
!text r the wind moved it, and it touched the glass
!text m In the morning they cut the branch
!or
!text x scratch, scratch
!text y in the old chest
!text c a little gray kitten
!text r it had gone in to sleep, and the lid had shut
!text m They gave the kitten some milk
!or
!text x creak, creak
!text y on the stairs
!text c a loose board
!text r the old wood moved in the cold night air
!text m The next day they put a nail in the board
!or
!text x drip, drip, drip
!text y in the kitchen
!text c a hole in the roof
!text r the water fell into the big pot
!text m In the morning they mended the roof
!or
!text x bang, bang
!text y behind the house
!text c the door of the shed
!text r somebody had forgotten to close it
!text m They closed the door of the shed
!or
!text x rustle, rustle
!text y under the bed
!text c a small brown mouse
!text r it was making a nest out of paper
!text m They carried the mouse to the barn
!or
!text x knock, knock
!text y on the roof
!text c a big black crow
!text r it was breaking a nut
!text m The crow took its nut and flew away
!or
!text x hoo, hoo
!text y in the tree by the house
!text c a young owl
!text r it was calling for its mother
!text m Soon the mother came, and both flew away
!or
!text x click, click
!text y under the table
!text c the old dog
!text r it was looking for crumbs, and its nails touched the floor
!text m They gave the dog a bone
!end
!pick z thief / wolf / ghost / bear / monster
!title A noise in the night / What was that? / [A.n] is brave / Only [c]
!open A
!later
# One night [A] {woke up|could not sleep}. {It was dark, and the moon was behind a cloud.|The whole house was dark.}
| {In the middle of the night|At midnight} [A] woke up{ and sat up in bed|}.
| It was late, and {everyone was asleep|all the lamps were out}. Only [A] was still awake.
+ «[x],» {it went|something went} [y].
| There was a noise [y]: [x].
| {Then there was a noise|Something was} [y]. «[x],» it went{, and then it was quiet|}.
!feel A afraid
+ «Is it a [z]?» [A.he] {thought|asked [A.self]}.
| [A] pulled the blanket over [A.his] head, but {it did not stop|there it was again}: [x].
| «{That must be|Perhaps it is} a [z],» [A.he] thought, «{a big one|and it has come for me}!»
!choose
# «{I will not know if I do not look|I must see what it is},» [A] said to [A.self], and {took the lamp|lit a candle}.
| [A] took the lamp and {opened the door|got out of bed}. {[A.his] feet were cold|Every step was hard}.
!or
# [A] ran to [G.o]. «{There is something|I hear something} [y]!» [A.he] {said|whispered}. «It goes [x].»
| «[G.n]!» called [A.n]. [G.n] came with a lamp. «What is it?» «It goes [x],» said [A.n], «and it is [y].»
# «{Come, we will look together|Let us see what it is},» said [G.n], and took [A.n] by the hand.
| «{A noise is only frightening as long as you do not know what makes it|If we look, we will know},» said [G.n].
!end
# [A] held up the lamp. It was only [c]: [r].
| And what {was it|did [A.n] see}? It was [c]: [r].
| Step by step [A] came nearer{, and the light fell on [c]|. There was [c]}: [r].
+ [A] {had to laugh|laughed}. «{So that was all|I was afraid of nothing},» [A.he] said.
| {«Only that!» said [A.n].|[A] was not afraid any more.|«No [z] at all!» said [A.n].}
+ [m].
!choose
# Some nights later there was a noise again. But [A] {turned over and slept on|only smiled}, {for [A.he] knew that most noises are small things|for [A.he]
  thought of [c]}.
!or
# «{Were you not afraid|Was it a [z]}?» asked a friend the next day. «First I {was afraid|thought so},» said [A.n]. «Then I {took a lamp and looked|looked, and
  it was only [c]}.»
!or
# {In the morning|At breakfast} [A] told everyone: «It went [x], and I thought that it was a [z]. But it was only [c]!»
!end
!fact [x] / what did you hear / [x]
!fact [c] / what was it [y] / [c]
+ So [c] had made all that noise: [x]!
| «[x],» said [A.n] {and laughed|with a smile}, «that is what [c] says.»
| And when somebody asked what goes [x], [A.n] knew the answer: [c].
!close A 0.4
)";

// A letter tells what happened; the answer comes back to it.
constexpr std::string_view kLetter = R"(
!child A
!relative H
!pick n two / three / four / five
!pick w Sunday / Saturday / Friday
!pick c gray / black / white / brown
!pick y kittens / puppies / lambs / rabbits
!pick x in the barn / in the old chest / under the stairs / behind the stove
!thing k toy wearable precious
!place h house
!title The letter / A letter for [H.n] / [A.n] writes a letter / Dear [H.n]
!open A
!later
# [H.n] lived far away, {behind the hills|in a town by the sea|two days from the village}, and [A] {missed [H.him] very much|had not seen [H.him] for a year}.
| [A] often thought of [H.n], who lived {far away|in another town|on the other side of the hills}.
| «{When will [H.n] come again|Why is [H.n] so far away}?» [A] asked {every week|one evening}. «{Write to [H.him]|You can write a letter},» said [A.his] mother.
+ So [A] took {a pen and paper|a clean sheet of paper} and {wrote a letter|began to write}.
| One evening [A] sat down at the table to write.
# «Dear [H.n], we have [n] young [y] [x]! {The smallest is [c], and it is mine.|The [c] one is mine.} {Please come|I hope that you can come} on [w]. {Your|Love from
  your} [A.n].»
| «Dear [H.n], {I have news for you|what do you think}: there are [n] young [y] [x]. {I like the [c] one best.|My favorite is the [c] one.} Can you come on [w]?
  {Your|With love, your} [A.n].»
# [A] {folded the letter|put the letter in an envelope} and {took it to the post|gave it to the driver of the mail cart}. Then [A.he] waited. {One day went by, and
  another.|Every morning [A.he] looked down the road.}
| The letter went {over the hills|away with the mail cart}. {«Has an answer come?» asked [A.n] every day.|[A] counted the days.}
# At last {an answer came|there was a letter for [A.n]}. «Dear [A.n], how {good|nice} to hear of the [n] [y]! I will come on [w], and I will bring {something|[k.a] for
  you}. {I want to see the [c] one first of all.|Take good care of the [c] one.} {Your|With love, your} [H.n].»
| Then the answer came. «My dear [A.n],» wrote [H.n], «[n] young [y], and all of them [x]! {That I must see.|I can hardly believe it.} I will be there on [w]. {Give the
  [c] one a kiss from me.|Tell the [c] one that I am coming.}»
!move A h
!move H h
!take H k
# On [w] {the mail cart stopped at the door|there was a knock at the door}, and [H.n] {stepped out|stood there} with [k.a]. «{This is for you|For you}, [A.n],» said
  [H.n]{.|, and gave [A.him] a hug.}
| [w] came, and so did [H.n], with [k.a] for [A.n].
!give H k A
+ {Together|Then} they went to see the [n] [y] [x]. The [c] one {ran to them|was asleep|had grown a lot}.
| [A] showed [H.o] the [n] [y]. «This is mine,» [say>A], and {lifted up the [c] one|put the [c] one into [H.ns] arms}.
!fact [n] / how many [y] are there / [n]
!fact the [c] one / which one is yours / the [c] one
!fact on [w] / when did [H.n] come / on [w]
!close A 0.7
)";

// Everyone brings one thing, and from little things comes a meal.
constexpr std::string_view kSoup = R"(
!child A B C
!pick 123 two carrots / an onion / three potatoes / a piece of butter / a bag of beans / some salt / a little cream / a cabbage / a bunch of herbs / four
  mushrooms / a turnip / a cup of peas / a handful of rice / a piece of bacon
!title The soup / Soup for everyone / A pot of soup / Something for the pot
!open A
# {One day|That day|At noon} [A] was hungry, but {the kitchen was almost empty|there was not much in the house}. [A.he] {had|found} only [1].
| There was {little|not much} to eat that day. [A] had a big pot, but only [1] to put in it.
| «{What shall we eat|What is there to eat}?» thought [A.n] {one evening|that day}. [A.he] looked on every shelf and found [1], and that was all.
+ [A] {lit the stove|made a fire in the stove}, filled the big pot with water and began to cook.
| «{A soup can begin with little|It is better than nothing},» [A.he] said, and put the big pot on the fire.
# {Soon|Then} [B.n] {came to the door|looked in at the window}. «{What are you cooking|What is in the pot}?» asked [B.n]. «Soup,» said [A.n], «but there is nothing in it
  but [1].»
| A little later [B.n] came in. «{Something is cooking|I smell something},» said [B.n], «but what is it?» «Only [1],» said [A.n]. «That is all I have.»
# «I have [2] at home,» said [B.n]. «{Wait for me|I will get it at once|I will be right back}!» And soon [2] went into the pot.
| «Then I will bring [2],» said [B.n], and {so [B.he] did|[B.he] ran home and came back with [2]}.
| «{That is not enough|That is very thin},» said [B.n]. «But {what if we put in [2]?|I have [2] at home.}» And [B.he] went to {fetch|get} it.
# Then [C.n] {came|smelled the soup and came}. «What is in it?» asked [C.n]. «[1] and [2],» said [A.n]. «{It is still thin|It needs one more thing}.»
| «{May I eat with you|Is there enough for three}?» asked [C.n], who {was passing by|lived next door}. «{If you bring something|Everyone brings one thing},» said [A.n].
  «There is already [1], and [2].»
+ «I can bring [3],» said [C.n], and {went to get it|ran off}. {Soon|Now} [3] went into the pot {too|as well}.
| So [C.n] {brought|ran home for} [3], and that went into the pot {too|as well}.
+ The soup {smelled better and better|bubbled and smelled good}. {They set the table|They stirred and waited}.
| They stirred the soup {with a long spoon|in turn} until it was {thick and brown|ready}.
| Soon {the whole street smelled of soup|the windows were white with steam}.
# «{This is the best soup in the world|I have never had such a good soup}!» said [C.n]. «Who made it?» «We all did,» said [A.n]. «I had [1], [B.n] brought [2], and you
  brought [3].»
| They sat down and ate. [A.n] had given [1], [B.n] [2], and [C.n] [3], and {together it was a feast|so there was enough for all}.
| «[1] alone would not have been much,» said [A.n] {when they ate|and filled three bowls}. «{And [2] alone|[2] alone} would not have been much,» said [B.n]. «{Nor [3]|And [3] alone
  even less},» said [C.n]. «But together!»
!fact [1] / what did you put into the pot first / [1]
!fact [2] / what did [B.n] bring / [2]
!fact [3] / what did [C.n] bring / [3]
!close A
)";

// How many are left? The numbers are right.
constexpr std::string_view kHowMany = R"(
!child A B C
!kin G
!pick f eggs / apples / pears / plums / nuts / rolls / carrots / lemons / onions
!choose
!text 1 seven
!text 2 two
!text 3 one
!text 4 four
!text 5 five
!or
!text 1 eight
!text 2 two
!text 3 three
!text 4 three
!text 5 six
!or
!text 1 nine
!text 2 three
!text 3 two
!text 4 four
!text 5 six
!or
!text 1 ten
!text 2 two
!text 3 three
!text 4 five
!text 5 eight
!or
!text 1 eleven
!text 2 four
!text 3 two
!text 4 five
!text 5 seven
!or
!text 1 twelve
!text 2 three
!text 3 two
!text 4 seven
!text 5 nine
!or
!text 1 twelve
!text 2 four
!text 3 two
!text 4 six
!text 5 eight
!or
!text 1 ten
!text 2 four
!text 3 one
!text 4 five
!text 5 six
!end
!pick z teacher / tailor / old neighbor / doctor
!title How many are left? / [1] [f] / The basket of [f]
!open A
# [G.n] gave [A.o] a basket with [1] [f]. «{Take them|Carry them} to the [z],» [G.he] said. «{Be careful|Do not run}.»
| There were [1] [f] in the basket. [A] was to carry them to the [z].
| «How many [f] do we have?» asked [G.n]. [A] counted. «[1],» [A.he] said. «{Good|Then} take them to the [z].»
# On the way [A] met [B.n]. «{I have had no breakfast|We have no [f] at home},» said [B.n]. [A] {looked into the basket|thought for a moment} and gave [B.him] [2]. {Now there
  were [5].|«Now I have [5],» [A.he] said.}
| [B.n] came along the road and was hungry. So [A.n] gave [B.him] [2] of the [1] [f], and [5] were left.
| At the first corner stood [B.n]. «{Such fine [f]|What fine [f]}!» said [B.n]. [A] gave [B.him] [2]. «[1] take away [2] is [5],» said [B.n], {who could count well|and thanked [A.him]}.
+ {Then|Near the bridge|A little later} [C.n] {came|sat by the road}. «{May I have some|What is in the basket}?» asked [C.n]. [A] gave [C.him] [3].
| Then [C.n] asked for some too, and [A] gave [C.him] [3].
| [C.n] had {helped [A.o] the day before|once helped [A.o]}, so [A] gave [C.him] [3].
# At the end of the road [A] counted. «[1], and [2] for [B.n], and [3] for [C.n]. So there are [4].» And {there were [4]|so it was}.
| [A] stopped and counted the [f]: there were only [4]. «[2] for [B.n] and [3] for [C.n],» [A.he] said. «Yes, that is right.»
| «Now how many are there?» [A.he] asked [A.self]. «First [1], then [5], and now [4].»
# «I had [1], but now there are [4],» [A.he] told the [z]. «{[4] are enough for me|I need only [4]},» said the [z]. «{It is good to share|You did right}.»
| «Here are [4] [f],» said [A.n] to the [z]. «There were [1]. [B.n] has [2], and [C.n] has [3].» «{You can count, and you can share|Then everyone has some},» said the [z]{ and laughed|}.
? The next day [B.n] and [C.n] came with a {jar of jam|bag of flour|pot of honey}. «This is for the [f],» they said.
!fact [4] / how many [f] were left / [4]
!fact / how many did you give to [B.n] / [2]
!fact / how many did [C.n] get / [3]
!close A
)";

constexpr Plot kPlots[] = {
    {"memory game", kMemoryGame}, {"riddles", kRiddles}, {"night noise", kNightNoise},
    {"letter", kLetter},          {"soup", kSoup},       {"how many", kHowMany}};

}  // namespace

std::span<const Plot> plots_at_home() { return kPlots; }

}  // namespace octavo
