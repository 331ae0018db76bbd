// Plots of learning: a skill, a recipe, the way, a rhyme. See
// story_script.h for the notation.
#include "octavo/corpus/story_plots.h"

namespace octavo {
namespace {

// Something does not work, advice is given, and in the end it is remembered.
constexpr std::string_view kSkill = R"(
!child A B
!kin G
!choose
!text v ride a bicycle
!text 1 [A.n] {went three steps and fell into the grass|rolled a little and fell over}
!text 2 the wheels shook, and down [A.he] went
!text x look far ahead, not at your feet
!text 3 The wheels stopped shaking, and [A.n] rode {all the way down the road|past the well and
  back}
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
!text 3 The bread rose {high|slowly}, and when it came out of the oven, it was {brown and soft|just
  right}
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
!text 1 [A.n] {kicked and splashed|moved arms and legs}, but {went down like a stone|swallowed a lot
  of water}
!text 2 {the water got into [A.his] nose|after two strokes [A.he] had to stand up}
!text x lie on the water as on a bed
!text 3 [A.n] {floated|lay quite still}, moved arms and legs, and swam {to the other bank|ten
  strokes}
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
# [A] wanted to learn to [v]. {All the {older|big} children could do it.|[B.n] could do it, so why
  not [A.n]?}
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
# [G.n] had {watched|seen everything}. «{Nobody can do it at once|I fell many times myself|Do not
  give up},» [G.he] said. «[x].»
| Then [G.n] sat down beside [A.o]. «I will tell you what {my mother told me|I know},» [G.he] said.
  «[x].»
| «{May I tell you something|Do you want to know how I learned it}?» asked [G.n]. [A.n] nodded.
  «[x],» said [G.n].
# «[x],» said [A.n]{| slowly| and stood up}.
| [A] {said the words to [A.self]|thought about it}: «[x].»
# {Day after day|Every morning|For a whole week} [A] tried, and every time it went a little better.
  [3].
| {On the third day|One evening} [A] tried again{ and thought of the words| and did as [G.n] had
  said|}. [3]!
| And {so [A.he] did|then it happened}. [3].
# «{I can do it|Look|Did you see that}!» {cried|called} [A.n].
| «You did it!» {cried|said} [G.n].
!feel A proud
!later
# {A year|Some weeks|Not long} after that, [B.ns] little {brother|sister} wanted to learn it too.
  «[x],» said [A.n], «and do not give up.»
| Soon [A.n] showed it to a small child next door. «How do you do it?» asked the child. «[x],» said
  [A.n].
| «How did you learn to [v]?» [B.n] asked {one day|later}. «[x],» said [A.n], «{that is all|that is
  the whole secret}.»
!fact [x]
!close A 0.4
)";

// A step is forgotten, and one can see it.
constexpr std::string_view kRecipe = R"(
!child A B
!kin G
!choose
!text s pancakes
!text 1 break two eggs
!text 5 broke two eggs
!text 2 stir in the flour
!text 6 stirred in the flour
!text 3 add a cup of milk
!text 4 heat the pan
!text 8 heated the pan
!text x the dough stuck to the spoon like glue
!or
!text s bread
!text 1 warm the milk
!text 5 warmed the milk
!text 2 mix it with the flour
!text 6 mixed it with the flour
!text 3 let it rest for an hour
!text 4 put it into the oven
!text 8 put it into the oven
!text x it was as flat as a plate
!or
!text s apple jam
!text 1 wash the apples
!text 5 washed the apples
!text 2 cut them into small pieces
!text 6 cut them into small pieces
!text 3 add a cup of sugar
!text 4 cook it slowly
!text 8 cooked it slowly
!text x it was so sour that [A.he] had to close one eye
!or
!text s bean soup
!text 1 wash the beans
!text 5 washed the beans
!text 2 cut an onion
!text 6 cut an onion
!text 3 add some salt
!text 4 cook it for an hour
!text 8 cooked it for an hour
!text x it tasted of nothing at all
!or
!text s glue
!text 1 take a cup of flour
!text 5 took a cup of flour
!text 2 pour in some water
!text 6 poured in some water
!text 3 stir it well
!text 4 warm it slowly
!text 8 warmed it slowly
!text x it was full of lumps
!or
!text s candles
!text 1 melt the wax
!text 5 melted the wax
!text 2 cut a piece of string
!text 6 cut a piece of string
!text 3 tie a small stone to it
!text 4 dip it again and again
!text 8 dipped it again and again
!text x the string swam on top and would not go in
!end
!title How to make [s] / One thing was forgotten / [A.n] makes [s]
!open A
# [A] wanted to know how to make [s]. «{It is not hard|Come here and look},» said [G.n]. «First you
  [1]. Then you [2]. Then you [3], and last of all you [4].»
| «{Teach me|Show me} how to make [s],» said [A.n] one day. «{Good|Gladly},» said [G.n]. «First you
  [1], then you [2]. After that you [3], and in the end you [4].»
| [G.n] stood in the kitchen and made [s]. «{What are you doing|How do you do that}?» asked [A.n].
  «First I [1],» said [G.n], «then I [2], then I [3], and at the end I [4]. {That is all|There is no
  secret}.»
| «Tomorrow you may make [s] by yourself,» said [G.n]. «{Today watch me|Listen}: you [1], you [2],
  you [3], and you [4]. {Four things|Only four things}.»
+ {[A] watched every step.|They did it together, step by step.} {It was easy.|It went very well.}
| They made some together, and {everything went well|it was easy}.
| [A] {nodded|said it after [G.him]}. «[1], [2], [3], [4],» [A.he] said. {That was easy.|[A.he] was
  sure of it.}
!later
# The next day [A] tried it alone. First [A.he] [5]. Then [A.he] [6]. And then [A.he] [8]. But {what
  was that?|something was wrong.} {It was not right|This was not like yesterday}: [x]!
| A few days later [A] wanted to do it without help. [A.he] [5]. [A.he] [6]. {Humming a song|Full of
  joy}, [A.he] [8]. But oh, [x]!
| «{Today I can do it alone|I need no help},» said [A.n] the next morning. [A.he] [5], [A.he] [6],
  and [A.he] [8]. Then [A.he] looked. {Oh no|What a pity}: [x]!
| [G.n] {was away|had gone out} when [A] began. [A.he] [5]. {Good|So far, so good}. [A.he] [6].
  {Very good|That was right too}. Then [A.he] [8]. {And then came the bad part|But in the end}: [x]!
| It was to be a surprise for [G.n]. Very quietly [A] [5]. Very quietly [A.he] [6], and then [A.he]
  [8]. {There was a surprise, but a bad one|It was a surprise for [A.n] too}: [x]!
!choose
# «What did I forget?» [A] {thought|asked [A.self]}. «First [1], then [2], and then?» [A.n]
  {stopped|hit the table}. «[3]! I did not [3]!»
| [A] said the words once more, {slowly|one by one}: «First you [1]. Then you [2]. Then you [3].
  That is it! {I forgot that|I did not do that}!»
!or
# [B.n] came in and {looked at it|had to laugh}. «Did you [3]?» [B.he] asked. [A] {put down the
  spoon|turned red}. «No,» [A.he] said. «{I forgot|That is what I forgot}!»
| «{It is no good|Something is missing},» [A] said to [B.n], who had come to {see it|look}. «First
  you [1], then you [2].» «And then you [3],» said [B.n], «{do you not|and did you do that}?»
!end
+ So [A] began again, and this time nothing was forgotten. {It was as good as [G.ns].|[G.n] could
  not have done it better.}
| [A.n] started once more from the beginning, {and now it worked|and this time it was right}.
| [A] {rolled up [A.his] sleeves|took a clean bowl}. First, second, third, fourth: this time [A.he]
  did everything. {And everyone wanted to see it.|When [G.n] saw it, [G.he] could only nod.}
? «{What do you do after that|And what comes third}?» asked [G.n] with a smile{, when [G.he] heard
  of it|}. «You [3],» said [A.n]. «{I will never forget it again|That I know for ever}.»
| On the wall {hangs a paper now|[A] hung a paper}: «[1], [2], [3], [4].»
!fact [3] / what did you forget / to [3]
!fact / what must you do first / [1]
!close A 0.6
)";

// The way there, and the way back in reverse.
constexpr std::string_view kDirections = R"(
!child A
!kin G
!relative H
!pick a church / school / mill / bakery
!pick b well / old oak / stone cross / big barn
!pick c bridge / hill / stream / fields
!pick d red / blue / green / yellow / white
!choose
!text l left
!text r right
!or
!text l right
!text r left
!end
!pick o basket of eggs / jar of jam / loaf of bread / bunch of flowers / letter / bag of apples
!title The way to [H.n] / Past the [a] / There and back
!open A
# «{You are big enough|You can do it},» said [G.n]. «Today you may go to [H.n] alone and bring
  [H.him] a [o]. Go past the [a], turn [l] at the [b], and go over the [c]. [H.ns] house has a [d]
  door.»
| «How do I get to [H.n]?» asked [A.n], who was to bring [H.him] a [o]. «Past the [a], [l] at the
  [b], and over the [c],» said [G.n]. «Then look for the [d] door.»
| [H.n] {was not well|had a birthday}, and somebody had to bring [H.him] a [o]. «{I will go|Let me
  go},» said [A.n]. «{Do you know the way|Then listen}?» {asked|said} [G.n]. «Past the [a], [l] at
  the [b], over the [c]. It is the house with the [d] door.»
# «Past the [a], [l] at the [b], over the [c], and then the [d] door,» said [A.n].
| [A] {said it twice|kept it in mind}: past the [a], [l] at the [b], over the [c]. And the door was
  [d].
| «Past the [a],» [A.n] counted on [A.his] fingers. «[l] at the [b]. Over the [c]. The [d] door.»
| «{Say it again|Say it after me},» said [G.n]. «Past the [a],» said [A.n], «[l] at the [b], over
  the [c], and the door is [d].»
# {First came the [a].|There was the [a] already.} [A] {went|walked} past it. {Then [A.he] saw|After
  that came} the [b]. «[l] or [r]?» [A.he] {thought|asked [A.self]}. «[l], said [G.n].»
| [A] went past the [a]. At the [b] [A.he] stopped. {A dog ran to the [r].|A boy called from the
  [r].} But [A.n] turned [l], as [G.n] had said.
| Past the [a] [A.he] {ran|went} {quickly|with long steps}. Then [A.he] {counted the houses
  until|looked out for} the [b]. «Now [l],» [A.he] said, and did not look to the [r] at all.
+ Then [A.he] went over the [c], and there it was: the [d] door!
| {At last|After that} [A.he] came over the [c]. There were {two|three} houses, but only one had a
  [d] door.
| The {last|third} part was the longest, over the [c]. {But then something [d] shone between the
  trees|Then [A.he] saw something [d]}: the door!
+ [H.n] {was very glad|laughed with joy} and {put the [o] on the table|thanked [A.him] for the [o]}.
  «{And you came all alone|Did you find it at once}?» [H.he] asked. «{Yes|It was easy},» said [A.n].
| «[A.n]! {All alone|You, and all alone}?» said [H.n] at the [d] door. «{And with|And you bring} a
  [o]! {Come in and rest|Come in}.»
# {When it was time to go|Toward evening}, [H.n] asked, «{Do you know the way back|Can you find the
  way home}?» [A] thought. «Now it is the other way around,» [A.he] said. «First over the [c], then
  [r] at the [b], and past the [a].»
| The way home was the same, but backward: over the [c], [r] at the [b], past the [a]. {«You are
  right,» said [H.n].|[A] said it aloud, and [H.n] nodded.}
| «{Left is right now, and right is left|Going home is like reading backward},» said [H.n]. [A]
  nodded. «Over the [c],» [A.he] said, «[r] at the [b], and past the [a].»
+ And so [A] {came|was} home before dark.
| {[A] made no mistake.|Not once did [A.n] go wrong.} At home [G.n] was standing {at the gate|in the
  door}. «Well?» [G.he] asked. «{There it was [l]|I went [l]}, and back it was [r],» said [A.n].
!fact the [b] / where did you turn / [l] at the [b]
!fact [d] / how did you know the house / by the [d] door
!fact [o] / what did you bring to [H.n] / a [o]
!feel A proud
!close A 0.6
)";

// Two lines to be said aloud, word for word.
constexpr std::string_view kRhyme = R"(
!child A B
!kin G
!choose
!text 1 one for the mouse and two for the cat
!text 2 three for the man with the big black hat
!or
!text 1 up goes the kite and down goes the sun
!text 2 home comes the farmer when the work is done
!or
!text 1 red is the apple and green is the pear
!text 2 brown is the coat of the dancing bear
!or
!text 1 fly, little swallow, fly to the sea
!text 2 and bring me a shell when you come back to me
!or
!text 1 knock at the door and look in the pot
!text 2 the soup is ready, the soup is hot
!or
!text 1 plant it in April and water in May
!text 2 and pick it in August on a fine day
!or
!text 1 snow on the roof and ice on the well
!text 2 the clock says seven, and so does the bell
!or
!text 1 little gray owl, are you still awake
!text 2 the moon is asleep at the foot of the lake
!or
!text 1 turn, little wheel, and turn, big stone
!text 2 the miller is never, no, never alone
!or
!text 1 the cat in the window, the dog in the door
!text 2 they ate all the pie and asked for some more
!or
!text 1 five little geese went over the hill
!text 2 four came home, and one is there still
!or
!text 1 the frog has a coat, but he has no shoe
!text 2 he jumps in the pond, and so would you
!or
!text 1 sing to the river and sing to the tree
!text 2 and one will answer, and one will not, you see
!or
!text 1 a boat made of paper, a sail made of silk
!text 2 a cup for the captain, a cup full of milk
!or
!text 1 the baker is up when the night is still black
!text 2 with flour on his nose and a loaf on his back
!or
!text 1 before you take honey, go first to the bee
!text 2 and leave her a little for bread and for tea
!end
!pick w the summer feast / the school feast / the harvest feast / the birthday of the teacher / the
  spring feast / the feast of lights
!title The rhyme / Two lines / [A.n] learns a rhyme / Word for word
!open A
# For [w] [A] had to learn {a rhyme|two lines}. [G.n] said it first: «[1], [2].»
| «Every child will say a rhyme at [w],» said the teacher. [A.s] was this: «[1], [2].»
| {In an old book|On an old wall} [A] found two lines: «[1], [2].» «{That is pretty|I like that},»
  said [G.n]. «You can say it at [w].»
| «{I do not know what to say at [w]|I need a rhyme for [w]},» said [A.n]. [G.n] thought for a
  while. «When I was small, we said: [1], [2].»
+ «[1], [2],» said [A.n]{| again and again}. {[A.he] said it in the bath and in bed.|[A.he] said it
  to the dog and to the hens.}
| [A] learned it {in one evening|quickly}. «[1],» [A.he] said in the morning, «[2],» [A.he] said {at
  noon|at night}.
| [A] {walked up and down|stood in front of the mirror} and said it {ten|twenty} times: «[1], [2].»
| Every step on the way to school was a word. «[1], [2],» said [A.n], {and was there|and then began
  again}.
!later
!choose
# Then the day came. {All the people sat and looked.|The room was full.} [A] {stepped forward|stood
  in front of them all}. «[1],» [A.he] began. {And then there was nothing.|But what came then?}
  [A.ns] head was empty.
| At [w] [A.he] stood before all the people{| in a clean shirt}. «[1],» [A.he] said, {and
  stopped|and did not know any more}.
| First a girl sang, then a boy played the flute. Then it was [A.ns] turn. «[1],» [A.he] said. {The
  rest was gone.|But somebody coughed, and the rest flew out of [A.his] head.}
!feel A afraid
+ {In the first row|In the third row} sat [B.n]. [B.n] knew the rhyme too, {for they had learned it
  together|for [B.he] had heard it a hundred times}. «[2],» whispered [B.n].
| Then [A.n] saw [B.n], {who moved [B.his] lips|who was nodding}. «{Three words|Only the beginning}
  would help me,» thought [A.n]. And very softly it came from [B.n]: «[2].»
| {It was very quiet.|Nobody moved.} Then there was a small voice from the side, where [B.n] stood.
  «[2],» it said.
# [A] took a deep breath and said it all again, loud and clear: «[1], [2].» {Everyone clapped.|The
  people clapped their hands.}
| «[1], [2]!» {cried|said} [A.n], and {the people clapped|nobody had ever said it better}.
+ «{Thank you|You saved me},» [A.he] said to [B.n] {afterward|later}. «{Without you I would still be
  standing there|I will never forget it}.»
| «{I only said it to myself|It was nothing},» said [B.n]{ afterward|}. «{You did the rest|You said
  it very well}.»
!fact [2] / what did [B.n] whisper / [2]
!or
# {On the morning of the day|The day before}, [B.n] came. «I cannot learn mine,» said [B.n]{, and
  was near tears|}. «{Say yours|How does yours go}?» «[1],» said [A.n], «[2].» {«That is easy,» said
  [B.n]. «I wish I had that one.»|[B.n] said it after [A.him], without one mistake.}
| But {[B.n] had lost|[B.n] could not find} the paper with {the other rhyme|[B.his] own rhyme}.
  «{Now I have nothing to say|I do not know what to do},» said [B.n]. [A] thought. «We can share
  mine,» [A.he] said. «I begin: [1]. And you say: [2].»
+ So they stood there together at [w]. «[1],» said [A.n]. «[2],» said [B.n]. {The people clapped
  twice, once for each.|Nobody had ever heard it like that.}
| At [w] two children stepped forward {hand in hand|side by side}. One said: «[1].» And the other:
  «[2].» {It had never sounded so good.|How the people clapped!}
# «{It was half as long|Now each of us has only one line},» said [B.n] {afterward|later}, «and {I
  was only half as afraid|twice as much fun}.»
| «{Two lines for two people|One line for you and one for me},» said [A.n]. «{That is just right|So
  it should be}.»
!fact [2] / what did [B.n] say / [2]
!end
!fact [1] / what was the beginning of it / [1]
!close A 0.6
)";

constexpr StoryPlot kPlots[] = {
    {"skill", kSkill}, {"recipe", kRecipe}, {"directions", kDirections}, {"rhyme", kRhyme}};

}  // namespace

std::span<const StoryPlot> plots_of_learning() { return kPlots; }

}  // namespace octavo
