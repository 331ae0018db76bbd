// Plots of the village: a thing that goes from hand to hand, children called to supper, measures,
// recipes, directions, rhymes. See story_script.h for the notation.
#include "octavo/corpus/story_plots.h"

namespace octavo {
namespace {

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
+ This is the story of [k.a] and {of one long day|what happened to it in one day|of three children}. In the morning it was in [A.ns] bag.
| {Things can travel too|A [k.n] has no legs, but it can travel}. One morning [k.a] {was|lay} in [A.ns] hand.
!end
+ [A] was [p.in] with [B.n], and [C.n] was [q.in].
| [p.in] [A] {met|talked with} [B.n]. [C.n] was {far away|somewhere else}, [q.in].
| {That day|At first} [A] and [B.n] were [p.in]. {Only [C.n] was somewhere else|[C.n] was not there}: [C.he] was [q.in].
!journey k A B C
!fact [k.b]
!close A 0.5
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
!pick s pancakes / dumplings / potatoes with butter / noodles / fried eggs / beans with bacon / apple pancakes
!pick t hot / on the table / ready
!title Supper is ready / Where is everyone? / Come home!
!open A
# In the afternoon the children went out. [B.n] went to the [p.n], because [B.he] wanted to [e]. [C.n] went to the [q.n] to [g]. Only [A] stayed at home{ and helped [G.o]| with [G.n]|}.
| That day [B.n] was [p.in] and [d]. [C.n] was [q.in] and [f]. [A] was at home with [G.n].
| «I am going to the [p.n],» said [B.n] after lunch. «And I am going to the [q.n],» said [C.n]. [A] had {a book to finish|work to do} and stayed at home.
!move A h
!move G h
!move B p
!move C q
# {Toward evening|At six o'clock|When the sun went down}, [G.n] {looked into the pot|took off [G.his] apron}. «The [s] will be [t] soon,» [G.he] said. «{Call|Go and get} the others! [B.n] is [p.in], and [C.n] is [q.in].»
| «It is time for supper,» said [G.n]. «There are [s]. {Where are the others|Where did the others go}?» «[B.n] is [p.in], and [C.n] is [q.in],» said [A.n]. «I will get them.»
!go A p
+ {There was [B.n]|[B.n] was still there}. «{Supper|Come home, supper} is ready!» called [A.n]. «There are [s].» «{I am coming|At last, I am so hungry},» said [B.n]{, and ran home|}.
| «[B.n]!» called [A.n]. «{Come|Come home}! We have [s].» [B.n] {was already on the way|jumped up at once}.
!move B h
!choose
!go A q
+ «{And you too, [C.n]|[C.n], come home}!» called [A.n]. «{What is there to eat|What is for supper}?» asked [C.n]. «[s],» said [A.n], {and they ran home together|and [C.n] ran ahead}.
| [C.n] {did not want to go yet|was in the middle of a game}. «{Only a little longer|I am not hungry}.» «There are [s],» said [A.n]. «{[s]! Then I am hungry|You should have said that at once},» said [C.n], and came along.
!fact / where was [C.n] / [q.in]
!or
!go A q
+ But [C.n] was not there. {Only [C.his] hat lay in the grass.|There was only a gray cat.} «[C.n] went to the [r.n],» said {an old man|a woman with a basket|a small boy}, «{half an hour ago|a little while ago}.»
| No [C.n]! «{Are you looking for [C.n]|Whom do you seek}?» asked {a fisher|a neighbor|a woman at a window}. «{[C.he] has gone|I saw [C.him] go} to the [r.n].»
!move C r
!go A r
+ And {really|there}, [r.in], sat [C.n]. «{How did you find me|How did you know where I was}?» asked [C.n]. «{You were seen|Somebody saw you},» said [A.n]. «Come, there are [s].»
| «[C.n]!» called [A.n]. «First you were [q.in], and now you are [r.in]! {The [s] will get cold|We have [s], come}!»
!fact [r.n] / where was [C.n] in the end / [r.in]
!end
!move A h
!move C h
# {A little later|Soon} they all sat at the table, and {the [s] were soon gone|there was not much left of the [s]}. 
| Then there were {four people|three children and [G.n]} around the table{, and nobody spoke for a while|}. «{I know nothing better than|There is nothing like} [s],» said [C.n].
| «{You were gone for a long time|That took a long time},» said [G.n] to [A.n]. «I was [p.in] for [B.n],» said [A.n], «and then I {had to find [C.n]|looked for [C.n] too}.»
!fact [p.n] / where was [B.n] / [p.in]
!fact [s] / what did you eat / [s]
!close A 0.7
)";

// Tallest, second, smallest; a year later the order is another one.
constexpr std::string_view kMeasuring = R"(
!child O Q R
!kin G
!pick x door of the kitchen / door of the barn / old apple tree / wall beside the clock / gate post
!pick c red / blue / black / white / green
!title Who is the tallest? / Lines on the wall / How we grow
!choose
!open O
!or
!open R
!end
!later
# «{Who is the tallest of us|Which of us is the tallest}?» asked [R.n] one day. [O.n], [Q.n] and [R.n] stood with their backs to the [x], and [G.n] {drew three lines|made three marks} with a [c] pencil.
| Once a year [G.n] measured the three children at the [x]: [O.n], [Q.n] and [R.n]. {Each of them got|For each of them [G.he] drew} a line with a [c] pencil.
+ [O.n] was taller than [Q.n], and [Q.n] was taller than [R.n].
| The highest line was [O.ns]. Under it came [Q.ns], and the lowest was [R.ns].
| «[O.n] is the tallest,» said [G.n]. «Then comes [Q.n], and then [R.n].»
# «{So I am the smallest|I am the smallest of all},» said [R.n] {sadly|and looked at the lowest line}. «{The small one today may be the tall one tomorrow|Wait a year},» said [G.n].
| [R.n] {did not like that|said nothing}. «{Eat well, sleep well|Do not be sad}, and {look again next year|we will see},» said [G.n].
| «{I will always be taller than you|Nobody will ever be taller than I},» said [O.n]. «{Who knows|Wait and see},» said [G.n].
# A year went by. {They climbed trees, ate soup and slept.|Their trousers grew too short.} Then they stood at the [x] again, and again [G.n] took the [c] pencil.
| {The next spring|A year later} [G.n] {came with|looked for} the [c] pencil once more. One after the other they stood at the [x].
!choose
+ «{Look at that|I can hardly believe it},» said [G.n]. Now [R.n] was the tallest! [O.n] was second, and [Q.n] was {third|the smallest}.
| And what did they see? [R.n] had grown by a whole hand. [R.n] was taller than [O.n], and [O.n] was taller than [Q.n].
# «{Who was the smallest last year|And who was the smallest before}?» asked [R.n] {and laughed|with a smile}. «{You were|That was you},» said [O.n]. «{And now I must look up to you|And now you are the tallest}.»
| «Last year [O.n] was the tallest,» said [Q.n], «and now it is [R.n]. {Perhaps next year it will be me.|And next year?}» «{Who knows|Wait and see},» said [G.n]{, and laughed|}.
!fact [R.n] / who is the tallest now / [R.n]
!fact [O.n] / who was the tallest last year / [O.n]
!fact / who is the smallest now / [Q.n]
!or
+ [O.n] was still the tallest. But now [R.n] was taller than [Q.n]!
| The highest line was [O.ns] again. But the second was [R.ns], and the lowest was [Q.ns].
# «{Two places changed|You have passed me},» said [Q.n] to [R.n]. «{Last year I was taller than you|Last year you were the smallest}.» «{And next year I will pass [O.n]|Now I come after [O.n]},» said [R.n].
| «{So who is the smallest now|And the smallest}?» asked [O.n]. «{I am|Me},» said [Q.n], «{but I run the fastest|but not for long}.»
!fact [O.n] / who is the tallest / [O.n]
!fact [Q.n] / who is the smallest now / [Q.n]
!fact / who was the smallest last year / [R.n]
!end
? The [c] lines are still there, on the [x].
| The lines stayed on the [x]{, and every year there were more of them|}.
!close R 0.5
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
# [A] wanted to know how to make [s]. «{It is not hard|Come here and look},» said [G.n]. «First you [1]. Then you [2]. Then you [3], and last of all you [4].»
| «{Teach me|Show me} how to make [s],» said [A.n] one day. «{Good|Gladly},» said [G.n]. «First you [1], then you [2]. After that you [3], and in the end you [4].»
+ {[A] watched every step.|They did it together, step by step.} {It was easy.|It went very well.}
| They made some together, and {everything went well|it was easy}.
!later
# The next day [A] tried it alone. First [A.he] [5]. Then [A.he] [6]. And then [A.he] [8]. But {what was that?|something was wrong.} {It was not right|This was not like yesterday}: [x]!
| A few days later [A] wanted to do it without help. [A.he] [5]. [A.he] [6]. {Humming a song|Full of joy}, [A.he] [8]. But oh, [x]!
| «{Today I can do it alone|I need no help},» said [A.n] the next morning. [A.he] [5], [A.he] [6], and [A.he] [8]. Then [A.he] looked. {Oh no|What a pity}: [x]!
!choose
# «What did I forget?» [A] {thought|asked [A.self]}. «First [1], then [2], and then?» [A.n] {stopped|hit the table}. «[3]! I did not [3]!»
| [A] said the words once more, {slowly|one by one}: «First you [1]. Then you [2]. Then you [3]. That is it! {I forgot that|I did not do that}!»
!or
# [B.n] came in and {looked at it|had to laugh}. «Did you [3]?» [B.he] asked. [A] {put down the spoon|turned red}. «No,» [A.he] said. «{I forgot|That is what I forgot}!»
| «{It is no good|Something is missing},» [A] said to [B.n], who had come to {see it|look}. «First you [1], then you [2].» «And then you [3],» said [B.n], «{do you not|and did you do that}?»
!end
+ So [A] began again, and this time nothing was forgotten. {It was as good as [G.ns].|[G.n] could not have done it better.}
| [A.n] started once more from the beginning, {and now it worked|and this time it was right}.
? «{What do you do after that|And what comes third}?» asked [G.n] with a smile{, when [G.he] heard of it|}. «You [3],» said [A.n]. «{I will never forget it again|That I know for ever}.»
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
# «{You are big enough|You can do it},» said [G.n]. «Today you may go to [H.n] alone and bring [H.him] a [o]. Go past the [a], turn [l] at the [b], and go over the [c]. [H.ns] house has a [d] door.»
| «How do I get to [H.n]?» asked [A.n], who was to bring [H.him] a [o]. «Past the [a], [l] at the [b], and over the [c],» said [G.n]. «Then look for the [d] door.»
# «Past the [a], [l] at the [b], over the [c], and then the [d] door,» said [A.n].
| [A] {said it twice|kept it in mind}: past the [a], [l] at the [b], over the [c]. And the door was [d].
| «Past the [a],» [A.n] counted on [A.his] fingers. «[l] at the [b]. Over the [c]. The [d] door.»
# {First came the [a].|There was the [a] already.} [A] {went|walked} past it. {Then [A.he] saw|After that came} the [b]. «[l] or [r]?» [A.he] {thought|asked [A.self]}. «[l], said [G.n].»
| [A] went past the [a]. At the [b] [A.he] stopped. {A dog ran to the [r].|A boy called from the [r].} But [A.n] turned [l], as [G.n] had said.
+ Then [A.he] went over the [c], and there it was: the [d] door!
| {At last|After that} [A.he] came over the [c]. There were {two|three} houses, but only one had a [d] door.
+ [H.n] {was very glad|laughed with joy} and {put the [o] on the table|thanked [A.him] for the [o]}. «{And you came all alone|Did you find it at once}?» [H.he] asked. «{Yes|It was easy},» said [A.n].
| «[A.n]! {All alone|You, and all alone}?» said [H.n] at the [d] door. «{And with|And you bring} a [o]! {Come in and rest|Come in}.»
# {When it was time to go|Toward evening}, [H.n] asked, «{Do you know the way back|Can you find the way home}?» [A] thought. «Now it is the other way around,» [A.he] said. «First over the [c], then [r] at the [b], and past the [a].»
| The way home was the same, but backward: over the [c], [r] at the [b], past the [a]. {«You are right,» said [H.n].|[A] said it aloud, and [H.n] nodded.}
+ And so [A] {came|was} home before dark.
| {[A] made no mistake.|Not once did [A.n] go wrong.} At home [G.n] was standing {at the gate|in the door}. «Well?» [G.he] asked. «{There it was [l]|I went [l]}, and back it was [r],» said [A.n].
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
!end
!pick w the summer feast / the school feast / the harvest feast / the birthday of the teacher
!title The rhyme / Two lines / [A.n] learns a rhyme
!open A
# For [w] [A] had to learn {a rhyme|two lines}. [G.n] said it first: «[1], [2].»
| «Every child will say a rhyme at [w],» said the teacher. [A.s] was this: «[1], [2].»
+ «[1], [2],» said [A.n]{| again and again}. {[A.he] said it in the bath and in bed.|[A.he] said it to the dog and to the hens.}
| [A] learned it {in one evening|quickly}. «[1],» [A.he] said in the morning, «[2],» [A.he] said {at noon|at night}.
!later
# Then the day came. {All the people sat and looked.|The room was full.} [A] {stepped forward|stood in front of them all}. «[1],» [A.he] began. {And then there was nothing.|But what came then?} [A.ns] head was empty.
| At [w] [A.he] stood before all the people, and [A.his] knees shook. «[1],» [A.he] said, {and stopped|and did not know any more}.
!feel A afraid
+ {In the first row|In the third row} sat [B.n]. [B.n] knew the rhyme too, {for they had learned it together|for [B.he] had heard it a hundred times}. «[2],» whispered [B.n].
| Then [A.n] saw [B.n], {who moved [B.his] lips|who was nodding}. «{Three words|Only the beginning} would help me,» thought [A.n]. And very softly it came from [B.n]: «[2].»
# [A] took a deep breath and said it all again, loud and clear: «[1], [2].» {Everyone clapped.|The people clapped their hands.}
| «[1], [2]!» {cried|said} [A.n], and {the people clapped|nobody had ever said it better}.
+ «{Thank you|You saved me},» [A.he] said to [B.n] {afterward|later}. «{Without you I would still be standing there|I will never forget it}.»
| «{I only said it to myself|It was nothing},» said [B.n]{ afterward|}. «{You did the rest|You said it very well}.»
!fact [1] / what did you say at [w] / [1], [2]
!fact [2] / what did [B.n] whisper / [2]
!close A 0.6
)";

// What was done on which day.
constexpr std::string_view kWeek = R"(
!child A
!kin G
!pick 123 clean the hen house / stack the wood / wash the windows / mend the gate / beat the rugs / pick the beans / paint the bench / rake the
  leaves / sweep the yard / weed the garden / cut the grass
!pick xyz a cheese / a new rope / a good book / a box of tea / a straw hat / a clay pot
!pick o a sister / a brother / an old friend
!title A week of work / One thing each day / Three days
!open A
!later
# [G.n] had to visit [o] for three days. «{There is not much to do|I leave you three things},» [G.he] said. «On Monday please [1], on Tuesday [2], and on Wednesday [3].»
| «I will be away until Thursday,» said [G.n]. «Can you [1] on Monday, [2] on Tuesday, and [3] on Wednesday?» «{Yes, I can|Of course},» said [A.n].
| Before [G.n] went away for three days, [G.he] wrote on the wall: «Monday: [1]. Tuesday: [2]. Wednesday: [3].»
# {Monday came. [A] looked at the list in [A.his] head|On Monday [A] got up early}. «[1],» [A.he] said, and {set to work|that was soon done}.
| On Monday [A] had to [1]. {It took all morning.|It was hot, but [A.he] did not stop.}
!choose
+ On Tuesday it rained {from morning to night|all day}. «How can I [2] in the rain?» thought [A.n]. {So [A.he] did it under the big umbrella.|But a promise is a promise, and [A.he] got very wet.}
| On Tuesday [A.he] was tired and would have liked to sleep. But there was the second thing: «[2],» {[G.n] had said|said the list}. So [A.he] got up.
!or
+ On Tuesday a friend came and wanted to play. «First I must [2],» said [A.n]. «{Help me, and we will be done sooner|Then we can play}.» {So they did it together.|And the friend helped.}
| Tuesday was {easy|a fine day}. «[2],» [A.he] said, and {whistled while [A.he] worked|it was done by noon}.
!end
+ On Wednesday there was only one thing left: to [3].
| And on Wednesday? «[3],» said [A.n]. {It was the hardest of all.|By evening that was done too.}
# On Thursday [G.n] came back. [G.he] {walked around and looked at everything|looked here and looked there}. «{Did you do it all|So, was it done}?» «Yes,» said [A.n]. «On Monday I had to [1], on Tuesday [2], and on Wednesday [3].»
| «{Now tell me|Let me hear},» said [G.n] on Thursday, «what did you have to do on which day?» «[1] on Monday,» said [A.n], «[2] on Tuesday, and [3] on Wednesday.»
+ «{Well done|I am proud of you},» said [G.n], and {unpacked|took out of the bag} [x]. «{This is for you|I brought it for you}.»
| [G.n] {smiled|was pleased} and gave [A.o] [x], which had come {all the way from town|in the big bag}.
!fact [1] / what did you have to do on Monday / [1]
!fact [2] / what was the work on Tuesday / [2]
!fact [3] / what came on Wednesday / [3]
!close A 0.6
)";

constexpr Plot kPlots[] = {{"journey", kJourney}, {"supper", kSupper}, {"measuring", kMeasuring},
                           {"recipe", kRecipe},   {"rhyme", kRhyme},   {"directions", kDirections},
                           {"week", kWeek}};

}  // namespace

std::span<const Plot> plots_of_the_village() { return kPlots; }

}  // namespace octavo
