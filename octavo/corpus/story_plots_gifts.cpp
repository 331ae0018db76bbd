// Plots of giving: gifts, trades, surprises, help that comes back. See
// story_script.h for the notation.
#include "octavo/corpus/story_plots.h"

namespace octavo {
namespace {

// The hero hears what B would like, works for it, and gives it.
constexpr std::string_view kBirthdayGift = R"(
!child A B
!place r
!deed d r
!thing k toy wearable precious
!title The gift / The [k.b] / A gift for [B.n] / [B.ns] birthday
!open A B P
# One day they were [r.in]. They [d] and talked.
| One day they [d] [r.in].
| [r.in], one {afternoon|day}, they [d] and {talked about many things|told each other their wishes}.
+ «{Do you know what I want most|Do you know what I would like}?» [ask>B]. «{I would like|I want}
  [k.a]. {Then I could [k.use]|I have wanted one for a long time}.»
| «I wish I had [k.a],» [say>B]. «{Then I could [k.use] every day|I dream of it every night}.»
| «What would you like best in all the world?» asked [A.n]. «[k.a],» said [B.n] at once. «{I would
  [k.use].|But that will never be.}»
+ [A.n] said nothing, but [A.he] {remembered it|kept it in mind|did not forget those words}.
| [A.n] {listened well|did not forget it}, for {[B.ns] birthday was near|soon it would be [B.ns]
  birthday}.
# {But [A] had no money|[A] had only one small coin, and that was not enough}.
| But how could [A] get [k.a]? {[A.he] had no money.|It cost more than [A.he] had.}
| That evening [A] {opened [A.his] money box|took [A.his] money box from the shelf}. {There were
  only two pennies in it.|It was almost empty.}
!villager V
+ {The next day|In the morning} [A] went to the [v.n], where the [V.k] {lived and worked|worked}.
  The [V.k] [w].
| So [A] went to see the [V.k], who [w] [v.in].
| «{The [V.k] always has work|I will ask the [V.k]},» [A.he] thought, and went to the [v.n]. The
  [V.k] [w].
!move A v
# «May I help you?» asked [A.n]. «{I want to earn [k.a]|I need [k.a] for [B.n]}.»
| «Do you have work for me?» asked [A.n]. «I would like to earn [k.a] for my friend.»
| «I can {work|carry things and sweep},» said [A.n]. «{I need|I am looking for} [k.a], but I cannot
  pay for it.»
# «{Good|Very well|Yes},» said the [V.k]. «{You can [n], and then|If you [n] for three days,} I will
  give you {my [k.b]|the [k.b] that I have at home}.»
| «I have [k.a] that nobody uses,» {said|answered} the [V.k]. «{Help me to [n]|Come and [n]}, and it
  is yours.»
| The [V.k] {thought about it|looked at [A.o] for a moment}. «{Can you [n]|Will you [n] for a week}?
  Then you shall have my [k.b].»
!take V k
# [A] worked {hard|well|for three long days}{. [A.s] arms hurt, but [A.he] did not stop| and never
  complained}.
| It was hard work, and [A] was tired every evening, but [A.he] thought of [B.n] and went on.
| [A] came {early in the morning and left in the evening|every day after school}. {When [A.he] was
  tired, [A.he] thought of [B.n].|The [V.k] watched and was pleased.}
+ At last the [V.k] gave [A.o] the [k.b].
| Then the [V.k] {shook [A.ns] hand|smiled} and gave [A.him] the [k.b].
| «You have worked well,» said the [V.k]. «Here is the [k.b]{.»|, as I promised.»}
!give V k A
!later
!place b house
!move A b
!move B b
# {On the day of the birthday|When the birthday came}, [A] {brought|carried} a {small|strange}
  parcel to [B.ns] house. [B.n] opened it. Inside was [k.a]!
| On [B.ns] birthday, [A] came with {something behind [A.his] back|a parcel in [A.his] arms}. It was
  the [k.b]!
| Then the birthday came. «{Close your eyes|Hold out your hands},» said [A.n], and gave [B.n] the
  [k.b].
!give A k B
# «[k.a]!» [cry>B]. «{It is just what I wanted! How|How} did you know?»
| [B] {looked at it for a long time|could not believe it}. «{But how did you know|Who told you that
  I wanted [k.a]}?»
| «How did you know that I wanted [k.a]?» asked [B.n]{, and laughed with joy|}.
# «You told me [r.in],» {said|answered} [A.n]. «{I did not forget|I listened well}.»
| «Do you remember the day [r.in]?» [ask>A]. «You told me then.»
| «{A bird told me|I have good ears},» said [A.n]. «{No, it was you|And you said it yourself},
  [r.in].»
!fact [k.b] / what did [B.n] get / [k.a]
!fact the [V.k] / who gave it to you / the [V.k] did, for my work
!fact [r.in] / where did [B.n] tell you about it / [r.in]
!feel B happy
!close A
)";

// A wants k; its owner wants l; that one's owner wants m, and A finds m.
constexpr std::string_view kTradeChain = R"(
!child A B C
!place p
!place q
!place r
!thing k toy
!thing l toy wearable
!thing m precious
!spot x r m
!move B p
!take B k
!move C q
!take C l
!title Three trades / The [k.b] / [A.n] makes a trade / A good trade
!open A
# {One day|One morning} [A] {had nothing to do|wanted to see [A.his] friends|was looking for someone
  to play with}.
| {One day|One afternoon} [A] {heard laughing and wanted to know why|went out to find [B.n]}.
!go A p
+ [A] met [B.n], who had [k.a]. «{What a fine [k.n]|I like your [k.n]}!» said [A.n]. «{What do you
  want for it|May I have it}?»
| [B.n] was there too and had [k.a]. [A] {liked it at once|had never seen such a fine one}. «Will
  you trade it?» asked [A.n].
| [B.n] {sat there|stood there} with [k.a]. {[A.ns] eyes grew big.|[A] could look at nothing else.}
  «Would you {sell|give away} your [k.n]?» asked [A.n].
# «{I want|I need|I would like} [l.a],» {said|answered} [B.n]. «{Bring me one, and you can have my
  [k.b]|Then you can have the [k.b]}.»
| «{Only for|I would trade it for} [l.a],» {said|answered} [B.n].
| [B] {shook [B.his] head|thought}. «{Not for money|Not for nothing},» [B.he] said. «But if you
  bring me [l.a], it is yours.»
# But [A] had no [l.n]. «Who has [l.a]?» [A.he] asked. «[C.n] has one,» said [B.n]. «{You will
  find|Look for} [C.him] [q.in].»
| «I know who has [l.a],» thought [A.n]. «[C.n] does!»
| «Where can I get [l.a]?» asked [A.n]. «Ask [C.n],» said [B.n]. «[C.he] is [q.in].»
!go A q
# «[C.n], will you give me your [l.b]?» asked [A.n]. «{Yes|All right|Gladly},» said [C.n], «{if you
  give me [m.a]|but I want [m.a] for it}.»
| «[B.n] wants your [l.b],» said [A.n] to [C.n]. «{What do you want for it|What shall I give you}?»
  «[m.a],» said [C.n].
| There was [C.n], and there was the [l.b]. «{Will you give me your [l.b]|May I have your [l.b]},
  [C.n]?» asked [A.n]. «{What will you give me|What do I get}?» asked [C.n]. «{I would like|I have
  always wanted} [m.a].»
# [A] {thought|sat down and thought}. Where could [A.he] find [m.a]? Then [A.he] {remembered that
  there was one|remembered the old one} [r.in], [x].
| «[m.a]! I saw one [x], [r.in],» thought [A.n]. «{Nobody wants it|It belongs to nobody}.»
| {«Wait here,» said [A.n].|«I will be back,» said [A.n].} [A.he] {had seen|knew of} [m.a] [r.in],
  [x], {and it belonged to nobody|which had been there for years}.
!go A r
+ [A] looked [x], and there was [m.the].
| [m.the] was still there, [x].
| And {really|yes}: [x] lay [m.the].
!take A m
# [A] {ran|hurried} back to [C.n] and gave [C.him] the [m.b]. [C.n] gave [A.him] the [l.b].
| «Here is [m.a],» said [A.n] to [C.n]. «And here is the [l.b],» said [C.n].
!move A q
!give A m C
!give C l A
+ Then [A.n] {took|carried} the [l.b] to [B.n], and [B.n] gave [A.him] the [k.b].
| With the [l.b], [A.n] {went|ran} back to [B.n]. «Here is [l.a],» said [A.n]. «And here is the
  [k.b],» said [B.n].
| [B.n] {was still there|was waiting}. [A.n] {held out|showed [B.him]} the [l.b], and {so|at last}
  the [k.b] was [A.ns].
!move A p
!give A l B
!give B k A
+ Now [C.n] had the [m.b], [B.n] had the [l.b], and [A.n] had the [k.b]. {Everyone was happy|All
  three were glad|It was a good trade for all of them}.
| So everyone had what they wanted: [A.n] the [k.b], [B.n] the [l.b], and [C.n] the [m.b].
| [C.n] got the [m.b], [B.n] got the [l.b], and [A.n] {went home with|got} the [k.b]. {Nobody had
  paid a penny.|What a day of trading!}
!fact [m.b] / who has the [m.b] now / [C.n] has it
!fact [l.b] / who has the [l.b] now / [B.n] has it
!fact [k.b] / what did you get / the [k.b]
!close A
)";

// A secret that is hard to keep for a day.
constexpr std::string_view kSurprise = R"(
!child A B C
!place r barn school mill workshop
!thing k toy wearable precious
!pick f a cake with nuts / a cake with cherries / a big apple cake / a pot of sweet rice / a nut
  cake / a plum cake
!pick w Saturday / Sunday / Friday
!title The surprise / Do not tell [C.n] / A secret for one day / [C.ns] birthday
!open A B P
# [C.ns] birthday was on [w]. «Let us {make a party for [C.him]|surprise [C.him]} [r.in],» said
  [A.n]. «{But|And} [C.he] must not know.»
| «[C.ns] birthday is on [w],» said [B.n]. «We will have a party [r.in], and [C.n] {must not
  know|will know nothing of it}!»
| «What can we do for [C.ns] birthday?» asked [A.n]. «A party,» said [B.n], «on [w], [r.in]. And not
  a word to [C.n]!»
+ «I will {bring|make} [f],» said [A.n]. «And I have [k.a] for [C.him],» said [B.n]. They {promised
  to say nothing|put a finger on their lips}.
| [A.n] wanted to {bring|make} [f], and [B.n] had [k.a] to give.
# {The same day|Then} [A.n] met [C.n]. «{Where are you going|What do you have in that bag}?» asked
  [C.n]. {[A.ns] ears turned red.|[A.n] thought of [f].} «{Oh, nothing|I cannot say|I must hurry},»
  [A.he] said.
| [C.n] came to [A.ns] door. «Will you play with me on [w]?» [C.he] asked. «{No, I have no time|I do
  not know yet},» said [A.n], and it was hard to say it.
| «Why do you two {whisper|go to the [r.n]} so much?» [C.n] asked. [A] {looked at the sky|bit
  [A.his] tongue}. «{So much|Do we}? {I did not know|How strange},» [A.he] said.
+ [C.n] {went home sadly|looked sad}. «{Everyone has forgotten me|Nobody has time for me},» [C.he]
  thought.
| «Nobody thinks of my birthday,» thought [C.n].
!later
# On [w] a note lay at [C.ns] door: «Come to the [r.n].» [C.n] went and opened the door. {It was
  dark|All was quiet}. Then {a light went on|there was a shout}: «Happy birthday!»
| Then, on [w], [B.n] came and said, «{I have lost something|Help me to look for my hat} [r.in].»
  [C.n] {went along|came with [B.him]}. And there stood all [C.his] friends. «Happy birthday,
  [C.n]!»
| [w] came. «{Close your eyes|Give me your hand},» said [B.n], and led [C.o] to the [r.n]. «Now
  {open them|look}!» And everyone sang: «Happy birthday!»
+ There was [f] on the table{, and there were candles|}. [B.n] gave [C.him] the [k.b].
| [A.n] had brought [f], and [B.n] gave [C.him] [k.a]{. «Now you can [k.use],» [B.n] said.|.}
# «So that is why you {had no time|said nothing},» said [C.n]. «{And I thought that you had
  forgotten|Now I understand}!»
| «You did not forget me!» said [C.n].
| «{How could we forget you|Did you think that we had forgotten you}?» said [A.n]. «{It was so hard
  to say nothing|I almost told you}!»
!feel C happy
!fact [f] / what did you bring / [f]
!fact [k.b] / what did [B.n] give to [C.n] / [k.a]
!fact [r.n] / where was the party / [r.in]
!close A
)";

// Help is given without a thought of reward, and one day it comes back.
constexpr std::string_view kKindness = R"(
!child A
!stranger E old {woman|man}
!pick c red / blue / green / yellow / white
!pick o scarf / hat / coat / umbrella
!pick f half of the bread / two apples / a piece of cheese / a sweet bun / a warm potato / a cup of
  milk
!pick y by the old bridge / by the stone bridge / under the big oak / at the crossing / by the well
!title The [c] [o] / [A.n] and the [E.k] / In the fog / One good turn
!open A
!later
# One day, [y], [A] met [E.a] with a [c] [o]. The [E.k] {looked tired and hungry|had walked a long
  way and was tired}.
| [E.a] with a [c] [o] sat [y]. «{I have come a long way|I have not eaten today},» said the [E.k].
| When [A] came home from school, [E.a] was sitting [y]. {People went by and did not look.|Nobody
  stopped.} But [A.n] saw the [c] [o] and stopped.
| It was a {cold|hot} day. [y] {stood|sat} [E.a] with a [c] [o]. {The [E.k] looked at every person
  who went by.|The shoes of the [E.k] were full of holes.}
| «{May I rest here a little|Do you know how far it is to the next town}?» asked [E.a] with a [c]
  [o], whom [A] met [y]. {The voice was tired.|The [E.k] could hardly stand.}
+ [A.n] had {some food|something to eat} in a bag, and gave the [E.k] [f]. {They sat together and
  talked.|It was not much, but it was given gladly.}
| «Here,» said [A.n], and gave the [E.k] [f]. «{I have enough|Take it}.»
| «{Are you hungry|Would you like this}?» asked [A.n], and held out [f].
| [A] {opened [A.his] bag|had only one thing to eat}. «{Please take this|It is not much},» said
  [A.n], and gave the [E.k] [f].
# «{I will not forget this|You have a good heart},» said the [E.k]. «{What is your name|Who are
  you}?» «[A.n],» said [A.n].
| «And what is your name, child?» asked the [E.k]. «[A.n].» «{Then I will remember [A.n]|[A.n]. I
  will not forget that name}.»
# {Some weeks|Two months|A few days} later [A] was {in the forest|on the hill} when {a thick fog
  came|it grew dark much too soon}. {Every tree looked the same.|The path was gone.} [A] {walked and
  walked|went this way and that way}, but {the village was nowhere|there was no house to be seen}.
| {Not long after that|One evening in the cold season}, [A] was looking for {sticks|mushrooms|nuts}
  and lost the way. {The fog was so thick that there was no path any more.|It was dark, and the wind
  was cold.}
| {Winter came.|The days grew short.} One {evening|afternoon} [A] was on the way home from {the next
  village|a friend} when it began to snow. {Soon there was no road and no light.|In a moment
  everything was white.} [A] {walked in a ring|saw [A.his] own steps again}. [A.he] was lost.
!feel A afraid
+ «{Help|Hello}!» [A.he] called. «{Is anybody there|Can anybody hear me}?»
| [A] sat down under a tree. [A.he] was cold, and nobody knew where [A.he] was.
| «{Which way|Where am I}?» [A.he] asked, but {only an owl answered|there was nobody to answer}.
# Then something [c] moved between the trees. It was a [o], a [c] [o]! «[A.n]?» said a voice. «{Is
  that you|What are you doing here}?» It was the [E.k].
| Then a voice {answered|called}, and out of the dark came the [E.k] with the [c] [o]. «{I know
  you|I remember you},» said the [E.k]. «You are [A.n].»
| {Steps came near.|Somebody was coming.} First [A] saw only a lamp, then a [c] [o]. {Where had
  [A.he] seen it before?|«I know that [o],» thought [A.n].} «{Is that not [A.n]|[A.n]}?» asked the
  [E.k].
# «You gave me [f] [y],» said the [E.k]. «{Now I can do something for you|Now it is my turn}. Come,
  I know {the way|every path here}.»
| «{I have not forgotten|I said that I would remember},» said the [E.k]. «[f], [y]. {Take my
  hand|Come with me}.»
| «{How did you find me|Do you still know me}?» asked [A.n]. «{I never forget a friend|I could never
  forget you},» said the [E.k]. «You gave me [f] [y]. {Now come home|Come, it is not far}.»
# They walked {hand in hand|slowly} until {the lights of the village shone|they heard the village
  bell}. {At [A.ns] door there was hot soup for both of them.|[A] was home.}
| [A] {held on to|never let go of} the [c] [o], and before long they {stood at [A.ns] door|saw the
  lights of the village}.
| It was {a long way|late}, but {the [c] [o] went ahead|[A.n] followed the [c] [o]}, and at last
  there was the {church|bridge}, and there was [A.ns] house.
? What you give away comes back to you{.| one day.}
| From then on the [E.k] with the [c] [o] was always welcome in [A.ns] house.
| «Thank you,» said [A.n]. «{No, I thank you|It was only a little way},» said the [E.k].
!fact [c] [o] / how did you know who it was / by the [c] [o]
!fact [f] / what did you give the [E.k] / [f]
!close A 0.5
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
# [G.n] gave [A.o] a basket with [1] [f]. «{Take them|Carry them} to the [z],» [G.he] said. «{Be
  careful|Do not run}.»
| There were [1] [f] in the basket. [A] was to carry them to the [z].
| «How many [f] do we have?» asked [G.n]. [A] counted. «[1],» [A.he] said. «{Good! Take|Then take}
  them to the [z].»
# On the way [A] met [B.n]. «{I have had no breakfast|We have no [f] at home},» said [B.n]. [A]
  {looked into the basket|thought for a moment} and gave [B.him] [2]. {Now there were [5].|«Now I
  have [5],» [A.he] said.}
| [B.n] came along the road and was hungry. So [A.n] gave [B.him] [2] of the [1] [f], and [5] were
  left.
| At the first corner stood [B.n]. «{Such fine [f]|What fine [f]}!» said [B.n]. [A] gave [B.him]
  [2]. «[1] take away [2] is [5],» said [B.n], {who could count well|and thanked [A.him]}.
+ {Then|Near the bridge|A little later} [C.n] {came|sat by the road}. «{May I have some|What is in
  the basket}?» asked [C.n]. [A] gave [C.him] [3].
| Then [C.n] asked for some too, and [A] gave [C.him] [3].
| [C.n] had {helped [A.o] the day before|once helped [A.o]}, so [A] gave [C.him] [3].
# At the end of the road [A] counted. «[1], and [2] for [B.n], and [3] for [C.n]. So there are [4].»
  And {there were [4]|so it was}.
| [A] stopped and counted the [f]: there were only [4]. «[2] for [B.n] and [3] for [C.n],» [A.he]
  said. «Yes, that is right.»
| «Now how many are there?» [A.he] asked [A.self]. «First [1], then [5], and now [4].»
# «I had [1], but now there are [4],» [A.he] told the [z]. «{[4] are enough for me|I need only
  [4]},» said the [z]. «{It is good to share|You did right}.»
| «Here are [4] [f],» said [A.n] to the [z]. «There were [1]. [B.n] has [2], and [C.n] has [3].»
  «{You can count, and you can share|Then everyone has some},» said the [z]{ and laughed|}.
? The next day [B.n] and [C.n] came with a {jar of jam|bag of flour|pot of honey}. «This is for the
  [f],» they said.
!fact [4] / how many [f] were left / [4]
!fact / how many did you give to [B.n] / [2]
!fact / how many did [C.n] get / [3]
!close A
)";

constexpr StoryPlot kPlots[] = {{"birthday gift", kBirthdayGift},
                                {"trade chain", kTradeChain},
                                {"surprise", kSurprise},
                                {"kindness", kKindness},
                                {"how many", kHowMany}};

}  // namespace

std::span<const StoryPlot> plots_of_gifts() { return kPlots; }

}  // namespace octavo
