// Plots about things: lost, hidden, mended, alike, and one that travels. See
// story_script.h for the notation.
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
+ [A] had [k.a]. {It was a gift from [G.n]|[G.n] had given it to [A.him]{| on [A.his] birthday}},
  and [A] {loved it|took it everywhere|liked it more than anything else}.
| Of all the things that [A] had, [A.he] liked [A.his] [k.b] best. {[G.n] had given it to
  [A.him].|It had come from [G.n].|It had once belonged to [G.n].}
| [A.s] {favorite|dearest} thing was [k.a] that [G.n] had {given [A.him]|found at the market|brought
  from far away}.
| [G.n] had given [A.o] [k.a]. {It was not new, but|It was only [k.a], but} [A] {loved it very
  much|would not have changed it for anything}.
? Every {day|morning} [A] [k.used].
| [A] often [k.used].
| Sometimes [A] [k.used], {and then [A.he] thought of [G.n]|and then everyone smiled}.
# {One|That} {day|morning} [A] took [A.his] [k.b] and {left the house|went out}.
| {One day|That day}, as always, [A] had [A.his] [k.b] with [A.him].
| «{Where are you going|Where are you off to}?» asked [G.n] {one day|that morning}. «{Only to|To}
  the [r.n],» said [A.n], and took the [k.b] along.
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
| «{Do not cry|Do not worry|Let us think|One thing after the other}, [A.n],» [say>B]. «Where did you
  have it last?»
| «{We will find it|It must be somewhere},» [say>B]. «{What did you do|Where were you} before you
  met me?»
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
# [A] and [B.n] {looked|searched} everywhere. They looked [y], but {it was not there|they found only
  {dust|dry leaves|an old shoe|a rusty nail}}.
| First they looked [y]. {Nothing|It was not there}. Then they looked {in every corner|everywhere
  else}.
| They went back the way that they had come. {They looked to the left, and they looked to the
  right.|They looked at every stone.} The [k.b] was not there.
# Then they met the [V.k]. «Have you seen my [k.b]?» [ask>A].
| They asked the [V.k]. «{Please, did|Did} you see [k.a]?» [ask>A].
| The [V.k] {came down the road|stood at the corner}. «{What are you looking for|Have you lost
  something}?» asked the [V.k]. «My [k.b],» [say>A].
# «{Yes|Oh yes|Wait}, I {saw|think I saw} something [k.c] [x],» {said|answered} [V]. «It was
  [r.in].»
| «{[k.a]? Yes|Yes, I did}! Look [x], [r.in],» [V] {said|answered}.
| «{There is|I saw} [k.a] [r.in],» said the [V.k]. «It lies [x]. {I did not know whose it was.|I
  thought that someone would come back for it.}»
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
? «{Next time|From now on} I will {tie it to my hand|look after it better|leave it at home},» said
  [A.n].
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
# {One day|One morning} they found [k.a] {on the road|in the grass|in the mud}. Nobody {had lost
  it|knew whose it was}{, not even the teacher|}.
| {One day|One afternoon} an old {man|woman} gave them [k.a] {because they had carried a heavy
  bag|for their help}. It was {the finest thing they had|theirs now}.
| They had saved {every penny|all their pennies} for {a month|a whole summer}, and now they had
  bought [k.a] {at the market|together}. It belonged to both of them.
!take A k
# «{We must hide it|Let us hide it},» [say>A]. «{Nobody must find it|It will be our secret}.»
| «Where shall we keep it?» asked [B.n]. «{It must be a {safe|secret} place|Not at home},» said
  [A.n].
| «If we take it home, {my brother will want it|someone will ask questions},» said [B.n]. «{Let
  us|We should} hide it.»
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
# {Many weeks|A long winter|A whole year|Many months} went by. {The two had other things to do|They
  played other games|They did not think of it any more}.
| Time went by. {First it rained, then it snowed, and then the flowers came back|The days grew short
  and then long again}.
| They grew {a little|a hand} taller. {There was much to learn in school.|There were other games to
  play.} The [k.b] lay in its place, and nobody knew of it.
+ Then one day [A] {remembered|thought of} the [k.n]. But [A.he] {had forgotten where it was|did not
  know where to look}.
| One day [A] wanted to see the [k.b] again, but {where was it|where had they put it}?
| «Do you still remember our secret?» [A.n] asked one day. «{The [k.b]|Our [k.b]}! But where {is
  it|did we hide it}?»
!go P r
? First [A] looked [y]. {There was nothing|It was not there}.
| «Was it [y]?» [ask>A], and looked. No, there was nothing.
# «I {know|remember},» [say>B]. «We {hid|put} it [x].»
| «Do you remember?» [ask>A]. «{Yes|Of course},» {said|answered} [B.n], «it is [x].»
| [B.n] {closed [B.his] eyes|thought for a while}. «{I can see us|I see it before me},» [B.he] said.
  «You held the [k.n], and we put it [x].»
!play found
!fact [x] / where did you hide it / [x], [r.in]
!fact [k.b] / what did you find / [k.a]
!feel B proud
? «You have a good memory,» said [A.n]. «What would I do without you?»
| «Next time we will write it down,» said [A.n]{ and laughed|}.
| «{Shall we leave it here|Shall we hide it again}?» asked [B.n]. «{Yes|Why not},» said [A.n]. So
  they put it back [x].
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
# {One day|One afternoon} [A] {went to see|visited} [B.ns] family{, who lived next door|}. «May I
  borrow your [k.b]?» asked [A.n].
| [A] had a friend, [B.n]. [B] had [k.a] and often [k.used]. One day [A] asked, «May I {borrow|have}
  it until tomorrow?»
| [B.n] had [k.a], and [A] {liked it very much|could not stop looking at it}. «{Please lend it to
  me|Let me take it home for a day}, [B.n],» {said [A.n]|[A.he] said}.
# «Yes,» {said|answered} [B.n], «but {please be careful|take good care of it}.» «I {will|promise},»
  said [A.n].
| «{Of course|All right},» said [B.n], and gave [A.o] the [k.b]. «{Please take|Take} good care of
  it.»
| [B.n] {thought about it|was not sure}. «{It is my best thing|I love it very much},» [B.he] said.
  «But you may have it until tomorrow.»
!give B k A
# {The next day|The same afternoon|Soon after that}, [A] {took|carried} it to the [q.n].
| [A] wanted to show it to {everyone|the others} and took it to the [q.n].
!move A q
+ [A.he] was happy and {ran|jumped} {about|around}, and {did not see the stone|did not look where
  [A.he] went}. [A.he] {fell|tripped}, and {the [k.b] fell with a crack|the [k.b] flew out of
  [A.his] hands}.
| On the way [A.he] {began to run|looked up at a bird|thought of other things} and {slipped|tripped
  over a root|fell over a stone}. The [k.b] hit the ground.
| There [A.he] {climbed on a wall|ran too fast}, and the [k.b] fell {on the hard ground|down}.
+ {Oh no, [t]!|And then [A.he] saw it: [t]!}
| When [A] {stood up|looked}, [t].
!feel A ashamed
? «I could {hide it|say that it was the wind},» [A.he] thought. «But that {would not be right|would
  be a lie}.»
| For a moment [A.he] wanted to {run away|hide it}. But [A.he] had promised to be careful.
| «What shall I say to [B.n]?» [A.he] thought{. «Only the truth.»|, and the way back was long.}
# So [A] went back to [B.o] and told [B.him] {everything|the truth}. «I fell, and now it is broken,»
  [A.he] said. «{I am very sorry|It is my fault}.»
| [A] {carried|took} the [k.b] back. «I am sorry, [B.n],» [A.he] said. «I fell, and now it is
  broken.»
| «It was not the wind, and it was not the dog,» said [A.n] when [A.he] stood in front of [B.n].
  «{It was me|I fell}. Your [k.n] is broken.»
!move A b
+ [B.n] was {sad|upset}{ at first|}, but {[B.he] saw that [A.n] was sorry too|it was good to hear
  the truth}. «{Let us go to|Perhaps we can ask} the carpenter,» said [B.n].
| [B.n] {was quiet for a while|looked at it sadly}. Then [B.he] said, «The carpenter can mend
  {anything|it}.»
| [B.n] {took a deep breath|swallowed}. «{Thank you for telling me|At least you told me},» [B.he]
  said. «{Come|Now come} to the carpenter.»
!pair P A B
!go P v
+ The carpenter {looked at the [k.n] from all sides and saw that [t]|put on a pair of glasses}. «I
  need [m],» [say>V]. {[A] ran and brought [m]|[A] found [m] on a shelf}.
| «This is easy,» said the carpenter. «I only need [m].» [A] {looked on every shelf and found|ran
  and got} [m].
| «{Oh dear|Well, well},» said the carpenter. «With [m] it can be done.» [A] {knew where to find|ran
  to fetch} [m].
+ {Then the carpenter worked, and|They worked together, and} before {supper|evening} {the [k.b] was
  whole again|nobody could see where it had been broken}.
| {The carpenter showed [A.n] how to do it. It|It} took {an hour|half the day}, and then the [k.b]
  was {as good as new|whole again}.
| {There was a knocking and a scratching|They watched every move}, and {soon|at last} the [k.b] was
  {as strong as before|even better than before}.
!give A k B
!fact [m] / what did the carpenter need / [m]
!fact [k.b] / what did [B.n] lend you / the [k.b]
# «Thank you for telling me the truth,» [say>B]. «{You may borrow it again|We are still friends}.»
| «{Next time I will be more careful|I will never run with it again},» said [A.n]. «I know,» said
  [B.n].
| «{What does it cost|How can we pay you}?» asked [A.n]. «{Nothing|A smile},» said the carpenter.
  «{You told the truth, and that is worth more than money|For the truth I work without pay}.»
!close A
)";

// Two things look almost the same; the right one is known by what was told.
constexpr std::string_view kMixedUp = R"(
!child A B
!place r
!deed d r
!thing k toy wearable tool
!pick m a small star / a white spot / a blue thread / a little scratch / a round hole / a drop of
  paint / a brown stain
!pick n on the inside / at the bottom / on the back / on one side / near the edge
!title Which one is mine? / Two of the same / The [k.b] with {the mark|a mark}
!open A
# [A] had [k.a], and so had [B.n]. {They looked the same.|Nobody could tell which was which.|Both
  came from the same shop.} But on [A.ns] [k.n] there was [m] [n].
| [A.ns] [k.n] was [k.c]. [B.ns] [k.n] was [k.c] too. {Only one thing was different|There was only
  one difference}: [A.ns] had [m] [n].
| [A] and [B.n] had each got [k.a] from the same shop. «Mine has [m] [n],» said [A.n]. «{Yours does
  not|Yours has none}.»
# One day they [d] [r.in] and {laid their things on the ground|put down their things}. When {it was
  time to go|they went home}, {each took one|both were in a hurry}.
| {One day|One afternoon} the two were [r.in]. They [d]. {Then it was late.|Then the bell rang.}
  Each of them {took [k.a] and ran|picked up [k.a]}.
# At home [A] {looked closely|looked at it in the light}. There was {nothing|no mark} [n]. «This is
  not mine,» [A.he] said. «{It is [B.ns]|Then it must be [B.ns]}!»
| «{Strange|Wait},» said [A.n] in the evening. «Where is my mark?» [A.n] {turned it over and
  over|looked [n]}. {Nothing!|There was nothing.} «So [B.n] has mine.»
# {The next day|In the morning} [A] {went to|met} [B.n]. «{I have the wrong one|Look at your
  [k.n]},» said [A.n]. «{Is there|Do you see} [m] [n]?» [B.n] looked. «{Yes, there is|Yes, here it
  is}!»
| Then there was a knock at the door. It was [B.n]. «{I have your [k.n]|This one must be yours},»
  [B.he] said. «There is [m] [n].»
+ They {laughed and changed back|gave each other the right one}.
| «{Give me mine, and I give you yours|Then we must change},» said [A.n], {and so they did|and they
  laughed}.
# «{How did you know|How could you tell}?» asked [B.n]. «{Mine|My [k.n]} has [m] [n],» said [A.n].
  «{Small things can tell you much|One must only look well}.»
| «Now I will make a mark too,» said [B.n], «so that we {never mix them up again|always know which
  is which}.»
!fact [m] / how did you know which one was yours / it has [m] [n]
!fact [n] / where is the mark on your [k.n] / [n]
!close A
)";

// The thing is passed on by chance (Scene's state decides what can happen), and at the end somebody
// asks where it is.
constexpr std::string_view kJourney = R"(
!child A B C
!place p
!place q
!place r
!thing k toy precious
!move A p
!move B p
!move C q
!take A k
!title The journey of the [k.b] / Where is the [k.b] now? / From hand to hand / The [k.b]
!choose
!open A
+ [A] had [k.a].
| [A.s] {uncle|aunt} had given [A.him] [k.a]{| for [A.his] birthday}.
| In [A.his] bag was [k.a].
!or
!sky
+ This is the story of [k.a] and {of one long day|what happened to it in one day|of three children}.
  In the morning it was in [A.ns] bag.
| {Things can travel too|A [k.n] has no legs, but it can travel}. One morning [k.a] {was|lay} in
  [A.ns] hand.
!end
+ [A] was [p.in] with [B.n], and [C.n] was [q.in].
| [p.in] [A] {met|talked with} [B.n]. [C.n] was {far away|somewhere else}, [q.in].
| {That day|At first} [A] and [B.n] were [p.in]. {Only [C.n] was somewhere else|[C.n] was not
  there}: [C.he] was [q.in].
!journey k A B C
!fact [k.b]
!close A 0.5
)";

constexpr StoryPlot kPlots[] = {{"lost and found", kLostAndFound},
                                {"hidden thing", kHiddenThing},
                                {"mended", kMended},
                                {"mixed up", kMixedUp},
                                {"journey", kJourney}};

}  // namespace

std::span<const StoryPlot> plots_of_things() { return kPlots; }

}  // namespace octavo
