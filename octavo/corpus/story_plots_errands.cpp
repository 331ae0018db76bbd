// Plots of errands: lists, messages, baskets, doors, and a tool that has gone from hand to hand.
// See story_script.h for the notation.
#include "octavo/corpus/story_plots.h"

namespace octavo {
namespace {

// A list to keep in mind, bought piece by piece.
constexpr std::string_view kShoppingList = R"(
!child A B
!kin G
!place q market
!pick 123 a loaf of bread / a jar of honey / six eggs / a piece of cheese / a bag of flour / three
  onions / a pound of butter / four red apples / a bottle of milk / a bunch of carrots / two lemons
  / a cake of soap / a box of matches / a head of cabbage / a ball of string / some salt / a bag of
  rice / five potatoes
!title At the market / Three things to buy / [A.n] goes to the market / What was the third thing?
!open A
# «Please go to the market,» said [G.n]. «We need [1], [2] and [3].» [G.he] gave [A.n] {some money|a
  basket and a purse}.
| [G.n] {had no time|was busy} that day. «[A.n], can you {go to the market|do the shopping}?» [G.he]
  asked. «Bring [1], [2] and [3].»
| «{There is nothing left in the house|Guests are coming tonight},» said [G.n]. «{Run to the market,
  [A.n]|Will you go to the market, [A.n]|Be so good and go to the market}! I need [1], [2] and [3].»
# «[1], [2] and [3],» said [A.n]. «{I will not forget|That is easy}.»
| [A.n] {nodded|took the basket}. «[1], [2] and [3],» [A.he] said {aloud|to [A.self]} again and
  again.
| «{Shall I write it down|Do you want a list}?» asked [G.n]. «{No, I can remember it|No need},» said
  [A.n]. «[1], [2] and [3].»
!go A q
+ First [A] bought [1]. Then [A.he] bought [2].
| At the first stand [A] {asked for|bought} [1], and at the next [2].
| There were many people, but soon [A] had [1]. {After that|Next} [A.he] got [2].
!choose
+ Then [A] met [B.n]. They {talked about school|laughed about a funny hat|watched a man with a
  dancing dog|looked at the ducks}, and [A] forgot the rest.
| But then [B.n] came {by|along}, and they {talked for a long time|listened to a man with a flute},
  and the last thing {went out of [A.ns] head|was forgotten}.
| «[A.n]! {Come and see|Look at this}!» called [B.n]. {Somebody was selling kittens.|A man was
  walking on a rope.|Two goats were fighting over a cabbage.} When it was over, [A.n] did not know
  any more what else to buy.
# «{Do you have everything|Are you going home}?» asked [B.n]. «I have [1] and [2],» said [A.n].
  «{But there was one more thing|Something is missing}.»
| «What was the third thing?» [A.he] asked [A.self]. «[1], [2] and what else?»
# [A] {closed [A.his] eyes|stood still} and heard [G.ns] voice again: «[1], [2] and [3].» {That was
  it!|Of course!}
| «Say the whole list again,» said [B.n]. «[1], [2] and [3],» said [A.n]. «[3]! That is it!»
+ {So|Quickly} [A] bought [3] {too|as well} and {went|ran|walked} home.
| Now [A] {knew it|remembered}, and [A.he] bought [3] before {the stand was closed|[A.he] could
  forget it again}.
!fact [3] / what did you nearly forget / [3]
!or
+ But {there was no more of the third thing|the man at the third stand shook his head}. «{It is all
  sold|There is none left},» said {a man|a woman} there.
| For [3] [A.he] had to {ask at four stands|go to the very last stand}. {«Not today,» said one.
  «Tomorrow,» said another.|Nobody had any left.}
# {There [A.he] met [B.n].|On the corner stood [B.n].} «{What do you need|Why do you look so sad}?»
  asked [B.n]. «I have [1] and [2], but [G.n] also wants [3],» said [A.n].
# «{We have that at home|My mother bought too much of it},» said [B.n]. «{Give me a little of what
  you have, and I give you [3]|Come with me}.» {So it was done.|And a little later the basket was
  full.}
!fact [3] / what did [B.n] give you / [3]
!end
!place b house
!move A b
# At home [G.n] looked into the basket. «[1], [2] and [3],» [G.he] said. «{Everything is here|You
  forgot nothing|Well done}!»
| [G.n] {unpacked|emptied} the basket: [1], [2] and [3]. «{You have a good head|Nothing is
  missing},» [G.he] said.
| «{Did you get everything|Well}?» asked [G.n]. [A.n] put it all on the table. «[1], [2] and [3],»
  [A.he] said.
!fact [1] / what did you buy first / [1]
!fact [2] / and what else was in the basket / [2]
!feel A proud
!close A
)";

// Words to carry, exactly.
constexpr std::string_view kMessage = R"(
!child A B
!kin G
!villager V
!place q
!deed f q
!choose
!text x the well is dry, bring a rope before noon
!text y I have no rope, but I will bring two men
!or
!text x the gray horse is lame, send us your cart
!text y the cart is free, you can have it until Sunday
!or
!text x the bridge is down, take the old road
!text y I thank you, I will start an hour sooner
!or
!text x the roof leaks, bring ten boards
!text y I have only six boards, but I will come at three
!or
!text x the guests come on Sunday, not on Monday
!text y then I will bake the cake on Saturday
!or
!text x the letter is here, it came by night
!text y keep it for me, I will come tomorrow
!or
!text x the key is with the teacher, not with me
!text y then I will ask at the school
!or
!text x we have too many plums, bring a big basket
!text y I will bring two baskets and my brother
!or
!text x the white hen is in our barn, do not look for her
!text y give her some corn, I will come for her tonight
!or
!text x the lamp is mended, it costs two coins
!text y here are three coins, for it was good work
!or
!text x the boat leaves at six, do not be late
!text y I will be there at five, keep a place for me
!or
!text x the soup is ready, come while it is hot
!text y I come at once, and I bring the bread
!or
!text x the cow has a calf, it is brown and white
!text y I am glad, I will bring it a bell
!or
!text x the clock has stopped, tell us the time
!text y it is a quarter past two, by the church bell
!end
!title The message / [A.n] carries a message / Word for word / Not one word less
!open A
# «{Run to|Please go to} the [V.k],» said [G.n], «and {say|say these words}: [x].»
| [G.n] had a message for the [V.k]. «{Say it just like this|Learn it by heart},» [G.he] said.
  «[x].»
| «Can you keep words in your head?» asked [G.n]. «{I think so|Yes, I can},» said [A.n]. «Then go to
  the [V.k] and say: [x].»
# «[x],» said [A.n]. «{I have it|I know it now}.»
| [A] said it {three times|over and over}: «[x].»
| «{I can do that|Not a word will get lost},» said [A.n]. «[x].»
# On the way [A] {met|saw} [B.n] [q.in]. «{Where are you going|Why do you hurry}?» asked [B.n]. «I
  have a message for the [V.k],» said [A.n].
| {Near the [q.n]|On the road} [A] met [B.n]. «{Come with me|I want to [g]. Come with me},» said
  [B.n]. «{Later|Not now},» said [A.n]. «I have a message for the [V.k].»
| «[A.n], {stop|wait}!» called [B.n] {from a window|near the [q.n]}. «{Guess what I have seen|I must
  tell you a joke}!» «{Do not tell me now|Not now},» said [A.n], «or I will forget the message.»
!go A v
+ The [V.k] [w].
| {There was the [V.k], who|The [V.k] stood there and} [w].
# «I have a message for you,» said [A.n]. «[x].»
| «[G.n] says: [x],» said [A.n].
| «{What is it, [A.n]|Well, [A.n], what brings you here}?» asked the [V.k]. «[x],» said [A.n].
# «{Good|Thank you, [A.n]},» said the [V.k]. «{Now|And now} tell [G.n] this: [y].»
| The [V.k] {thought for a while|nodded}. «{Take this answer back|Go back and say}: [y].»
| «{So, so|Well, well},» said the [V.k]. «{This is my answer|Then say this at home}: [y].»
!place b house
!move A b
# [A] ran home. «{Well|So}, what did the [V.k] say?» asked [G.n]. «[y],» said [A.n].
| «What is the answer?» asked [G.n] when [A] came home. «[y],» said [A.n].
| [G.n] {was waiting at the door|opened the door}. «{Did you say it right|Were you there}?» «Yes,»
  said [A.n]. «And the [V.k] says: [y].»
!fact [x]
!fact [y]
!fact the [V.k] / who got the message / the [V.k]
+ «{You did not change a word|Every word was right},» said [G.n]. «{Well done|You are a good
  messenger}.»
| [G.n] {was pleased|nodded}. «You can keep words in your head,» [G.he] said, «and that is worth
  more than gold.»
!feel A proud
!close A
)";

// A basket of three; one of them is given away on the road.
constexpr std::string_view kVisit = R"(
!child A
!relative H
!kin G
!stranger E {old|poor|tired} {woman|man}
!pick 123 loaf of bread / jar of honey / piece of cheese / bottle of milk / bag of nuts / plum cake
  / pot of soup / pound of butter / bag of apples / jar of jam / piece of meat / box of dates
!thing k toy wearable precious
!pick y at the bridge / by the well / under the big oak / at the edge of the forest / near the mill
  / at the crossing
!pick z behind the forest / on the other side of the river / two villages away / behind the hill
!place h house
!title The basket / A visit to [H.n] / On the way to [H.n] / Something is missing
!open A
# «[H.n] is {not well|alone today|waiting for us},» said [G.n]. «Please take {this|the} basket to
  [H.him].» In it were a [1], a [2] and a [3].
| [A] was to visit [H.n], who lived [z]. [G.n] put a [1], a [2] and a [3] into a basket.
| [H.n] lived [z] {and could not come to the market|all alone}. {Every Sunday|Once a week} [A]
  brought [H.him] something. This time it was a [1], a [2] and a [3].
+ «{Do not lose anything|Be careful with it}, and be back before dark,» said [G.n].
| «A [1], a [2] and a [3],» said [A.n]. «I {will be careful|have everything}.»
# [y] sat [E.a]. «{I am so hungry|I have not eaten since yesterday},» said the [E.k]. [A.n] {looked
  into the basket|thought of the basket}. Then [A.he] gave the [E.k] the [2].
| On the way, [y], [A] met [E.a] {who was hungry|who had nothing to eat}. «{Take this|Here},» said
  [A.n], and gave the [E.k] the [2].
| [y] someone called: «{Child|Please}, have you anything to eat?» It was [E.a]. [A] {did not think
  long|opened the basket}. «{I have a [2]|There is a [2]},» [A.he] said. «{Take it|It is yours}.»
# «{Thank you, child|You are good},» said the [E.k]. «{The path by the river is under water|There is
  a tree across the road}. Take the path {behind the hill|over the hill}, it is better.» {So [A.n]
  did.|And [A.n] took the path that the [E.k] had named.}
| «{Thank you|May you always have bread},» said the [E.k]{, and ate every bit of it|}.
# At last [A] {came to|knocked at} [H.ns] door. [H] {was very glad|gave [A.him] a kiss} and
  {unpacked|looked into} the basket. «A [1] and a [3]! {How good|Just what I needed}!»
| [H.n] {was at the window|opened the door} and {laughed with joy|was happy}. On the table they put
  the [1] and the [3].
| «{Come in, come in|I heard your steps}!» said [H.n]. {Out of the basket|From the basket} came the
  [1], and then the [3].
# «There was something else,» said [A.n] {softly|in a low voice}. «There was a [2]. But [y] I met
  {someone who was|a person who was} hungry.»
| «The [2] is {missing|not there any more},» said [A.n]. «I gave it to [E.a] [y].»
| «Was there not a [2] too?» asked [H.n], {who knew what [G.n] always sent|with a smile}. [A]
  {turned red|looked down}. «I gave it away [y], to [E.a].»
# «{Then it is in the right place|You did well},» said [H.n]. «{What is given away feeds two|I have
  enough}.» And {when [A] went home|before [A] left}, [H] gave [A.o] [k.a].
| [H.n] {smiled|was silent for a moment}. «{I am prouder of that than of all the rest|That makes me
  happier than a [2]},» [say>H], and took [k.a] out of a drawer. «This is for you.»
!fact [2] / what did you give away / a [2]
!fact [y] / where did you meet [E.o] / [y]
!fact [1] / what did [H.n] get / a [1] and a [3]
? [A] {was home|came home} before dark, {with the empty basket and|with} the [k.b].
| [A] {carried|took} the [k.b] home {through the evening|and put it beside the bed}.
!close A 0.7
)";

// Parcels for doors of different colors.
constexpr std::string_view kThreeDoors = R"(
!child A
!villager V
!pick 123 brown loaf / bottle of milk / box of nails / letter / bunch of flowers / big fish / bag of
  sugar / blue shirt / new broom / pot of paint / round cheese / pair of boots / basket of eggs
!pick xyz red / blue / green / yellow / white / brown / black / gray
!title Three doors / The [x] door / [A.n] brings the parcels / Which door?
!open A
# The [V.k] {had hurt a foot|was ill that day|had too much to do}, so [A] {helped|offered to help}.
  «{Listen well|Now listen},» said the [V.k]. «Take the [1] to the house with the [x] door, the [2]
  to the house with the [y] door, and the [3] to the house with the [z] door.»
| «Will you {carry some things for me|take these around}?» asked the [V.k]. «There is a [1] for the
  [x] door, a [2] for the [y] door, and a [3] for the [z] door.»
| [A] wanted to {earn a penny|be useful} and went to the [V.k]. «{Good that you come|You can help
  me},» said the [V.k]. «The people with the [x] door want a [1]. The ones with the [y] door want a
  [2]. And the [3] goes to the [z] door.»
# «[x], [y], [z],» said [A.n]. «{That is easy|I can do that}.»
| «{I will not mix them up|I have it}: the [1] goes to the [x] door, the [2] to the [y] one and the
  [3] to the [z] one,» said [A.n].
| [A] {put everything into a bag|took it all}. «[x], [y] and [z],» [A.he] {sang|said} on the way.
!choose
# The first door that [A.he] came to was [y]. {[A] knocked and gave them|There [A.he] left} the [2].
| First there was a [y] door. «[y]: here I must leave the [2],» said [A.n], and knocked.
+ {Then|After that} came a house with a [x] door. «{What do you bring|What is it today}?» asked {a
  woman|a man|a girl} at the window. «The [1],» said [A.n].
| At the [x] door {an old man|a young woman|a boy} opened. «This is for you,» said [A.n], and
  {took|lifted} the [1] out of the bag.
+ {Now only the [3] was left.|In the bag there was only the [3] now.} [A] {looked up and down the
  street|went on} until [A.he] {saw|found} the [z] door.
| At the end of the {street|road} stood the last house. Its door was [z], {and so it was right
  for|and it got} the [3].
!or
# [A] came to a [z] door. «{The [z] one|Here it is}!» [A.he] said, and {gave them the [3]|left the
  [3] there}.
| Not far away was the [z] door. {A dog barked, but [A] was not afraid.|[A] rang the bell.} «{I
  bring the [3]|Here is the [3]},» [A.he] said.
+ {Next|Then} [A.he] looked for the [x] door. {It was behind a tall tree.|It was the third on the
  left.} There [A.he] put down the [1].
| The [x] door was {open|already open}. «{Put it there|On the table, please},» somebody called, and
  [A] put down the [1].
+ And the [2]? {That was for the [y] door|It went to the [y] door}, {the last of the three|on the
  other side of the road}.
| At last only the [2] was in the bag. «[y],» said [A.n], and there was the [y] door.
!or
# The [x] door was {the first|near}, and [A] {left the [1] there|handed over the [1]}. {«Thank you,
  child!»|A hand came out and took it.}
| [A] began with the [x] door and the [1]. {Nobody was at home, so [A] put it on the step.|An old
  woman thanked [A.him] three times.}
+ The [z] door came next. «Is this the [2]?» asked {the man|the woman} there. «No,» said [A.n], «the
  [2] is for the [y] door. For you I have the [3].»
| {At the next house|Then} [A.he] had already put [A.his] hand on the [2], but the door was [z].
  «{Careful|Wait}!» [A.he] said, and took out the [3].
+ So the [2] {was left|came last}, and it went to the [y] door.
| And in the end the [2] came to the [y] door.
!end
# «{Well|So}, who got the [2]?» asked the [V.k]. «The [y] door,» said [A.n]. «And the [1]?» «The [x]
  door.» «{And the [3] went to|So the [3] is behind} the [z] door. {Very good|You have a good
  head}!»
| [A] ran back. «{All done|It is done},» [A.he] said. «The [1] is behind the [x] door, the [2]
  behind the [y] door, and the [3] behind the [z] door.» «{Not one mistake|All of it right},» said
  the [V.k].
? And {as a reward|for that} [A.n] got {a sweet bun|a shiny coin|an apple}.
| «{Come again tomorrow|I could use a helper like you},» said the [V.k].
!fact the [1] / what was for the [x] door / the [1]
!fact the [2] / what was for the [y] door / the [2]
!fact the [3] / which door got the [3] / the [z] one
!feel A proud
!close A
)";

// A tool is needed; it went from hand to hand.
constexpr std::string_view kBorrowedTool = R"(
!child A B C
!choose
!text k ladder
!text x The kite hung high up in a tree
!text u get the kite down
!text d climbed up and got the kite down
!or
!text k saw
!text x A branch had fallen across the path
!text u cut the branch
!text d cut the branch into four pieces
!or
!text k spade
!text x The young apple tree had no hole to stand in
!text u plant the tree
!text d dug a hole and planted the tree
!or
!text k hammer
!text x Two boards of the fence were loose
!text u mend the fence
!text d put in six nails, and the fence was strong again
!or
!text k bucket
!text x The beans in the garden were dry
!text u water the beans
!text d watered the beans, row after row
!or
!text k rope
!text x The swing had come down
!text u hang up the swing
!text d hung up the swing again
!or
!text k broom
!text x The yard was full of leaves
!text u sweep the yard
!text d swept the whole yard
!or
!text k wheelbarrow
!text x There was a heap of wood in front of the door
!text u move the wood
!text d moved all the wood into the shed
!or
!text k big pot
!text x There were plums, but nothing to cook them in
!text u make jam
!text d made eight jars of jam
!end
!warm
!villager V
!place p
!place q
!place r
!hide y r
!title Who has the [k]? / The [k] / From hand to hand
!open A
# [x]. «I need a [k] to [u],» said [A.n]. «{The [V.k] has one|I will ask the [V.k]}.»
| [x]. {So [A.n] wanted to [u], but for that [A.he] needed a [k].|«Without a [k] I cannot [u],»
  thought [A.n].} The [V.k] had one.
| «Somebody must [u],» said [A.n], for it was {high time|Saturday}. But where was a [k]? «The [V.k]
  has a [k],» {said a neighbor|[A.he] remembered}.
!go A v
+ The [V.k] [w]. «May I borrow your [k]?» asked [A.n]. «{I do not have it|It is not here},» said the
  [V.k]. «I lent it to [B.n], {who is|who must be} [p.in].»
| «The [k]?» said the [V.k], who [w]. «[B.n] {has had it since Monday|borrowed it last week}. {You
  will find [B.him]|[B.he] is} [p.in].»
| «{Good day|Hello}, [A.n]! {What do you need|How can I help}?» asked the [V.k]. «A [k],» said
  [A.n]. «Then ask [B.n], [p.in]. {I gave it to [B.him]|[B.he] has it}.»
!go A p
!join B A
+ «[B.n], do you have {the [k]|the [k] that belongs to the [V.k]}?» asked [A.n]. «{No|Not any
  more},» said [B.n]. «{I gave it to [C.n]|[C.n] needed it}. Ask [C.him], [q.in].»
| [B.n] {scratched [B.his] head|thought}. «{The [k]? I had it|Yes, I had the [k]}, but then I gave
  it to [C.n]. {[C.he] is|I saw [C.him]} [q.in].»
| «{Are you looking for me|What is it}?» asked [B.n]. «I need the [k],» said [A.n]. «[C.n] has it
  now,» said [B.n]. «Go to the [q.n].»
!go A q
!join C A
+ «[C.n], {do you have the [k]|where is the [k]}?» asked [A.n]. «{Oh dear|Oh}!» said [C.n]. «I
  {left|forgot} it [r.in], [y].»
| «{Do you still have|Where is} the [k]?» asked [A.n]. [C.n] turned red. «I {used it|worked with it}
  [r.in], and it must still be there, [y].»
| [C.n] {saw [A.n] and knew at once why [A.he] had come|looked up}. «{The [k]|You want the [k]}? It
  is [r.in], [y],» [C.he] said. «{I was too lazy to bring it back|I wanted to bring it back today}.»
!go A r
+ [A] looked [y], and there {it was|lay the [k]}, {wet, but whole|a little dirty}.
| And {really|yes}, [y], [A] {found|saw} the [k].
+ [A] took it home and [d].
| Now the work could {begin|start}. [A] [d].
# But [A] did not {lend it to anyone else|keep it}. [A.he] {cleaned it|washed it} and {took|carried}
  it back to the [V.k]. «{At last|There it is}!» said the [V.k]. «Where was it?» «I had it from
  [C.n],» said [A.n], «and [C.n] had it from [B.n], and [B.n] had it from you. It was [y].»
| Then [A] {brought|took} the [k] back to the [V.k]. «It went from you to [B.n],» [A.he] said, «from
  [B.n] to [C.n], and I found it [y].» «And now it is {home|back},» said the [V.k]. «{Thank you|You
  are the one who brought it back}.»
| «{Here is your [k]|I have brought you something},» said [A.n] to the [V.k] {that evening|when the
  work was done}. «{Who had it in the end|Did [B.n] have it}?» asked the [V.k]. «[B.n] gave it to
  [C.n],» said [A.n], «and [C.n] left it [y].»
!fact [y] / where was the [k] / [y], [r.in]
!fact the [k] / what did you borrow / a [k]
!fact the [V.k] / whose [k] was it / it belongs to the [V.k]
!close A
)";

constexpr StoryPlot kPlots[] = {{"shopping list", kShoppingList},
                                {"message", kMessage},
                                {"visit", kVisit},
                                {"three doors", kThreeDoors},
                                {"borrowed tool", kBorrowedTool}};

}  // namespace

std::span<const StoryPlot> plots_of_errands() { return kPlots; }

}  // namespace octavo
