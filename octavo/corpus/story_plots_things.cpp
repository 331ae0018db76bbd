// Plots about things: lost, hidden, given, mended, traded. See story_script.h for the notation.
#include "octavo/corpus/story_plots.h"

namespace octavo {
namespace {

// The reader sees where the thing is left, or somebody else does.
constexpr std::string_view kLostAndFound = R"(
!child A B
!place r
!place q
!deed d r
!deed f q
!kin G
!thing k toy precious
!spot x r k
!spot y q k
!take A k
!title The [k.b] / [A.ns] [k.b] / The lost [k.n] / Where is the [k.n]? / Lost and found
!open A
+ [A] had [k.a]. {It was a gift from [G.n]|[G.n] had given it to [A.him]{| on [A.his] birthday}}, and [A] {loved
  it|took it everywhere|liked it more than anything else}.
| Of all the things that [A] had, [A.he] liked [A.his] [k.b] best. {[G.n] had given it to [A.him].|It had come from
  [G.n].|It had once belonged to [G.n].}
| [A.s] {favorite|dearest} thing was [k.a] that [G.n] had {given [A.him]|found at the market|brought from far away}.
| [G.n] had given [A.o] [k.a]. {It was not new, but|It was only [k.a], but} [A] {loved it very much|would not have
  changed it for anything}.
? Every {day|morning} [A] [k.used].
| [A] often [k.used].
| Sometimes [A] [k.used], {and then [A.he] thought of [G.n]|and then everyone smiled}.
# {One|That} {day|morning} [A] took [A.his] [k.b] and {left the house|went out}.
| {One day|That day}, as always, [A] had [A.his] [k.b] with [A.him].
| «{Where are you going|Where are you off to}?» asked [G.n] {one day|that morning}. «{Only to|To} the [r.n],» said [A.n], and took the [k.b] along.
!go A r
!choose
+ [A] laid [A.his] [k.b] [x] {so that it would be safe|because [A.he] needed both hands} and [d].
| [A] wanted {to have both hands free|to play}, so [A.he] put [k.the] [x]. Then [A.he] [d].
| «I will leave my [k.b] [x],» [A.n] thought, «and nobody will {step on|take} it.» Then [A.he] [d].
| First [A.he] put [k.the] [x], where {it would stay clean|nobody would see it}. Then [A.he] [d].
!lay A k
!play go-along
!play gone
# «Where did you {have it last|see it last|leave it|put it}?» [ask>B].
| «{Do not cry|Do not worry|Let us think|One thing after the other}, [A.n],» [say>B]. «Where did you have it last?»
| «{We will find it|It must be somewhere},» [say>B]. «{What did you do|Where were you} before you met me?»
# [A] {thought {hard|for a moment}|closed [A.his] eyes}. «[r.in],» [A.he] said. «I put it [x].»
| «I {had|still had} it [r.in],» [say>A]. «{Now I remember|Yes|Of course}! I put it [x].»
| «First I was [r.in],» said [A.n] slowly. «I [d]. And my [k.n]? Yes! I put it [x]!»
!go W r
!play found
!or
+ There [A.he] [d]{| for an hour| for a long time}.
| [A] [d]{, and [A.his] thoughts were far away| and forgot the time|}.
| [A.he] [d], {and then [A.he] sat down in the sun|and it was fun}.
!lay A k
!play go-along
!play gone
!villager V
# [A] and [B.n] {looked|searched} everywhere. They looked [y], but {it was not there|they found only {dust|dry leaves|an
  old shoe|a rusty nail}}.
| First they looked [y]. {Nothing|It was not there}. Then they looked {in every corner|everywhere else}.
| They went back the way that they had come. {They looked to the left, and they looked to the right.|They looked at every
  stone.} The [k.b] was not there.
# Then they met the [V.k]. «Have you seen my [k.b]?» [ask>A].
| They asked the [V.k]. «{Please, did|Did} you see [k.a]?» [ask>A].
| The [V.k] {came down the road|stood at the corner}. «{What are you looking for|Have you lost something}?» asked the
  [V.k]. «My [k.b],» [say>A].
# «{Yes|Oh yes|Wait}, I {saw|think I saw} something [k.c] [x],» {said|answered} [V]. «It was [r.in].»
| «{[k.a]? Yes|Yes, I did}! Look [x], [r.in],» [V] {said|answered}.
| «{There is|I saw} [k.a] [r.in],» said the [V.k]. «It lies [x]. {I did not know whose it was.|I thought that someone
  would come back for it.}»
!go W r
!play found
+ «So the [V.k] was right!» [say>B].
| «{How good that we asked|What luck that we asked the [V.k]}!» [say>B].
| They {waved to|went back and thanked} the [V.k].
!fact the [V.k] / who saw it / the [V.k] did
!end
!fact [x] / where was the [k.n] / [x], [r.in]
!fact [k.b] / who helped you / [B.n] did
!feel A happy
!thank A B
? «{Next time|From now on} I will {tie it to my hand|look after it better|leave it at home},» said [A.n].
| From then on [A] never let the [k.b] out of [A.his] sight.
!close A
)";

// A treasure is put away by two; when the time comes, one has forgotten where, the other has not.
constexpr std::string_view kHiddenThing = R"(
!child A B
!place r
!thing k precious
!spot x r k
!spot y r k
!title The secret of [A.n] and [B.n] / The hidden [k.n] / The [k.b] / A good place to hide
!open A B P
# {One day|One morning} they found [k.a] {on the road|in the grass|in the mud}. Nobody {had lost it|knew whose it was}{,
  not even the teacher|}.
| {One day|One afternoon} an old {man|woman} gave them [k.a] {because they had carried a heavy bag|for their help}. It was
  {the finest thing they had|theirs now}.
| They had saved {every penny|all their pennies} for {a month|a whole summer}, and now they had bought [k.a] {at the
  market|together}. It belonged to both of them.
!take A k
# «{We must hide it|Let us hide it},» [say>A]. «{Nobody must find it|It will be our secret}.»
| «Where shall we keep it?» asked [B.n]. «{It must be a {safe|secret} place|Not at home},» said [A.n].
| «If we take it home, {my brother will want it|someone will ask questions},» said [B.n]. «{Let us|We should} hide it.»
!go P r
+ There they {hid|put} the [k.b] [x].
| They looked for a good place and hid the [k.b] [x].
| [A] looked for a place, and [B.n] kept watch. Then they put the [k.b] [x].
| «{Here|This is a good place},» {whispered|said} [B.n], and they {hid|put} the [k.b] [x].
!lay A k
+ They {promised|gave their word} to tell nobody.
| «Not a word to anyone,» [say>B], and they shook hands.
| «{Only you and I know it|Two people know it now},» said [A.n], «{and that is enough|you and I}.»
!later
# {Many weeks|A long winter|A whole year|Many months} went by. {The two had other things to do|They played other games|They
  did not think of it any more}.
| Time went by. {First it rained, then it snowed, and then the flowers came back|The days grew short and then long again}.
| They grew {a little|a hand} taller. {There was much to learn in school.|There were other games to play.} The [k.b] lay
  in its place, and nobody knew of it.
+ Then one day [A] {remembered|thought of} the [k.n]. But [A.he] {had forgotten where it was|did not know where to look}.
| One day [A] wanted to see the [k.b] again, but {where was it|where had they put it}?
| «Do you still remember our secret?» [A.n] asked one day. «{The [k.b]|Our [k.b]}! But where {is it|did we hide it}?»
!go P r
? First [A] looked [y]. {There was nothing|It was not there}.
| «Was it [y]?» [ask>A], and looked. No, there was nothing.
# «I {know|remember},» [say>B]. «We {hid|put} it [x].»
| «Do you remember?» [ask>A]. «{Yes|Of course},» {said|answered} [B.n], «it is [x].»
| [B.n] {closed [B.his] eyes|thought for a while}. «{I can see us|I see it before me},» [B.he] said. «You held the [k.n],
  and we put it [x].»
!play found
!fact [x] / where did you hide it / [x], [r.in]
!fact [k.b] / what did you find / [k.a]
!feel B proud
? «You have a good memory,» said [A.n]. «What would I do without you?»
| «Next time we will write it down,» said [A.n]{ and laughed|}.
| «{Shall we leave it here|Shall we hide it again}?» asked [B.n]. «{Yes|Why not},» said [A.n]. So they put it back [x].
!close A
)";

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
+ «{Do you know what I want most|Do you know what I would like}?» [ask>B]. «{I would like|I want} [k.a]. {Then I could
  [k.use]|I have wanted one for a long time}.»
| «I wish I had [k.a],» [say>B]. «{Then I could [k.use] every day|I dream of it every night}.»
| «What would you like best in all the world?» asked [A.n]. «[k.a],» said [B.n] at once. «{I would [k.use].|But that will
  never be.}»
+ [A.n] said nothing, but [A.he] {remembered it|kept it in mind|did not forget those words}.
| [A.n] {listened well|did not forget it}, for {[B.ns] birthday was near|soon it would be [B.ns] birthday}.
# {But [A] had no money|[A] had only one small coin, and that was not enough}.
| But how could [A] get [k.a]? {[A.he] had no money.|It cost more than [A.he] had.}
| That evening [A] {opened [A.his] money box|took [A.his] money box from the shelf}. {There were only two pennies in it.|It was
  almost empty.}
!villager V
+ {The next day|In the morning} [A] went to the [v.n], where the [V.k] {lived and worked|worked}. The [V.k] [w].
| So [A] went to see the [V.k], who [w] [v.in].
| «{The [V.k] always has work|I will ask the [V.k]},» [A.he] thought, and went to the [v.n]. The [V.k] [w].
!move A v
# «May I help you?» asked [A.n]. «{I want to earn [k.a]|I need [k.a] for [B.n]}.»
| «Do you have work for me?» asked [A.n]. «I would like to earn [k.a] for my friend.»
| «I can {work|carry things and sweep},» said [A.n]. «{I need|I am looking for} [k.a], but I cannot pay for it.»
# «{Good|Very well|Yes},» said the [V.k]. «{You can [n], and then|If you [n] for three days,} I will give you {my [k.b]|the
  [k.b] that I have at home}.»
| «I have [k.a] that nobody uses,» {said|answered} the [V.k]. «{Help me to [n]|Come and [n]}, and it is yours.»
| The [V.k] {thought about it|looked at [A.o] for a moment}. «{Can you [n]|Will you [n] for a week}? Then you shall have
  my [k.b].»
!take V k
# [A] worked {hard|well|for three long days}{. [A.s] arms hurt, but [A.he] did not stop| and never complained}.
| It was hard work, and [A] was tired every evening, but [A.he] thought of [B.n] and went on.
| [A] came {early in the morning and left in the evening|every day after school}. {When [A.he] was tired, [A.he] thought
  of [B.n].|The [V.k] watched and was pleased.}
+ At last the [V.k] gave [A.o] the [k.b].
| Then the [V.k] {shook [A.ns] hand|smiled} and gave [A.him] the [k.b].
| «You have worked well,» said the [V.k]. «Here is the [k.b]{.»|, as I promised.»}
!give V k A
!later
!place b house
!move A b
!move B b
# {On the day of the birthday|When the birthday came}, [A] {brought|carried} a {small|strange} parcel to [B.ns] house.
  [B.n] opened it. Inside was [k.a]!
| On [B.ns] birthday, [A] came with {something behind [A.his] back|a parcel in [A.his] arms}. It was the [k.b]!
| Then the birthday came. «{Close your eyes|Hold out your hands},» said [A.n], and gave [B.n] the [k.b].
!give A k B
# «[k.a]!» [cry>B]. «{It is just what I wanted! How|How} did you know?»
| [B] {looked at it for a long time|could not believe it}. «{But how did you know|Who told you that I wanted [k.a]}?»
| «How did you know that I wanted [k.a]?» asked [B.n]{, and laughed with joy|}.
# «You told me [r.in],» {said|answered} [A.n]. «{I did not forget|I listened well}.»
| «Do you remember the day [r.in]?» [ask>A]. «You told me then.»
| «{A bird told me|I have good ears},» said [A.n]. «{No, it was you|And you said it yourself}, [r.in].»
!fact [k.b] / what did [B.n] get / [k.a]
!fact the [V.k] / who gave it to you / the [V.k] did, for my work
!fact [r.in] / where did [B.n] tell you about it / [r.in]
!feel B happy
!close A
)";

// Something borrowed breaks; the truth is told, and it is mended.
constexpr std::string_view kMended = R"(
!child A B
!place b house
!villager V carpenter
!place q
!thing k breakable
!move A b
!move B b
!take B k
!text m [k.mend]
!text t [k.flaw]
!title The broken [k.n] / The [k.b] / [B.ns] [k.n] / [A.n] tells the truth
!open A
# {One day|One afternoon} [A] {went to see|visited} [B.ns] family{, who lived next door|}. «May I borrow your [k.b]?»
  asked [A.n].
| [A] had a friend, [B.n]. [B] had [k.a] and often [k.used]. One day [A] asked, «May I {borrow|have} it until tomorrow?»
| [B.n] had [k.a], and [A] {liked it very much|could not stop looking at it}. «{Please lend it to me|Let me take it home
  for a day}, [B.n],» {said [A.n]|[A.he] said}.
# «Yes,» {said|answered} [B.n], «but {please be careful|take good care of it}.» «I {will|promise},» said [A.n].
| «{Of course|All right},» said [B.n], and gave [A.o] the [k.b]. «{Please take|Take} good care of it.»
| [B.n] {thought about it|was not sure}. «{It is my best thing|I love it very much},» [B.he] said. «But you may have it
  until tomorrow.»
!give B k A
# {The next day|After school|Soon after that}, [A] {took|carried} it to the [q.n].
| [A] wanted to show it to {everyone|the others} and took it to the [q.n].
!move A q
+ [A.he] was happy and {ran|jumped} {about|around}, and {did not see the stone|did not look where [A.he] went}. [A.he]
  {fell|tripped}, and {the [k.b] fell with a crack|the [k.b] flew out of [A.his] hands}.
| On the way [A.he] {began to run|looked up at a bird|thought of other things} and {slipped|tripped over a root|fell over a
  stone}. The [k.b] hit the ground.
| There [A.he] {climbed on a wall|ran too fast}, and the [k.b] fell {on the hard ground|down}.
+ {Oh no, [t]!|And then [A.he] saw it: [t]!}
| When [A] {stood up|looked}, [t].
!feel A ashamed
? «I could {hide it|say that it was the wind},» [A.he] thought. «But that {would not be right|would be a lie}.»
| For a moment [A.he] wanted to {run away|hide it}. But [A.he] had promised to be careful.
| «What shall I say to [B.n]?» [A.he] thought{. «Only the truth.»|, and the way back was long.}
# So [A] went back to [B.o] and told [B.him] {everything|the truth}. «I fell, and now it is broken,» [A.he] said.
  «{I am very sorry|It is my fault}.»
| [A] {carried|took} the [k.b] back. «I am sorry, [B.n],» [A.he] said. «I fell, and now it is broken.»
| «It was not the wind, and it was not the dog,» said [A.n] when [A.he] stood in front of [B.n]. «{It was me|I fell}. Your
  [k.n] is broken.»
!move A b
+ [B.n] was {sad|upset}{ at first|}, but {[B.he] saw that [A.n] was sorry too|it was good to hear the truth}. «{Let us go
  to|Perhaps we can ask} the carpenter,» said [B.n].
| [B.n] {was quiet for a while|looked at it sadly}. Then [B.he] said, «The carpenter can mend {anything|it}.»
| [B.n] {took a deep breath|swallowed}. «{Thank you for telling me|At least you told me},» [B.he] said. «{Come|Now come}
  to the carpenter.»
!pair P A B
!go P v
+ The carpenter {looked at the [k.n] from all sides and saw that [t]|put on a pair of glasses}. «I need [m],» [say>V]. {[A] ran and brought
  [m]|[A] found [m] on a shelf}.
| «This is easy,» said the carpenter. «I only need [m].» [A] {looked on every shelf and found|ran and got} [m].
| «{Oh dear|Well, well},» said the carpenter. «With [m] it can be done.» [A] {knew where to find|ran
  to fetch} [m].
+ {Then the carpenter worked, and|They worked together, and} before {supper|evening} {the [k.b] was whole again|nobody could
  see where it had been broken}.
| {The carpenter showed [A.n] how to do it. It|It} took {an hour|half the day}, and then the [k.b] was {as good as new|whole
  again}.
| {There was a knocking and a scratching|They watched every move}, and {soon|at last} the [k.b] was {as strong as
  before|even better than before}.
!give A k B
!fact [m] / what did the carpenter need / [m]
!fact [k.b] / what did [B.n] lend you / the [k.b]
# «Thank you for telling me the truth,» [say>B]. «{You may borrow it again|We are still friends}.»
| «{Next time I will be more careful|I will never run with it again},» said [A.n]. «I know,» said [B.n].
| «{What does it cost|How can we pay you}?» asked [A.n]. «{Nothing|A smile},» said the carpenter. «{You told the truth, and
  that is worth more than money|For the truth I work without pay}.»
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
# {One day|One morning} [A] {had nothing to do|wanted to see [A.his] friends|was looking for someone to play with}.
| {One day|One afternoon} [A] {heard laughing and wanted to know why|went out to find [B.n]}.
!go A p
+ [A] met [B.n], who had [k.a]. «{What a fine [k.n]|I like your [k.n]}!» said [A.n]. «{What do you want for it|May I have
  it}?»
| [B.n] was there too and had [k.a]. [A] {liked it at once|had never seen such a fine one}. «Will you trade it?» asked
  [A.n].
| [B.n] {sat there|stood there} with [k.a]. {[A.ns] eyes grew big.|[A] could look at nothing else.} «Would you {sell|give
  away} your [k.n]?» asked [A.n].
# «{I want|I need|I would like} [l.a],» {said|answered} [B.n]. «{Bring me one, and you can have my [k.b]|Then you can have the
  [k.b]}.»
| «{Only for|I would trade it for} [l.a],» {said|answered} [B.n].
| [B] {shook [B.his] head|thought}. «{Not for money|Not for nothing},» [B.he] said. «But if you bring me [l.a], it is
  yours.»
# But [A] had no [l.n]. «Who has [l.a]?» [A.he] asked. «[C.n] has one,» said [B.n]. «{You will find|Look for} [C.him]
  [q.in].»
| «I know who has [l.a],» thought [A.n]. «[C.n] does!»
| «Where can I get [l.a]?» asked [A.n]. «Ask [C.n],» said [B.n]. «[C.he] is [q.in].»
!go A q
# «[C.n], will you give me your [l.b]?» asked [A.n]. «{Yes|All right|Gladly},» said [C.n], «{if you give me [m.a]|but I want
  [m.a] for it}.»
| «[B.n] wants your [l.b],» said [A.n] to [C.n]. «{What do you want for it|What shall I give you}?» «[m.a],» said [C.n].
| There was [C.n], and there was the [l.b]. «{Will you give me your [l.b]|May I have your [l.b]}, [C.n]?» asked [A.n]. «{What will you
  give me|What do I get}?» asked [C.n]. «{I would like|I have always wanted} [m.a].»
# [A] {thought|sat down and thought}. Where could [A.he] find [m.a]? Then [A.he] {remembered that there was one|remembered the
  old one} [r.in], [x].
| «[m.a]! I saw one [x], [r.in],» thought [A.n]. «{Nobody wants it|It belongs to nobody}.»
| {«Wait here,» said [A.n].|«I will be back,» said [A.n].} [A.he] {had seen|knew of} [m.a] [r.in], [x], {and it belonged to
  nobody|which had been there for years}.
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
| With the [l.b], [A.n] {went|ran} back to [B.n]. «Here is [l.a],» said [A.n]. «And here is the [k.b],» said [B.n].
| [B.n] {was still there|was waiting}. [A.n] {held out|showed [B.him]} the [l.b], and {so|at last} the [k.b] was [A.ns].
!move A p
!give A l B
!give B k A
+ Now [C.n] had the [m.b], [B.n] had the [l.b], and [A.n] had the [k.b]. {Everyone was happy|All three were glad|It was a
  good trade for all of them}.
| So everyone had what they wanted: [A.n] the [k.b], [B.n] the [l.b], and [C.n] the [m.b].
| [C.n] got the [m.b], [B.n] got the [l.b], and [A.n] {went home with|got} the [k.b]. {Nobody had paid a penny.|What a day
  of trading!}
!fact [m.b] / who has the [m.b] now / [C.n] has it
!fact [l.b] / who has the [l.b] now / [B.n] has it
!fact [k.b] / what did you get / the [k.b]
!close A
)";

// Two things look almost the same; the right one is known by what was told.
constexpr std::string_view kMixedUp = R"(
!child A B
!place r
!deed d r
!thing k toy wearable tool
!pick m a small star / a white spot / a blue thread / a little scratch / a round hole /
  a drop of paint / a brown stain
!pick n on the inside / at the bottom / on the back / on one side / near the edge
!title Which one is mine? / Two of the same / The [k.b] with {the mark|a mark}
!open A
# [A] had [k.a], and so had [B.n]. {They looked the same.|Nobody could tell which was which.|Both came from the same shop.} But on [A.ns] [k.n] there was
  [m] [n].
| [A.ns] [k.n] was [k.c]. [B.ns] [k.n] was [k.c] too. {Only one thing was different|There was only one difference}: [A.ns]
  had [m] [n].
| [A] and [B.n] had each got [k.a] from the same shop. «Mine has [m] [n],» said [A.n]. «{Yours does not|Yours has none}.»
# One day they [d] [r.in] and {laid their things on the ground|put down their things}. When {it was time to go|they went
  home}, {each took one|both were in a hurry}.
| {One day|One afternoon} the two were [r.in]. They [d]. {Then it was late.|Then the bell rang.} Each of them {took [k.a]
  and ran|picked up [k.a]}.
# At home [A] {looked closely|looked at it in the light}. There was {nothing|no mark} [n]. «This is not mine,» [A.he] said.
  «{It is [B.ns]|Then it must be [B.ns]}!»
| «{Strange|Wait},» said [A.n] in the evening. «Where is [m]?» [A.n] {turned it over and over|looked [n]}. {Nothing!|There was
  nothing.} «So [B.n] has mine.»
# {The next day|In the morning} [A] {went to|met} [B.n]. «{I have the wrong one|Look at your [k.n]},» said [A.n]. «{Is there|Do
  you see} [m] [n]?» [B.n] looked. «{Yes, there is|Yes, here it is}!»
| Then there was a knock at the door. It was [B.n]. «{I have your [k.n]|This one must be yours},» [B.he] said. «There is [m]
  [n].»
+ They {laughed and changed back|gave each other the right one}.
| «{Give me mine, and I give you yours|Then we must change},» said [A.n], {and so they did|and they laughed}.
# «{How did you know|How could you tell}?» asked [B.n]. «{Mine|My [k.n]} has [m] [n],» said [A.n]. «{Small things can tell you
  much|One must only look well}.»
| «Now I will make a mark too,» said [B.n], «so that we {never mix them up again|always know which is which}.»
!fact [m] / how did you know which one was yours / it has [m] [n]
!fact [n] / where is the mark on your [k.n] / [n]
!close A
)";

constexpr Plot kPlots[] = {{"lost and found", kLostAndFound}, {"hidden thing", kHiddenThing},
                           {"birthday gift", kBirthdayGift},  {"mended", kMended},
                           {"trade chain", kTradeChain},      {"mixed up", kMixedUp}};

}  // namespace

std::span<const Plot> plots_of_things() { return kPlots; }

}  // namespace octavo
