// Plots of animals: lost, saved, brought in from the storm, fed, and suspected. See
// story_script.h for the notation.
#include "octavo/corpus/story_plots.h"

namespace octavo {
namespace {

// An animal is gone; what it left behind and what people saw lead to it.
constexpr std::string_view kLostAnimal = R"(
!child A B
!animal D
!place r
!hide x r
!pick c red / blue / green / yellow / purple
!pick o ribbon / string / band / bell
!villager V
!title [D.n] is gone / Where is [D.n]? / [A.n] and [D.n] / The lost [D.k]
!open A
+ [A] had [D.a] {named|called} [D.n]. [D.n] wore a [c] [o] around [D.his] neck.
| [A.ns] best friend was [D.n], [D.a] with a [c] [o] around [D.his] neck.
| {In [A.ns] yard|At [A.ns] house} lived [D.n], [D.a]. {So that everyone knew whose [D.k] it was|So
  that [D.he] would not get lost}, [A] had tied a [c] [o] around [D.his] neck.
+ [D.n] liked [D.likes] {best of all|more than anything else}.
| Every morning [A] gave [D.n] [D.food].
# One {morning|day|evening} the {gate|door} was open, and [D.n] was gone.
| But one {morning|day}, when [A] {called|came with [D.food]}, [D.n] {did not come|was not there}.
  The gate stood open.
| «[D.n], where are you?» called [A.n] {one evening|one morning}. {No answer.|It was too quiet.}
  Somebody had left the gate open.
!choose
!feel A worried
!or
!feel A sad
!end
+ [A] {called|shouted} {[D.ns] name|«[D.n]!»} {in the yard|in every corner|again and again}, but
  {nothing moved|there was no answer}.
| [A.he] looked {in the yard and on the road|behind the house and in front of it}, but there was no
  [D.k].
!go A v
+ The [V.k] [w].
| {There was the [V.k], who|The [V.k] was at work and} [w].
# «Have you seen [D.a] with a [c] [o]?» asked [A.n].
| «[D.n] is gone,» said [A.n]. «Did you see [D.a] with a [c] [o]?»
| «{I am looking for|I have lost} [D.n],» said [A.n]. «[D.he] wears a [c] [o]. Did [D.he] come by
  here?»
# «{Yes|I did|I think so},» {said|answered} the [V.k]. «[D.he] {ran|went} {by|past my door} {an hour
  ago|this morning}, and then on to the [r.n].»
| «{No|I am sorry, no},» {said|answered} the [V.k], «but [B.n] was here and {saw|spoke of} [D.a]
  [r.in].»
| The [V.k] thought. «Something [D.sounded] {early this morning|at sunrise}. {It came from|That was
  over there, near} the [r.n].»
!go A r
+ On {a nail|a thorn|a branch} hung a [c] [o]. «{That is [D.ns] [o]|[D.n] was here}!» said [A.n].
| There on the ground lay a [c] [o]. It was [D.ns]!
| What was that on the ground? It was a [c] [o]! So [D.n] {was not far away|could not be far}.
+ [A] held out [D.food] and {called softly|waited}. Then something [D.sounded] [x].
| [A] {listened|stood still}. Something [D.sounded]. It came from a place [r.in], [x].
+ [A] looked [x]. There {sat|was} [D.n], {cold and afraid|with one foot caught in a wire|too
  frightened to move}.
| [x] [A] found [D.n], {wet and hungry|asleep, as if nothing had happened|tired and dirty}.
+ {Carefully|Gently} [A] {lifted [D.him] out|took [D.him] in [A.his] arms}, and [D.n] [D.sounded]
  {softly|for joy}.
| «{There you are|Oh, [D.n]}!» said [A.n], and [D.n] {ate everything at once|[D.sounded] as loudly
  as [D.he] could}.
? At home [D.n] got [D.food] and {slept by the stove|a soft bed of straw}.
| [A] tied the [c] [o] around [D.ns] neck again, and together they went home.
!fact [x] / where was [D.n] / [x], [r.in]
!fact [c] [o] / how did you know that [D.n] was there / I saw the [c] [o]
!fact the [V.k] / who told you where to look / the [V.k] did
? From then on [A] always {shut|closed} the gate.
| After that the gate was never left open again.
!close A
)";

// Animals are brought in and counted; one is missing.
constexpr std::string_view kStorm = R"(
!child A B
!animal D E F
!season spring summer autumn
!place b barn
!place r orchard meadow garden pond hill river
!hide x r
!title The storm / Before the storm / Where is [F.n]? / Three animals
!open A B P
# There were three animals to take care of: [D.n], the [D.b]; [E.n], the [E.b]; and [F.n], the
  [F.b].
| They took care of three animals. [D.n] was [D.a], [E.n] was [E.a], and [F.n] was [F.a].
| {[A.ns] uncle was away|The farmer had gone to town}, and so the two looked after [D.n], the [D.b],
  [E.n], the [E.b], and [F.n], the [F.b].
+ One {afternoon|day} the sky {grew black|turned dark}, and the wind {began to howl|bent the trees}.
  «{A storm is coming|There will be a storm},» said [A.n]. «{All the animals must go into the
  barn|We must bring them into the barn}!»
| Then black clouds came over the hill{, and far away there was thunder|}. «{Quick|Hurry},» said
  [B.n], «we must bring the animals into the barn!»
| It was hot, and not a leaf moved. «{I do not like this sky|Look at that sky},» said [A.n]. {The
  first lightning came.|Far away it thundered.} «{Into the barn with all three|All three must go
  into the barn}!»
!move P b
# [A] {led|carried|brought} [D.n] in, and [B.n] {brought|found} [E.n]. {Then they counted.|They
  looked around.} «[D.n], [E.n], but where is [F.n]?»
| They ran and called. [D.n] came at once. [E.n] {had to be carried|came too}. But [F.n] was not
  there.
| «[D.n] is here,» said [A.n]. «[E.n] is here too,» said [B.n]. «And [F.n]?» {They looked at each
  other.|Nobody had seen [F.him].}
# «I {saw|last saw} [F.him] [r.in],» said [B.n]. «{[F.he] likes to sleep|Sometimes [F.he] lies}
  [x].»
| «Where does [F.he] {go|sleep} when [F.he] is afraid?» asked [B.n]. «[r.in], [x],» said [A.n].
| [A] {remembered|knew it}: [F.n] often went to the [r.n] and lay [x]. «{Come|I know where [F.he]
  is}!» [A.he] {cried|said}.
!move P r
# {The first drops fell.|It began to rain.} They {took a lamp and ran|ran through the rain} to the
  [r.n]. [A] looked [x]. There {lay|was} [F.n], {wet and trembling|too frightened to move}!
| So they ran to the [r.n], {hand in hand|with a coat over their heads}. And there was [F.n], [x],
  {wet and cold|shaking all over}.
+ [A] {put [F.him] under [A.his] coat|took [F.him] in [A.his] arms}, and {they were back in the barn
  just in time|back they went}. {Then the thunder came.|Now the storm could come.}
| [B] {wrapped [F.him] in a scarf|held [F.him] tight} all the way back to the barn.
!move P b
+ «[D.n], [E.n] and [F.n],» [B.n] counted. «{All three are here|Now all are safe}.» Outside {the
  storm roared|it thundered}, but in the barn it was {warm and dry|dry}.
| [D.n] lay beside [E.n], and [F.n] {crept between them|lay beside both}. {The wind shook the roof,
  but nobody was afraid.|Outside the rain came down in sheets.}
# In the morning the sun {shone|was out}. {A tree|A big branch} had fallen [r.in], just where [F.n]
  had been. «{How good that we went|We came at the right time},» said [A.n].
| The next morning {the sky was blue|everything was quiet}. They opened the barn door, and out ran
  [D.n], [E.n] and [F.n]{.|, as if nothing had happened.}
| When it was light, they went to look. {The water stood high|Broken branches lay everywhere}
  [r.in]. «{How good that [F.n] was with us|What luck},» said [B.n], and held [F.n] close.
!fact [x] / where was [F.n] / [x], [r.in]
!fact [F.n] / which one was missing / [F.n]
!close A 0.6
)";

// Something is stuck; the tool for it must be borrowed, and given back in time.
constexpr std::string_view kRescue = R"(
!child A B
!warm
!choose
!place q orchard
!text x high up in the pear tree
!text m long ladder
!text h put the ladder against the tree and climbed up
!villager V carpenter
!or
!place q pond
!text x on the little island in the pond
!text m small boat
!text h rowed across the water
!villager V fisher
!or
!place q river
!text x on a flat stone in the middle of the river
!text m long plank
!text h laid the plank over the water and went across
!villager V miller
!or
!place q garden
!text x on the roof of the shed
!text m long ladder
!text h put the ladder against the shed and climbed up
!villager V gardener
!or
!place q forest
!text x at the bottom of a deep hole
!text m strong rope
!text h tied the rope to a root and went down
!villager V farmer
!or
!place q meadow
!text x between two big rocks
!text m iron bar
!text h pushed one of the rocks aside with the bar
!villager V carpenter
!or
!place q hill
!text x on a narrow rock
!text m strong rope
!text h tied the rope to a thorn tree and climbed down
!villager V shepherd
!end
!animal D
!deed f q
!pick d before dark / before supper / before sunset / by six o'clock / before the evening bell
!title Help for [D.n] / How [D.n] was saved / The [m]
!open A B P
# {One day|One afternoon|After school} the two {wanted to [g]|had time and wanted to [g]}.
| «{Come, let us|We could} [g],» said [A.n] {one day|one afternoon}.
!go P q
+ {Then something|Suddenly something} [D.sounded]. It was [D.a], [x]. «That is [D.n]!» said [B.n].
  «{How did [D.he] get there|How can that be}?»
| «{Listen|I hear something},» said [B.n]. Something [D.sounded]. And there was [D.n], [B.ns] [D.b],
  [x]!
| [B.ns] [D.b], [D.n], had run on ahead. Now [D.he] was [x] and [D.sounded]. «{Come back|Come here},
  [D.n]!» called [B.n].
+ They called and {called|waited}, but [D.n] {did not dare to move|only [D.sounded]|was too
  frightened to move}.
| «Come, [D.n]!» {they called|called [B.n]}. But [D.n] could not.
# «We need a [m],» said [A.n]. «{Who has one|Where can we get one}?» «The [V.k] has one,»
  {said|answered} [B.n].
| «With a [m] {we could do it|it would be easy},» said [A.n]. «I will ask the [V.k].»
| «{Stay here with [D.n]|You wait here},» said [A.n]. «The [V.k] has a [m]. {I will get it|I will be
  quick}.»
!go A v
+ The [V.k] [w]. «{Please, may I have|May I borrow} your [m]?» asked [A.n]. «{[D.n] is|[B.ns] [D.k]
  is} [x].»
| «{Help|Please help}!» said [A.n] to the [V.k]. «[D.n] is [x], and we need your [m].»
# «{Take it|Yes, take it},» said the [V.k], «but {bring it back|I need it back} [d].» «I
  {will|promise},» said [A.n]. «[d].»
| «{Of course|You may have it},» said the [V.k]. «{But I need it myself tonight|But I go away this
  evening}. Bring it back [d].» «[d],» said [A.n]. «{I promise|You have my word}.»
!move A q
# [A] {came back with|brought} the [m]. [B.n] [h]. {Slowly|Carefully} [B.he] {reached for [D.n]|took
  hold of [D.n]}{, and then [D.he] was safe| and brought [D.him] back}.
| Soon [A.n] was back with the [m]. [A.he] [h]{ while [B.n] watched|}, and {after a while|at last}
  [D.n] was in [B.ns] arms.
+ [D.n] {licked [B.ns] hand|shook [D.self]|[D.sounded] for joy}.
| [B.n] {hugged [D.n]|held [D.n] tight}. «{Never do that again|You silly [D.k]}!» [B.he] said.
+ {The sun was low|It was late}. «[d]!» {said|cried} [A.n]. «{I promised|I gave my word}!» They
  {ran|hurried} to the [V.k], and {it was just in time|they were not too late}.
| Then [A] took the [m] back to the [V.k], just as [A.he] had promised: [d].
!move P v
+ «{And how is [D.n]|Did it help}?» asked the [V.k]. «{[D.n] is safe|[D.n] is well},» said [A.n].
  «{Thank you for the [m]|Without your [m] we could not have done it}.»
| «You keep your word,» said the [V.k]. «You can always {borrow it|come to me}.»
!fact [x] / where was [D.n] / [x]
!fact [m] / what did you borrow from the [V.k] / a [m]
!fact [d] / when did you bring it back / [d]
!close A
)";

// A wild animal is fed through the cold, is set free, and comes back.
constexpr std::string_view kWildGuest = R"(
!child A
!kin G
!season autumn
!choose
!text a hedgehog
!text f a bowl of chopped apple
!text s slept in a ball on [A.ns] shoe
!or
!text a crow
!text f bread with milk
!text s stole a silver spoon
!or
!text a squirrel
!text f nuts
!text s ran up the curtain
!or
!text a young fox
!text f bits of meat
!text s hid behind the stove
!or
!text a small owl
!text f little bits of meat
!text s turned its head all the way around
!or
!text a wild duck
!text f wet corn
!text s swam in the wash tub
!or
!text a young deer
!text f oats and hay
!text s ate a sock
!or
!text a hare
!text f cabbage leaves
!text s drummed on the floor with both feet
!end
!pick c a hurt foot / a hurt leg / a cut on its back / a thorn in its foot / a string around one leg
!pick o box of straw / basket with an old blanket / box full of leaves / basket of hay / drawer with
  a soft towel
!pick x under the hedge / on the road / beside the fence / behind the barn / near the well / at the
  edge of the forest
!pick m a white spot on its head / a short tail / a gray ear / a dark ring around one eye / one
  white foot / a mark like a star
!title The guest / [A.n] and the [a] / A friend from the forest / Free again
!open A
# One {cold|gray|wet} evening, [x], [A] found a [a]. It had [m] and [c]{, and it could not run
  away|}.
| There was something [x]. [A] bent down. It was a [a] with [m], and it had [c].
| [A] was on the way home when something moved [x]. {At first [A.he] thought that it was a
  leaf.|[A.he] stopped.} It was a [a]! It had [m], and it could not get away, for it had [c].
| «{What is that|Do you see that}?» [A] asked [G.o], and pointed. [x] lay a [a] with [m]. «It has
  [c],» said [G.n]. {«It needs help.»|«It will not live through the night out here.»}
+ «{You poor thing|Do not be afraid},» said [A.n], and {carried|took} it home in [A.his] coat.
| [A] {put down [A.his] bag|took off [A.his] scarf} and {took|carried} it home very carefully.
| {It looked at [A.n] with big eyes.|Its heart beat fast.} «I will not hurt you,» said [A.n], and
  {lifted it up|took it home}.
# «{May it stay|Can we keep it}?» [A.he] asked. «Until it is well,» said [G.n]. «{Then it must go
  back|A wild animal must be free}.»
| [G.n] {looked at it|washed the wound}. «It can stay with us for the winter,» [G.he] said, «but in
  spring it must go {home|back to the forest}.»
| «{It is not a toy and not a pet|Remember that it is wild},» said [G.n], «{but of course we will
  help it|so it is our guest, until spring}.»
+ They made it a bed: a [o]. Every day [A] gave it [f].
| It slept in a [o], and [A] fed it with [f].
| [A] {brought|found} a [o], and there it {slept|lay}. Morning and evening it got [f].
| {First|On the first day} it would eat nothing. Then [A] tried [f], and that it liked. It
  {slept|lived} in a [o] beside the stove.
+ {At first it was afraid|In the beginning it hid from everyone}. But after {a week|some days} it
  [s], {and everyone laughed|and it was not afraid any more}.
| It {grew fat and strong|soon felt at home}. {Sometimes|Once} it [s].
| {One evening, when guests were there|On Sunday, when the teacher came to visit}, it [s]. {How they
  laughed!|«Is it always like that?» the guests asked.}
# {Winter went by|The snow melted}, and the {wound|[a]} was well again. «{It is time|Now it must
  go},» said [G.n].
| In March the first flowers came out. The [a] {looked out of the window all day|wanted to go out}.
  «{You know what we said|It is spring},» said [G.n].
| {One mild evening|When the ice was gone}, the [a] stood at the door and {scratched|waited}. «{It
  hears the forest|It wants to go home},» said [G.n]. «{Open the door|Let it go}.»
!feel A sad
+ But [A.he] carried the [o] {to the hedge|to the end of the garden} and opened it. The [a] {looked
  back once|stood still for a moment}, and then it was gone.
| They went to the place [x] where [A.he] had found it. The [a] {smelled the air|looked back once}
  and {ran|was gone}.
| «{Good luck|Live well},» said [A.n], and {held the door open|stepped back}. The [a] went {slowly
  at first, then faster and faster|without looking back}.
# {Months later|The next autumn|One evening in summer}, there was {a noise|something} at the door.
  [A] opened it. There sat a [a] {in the grass|on the step}, and it had [m].
| Did it forget [A.n]? No. {When the leaves fell|One evening}, a [a] with [m] {sat|was waiting} [x].
| «{It has forgotten me|I will never see it again},» thought [A.n]. But {a year later|when the first
  snow fell}, [A.he] saw a [a] [x]. {It did not run away.|It came nearer.} It had [m]!
+ «{It is you|You have come back}!» said [A.n], and {fetched|brought} [f]. {It ate and went away
  again.|And so it was every evening.}
| [A.ns] heart {jumped|beat fast}. [A.he] put down [f], and {it ate without fear|the [a] came quite
  near}.
| {Very slowly|Without a word} [A] held out [f]. It {ate out of [A.his] hand|ate, and looked at
  [A.him] as in the old days}.
!fact [m] / how did you know that it was your [a] / it had [m]
!fact [f] / what did you give it to eat / [f]
!close A 0.5
)";

// Three could have done it; the clue fits one.
constexpr std::string_view kWhoDidIt = R"(
!child A B
!kin G
!animal D E
!pick c red / blue / green / yellow / white
!pick f apple cake / plum pie / cheese cake / pancake / meat pie / cherry pie / sausage / loaf of
  sweet bread
!pick x on the window sill / on the kitchen table / on the garden bench / on the step
!title Who ate it? / The clue / [A.n] finds out / The empty plate / Where is the [f]?
!open A
# [G.n] had {made|bought} a [f] and {put|set} it [x].
| A {fine|warm} [f] stood [x]. [G.n] had {just put it there|made it for supper}.
| «Nobody may touch the [f],» said [G.n], and put it [x].
+ Outside, [B.n] was painting the {fence|gate|door} [c]. [D.n], the [D.b], was digging in the wet
  {earth|garden}, and [E.n], the [E.b], slept in the flour {store|room}.
| [E.n], the [E.b], had been in the flour {store|room} all morning. [D.n], the [D.b], was digging
  holes in the mud. And [B.n] painted the {gate|fence} [c].
| [D.n], the [D.b], played in the mud. [B.n] {stood at the fence with|had} a brush and [c] paint.
  And [E.n], the [E.b], {rolled about|lay} in the flour {store|room}.
# When [A] came {home|back}, the plate was empty. «Who has eaten the [f]?» asked [G.n].
| An hour later the [f] was gone! «Who {did this|has eaten it}?» asked [G.n].
| Then there was a cry. «My [f]!» said [G.n]. «{It is gone|The plate is empty}!»
+ «{Not I|I did not},» said [B.n].
| «Perhaps it was [D.n],» said [B.n]. «{Or|Or perhaps} [E.n].»
| «I {saw|heard} nothing,» said [B.n].
# [A] looked at {the place|everything} {with care|closely}. {Beside|Next to} the plate there was
  {something|a mark}.
| «{Let me see|Do not touch anything},» said [A.n], and {bent over the plate|looked at it from all
  sides}. There was a mark.
!choose
+ It was a little [c] paint.
| It was a [c] finger mark.
# «The {mark|paint} is [c],» said [A.n], «and who paints with [c] paint today?» [B.n] looked at
  [B.his] hands. They were [c].
| «{A dog has no [c] paint|No animal has [c] paint},» said [A.n]. «[B.n], show me your hands.» They
  were [c].
# «I was so hungry,» said [B.n], «{and it looked so good|and then I could not stop}. I am sorry.»
| «{Yes, it was me|I wanted only a little piece},» said [B.n]. «{And then it was gone|But it was too
  good}. I am sorry.»
+ [B.n] {helped|had to help} [G.n] to {make|get} {a new one|another one}, and {this time they ate it
  together|everyone got a piece}.
!fact [c] / how did you know that it was [B.n] / the mark was [c], like the paint
!or
+ It was a foot mark of mud.
| It was a {small|round} foot mark, made of mud.
# «This is mud,» said [A.n], «and who was {digging|playing} in the mud?»
| «Mud!» said [A.n]. «So it was not [B.n], for [B.he] has only paint on [B.his] hands. It was
  somebody who was in the mud.»
+ They found [D.n] {under the table|behind the stove|behind the shed}, with crumbs on [D.his] nose.
| {There sat|They looked for} [D.n]{. [D.he] was|,} {fat and happy|full and sleepy}, with crumbs {on
  [D.his] nose|all around [D.him]}.
+ «{You|Oh, [D.n], you} {bad|greedy} [D.k]!» said [G.n], but [G.he] had to laugh.
| Nobody could be angry with [D.n] for long.
!fact mud / how did you know that it was [D.n] / there was mud beside the plate
!or
+ It was a foot mark of flour.
| It was a {small|round} foot mark, made of flour.
# «This is flour,» said [A.n], «and who {slept|was} in the flour?»
| «Flour!» said [A.n]. «So it was not [D.n], for [D.he] was in the mud. And [B.n] has only paint on
  [B.his] hands. It was somebody who was in the flour.»
+ They found [E.n] {under the table|behind the stove|behind the shed}, with crumbs on [E.his] nose.
| {There sat|They looked for} [E.n]{. [E.he] was|,} {fat and happy|full and sleepy}, with crumbs {on
  [E.his] nose|all around [E.him]}.
+ «{You|Oh, [E.n], you} {bad|greedy} [E.k]!» said [G.n], but [G.he] had to laugh.
| Nobody could be angry with [E.n] for long.
!fact flour / how did you know that it was [E.n] / there was flour beside the plate
!end
!fact [f] / what was gone / the [f]
!feel A proud
!close A
)";

constexpr StoryPlot kPlots[] = {{"lost animal", kLostAnimal},
                                {"storm", kStorm},
                                {"rescue", kRescue},
                                {"wild guest", kWildGuest},
                                {"who did it", kWhoDidIt}};

}  // namespace

std::span<const StoryPlot> plots_of_animals() { return kPlots; }

}  // namespace octavo
