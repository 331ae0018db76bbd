// Plots that take their time: gardens, snow, growing, a bottle on the river, a collection. See
// story_script.h for the notation.
#include "octavo/corpus/story_plots.h"

namespace octavo {
namespace {

// A seed, a place, a year.
constexpr std::string_view kGardenYear = R"(
!child A B C
!kin G
!season spring
!choose
!text s pumpkin
!text g a long green plant with yellow flowers
!text f pumpkins
!or
!text s sunflower
!text g a plant taller than a man
!text f sunflowers
!or
!text s bean
!text g a plant that climbed up a stick
!text f long beans
!or
!text s melon
!text g a plant with big round leaves
!text f melons
!or
!text s corn
!text g a tall plant with long leaves
!text f ears of corn
!or
!text s tomato
!text g a bush with small yellow flowers
!text f tomatoes
!or
!text s pepper
!text g a bush as high as a chair
!text f red peppers
!or
!text s cucumber
!text g a plant that ran along the ground like a snake
!text f cucumbers
!end
!pick x beside the old wall / behind the shed / by the gate / next to the well / under the kitchen
  window / near the hen house / at the foot of the steps
!pick n four / five / six / seven / eight
!title The [s] seed / From spring to autumn / [A.ns] garden / One seed / Wait and water
!open A
# In spring [G.n] gave [A.o] a [s] seed. «{Plant it|Put it in the earth}, {give it water|water it
  well}, and {wait|be patient},» [G.he] said.
| [A] got a [s] seed from [G.n] in spring. It was {so small that it nearly got lost|no bigger than a
  fingernail}.
| «{What is that|Is that a stone}?» asked [A.n] one spring day. «A [s] seed,» said [G.n]. «{It is
  yours|Take it}. {Everything is already in it|It needs only earth, water and time}.»
| One day in spring [A] {found something in the pocket of an old coat|opened an old drawer and found
  something}. «That is a [s] seed,» said [G.n]. «{Who knows if it still lives|Try it}.»
| «For your birthday I give you {something small that will be big|a whole garden},» said [G.n], and
  put a [s] seed into [A.ns] hand.
+ [A] {dug a hole|made a little hole} [x] and {put|planted} the seed there.
| [A] planted it [x], where {the sun shone all day|the earth was soft and dark}.
| After looking for the best place, [A] planted the seed [x].
| «{Where shall I put it|Where would it like to live}?» [A] {asked|thought}. There was a good place
  [x], and that was where the seed went.
+ Every {morning|evening} [A.he] gave it water. {For a long time nothing happened.|Day after day
  there was only brown earth.} «{Is it dead|Will it ever grow}?» {thought [A.n]|[A.he] asked}.
  «{Wait|Be patient},» said [G.n].
| [A] watered it {every day|and watched}. {A week went by, and then another.|There was nothing to
  see.} «{Is it asleep|When will it come}?» [A.he] asked. «{Soon|Give it time},» said [G.n].
| There was nothing to see {on the first day, and nothing on the second|in the first week, and
  nothing in the second}. [A] {wanted to dig it up and look|sang to it}. «{A seed works in the
  dark|Good things are slow},» said [G.n].
# Then, one morning, {a green tip looked out of the earth|there was a little green leaf}. [A] {ran
  to tell [G.o]|danced with joy}.
| After three weeks {something green|a small green point} came out of the earth. «{It lives|There it
  is}!» {cried|called} [A.n].
| {After a night of warm rain|When nobody thought of it any more}, there were two small leaves.
  «{Good morning|Hello, you},» said [A.n] {softly|to them}.
!choose
+ In summer it was very dry. {The leaves hung down.|The plant grew weak.} So [A.n] carried water
  from the {well|river}, bucket after bucket, and the plant {lived|stood up again}.
| For {three|five} weeks there was no rain, and {even the well was low|the earth was as hard as
  stone}. [A] {drank less and gave the rest to the plant|brought water in a cup every evening}, and
  the plant stayed green.
!or
+ In summer the snails came and {ate|wanted to eat} the leaves. [A] {picked them off one by
  one|carried them to the meadow}, and the plant {lived|grew on}.
| One morning there were holes in the leaves. «Snails!» said [G.n]. {So every evening [A] went out
  with a lamp and a bucket|[A] put a ring of sand around the plant}, {and soon there were no more
  holes|and that helped}.
!or
+ In summer a goat got into the garden. [A] {chased it away just in time|saw it just in time} and
  built a {small|strong} fence around the plant.
| The hens of the neighbors {liked the young leaves|scratched the earth}, so [A] {made a little
  house of sticks around the plant|stood guard with a broom}.
!or
+ In summer a storm broke the plant {almost in two|on one side}. [A] tied it to a stick with {a
  ribbon|a string}, and {it healed|it lived}.
| Then came hail. [A] ran out and {held a big pot over the plant|covered the plant with [A.his]
  coat}. {It rang like a bell.|[A.he] got wet, but the plant did not break.}
!end
+ It grew {higher and higher|and grew}, until it was [g].
| By {the end of summer|August} it was [g].
| Nobody would have known it again: it was [g] now.
# In autumn there were [n] [f] [x]! «[n] [f] from one seed!» said [G.n].
| And in autumn [A] {counted|picked} them: [n] [f], all from one small seed.
| When the leaves fell, [A] could {count|pick} [n] [f]. «{And it all began with one seed|So much
  from one seed},» said [G.n].
| «How many are there?» asked [G.n] {one cool morning|when the nights grew cold}. [A] counted twice.
  «[n] [f],» [A.he] said. «{Nobody in the village has more|And I had only one seed}!»
+ [A] gave one to [B.n], one to [C.n], and {the rest went into the kitchen|kept the rest for
  winter}. {They all|Everyone} said that {nothing had ever been so good|it was the best that year}.
| One was for [B.n], one for [C.n], and the others {were for the winter|stayed at home}.
| [B.n] came and got one. [C.n] came and got one too. {The rest hung in the kitchen all winter.|The
  rest lay on the shelf like gold.}
+ But [A] kept {a few seeds|one seed} in a {box|paper bag}, and when spring came again, [A.he] went
  out and planted something [x].
| [A.n] kept {the best seeds|some seeds} for the next spring. And {where did they go into the
  earth|where do you think they were planted}? [x], {of course|where else}.
| The next spring [A] gave a [s] seed to a small child next door. «{Plant it|Put it in the earth},»
  [A.he] said, «{and be patient|and wait}. Mine grew [x].»
| «{And next year|What will you do next year}?» asked [G.n]. [A] opened one hand. In it lay {three|a
  few} seeds. «[x],» [A.he] said, «{there is room for more|there it likes to be}.»
!fact [x] / where did it grow / [x]
!fact [s] / what did you plant / a [s] seed
)";

// Who gave what to the snowman; in spring the things lie in the grass.
constexpr std::string_view kSnowman = R"(
!child A B
!kin G
!pair P A B
!season winter
!pick c red / blue / green / yellow / purple / black / striped
!pick h hat / cap
!pick d gray / white / brown / orange / pink
!pick e two black buttons / two round stones / two pieces of coal / two nuts / two bottle tops
!pick f carrot / turnip / red pepper / pine cone
!pick i in the yard / in front of the school / beside the barn / next to the well / at the end of
  the road / on the village green / under the old oak
!pick z Old Frost / Uncle Ice / Captain Snow / King Cold / Grandfather Winter / Lord January / Fat
  Freddy
!pick j a rabbit / a goat / a pony / a crow
!title The snowman / [z] / A man of snow / What was left
!choose
+ It had snowed {all night|for three days|since the evening}, and {the village was white|everything
  was white and still|the road was gone}. «{Let us make|We will make} a snowman!» said [A.n] to
  [B.n].
| When [A.n] looked out of the window one winter morning, everything was white. [A.he] ran to get
  [B.n]. «{Come out|Come quickly}! We can make a snowman!»
| «Snow!» cried [A.n]. «{At last|Look, [B.n]}!» The two {put on their boots|could hardly wait} and
  {ran out|went outside}.
| School was {closed|over} because of the snow. {[A.n] and [B.n]|Two children, [A.n] and [B.n],}
  stood outside and {wondered what to do|caught the flakes with their mouths}. «A snowman!» said
  {[A.n]|[B.n]}. «{A big one|The biggest in the village}!»
!or
!open A
!later
# One {day|morning} the snow was so deep that {nobody could go to work|even the hens stayed inside}.
  [B.n] knocked at the window. «{Let us build a snowman|Come out, I have an idea}!» {called|said}
  [B.n].
| {The first snow of the winter fell that night.|In the night it snowed and snowed.} In the morning
  [A] met [B.n] outside. «What shall we make?» «{A snowman|A snowman, of course}!»
!end
+ They {rolled|made} three big balls of snow [i] and put one on top of the other.
| They rolled the snow into balls, a big one, a smaller one and a small one, and built a snowman
  [i].
| [i] the snow was deep and soft. They {rolled|pushed} and lifted, and soon there stood a snowman.
| All morning they {worked|pushed and rolled} [i]. {Their fingers grew cold, but they did not
  stop.|The balls grew so heavy that both of them had to lift.} Then the snowman {was done|stood}.
# «A snowman needs a {face|nose},» said [B.n], and brought a [f] and [e].
| [B.n] ran home and came back with a [f] for the nose and [e] for the eyes.
| «{But it cannot see|Now the eyes},» said [A.n]. [B.n] had [e], and a [f] for the nose.
| For the eyes they {took|found} [e], and the nose was a [f]{ from [B.ns] kitchen|}.
+ [A.n] gave the snowman an old [c] [h] that had {belonged to|come from} [G.n], and {[B.n] put|they
  tied} a [d] scarf around the neck.
| «It must be cold without clothes,» said [A.n], and {fetched|brought} a [c] [h] from [G.n] and a
  [d] scarf.
| From [G.n] they got a [c] [h], and [B.n] gave a [d] scarf. {Now it looked like a real man.|«Very
  fine,» said [G.n].}
| [B.n] had a [d] scarf that was too long, and [A.n] had a [c] [h] that was too big. {For the
  snowman they were just right.|The snowman did not mind.}
# «{What shall we call it|What is its name}?» asked [B.n]. «[z],» said [A.n].
| «Every snowman must have a name,» said [B.n]. «{Then its name is|This is} [z],» said [A.n].
| They {named|called} the snowman [z]{, because it was so very cold that day|, and [G.n] laughed at
  the name|, and from then on everyone called it so}.
| «{Good day, [z]|Good morning, [z]}!» said {an old man|the teacher|a neighbor} who {came by|went
  past}, and that was its name from then on.
# All winter [z] {stood [i]|kept watch [i]}. {Birds sat on the [c] [h].|People said good morning as
  they went by.|The children told [z] all their secrets.|At night the moon shone on the [c] [h].}
| Week after week [z] {stood there|looked down the road} with the [c] [h] and the [d] scarf. {When
  it snowed, [z] grew fatter.|Even the dogs were not afraid any more.}
| {Once the wind took the [c] [h], and [A.n] ran after it.|One night the wind blew off the [d]
  scarf, and [B.n] tied it on again.} So [z] stood [i] until the winter was over.
+ Then {the days grew warm|the spring sun came}. Every day [z] grew {smaller|a little thinner}, and
  one morning there was {only water|no more snow}.
| But in March {it rained|a warm wind blew}, and one morning [z] was gone.
| «[z] is {getting thin|crying},» said [B.n] one warm day{, for water ran down the [d] scarf|}. And
  {two days later|the next morning} there was no snowman any more.
!feel A sad
# In the wet grass [i] lay the [c] [h], the [d] scarf and [e]. {There was no [f], for [j] had eaten
  it.|Only the [f] was gone, for [j] had been there.}
| What was left of [z]? The [c] [h], the [d] scarf, and [e] in the grass. {And the [f]?|But no [f].}
  Not far away {stood|was} [j]{, looking very pleased|}.
| They found the [c] [h] {in a puddle|in the mud}, the [d] scarf beside it, and {after a long
  search|at last} [e] too. {The [f] was gone. «That was [j],» said [B.n].|[j] had eaten the [f].}
# «We will keep {them|the things} in a box,» said [B.n], «{and when the snow comes back, [z] will
  come back too|until next winter}.»
| «[z] has only gone {away|north|for the summer},» said [B.n]. «{Next winter we will need|We must
  keep} the [c] [h] and the [d] scarf.»
| «{Where is [z] now|Is [z] dead}?» asked [A.n]. «{In the river, on the way to the sea|In the
  clouds, I think},» said [B.n], «and next winter [z] will need the [c] [h] again.»
? And so it was. When the first snow fell, they opened the box, and soon [z] {stood [i] again|was
  back}.
| They put everything into a box, and on the box [A] wrote: «[z].»
| {All summer a box stood under [A.ns] bed.|In the box under [A.ns] bed there was something that
  waited.} In it were the [c] [h], the [d] scarf and [e].
!fact [c] [h]
!fact [d] scarf
!fact [e]
)";

// A message goes down the river, and somebody answers.
constexpr std::string_view kBottle = R"(
!child A B
!warm
!pick c green / brown / blue / white
!pick h mill / red barn / church / old oak / school
!pick v ride a pony / see the sea / bake bread / swim / build a boat / play the flute / catch fish
!pick o small feather / blue button / dried flower / white shell / bright penny
!title The bottle / A letter on the water / Who will find it?
!open A
# {One day|One afternoon} [A] found a {good|clean} [c] bottle. [A.he] {took|fetched} a piece of
  paper and wrote: «{My name is|I am} [A.n]. I live near the [h]. I want to [v]. {Who are you?|What
  do you want?}»
| [A] wrote on a piece of paper: «{I am|My name is} [A.n], and my house is near the [h]. {One day I
  will|I would like to} [v]. {Please answer.|Who are you?}» [A.n] {pushed|put} it into a [c] bottle.
| «{I wonder who lives|Somebody must live} at the other end of the river,» said [A.n]. [A.he] took a
  sheet of paper. «{I am|My name is} [A.n],» [A.he] wrote. «I live near the [h], and I want to [v].»
  [A.he] {rolled it up|folded it} and put it into a [c] bottle.
+ A [o] went into the bottle as well. Then [A] {closed the bottle well|put in the cork} and {threw
  the bottle into|let the bottle go on} the river.
| Then [A] put in a [o], {pushed in the cork|put the cork in} and {gave the bottle to the
  river|threw the bottle into the water}.
| «{Something else must go in|A letter alone is not enough},» [A.he] said, and put in a [o] too.
  Then [A.he] pushed in the cork and {set the bottle on the water|threw the bottle as far as [A.he]
  could}.
+ The bottle {turned around twice|danced on the water} and {swam away|was soon out of sight}.
| [A] {looked after it|waved} until it {was gone|went around the bend}.
| The river {took it|carried it off}{ under the bridge| past the reeds}, and then {it was gone|there
  was only water}.
| «{Good luck|Swim well},» said [A.n], and {waved|ran beside it as far as the fence}.
!later
# Far down the river lived [B.n]. {One morning|Some days later} [B.n] {saw something [c] in the
  reeds|was fishing and caught a [c] bottle}. There was a [o] in it, and a letter. «I want to [v],»
  [B.n] read {aloud|slowly}.
| {Three days later|A week later}, a [c] bottle lay {in the sand|between two stones}, far away.
  [B.n] {found it|picked it up}, took out the [o], and read: «I live near the [h]. I want to [v].»
| For {five|ten} days the [c] bottle swam. {It went through two towns.|Once a fish knocked at the
  glass.} Then [B.n], who was {washing socks|playing} by the water, {saw it|pulled it out}. A [o]
  fell into [B.his] hand, and then a letter. «I live near the [h], and I want to [v],» it said.
+ «{So do I|I can do that}!» said [B.n]. [B.he] {looked at the map|asked the fishers}. «Near the
  [h]. {That is only an hour from here|I will find it}!»
| «Near the [h],» thought [B.n]. «{I know where that is|My uncle goes there every week}.»
| [B.n] {read it three times|showed the letter to everyone}. «{Somebody wants to [v]|This [A.n]
  wants to [v]},» [B.he] said. «{So do I|Me too}. I must find the [h].»
# {So one Sunday|On the next fine day} there was a knock at [A.ns] door. There stood {somebody|a
  child} that [A.he] had never seen, with a [c] bottle. «{I am looking for [A.n]|You must be
  [A.n]},» [say>B]. «I am [B.n]. I have {come to answer|brought your bottle back}.»
| {Some days later|On Sunday} [A] {was sitting|sat} on the step when somebody came up the road.
  «{This must be the house near the [h]|I am looking for [A.n]},» said a {voice|friendly voice}.
  «{My name is [B.n], and|I am [B.n], and} this is yours.» It was the [o]!
| [A] had {almost forgotten the bottle|stopped thinking of it} when {a letter came|a letter lay on
  the table}. «I found your [c] bottle,» it said. «{I will bring you the [o] on Sunday|On Sunday I
  will come to the [h]}. Your [B.n].» And on Sunday [B.n] really {came|stood at the door}, with the
  [o] in one hand.
+ «{You found it|You read it}!» {cried|said} [A.n]. «{Yes|I did},» said [B.n], «and if you still
  want to [v], {we can do it together|come with me}.»
| «{And what do you want|And what do you wish for}?» asked [A.n]. «To [v], {just like you|the same
  as you},» said [B.n]. «{We could|Let us} do it together.»
| They {looked at each other|stood there and did not know what to say}. Then [B.n] said, «I want to
  [v] too.» {And after that there was a lot to say.|«Then come in,» said [A.n].}
? And that summer they did. The [c] bottle {stood in [A.ns] window|stayed with [A.n]}, and the [o]
  {lay beside it|went home with [B.n]}.
| They became friends, and {every month|now and then} a [c] bottle {went down the river|came down to
  [B.n]} with a letter in it.
!fact [v] / what did you write / that I want to [v]
!fact / what did you throw into the river / a [c] bottle
!fact [o] / what was in the bottle / a letter and a [o]
!close A 0.5
)";

// Found things are kept in order: what came from where.
constexpr std::string_view kCollection = R"(
!child A B
!place p forest hill
!place q river pond
!place r meadow garden orchard
!pick 123 round stone / striped feather / rusty nail / snail shell / pine cone / piece of blue glass
  / old coin / bird's egg shell / acorn / dry leaf like a hand / white bone / broken key / wooden
  button
!pick o shoe box / tin box / cigar box / wooden tray / blue jar
!title The little museum / What came from where / [A.ns] box of treasures
!open A
# [A] collected things. From the [p.n] [A.he] had a [1], from the [q.n] a [2], and from the [r.n] a
  [3]. {They lay side by side|All of them lay} in a [o].
| [A] had a [o] full of treasures. The [1] came from the [p.n], the [2] from the [q.n], and the [3]
  from the [r.n].
| {Other children had toys|Some people keep money}, but [A.n] had a [o]. In it was a [1] that [A.he]
  had found [p.in], a [2] from the [q.n], and a [3] from the [r.n].
? «{Why do you keep such things|Is that not only rubbish}?» people asked. «{Each of them is a
  day|They are my days},» said [A.n].
| To others it was nothing. To [A.o] it was {gold|a whole world}.
# One day [B.n] {came to visit|saw the [o]}. «{What is this|May I look}?» asked [B.n], and {took
  up|held up} the [2]. «{That is|This is} the [2] from the [q.n],» said [A.n].
| «{May I see what you have|What is in there}?» asked [B.n] one day. [A] {opened|took out} the [o].
  [B.n] {pointed to|touched} the [1]. «Where {is that from|did you find it}?» «[p.in],» said [A.n].
# «And the [3]?» «{It lay|I found it} [r.in],» said [A.n], «{on a day when it rained|last spring|on
  my birthday}.»
| «Do you know {of each thing|of every one} where it comes from?» «{Of course|Yes},» said [A.n].
  «The [1]: [p.in]. The [2]: [q.in]. The [3]: [r.in].»
!choose
# Then {the cat jumped on the table|[B.n] turned around too fast}, and everything fell {down|on the
  floor}. «{I am so sorry|Oh no}!» said [B.n]. «{Now it is all mixed up|I hope that nothing is
  broken}.»
| But when [B.n] {put it back|wanted to close it}, the [o] {fell|slipped}, and all the things rolled
  over the floor.
# «{Nothing is lost|It does not matter},» said [A.n]. They {looked under the bed and behind the
  door|went down on their knees}. «Here is the [1], that is from the [p.n],» said [B.n]. «{The [2]
  from the [q.n] is here|Here is the [2] from the [q.n]},» said [A.n]. «And the [3] from the [r.n]!»
!or
# «{Would you give me one|May I have one of them}?» asked [B.n]. [A] {thought for a while|looked at
  them all}. «{You can have|Take} the [2],» [A.he] said. «But {do not forget|you must know}: it is
  from the [q.n].»
| [A] gave [B.o] the [2]. «{Now you have a beginning|Start with this one},» [A.he] said. «{If
  someone asks|Remember}, it is from the [q.n].»
# «The [2], from the [q.n],» said [B.n] {slowly|and put it in a pocket}. The next day [B.he] had a
  box {too|as well}, {and one thing in it|with the [2] in it}.
!end
!fact / where is the [1] from / from the [p.n]
!fact [2] / where did you find the [2] / [q.in]
!fact / where is the [3] from / from the [r.n]
!close A
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
# «{Who is the tallest of us|Which of us is the tallest}?» asked [R.n] one day. [O.n], [Q.n] and
  [R.n] stood with their backs to the [x], and [G.n] {drew three lines|made three marks} with a [c]
  pencil.
| Once a year [G.n] measured the three children at the [x]: [O.n], [Q.n] and [R.n]. {Each of them
  got|For each of them [G.he] drew} a line with a [c] pencil.
| «Stand straight, and no cheating!» said [G.n]. {It was the first day of the year|It was measuring
  day}. With a [c] pencil [G.he] made a line for [O.n], a line for [Q.n] and a line for [R.n], {all
  of them|one beside the other} on the [x].
| [O.n], [Q.n] and [R.n] {could not agree|had a quarrel}. «I am the tallest!» said [O.n]. «No, I
  am!» said [Q.n]. {«And I,» said [R.n]. So|So} [G.n] took a [c] pencil and measured them at the
  [x].
+ [O.n] was taller than [Q.n], and [Q.n] was taller than [R.n].
| The highest line was [O.ns]. Under it came [Q.ns], and the lowest was [R.ns].
| «[O.n] is the tallest,» said [G.n]. «Then comes [Q.n], and then [R.n].»
| [R.n] was smaller than [Q.n], and [Q.n] was smaller than [O.n].
| «{Let me see|Well},» said [G.n]. «On top is [O.n], in the middle is [Q.n], and at the bottom is
  [R.n].»
# «{So I am the smallest|I am the smallest of all},» said [R.n] {sadly|and looked at the lowest
  line}. «{The small one today may be the tall one tomorrow|Wait a year},» said [G.n].
| [R.n] {did not like that|said nothing}. «{Eat well, sleep well, and look again next year|Do not be
  sad, for nobody stays small},» said [G.n].
| «{I will always be taller than you|Nobody will ever be taller than I},» said [O.n]. «{Who
  knows|Wait and see},» said [G.n].
| «{Is it bad to be small|Will I always be the smallest}?» asked [R.n]. «{The cat is smaller than
  you, and nobody laughs at the cat|Trees are small too at first},» said [G.n]. «{Let us look again
  in a year|Wait a year}.»
| [R.n] {drank a big glass of milk|ate three bowls of soup} that evening. «{One more|It will help},»
  [R.he] said, and everyone laughed.
# A year went by. {They climbed trees, ate soup and slept.|Their trousers grew too short.} Then they
  stood at the [x] again, and again [G.n] took the [c] pencil.
| {The next spring|A year later} [G.n] {came with|looked for} the [c] pencil once more. One after
  the other they stood at the [x].
| {The year was over, and it was measuring day again.|Then measuring day came again.} «{Shoes
  off|Backs to the [x]},» said [G.n], and {took|looked for} the [c] pencil.
| Many things happened in that year. {Teeth fell out, and new ones came.|Shoes became too small.}
  When [G.n] called them to the [x] again, the [c] pencil {was shorter, but the children were
  not|had become short}.
!choose
+ «{Look at that|I can hardly believe it},» said [G.n]. Now [R.n] was the tallest! [O.n] was second,
  and [Q.n] was {third|the smallest}.
| And what did they see? [R.n] had grown by a whole hand. [R.n] was taller than [O.n], and [O.n] was
  taller than [Q.n].
| First came [O.n], then [Q.n], and then [R.n]. «{Stand still|Wait},» said [G.n], and {looked
  twice|measured again}. «It is true. [R.n] is the tallest, then comes [O.n], and then [Q.n].»
# «{Who was the smallest last year|And who was the smallest before}?» asked [R.n] {and laughed|with
  a smile}. «{You were|That was you},» said [O.n]. «{And now I must look up to you|And now you are
  the tallest}.»
| «Last year [O.n] was the tallest,» said [Q.n], «and now it is [R.n]. {Perhaps next year it will be
  me.|And next year?}» «{Who knows|Wait and see},» said [G.n]{, and laughed|}.
!fact [R.n] / who is the tallest now / I am
!fact [O.n] / who was the tallest last year / [O.n]
!fact / who is the smallest now / [Q.n]
!or
+ [O.n] was still the tallest. But now [R.n] was taller than [Q.n]!
| The highest line was [O.ns] again. But the second was [R.ns], and the lowest was [Q.ns].
| «On top is [O.n], as before,» said [G.n]. «But look: now [R.n] is in the middle, and [Q.n] is at
  the bottom.»
# «{Two places changed|You have passed me},» said [Q.n] to [R.n]. «{Last year I was taller than
  you|Last year you were the smallest}.» «{And next year I will pass [O.n]|Now I come after [O.n]},»
  said [R.n].
| «{So who is the smallest now|And the smallest}?» asked [O.n]. «{I am|Me},» said [Q.n], «{but I run
  the fastest|but not for long}.»
!fact [O.n] / who is the tallest / [O.n]
!fact [Q.n] / who is the smallest now / [Q.n]
!fact / who was the smallest last year / I was
!end
? The [c] lines are still there, on the [x].
| The lines stayed on the [x]{, and every year there were more of them|}.
!close R 0.5
)";

constexpr StoryPlot kPlots[] = {{"garden year", kGardenYear},
                                {"snowman", kSnowman},
                                {"bottle", kBottle},
                                {"collection", kCollection},
                                {"measuring", kMeasuring}};

}  // namespace

std::span<const StoryPlot> plots_of_seasons() { return kPlots; }

}  // namespace octavo
