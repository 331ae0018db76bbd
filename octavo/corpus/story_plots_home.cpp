// Plots at home: noises in the night, letters, soup, supper, a friend who is ill, a week of work.
// See story_script.h for the notation.
#include "octavo/corpus/story_plots.h"

namespace octavo {
namespace {

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
# One night [A] {woke up|could not sleep}. {It was dark, and the moon was behind a cloud.|The whole
  house was dark.}
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
# «{I will not know if I do not look|I must see what it is},» [A] said to [A.self], and {took the
  lamp|lit a candle}.
| [A] took the lamp and {opened the door|got out of bed}. {[A.his] feet were cold|Every step was
  hard}.
!or
# [A] ran to [G.o]. «{There is something|I hear something} [y]!» [A.he] {said|whispered}. «It goes
  [x].»
| «[G.n]!» called [A.n]. [G.n] came with a lamp. «What is it?» «It goes [x],» said [A.n], «and it is
  [y].»
# «{Come, we will look together|Let us see what it is},» said [G.n], and took [A.n] by the hand.
| «{A noise is only frightening as long as you do not know what makes it|If we look, we will know},»
  said [G.n].
!end
# [A] held up the lamp. It was only [c]: [r].
| And what {was it|did [A.n] see}? It was [c]: [r].
| Step by step [A] came nearer{, and the light fell on [c]|. There was [c]}: [r].
+ [A] {had to laugh|laughed}. «{So that was all|I was afraid of nothing},» [A.he] said.
| {«Only that!» said [A.n].|[A] was not afraid any more.|«No [z] at all!» said [A.n].}
+ [m].
!choose
# Some nights later there was a noise again. But [A] {turned over and slept on|only smiled}, {for
  [A.he] knew that most noises are small things|for [A.he] thought of [c]}.
!or
# «{Were you not afraid|Was it a [z]}?» asked a friend the next day. «First I {was afraid|thought
  so},» said [A.n]. «Then I {took a lamp and looked|looked, and it was only [c]}.»
!or
# {In the morning|At breakfast} [A] told everyone: «It went [x], and I thought that it was a [z].
  But it was only [c]!»
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
# [H.n] lived far away, {behind the hills|in a town by the sea|two days from the village}, and [A]
  {missed [H.him] very much|had not seen [H.him] for a year}.
| [A] often thought of [H.n], who lived {far away|in another town|on the other side of the hills}.
| «{When will [H.n] come again|Why is [H.n] so far away}?» [A] asked {every week|one evening}.
  «{Write to [H.him]|You can write a letter},» said [A.his] mother.
+ So [A] took {a pen and paper|a clean sheet of paper} and {wrote a letter|began to write}.
| One evening [A] sat down at the table to write.
# «Dear [H.n], we have [n] young [y] [x]! {The smallest is [c], and it is mine.|The [c] one is
  mine.} {Please come|I hope that you can come} on [w]. {Your|Love from your} [A.n].»
| «Dear [H.n], {I have news for you|what do you think}: there are [n] young [y] [x]. {I like the [c]
  one best.|My favorite is the [c] one.} Can you come on [w]? {Your|With love, your} [A.n].»
# [A] {folded the letter|put the letter in an envelope} and {took it to the post|gave it to the
  driver of the mail cart}. Then [A.he] waited. {One day went by, and another.|Every morning [A.he]
  looked down the road.}
| The letter went {over the hills|away with the mail cart}. {«Has an answer come?» asked [A.n] every
  day.|[A] counted the days.}
# At last {an answer came|there was a letter for [A.n]}. «Dear [A.n], how {good|nice} to hear of the
  [n] [y]! I will come on [w], and I will bring {something|[k.a] for you}. {I want to see the [c]
  one first of all.|Take good care of the [c] one.} {Your|With love, your} [H.n].»
| Then the answer came. «My dear [A.n],» wrote [H.n], «[n] young [y] [x]! {That I must see.|I can
  hardly believe it.} I will be there on [w]. {Give the [c] one a kiss from me.|Tell the [c] one
  that I am coming.}»
!move A h
!move H h
!take H k
# On [w] {the mail cart stopped at the door|there was a knock at the door}, and [H.n] {stepped
  out|stood there} with [k.a]. «{This is for you|For you}, [A.n],» said [H.n]{.|, and gave [A.him] a
  hug.}
| [w] came, and so did [H.n], with [k.a] for [A.n].
!give H k A
+ {Together|Then} they went to see the [n] [y] [x]. The [c] one {ran to them|was asleep|had grown a
  lot}.
| [A] showed [H.o] the [n] [y]. «This is mine,» [say>A], and {lifted up the [c] one|put the [c] one
  into [H.ns] arms}.
!fact [n] / how many [y] are there / [n]
!fact the [c] one / which one is yours / the [c] one
!fact on [w] / when did [H.n] come / on [w]
!close A 0.7
)";

// Everyone brings one thing, and from little things comes a meal.
constexpr std::string_view kSoup = R"(
!child A B C
!pick 123 two carrots / an onion / three potatoes / a piece of butter / a bag of beans / some salt /
  a little cream / a cabbage / a bunch of herbs / four mushrooms / a turnip / a cup of peas / a
  handful of rice / a piece of bacon
!title The soup / Soup for everyone / A pot of soup / Something for the pot
!open A
# {One day|That day|At noon} [A] was hungry, but {the kitchen was almost empty|there was not much in
  the house}. [A.he] {had|found} only [1].
| There was {little|not much} to eat that day. [A] had a big pot, but only [1] to put in it.
| «{What shall we eat|What is there to eat}?» thought [A.n] {one evening|that day}. [A.he] looked on
  every shelf and found [1], and that was all.
+ [A] {lit the stove|made a fire in the stove}, filled the big pot with water and began to cook.
| «{A soup can begin with little|It is better than nothing},» [A.he] said, and put the big pot on
  the fire.
# {Soon|Then} [B.n] {came to the door|looked in at the window}. «{What are you cooking|What is in
  the pot}?» asked [B.n]. «Soup,» said [A.n], «but there is nothing in it but [1].»
| A little later [B.n] came in. «{Something is cooking|I smell something},» said [B.n], «but what is
  it?» «Only [1],» said [A.n]. «That is all I have.»
# «I have [2] at home,» said [B.n]. «{Wait for me|I will get it at once|I will be right back}!» And
  soon [2] went into the pot.
| «Then I will bring [2],» said [B.n], and {so [B.he] did|[B.he] ran home and came back with [2]}.
| «{That is not enough|That is very thin},» said [B.n]. «But {what if we put in [2]?|I have [2] at
  home.}» And [B.he] went to {fetch|get} it.
# Then [C.n] {came|smelled the soup and came}. «What is in it?» asked [C.n]. «[1] and [2],» said
  [A.n]. «{It is still thin|It needs one more thing}.»
| «{May I eat with you|Is there enough for three}?» asked [C.n], who {was passing by|lived next
  door}. «{If you bring something|Everyone brings one thing},» said [A.n]. «So far there is only [1]
  and [2] in it.»
+ «I can bring [3],» said [C.n], and {went to get it|ran off}. {Soon|Now} [3] went into the pot
  {too|as well}.
| So [C.n] {brought|ran home for} [3], and that went into the pot {too|as well}.
+ The soup {smelled better and better|bubbled and smelled good}. {They set the table|They stirred
  and waited}.
| They stirred the soup {with a long spoon|in turn} until it was {thick and brown|ready}.
| Soon {the whole street smelled of soup|the windows were white with steam}.
# «{This is the best soup in the world|I have never had such a good soup}!» said [C.n]. «Who made
  it?» «We all did,» said [A.n]. «I had [1], [B.n] brought [2], and you brought [3].»
| They sat down and ate. [A.n] had given [1], [B.n] [2], and [C.n] [3], and {together it was a
  feast|so there was enough for all}.
| «[1] alone would not have been much,» said [A.n] {when they ate|and filled three bowls}. «{And [2]
  alone|[2] alone} would not have been much,» said [B.n]. «{Nor [3]|And [3] alone even less},» said
  [C.n]. «But together!»
!fact [1] / what did you put into the pot first / [1]
!fact [2] / what did [B.n] bring / [2]
!fact [3] / what did [C.n] bring / [3]
!close A
)";

// Who is where has been told; one has gone on.
constexpr std::string_view kSupper = R"(
!child A B C
!kin G
!place p
!place q
!place r
!place h house
!deed d p
!deed f q
!pick s pancakes / dumplings / potatoes with butter / noodles / fried eggs / beans with bacon /
  apple pancakes
!pick t hot / on the table / ready
!title Supper is ready / Where is everyone? / Come home!
!open A
# In the afternoon the children went out. [B.n] went to the [p.n], because [B.he] wanted to [e].
  [C.n] went to the [q.n] to [g]. Only [A] stayed at home{ and helped [G.o]| with [G.n]|}.
| That day [B.n] was [p.in] and [d]. [C.n] was [q.in] and [f]. [A] was at home with [G.n].
| «I am going to the [p.n],» said [B.n] after lunch. «And I am going to the [q.n],» said [C.n]. [A]
  had {a book to finish|work to do} and stayed at home.
!move A h
!move G h
!move B p
!move C q
# {Toward evening|At six o'clock|When the sun went down}, [G.n] {looked into the pot|took off
  [G.his] apron}. «The [s] will be [t] soon,» [G.he] said. «{Call|Go and get} the others! [B.n] is
  [p.in], and [C.n] is [q.in].»
| «It is time for supper,» said [G.n]. «There are [s]. {Where are the others|Where did the others
  go}?» «[B.n] is [p.in], and [C.n] is [q.in],» said [A.n]. «I will get them.»
!go A p
+ {There was [B.n]|[B.n] was still there}. «{Supper|Come home, supper} is ready!» called [A.n].
  «There are [s].» «{I am coming|At last, I am so hungry},» said [B.n]{, and ran home|}.
| «[B.n]!» called [A.n]. «{Come|Come home}! We have [s].» [B.n] {was already on the way|jumped up at
  once}.
!move B h
!choose
!go A q
+ «{And you too, [C.n]|[C.n], come home}!» called [A.n]. «{What is there to eat|What is for
  supper}?» asked [C.n]. «[s],» said [A.n], {and they ran home together|and [C.n] ran ahead}.
| «Supper!» called [A.n]. But [C.n] {did not want to go yet|was in the middle of a game}. «{Only a
  little longer|I am not hungry},» [C.he] said. «There are [s],» said [A.n]. «{[s]! Then I am
  hungry|You should have said that at once},» said [C.n], and came along.
!fact / where was [C.n] / [q.in]
!or
!go A q
+ But [C.n] was not there. {Only [C.his] hat lay in the grass.|There was only a gray cat.} «[C.n]
  went to the [r.n],» said {an old man|a woman with a basket|a small boy}, «{half an hour ago|a
  little while ago}.»
| No [C.n]! «{Are you looking for [C.n]|Whom do you seek}?» asked {a fisher|a neighbor|a woman at a
  window}. «{[C.he] has gone|I saw [C.him] go} to the [r.n].»
!move C r
!go A r
+ And {really|there}, [r.in], sat [C.n]. «{How did you find me|How did you know where I was}?» asked
  [C.n]. «{You were seen|Somebody saw you},» said [A.n]. «Come, there are [s].»
| «[C.n]!» called [A.n]. «First you were [q.in], and now you are [r.in]! {The [s] will get cold|We
  have [s], come}!»
!fact [r.n] / where was [C.n] in the end / [r.in]
!end
!move A h
!move C h
# {A little later|Soon} they all sat at the table, and {the [s] were soon gone|there was not much
  left of the [s]}.
| Then there were {four people|three children and [G.n]} around the table{, and nobody spoke for a
  while|}. «{I know nothing better than|There is nothing like} [s],» said [C.n].
| «{You were gone for a long time|That took a long time},» said [G.n] to [A.n]. «I was [p.in] for
  [B.n],» said [A.n], «and then I {had to find [C.n]|looked for [C.n] too}.»
!fact [p.n] / where was [B.n] / [p.in]
!fact [s] / what did you eat / [s]
!close A 0.7
)";

// Something on each day, and all of it remembered at the end.
constexpr std::string_view kSickFriend = R"(
!child A B
!pick 123 a sweet orange / a book about ships / a bunch of flowers / a jar of soup / a paper bird /
  a picture of the river / three round stones / a bag of nuts / a funny hat / a red apple / a pot of
  honey / a small bell / a puzzle / a letter from the class
!title Get well soon / [B.n] is ill / Three visits / Every day something new
!open A B P
!later
# One {Monday|morning} [B.ns] place in school was empty. «[B.n] is ill,» said the teacher, «and must
  stay in bed.»
| [B.n] had a {bad cold|fever} and had to stay in bed for {a week|many days}.
| On Sunday [B.n] had been {well|out in the cold too long}, but now [B.he] was ill and {lay in
  bed|could not get up}.
!feel A worried
+ So [A] {went to see [B.o]|visited [B.o]} every day{ after school|}.
| «{Nobody should be alone all day|I will go and see [B.him]},» thought [A.n].
# On Monday [A] brought [1], and [B.n] {smiled a little|said, «Thank you,» in a small voice}.
| The first day, on Monday, [A] came with [1]. [B.n] {could hardly speak, but smiled|was very weak}.
+ On Tuesday [A.he] {came with|brought} [2], and [B.n] {sat up in bed|ate some bread|was a little
  better}.
| When [A.he] came with [2] on Tuesday, [B.n] {was already awake|felt better}.
+ On Wednesday it was [3], and [B.n] {laughed for the first time|wanted to get up|had red cheeks
  again}.
| [3] came on Wednesday, and [B.n] {laughed|ate a whole plate of soup}.
!later
# {Soon|By Sunday} [B.n] was well again. «{I know why I got well|I know what helped me},» [B.he]
  said. «On Monday it was [1], on Tuesday [2], and on Wednesday [3]. {But most of all it was
  you.|And every day it was you.}»
| A week later [B.n] {was back in school|could run again}. «I have not forgotten,» [B.he] said to
  [A.n]. «[1] on Monday, [2] on Tuesday, and [3] on Wednesday. {No doctor could do more.|Thank you
  for all of it.}»
| «What was the best?» asked [A.n] when [B.n] was well again. «[1] on Monday? Or [2] on Tuesday?»
  «{The best was [3] on Wednesday|No, [3], on Wednesday},» said [B.n], «because {then I knew that
  you would always come|you came through the rain that day}.»
? And when [A] {was ill|had a cold} {in the winter|the next year}, guess who came with [1]!
| «{That is what friends are for|You would do the same for me},» said [A.n].
!fact [1] / what did you bring on Monday / [1]
!fact [2] / what did [B.n] get on Tuesday / [2]
!fact [3] / what was it on Wednesday / [3]
!close A 0.5
)";

// What was done on which day.
constexpr std::string_view kWeek = R"(
!child A
!kin G
!pick 123 clean the hen house / stack the wood / wash the windows / mend the gate / beat the rugs /
  pick the beans / paint the bench / rake the leaves / sweep the yard / weed the garden / cut the
  grass
!pick xyz a cheese / a new rope / a good book / a box of tea / a straw hat / a clay pot
!pick o a sister / a brother / an old friend
!title A week of work / One thing each day / Three days
!open A
!later
# [G.n] had to visit [o] for three days. «{There is not much to do|I leave you three things},»
  [G.he] said. «On Monday please [1], on Tuesday [2], and on Wednesday [3].»
| «I will be away until Thursday,» said [G.n]. «Can you [1] on Monday, [2] on Tuesday, and [3] on
  Wednesday?» «{Yes, I can|Of course},» said [A.n].
| Before [G.n] went away for three days, [G.he] wrote on the wall: «Monday: [1]. Tuesday: [2].
  Wednesday: [3].»
# {Monday came. [A] looked at the list in [A.his] head|On Monday [A] got up early}. «[1],» [A.he]
  said, and {set to work|that was soon done}.
| On Monday [A] had to [1]. {It took all morning.|It was hot, but [A.he] did not stop.}
!choose
+ On Tuesday it rained {from morning to night|all day}. «How can I [2] in the rain?» thought [A.n].
  {So [A.he] did it under the big umbrella.|But a promise is a promise, and [A.he] got very wet.}
| On Tuesday [A.he] was tired and would have liked to sleep. But there was the second thing: «[2],»
  {[G.n] had said|said the list}. So [A.he] got up.
!or
+ On Tuesday a friend came and wanted to play. «First I must [2],» said [A.n]. «{Help me, and we
  will be done sooner|Then we can play}.» {So they did it together.|And the friend helped.}
| Tuesday was {easy|a fine day}. «[2],» [A.he] said, and {whistled while [A.he] worked|it was done
  by noon}.
!end
+ On Wednesday there was only one thing left: to [3].
| And on Wednesday? «[3],» said [A.n]. {It was the hardest of all.|By evening that was done too.}
# On Thursday [G.n] came back. [G.he] {walked around and looked at everything|looked here and looked
  there}. «{Did you do it all|So, was it done}?» «Yes,» said [A.n]. «On Monday I had to [1], on
  Tuesday [2], and on Wednesday [3].»
| «{Now tell me|Let me hear},» said [G.n] on Thursday, «what did you have to do on which day?» «[1]
  on Monday,» said [A.n], «[2] on Tuesday, and [3] on Wednesday.»
+ «{Well done|I am proud of you},» said [G.n], and {unpacked|took out of the bag} [x]. «{This is for
  you|I brought it for you}.»
| [G.n] {smiled|was pleased} and gave [A.o] [x], which had come {all the way from town|in the big
  bag}.
!fact [1] / what did you have to do on Monday / [1]
!fact [2] / what was the work on Tuesday / [2]
!fact [3] / what did you have to do on Wednesday / [3]
!close A 0.6
)";

constexpr StoryPlot kPlots[] = {
    {"night noise", kNightNoise}, {"letter", kLetter},          {"soup", kSoup},
    {"supper", kSupper},          {"sick friend", kSickFriend}, {"week", kWeek}};

}  // namespace

std::span<const StoryPlot> plots_at_home() { return kPlots; }

}  // namespace octavo
