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
!end
!pick x beside the old wall / behind the shed / by the gate / next to the well / under the kitchen
  window / near the hen house
!pick n four / five / six / seven / eight
!title The [s] seed / From spring to autumn / [A.ns] garden / One seed
!open A
# In spring [G.n] gave [A.o] a [s] seed. «{Plant it|Put it in the earth}, {give it water|water it
  well}, and {wait|be patient},» [G.he] said.
| [A] got a [s] seed from [G.n] in spring. It was {so small that it nearly got lost|no bigger than a
  fingernail}.
| «{What is that|Is that a stone}?» asked [A.n] one spring day. «A [s] seed,» said [G.n]. «{It is
  yours|Take it}. {Everything is already in it|It needs only earth, water and time}.»
+ [A] {dug a hole|made a little hole} [x] and {put|planted} the seed there.
| [A] planted it [x], where {the sun shone all day|the earth was soft and dark}.
| After looking for the best place, [A] planted the seed [x].
+ Every {morning|evening} [A.he] gave it water. {For a long time nothing happened.|Day after day
  there was only brown earth.} «{Is it dead|Will it ever grow}?» {thought [A.n]|[A.he] asked}.
  «{Wait|Be patient},» said [G.n].
| [A] watered it {every day|and watched}. {A week went by, and then another.|There was nothing to
  see.} «{Is it asleep|When will it come}?» [A.he] asked. «{Soon|Give it time},» said [G.n].
# Then, one morning, {a green tip looked out of the earth|there was a little green leaf}. [A] {ran
  to tell [G.o]|danced with joy}.
| After three weeks {something green|a small green point} came out of the earth. «{It lives|There it
  is}!» {cried|called} [A.n].
!choose
+ In summer it was very dry. {The leaves hung down.|The plant grew weak.} So [A.n] carried water
  from the {well|river}, bucket after bucket, and the plant {lived|stood up again}.
!or
+ In summer the snails came and {ate|wanted to eat} the leaves. [A] {picked them off one by
  one|carried them to the meadow}, and the plant {lived|grew on}.
!or
+ In summer a goat got into the garden. [A] {chased it away just in time|saw it just in time} and
  built a {small|strong} fence around the plant.
!or
+ In summer a storm broke the plant {almost in two|on one side}. [A] tied it to a stick with {a
  ribbon|a string}, and {it healed|it lived}.
!end
+ It grew {higher and higher|and grew}, until it was [g].
| By {the end of summer|August} it was [g].
# In autumn there were [n] [f] [x]! «[n] [f] from one seed!» said [G.n].
| And in autumn [A] {counted|picked} them: [n] [f], all from one small seed.
| When the leaves fell, [A] could {count|pick} [n] [f]. «{And it all began with one seed|So much
  from one seed},» said [G.n].
+ [A] gave one to [B.n], one to [C.n], and {the rest went into the kitchen|kept the rest for
  winter}. {They all|Everyone} said that {nothing had ever tasted so good|it was the best that
  year}.
| One was for [B.n], one for [C.n], and the others {were for the winter|were eaten at home}.
+ But [A] kept {a few seeds|one seed} in a {box|paper bag}, and when spring came again, [A.he] went
  out and planted something [x].
| [A.n] kept {the best seeds|some seeds} for the next spring. And {where did they go into the
  earth|where do you think they were planted}? [x], {of course|where else}.
| The next spring [A] gave a [s] seed to a small child next door. «{Plant it|Put it in the earth},»
  [A.he] said, «{and be patient|and wait}. Mine grew [x].»
!fact [x] / where did it grow / [x]
!fact [s] / what did you plant / a [s] seed
)";

// Who gave what to the snowman; in spring the things lie in the grass.
constexpr std::string_view kSnowman = R"(
!child A B
!kin G
!pair P A B
!season winter
!pick c red / blue / green / yellow / purple
!pick h hat / cap
!pick d gray / white / brown / orange
!pick e two black buttons / two round stones / two pieces of coal / two nuts
!pick i in the yard / in front of the school / beside the barn / next to the well / at the end of
  the road
!pick z Old Frost / Uncle Ice / Captain Snow / King Cold / Grandfather Winter
!title The snowman / [z] / A man of snow
+ It had snowed {all night|for three days}, and {the village was white|everything was white and
  still}. «{Let us make|We will make} a snowman!» said [A.n] to [B.n].
| When [A.n] looked out of the window one winter morning, everything was white. [A.he] ran to get
  [B.n]. «{Come out|Come quickly}! We can make a snowman!»
| «Snow!» cried [A.n]. «{At last|Look, [B.n]}!» The two {put on their boots|could hardly wait} and
  {ran out|went outside}.
+ They {rolled|made} three big balls of snow [i] and put one on top of the other.
| They rolled the snow into balls, a big one, a smaller one and a small one, and built a snowman
  [i].
| [i] the snow was deep and soft. They {rolled|pushed} and lifted, and soon there stood a snowman.
# «A snowman needs a {face|nose},» said [B.n], and brought a carrot and [e].
| [B.n] ran home and came back with a carrot for the nose and [e] for the eyes.
| «{But it cannot see|Now the eyes},» said [A.n]. [B.n] had [e], and a carrot for the nose.
+ [A.n] gave the snowman an old [c] [h] that had {belonged to|come from} [G.n], and {[B.n] put|they
  tied} a [d] scarf around the neck.
| «It must be cold without clothes,» said [A.n], and {fetched|brought} a [c] [h] from [G.n] and a
  [d] scarf.
# «{What shall we call it|What is its name}?» asked [B.n]. «[z],» said [A.n].
| «Every snowman must have a name,» said [B.n]. «{Then its name is|This is} [z],» said [A.n].
| They {named|called} the snowman [z]{, because it was so very cold that day|, and [G.n] laughed at
  the name}.
# All winter [z] {stood [i]|kept watch [i]}. {Birds sat on the [c] [h].|People said good morning as
  they went by.|The children told [z] all their secrets.}
| Week after week [z] {stood there|looked down the road} with the [c] [h] and the [d] scarf.
+ Then {the days grew warm|the spring sun came}. Every day [z] grew {smaller|a little thinner}, and
  one morning there was {only water|no more snow}.
| But in March {it rained|a warm wind blew}, and one morning [z] was gone.
!feel A sad
# In the wet grass [i] lay the [c] [h], the [d] scarf and [e]. {A rabbit had eaten the carrot.|Only
  the carrot was gone, for a rabbit had been there.}
| What was left of [z]? The [c] [h], the [d] scarf, and [e] in the grass. {And the carrot?|But no
  carrot.} A fat rabbit sat {under the hedge|not far away}.
# «We will keep {them|the things} in a box,» said [B.n], «{and when the snow comes back, [z] will
  come back too|until next winter}.»
| «[z] has only gone {away|north},» said [B.n]. «{Next winter we will need|We must keep} the [c] [h]
  and the [d] scarf.»
? And so it was. When the first snow fell, they opened the box, and soon [z] {stood [i] again|was
  back}.
| They put everything into a box, and on the box [A] wrote: «[z].»
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
+ A [o] went into the bottle as well. Then [A] {closed the bottle well|put in the cork} and {threw
  the bottle into|let the bottle go on} the river.
| Then [A] put in a [o], {pushed in the cork|put the cork in} and {gave the bottle to the
  river|threw the bottle into the water}.
+ The bottle {turned around twice|danced on the water} and {swam away|was soon out of sight}.
| [A] {looked after it|waved} until it {was gone|went around the bend}.
!later
# Far down the river lived [B.n]. {One morning|Some days later} [B.n] {saw something [c] in the
  reeds|was fishing and caught a [c] bottle}. There was a [o] in it, and a letter. «I want to [v],»
  [B.n] read {aloud|slowly}.
| {Three days later|A week later}, a [c] bottle lay {in the sand|between two stones}, far away.
  [B.n] {found it|picked it up}, took out the [o], and read: «I live near the [h]. I want to [v].»
+ «{So do I|I can do that}!» said [B.n]. [B.he] {looked at the map|asked the fishers}. «Near the
  [h]. {That is only an hour from here|I will find it}!»
| «Near the [h],» thought [B.n]. «{I know where that is|My uncle goes there every week}.»
# {So one Sunday|On the next fine day} there was a knock at [A.ns] door. There stood {somebody|a
  child} that [A.he] had never seen, with a [c] bottle. «{I am looking for [A.n]|You must be
  [A.n]},» [say>B]. «I am [B.n]. I have {come to answer|brought your bottle back}.»
| {Some days later|On Sunday} [A] {was sitting|sat} on the step when somebody came up the road.
  «{This must be the house near the [h]|I am looking for [A.n]},» said a {voice|friendly voice}.
  «{My name is [B.n], and|I am [B.n], and} this is yours.» It was the [o]!
+ «{You found it|You read it}!» {cried|said} [A.n]. «{Yes|I did},» said [B.n], «and if you still
  want to [v], {we can do it together|come with me}.»
| «{And what do you want|And what do you wish for}?» asked [A.n]. «To [v], {just like you|the same
  as you},» said [B.n]. «{We could|Let us} do it together.»
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
+ [O.n] was taller than [Q.n], and [Q.n] was taller than [R.n].
| The highest line was [O.ns]. Under it came [Q.ns], and the lowest was [R.ns].
| «[O.n] is the tallest,» said [G.n]. «Then comes [Q.n], and then [R.n].»
# «{So I am the smallest|I am the smallest of all},» said [R.n] {sadly|and looked at the lowest
  line}. «{The small one today may be the tall one tomorrow|Wait a year},» said [G.n].
| [R.n] {did not like that|said nothing}. «{Eat well, sleep well, and look again next year|Do not be
  sad, for nobody stays small},» said [G.n].
| «{I will always be taller than you|Nobody will ever be taller than I},» said [O.n]. «{Who
  knows|Wait and see},» said [G.n].
# A year went by. {They climbed trees, ate soup and slept.|Their trousers grew too short.} Then they
  stood at the [x] again, and again [G.n] took the [c] pencil.
| {The next spring|A year later} [G.n] {came with|looked for} the [c] pencil once more. One after
  the other they stood at the [x].
!choose
+ «{Look at that|I can hardly believe it},» said [G.n]. Now [R.n] was the tallest! [O.n] was second,
  and [Q.n] was {third|the smallest}.
| And what did they see? [R.n] had grown by a whole hand. [R.n] was taller than [O.n], and [O.n] was
  taller than [Q.n].
# «{Who was the smallest last year|And who was the smallest before}?» asked [R.n] {and laughed|with
  a smile}. «{You were|That was you},» said [O.n]. «{And now I must look up to you|And now you are
  the tallest}.»
| «Last year [O.n] was the tallest,» said [Q.n], «and now it is [R.n]. {Perhaps next year it will be
  me.|And next year?}» «{Who knows|Wait and see},» said [G.n]{, and laughed|}.
!fact [R.n] / who is the tallest now / [R.n]
!fact [O.n] / who was the tallest last year / [O.n]
!fact / who is the smallest now / [Q.n]
!or
+ [O.n] was still the tallest. But now [R.n] was taller than [Q.n]!
| The highest line was [O.ns] again. But the second was [R.ns], and the lowest was [Q.ns].
# «{Two places changed|You have passed me},» said [Q.n] to [R.n]. «{Last year I was taller than
  you|Last year you were the smallest}.» «{And next year I will pass [O.n]|Now I come after [O.n]},»
  said [R.n].
| «{So who is the smallest now|And the smallest}?» asked [O.n]. «{I am|Me},» said [Q.n], «{but I run
  the fastest|but not for long}.»
!fact [O.n] / who is the tallest / [O.n]
!fact [Q.n] / who is the smallest now / [Q.n]
!fact / who was the smallest last year / [R.n]
!end
? The [c] lines are still there, on the [x].
| The lines stayed on the [x]{, and every year there were more of them|}.
!close R 0.5
)";

constexpr Plot kPlots[] = {{"garden year", kGardenYear},
                           {"snowman", kSnowman},
                           {"bottle", kBottle},
                           {"collection", kCollection},
                           {"measuring", kMeasuring}};

}  // namespace

std::span<const Plot> plots_of_seasons() { return kPlots; }

}  // namespace octavo
